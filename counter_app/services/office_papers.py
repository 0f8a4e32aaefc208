"""Papers of the office itself (giấy tờ của bộ phận): frozen once, printed again from what stands.

They belong to no single dossier: the kit for an outage, the sheet handed to a unit at 15:00.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.moments import from_epoch, to_epoch
from counter_app.domain.numbering import OfficePaperKind, office_paper_code
from counter_app.domain.text import clean_line
from counter_app.errors import NotFoundError
from counter_app.services import audit, journal
from counter_app.services.settings import get_setting
from counter_app.storage import dossiers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from counter_app.storage.database import Store

KIT, SHEET = "outage", "handover"
# The list that one signs for a pile of results is a "handover" too: the codes tell them apart.
_SERIES = {KIT: "BOGIAY", SHEET: "TOGIAO"}


class OfficePaperRow(NamedTuple):
    """One paper of the office as a list shows it."""

    id: int
    uuid: str
    kind: str
    code: str
    unit: str
    day: str
    made_at: datetime
    officer: str
    copies: int


_COLUMNS = "id, uuid, kind, code, unit, day, made_at, officer, copies"


def take_code(store: Store, kind: OfficePaperKind, day: date) -> str:
    """Take the next code of a paper's series; part of the running transaction."""
    number = journal.take_number(store, kind=kind.lower(), period=f"{day:%y%m%d}")
    return office_paper_code(kind, journal.desk(store).counter_number, day, number)


def keep(
    store: Store,
    *,
    kind: str,
    code: str,
    unit: str,
    facts: dict[str, Any],
    by: str,
    now: datetime,
) -> int:
    """Freeze a paper within the running transaction and return its row's number."""
    audit.record(store, "office-papers", target=code)
    cursor = store.execute(
        "INSERT INTO officepaper (uuid, office_id, kind, code, unit, day, made_at, officer, facts, "
        "copies) VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, 0)",
        (
            journal.new_uuid(),
            kind,
            code,
            unit,
            now.date().isoformat(),
            to_epoch(now),
            clean_line(by),
            dossiers.dump(facts),
        ),
    )
    return int(cursor.lastrowid)


def find(store: Store, code: str) -> OfficePaperRow:
    """Return a paper by its code or uuid.

    Raises:
        NotFoundError: there is none.
    """
    text = clean_line(code)
    row = store.row(
        f"SELECT {_COLUMNS} FROM officepaper WHERE code = ? OR uuid = ?",  # noqa: S608 - own words
        (text.upper(), text.lower()),
    )
    if row is None:
        raise NotFoundError(
            f"Không tìm thấy giấy mang mã “{text}” trong dữ liệu của quầy này. "
            "Kiểm tra lại mã, hoặc mở ở quầy đã in giấy.",
            field="code",
        )
    return _row(row)


def is_of(paper: OfficePaperRow, kind: str) -> bool:
    """Say whether a paper is a kit, or a sheet and no list of results."""
    return paper.kind == kind and paper.code.startswith(f"{_SERIES[kind]}-")


def listed(store: Store, kind: str, *, limit: int = 50) -> list[OfficePaperRow]:
    """Return the last papers of a kind, newest first."""
    rows = store.rows(
        f"SELECT {_COLUMNS} FROM officepaper WHERE office_id = 1 AND kind = ? "  # noqa: S608
        "AND code GLOB ? ORDER BY id DESC LIMIT ?",
        (kind, f"{_SERIES[kind]}-*", limit),
    )
    return [_row(row) for row in rows]


def _row(row: Sequence[Any]) -> OfficePaperRow:
    found = OfficePaperRow._make(row)
    return found._replace(made_at=from_epoch(row[6]))


def facts_of(store: Store, paper: OfficePaperRow) -> dict[str, Any]:
    """Return what a paper says, with how often it was printed again."""
    row = store.row("SELECT facts, copies FROM officepaper WHERE id = ?", (paper.id,))
    if row is None:
        raise NotFoundError("Không tìm thấy giấy này trong dữ liệu.", field="code")
    facts: dict[str, Any] = json.loads(row[0])
    return facts | {"reprint_count": row[1]}


def print_again(store: Store, code: str, *, now: datetime) -> OfficePaperRow:
    """Count a further print; within the minutes of a paper jam the copy stays the same."""
    with store.transaction():
        journal.check_clock(store, now)
        paper = find(store, code)
        audit.record(store, "office-papers", target=code, what="in lại")
        jam = timedelta(minutes=get_setting(store, "jam_minutes"))
        if now - paper.made_at > jam:
            store.execute("UPDATE officepaper SET copies = copies + 1 WHERE id = ?", (paper.id,))
        return find(store, code)


def pdf(store: Store, codes: Sequence[str]) -> bytes:
    """Make the PDF of papers of one kind from their frozen facts."""
    from counter_app.documents.office_papers import render_kits, render_sheets
    from counter_app.domain.outage import OutageFacts
    from counter_app.domain.unit_sheet import SheetFacts

    papers = [find(store, code) for code in codes]
    if all(paper.kind == KIT for paper in papers):
        return render_kits([OutageFacts.from_json(facts_of(store, paper)) for paper in papers])
    return render_sheets(
        [SheetFacts.from_json(facts_of(store, p)) for p in papers if is_of(p, SHEET)]
    )
