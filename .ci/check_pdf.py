#!/usr/bin/env python3
"""Checks PDF manuals with tools that know nothing of Annexa, and says of each whether it is accessible and fit for an archive.

    .ci/check_pdf.py [--attached NAME]... FILE...

Needs `pip install page-validation==0.11.0 outloud==0.2.1`, qpdf and poppler. Exit status: 0 all well, 1 a failure, 2 a tool is missing.

A finding that is false is allowed only where this script can show, on the file itself, that it is: each such place says why.
"""

import argparse
import re
import subprocess
import sys
from collections import Counter, defaultdict

try:
    import outloud
    import page
    import pikepdf
    from outloud.model import Document
except ImportError as missing:
    print(f"check_pdf: {missing}; pip install page-validation==0.11.0 outloud==0.2.1", file=sys.stderr)
    sys.exit(2)


class Report:
    """What was found of one file."""

    def __init__(self, path):
        self.path, self.failures, self.lines = path, 0, []

    def fail(self, checker, message):
        self.failures += 1
        self.lines.append(f"  FAIL     {checker}: {message}")

    def allow(self, checker, message, why):
        self.lines.append(f"  allowed  {checker}: {message}\n           {why}")

    def well(self, checker, message):
        self.lines.append(f"  ok       {checker}: {message}")

    def expect(self, holds, checker, message):
        (self.well if holds else self.fail)(checker, message)


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, errors="replace")


def squeezed(text):
    return re.sub(r"\s+", "", text or "")


def words(text):
    return re.findall(r"\w+", text or "")


# The file as such ----------------------------------------------------------------------------------------------------------------------------


def check_qpdf(path, report):
    done = run("qpdf", "--check", path)
    report.expect(done.returncode == 0, "qpdf --check", (done.stdout + done.stderr).strip().splitlines()[-1] if done.returncode else "no errors")


# What Debian's poppler (22.12) says of any file that Typst writes. Both are mistakes of poppler, by ISO 32000-1.
POPPLER = {
    "Syntax Error: Suspects object is wrong type (boolean)":
        "Table 321: Suspects is a boolean. Poppler takes every value but `true` for one of another type.",
    "Syntax Warning: Attribute BorderColor value is of wrong type (array)":
        "Table 344: BorderColor may be an array of four arrays, for the four edges, each of three numbers. Poppler knows the form of one colour only.",
}


def check_poppler(path, report, pages):
    said = Counter()
    info = run("pdfinfo", path)
    structure = run("pdfinfo", "-struct", path)
    text = run("pdftotext", path, "-")
    for done in (info, structure, text):
        said.update(line.strip() for line in done.stderr.splitlines() if line.strip())
        if done.returncode != 0:
            report.fail("poppler", f"`{' '.join(done.args[:2])}` ended with {done.returncode}")
    for message, count in sorted(said.items()):
        if message in POPPLER and true_by_poppler(message, pages):
            report.allow("poppler", f"{message} ({count} times)", POPPLER[message])
        else:
            report.fail("poppler", f"{message} ({count} times)")
    fields = dict(line.split(":", 1) for line in info.stdout.splitlines() if ":" in line)
    fields = {key.strip(): value.strip() for key, value in fields.items()}
    for key, wanted in {"Tagged": "yes", "Metadata Stream": "yes", "JavaScript": "no", "Encrypted": "no", "Suspects": "no"}.items():
        report.expect(fields.get(key) == wanted, "pdfinfo", f"{key}: {fields.get(key)}")
    report.expect(bool(fields.get("Title")), "pdfinfo", f"Title: {fields.get('Title')}")
    report.expect(len(words(text.stdout)) > 0, "pdftotext", f"{len(words(text.stdout))} words on {fields.get('Pages')} pages")


def true_by_poppler(message, pdf):
    """Whether the file has the form that the standard asks for, whatever poppler says."""
    if "Suspects" in message:
        return isinstance(pdf.Root.MarkInfo.get("/Suspects"), bool)
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and "/BorderColor" in item:
            edges = list(item.BorderColor)
            colours = edges if len(edges) == 4 else [edges]
            if not all(colour is None or (len(colour) == 3 and all(0 <= float(part) <= 1 for part in colour)) for colour in colours):
                return False
    return True


