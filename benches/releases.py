#!/usr/bin/env python3
"""What the next release of a versioned site costs: fifty releases of a manual, then one more, against that one alone.

    cargo bench --bench manual -- --documents 200 --generate PROJECT
    python3 benches/releases.py PROJECT [--annexa target/release/annexa] [--releases 50] [--runs 3] [--keep DIR] [--pdf]

Each release changes one document in ten. `alone` builds the last release in a repository that has no other tag, into an empty folder, and so without a page of what changed;
`second` builds it beside the one before, and `next` into a copy of the folder that holds all the others. They run in turn, as processes of their own, and the medians of wall and processor time are printed with their ratio, as is the time
of each stage. Needs `git`.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TODAY = "2031-01-01"


def git(folder, *arguments, day="2026-01-01"):
    when = f"{day}T12:00:00+0000"
    env = {**os.environ, "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when, "GIT_CONFIG_GLOBAL": "/dev/null"}
    names = ["-c", "user.name=Office", "-c", "user.email=office@example.com", "-c", "gc.auto=0"]
    subprocess.run(["git", *names, *arguments], cwd=folder, env=env, check=True, stdout=subprocess.DEVNULL)


def make(project, repository, count):
    """A repository with so many releases, a month apart."""
    shutil.copytree(project, repository)
    git(repository, "init", "-q", "-b", "main")
    documents = sorted((repository / "content").rglob("*.md"))
    for number in range(1, count + 1):
        for document in documents[number % 10 :: 10]:
            document.write_text(document.read_text() + f"\nChanged for the release with the number {number}.\n")
        day = f"{2026 + (number - 1) // 12}-{(number - 1) % 12 + 1:02}-01"
        git(repository, "add", "-A", day=day)
        git(repository, "commit", "-q", "-m", f"Release {number}", day=day)
        git(repository, "tag", f"v{number}", day=day)
    git(repository, "gc", "-q")


def build(annexa, repository, out, more):
    """Seconds of wall and processor time, and milliseconds by stage."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    command = [annexa, "build", repository, "--releases", "--out", out, "--today", TODAY, "--timings", *more]
    ran = subprocess.run(command, check=False, capture_output=True, text=True)
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if ran.returncode:
        sys.exit(ran.stderr)
    return wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, json.loads(ran.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("project", type=Path)
    parser.add_argument("--annexa", type=Path, default=Path("target/release/annexa"))
    parser.add_argument("--releases", type=int, default=50)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="work in this folder, and use again what a run before left there")
    parser.add_argument("--fresh", action="store_true", help="as in a fresh clone: every file of every release is read and verified")
    parser.add_argument("--pdf", action="store_true", help="with the PDFs")
    arguments = parser.parse_args()
    annexa, more = arguments.annexa.resolve(), [] if arguments.pdf else ["--no-pdf"]
    with tempfile.TemporaryDirectory() as temporary:
        work = (arguments.keep or Path(temporary)).resolve()
        work.mkdir(parents=True, exist_ok=True)
        many, one, before = work / "many", work / "one", work / "before"
        two, before_two = work / "two", work / "before-two"
        last = f"v{arguments.releases + 1}"
        if not many.exists():
            make(arguments.project, many, arguments.releases + 1)
        if not one.exists():
            shutil.copytree(many, one)
            git(one, "tag", "-d", *(f"v{number}" for number in range(1, arguments.releases + 1)))
        if not two.exists():
            shutil.copytree(many, two)
            git(two, "tag", "-d", *(f"v{number}" for number in range(1, arguments.releases)))
        if not before.exists():
            git(many, "tag", "-d", last)
            wall, processor, _ = build(annexa, many, before, more)
            print(f"{arguments.releases} releases from nothing: {wall:.1f} s, {processor:.1f} s of processor time", flush=True)
            git(many, "tag", last, day=TODAY)
        if not before_two.exists():
            git(two, "tag", "-d", last)
            build(annexa, two, before_two, more)
            git(two, "tag", last, day=TODAY)
        taken = {"alone": [], "second": [], "next": []}
        for _ in range(arguments.runs):
            for name, repository, published in (("alone", one, None), ("second", two, before_two), ("next", many, before)):
                out = work / "out"
                shutil.rmtree(out, ignore_errors=True)
                if published:
                    subprocess.run(["cp", "-al", published, out], check=True)
                    # What was verified and is as it was: an output that stays in its place has it, a fresh clone has not.
                    (work / ".out.annexa-seen").unlink(missing_ok=True)
                    seen = work / f".{published.name}.annexa-seen"
                    if not arguments.fresh and seen.exists():
                        shutil.copy(seen, work / ".out.annexa-seen")
                taken[name].append(build(annexa, repository, out, more))
        medians = {}
        for name, runs in taken.items():
            medians[name] = [statistics.median(run[index] for run in runs) for index in (0, 1)]
            stages = {stage: round(statistics.median(run[2].get(stage, 0) for run in runs)) for stage in runs[0][2]}
            print(f"{name:6} {medians[name][0]:6.2f} s wall, {medians[name][1]:6.2f} s processor; in ms {stages}")
        for name in ("alone", "second"):
            wall, processor = (medians["next"][index] / medians[name][index] for index in (0, 1))
            print(f"next / {name}: {wall:.2f} by wall time, {processor:.2f} by processor time")


if __name__ == "__main__":
    main()
