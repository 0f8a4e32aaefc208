"""What belongs to the office and not to one desk, compared by marks: which entries differ.

A mark is the beginning of an entry's hash. Marks travel in the manifest of each bundle, so that a
desk whose catalogue, calendar, wordings or people were changed alone is noticed, and named.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    #: Group, entry, mark.
    Marks = Mapping[str, Mapping[str, str]]

MARK_LENGTH = 16
CATALOGUE, CALENDAR, WORDINGS, PEOPLE = "catalogue", "calendar", "wordings", "people"
_GROUPS = {
    CATALOGUE: "danh mục thủ tục",
    CALENDAR: "lịch làm việc",
    WORDINGS: "lời văn biểu mẫu",
    PEOPLE: "cán bộ",
}
_NAMED = 5


def mark_of(values: Sequence[Any]) -> str:
    """Return the mark of an entry's values.

    >>> mark_of(["1.004873", None]) == mark_of(["1.004873", None])
    True
    >>> mark_of(["1.004873", None]) == mark_of(["1.004873", ""])
    False
    """
    told = json.dumps(list(values), ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:MARK_LENGTH]


def differing_groups(ours: Marks, theirs: Marks) -> list[str]:
    """Return the groups that differ, in words; a group the other desk doesn't tell of is unknown.

    >>> differing_groups({"people": {"Hoa": "a"}}, {"people": {"Hoa": "b"}})
    ['cán bộ']
    >>> differing_groups({"people": {"Hoa": "a"}}, {})
    []
    """
    return [
        words
        for group, words in _GROUPS.items()
        if group in theirs and dict(theirs[group]) != dict(ours.get(group, {}))
    ]


def differences(ours: Marks, theirs: Marks, *, desk: str) -> list[str]:
    """Say group by group which entries differ, and which only one of two desks has.

    >>> differences({"people": {"Hoa": "a"}}, {"people": {"Hoa": "b"}}, desk="Quầy 2")
    ['Cán bộ ở đây khác Quầy 2: nội dung khác: Hoa.']
    """
    told = []
    for group, words in _GROUPS.items():
        if group not in theirs:
            continue
        here, there = ours.get(group, {}), theirs[group]
        parts = [
            f"{what}: {_names(keys)}"
            for what, keys in (
                ("nội dung khác", {k for k in here.keys() & there.keys() if here[k] != there[k]}),
                (f"chỉ {desk} có", there.keys() - here.keys()),
                ("chỉ quầy này có", here.keys() - there.keys()),
            )
            if keys
        ]
        if parts:
            told.append(f"{words[0].upper()}{words[1:]} ở đây khác {desk}: {'; '.join(parts)}.")
    return told


def _names(keys: set[str]) -> str:
    named = sorted(keys)[:_NAMED]
    more = len(keys) - len(named)
    return ", ".join(named) + (f" và {more} mục nữa" if more else "")
