"""Templates: sentences with named fields, and the reader that knows which fields there are.

``{field}`` is filled from the facts, ``**…**`` is bold. A template that names a field which is
empty for this paper is left out, unless it asks for a leader to write on.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from counter_app.errors import PaperError

NO_BREAK = "\u00a0"
"""A space at which no line is broken; on paper a space like others."""

_PARTS = re.compile(r"(\*\*|\{[^{}]*\})")
Fields = Mapping[str, str]


class Run(NamedTuple):
    """A stretch of text in one weight."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence with named fields, already taken apart."""

    pieces: tuple[tuple[str, bool, bool], ...]  # text or field name, is it a field, is it bold
    needs: frozenset[str]

    def fill(self, fields: Fields) -> tuple[Run, ...]:
        """Return the filled sentence, or nothing if a field it needs is empty."""
        if not self.pieces or not all(fields[name] for name in self.needs):
            return ()
        return tuple(
            Run(fields[text] if is_field else text, bold) for text, is_field, bold in self.pieces
        )

    def plain(self, fields: Fields) -> str:
        """Return the filled sentence without weights."""
        return "".join(run.text for run in self.fill(fields))


class Item(NamedTuple):
    """A label and what stands behind it."""

    label: str
    text: Template
    suffix: Template
    leader: bool  # an empty one shows dots to write on
    unless: str  # left out when this field is filled
    is_kept: bool  # its text stands on one line, below the label if need be


class Line(NamedTuple):
    """One line of a form's body, of one or more items."""

    kind: Literal["line", "documents", "list", "remark"]
    items: tuple[Item, ...]


class Signature(NamedTuple):
    """A place to sign."""

    title: str
    note: str
    name: Template


class Reader:
    """Takes templates apart and knows the fields they may name.

    ``at`` walks down the data, so that a wrong field is told with the place it stands at.
    """

    def __init__(self, version: str, known: frozenset[str], place: str = "") -> None:
        """Read for a wording version whose papers have the ``known`` fields."""
        self.version = version
        self.known = known
        self.place = place

    def at(self, *steps: str | int) -> Reader:
        """Return a reader for a part of what this one reads."""
        return Reader(self.version, self.known, "/".join(map(str, (self.place, *steps))).strip("/"))

    def template(self, text: str, needs: Iterable[str] = ()) -> Template:
        """Take one sentence apart.

        Raises:
            PaperError: it names a field that this paper doesn't have, or a brace stands alone; its
                ``field`` is the place within the wording.
        """
        found, fault = _taken_apart(text, tuple(needs))
        if fault:
            raise PaperError(
                f"Lời văn biểu mẫu “{self.version}”, chỗ “{self.place}”: {fault}", field=self.place
            )
        for field in sorted(found.needs - self.known):
            raise PaperError(
                f"Lời văn biểu mẫu “{self.version}”, chỗ “{self.place}”: giấy tờ này không có"
                f" trường “{field}”. {_near(field, self.known)}",
                field=self.place,
            )
        return found

    def templates(self, texts: Iterable[str]) -> tuple[Template, ...]:
        """Take several sentences apart."""
        return tuple(self.at(number).template(text) for number, text in enumerate(texts))

    def item(self, data: dict[str, Any]) -> Item:
        """Read a label with what stands behind it."""
        unless = data.get("unless", "")
        self.at("unless").template("", [unless] if unless else [])
        return Item(
            data.get("label", ""),
            self.at("text").template(data.get("text", ""), data.get("needs", ())),
            self.at("suffix").template(data.get("suffix", "")),
            data.get("empty") == "leader",
            unless,
            data.get("keep", False),
        )

    def line(self, data: dict[str, Any]) -> Line:
        """Read one line of a form's body."""
        items = enumerate(data["items"])
        return Line(
            data.get("kind", "line"),
            tuple(self.at("items", number).item(item) for number, item in items),
        )


@lru_cache(maxsize=4096)
def _taken_apart(text: str, needs: tuple[str, ...]) -> tuple[Template, str]:
    """Take a sentence apart once, however many versions say it; return it and what is wrong."""
    pieces: list[tuple[str, bool, bool]] = []
    bold, fault = False, ""
    for part in _PARTS.split(text):
        if part == "**":
            bold = not bold
        elif part.startswith("{") and part.endswith("}"):
            pieces.append((part[1:-1], True, bold))
        elif "{" in part or "}" in part:
            fault = (
                f"dấu ngoặc nhọn chưa đủ cặp trong “{text}”. Hãy viết tên trường giữa một cặp"
                " { và }."
            )
        elif part:
            pieces.append((part, False, bold))
    if bold and not fault:
        fault = f"dấu ** in đậm chưa đủ cặp trong “{text}”. Hãy đặt ** ở cả hai đầu phần in đậm."
    named = frozenset(piece for piece, is_field, _ in pieces if is_field)
    return Template(tuple(pieces), named.union(needs)), fault


def _near(field: str, known: frozenset[str]) -> str:
    """Say which field may have been meant."""
    near = difflib.get_close_matches(field, known, n=1)
    if near:
        return f"Có phải “{near[0]}”? Hãy sửa lại tên trường."
    return f"Hãy dùng một trong các trường: {', '.join(sorted(known))}."
