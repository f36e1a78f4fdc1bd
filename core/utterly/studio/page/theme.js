// Runs before anything is drawn, so that the page does not flash in the other colours.

{
  const THEMES = { system: "as the system", light: "light", dark: "dark" };
  const root = document.documentElement;
  const remembered = localStorage.getItem("theme");
  root.dataset.theme = remembered in THEMES ? remembered : "system";

  const show = (button) => {
    button.querySelector("span").textContent = `Theme: ${THEMES[root.dataset.theme]}`;
  };

  const change = (button) => {
    const names = Object.keys(THEMES);
    root.dataset.theme = names[(names.indexOf(root.dataset.theme) + 1) % names.length];
    localStorage.setItem("theme", root.dataset.theme);
    show(button);
  };

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    if (!button) return;
    show(button);
    button.addEventListener("click", () => change(button));
  });
}
