// Tables that are narrowed by words and choices, and ordered by a column. Without this script they read as they are written.
(function () {
  "use strict";

  var tools = document.querySelector(".tools");
  var tables = Array.prototype.slice.call(document.querySelectorAll("table[data-tools]"));
  if (!tools || !tables.length) return;
  var words = tools.querySelector("input[type=search]");
  var order = tools.querySelector("select");
  var shown = tools.querySelector(".shown");
  var collator = new Intl.Collator(document.documentElement.lang || undefined, { numeric: true });
  // The largest number of values that a column may have to be chosen from, and how long they may be.
  var CHOICES = 8, LENGTH = 32;

  function text(element) { return element.textContent.replace(/\s+/g, " ").trim(); }

  // What a cell is ordered by: its date, its figure, or its words; nothing comes last.
  function key(cell) {
    if (!cell) return "";
    var time = cell.querySelector("time");
    return time ? time.dateTime : text(cell);
  }

  // What a cell is chosen by: its state, or its words.
  function value(cell) { return text((cell && cell.querySelector(".state")) || cell); }

  // A row of a register is a body of its own, with a second line for what needs sentences.
  var rows = [];
  tables.forEach(function (table) {
    var found = table.querySelectorAll("tbody.row");
    if (!found.length) found = table.querySelectorAll("tbody > tr");
    Array.prototype.forEach.call(found, function (element, place) {
      var line = element.cells ? element : element.rows[0];
      rows.push({ element: element, place: place, table: table, cells: line.cells, words: text(element).toLowerCase() });
    });
  });
  var heads = Array.prototype.slice.call(tables[0].tHead.rows[0].cells);
  var choices = [];
  var column = null, direction = 1;
  // Where rows are blocks, their heads are out of sight: the list of orders takes their place.
  var stacked = window.matchMedia("(max-width: 56rem)");
  var buttons = [];

  function narrow() {
    var asked = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    var left = 0;
    rows.forEach(function (row) {
      var fits = asked.every(function (word) { return row.words.indexOf(word) >= 0; })
        && choices.every(function (choice) { return !choice.select.value || value(row.cells[choice.column] || row.element) === choice.select.value; });
      row.element.hidden = !fits;
      if (fits) left += 1;
    });
    tables.forEach(function (table) {
      var around = table.closest("section[aria-labelledby]");
      if (tables.length > 1 && around) around.hidden = !rows.some(function (row) { return row.table === table && !row.element.hidden; });
    });
    shown.textContent = left === rows.length ? "" : shown.dataset.words.replace("{n}", left).replace("{all}", rows.length);
  }

  function arrange() {
    var sorted = rows.slice().sort(function (a, b) {
      if (column === null) return a.place - b.place;
      var one = key(a.cells[column]), other = key(b.cells[column]);
      if (!one !== !other) return one ? -1 : 1;
      return direction * collator.compare(one, other) || a.place - b.place;
    });
    sorted.forEach(function (row) { row.element.parentNode.append(row.element); });
    tables.forEach(function (table) {
      Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, index) {
        if (index === column) head.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
        else head.removeAttribute("aria-sort");
      });
    });
    order.value = column === null ? "" : column + (direction > 0 ? "" : " down");
  }

  // First upwards, then downwards, then as written.
  function turn(index) {
    if (column !== index) { column = index; direction = 1; }
    else if (direction > 0) direction = -1;
    else column = null;
    arrange();
  }

  tables.forEach(function (table) {
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, index) {
      var button = document.createElement("button");
      button.type = "button";
      button.append.apply(button, Array.prototype.slice.call(head.childNodes));
      button.addEventListener("click", function () { turn(index); });
      head.append(button);
      buttons.push(button);
    });
  });
  function reach() { buttons.forEach(function (button) { button.tabIndex = stacked.matches ? -1 : 0; }); }
  stacked.addEventListener("change", reach);
  reach();
  heads.forEach(function (head, index) {
    [["", "↑"], [" down", "↓"]].forEach(function (way) { order.add(new Option(text(head) + " " + way[1], index + way[0])); });
    var values = [];
    rows.forEach(function (row) {
      var cell = row.cells[index], said = cell && cell.tagName === "TD" ? value(cell) : "";
      if (said && values.indexOf(said) < 0) values.push(said);
    });
    var first = rows[0] && rows[0].cells[index];
    var fits = values.length > 1 && values.length <= CHOICES && values.length < rows.length && values.every(function (said) { return said.length <= LENGTH; });
    if (!fits || !first || first.tagName !== "TD" || first.classList.contains("figure") || tables.some(function (table) { return table.querySelector("tbody td:nth-child(" + (index + 1) + ") time"); })) return;
    var place = document.createElement("p"), label = document.createElement("label"), select = document.createElement("select");
    select.id = "page:choice-" + index;
    label.htmlFor = select.id;
    label.textContent = text(head);
    select.add(new Option(tools.dataset.all, ""));
    values.sort(collator.compare).forEach(function (said) { select.add(new Option(said, said)); });
    place.append(label, " ", select);
    tools.insertBefore(place, order.parentNode);
    choices.push({ column: index, select: select });
  });

  tools.hidden = false;
  tools.addEventListener("submit", function (event) { event.preventDefault(); });
  tools.addEventListener("input", function (event) {
    if (event.target.type === "checkbox") tables.forEach(function (table) { table.classList.toggle("folded", !event.target.checked); });
    else if (event.target !== order) narrow();
    else {
      column = order.value === "" ? null : parseInt(order.value, 10);
      direction = / down$/.test(order.value) ? -1 : 1;
      arrange();
    }
  });
  // A browser that goes back fills in what was written.
  if (words.value) narrow();
})();
