// Runs before anything is drawn, so that the page does not flash in the other colours.

document.documentElement.dataset.theme = localStorage.getItem("theme") || "system";
