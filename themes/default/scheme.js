// Light or dark as the reader chose last. Runs before anything is painted, so that nothing flashes.
(function () {
  "use strict";
  // What a script will show keeps its place meanwhile.
  document.documentElement.classList.add("scripted");
  try {
    var chosen = localStorage.getItem("annexa-scheme");
    if (chosen === "light" || chosen === "dark") document.documentElement.setAttribute("data-scheme", chosen);
  } catch (blocked) { /* storage is closed to this page: the system's choice holds */ }
})();
