# ruff: noqa: INP001 - a script for developers, no package
"""List the window's texts that have no English beside them; ``--add`` adds empty entries.

Run from the root of the repository: ``python build_spec/collect_texts.py [--add]``.
"""

from __future__ import annotations

import argparse
import ast
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "resources" / "translations" / "counter_app_en.json"
# Which argument of each function is the text.
_POSITIONS = {"tr": 0, "_tr": 0, "translate": 1}


def texts_of(source: str) -> set[str]:
    """Return the literals handed to ``tr`` and its kin in one module."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        position = _POSITIONS.get(name)
        if position is None or len(node.args) <= position:
            continue
        for part in ast.walk(node.args[position]):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                found.add(part.value)
    return found


def missing_texts() -> list[str]:
    """Return the texts under ``counter_app/ui`` that the table doesn't know."""
    known = json.loads(TABLE.read_text("utf-8")) if TABLE.exists() else {}
    modules = (ROOT / "counter_app" / "ui").rglob("*.py")
    found = set().union(*(texts_of(path.read_text("utf-8")) for path in modules))
    return sorted(text for text in found if text and not known.get(text))


def main() -> int:
    """Print what is missing, or add it with empty translations."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--add", action="store_true", help="add empty entries to the table")
    wants_added = parser.parse_args().add
    missing = missing_texts()
    if wants_added:
        known = json.loads(TABLE.read_text("utf-8")) if TABLE.exists() else {}
        table = dict.fromkeys(missing, "") | known
        text = json.dumps(dict(sorted(table.items())), ensure_ascii=False, indent=2)
        TABLE.write_text(text + "\n", encoding="utf-8")
    print("\n".join(missing))  # noqa: T201 - a script's answer
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
