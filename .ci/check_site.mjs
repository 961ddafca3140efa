// Checks a built site as its readers meet it: valid HTML (Nu Html Checker) on every page; on the largest page of each kind axe-core, light and dark, wide
// and narrow, then reflow, keyboard, no JavaScript and print in Chromium; and Lighthouse.
//
//     node .ci/check_site.mjs DIST MODULES [--only vnu,axe,browser,lighthouse]
//
// DIST is served from the loopback alone. MODULES is a node_modules with what .ci/run installs. Exit status 1 means that something was found.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { spawn } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const [dist, modules, , only] = process.argv.slice(2);
if (!dist || !modules) throw new Error("usage: check_site.mjs DIST MODULES [--only PART,PART]");
const root = resolve(dist);
const asked = only ? only.split(",") : ["vnu", "axe", "browser", "lighthouse"];
const requireFrom = createRequire(join(resolve(modules), "x.js"));
const load = (name) => import(pathToFileURL(requireFrom.resolve(name)).href);

// The least that each category of Lighthouse has to reach.
const LEAST = 95;
// A run that hangs ends here, in milliseconds.
const LIMIT = 10 * 60_000;
setTimeout(() => { console.error(`no end after ${LIMIT / 60_000} minutes`); process.exit(1); }, LIMIT).unref();

let wrong = 0;
const say = (words) => { wrong += 1; console.log(`  ${words}`); };
const part = async (name, check) => {
  if (!asked.includes(name)) return;
  const [before, began] = [wrong, Date.now()];
  console.log(`${name}:`);
  const what = await check();
  const found = wrong - before;
  console.log(`  ${what}; ${found ? `${found} found` : "nothing found"}, ${((Date.now() - began) / 1000).toFixed(0)} s`);
};

// Every page by its path, and of each kind the largest: it is most likely to show what is wrong.
const pages = readdirSync(root, { recursive: true }).filter((path) => path.endsWith(".html")).sort();
const kinds = new Map();
for (const path of pages) {
  const text = readFileSync(join(root, path), "utf8");
  const kind = /<body class="(?:[^"]* )?page-([a-z0-9-]+)[ "]/.exec(text)?.[1];
  if (!kind) continue;
  const known = kinds.get(kind);
  if (!known || text.length > known.size) kinds.set(kind, { path, size: text.length });
}
if (!kinds.size) throw new Error(`${root} holds no page`);

const TYPES = { ".txt": "text/plain; charset=utf-8", ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2", ".png": "image/png" };
const server = createServer((request, response) => {
  const path = join(root, decodeURIComponent(new URL(request.url, "http://localhost").pathname.replace(/\/$/, "/index.html")));
  if (!path.startsWith(root) || !existsSync(path)) return response.writeHead(404).end();
  const type = TYPES[extname(path)] ?? "application/octet-stream";
  // As a web server does: texts compressed, assets kept.
  const packed = /^text|svg/.test(type);
  const body = packed ? gzipSync(readFileSync(path)) : readFileSync(path);
  response.writeHead(200, {
    "content-type": type,
    "content-length": body.length,
    "cache-control": type.startsWith("text/html") ? "no-cache" : "max-age=31536000",
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; connect-src 'self'",
    ...(packed && { "content-encoding": "gzip" }),
  });
  response.end(body);
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const address = (path) => `http://127.0.0.1:${server.address().port}/${path.split("/").map(encodeURIComponent).join("/")}`;

const NAMES = ["chromium", "chromium-browser", "google-chrome"];
const executablePath = NAMES.flatMap((name) => process.env.PATH.split(":").map((folder) => join(folder, name))).find(existsSync);
const puppeteer = (await load("puppeteer-core")).default;
const browser = await puppeteer.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"],
});

/// Opens a page, calls `look` with it, and says what the console said.
async function open(path, { width = 1280, scheme = "light", script = true, media = "screen", hash = "" }, look) {
  const page = await browser.newPage();
  const at = `${path} (${width}, ${scheme})`;
  page.on("console", (message) => { if (message.type() === "error") say(`${at}: console: ${message.text()}`); });
  page.on("pageerror", (error) => say(`${at}: script: ${error.message}`));
  await page.setViewport({ width, height: 900 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }, { name: "prefers-reduced-motion", value: "reduce" }]);
  if (media !== "screen") await page.emulateMediaType(media);
  await page.setJavaScriptEnabled(script);
  await page.goto(address(path) + hash, { waitUntil: "load" });
  try {
    return await look(page, at);
  } finally {
    await page.close();
  }
}

// Whether something sticks out at the side: it could be reached only by scrolling in two directions (WCAG 2.2, 1.4.10).
const sticksOut = () => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return null;
  const out = [...document.querySelectorAll("body *")].filter((element) => element.getBoundingClientRect().right > width + 1 && !element.closest("[data-scroll]"));
  return out.slice(0, 3).map((element) => element.outerHTML.slice(0, 90)).join(" | ") || null;
};

