#!/usr/bin/env python3
"""Times `annexa pdf` and WeasyPrint on the same content, one after the other in turn, and prints pages a second and their ratio.

    pip install weasyprint          # needs Pango (Debian: libpangoft2-1.0-0)
    python3 benches/weasyprint.py   # [--documents 30] [--runs 3] [--annexa PATH] [--project DIR] [--keep DIR]

What WeasyPrint gets is one HTML file made of the pages of the site: documents, Statement of Applicability, responsibilities, registers, roles and
frameworks, in the order of the PDF, after contents with pages. Site and HTML are made beforehand, outside the time that is taken.
"""

import argparse
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

from hugo import ROOT, TODAY, timed

# The page of our own PDF: A4, a head with title and page, text and tables in two faces, links with the page that they lead to.
STYLE = """
@page { size: A4; margin: 29mm 22mm 25mm 20mm;
  @top-left { content: string(title); font: 7pt Inter, sans-serif; } @top-right { content: "Page " counter(page) " of " counter(pages); font: 7pt Inter, sans-serif; } }
@page wide { size: A4 landscape; }
html { font: 9.6pt/1.45 Literata, serif; } h1 { font-size: 23pt; string-set: title content(); break-before: page; } h2 { font-size: 13.6pt; } h3 { font-size: 11.2pt; }
.wide { page: wide; } .hidden, .anchor, .turn, .bar, .skip, .contents, .downloads { display: none; }
.shape { width: 0.7em; height: 0.7em; } a { color: #0b5d66; text-decoration: none; }
.text a[href^="#"]::after, nav a::after { content: " p. " target-counter(attr(href), page); font-size: 0.74em; color: #55595e; }
table { width: 100%; border-collapse: collapse; font: 8pt/1.4 Inter, sans-serif; } th, td { text-align: left; vertical-align: top; padding: 4pt 5pt; border-top: 0.4pt solid #c4c8cc; }
tr { break-inside: avoid; } h1, h2, h3 { break-after: avoid; } pre, code { font: 7.6pt Inter, monospace; white-space: pre-wrap; }
dl.control-box { display: grid; grid-template-columns: 1fr 1fr; } .claims { font-size: 7pt; } ul.names { list-style: none; padding: 0; margin: 0; }
"""

# Runs within a process of its own, so that the memory told is WeasyPrint's.
PRINT = "import sys, weasyprint; weasyprint.HTML(sys.argv[1]).write_pdf(sys.argv[2], **({'pdf_variant': 'pdf/ua-1'} if sys.argv[3] == 'tagged' else {}))"


def main_of(page):
    """The text of a page: what its <main> holds."""
    return re.search(r"<main[^>]*>(.*)</main>", page, re.S).group(1)


def pages_of(site):
    """The pages that hold what the PDF holds, in its order."""
    listed = re.findall(r'href="(documents/[^"#]+\.html)"', (site / "documents.html").read_text())
    pages = list(dict.fromkeys(listed)) + ["soa.html", "responsibilities.html", "customer-responsibilities.html"]
    pages += sorted(f"registers/{path.name}" for path in (site / "registers").glob("*.html"))
    pages += ["roles.html"] + sorted(f"frameworks/{path.name}" for path in (site / "frameworks").glob("*.html"))
    return [page for page in pages if (site / page).exists()]