# Standards -----------------------------------------------------------------------------------------------------------------------------------

PROFILES = {"PDF/UA-1": page.ValidationProfile.PDF_UA_1, "PDF/A-3a": page.ValidationProfile.PDF_A_3A}


def check_standards(path, report):
    data = open(path, "rb").read()
    for name, profile in PROFILES.items():
        result = page.validate_pdf(path, profile=profile)
        false = 0
        for failure in result.failures:
            number = failure.object_id.object_number if failure.object_id else None
            if failure.rule_id.endswith("STREAM-LENGTH-001") and (ends_in_carriage_return(data, number) if number else every_length_is_right(data)):
                false += 1
            else:
                report.fail(f"page-validation {name}", f"{failure.rule_id}: {failure.message} (object {number})")
        if false:
            report.allow(
                f"page-validation {name}", f"{false} stream(s) of another /Length than their content",
                "ISO 32000-1, 7.3.8.2: Length counts the bytes up to the end-of-line marker before `endstream`. These data end in a carriage return, which\n"
                "           the checker takes for a part of that marker; counted byte for byte, each Length is right.",
            )
        if not result.failures:
            report.well(f"page-validation {name}", f"{result.rules.passed} rules hold, none fails")


def every_length_is_right(data):
    """Whether each stream has exactly its Length, and at least one ends in a carriage return: of several, the checker names none."""
    streams = [(found.end(), found.end() + int(found[1])) for found in re.finditer(rb"/Length (\d+)(?:(?!endobj).)*?>>\s*stream\n", data, re.S)]
    right = all(data[end:end + 10] == b"\nendstream" for _, end in streams)
    return right and any(data[end - 1:end] == b"\r" for _, end in streams)


def ends_in_carriage_return(data, number):
    """Whether an object's stream has exactly its Length, and its last byte is a carriage return."""
    for found in re.finditer(rb"(?<![0-9])%d 0 obj\b" % number, data):
        start = data.find(b"stream\n", found.end())
        length = re.search(rb"/Length (\d+)", data[found.end():start])
        if start > 0 and length:
            end = start + len(b"stream\n") + int(length.group(1))
            if data[end:end + 10] == b"\nendstream" and data[end - 1:end] == b"\r":
                return True
    return False


# Reading -------------------------------------------------------------------------------------------------------------------------------------


def check_outloud(path, report):
    result = outloud.check(path)
    if result.error:
        report.fail("outloud", result.error)
        return
    document = Document(path)
    allowed = {"TAG-002": repeated_heads, "ORD-001": mixed_content, "PAG-001": first_lines}
    bad = 0
    for finding in result.findings:
        if finding.severity not in ("error", "warning"):
            continue
        why = allowed[finding.rule](document, finding) if finding.rule in allowed else None
        if why:
            report.allow("outloud", f"{finding.rule} page {finding.page}: {finding.message}", why)
        else:
            bad += 1
            report.fail("outloud", f"{finding.severity} {finding.rule} page {finding.page}: {finding.message} ({finding.evidence or ''})")
    if bad == 0:
        report.well("outloud", "no error, no warning")
    document.close()


def column_head(cell):
    return cell.type == "TH" and str(cell.attr("Scope", "Table")).lstrip("/") == "Column"


def text_of(document, element):
    return " ".join(document.content(ref.page).mcid_text.get((ref.stream, ref.mcid)) or ""
                    for part in [element, *element.descendants()] for ref in part.mcrefs if ref.page is not None)


