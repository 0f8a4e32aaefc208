"""The head that every paper shares: agency, Quốc hiệu and Tiêu ngữ, number and date.

Sizes and rules of Nghị định 30/2020/NĐ-CP, Phụ lục I; the receipt borrows them, smaller.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from counter_app.documents.templates import Fields, Item
from counter_app.documents.typeset import MM, Face, Rule, Sheet, Style, Type

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
_MOTTO_SIZE = 13 / 12  # of Quốc hiệu's: 13 beside 12
_SEAT = re.compile(r"^(ỦY BAN NHÂN DÂN) (.+)$")
_SHRINK = 0.88  # of the size, rather than a second line
_PEN = 14 * MM  # room to write a number


class Head(NamedTuple):
    """Where the two columns of a head stand, and the type size of its first lines."""

    left: float
    right: float
    share: float  # the agency's part of the width
    size: float

    @property
    def columns(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The edges of the agency's column and of Quốc hiệu's."""
        split = self.left + (self.right - self.left) * self.share
        gap = self.size * 0.4
        return (self.left, split - gap), (split + gap, self.right)


def put_head(
    sheet: Sheet, type_: Type, agencies: tuple[str, str], head: Head, *, top: float
) -> float:
    """Set the agency with its superior on the left, Quốc hiệu and Tiêu ngữ on the right.

    Returns the height below both.
    """
    lead = head.size * 1.22
    parent, agency = agencies
    left, right = head.columns
    names = _capitals(type_, agency, Face(Style.BOLD, head.size), head)
    y = top
    for text, face in (*_capitals(type_, parent, Face(Style.REGULAR, head.size), head), *names):
        sheet.centre(type_, text, face, top=y, between=left)
        y += lead
    longest = max((type_.width(text, *face) for text, face in names), default=0)
    if longest:
        # A rule of a third to a half of the agency's name.
        middle = sum(left) / 2
        sheet.rules.append(Rule(middle - longest / 5, y + 1.5, middle + longest / 5, y + 1.5))
    nation = type_.fitting_size(NATION, Style.BOLD, head.size, right[1] - right[0])
    motto = nation * _MOTTO_SIZE
    sheet.centre(type_, NATION, Face(Style.BOLD, nation), top=top, between=right)
    sheet.centre(type_, MOTTO, Face(Style.BOLD, motto), top=top + lead, between=right)
    # The rule under Tiêu ngữ is as long as its text.
    half = type_.width(MOTTO, Style.BOLD, motto) / 2
    middle, under = sum(right) / 2, top + lead + motto * 1.25
    sheet.rules.append(Rule(middle - half, under, middle + half, under))
    return max(y + 1.5, under) + head.size * 0.7


def put_number(
    sheet: Sheet, type_: Type, item: Item, fields: Fields, head: Head, *, top: float, size: float
) -> None:
    """Centre "Số: …/…" under the agency, with room for a pen if there is no number yet."""
    if not item.label:  # a paper without numbers
        return
    face = Face(Style.REGULAR, size)
    number = item.text.plain(fields)
    suffix = item.suffix.plain(fields) or "/"
    between = head.columns[0]
    if number:
        text = f"{item.label} {number}{suffix}"
        sheet.centre(type_, text, face, top=top, between=between)
        return
    label = type_.width(item.label + " ", *face)
    x = (sum(between) - label - _PEN - type_.width(suffix, *face)) / 2
    sheet.put(x, top, item.label, face)
    if item.leader:
        sheet.leader(x + label, x + label + _PEN, top, size)
    sheet.put(x + label + _PEN, top, suffix, face)


def _capitals(type_: Type, text: str, face: Face, head: Head) -> list[tuple[str, Face]]:
    """Return an agency's name in capitals: on one line if it nearly fits, else broken evenly."""
    text = " ".join(text.upper().split())
    if not text:
        return []
    width = head.columns[0][1] - head.left
    if type_.fitting_size(text, *face, width) >= face.size * _SHRINK:
        return [(text, face._replace(size=type_.fitting_size(text, *face, width)))]
    seat = _SEAT.match(text)
    return [
        (line, face)
        for part in (seat.groups() if seat else (text,))
        for line in type_.balanced(part, *face, width)
    ]