// All pages in one run, since the checker takes seconds to start; it works while the browser does.
const checked = asked.includes("vnu") && new Promise((done) => {
  const jar = join(resolve(modules), "vnu-jar/build/dist/vnu.jar");
  const checker = spawn("java", ["-Xmx1g", "-jar", jar, "--skip-non-html", "--format", "json", "--exit-zero-always", root], { stdio: ["ignore", "ignore", "pipe"] });
  let out = "";
  checker.stderr.on("data", (data) => { out += data; });
  checker.on("close", () => done(out));
});

await part("axe", async () => {
  const axe = readFileSync(join(resolve(modules), "axe-core/axe.min.js"), "utf8");
  // Each width and each scheme once: neither changes what the other does.
  const LOOKS = [{ width: 1280, scheme: "light" }, { width: 390, scheme: "dark" }];
  const check = async (page, at) => {
    // Neither by a tag in the page: its policy forbids that. What is laid out only when it comes into view has no place that could be measured before, nor has what is folded away.
    await page.evaluate(axe);
    await page.evaluate(() => {
      for (const part of document.querySelectorAll("main details")) part.open = true;
      const sheet = new CSSStyleSheet();
      sheet.replaceSync("* { content-visibility: visible !important }");
      document.adoptedStyleSheets = [sheet];
    });
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } }));
    for (const { id, help, nodes } of violations) say(`${at}: ${id}: ${help}: ${nodes.length} times, first ${nodes[0].html.slice(0, 160)}`);
  };
  let looks = 0;
  for (const { path } of kinds.values()) {
    for (const look of LOOKS) {
      looks += 1;
      await open(path, look, check);
    }
  }
  return `${kinds.size} kinds of pages, ${looks} looks`;
});

await part("browser", async () => {
  for (const { path } of kinds.values()) {
    // 1280 pixels at 400 % are 320.
    // And an address that was mistyped ends no script.
    const words = await open(path, { width: 320, hash: "#100%" }, async (page, at) => {
      const out = await page.evaluate(sticksOut);
      if (out) say(`${at}: sticks out at 400 %: ${out}`);
      return page.evaluate(() => document.querySelector("main").innerText.length);
    });
    await open(path, { width: 320, script: false }, async (page, at) => {
      const bare = await page.evaluate(() => document.querySelector("main").textContent.trim().length);
      if (bare < 40 || bare < words / 2) say(`${at}: without JavaScript, ${bare} characters are left of ${words}`);
    });
    const folded = await open(path, {}, (page) => page.evaluate(() => [...document.querySelectorAll("details.part:not([open])")].at(-1)?.id));
    if (folded) {
      await open(path, { hash: `#${folded}` }, async (page, at) => {
        if (!await page.evaluate((id) => document.getElementById(id).open, folded)) say(`${at}: #${folded} stays folded`);
      });
    }
    await open(path, { media: "print", scheme: "dark", width: 794 }, async (page, at) => {
      // What a customer prints carries the company's logo.
      const shown = await page.evaluate(() => [...document.querySelectorAll("body:not(.trust) .masthead, .skip, .search, .turn, .tools")].filter((element) => element.getClientRects().length).map((element) => element.className));
      if (shown.length) say(`${at}: printed with ${shown.join(", ")}`);
      const [ground, ink] = await page.evaluate(() => { const { backgroundColor, color } = getComputedStyle(document.body); return [backgroundColor, color]; });
      if (ground !== "rgb(255, 255, 255)" || ink === "rgb(255, 255, 255)") say(`${at}: printed ${ink} on ${ground}`);
      // Paper of the style sheet's page: A4 upright, or lying, less its margins.
      const isWide = await page.evaluate(() => getComputedStyle(document.querySelector("main")).page === "wide");
      await page.setViewport({ width: isWide ? 1016 : 672, height: 900 });
      const out = await page.evaluate(sticksOut);
      if (out) say(`${at}: sticks out on paper: ${out}`);
    });
    await open(path, {}, async (page, at) => {
      for (let step = 0; step < 40; step += 1) {
        await page.keyboard.press("Tab");
        const lost = await page.evaluate(() => {
          const element = document.activeElement;
          if (!element || element === document.body) return null;
          const { outlineStyle, outlineWidth } = getComputedStyle(element);
          const box = element.getBoundingClientRect();
          const isSeen = box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight;
          return isSeen && outlineStyle !== "none" && parseFloat(outlineWidth) >= 1 ? null : element.outerHTML.slice(0, 120);
        });
        if (lost) say(`${at}: after ${step + 1} tabs the focus is not seen: ${lost}`);
      }
    });
  }
  // Tables that filter and order.
  const { path } = kinds.get("register") ?? {};
  if (path) await open(path, {}, async (page, at) => {
    const ids = () => page.evaluate(() => [...document.querySelectorAll("tbody.row:not([hidden])")].map((row) => row.id));
    const written = await ids();
    await page.type(".tools input[type=search]", written.at(-1));
    const found = await ids();
    const status = await page.evaluate(() => document.querySelector(".tools [role=status]").textContent);
    if (!found.includes(written.at(-1)) || found.length >= written.length || !status.includes(written.length)) say(`${at}: filtered by ${written.at(-1)}: ${found.length} of ${written.length}, "${status}"`);
    await page.evaluate(() => { const box = document.querySelector(".tools input[type=search]"); box.value = ""; box.dispatchEvent(new Event("input", { bubbles: true })); });
    for (const [way, order] of [["ascending", written.toSorted()], ["descending", written.toSorted().reverse()], [null, written]]) {
      await page.focus("[data-tools] thead th button");
      await page.keyboard.press("Enter");
      const sorted = await page.evaluate(() => document.querySelector("[data-tools] thead th").getAttribute("aria-sort"));
      if (sorted !== way || `${await ids()}` !== `${order}`) say(`${at}: ordered ${sorted} and not ${way}: ${await ids()}`);
    }
  });
  return `${kinds.size} kinds of pages`;
});

