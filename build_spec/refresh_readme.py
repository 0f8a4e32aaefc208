# ruff: noqa: INP001 - a script for developers, no package
"""Copy the bench's results and the table of moves into the README, between their marks.

    python build_spec/refresh_readme.py          # after a run of the bench or a new move
    python build_spec/refresh_readme.py --check  # exit 1 if the README is behind

The results are ``tests/bench/RESULTS.md``. Its heading gives way to the README's own, and of its
table the README shows the lines that have a goal, met or missed. The moves are drawn from
``counter_app/domain/dossier.py``.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from counter_app.domain.dossier import OPEN, TABLE, Rule, Status  # noqa: E402 - found above

README = ROOT / "README.md"
RESULTS = ROOT / "tests" / "bench" / "RESULTS.md"
_SECTION = r"(<!-- {name}:start -->\n).*?(<!-- {name}:end -->)"


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


def moves() -> str:
    """Return the table of states and moves as the code has it."""
    lines = ["| from | verb | to | |", "|---|---|---|---|"]
    lines += [
        f"| {_sources(rule)} | `{rule.move}` | {_target(rule)} | {_note(rule)} |" for rule in TABLE
    ]
    return "\n".join(lines)


def _sources(rule: Rule) -> str:
    if rule.sources == frozenset(Status):
        return "any"
    if rule.sources == OPEN:
        return "all that are open"
    return ", ".join(status.value for status in Status if status in rule.sources) or "–"


def _target(rule: Rule) -> str:
    if rule.back:
        return "the state before"
    return "same" if rule.target is None else rule.target.value


def _note(rule: Rule) -> str:
    words = [rule.note] if rule.note else []
    if rule.needs_reason:
        words.insert(0, "needs a reason")
    return "; ".join(words)


def refreshed(readme: str, section: str, name: str = "bench") -> str:
    """Return the README with this section between the marks of a name."""
    marks = re.compile(_SECTION.format(name=name), re.DOTALL)
    return marks.sub(lambda found: f"{found[1]}{section}\n{found[2]}", readme)


def main(arguments: list[str]) -> int:
    """Write the README, or with ``--check`` say whether it would change."""
    parser = argparse.ArgumentParser(description="Copy results and moves into the README.")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    before = README.read_text("utf-8")
    after = refreshed(before, results(RESULTS.read_text("utf-8")))
    after = refreshed(after, moves(), "moves")
    if options.check:
        return int(after != before)
    README.write_text(after, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