def repeated_heads(document, finding):
    """Prose marked as an artifact: true of the head of a table that goes on over pages, which is read once and shown again, and of the running head."""
    rows = [row for table in document.elements_of("Table") for row in table.descendants() if row.type == "TR"]
    heads = [set(words(text_of(document, row))) for row in rows if any(column_head(cell) for cell in row.logical_children)]
    pages = [page for page in document.pages if page.number == finding.page]
    false = 0
    for page in pages:
        for line in document.content(page.index).lines:
            if line.artifact_share >= 0.8 and len(words(line.text)) >= 8:
                running = line.bbox[1] >= 0.88 * page.height and re.search(rf"\b{page.number} \w+ {len(document.pages)}$", line.text.strip())
                false += bool(running) or any(set(words(line.text)) <= head for head in heads)
    if false >= finding.count:
        return "A running head, or the head of a table, repeated where the table goes on on another page. It is tagged where the table begins."
    return None


def mixed_content(document, _):
    """Painted order against the order of the tree, read as ISO 32000-1, 14.7.2 says: kids of an element in the order of /K, content among elements.
    The checker lists all content of an element before that of its children, and so misreads a paragraph with a link in it."""
    order = defaultdict(list)

    def walk(node, page):
        if node.get("/S") == "/Note":
            # Read where it is referred to, and printed below.
            return
        page = node.get("/Pg", page) if isinstance(node, pikepdf.Dictionary) else page
        kids = node.get("/K")
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, int):
                order[page.objgen].append(kid)
            elif isinstance(kid, pikepdf.Dictionary):
                if kid.get("/Type") == "/MCR":
                    order[kid.get("/Pg", page).objgen].append(int(kid.MCID))
                elif kid.get("/Type") != "/OBJR":
                    walk(kid, page)

    sys.setrecursionlimit(10_000)
    walk(document.pdf.Root.StructTreeRoot, None)
    for page in document.pages:
        rank = {mcid: place for place, mcid in enumerate(order[page.obj.objgen])}
        painted = [rank[mcid] for _, mcid in document.content(page.index).paint_order if mcid in rank]
        if painted != sorted(painted):
            return None
    return "Read in the order of /K (ISO 32000-1, 14.7.2), every page paints all its content but the footnotes in the order of the tree."


def first_lines(document, finding):
    """Lines that stand first on several pages and are content: true of a title that pages happen to begin with, if it stands elsewhere too."""
    top, elsewhere = defaultdict(set), defaultdict(set)
    for page in document.pages:
        for line in document.content(page.index).lines:
            if line.tagged_share >= 0.8:
                edge = line.bbox[1] >= 0.88 * page.height or line.bbox[3] <= 0.12 * page.height
                key = re.sub(r"\s+", " ", re.sub(r"\d+", "", line.text.lower())).strip()
                (top if edge else elsewhere)[key].add(page.index)
    repeated = [key for key, pages in top.items() if len(key) >= 4 and len(pages) >= 3]
    if finding.count <= len(repeated) and all(elsewhere[key] for key in repeated):
        return f"Titles that some pages begin with, and that stand amid other pages too: {', '.join(sorted(repeated))}."
    return None


# What a reader of the manual relies on ---------------------------------------------------------------------------------------------------------


def check_marks(pdf, report):
    root = pdf.Root
    language = str(root.get("/Lang", ""))
    report.expect(re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", language) is not None, "language", language or "none")
    report.expect(bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)), "title", "shown in place of the file's name")
    metadata = pdf.open_metadata()
    report.expect(bool(metadata.get("dc:title")), "metadata", f"dc:title: {metadata.get('dc:title')}")
    report.expect(metadata.get("pdfaid:part") == "3" and metadata.get("pdfaid:conformance") == "A", "metadata", "says PDF/A-3a")
    report.expect(metadata.get("pdfuaid:part") == "1", "metadata", "says PDF/UA-1")


def check_bookmarks(pdf, report):
    pages = {page.obj.objgen for page in pdf.pages}
    levels, lost = Counter(), []

    def walk(items, level):
        for item in items:
            levels[level] += 1
            target = item.destination if item.destination is not None else item.action.get("/D") if item.action else None
            if not (isinstance(target, pikepdf.Array) and target[0].objgen in pages):
                lost.append(item.title)
            walk(item.children, level + 1)

    with pdf.open_outline(max_depth=20) as outline:
        walk(outline.root, 1)
    report.expect(len(levels) >= 2, "bookmarks", f"{sum(levels.values())} on {len(levels)} levels")
    if lost:
        report.fail("bookmarks", f"{len(lost)} lead to no page: {lost[:3]}")


