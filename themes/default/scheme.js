// What must be known before anything is painted, so that nothing flashes or moves: light or dark as the reader chose last, and the faces of the text.
(function () {
  "use strict";
  // What a script will show keeps its place meanwhile.
  document.documentElement.classList.add("scripted");
  try {
    var chosen = localStorage.getItem("annexa-scheme");
    if (chosen === "light" || chosen === "dark") document.documentElement.setAttribute("data-scheme", chosen);
  } catch (blocked) { /* storage is closed to this page: the system's choice holds */ }

  // A browser asks for a face when it sets the first text in it; on a long page that is late. Not from a folder, where browsers refuse to fetch ahead.
  var script = document.currentScript;
  if (location.protocol === "file:" || !script.dataset.faces) return;
  script.dataset.faces.split(" ").forEach(function (file) {
    var link = document.createElement("link");
    link.rel = "preload";
    link.as = "font";
    link.type = "font/woff2";
    link.crossOrigin = "";
    link.href = new URL("fonts/" + file, script.src).href;
    document.head.append(link);
  });
})();
