// The search box of every page. What finds (search/find.js) is loaded when the box is first used.
(function () {
  "use strict";

  const box = document.getElementById("page:search");
  if (!box) return;
  const form = box.form;
  const script = document.currentScript.src;
  const assets = script.slice(0, script.lastIndexOf("/") + 1);
  const MOST = 8;

  let engine = null;
  function load() {
    if (window.annexaSearch) return Promise.resolve(window.annexaSearch);
    engine = engine || new Promise(function (done, failed) {
      const element = document.createElement("script");
      element.src = assets + "search/find.js";
      element.onload = function () { done(window.annexaSearch); };
      element.onerror = failed;
      document.head.append(element);
    });
    engine.catch(function () { engine = null; });
    return engine;
  }

  function make(name, className, text) {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  }

  // ---- the list under the box: a combobox (WAI-ARIA Authoring Practices)

  const list = make("div", "found");
  list.id = "found:list";
  list.setAttribute("role", "listbox");
  list.hidden = true;
  const status = make("p", "hidden");
  status.setAttribute("role", "status");
  form.append(list, status);
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-expanded", "false");
  box.setAttribute("aria-controls", list.id);
  const key = form.querySelector(".search-key");
  if (key) key.hidden = false;

  let options = [];
  let active = -1;
  let asked = 0;
  let timer = 0;
  let saying = 0;

  function close() {
    list.hidden = true;
    active = -1;
    asked++;
    clearTimeout(timer);
    clearTimeout(saying);
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  }

  function choose(next) {
    if (options[active]) options[active].setAttribute("aria-selected", "false");
    active = next;
    if (!options[active]) { box.removeAttribute("aria-activedescendant"); return; }
    options[active].setAttribute("aria-selected", "true");
    options[active].scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", options[active].id);
  }

  function option(href) {
    const made = make("div");
    made.id = "found:" + options.length;
    made.setAttribute("role", "option");
    made.setAttribute("aria-selected", "false");
    made.dataset.href = href;
    options.push(made);
    list.append(made);
    return made;
  }

  async function show() {
    const query = box.value.trim();
    if (!query) { close(); return; }
    const own = ++asked;
    try {
      const search = await load();
      const result = await search.find(query);
      const found = await search.shown(result.top, result.found.slice(0, MOST));
      if (own !== asked) return;
      fill(search, result, found, query);
    } catch (error) {
      if (own !== asked) return;
      list.textContent = "";
      options = [];
      list.append(make("div", "nothing", form.getAttribute("data-failed")));
      appear();
    }
  }

  function fill(search, result, found, query) {
    const top = result.top;
    options = [];
    active = -1;
    list.textContent = "";
    list.setAttribute("aria-label", search.say(top, "Found"));
    found.forEach(function (one) {
      const made = option(one.href);
      const title = make("span", "found-title");
      if (one.id) title.append(make("span", "id", one.id), " ");
      title.append(one.title);
      made.append(title, " ");
      if (one.where) made.append(make("span", "where", one.where), " ");
      made.append(make("span", "kind", one.kind.title));
    });
    const count = result.found.length;
    const said = count ? search.say(top, count === 1 ? "{n} result" : "{n} results", { n: count }) : search.say(top, "Nothing found.");
    if (count) {
      const all = option(form.action + "?q=" + encodeURIComponent(query));
      all.className = "all";
      all.append(search.say(top, "All results") + " (" + count + ")");
    } else {
      list.append(make("div", "nothing", said));
    }
    appear();
    // Said once the typing rests.
    clearTimeout(saying);
    saying = setTimeout(function () { status.textContent = said; }, 700);
  }

  function appear() {
    list.hidden = false;
    box.setAttribute("aria-expanded", "true");
    box.removeAttribute("aria-activedescendant");
  }

  function go(href) {
    close();
    location.href = href;
  }

  box.addEventListener("focus", function () { load().then(function (search) { return search.open(); }).catch(function () {}); });
  box.addEventListener("input", function () {
    clearTimeout(timer);
    timer = setTimeout(show, 120);
  });
  box.addEventListener("keydown", function (event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) { show(); return; }
      const next = active + (event.key === "ArrowDown" ? 1 : -1);
      choose(next < -1 ? options.length - 1 : next >= options.length ? -1 : next);
    } else if (event.key === "Enter" && options[active]) {
      event.preventDefault();
      go(options[active].dataset.href);
    } else if (event.key === "Escape") {
      if (list.hidden) { box.value = ""; return; }
      event.preventDefault();
      close();
    }
  });
  list.addEventListener("mousedown", function (event) { event.preventDefault(); });
  list.addEventListener("click", function (event) {
    const chosen = event.target.closest("[role=option]");
    if (chosen) go(chosen.dataset.href);
  });
  box.addEventListener("blur", close);
  document.addEventListener("keydown", function (event) {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = document.activeElement;
    if (at && (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName))) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
})();
