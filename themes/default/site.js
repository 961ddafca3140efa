// What a page gains from JavaScript besides search: the switch of colours, contents that follow the reader, marks on dates that have passed.
(function () {
  "use strict";

  var root = document.documentElement;
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  var button = document.querySelector(".scheme");

  function isDark() {
    var chosen = root.getAttribute("data-scheme");
    return chosen ? chosen === "dark" : dark.matches;
  }
  function show() { button.setAttribute("aria-pressed", String(isDark())); }

  if (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      var next = isDark() ? "light" : "dark";
      // The system's own choice needs no memory: later changes of it are followed again.
      var same = (next === "dark") === dark.matches;
      if (same) root.removeAttribute("data-scheme"); else root.setAttribute("data-scheme", next);
      try {
        if (same) localStorage.removeItem("annexa-scheme"); else localStorage.setItem("annexa-scheme", next);
      } catch (blocked) { /* the choice holds for this page */ }
      show();
    });
    dark.addEventListener("change", show);
    show();
  }

  // What is wider than its place can be scrolled by keyboard, and says what it is.
  function reach() {
    document.querySelectorAll("[data-scroll]").forEach(function (element) {
      // What is folded away has no width, and asking for it would lay it out.
      if (element.closest("details:not([open])")) return;
      if (element.scrollWidth > element.clientWidth) {
        element.tabIndex = 0;
        element.setAttribute("role", "region");
        element.setAttribute("aria-label", element.dataset.scroll);
      } else {
        element.removeAttribute("tabindex");
        element.removeAttribute("role");
        element.removeAttribute("aria-label");
      }
    });
  }
  requestAnimationFrame(reach);
  window.addEventListener("resize", reach);
  document.addEventListener("toggle", reach, true);

  // What an address names is open when the reader comes there, and paper has all.
  function reveal() {
    var named = document.querySelector(":target");
    var folded = named && named.closest("details.part");
    if (!folded || folded.open) return;
    folded.open = true;
    folded.scrollIntoView();
  }
  window.addEventListener("hashchange", reveal);
  window.addEventListener("load", reveal);
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details.part, details.affected").forEach(function (part) { part.open = true; });
  });

  // Where contents stand beside the text, they are open and show the section that is read.
  var contents = document.querySelector(".contents details");
  var beside = window.matchMedia("(min-width: 72rem)");
  function unfold() { contents.open = beside.matches; }
  if (contents) {
    beside.addEventListener("change", unfold);
    unfold();
    var links = Array.prototype.slice.call(contents.querySelectorAll("a"));
    var headings = links.map(function (link) { return document.getElementById(decodeURIComponent(link.hash.slice(1))); });
    var follow = function () {
      var at = -1;
      headings.forEach(function (heading, index) { if (heading && heading.getBoundingClientRect().top < innerHeight / 3) at = index; });
      links.forEach(function (link, index) {
        if (index === at) link.setAttribute("aria-current", "location"); else link.removeAttribute("aria-current");
      });
    };
    var waits = false;
    window.addEventListener("scroll", function () {
      if (waits || !beside.matches) return;
      waits = true;
      requestAnimationFrame(function () { waits = false; follow(); });
    }, { passive: true });
  }

  // A page states dates. Whether one has passed depends on the day it is read.
  var now = new Date();
  var today = [now.getFullYear(), ("0" + (now.getMonth() + 1)).slice(-2), ("0" + now.getDate()).slice(-2)].join("-");
  document.querySelectorAll("time[data-due]").forEach(function (time) {
    if (time.dateTime >= today) return;
    var mark = document.createElement("span");
    mark.className = "state overdue";
    mark.innerHTML = '<svg class="shape" viewBox="0 0 12 12" aria-hidden="true"><path d="M6 .8 11.6 11H.4z" fill="currentColor"/></svg>';
    mark.append(time.getAttribute("data-due") || "overdue");
    time.after(" ", mark);
  });
})();
