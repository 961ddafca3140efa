// The search itself: what is asked for, the parts of the index that it needs, and what they lead to. It shows nothing.
//
// A part is a classic script that calls annexaSearch.take(digest, name, value), so that a server, a disk and a strict policy see the same. Words and
// lists are written by src/render/site/search; what is a word, and how a list is written, is decided there and here alike.
(function () {
  "use strict";

  const script = document.currentScript.src;
  const folder = script.slice(0, script.lastIndexOf("/") + 1);
  const root = folder.slice(0, folder.lastIndexOf("assets/"));
  const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const VALUES = new Map(Array.from(DIGITS, function (digit, value) { return [digit, value]; }));

  // How much a word says in each of its places, and by how much less where it only begins with what was asked for.
  const TITLE = 8, HEADING = 4, TEXT = 1;
  const BEGINNING = 0.6;
  // A manual's own documents go before the catalogues that they answer.
  const OWN = 1.3;
  // An identifier goes before all words: itself, then those that begin with what was asked for, then those that end with it.
  const ITSELF = 1000, BEGINS = 200, ENDS = 100;
  // The most parts that are loaded for the words that begin with one that was asked for.
  const MOST = { ids: 1, names: 2, texts: 2, forward: 3, backward: 3 };
  // The most spellings that one misspelt word stands for.
  const SPELLINGS = 4;

  // ---- parts

  const loading = new Map();
  let digest = "";

  function take(of, name, value) {
    const part = loading.get(name);
    if (!part) return;
    if (name === "top") digest = of;
    // A part of another index would lead elsewhere.
    if (of === digest) part.done(value); else part.failed(new Error("another index"));
  }

  function load(name) {
    const known = loading.get(name);
    if (known) return known.promise;
    const part = {};
    part.promise = new Promise(function (done, failed) { part.done = done; part.failed = failed; });
    loading.set(name, part);
    const element = document.createElement("script");
    // Whatever a server says of it.
    element.charset = "utf-8";
    element.src = folder + name + ".js" + (digest && "?" + digest);
    // Once a part has been taken, neither of these changes anything.
    element.onload = element.onerror = function () { part.failed(new Error(name)); };
    part.promise.catch(function () { loading.delete(name); }).then(function () { element.remove(); });
    document.head.append(element);
    return part.promise;
  }

  // The part of a sorted list of first words or numbers in which one is found.
  function partOf(firsts, sought) {
    let low = 0, high = firsts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (firsts[middle] <= sought) low = middle + 1; else high = middle;
    }
    return low - 1;
  }

  function numbers(text) {
    const found = [];
    if (text[0] === "!") {
      for (let at = 1; at < text.length; at++) {
        const bits = VALUES.get(text[at]);
        for (let bit = 0; bit < 6; bit++) if (bits >> bit & 1) found.push((at - 1) * 6 + bit);
      }
      return found;
    }
    let next = 0, step = 0, shift = 0;
    for (const digit of text) {
      const value = VALUES.get(digit);
      step |= (value & 31) << shift;
      shift += 5;
      if (value < 32) { found.push(next + step); next += step + 1; step = shift = 0; }
    }
    return found;
  }

  let opened = null;
  function open() {
    opened = opened || load("top").then(function (top) {
      top.starts = numbers(top.starts);
      top.pages = numbers(top.pages);
      let first = 0;
      top.kinds = top.kinds.map(function (kind) {
        const made = { key: kind[0], title: kind[1], group: top.groups[kind[2]], first: first, end: first + kind[3] };
        first = made.end;
        return made;
      });
      return top;
    });
    opened.catch(function () { opened = null; });
    return opened;
  }

  const LETTERS = { ids: "i", names: "n", texts: "t", forward: "f", backward: "b" };

  // The words of a vocabulary that begin with `start`, as [word, lists], from the first parts that can hold them.
  async function words(top, vocabulary, start, most) {
    const firsts = top[vocabulary];
    const parts = [];
    for (let at = Math.max(0, partOf(firsts, start)); at < firsts.length && parts.length < (most || MOST[vocabulary]); at++) {
      if (parts.length && !firsts[at].startsWith(start)) break;
      parts.push(at);
    }
    const values = await Promise.all(parts.map(function (at) { return load(LETTERS[vocabulary] + at); }));
    const found = [];
    values.forEach(function (value) {
      const lists = value[1].split(" ");
      let word = [];
      value[0].split(" ").forEach(function (spelled, place) {
        const letters = Array.from(spelled);
        word = word.slice(0, VALUES.get(letters[0])).concat(letters.slice(1));
        const whole = word.join("");
        if (whole.startsWith(start)) found.push([whole, lists[place]]);
      });
    });
    return found;
  }

  // ---- words

  const SPECIAL = { "\u00df": "ss", "\u00e6": "ae", "\u00f8": "o", "\u0153": "oe", "\u0142": "l", "\u0111": "d", "\u0131": "i", "\u03c2": "\u03c3" };
  function fold(text) {
    return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\p{M}/gu, "")
      .replace(/[\u00df\u00e6\u00f8\u0153\u0142\u0111\u0131\u03c2]/g, function (letter) { return SPECIAL[letter]; });
  }
  function bare(text) { return Array.from(text.replace(/[^\p{Alphabetic}\p{N}]+/gu, "")).slice(0, 32).join(""); }

  // The terms of a query: words, and identifiers without their punctuation.
  function terms(query) {
    const found = [];
    (fold(query).match(/[\p{Alphabetic}\p{N}\-._()&]+/gu) || []).forEach(function (run) {
      const pieces = /\p{N}/u.test(run) ? [run] : run.split(/[-._()&]+/);
      pieces.map(bare).forEach(function (word) { if (word && !found.includes(word)) found.push(word); });
    });
    return found.slice(0, 12);
  }

  // How many letters have to be changed, put in, left out or exchanged with their neighbour to make one word of another; and to make the beginning of it.
  function distance(from, to) {
    const a = Array.from(from), b = Array.from(to);
    let before = [], last = b.map(function (_, at) { return at; });
    last.push(b.length);
    for (let i = 1; i <= a.length; i++) {
      const row = [i];
      for (let j = 1; j <= b.length; j++) {
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      before = last;
      last = row;
    }
    return { whole: last[b.length], start: Math.min.apply(null, last) };
  }

  // Known words that a misspelt one may stand for. With one mistake, the first or the second half of it is right.
  async function spellings(top, term) {
    const letters = Array.from(term);
    if (letters.length < 4 || /\p{N}/u.test(term)) return [];
    const half = letters.length >> 1;
    const backward = letters.slice(half).reverse().join("");
    const halves = await Promise.all([words(top, "forward", letters.slice(0, half).join("")), words(top, "backward", backward)]);
    const known = new Set(halves[0].map(function (word) { return word[0]; }));
    halves[1].forEach(function (word) { known.add(Array.from(word[0]).reverse().join("")); });
    const most = letters.length > 7 ? 2 : 1;
    const near = [];
    known.forEach(function (word) {
      const found = distance(term, word);
      // A word that ends with the term is a compound.
      const far = letters.length > 4 && word.endsWith(term) ? 0 : found.whole <= most ? found.whole : letters.length > 4 && found.start <= 1 ? 2.5 : 9;
      if (far < 9) near.push([far + (word[0] === term[0] ? 0 : 0.2), word]);
    });
    near.sort(function (a, b) { return a[0] - b[0] || a[1].length - b[1].length || (a[1] < b[1] ? -1 : 1); });
    return near.filter(function (found) { return found[0] < near[0][0] + 0.5; }).slice(0, SPELLINGS).map(function (found) { return found[1]; });
  }

  // ---- what one term leads to

  function Hits(top) {
    this.pages = new Float32Array(top.starts.length);
    this.places = new Map();
    this.count = new Uint16Array(top.starts.length);
    this.found = 0;
  }

  // What a word says of a page as a whole, or at a place of it.
  Hits.prototype.page = function (page, score) {
    if (!this.pages[page]) this.found++;
    if (this.pages[page] < score) this.pages[page] = score;
  };
  Hits.prototype.place = function (top, place, score) {
    const page = partOf(top.starts, place);
    this.page(page, score);
    if (!this.places.has(place)) this.count[page]++;
    if ((this.places.get(place) || 0) < score) this.places.set(place, score);
  };

  // `count`: how many terms are asked for. Letters alone may be the beginning of an identifier; of many terms, each is given less.
  async function hits(top, term, count) {
    const hits = new Hits(top);
    const isIdentifier = /\p{N}/u.test(term);
    const lists = await Promise.all([
      isIdentifier || count === 1 ? words(top, "ids", term) : [],
      words(top, "names", term, count > 3 ? 1 : 0),
      words(top, "texts", term, count > 3 ? 1 : 0),
    ]);
    add(hits, top, term, lists);
    return hits;
  }

  function add(hits, top, term, lists) {
    lists[0].forEach(function (found) {
      const own = found[1].split(","), more = found[0].length - term.length;
      numbers(own[0]).forEach(function (place) { hits.page(partOf(top.starts, place), more ? BEGINS - more : ITSELF); });
      if (term.length > 1) numbers(own[1]).forEach(function (place) { hits.page(partOf(top.starts, place), more ? ENDS / 2 - more : ENDS); });
    });
    const isShort = term.length < 3;
    lists[1].forEach(function (found) {
      const own = found[1].split(","), factor = found[0] === term ? 1 : BEGINNING;
      numbers(own[0]).forEach(function (place) { hits.page(partOf(top.starts, place), TITLE * factor); });
      numbers(own[1]).forEach(function (place) { hits.place(top, place, HEADING * factor); });
    });
    lists[2].forEach(function (found) {
      if (isShort && found[0] !== term) return;
      const factor = found[0] === term ? 1 : BEGINNING;
      numbers(found[1]).forEach(function (place) { hits.place(top, place, TEXT * factor); });
    });
  }

  // ---- a search

  // Every page that holds all terms, the best first: {top, terms, spelled, some, found: [{page, place}]}. A place is none where the page as a whole is meant.
  // `spelled` has, for each term that is nowhere written, the words that were taken for it; `some` says that no page holds all terms.
  async function find(query) {
    const top = await open();
    const asked = terms(query);
    const result = { top: top, query: query, terms: asked.slice(), spelled: [], some: false, found: [] };
    if (!asked.length) return result;
    const all = await Promise.all(asked.map(function (term) { return hits(top, term, asked.length); }));
    await Promise.all(all.map(async function (own, at) {
      if (own.found) return;
      const instead = await spellings(top, asked[at]);
      await Promise.all(instead.map(async function (word) {
        const lists = await Promise.all([words(top, "names", word, 1), words(top, "texts", word, 1)]);
        add(own, top, word, [[]].concat(lists.map(function (list) { return list.filter(function (found) { return found[0] === word; }); })));
      }));
      if (own.found) result.spelled.push([asked[at], instead]);
      result.terms.push.apply(result.terms, instead);
    }));

    const pages = top.starts.length;
    const documents = top.kinds.length && top.kinds[0].key === "documents" ? top.kinds[0].end : 0;
    const rarity = all.map(function (own) { return Math.log(1 + pages / (1 + own.found)); });
    const scores = [];
    let least = all.length;
    for (; least > 0 && !scores.length; least--) {
      for (let page = 0; page < pages; page++) {
        let held = 0, score = 0;
        for (let at = 0; at < all.length; at++) {
          const own = all[at].pages[page];
          if (!own) continue;
          held++;
          score += own * rarity[at] + Math.log(1 + all[at].count[page]) * 0.3 * rarity[at];
        }
        if (page < documents) score *= OWN;
        if (held >= least) scores.push([score, page]);
      }
    }
    result.some = scores.length > 0 && least + 1 < all.length;
    result.found = scores.map(function (scored) { return place(top, all, rarity, scored); })
      .sort(function (a, b) { return b.score - a.score || a.page - b.page; });
    return result;
  }

  // The place of a page where most of the terms stand.
  function place(top, all, rarity, scored) {
    const page = scored[1];
    const end = page + 1 < top.starts.length ? top.starts[page + 1] : top.places;
    let best = null;
    // The title says it all, unless a heading does so too and leads closer.
    const isTitle = all.every(function (own) { return own.pages[page] >= TITLE * BEGINNING; });
    for (let place = top.starts[page]; place < end; place++) {
      let held = 0, score = 0, isHeading = true;
      for (let at = 0; at < all.length; at++) {
        const own = all[at].places.get(place);
        if (own) { held++; score += own * rarity[at]; }
        if (!own || own < HEADING) isHeading = false;
      }
      if (held && (!best || held > best.held || (held === best.held && score > best.score))) {
        best = { place: place, held: held, score: score, isHeading: isHeading };
      }
    }
    // Terms that stand together count more than terms that are scattered.
    const together = best && all.length > 1 && best.held === all.length ? best.score * 0.5 : 0;
    const isWhole = !best || best.place === top.starts[page] || (isTitle && !best.isHeading);
    return { page: page, place: isWhole ? null : best.place, text: best ? best.place : top.starts[page], score: scored[0] + together };
  }

  // What the results show of pages: [{id, title, href, where, kind}].
  async function shown(top, found) {
    const parts = await Promise.all(found.map(function (one) { return load("p" + partOf(top.pages, one.page)); }));
    return found.map(function (one, at) {
      const page = parts[at][one.page - top.pages[partOf(top.pages, one.page)]];
      const section = one.place === null ? null : page[4][one.place - top.starts[one.page] - 1];
      let part = page[3];
      for (let next = 0; next < one.text - top.starts[one.page]; next++) part += page[4][next][2];
      return {
        id: page[0],
        title: page[1],
        href: root + page[2] + (section ? "#" + section[1] : ""),
        where: section ? section[0] : "",
        kind: top.kinds.find(function (kind) { return one.page < kind.end; }),
        part: part,
        text: one.text,
      };
    });
  }

  // The text of a place around the terms, as [[words, whether they are a term], ...].
  async function excerpt(one, terms, length) {
    const part = await load("x" + one.part);
    const text = (part[1][one.text - part[0]] || "").replace(/\n/g, " ");
    const marks = [];
    for (const run of text.matchAll(/[\p{Alphabetic}\p{N}\p{M}\-._()&]+/gu)) {
      const means = function (word) {
        return terms.findIndex(function (term) {
          return word === term || (term.length > 2 && word.startsWith(term)) || (term.length > 4 && word.length > term.length + 2 && word.endsWith(term));
        });
      };
      const whole = /\p{N}/u.test(run[0]) ? means(bare(fold(run[0]))) : -1;
      if (whole >= 0) { marks.push([run.index, run.index + run[0].length, whole]); continue; }
      for (const piece of run[0].matchAll(/[\p{Alphabetic}\p{N}\p{M}]+/gu)) {
        const term = means(fold(piece[0]));
        if (term >= 0) marks.push([run.index + piece.index, run.index + piece.index + piece[0].length, term]);
      }
    }
    // The stretch in which most terms stand; of two that are alike, the first.
    let best = 0, most = 0;
    marks.forEach(function (mark, at) {
      const held = new Set();
      for (let next = at; next < marks.length && marks[next][1] - mark[0] < length; next++) held.add(marks[next][2]);
      if (held.size > most) { most = held.size; best = at; }
    });
    let from = marks.length ? Math.max(0, marks[best][0] - 60) : 0;
    if (from > 0) from = Math.max(from, text.indexOf(" ", from) + 1 || from);
    if (marks.length && from > marks[best][0]) from = marks[best][0];
    let to = Math.min(text.length, from + length);
    if (to < text.length) to = Math.max(text.lastIndexOf(" ", to), from + length - 40);
    const pieces = [];
    let at = from;
    if (from > 0) pieces.push(["\u2026\u00a0", false]);
    marks.forEach(function (mark) {
      if (mark[0] < at || mark[1] > to) return;
      pieces.push([text.slice(at, mark[0]), false], [text.slice(mark[0], mark[1]), true]);
      at = mark[1];
    });
    pieces.push([text.slice(at, to), false]);
    if (to < text.length) pieces.push(["\u00a0\u2026", false]);
    return pieces;
  }

  function say(top, english, values) {
    return (top.words[english] || english).replace(/\{(\w+)\}/g, function (place, name) { return values && name in values ? values[name] : place; });
  }

  window.annexaSearch = { take: take, open: open, find: find, shown: shown, excerpt: excerpt, say: say, terms: terms };
})();
