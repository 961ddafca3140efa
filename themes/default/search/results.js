// The page of results: what is asked for, and to which kind it is narrowed, stand in its address (?q=, &kind=).
(function () {
  "use strict";

  const results = document.getElementById("page:results");
  if (!results) return;
  const search = window.annexaSearch;
  const given = new URLSearchParams(location.search);
  const asked = (given.get("q") || "").trim();
  const wanted = given.get("kind");
  const box = document.getElementById("page:search");
  const MOST = 8;
  if (!asked) return;
  if (box) box.value = asked;
  document.title = asked + " | " + document.title;

  function make(name, className, text) {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  }

  function address(kind) { return "?q=" + encodeURIComponent(asked) + (kind ? "&kind=" + encodeURIComponent(kind) : ""); }

  // The kinds that were found, each a link that narrows the results to it, with how many there are.
  function facets(result, kind) {
    const top = result.top;
    const counts = top.kinds.map(function (one) {
      return result.found.filter(function (found) { return found.page >= one.first && found.page < one.end; }).length;
    });
    const nav = make("nav", "facets");
    nav.setAttribute("aria-label", search.say(top, "Narrow the results"));
    let items = make("ul"), group = "";
    function put(key, title, count) {
      const item = make("li"), link = make("a", "", title);
      link.href = address(key);
      if ((kind ? kind.key : "") === key) link.setAttribute("aria-current", "true");
      link.append(" ", make("span", "count", String(count)));
      item.append(link);
      items.append(item);
    }
    put("", search.say(top, "All kinds"), result.found.length);
    nav.append(items);
    top.kinds.forEach(function (one, at) {
      if (!counts[at] && one !== kind) return;
      if (one.group !== group) {
        group = one.group;
        items = make("ul");
        // A group of one kind needs no heading above the same word.
        if (one.group !== one.title) nav.append(make("p", "facet-group", one.group));
        nav.append(items);
      }
      put(one.key, one.title, counts[at]);
    });
    return nav;
  }

  async function more(result, found, items, button) {
    const from = items.childElementCount;
    const next = await search.shown(result.top, found.slice(from, from + MOST));
    const made = next.map(function (one) {
      const item = make("li"), link = make("a");
      link.href = one.href;
      if (one.id) link.append(make("span", "id", one.id), " ");
      link.append(one.title);
      const head = make("p", "result");
      head.append(link, " ", make("span", "kind", one.kind.title));
      item.append(head);
      if (one.where) link.append(" ", make("span", "where", one.where));
      const text = make("p", "excerpt");
      item.append(text);
      items.append(item);
      return [one, text];
    });
    button.hidden = items.childElementCount >= found.length;
    await Promise.all(made.map(async function (pair) {
      const pieces = await search.excerpt(pair[0], result.terms, 220);
      pieces.forEach(function (piece) { pair[1].append(piece[1] ? make("mark", "", piece[0]) : piece[0]); });
      if (!pair[1].textContent) pair[1].remove();
    }));
    return items.children[from];
  }

  async function show() {
    const result = await search.find(asked);
    const top = result.top;
    const kind = top.kinds.find(function (one) { return one.key === wanted; });
    const found = kind ? result.found.filter(function (one) { return one.page >= kind.first && one.page < kind.end; }) : result.found;
    const status = document.getElementById("page:count");
    status.textContent = search.say(top, found.length === 1 ? "{n} result for “{words}”" : "{n} results for “{words}”", { n: found.length, words: asked });
    result.spelled.forEach(function (pair) {
      const said = { typed: pair[0], found: pair[1].join(", ") };
      status.append(make("br"), search.say(top, "Nothing is written “{typed}” here; these hold “{found}”.", said));
    });
    if (result.some) status.append(make("br"), search.say(top, "No page holds all of these words; these hold some of them."));
    if (!result.found.length) return;
    const items = make("ol", "results");
    const button = make("button", "more", search.say(top, "More results"));
    button.type = "button";
    button.addEventListener("click", async function () {
      const first = await more(result, found, items, button);
      if (first) first.querySelector("a").focus();
    });
    const main = make("div", "results-list");
    main.append(items, button);
    results.append(facets(result, kind), main);
    await more(result, found, items, button);
  }

  show().catch(function () {
    document.getElementById("page:count").textContent = document.querySelector(".search").getAttribute("data-failed");
  });
})();
