#!/usr/bin/env python3
"""Holds files of a project against the JSON Schemas that `annexa schema --out` writes, by a validator that knows nothing of Annexa (check-jsonschema, PyPI).

    check_schemas.py SCHEMAS PROJECT...

And the schemas against the standard, and a file with a wrong key against each, which must be refused.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

SCHEMAS = Path(sys.argv[1])
PROJECTS = [Path(project) for project in sys.argv[2:]]
FILES = {
    "annexa": "annexa.yaml",
    "adopted": "content/front-matter.yaml",
    "register": "content/registers/*.yaml",
    "statements": "content/controls/*.yaml",
    "framework": "frameworks/*.yaml",
    "baseline": "frameworks/baselines/*.yaml",
    "crosswalk": "frameworks/crosswalks/*.yaml",
    "decisions": "frameworks/crosswalk.yaml",
    "theme": "themes/*/theme.yaml",
    "approval": "records/approvals/*.yaml",
}
COMMAND = [sys.executable, "-m", "check_jsonschema"]


def holds(schema: Path, files: list[Path]) -> bool:
    return subprocess.run([*COMMAND, "--schemafile", schema, *files], stdout=sys.stderr).returncode == 0


def refuses(schema: Path, folder: Path) -> bool:
    """Whether a key that nobody knows is refused."""
    wrong = folder / "wrong.yaml"
    wrong.write_text("a_key_that_nobody_knows: 1\n")
    return subprocess.run([*COMMAND, "--schemafile", schema, wrong], capture_output=True).returncode == 1


def front_matter(document: Path) -> str | None:
    text = document.read_text(encoding="utf-8-sig")
    parts = text.split("---\n", 2)
    return parts[1] if len(parts) == 3 and not parts[0] else None


def main() -> int:
    schemas = sorted(SCHEMAS.glob("*.schema.json"))
    right = bool(schemas) and subprocess.run([*COMMAND, "--check-metaschema", *schemas]).returncode == 0
    checked = 0
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for schema in schemas:
            json.loads(schema.read_text())
            if not refuses(schema, folder):
                print(f"{schema}: takes a key that nobody knows")
                right = False
            name = schema.name.removesuffix(".schema.json")
            if name == "front-matter":
                files = []
                for number, document in enumerate(file for project in PROJECTS for file in sorted(project.glob("content/**/*.md"))):
                    if (text := front_matter(document)) is not None:
                        files.append(folder / f"{number}-{document.stem}.yaml")
                        files[-1].write_text(text)
            else:
                files = [file for project in PROJECTS for file in sorted(project.glob(FILES[name])) if file.name != "crosswalk.yaml" or name == "decisions"]
            if files and not holds(schema, files):
                right = False
            checked += len(files)
    print(f"{checked} files held against {len(schemas)} schemas: {'all fit' if right else 'see above'}")
    return 0 if right and checked else 1


if __name__ == "__main__":
    sys.exit(main())
