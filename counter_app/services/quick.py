"""The quick register (sổ nhanh): same-day work, one line a citizen, with its number in the book.

Each line is a dossier that is received, paid, completed and returned in one transaction; no receipt
is printed unless asked for (NĐ 61/2018 Điều 17.4). A number that was given is never given again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from counter_app import paths
from counter_app.domain.books import (
    LAST_NUMBER,
    Book,
    BookEntry,
    book_for,
    parse_book_line,
    parse_books,
)
from counter_app.domain.deadlines import parse_limit
from counter_app.domain.dossier import Move
from counter_app.domain.facts import ReceiveRequest
from counter_app.domain.fees import FeeStanding, counts_pages
from counter_app.domain.history import live_events
from counter_app.domain.moments import from_epoch, to_epoch
from counter_app.errors import InputError, MoveRefusedError, NotFoundError
from counter_app.services import audit, catalogue, fees, journal, moves, reception
from counter_app.services.settings import get_setting
from counter_app.services.turns import take, write
from counter_app.storage import dossiers

if TYPE_CHECKING:
    from datetime import date

    from counter_app.domain.catalogue import Procedure
    from counter_app.domain.history import State
    from counter_app.storage.database import Store

_MOST_LINES = 2000  # of one desk on one day; its newest are looked through by their ids


@dataclass(frozen=True, slots=True)
class QuickRequest:
    """One line as it was typed."""

    procedure_code: str
    applicant_name: str
    citizen_id: str = ""
    content: str = ""
    pages: int = 0
    copies: int = 1
    is_paid: bool = True
    receipt_number: str = ""


@dataclass(frozen=True, slots=True)
class QuickLine:
    """One line as it stands in the register; a cancelled one keeps its number and its reason."""

    uuid: str
    code: str
    entry: BookEntry | None
    applicant_name: str
    citizen_id: str
    content: str
    procedure_code: str
    procedure_name: str
    label: str
    pages: int
    copies: int
    fee: int | None
    paid: int
    receipt_number: str
    at: datetime
    cancelled: str = ""

    @property
    def number(self) -> str:
        """The number in the book, or our code where there is no book."""
        return self.code if self.entry is None else str(self.entry.number)


def books(store: Store) -> list[Book]:
    """Return the office's books, or the shipped ones while it has set none."""
    own = get_setting(store, "books")
    if own:
        return [parse_book_line(line) for line in own]
    known: list[Book] | None = store.cache.get("books")
    if known is None:
        path = paths.resources() / "catalogue" / "books.json"
        known = parse_books(json.loads(path.read_text("utf-8")))
        store.cache["books"] = known
    return known


def quick_procedures(store: Store, *, on: date) -> list[Procedure]:
    """Return the procedures that stand in a book and are done the same day, in its order."""
    found = []
    for book in books(store):
        for code in book.procedures:
            try:
                one = catalogue.procedure(store, code, on=on)
            except NotFoundError:
                continue
            if one.limit and parse_limit(one.limit).is_same_day:
                found.append(one)
    return found


def next_number(store: Store, symbol: str, *, year: int) -> int:
    """Return the number the next line of a book takes, if nobody takes it before."""
    row = store.row(
        "SELECT last FROM series WHERE installation_id = ? AND kind = ? AND period = ?",
        (journal.desk(store).id, _kind(symbol), str(year)),
    )
    return (int(row[0]) if row else 0) + 1