def check_links(pdf, report):
    pages = {page.obj.objgen for page in pdf.pages}
    kinds, bad = Counter(), []
    for number, page in enumerate(pdf.pages, 1):
        for annotation in page.get("/Annots", []):
            if annotation.get("/Subtype") != "/Link":
                continue
            action = annotation.get("/A", {})
            target = annotation.get("/Dest", action.get("/D"))
            address = str(action.get("/URI", ""))
            if isinstance(target, pikepdf.Array) and target[0].objgen in pages:
                kinds["to a page"] += 1
            elif re.match(r"(https?|mailto|tel):", address):
                kinds["out of the file"] += 1
            else:
                bad.append(f"page {number}: {address or target}")
            if not str(annotation.get("/Contents", "")):
                bad.append(f"page {number}: no words for a reader by ear")
    report.expect(not bad, "links", ", ".join(f"{count} {kind}" for kind, count in kinds.items()) if not bad else "; ".join(bad[:5]))


def check_tables(path, report):
    document = Document(path)
    kinds, bad = Counter(), []
    for table in document.elements_of("Table"):
        rows = [row for row in table.descendants() if row.type == "TR"]
        cells = [[cell for cell in row.logical_children if cell.type in ("TH", "TD")] for row in rows]
        scopes = {str(cell.attr("Scope", "Table")).lstrip("/") for row in cells for cell in row if cell.type == "TH"}
        first = [row[0] for row in cells if row]
        if scopes & {"Row", "Both"}:
            kinds["with row headers"] += 1
        elif max(map(len, cells), default=0) <= 1:
            kinds["of one column"] += 1
        elif any(not squeezed(text_of(document, cell)) for cell in first):
            kinds["whose first column has empty cells, and heads no rows"] += 1
        else:
            bad.append(f"page {(table.page or 0) + 1}: {' | '.join(text_of(document, cell) for cell in cells[0])[:80]}")
    document.close()
    report.expect(not bad, "tables", ", ".join(f"{count} {kind}" for kind, count in kinds.items()) if not bad else "without row headers: " + "; ".join(bad[:5]))


def check_attachments(path, pdf, report, wanted):
    listed = [line.split(" -> ")[0].strip() for line in run("qpdf", "--list-attachments", path).stdout.splitlines() if " -> " in line]
    if listed:
        report.well("attachments", ", ".join(listed))
    for name in wanted:
        report.expect(name in listed, "attachments", f"{name} is {'there' if name in listed else 'missing'}")
    associated = {item.objgen for item in pdf.Root.get("/AF", [])}
    for name, attached in pdf.attachments.items():
        # ISO 19005-3, 6.8: each says what it is to the document.
        if attached.obj.objgen not in associated or "/AFRelationship" not in attached.obj:
            report.fail("attachments", f"{name} is not associated with the document")


def check(path, wanted):
    report = Report(path)
    with pikepdf.open(path) as pdf:
        check_qpdf(path, report)
        check_standards(path, report)
        check_outloud(path, report)
        check_poppler(path, report, pdf)
        check_marks(pdf, report)
        check_bookmarks(pdf, report)
        check_links(pdf, report)
        check_tables(path, report)
        check_attachments(path, pdf, report, wanted)
    return report


def main():
    parser = argparse.ArgumentParser(description="Checks PDF manuals with independent tools.")
    parser.add_argument("--attached", action="append", default=[], metavar="NAME", help="a file that has to be attached; may be given several times")
    parser.add_argument("files", nargs="+", metavar="FILE")
    arguments = parser.parse_args()
    failures = 0
    for path in arguments.files:
        try:
            report = check(path, arguments.attached)
        except FileNotFoundError as missing:
            print(f"check_pdf: {missing}", file=sys.stderr)
            return 2
        failures += report.failures
        print(f"{path}: {'passes' if report.failures == 0 else f'{report.failures} failure(s)'}")
        print("\n".join(report.lines))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
