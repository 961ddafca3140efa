// Only `annexa serve` adds this to a page, and never to what is built. It hears from the server when there is a new edition and loads it at the place that
// was being read; below the page it shows whose page this is, and what is wrong. All that comes from the manual is set as text.
(function () {
  "use strict";

  const script = document.currentScript;
  const own = script.dataset;
  const folder = script.src.slice(0, script.src.lastIndexOf("/") + 1);
  const PLACE = "annexa-preview-place";
  const CLOSED = "annexa-preview-closed";

  // ---- what a reload must not lose

  function store(key, value) {
    try { sessionStorage.setItem(key, value); } catch (blocked) { /* the place is lost, and nothing else */ }
  }
  function stored(key) {
    try { return sessionStorage.getItem(key); } catch (blocked) { return null; }
  }

  // Every element that opens, by what its summary says and the how many-th of those it is.
  function opening() {
    const seen = {};
    return Array.from(document.querySelectorAll("details"), function (element) {
      const summary = element.querySelector("summary");
      const words = summary ? summary.textContent.trim() : "";
      seen[words] = (seen[words] || 0) + 1;
      return { element: element, key: words + "#" + seen[words] };
    });
  }

  // The last thing with a name above the middle of the window, and where it stands: what is written above it moves it, and the reader with it.
  function anchor() {
    let found = null;
    for (const element of document.querySelectorAll("main [id]")) {
      const top = element.getBoundingClientRect().top;
      if (top > window.innerHeight / 2) break;
      if (element.getClientRects().length) found = { id: element.id, top: top };
    }
    return found;
  }

  function keepPlace() {
    const open = {};
    opening().forEach(function (one) { open[one.key] = one.element.open; });
    const focus = document.activeElement && document.activeElement.id;
    store(PLACE, JSON.stringify({ page: location.href, y: window.scrollY, anchor: anchor(), open: open, focus: focus || null }));
    history.scrollRestoration = "manual";
  }

  function findPlace() {
    const kept = stored(PLACE);
    if (!kept) return;
    try { sessionStorage.removeItem(PLACE); } catch (blocked) { return; }
    const place = JSON.parse(kept);
    if (place.page !== location.href) return;
    opening().forEach(function (one) { if (one.key in place.open) one.element.open = place.open[one.key]; });
    const focus = place.focus && document.getElementById(place.focus);
    if (focus) focus.focus({ preventScroll: true });
    window.scrollTo({ top: place.y, behavior: "instant" });
    const element = place.anchor && document.getElementById(place.anchor.id);
    if (element) window.scrollBy({ top: element.getBoundingClientRect().top - place.anchor.top, behavior: "instant" });
    history.scrollRestoration = "auto";
  }
  if (document.readyState === "complete") findPlace();
  else window.addEventListener("load", function () { requestAnimationFrame(findPlace); });

  // ---- the bar below the page

  function make(name, className, text) {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  }

  const host = make("div");
  const root = host.attachShadow({ mode: "open" });
  const sheet = make("link");
  sheet.rel = "stylesheet";
  sheet.href = folder + "preview.css";
  host.hidden = true;
  sheet.onload = function () { host.hidden = false; room(); };
  const panel = make("section", "findings");
  panel.id = "findings";
  panel.hidden = true;
  panel.setAttribute("aria-label", "Findings");
  const bar = make("section", "bar");
  bar.setAttribute("aria-label", "Preview");
  const audiences = make("nav", "audiences");
  audiences.setAttribute("aria-label", "Pages for");
  const pdf = make("a", "pdf", "PDF");
  pdf.target = "_blank";
  pdf.hidden = !own.pdf;
  pdf.title = "Set this as a PDF and show it";
  const button = make("button", "count");
  button.type = "button";
  button.setAttribute("aria-controls", "findings");
  const status = make("p", "status");
  status.setAttribute("role", "status");
  bar.append(make("span", "name", "Preview"), audiences, pdf, button, status);
  root.append(sheet, panel, bar);
  document.body.append(host);

  // What the bar covers, the page gets below its end.
  function room() { document.body.style.marginBlockEnd = bar.offsetHeight + "px"; }
  window.addEventListener("resize", room);

  // The PDF opens at the section that is being read.
  pdf.addEventListener("pointerdown", aim);
  pdf.addEventListener("focus", aim);
  function aim() {
    let section = "";
    for (const heading of document.querySelectorAll("main :is(h2, h3)[id]")) {
      if (heading.getBoundingClientRect().top > window.innerHeight / 3) break;
      // What a page adds after the text has no place on paper.
      if (!heading.id.startsWith("part:")) section = "#" + heading.id;
    }
    pdf.href = own.pdf + (own.document ? "#nameddest=" + encodeURIComponent(own.document + section) : "");
  }
  if (own.pdf) aim();

  function showAudiences(names) {
    audiences.replaceChildren.apply(audiences, names.map(function (name) {
      const link = make("a", "", name);
      link.href = "/" + encodeURIComponent(name) + "/" + own.page.split("/").map(encodeURIComponent).join("/");
      if (name === own.audience) link.setAttribute("aria-current", "true");
      return link;
    }));
  }

  function showFindings(told) {
    const count = told.counts;
    const words = [[count.errors, "error"], [count.warnings, "warning"], [count.notes, "note"]]
      .filter(function (one) { return one[0]; })
      .map(function (one) { return one[0] + " " + one[1] + (one[0] === 1 ? "" : "s"); });
    button.textContent = words.join(", ") || (told.checked ? "No findings" : "Checking");
    button.disabled = !words.length;
    button.dataset.severity = count.errors ? "error" : count.warnings ? "warning" : "";
    const head = make("header");
    head.append(make("h2", "", told.broken ? "The pages are as they were: the sources cannot be shown" : "Findings"));
    const close = make("button", "close", "Close");
    close.type = "button";
    close.onclick = function () { open(false); store(CLOSED, signature); button.focus(); };
    head.append(close);
    const list = make("ol");
    told.findings.forEach(function (finding) {
      const item = make("li");
      item.dataset.severity = finding.severity;
      const line = make("p", "message");
      line.append(make("strong", "", finding.severity), " " + finding.message + " ", make("code", "", finding.code));
      item.append(line);
      if (finding.place) item.append(make("p", "place", finding.place + (finding.label ? ": " + finding.label : "")));
      finding.help.forEach(function (help) { item.append(make("p", "help", help)); });
      list.append(item);
    });
    const more = count.errors + count.warnings + count.notes - told.findings.length;
    panel.replaceChildren(head, list);
    if (more > 0) panel.append(make("p", "more", "And " + more + " more: the terminal has all."));
    // Errors show themselves, once; whoever closes them has seen them.
    const errors = told.findings.filter(function (finding) { return finding.severity === "error"; });
    const signature = JSON.stringify(errors.map(function (finding) { return [finding.code, finding.message]; }));
    if (!words.length || (!errors.length && panel.dataset.opened !== "true")) open(false);
    else if (errors.length && stored(CLOSED) !== signature) open(true);
  }

  function open(yes) {
    panel.hidden = !yes;
    button.setAttribute("aria-expanded", String(yes));
  }
  button.onclick = function () {
    open(panel.hidden);
    panel.dataset.opened = String(!panel.hidden);
  };
  root.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && !panel.hidden) { open(false); button.focus(); }
  });

  // ---- news

  let source = null;
  function listen() {
    if (source) return;
    source = new EventSource(folder + "events");
    source.onmessage = function (event) {
      const told = JSON.parse(event.data);
      status.textContent = "";
      if (String(told.edition) !== own.edition) {
        keepPlace();
        location.reload();
        return;
      }
      showAudiences(told.audiences);
      showFindings(told);
      room();
    };
    source.onerror = function () {
      status.textContent = "The preview has ended, or is not heard.";
      if (source && source.readyState === EventSource.CLOSED) {
        source = null;
        setTimeout(function () { if (!document.hidden) listen(); }, 1000);
      }
    };
  }
  function hush() {
    if (source) source.close();
    source = null;
  }
  // A browser opens six connections to a server: a page that nobody sees leaves them to others, and hears the news when it is seen again.
  document.addEventListener("visibilitychange", function () { if (document.hidden) hush(); else listen(); });
  window.addEventListener("pagehide", hush);
  window.addEventListener("pageshow", function () { if (!document.hidden) listen(); });
  if (!document.hidden) listen();
})();