def one_file(site, target):
    """All those pages as one HTML file, in which links lead to places of the same file, or nowhere."""
    pages = pages_of(site)
    numbers = {page: f"p{number}" for number, page in enumerate(pages)}
    texts, titles = {}, {}
    for page in pages:
        own = numbers[page]
        text = re.sub(r' id="([^"]+)"', lambda found: f' id="{own}-{found.group(1)}"', main_of((site / page).read_text()))
        text = re.sub(r"<script.*?</script>|<form.*?</form>", "", text, flags=re.S)
        titles[page] = re.sub(r"<[^>]+>", "", re.search(r"<h1[^>]*>(.*?)</h1>", text, re.S).group(1)).strip()
        texts[page] = text
    defined = {f"{numbers[page]}-{name}" for page, text in texts.items() for name in re.findall(rf' id="{numbers[page]}-([^"]+)"', text)}

    def lead(page):
        def link(found):
            path, _, fragment = found.group(1).partition("#")
            if re.match(r"[a-z]+:", path):
                return found.group(0)
            goal = os.path.normpath(os.path.join(os.path.dirname(page), path)) if path else page
            number = numbers.get(goal)
            if number is None:
                return ""
            place = f"{number}-{fragment}"
            return f' href="#{place if fragment and place in defined else number}"'

        return link

    contents = "".join(f'<li><a href="#{numbers[page]}">{titles[page]}</a></li>' for page in pages)
    parts = [f"<!doctype html><html lang=en><meta charset=utf-8><title>Manual</title><style>{STYLE}</style><h1>Contents</h1><nav><ol>{contents}</ol></nav>"]
    for page in pages:
        wide = "" if page.startswith("documents/") else ' class="wide"'
        text = re.sub(r' href="([^"]*)"', lead(page), texts[page])
        parts.append(f'<section id="{numbers[page]}"{wide}>{text}</section>')
    target.write_text("".join(parts))


def count(pdf):
    """The number of pages: of a PDF whose page tree is compressed, poppler knows it."""
    said = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, errors="replace").stdout
    found = re.search(r"^Pages:\s+(\d+)", said, re.M)
    return int(found.group(1)) if found else sys.exit("pdfinfo (poppler-utils) is needed to count pages")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", default="30", help="sizes of the generated manuals")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--annexa", help="path of annexa (default: built by cargo)")
    parser.add_argument("--project", help="a project in place of generated ones")
    parser.add_argument("--keep", help="leave projects and outputs in this folder")
    arguments = parser.parse_args()
    annexa = arguments.annexa
    bench = ["cargo", "bench", "--quiet", "--bench", "manual"]
    if not annexa:
        subprocess.run([*bench, "--no-run"], cwd=ROOT, check=True)
        annexa = os.path.join(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"), "release", "annexa")
    work = pathlib.Path(arguments.keep or tempfile.mkdtemp(prefix="annexa-weasyprint-"))
    work.mkdir(parents=True, exist_ok=True)
    print("| content | tool | pages | s | CPU s | pages a second | peak MiB |\n| ---: | --- | ---: | ---: | ---: | ---: | ---: |")
    sizes = [arguments.project] if arguments.project else arguments.documents.split(",")
    for size in sizes:
        folder = work / pathlib.Path(size).name
        folder.mkdir(exist_ok=True)
        project, site, html = pathlib.Path(arguments.project or folder / "project"), folder / "site", folder / "manual.html"
        if not arguments.project:
            subprocess.run([*bench, "--", "--documents", size, "--generate", str(project)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        with open(folder / "site.log", "w") as log:
            timed([annexa, "build", str(project), "--no-pdf", "--today", TODAY, "--force", "--out", str(site)], log)
        one_file(site, html)
        weasyprint = [sys.executable, "-c", PRINT, str(html)]
        sides = {
            "Annexa": [annexa, "pdf", "--project", str(project), "--today", TODAY, "--out", str(folder / "Annexa.pdf")],
            "WeasyPrint": [*weasyprint, str(folder / "WeasyPrint.pdf"), "plain"],
            "WeasyPrint, tagged": [*weasyprint, str(folder / "WeasyPrint, tagged.pdf"), "tagged"],
        }
        runs = {name: [] for name in sides}
        for _ in range(arguments.runs):
            for name, command in sides.items():
                with open(folder / f"{name}.log", "w") as log:
                    runs[name].append(timed(command, log))
        speed, by_processor = {}, {}
        for name, results in runs.items():
            pages = count(folder / f"{name}.pdf")
            wall, processor, peak = (statistics.median(run[place] for run in results) for place in range(3))
            speed[name], by_processor[name] = pages / wall, pages / processor
            print(f"| {size} | {name} | {pages} | {wall:.1f} | {processor:.1f} | {speed[name]:.1f} | {peak:.0f} |", flush=True)
        for name in list(sides)[1:]:
            print(
                f"\nAnnexa sets {speed['Annexa'] / speed[name]:.1f} times as many pages a second as {name}, "
                f"and {by_processor['Annexa'] / by_processor[name]:.1f} times as many for each second of processor time.",
                flush=True,
            )
    if not arguments.keep:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
