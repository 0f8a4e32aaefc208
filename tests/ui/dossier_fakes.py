"""Dossiers made of nothing, and a desk that answers from a list: for tests of pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from counter_app.domain.calendar import CalendarDay, DayKind, make_calendar, parse_hours
from counter_app.domain.dossier import MOVE_LABELS, Move, Status
from counter_app.domain.facts import (
    ApologyRow,
    DossierFacts,
    DossierRow,
    EventFacts,
    NextAct,
    OfficerFacts,
    PaperFacts,
)
from counter_app.domain.history import new_state
from counter_app.domain.moments import to_epoch
from counter_app.domain.text import fold
from counter_app.errors import UserError
from counter_app.ui.dossier_calls import Counts, DossierCalls
from counter_app.ui.task_runner import Job, TaskCancelledError

NOW = datetime(2026, 11, 23, 9, 0)  # a Monday; the day after is a holiday
CALENDAR = make_calendar(
    weekday_hours=parse_hours("07:30-11:30,13:30-17:00"),
    days=[CalendarDay(date(2026, 11, 24), DayKind.HOLIDAY, "Ngày Văn hóa Việt Nam")],
    confirmed_years=[2026],
)


class InstantRunner:
    """Does each task at once, on the window's thread; keeps the groups it was given."""

    def __init__(self) -> None:
        self.groups: list[str] = []

    def run(
        self, work, *, on_done=None, on_error=None, on_progress=None, owner=None, group=""
    ) -> Job:
        self.groups.append(group)
        job = Job(lambda _job, *told: on_progress(*told) if on_progress else None)
        try:
            result = work(job)
        except TaskCancelledError:
            return job
        except UserError as error:
            if on_error is None:
                raise
            on_error(error)
            return job
        if on_done is not None:
            on_done(result)
        return job


def make_row(number: int = 1, **values: Any) -> DossierRow:
    """Return a line of the table; ``due`` and ``received`` are moments."""
    received = values.pop("received", datetime(2026, 11, 20, 8, number % 60))
    due = values.pop("due", datetime(2026, 11, 26, 17))
    known: dict[str, Any] = dict.fromkeys(DossierRow._fields)
    known |= {
        "id": number,
        "uuid": f"u{number}",
        "code": f"TAM-01-261120-{number:04d}",
        "applicant_name": f"Người {number}",
        "birth_date": "1992-12-30",
        "address": "Thôn Cam Vũ",
        "phone": "0905123456",
        "procedure_code": "1.004873",
        "procedure_name": "Cấp Giấy xác nhận tình trạng hôn nhân",
        "received_at": to_epoch(received),
        "due_at": None if due is None else to_epoch(due),
        "legal_due_at": None if due is None else to_epoch(due),
        "provisional": 0,
        "status": "processing",
        "channel": "counter",
        "reception_officer": "Lê Thị A",
        "handling_officer": "",
        "resolving_unit": "",
        "source": "typed",
    }
    return DossierRow(**(known | values))


def make_facts(row: DossierRow, *, why_not: dict[Move, str] | None = None, **state: Any):
    """Return a whole dossier for a line of the table; ``why_not`` greys acts."""
    whole = new_state()
    for name in DossierRow._fields:
        if name in whole:
            whole[name] = getattr(row, name)
    whole |= {
        "citizen_id": "045192007777",
        "sex": "female",
        "submitter_name": row.applicant_name,
        "sector": "Hộ tịch",
        "counter_name": "Quầy 1",
        "events_count": 1,
    }
    whole |= state
    events = (
        EventFacts(
            "e1",
            "receive",
            datetime(2026, 11, 20, 8, 1),
            datetime(2026, 11, 20, 8, 1),
            "Lê Thị A",
            "Quầy 1",
            "Lê Thị A tiếp nhận hồ sơ",
            is_undone=False,
            body={},
        ),
    )
    greyed = why_not or {}
    acts = (
        Move.FORWARD,
        Move.COMPLETE,
        Move.RETURN,
        Move.RESCHEDULE,
        Move.EXPLAIN,
        Move.SET_OFFICIAL_CODE,
        Move.PRINT,
        Move.UNDO,
    )
    return DossierFacts(
        id=row.id,
        uuid=row.uuid,
        state=whole,
        office="Xã Cam Lộ",
        timeliness=None,
        events=events,
        papers=(PaperFacts("p1", "receipt", "", "", datetime(2026, 11, 20, 8, 1), "Lê Thị A", 0),),
        acts=tuple(NextAct(m, MOVE_LABELS[m], greyed.get(m, "")) for m in acts),
    )