def start_book(store: Store, symbol: str, *, number: int, year: int, by: str, now: datetime) -> int:
    """Let a book go on from a number, because an office begins in the middle of a year.

    Raises:
        InputError: no such book, or the number lies before one that was given.
    """
    with store.transaction():
        journal.check_clock(store, now)
        if symbol not in {book.symbol for book in books(store)}:
            known = ", ".join(book.symbol for book in books(store))
            raise InputError(f"Không có sổ “{symbol}”. Các sổ: {known}.", field="symbol")
        present = next_number(store, symbol, year=year)
        if not present <= number <= LAST_NUMBER:
            raise InputError(
                f"Số tiếp theo của sổ {symbol} năm {year} phải từ {present} đến {LAST_NUMBER}: số "
                "đã cấp không dùng lại. Chưa thay đổi gì.",
                field="number",
            )
        store.execute(
            "INSERT INTO series (installation_id, kind, period, last) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (installation_id, kind, period) DO UPDATE SET last = excluded.last",
            (journal.desk(store).id, _kind(symbol), str(year), number - 1),
        )
        audit.record(store, "book-start", target=f"{symbol}/{year}", was=present, now=number)
        if number != present:
            _keep_start(store, symbol, year, (present, number), by=by, now=now)
    return number


def _kind(symbol: str) -> str:
    return f"book:{symbol}"


def _keep_start(
    store: Store, symbol: str, year: int, span: tuple[int, int], *, by: str, now: datetime
) -> None:
    """Keep why numbers are missing: they stand in the office's paper book."""
    starts = book_starts(store)
    starts.append(
        {"symbol": symbol, "year": year, "from": span[0], "to": span[1], "by": by,
         "at": to_epoch(now)}
    )  # fmt: skip
    store.execute(
        "INSERT INTO setting (key, value) VALUES ('_book_starts', ?) "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (json.dumps(starts, ensure_ascii=False),),
    )


def book_starts(store: Store) -> list[dict[str, Any]]:
    """Return where numbers were left out, by whom and when."""
    row = store.row("SELECT value FROM setting WHERE key = '_book_starts'")
    found: list[dict[str, Any]] = json.loads(row[0]) if row else []
    return found


def enter_line(
    store: Store, request: QuickRequest, *, by: str, now: datetime, issue_receipt: bool = False
) -> QuickLine:
    """Enter one line: received, paid, completed and returned at once, all or nothing.

    Raises:
        InputError: a field can't be used; nothing is saved and no number is taken.
    """
    with store.transaction():
        found = catalogue.procedure(store, request.procedure_code, on=now.date())
        if not found.limit or not parse_limit(found.limit).is_same_day:
            raise InputError(
                "Thủ tục này không giải quyết ngay trong ngày: tiếp nhận ở trang Tiếp nhận (F2).",
                field="procedure_code",
            )
        if counts_pages(found.fee) and request.pages < 1:
            raise InputError("Ghi số trang của một bản để tính phí.", field="pages")
        if request.copies < 1:
            raise InputError("Số bản phải từ 1.", field="copies")
        number = request.receipt_number.strip()
        received = reception.receive_dossier(
            store,
            ReceiveRequest(
                procedure_code=found.code,
                applicant_name=request.applicant_name,
                citizen_id=request.citizen_id,
                id_kind="citizen" if request.citizen_id.strip() else "none",
                content=request.content,
                fee_pages=request.pages,
                fee_copies=request.copies,
                by=by,
            ),
            now=now,
            issue_receipt=issue_receipt,
            also={"quick": 1, **_taken(store, found.code, now=now)},
        )
        _, _, state = _load(store, received.uuid)
        if request.is_paid and FeeStanding.of(state).owed:
            fees.record_fee(store, received.uuid, paid=True, receipt_number=number, by=by, now=now)
        moves.complete(store, received.uuid, by=by, now=now)
        moves.return_result(
            store, received.uuid, collected_by=state["submitter_name"], by=by, now=now
        )
        return _line(store, received.uuid)


def _taken(store: Store, procedure_code: str, *, now: datetime) -> dict[str, Any]:
    """Take the number in the book a procedure is entered in; part of the running transaction."""
    book = book_for(books(store), procedure_code)
    if book is None:
        return {}
    number = journal.take_number(store, kind=_kind(book.symbol), period=str(now.year))
    entry = BookEntry(book.symbol, now.year, journal.desk(store).counter_number, number)
    return {"book": entry._asdict()}


