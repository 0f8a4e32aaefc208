"""The till of a day (sổ thu trong ngày): what was taken, by whom, on which official receipt."""

from __future__ import annotations

import csv
import io
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.dossier import Move
from counter_app.domain.history import live_events
from counter_app.domain.moments import from_epoch, to_epoch, to_json
from counter_app.domain.rights import Act
from counter_app.services import audit, catalogue, chain, office
from counter_app.storage import dossiers
from counter_app.tabular.writing import guard, write_moment

if TYPE_CHECKING:
    from datetime import date

    from counter_app.domain.history import Event
    from counter_app.storage.database import Store

NOT_A_RECEIPT = "Bảng kê nội bộ, không phải biên lai thu phí, lệ phí."
_FOUND = (
    "SELECT dossier_uuid, uuid FROM event INDEXED BY event_till "
    "WHERE kind IN ('fee', 'undo') AND at >= ? AND at < ? ORDER BY at, id"
)
_HEADINGS = (
    "Giờ",
    "Mã hồ sơ",
    "Chủ hồ sơ",
    "Thủ tục",
    "Số tiền",
    "Số biên lai",
    "Người thu",
    "Ghi chú",
)


class TillRow(NamedTuple):
    """One payment (khoản thu), or one that was taken back, which counts below zero."""

    at: datetime
    code: str
    uuid: str
    applicant_name: str
    procedure_name: str
    amount: int
    receipt_number: str
    by: str
    note: str = ""


class TillDay(NamedTuple):
    """What came into the till on a day, with the sum and how many lack their receipt's number."""

    day: date
    office: str
    rows: tuple[TillRow, ...]
    exempt: int = 0
    is_rehearsal: bool = False
    chain_head: str = ""

    @property
    def total(self) -> int:
        """The money that should lie in the till."""
        return sum(row.amount for row in self.rows)

    @property
    def without_number(self) -> int:
        """Payments whose official receipt has no number here yet."""
        return sum(1 for row in self.rows if row.amount > 0 and not row.receipt_number)


def till_day(store: Store, day: date) -> TillDay:
    """Return the till of a day.

    What was taken back on the day it was paid stands with nothing; taken back later, it stays on
    its day and is taken off on the day it was given back, so that no closed day changes.
    """
    start = datetime.combine(day, time())
    span = (to_epoch(start), to_epoch(start + timedelta(days=1)))
    wanted: dict[str, set[str]] = {}
    for dossier, event in store.rows(_FOUND, span):
        wanted.setdefault(dossier, set()).add(event)
    rows: list[TillRow] = []
    exempt = 0
    for uuid, events in wanted.items():
        _, _, state = dossiers.state_of(
            store.rows(dossiers.SELECT_STATE + "WHERE uuid = ?", (uuid,))[0]
        )
        history = dossiers.events_of(store, uuid)
        state["procedure_name"] = catalogue.label_of(
            store, state["procedure_code"], state["procedure_name"]
        )
        rows += _rows(uuid, state, history, events, span)
        exempt += _exemptions(history, events)
    rows.sort(key=lambda row: (row.at, row.code))
    here = office.office(store)
    head = chain.shown_head(store)
    return TillDay(day, here.name, tuple(rows), exempt, here.is_rehearsal, head)


def _rows(
    uuid: str,
    state: dict[str, Any],
    history: list[Event],
    events: set[str],
    span: tuple[int, int],
) -> list[TillRow]:
    live = {event.uuid for event in live_events(history)}
    by_uuid = {event.uuid: event for event in history}
    taken_back = {
        voided: undo
        for undo in history
        if undo.kind == Move.UNDO
        for voided in undo.body["voids"]
        if voided not in live
    }
    rows = []
    for event in history:
        if event.uuid not in events:
            continue
        if event.body.get("payment"):
            undo = taken_back.get(event.uuid)
            is_same_day = undo is not None and span[0] <= undo.at < span[1]
            rows.append(_row(uuid, state, event, event, taken_back_at_once=is_same_day))
        for voided in event.body.get("voids", ()):
            paid = by_uuid[voided]
            if (
                paid.body.get("payment")
                and not span[0] <= paid.at < span[1]
                and taken_back.get(voided) is event
            ):
                rows.append(_row(uuid, state, event, paid, is_return=True))
    return rows


def _row(
    uuid: str,
    state: dict[str, Any],
    event: Event,
    paid: Event,
    *,
    taken_back_at_once: bool = False,
    is_return: bool = False,
) -> TillRow:
    amount, note = paid.body["payment"], ""
    if taken_back_at_once:
        note = f"Đã hoàn tác, không tính {amount:,} đ".replace(",", ".")
        amount = 0
    elif is_return:
        note = f"Hoàn tác khoản thu ngày {from_epoch(paid.at):%d/%m/%Y}"
        amount = -amount
    return TillRow(
        at=from_epoch(event.at),
        code=state["official_code"] or state["code"],
        uuid=uuid,
        applicant_name=state["applicant_name"],
        procedure_name=state["procedure_name"],
        amount=amount,
        receipt_number=paid.body.get("receipt_number") or state["fee_receipt"],
        by=event.by,
        note=note,
    )


def _exemptions(history: list[Event], events: set[str]) -> int:
    return sum(
        1
        for event in live_events(history)
        if event.uuid in events and event.body.get("set", {}).get("fee_exempt_reason")
    )


def till_json(found: TillDay) -> dict[str, Any]:
    """Return a day's till as the command line prints it."""
    return {
        "day": found.day.isoformat(),
        "total": found.total,
        "without_number": found.without_number,
        "exempt": found.exempt,
        "rows": [row._asdict() | {"at": to_json(row.at)} for row in found.rows],
    }


def till_file(store: Store, found: TillDay, kind: str) -> bytes:
    """Return a day's till to be printed or kept, ``.pdf`` or ``.csv``; the log tells of it."""
    data = till_pdf(found) if kind == ".pdf" else till_csv(found)
    target = found.day.isoformat()
    audit.note(store, Act.LISTS, what="bảng kê thu phí", target=target, count=len(found.rows))
    return data


def till_csv(found: TillDay) -> bytes:
    """Return a day's till as a CSV file that any spreadsheet opens."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(_HEADINGS)
    for row in found.rows:
        cells = [write_moment(row.at), row.code, row.applicant_name, row.procedure_name]
        cells += [str(row.amount), row.receipt_number, row.by, row.note]
        writer.writerow([guard(cell) if i != 4 else cell for i, cell in enumerate(cells)])  # noqa: PLR2004
    writer.writerow(["", "", "", "Cộng", str(found.total), "", "", NOT_A_RECEIPT])
    return ("\ufeff" + buffer.getvalue()).encode()


def till_pdf(found: TillDay) -> bytes:
    """Return a day's till on A4; the paper says that it is no receipt."""
    from counter_app.documents.till import render_till

    return render_till(
        found.day,
        found.office,
        f"{NOT_A_RECEIPT} Chuỗi {found.chain_head}.",
        _HEADINGS,
        _printed(found),
        is_rehearsal=found.is_rehearsal,
    )


def _printed(found: TillDay) -> list[tuple[str, ...]]:
    rows = [
        (
            f"{row.at:%H:%M}",
            row.code,
            row.applicant_name,
            row.procedure_name,
            f"{row.amount:,}".replace(",", "."),
            row.receipt_number,
            row.by,
            row.note,
        )
        for row in found.rows
    ]
    total = f"{found.total:,}".replace(",", ".")
    return [*rows, ("", "", "", f"Cộng {len(found.rows)} khoản", total, "", "", "")]
