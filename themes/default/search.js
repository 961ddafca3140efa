// Search in the browser, also from a disk. The index is a classic script that is loaded when the box is first used.
//
// An entry of window.annexaIndex.entries: [kind, id, title, href, text, [[heading, anchor], ...]]; kinds are named in window.annexaIndex.kinds.
(function () {
  "use strict";

  var box = document.getElementById("page:search");
  if (!box) return;
  var form = box.form;
  var script = document.currentScript.src;
  var root = script.slice(0, script.lastIndexOf("assets/"));
  var index = null;
  var waiting = null;

  // Words in the language of the manual, which the index brings along.
  function say(english, values) {
    var text = (index && index.data.words && index.data.words[english]) || english;
    return text.replace(/\{(\w+)\}/g, function (place, name) { return values && name in values ? values[name] : place; });
  }

  // ---- words

  function fold(text) { return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase(); }
  function words(text) { return fold(text).match(/[\p{L}\p{N}]+/gu) || []; }
  // POL-004, pol4 and pol-4 are one identifier; so are A.5.1 and a51.
  function bare(text) { return fold(text).replace(/[^\p{L}\p{N}]+/gu, ""); }
  function short(text) { return fold(text).replace(/(^|[^\p{N}])0+(?=\p{N})/gu, "$1").replace(/[^\p{L}\p{N}]+/gu, ""); }

  // Whether two words differ by one letter put in, left out or changed, or by two neighbours exchanged.
  function near(a, b) {
    if (Math.abs(a.length - b.length) > 1) return false;
    var i = 0;
    while (i < a.length && i < b.length && a[i] === b[i]) i++;
    var restA = a.slice(i), restB = b.slice(i);
    return restA.slice(1) === restB || restA === restB.slice(1) || restA.slice(1) === restB.slice(1) ||
      (restA.length > 1 && restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2));
  }

  // ---- the index

  function load(then) {
    if (index) { then(); return; }
    if (waiting) { waiting.push(then); return; }
    waiting = [then];
    var element = document.createElement("script");
    element.src = root + "assets/search-index.js";
    element.onload = function () {
      index = prepare(window.annexaIndex);
      var all = waiting; waiting = null;
      all.forEach(function (next) { next(); });
    };
    element.onerror = function () { waiting = null; };
    document.head.append(element);
  }

  // A vocabulary of words, each with the entries that hold it and how much it says there: title 8, heading 4, text 1.
  function prepare(data) {
    var vocabulary = new Map();
    function put(word, entry, weight) {
      var held = vocabulary.get(word);
      if (!held) vocabulary.set(word, held = new Map());
      if ((held.get(entry) || 0) < weight) held.set(entry, weight);
    }
    var ids = data.entries.map(function (entry, number) {
      words(entry[2]).forEach(function (word) { put(word, number, 8); });
      words(entry[4]).forEach(function (word) { put(word, number, 1); });
      entry[5].forEach(function (heading) { words(heading[0]).forEach(function (word) { put(word, number, 4); }); });
      return [bare(entry[1]), short(entry[1])];
    });
    return { data: data, ids: ids, vocabulary: vocabulary };
  }

  function find(query, most) {
    var scores = new Map();
    function add(entry, score) { scores.set(entry, (scores.get(entry) || 0) + score); }

    var terms = words(query);
    if (!terms.length) return [];
    terms.forEach(function (term, place) {
      var best = new Map();
      index.vocabulary.forEach(function (held, word) {
        var factor = word === term ? 1 : word.startsWith(term) ? 0.6 : term.length > 3 && near(term, word) ? 0.35 : 0;
        if (factor) held.forEach(function (weight, entry) { best.set(entry, Math.max(best.get(entry) || 0, weight * factor)); });
      });
      // Every word has to be found; the first term makes the list, each later one thins it.
      if (place === 0) best.forEach(function (score, entry) { add(entry, score); });
      else Array.from(scores.keys()).forEach(function (entry) {
        if (best.has(entry)) add(entry, best.get(entry)); else scores.delete(entry);
      });
    });

    // Identifiers come first: the very one, then those that begin or end with what was typed.
    var wanted = bare(query), wantedShort = short(query);
    index.ids.forEach(function (id, entry) {
      if (id[0] === wanted || id[1] === wantedShort) add(entry, 1000);
      else if (wanted.length > 1 && (id[0].startsWith(wanted) || id[1].startsWith(wantedShort))) add(entry, 200 - id[0].length);
      else if (wanted.length > 2 && (id[0].endsWith(wanted) || id[1].endsWith(wantedShort))) add(entry, 100);
    });

    return Array.from(scores).sort(function (a, b) { return b[1] - a[1] || a[0] - b[0]; }).slice(0, most)
      .map(function (pair) { return index.data.entries[pair[0]]; });
  }

  // The heading of an entry that a query means, if the title does not already say it.
  function section(entry, query) {
    var terms = words(query);
    var title = words(entry[2]);
    function holds(list, term) { return list.some(function (word) { return word.startsWith(term) || (term.length > 3 && near(term, word)); }); }
    if (terms.every(function (term) { return holds(title, term); })) return null;
    return entry[5].find(function (heading) {
      var list = words(heading[0]);
      return terms.some(function (term) { return holds(list, term) && !holds(title, term); });
    }) || null;
  }

  function grouped(entries) {
    var kinds = [];
    entries.forEach(function (entry) {
      var group = kinds.find(function (one) { return one.kind === entry[0]; });
      if (!group) kinds.push(group = { kind: entry[0], entries: [] });
      group.entries.push(entry);
    });
    return kinds;
  }

  function make(name, className, text) {
    var element = document.createElement(name);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  }

  function fill(element, entry, query) {
    element.append(make("span", "id", entry[1]), " ", entry[2]);
    var heading = section(entry, query);
    if (heading) element.append(make("span", "where", heading[0]));
    return root + entry[3] + (heading ? "#" + heading[1] : "");
  }

  // ---- the list under the box: a combobox

  var list = make("div", "found");
  list.id = "found:list";
  list.setAttribute("role", "listbox");
  list.hidden = true;
  form.append(list);
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-expanded", "false");
  box.setAttribute("aria-controls", list.id);
  var key = form.querySelector(".search-key");
  if (key) key.hidden = false;

  var options = [];
  var active = -1;

  function close() {
    list.hidden = true;
    active = -1;
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

  function show() {
    var query = box.value.trim();
    options = [];
    active = -1;
    list.textContent = "";
    list.setAttribute("aria-label", say("Found"));
    if (!query) { close(); return; }
    grouped(find(query, 12)).forEach(function (group, place) {
      var block = make("div");
      var title = make("div", "found-kind", index.data.kinds[group.kind]);
      title.id = "found:kind-" + place;
      block.setAttribute("role", "group");
      block.setAttribute("aria-labelledby", title.id);
      block.append(title);
      group.entries.forEach(function (entry) {
        var option = make("div");
        option.id = "found:" + options.length;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.href = fill(option, entry, query);
        options.push(option);
        block.append(option);
      });
      list.append(block);
    });
    if (!options.length) list.append(make("div", "nothing", say("Nothing found.")));
    list.hidden = false;
    box.setAttribute("aria-expanded", "true");
    box.removeAttribute("aria-activedescendant");
  }

  box.addEventListener("focus", function () { load(function () {}); });
  box.addEventListener("input", function () { load(show); });
  box.addEventListener("keydown", function (event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) { load(show); return; }
      var step = event.key === "ArrowDown" ? 1 : -1;
      var next = active + step;
      choose(next < -1 ? options.length - 1 : next >= options.length ? -1 : next);
    } else if (event.key === "Enter" && options[active]) {
      event.preventDefault();
      location.href = options[active].dataset.href;
      close();
    } else if (event.key === "Escape") {
      if (list.hidden) { box.value = ""; return; }
      event.preventDefault();
      close();
    }
  });
  list.addEventListener("mousedown", function (event) { event.preventDefault(); });
  list.addEventListener("click", function (event) {
    var option = event.target.closest("[role=option]");
    if (option) { location.href = option.dataset.href; close(); }
  });
  box.addEventListener("blur", close);
  document.addEventListener("keydown", function (event) {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    var at = document.activeElement;
    if (at && (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName))) return;
    event.preventDefault();
    box.focus();
    box.select();
  });

  // ---- the page of results

  var results = document.getElementById("page:results");
  var asked = results && new URLSearchParams(location.search).get("q");
  if (asked) {
    box.value = asked;
    load(function () {
      var found = find(asked, 200);
      results.append(make("p", "note", found.length === 1 ? say("{n} result for “{words}”", { n: 1, words: asked }) : say("{n} results for “{words}”", { n: found.length, words: asked })));
      grouped(found).forEach(function (group) {
        results.append(make("h2", "", index.data.kinds[group.kind]));
        var items = make("ul", "results");
        group.entries.forEach(function (entry) {
          var item = make("li"), link = make("a");
          link.href = fill(link, entry, asked);
          item.append(link);
          items.append(item);
        });
        results.append(items);
      });
    });
  }
})();