class FakeDesk:
    """A desk over a list of rows; remembers what it was asked to do."""

    def __init__(self, rows: list[DossierRow], *, now: datetime = NOW) -> None:
        self.rows = rows
        self.now = now
        self.done: list[tuple[Any, ...]] = []
        self.pages: list[tuple[Any, Any, int]] = []
        self.searched: list[str] = []
        self.printed: list[list[str]] = []
        self.refusal: UserError | None = None
        self.state: dict[str, Any] = {}
        self.why_not: dict[Move, str] = {}

    def calls(self) -> DossierCalls:
        return DossierCalls(
            now=lambda: self.now,
            page=self.page,
            search=self.search,
            row=self.row,
            counts=lambda: Counts(1204, 9, 14, 1, 23, 5),
            show=self.show,
            calendar=lambda: CALENDAR,
            boundary=lambda: "day",
            units=lambda: ["Tư pháp – Hộ tịch", "Địa chính – Xây dựng"],
            usual_unit=lambda _sector: "Tư pháp – Hộ tịch",
            officers=lambda: [
                OfficerFacts("Trần Văn Bảo", "Công chức", "Địa chính – Xây dựng"),
                OfficerFacts("Lê Thị Bình", "Công chức", "Tư pháp – Hộ tịch"),
            ],
            reasons=lambda: ["Chờ ý kiến của cơ quan phối hợp", "Hệ thống gián đoạn"],
            acts={move: self._act(move) for move in Move},
            print_receipt=self._print,
            reprint=lambda facts, paper: self._print(paper.uuid),
            print_papers=self.printed.append,
        )

    def page(self, query, after, count):
        self.pages.append((query, after, count))
        start = 0 if after is None else self.rows.index(after) + 1
        return self.rows[start : start + count]

    def search(self, text):
        self.searched.append(text)
        return [row for row in self.rows if fold(text) in fold(row.applicant_name)]

    def row(self, number):
        return next((row for row in self.rows if row.id == number), None)

    def show(self, code):
        row = next((r for r in self.rows if code in (r.uuid, r.code)), None)
        if row is None:
            raise UserError(f"Không tìm thấy hồ sơ có mã “{code}”.", field="code")
        return make_facts(row, why_not=self.why_not, **self.state)

    def _act(self, move):
        def act(code, **values):
            if self.refusal is not None:
                raise self.refusal
            self.done.append((move, code, values))
            if move is Move.COMPLETE:
                self.rows = [
                    r._replace(status=Status.COMPLETED.value) if r.uuid == code else r
                    for r in self.rows
                ]
            return self.show(code)

        return act

    def _print(self, code):
        self.done.append((Move.PRINT, code))
        return f"paper-of-{code}"


def make_apology(number: int = 1, kind: str = "confirmed", **values: Any) -> ApologyRow:
    """Return one line of the page of apologies."""
    known: dict[str, Any] = {
        "id": number,
        "uuid": f"a{number}",
        "code": f"H50.1-261120-{number:04d}",
        "applicant_name": f"Người {number}",
        "procedure_name": "Đăng ký khai sinh",
        "kind": kind,
        "due_at": datetime(2026, 11, 26, 17),
        "new_due_at": datetime(2026, 12, 1, 17) if kind == "confirmed" else None,
        "reason": "Chờ ý kiến" if kind == "confirmed" else "",
        "issued_number": None,
        "too_late": False,
        "resolving_unit": "Tư pháp – Hộ tịch",
    }
    return ApologyRow(**(known | values))
