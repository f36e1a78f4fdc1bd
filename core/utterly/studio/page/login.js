// Says that the password was wrong: the server only marks the address.

if (new URLSearchParams(location.search).has("wrong")) {
  document.getElementById("wrong").textContent = "That is not the password.";
}
