# ruff: noqa: INP001 - a script for developers, no package
"""Copy the bench's results into the README, between its two marks.

    python build_spec/refresh_readme.py          # after a run of the bench
    python build_spec/refresh_readme.py --check  # exit 1 if the README is behind

The results are ``tests/bench/RESULTS.md``. Its heading gives way to the README's own, and of its
table the README shows the lines that have a goal, met or missed.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
RESULTS = ROOT / "tests" / "bench" / "RESULTS.md"
_SECTION = re.compile(r"(<!-- bench:start -->\n).*?(<!-- bench:end -->)", re.DOTALL)


def results(text: str) -> str:
    """Return the results as the README shows them: without the lines that have no goal."""
    lines = text.strip().splitlines()[1:]
    head = next((line for line in lines if line.startswith("|")), "")
    cells = [cell.strip() for cell in head.split("|")]
    column = cells.index("goal") if "goal" in cells else 0
    shown = [line for line in lines if not _is_without_goal(line, column)]
    return "\n".join(shown).strip()


def _is_without_goal(line: str, column: int) -> bool:
    return column > 0 and line.startswith("|") and not line.split("|")[column].strip()


def refreshed(readme: str, section: str) -> str:
    """Return the README with this section between the marks."""
    return _SECTION.sub(lambda found: f"{found[1]}{section}\n{found[2]}", readme)


def main(arguments: list[str]) -> int:
    """Write the README, or with ``--check`` say whether it would change."""
    parser = argparse.ArgumentParser(description="Copy the bench's results into the README.")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    before = README.read_text("utf-8")
    after = refreshed(before, results(RESULTS.read_text("utf-8")))
    if options.check:
        return int(after != before)
    README.write_text(after, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