await part("vnu", async () => {
  for (const { type, url, lastLine, message } of JSON.parse(await checked).messages) {
    if (type === "error" || type === "non-document-error") say(`${(url ?? "").slice((url ?? "").indexOf(root) + root.length + 1)}:${lastLine}: ${message}`);
  }
  return `${pages.length} pages`;
});

await part("lighthouse", async () => {
  const { default: lighthouse } = await load("lighthouse");
  const port = Number(new URL(browser.wsEndpoint()).port);
  // Of these no score depends, and they take their time.
  const skipAudits = ["bf-cache", "unused-javascript", "unused-css-rules", "legacy-javascript", "duplicated-javascript", "final-screenshot", "screenshot-thumbnails"];
  const measure = async (path, options) => (await lighthouse(address(path), {
    port, logLevel: "silent", output: [], disableFullPageScreenshot: true, pauseAfterFcpMs: 200, pauseAfterLoadMs: 200, networkQuietThresholdMs: 500, cpuQuietThresholdMs: 500,
    ...(options.onlyAudits ? {} : { skipAudits }), ...options,
  })).lhr;
  // A phone on a slow network, as Lighthouse takes it. Its fourfold slowdown is meant for a fast desktop, whose benchmark index is 1600: a machine that is
  // slower already slows down by less, as Lighthouse's docs/throttling.md says.
  const { environment } = await measure([...kinds.values()][0].path, { onlyAudits: ["viewport"] });
  const cpuSlowdownMultiplier = Math.min(4, Math.max(1, environment.benchmarkIndex / 400));
  const throttling = { rttMs: 150, throughputKbps: 1638.4, requestLatencyMs: 562.5, downloadThroughputKbps: 1474.56, uploadThroughputKbps: 675, cpuSlowdownMultiplier };
  const least = {};
  for (const [kind, { path }] of kinds) {
    // The page that a server sends with status 404 is meant for nobody's search, and a site that asks search engines to stay away is for its readers alone:
    // all but that is measured of them.
    const stays = kind === "not-found" || readFileSync(join(root, path), "utf8").includes('<meta name="robots" content="noindex">');
    const options = stays ? { skipAudits: [...skipAudits, "is-crawlable"] } : {};
    const { categories, audits } = await measure(path, { onlyCategories: ["performance", "accessibility", "best-practices", "seo"], throttling, ...options });
    // Speed is measured once more where something else took the machine's time.
    for (let again = 0; again < 2 && categories.performance.score * 100 < LEAST; again += 1) {
      const lhr = await measure(path, { onlyCategories: ["performance"], throttling });
      if (lhr.categories.performance.score > categories.performance.score) {
        categories.performance = lhr.categories.performance;
        Object.assign(audits, lhr.audits);
      }
    }
    const scores = Object.values(categories).map(({ id, score }) => [id, Math.round(score * 100)]);
    for (const [id, score] of scores) {
      least[id] = Math.min(least[id] ?? 100, score);
      if (score >= LEAST) continue;
      const lost = categories[id].auditRefs.filter(({ weight }) => weight).map(({ id }) => audits[id]).filter(({ score }) => score !== null && score < 0.9);
      say(`${path}: ${id} ${score}: ${lost.map((audit) => `${audit.id} ${audit.displayValue ?? ""}`.trim()).join(", ")}`);
    }
    if (process.env.VERBOSE) console.log(`  ${path}: ${scores.map((score) => score.join(" ")).join(", ")}`);
  }
  const scores = Object.entries(least).map((score) => score.join(" ")).join(", ");
  return `${kinds.size} kinds of pages, at least ${scores}, slowed ${cpuSlowdownMultiplier.toFixed(1)} times`;
});

await browser.close();
server.close();
process.exit(wrong ? 1 : 0);
