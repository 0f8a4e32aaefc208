"""Rules that are dated data: the questions of a satisfaction slip, what need not be scanned."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.form_heading import heading_cells
from counter_app.domain.report_material import ReportForm
from counter_app.errors import NotFoundError
from counter_app.paths import resources

if TYPE_CHECKING:
    from datetime import date


class Questions(NamedTuple):
    """The questions of a satisfaction slip (phiếu đánh giá) in force on a day."""

    version: str
    source: str
    is_confirmed: bool
    questions: tuple[tuple[str, str], ...]  # key, text
    scores: tuple[tuple[int, str], ...]  # best first
    satisfied_least: int

    def key_of(self, name: str) -> str | None:
        """Return the question that a key or its place in the list names."""
        keys = [key for key, _ in self.questions]
        text = name.strip().lower()
        if text in keys:
            return text
        place = text.removeprefix("q")
        if place.isascii() and place.isdigit() and 1 <= int(place) <= len(keys):
            return keys[int(place) - 1]
        return None


class Exemptions(NamedTuple):
    """Kinds of papers that need no scan on a day: key and label, with their source."""

    version: str
    source: str
    kinds: tuple[tuple[str, str], ...]


@lru_cache(maxsize=8)
def _entries(name: str) -> tuple[dict[str, Any], ...]:
    text = (resources() / "rules" / f"{name}.json").read_text("utf-8")
    return tuple(sorted(json.loads(text), key=lambda entry: entry["valid_from"]))


def _in_force(name: str, day: date) -> dict[str, Any] | None:
    found = [entry for entry in _entries(name) if entry["valid_from"] <= day.isoformat()]
    return found[-1] if found else None


def report_form(day: date) -> ReportForm:
    """Return the report form in force on a day; before the first one known, that one."""
    entry = _in_force("report_forms", day) or _entries("report_forms")[0]
    words = ("version", "number", "basis", "title", "unit", "source")
    told = {word: str(entry[word]) for word in words}
    return ReportForm(
        **told,
        heading=heading_cells(entry["headings"], entry["numbers"]),
        closed_otherwise=entry["closed_otherwise"],
        is_confirmed=bool(entry["confirmed"]),
    )


def questions(day: date) -> Questions:
    """Return the questions in force on a day.

    Raises:
        NotFoundError: no slip was in use then.
    """
    entry = _in_force("satisfaction", day)
    if entry is None:
        raise NotFoundError(f"Chưa có mẫu phiếu đánh giá áp dụng vào ngày {day:%d/%m/%Y}.")
    return Questions(
        entry["version"],
        entry["source"],
        bool(entry["confirmed"]),
        tuple((q["key"], q["text"]) for q in entry["questions"]),
        tuple((s["score"], s["label"]) for s in entry["scores"]),
        entry["satisfied_least"],
    )


def exemptions(day: date) -> Exemptions:
    """Return what needs no scan on a day; before the first rule nothing is exempt."""
    entry = _in_force("digitisation", day)
    if entry is None:
        return Exemptions("", "", ())
    kinds = tuple((one["key"], one["label"]) for one in entry["exempt"])
    return Exemptions(entry["version"], entry["source"], kinds)
