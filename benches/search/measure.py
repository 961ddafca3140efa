#!/usr/bin/env python3
"""What a search costs a reader, and what it finds: bytes loaded and time in a browser, for a built site of any size.

    python3 benches/search/measure.py dist                       a list of queries, each as one search
    python3 benches/search/measure.py dist --typed               the same, letter by letter, as slow typing does
    python3 benches/search/measure.py dist --pagefind            by Pagefind (pip install 'pagefind[bin]'), which indexes a copy of the site first
    python3 benches/search/measure.py dist --queries FILE        other queries: a line each, `words => part of the address that should come first`

Needs Chromium. Every query starts with an empty cache; the page itself, its styles and fonts are not counted, but the scripts of the search are.
"""

import argparse
import gzip
import http.server
import json
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

QUERIES = pathlib.Path(__file__).with_name("starter.txt")
BROWSERS = ["chromium", "chromium-browser", "google-chrome"]
SHOWN, LISTED = 8, 8

OURS = """
const script = document.createElement('script');
script.src = 'assets/search/find.js';
script.onload = () => probe(async query => {
  const search = window.annexaSearch;
  const result = await search.find(query);
  await search.shown(result.top, result.found.slice(0, %(listed)d));
  return {result, urls: []};
}, async query => {
  const search = window.annexaSearch;
  const result = await search.find(query);
  const shown = await search.shown(result.top, result.found.slice(0, %(shown)d));
  await Promise.all(shown.map(one => search.excerpt(one, result.terms, 220)));
  return {count: result.found.length, urls: shown.map(one => one.href)};
});
document.head.append(script);
""" % {"listed": LISTED, "shown": SHOWN}

PAGEFIND = """
import('/pagefind/pagefind.js').then(pagefind => probe(async query => {
  const found = await pagefind.search(query);
  await Promise.all(found.results.slice(0, %(listed)d).map(one => one.data()));
}, async query => {
  const found = await pagefind.search(query);
  const shown = await Promise.all(found.results.slice(0, %(shown)d).map(one => one.data()));
  return {count: found.results.length, urls: shown.map(one => (one.sub_results[0] || one).url)};
}));
""" % {"listed": LISTED, "shown": SHOWN}

PROBE = """
async function probe(typing, search) {
  const given = new URLSearchParams(location.search), query = given.get('q');
  try {
    if (given.has('typed')) for (let end = 2; end < query.length; end++) await typing(query.slice(0, end));
    const begun = performance.now();
    const found = await search(query);
    found.ms = performance.now() - begun;
    await fetch('/found', {method: 'POST', body: JSON.stringify(found)});
  } catch (error) {
    await fetch('/found', {method: 'POST', body: JSON.stringify({count: 0, urls: [], ms: 0, error: String(error)})});
  }
}
"""


class Server(http.server.ThreadingHTTPServer):
    """Serves a site and the probe, and remembers what was asked for."""

    def __init__(self, site, script):
        super().__init__(("127.0.0.1", 0), Handler)
        self.site, self.script, self.served, self.found = site, script, {}, None
        self.done = threading.Event()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)
        kind = "text/html" if path.endswith(".html") else "application/wasm" if path.endswith(".wasm") else "text/javascript"
        if path == "/probe.html":
            body = b"<!doctype html><html lang=en><title>probe</title><script src=/probe.js></script>"
        elif path == "/probe.js":
            body = (PROBE + self.server.script).encode()
        else:
            file = self.server.site / path.lstrip("/")
            if not file.is_file():
                self.send_response(404)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            body = file.read_bytes()
            self.server.served[path] = (len(body), len(gzip.compress(body, 6)))
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.server.found = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(204)
        self.end_headers()
        self.server.done.set()

    def log_message(self, *_):
        pass


def ask(browser, server, query, typed):
    """Asks once, in a browser that knows nothing yet."""
    server.served, server.found = {}, None
    server.done.clear()
    asked = urllib.parse.urlencode({"q": query} | ({"typed": ""} if typed else {}))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
                   "--disable-background-networking", "--disable-component-update", f"--user-data-dir={profile}",
                   "--remote-debugging-port=0", f"http://127.0.0.1:{server.server_port}/probe.html?{asked}"]
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        server.done.wait(90)
        running.terminate()
        running.wait()
    if server.found is None or server.found.get("error"):
        sys.exit(f"{query}: {server.found}")
    raw, packed = (sum(size[at] for size in server.served.values()) for at in (0, 1))
    return raw, packed, len(server.served), server.found


def index_by_pagefind(site, folder):
    """A copy of the site with Pagefind's index."""
    copy = folder / "site"
    shutil.copytree(site, copy, ignore=shutil.ignore_patterns("*.pdf", "*.xlsx", "search"))
    begun = time.monotonic()
    subprocess.run([sys.executable, "-m", "pagefind", "--site", str(copy), "--root-selector", "main"], check=True, stdout=subprocess.DEVNULL)
    seconds = time.monotonic() - begun
    files = [file for file in (copy / "pagefind").rglob("*") if file.is_file()]
    print(f"Pagefind: {seconds:.1f} s, {len(files)} files, {sum(file.stat().st_size for file in files) / 1e6:.1f} MB\n")
    return copy


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", type=pathlib.Path)
    parser.add_argument("--queries", type=pathlib.Path, default=QUERIES)
    parser.add_argument("--typed", action="store_true")
    parser.add_argument("--pagefind", action="store_true")
    given = parser.parse_args()
    browser = next((found for found in map(shutil.which, BROWSERS) if found), None) or sys.exit("no Chromium is installed")
    lines = [line.partition("=>") for line in given.queries.read_text().splitlines() if line.strip() and not line.startswith("#")]
    with tempfile.TemporaryDirectory() as folder:
        site = given.site
        if given.pagefind:
            site = index_by_pagefind(site, pathlib.Path(folder))
        else:
            files = [file for file in (site / "assets/search").iterdir() if re.fullmatch(r"(top|[intfbpx]\d+)\.js", file.name)]
            print(f"{len(files)} files, {sum(file.stat().st_size for file in files) / 1e6:.1f} MB\n")
        server = Server(site, PAGEFIND if given.pagefind else OURS)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print("| query | results | first | wanted at | kB | kB gzip | files | ms |\n| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: |")
        sizes, places = [], []
        for query, _, wanted in lines:
            query, wanted = query.strip(), wanted.strip()
            raw, packed, count, found = ask(browser, server, query, given.typed)
            urls = [urllib.parse.urlsplit(url)._replace(scheme="", netloc="").geturl().lstrip("/") for url in found["urls"]]
            at = next((at + 1 for at, url in enumerate(urls) if any(one.strip() in url for one in wanted.split("|"))), 0) if wanted else None
            sizes.append((raw, packed))
            if wanted:
                places.append(at)
            place = "" if at is None else at or "none"
            print(f"| {query} | {found['count']} | {urls[0] if urls else ''} | {place} | {raw / 1000:.0f} | {packed / 1000:.0f} | {count} | {found['ms']:.0f} |", flush=True)
        packed = [size[1] for size in sizes]
        raw = [size[0] for size in sizes]
        print(f"\nkB a search: median {statistics.median(raw) / 1000:.0f}, most {max(raw) / 1000:.0f};"
              f" gzip: median {statistics.median(packed) / 1000:.0f}, most {max(packed) / 1000:.0f}")
        if places:
            print(f"wanted first: {sum(at == 1 for at in places)} of {len(places)}; among the first {SHOWN}: {sum(at > 0 for at in places)}")


main()