def take_back_line(store: Store, uuid: str, *, reason: str, by: str, now: datetime) -> QuickLine:
    """Take a line of today back in the open: its number stays used, cancelled with the reason.

    Raises:
        MoveRefusedError: it is no line of today, or was taken back before.
        InputError: no reason is given.
    """
    with store.transaction():
        turn = take(store, uuid, Move.UNDO, at=None, now=now, reason=reason)
        is_today = from_epoch(turn.state["recorded_at"]).date() == now.date()
        if not turn.state["quick"] or not is_today:
            raise MoveRefusedError(
                f"Hồ sơ {turn.state['code']} không phải dòng ghi nhanh của hôm nay. Hồ sơ giữ "
                "nguyên; hoàn tác ở trang Hồ sơ (F3)."
            )
        live = [e for e in live_events(dossiers.events_of(store, turn.uuid)) if _can_void(e.kind)]
        extra = {
            "voids": [event.uuid for event in live],
            "reason": " ".join(reason.split()),
            "undoes": Move.RECEIVE.value,
        }
        write(store, turn, Move.UNDO, by=by, changes={}, extra=extra)
        return _line(store, turn.uuid)


def _can_void(kind: str) -> bool:
    return kind != Move.PRINT


def last_line(store: Store, *, now: datetime) -> QuickLine | None:
    """Return today's last line that still stands: the one the button takes back."""
    return next((line for line in lines_of(store, now.date()) if not line.cancelled), None)


def lines_of(store: Store, day: date) -> list[QuickLine]:
    """Return a day's lines, the newest first, cancelled ones among them."""
    start = to_epoch(datetime.combine(day, time()))
    counter = journal.desk(store).counter_number
    own = (journal.event_id(counter, 0, 0), journal.event_id(counter + 1, 0, 0))
    rows = store.rows(
        "SELECT uuid FROM (SELECT uuid, recorded_at, details, id FROM dossier "
        "WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT ?) WHERE recorded_at >= ? "
        "AND recorded_at < ? AND json_extract(details, '$.quick') = 1 ORDER BY id DESC",
        (*own, _MOST_LINES, start, start + 86_400),
    )
    return [_line(store, uuid) for (uuid,) in rows]


def _load(store: Store, uuid: str) -> tuple[int, str, State]:
    return dossiers.state_of(store.rows(dossiers.SELECT_STATE + "WHERE uuid = ?", (uuid,))[0])


def _line(store: Store, uuid: str) -> QuickLine:
    _, _, state = _load(store, uuid)
    cancelled = ""
    if state["is_void"]:
        last = dossiers.events_of(store, uuid)[-1]
        cancelled = str(last.body.get("reason") or "đã hủy")
    return QuickLine(
        uuid=uuid,
        code=state["code"],
        entry=BookEntry.of(state["book"]) if state["book"] else None,
        applicant_name=state["applicant_name"],
        citizen_id=state["citizen_id"] or "",
        content=state["content"],
        procedure_code=state["procedure_code"],
        procedure_name=state["procedure_name"],
        label=catalogue.label_of(store, state["procedure_code"], state["procedure_name"]),
        pages=state["fee_pages"],
        copies=state["fee_copies"],
        fee=FeeStanding.of(state).due,
        paid=0 if cancelled else state["fee_paid"],
        receipt_number=state["fee_receipt"],
        at=from_epoch(state["received_at"]),
        cancelled=cancelled,
    )


def line_json(line: QuickLine) -> dict[str, Any]:
    """Return a line as the command line prints it."""
    from counter_app.domain.moments import to_json

    return {
        "uuid": line.uuid,
        "code": line.code,
        "number": None if line.entry is None else line.entry.number,
        "book": None if line.entry is None else str(line.entry),
        "applicant_name": line.applicant_name,
        "procedure_code": line.procedure_code,
        "pages": line.pages,
        "copies": line.copies,
        "fee": line.fee,
        "paid": line.paid,
        "receipt_number": line.receipt_number,
        "at": to_json(line.at),
        "cancelled": line.cancelled,
    }
