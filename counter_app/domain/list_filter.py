"""A filter over dossiers whose conditions hold together: said in words, kept as one line."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from counter_app.domain.dossier import CHANNEL_LABELS, STATUS_LABELS, Channel, Status
from counter_app.domain.words import format_date

# What a due moment is compared with today; only what is still open has one to be compared.
DUE_WORDS = {
    "late": "quá hạn",
    "today": "đến hạn hôm nay",
    "tomorrow": "đến hạn ngày làm việc tới",
    "week": "đến hạn trong tuần này",
    "soon": "sắp đến hạn",
    "paused": "đang tạm dừng tính hạn",
}
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class ListFilter:
    """Conditions that all hold; an empty one says nothing.

    ``status`` is a state or ``open``; ``officer`` handles the dossier, or received it while nobody
    handles it; days are of receipt (``received_*``) and of the due moment (``due_*``), both ends
    counted.
    """

    status: str = ""
    due: str = ""
    due_from: date | None = None
    due_until: date | None = None
    received_from: date | None = None
    received_until: date | None = None
    unit: str = ""
    officer: str = ""
    procedure: str = ""
    sector: str = ""
    channel: str = ""
    text: str = ""

    def __bool__(self) -> bool:
        """Tell whether it says anything."""
        return self != ListFilter()

    @property
    def words(self) -> str:
        """Say in words what is shown; nothing for everything."""
        return "; ".join(self._parts())

    def _parts(self) -> list[str]:
        told = []
        if self.status:
            told.append(
                "đang giải quyết" if self.status == "open" else STATUS_LABELS[Status(self.status)]
            )
        if self.due:
            told.append(DUE_WORDS[self.due])
        told += _span("nhận", self.received_from, self.received_until)
        told += _span("hẹn trả", self.due_from, self.due_until)
        told += [part for part in (self.unit, self.officer, self.procedure, self.sector) if part]
        if self.channel:
            told.append(CHANNEL_LABELS[Channel(self.channel)])
        if self.text:
            told.append(f"có “{self.text}”")
        return told


def _span(what: str, first: date | None, last: date | None) -> list[str]:
    if first is None and last is None:
        return []
    if first == last and first is not None:
        return [f"{what} ngày {format_date(first)}"]
    parts = [what]
    if first is not None:
        parts.append(f"từ {format_date(first)}")
    if last is not None:
        parts.append(f"đến {format_date(last)}")
    return [" ".join(parts)]


def filter_line(name: str, chosen: ListFilter) -> str:
    """Write a filter with its name as one line, as a setting keeps it.

    >>> filter_line("Của Hoa", ListFilter(status="open", officer="Hoa"))
    'Của Hoa | {"status": "open", "officer": "Hoa"}'
    """
    pairs = [(field.name, getattr(chosen, field.name)) for field in fields(ListFilter)]
    held = {key: str(value) for key, value in pairs if value}
    # Lines of a setting are parted by semicolons.
    return f"{name} | " + json.dumps(held, ensure_ascii=False).replace(";", "\\u003b")


def parse_filter_line(line: str) -> tuple[str, ListFilter]:
    """Read a line that ``filter_line`` wrote.

    Raises:
        ValueError: it is none.
    """
    name, bar, text = line.partition(" | ")
    name = name.strip()
    held = json.loads(text) if bar else None
    if not name or len(name) > LONGEST_NAME or not isinstance(held, dict):
        raise ValueError(line)
    known = {field.name for field in fields(ListFilter)}
    read: dict[str, Any] = {}
    for key, value in held.items():
        if key not in known or not isinstance(value, str):
            raise ValueError(line)
        read[key] = date.fromisoformat(value) if key.endswith(("_from", "_until")) else value
    chosen = ListFilter(**read)
    check_filter(chosen)
    return name, chosen


def check_filter(chosen: ListFilter) -> None:
    """Refuse words that no filter knows.

    Raises:
        ValueError: with a Vietnamese sentence.
    """
    if chosen.status not in {"", "open", *map(str, Status)}:
        msg = f"Không có trạng thái “{chosen.status}”."
        raise ValueError(msg)
    if chosen.due and chosen.due not in DUE_WORDS:
        msg = f"Không có mốc hạn “{chosen.due}”. Chọn: {', '.join(DUE_WORDS)}."
        raise ValueError(msg)
    if chosen.channel not in {"", *map(str, Channel)}:
        msg = f"Không có hình thức nộp “{chosen.channel}”."
        raise ValueError(msg)
    for what, first, last in (
        ("nhận", chosen.received_from, chosen.received_until),
        ("hẹn trả", chosen.due_from, chosen.due_until),
    ):
        if first is not None and last is not None and first > last:
            msg = f"Ngày {what} “từ” đứng sau ngày “đến”."
            raise ValueError(msg)
