// Which releases there are is said in one file at the top, releases.js, so that published pages stay as they are. This script reads it: a
// line where a newer release is there, and a list that leads to the same page in the others.
(function () {
  "use strict";

  var place = document.querySelector(".release");
  var all = window.annexaReleases;
  if (!place || !all || !all.releases) return;
  var name = place.getAttribute("data-release");
  var root = place.getAttribute("data-root");
  var page = place.getAttribute("data-page");
  var own = Object.prototype.hasOwnProperty;

  // Whether a release has this page: told by page, or once for a folder.
  function has(index) {
    var folder = page.slice(0, page.lastIndexOf("/") + 1);
    var key = own.call(all.pages, page) ? page : folder;
    return own.call(all.pages, key) && all.pages[key].some(function (range) { return range[0] <= index && index <= range[1]; });
  }
  function words(key, release) {
    return place.getAttribute("data-" + key).replace("{name}", release.name).replace("{date}", release.date);
  }
  function link(text, href) {
    var a = document.createElement("a");
    a.href = href;
    a.textContent = text;
    return a;
  }

  var here = all.releases.filter(function (release) { return release.name === name; })[0];
  if (here && here.approval) {
    var approval = document.createElement("span");
    approval.textContent = here.approval;
    place.querySelector(".release-name").firstChild.after(approval);
  }

  var latest = all.latest;
  if (name && latest && name !== latest) {
    var at = all.releases.findIndex(function (release) { return release.name === latest; });
    var notice = document.createElement("p");
    notice.className = "notice";
    notice.append(words("newer", all.releases[at]) + " ");
    notice.append(has(at) ? link(words("there", all.releases[at]), root + "latest/" + page) : link(words("gone", all.releases[at]), root + "latest/index.html"));
    place.append(notice);
  }

  // Earlier versions of a document: of each, the last release that held it. Where no version is said, every release.
  var versions = document.querySelector(".versions");
  if (versions && all.versions) {
    var told = own.call(all.versions, page) ? all.versions[page] : [];
    var versionIn = function (index) {
      return told.reduce(function (found, from) { return from[0] <= index ? from[1] : found; }, "");
    };
    var end = all.releases.findIndex(function (release) { return release.name === name; });
    var above = versions.getAttribute("data-version");
    var held = document.createElement("ul");
    for (var index = (end < 0 ? all.releases.length : end) - 1; index >= 0; index--) {
      var release = all.releases[index];
      var version = versionIn(index);
      if (release.withdrawn || !has(index) || (version && version === above)) continue;
      above = version;
      var item = document.createElement("li");
      var text = versions.getAttribute(version ? "data-words" : "data-bare").replace("{version}", version).replace("{name}", release.name).replace("{date}", release.date);
      item.append(link(text, root + (release.name === latest ? "latest" : release.name) + "/" + page));
      held.append(item);
    }
    if (held.firstChild) versions.querySelector("p").replaceWith(held);
    else versions.hidden = true;
  }

  if (all.releases.length > 1 || all.next) {
    var line = place.querySelector(".release-name");
    var list = document.createElement("ul");
    list.className = "release-list";
    var entry = function (label, folder, there, here) {
      var item = document.createElement("li");
      var a = link(label, root + folder + "/" + (there ? page : "index.html"));
      if (here) a.setAttribute("aria-current", "true");
      item.append(a);
      if (!there) item.append(" (" + words("gone", { name: label, date: "" }) + ")");
      list.append(item);
    };
    if (all.next) entry(place.getAttribute("data-unreleased"), "next", has(all.releases.length), !name);
    all.releases.map(function (release, index) { return { release: release, index: index }; }).reverse().forEach(function (one) {
      if (!one.release.withdrawn) entry(one.release.name, one.release.name === latest ? "latest" : one.release.folder || one.release.name, has(one.index), one.release.name === name);
    });
    var whole = document.createElement("li");
    var more = line.querySelector("a");
    whole.append(link(more.textContent, more.href));
    list.append(whole);
    var box = document.createElement("details");
    var summary = document.createElement("summary");
    summary.textContent = place.getAttribute("data-others");
    box.append(summary, list);
    more.replaceWith(box);
  }
})();
