"""Edits of the calendar: the promises they touch are shown first and moved only in the open.

Days that are taken in without a decision wait: what they touch stays on the list until a decision
is named. On confirmation each touched dossier gets a promise of kind ``calendar`` with the
decision's number; a printed date is never moved earlier.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.atomic import write_atomically
from counter_app.domain.calendar import CalendarDay, DayKind
from counter_app.domain.calendar_changes import (
    FATE_LABELS,
    DayChange,
    Fate,
    Recount,
    Term,
    changed_days,
    in_words,
    recount,
)
from counter_app.domain.deadlines import NO_CUTOFF, Counting, DeadlineError, Pause, parse_limit
from counter_app.domain.dossier import Move, PromiseKind
from counter_app.domain.history import State
from counter_app.domain.moments import from_epoch, to_json
from counter_app.domain.official import read_day, write_day
from counter_app.domain.rights import Act
from counter_app.domain.verdicts import in_force
from counter_app.domain.words import format_moment
from counter_app.errors import InputError, MoveRefusedError
from counter_app.services import audit, calendars, linked, office, promises
from counter_app.services.giving_way import giving_way
from counter_app.services.settings import calendar_version
from counter_app.services.turns import check_line, take, write
from counter_app.storage import dossiers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from counter_app.domain.calendar import Calendar
    from counter_app.storage.database import Store

    Progress = Callable[[int, int], object]

_PENDING = "_calendar_before"
_TOLD_EVERY = 200
_PEOPLE_LIST = "danh sách người cần báo ngày hẹn mới"
_COUNTED = (
    "WHERE office_id = 1 AND is_void = 0 AND legal_due_at IS NOT NULL "
    "AND status IN ('received','processing','awaiting_payment') ORDER BY legal_due_at, id"
)
_LAST_VERSIONS = (
    "SELECT p.dossier_id, p.calendar_version FROM promise p JOIN "
    "(SELECT dossier_id, max(id) AS last FROM promise WHERE kind <> 'reschedule' GROUP BY 1) l "
    "ON l.last = p.id"
)
_PEOPLE = (
    "Mã hồ sơ",
    "Chủ hồ sơ",
    "Điện thoại",
    "Thủ tục",
    "Hẹn trả đã in",
    "Hẹn trả mới",
    "Căn cứ",
    "Đã báo",
)


class CalendarEdit(NamedTuple):
    """What is to change: days to write, days to take out, years that are announced now."""

    days: tuple[CalendarDay, ...] = ()
    removed: tuple[tuple[date, DayKind], ...] = ()
    years: tuple[int, ...] = ()

    @property
    def dates(self) -> set[date]:
        """Every date it writes or takes out."""
        return {day.date for day in self.days} | {day for day, _ in self.removed}


class TouchedPromise(NamedTuple):
    """A promise on the list: whose, what he was told last, what holds after confirmation.

    A dossier that was rescheduled is told the later of that day and the limit's; ``legal`` are the
    ends of the limit alone, before and after.
    """

    uuid: str
    code: str
    applicant_name: str
    phone: str
    procedure_name: str
    before: datetime
    after: datetime
    is_provisional: bool
    fate: Fate
    legal: tuple[datetime, datetime]

    @property
    def words(self) -> str:
        """Say it in one line."""
        when = format_moment(self.before)
        if self.fate is Fate.MOVED:
            when += f" → {format_moment(self.after)}"
        return f"{self.code}  {self.applicant_name}: {when}, {FATE_LABELS[self.fate]}"


class CalendarPreview(NamedTuple):
    """What an edit does: to days, to the count of working days, to promises."""

    days: tuple[DayChange, ...]
    working_days: tuple[tuple[int, int, int], ...]  # year, before, after
    touched: tuple[TouchedPromise, ...]

    @property
    def to_tell(self) -> tuple[TouchedPromise, ...]:
        """The people whose date is another one: to be told."""
        return tuple(one for one in self.touched if one.fate is Fate.MOVED)


class _Before(NamedTuple):
    """What one edit, that no decision confirmed yet, wrote over."""

    days: dict[str, list[dict[str, Any]]]
    years: list[int]  # those it announced
    version: int


def preview(
    store: Store, edit: CalendarEdit, *, progress: Progress | None = None
) -> CalendarPreview:
    """Return what an edit would change, with what still waits from earlier ones; saves nothing.

    ``progress`` is called with dossiers counted anew and dossiers in all; it may raise to cancel.
    """
    present = calendars.calendar(store)
    rows, years = calendars.days_of(store), calendars.confirmed_years(store)
    after = calendars.calendar_of(store, _edited(rows, edit), years | set(edit.years))
    steps = _pending(store)
    dates = edit.dates | {date.fromisoformat(day) for step in steps for day in step.days}
    years_of = sorted({day.year for day in dates} | set(edit.years))
    return CalendarPreview(
        tuple(changed_days(present, after, edit.dates)),
        tuple((y, present.working_days(y), after.working_days(y)) for y in years_of),
        tuple(_touched(store, _as_they_were(store, rows, years, steps), after, progress)),
    )


def waiting(store: Store) -> tuple[TouchedPromise, ...]:
    """Return the promises that edits touched and no decision confirmed yet."""
    return () if not _pending(store) else preview(store, CalendarEdit()).touched


def take_in(
    store: Store, edit: CalendarEdit, *, progress: Progress | None = None
) -> CalendarPreview:
    """Write the edit; what it touches waits for a decision's number, no promise moves.

    ``progress`` is that of ``preview``; what raises in it keeps everything as it is.
    """
    with store.transaction():
        found = preview(store, edit, progress=progress)
        _write(store, edit, source="")
        if not found.touched:
            store.execute("DELETE FROM setting WHERE key = ?", (_PENDING,))
    return found


def confirm(
    store: Store,
    edit: CalendarEdit,
    *,
    decision: str,
    by: str,
    now: datetime,
    shown: Sequence[TouchedPromise] | None = None,
    progress: Progress | None = None,
) -> CalendarPreview:
    """Write the edit and add a promise to each dossier it touches, all or nothing.

    Args:
        store: the data.
        edit: what changes; an empty one confirms what waits.
        decision: the number of the decision (số quyết định).
        by: who confirms.
        now: the moment.
        shown: the list that was on screen; another one stops the act.
        progress: that of ``preview``, then called with promises added and promises in all; may
            raise to cancel, which changes nothing.

    Raises:
        InputError: no decision is named.
        MoveRefusedError: the list is another one than was shown.
    """
    number = check_line(decision, field="decision", label="Số quyết định")
    with store.transaction():
        found = preview(store, edit, progress=progress)
        if not number and (found.touched or edit.years):
            raise InputError(
                f"Lịch này chạm tới {len(found.touched)} lời hẹn: cần số quyết định để ghi vào "
                "từng lời hẹn. Chưa thay đổi gì. Nhập số quyết định rồi xác nhận lại.",
                field="decision",
            )
        if shown is not None and tuple(shown) != found.touched:
            raise MoveRefusedError(
                "Danh sách lời hẹn đã khác lúc xem vì có hồ sơ vừa nhận hoặc vừa chuyển. Chưa "
                "thay đổi gì. Xem lại danh sách rồi xác nhận."
            )
        since = min(edit.dates, default=now.date())
        _write(store, edit, source=number)
        store.execute("DELETE FROM setting WHERE key = ?", (_PENDING,))
        for done, one in enumerate(found.touched):
            if progress is not None:
                progress(done, len(found.touched))
            _promise(store, one, decision=number, by=by, now=now, since=since)
    return found


def take_back(store: Store, edit: CalendarEdit) -> None:
    """Put an edit back that was written by ``take_in`` and moved no promise."""
    with store.transaction():
        _write(store, edit, source="")
        if not preview(store, CalendarEdit()).touched:
            store.execute("DELETE FROM setting WHERE key = ?", (_PENDING,))


def inverse(store: Store, edit: CalendarEdit) -> CalendarEdit:
    """Return the edit that puts back what this one is about to change; years stay announced."""
    present = {(day.date, day.kind): day for day in calendars.days_of(store)}
    keys = {(day.date, day.kind) for day in edit.days} | set(edit.removed)
    return CalendarEdit(
        days=tuple(present[key] for key in sorted(keys) if key in present),
        removed=tuple(key for key in sorted(keys) if key not in present),
    )


def _promise(
    store: Store,
    one: TouchedPromise,
    *,
    decision: str,
    by: str,
    now: datetime,
    since: date,
) -> None:
    before, after = one.legal
    words = f"theo {decision}"
    if one.after > after:
        words += f", ngày đã hẹn lại {one.after:%d/%m/%Y} vẫn giữ"
    turn = take(store, one.uuid, Move.CALENDAR, at=None, now=now, reason=words)
    body = promises.promise_body(
        store,
        PromiseKind.CALENDAR.value,
        after,
        provisional=one.is_provisional,
        reason=words,
        source=decision,
    )
    changes: dict[str, Any] = {}
    if turn.state["steps"] and after > before:
        changes["steps"] = linked.move_on(
            store,
            turn.state,
            since=datetime.combine(since, datetime.min.time()),
            whole=one.legal,
        )
    extra = {"reason": words, "decision": decision}
    write(store, turn, Move.CALENDAR, by=by, changes=changes, promise=body, extra=extra)


def _write(store: Store, edit: CalendarEdit, *, source: str) -> None:
    """Write the rows and keep how they stood, until a decision confirms what they touch."""
    rows, announced = calendars.days_of(store), calendars.confirmed_years(store)
    dates = edit.dates | {row.date for row in rows if row.date.year in edit.years}
    was: dict[str, list[dict[str, Any]]] = {day.isoformat(): [] for day in sorted(dates)}
    for row in rows:
        if row.date in dates:
            was[row.date.isoformat()].append(write_day(row))
    told = {
        "was": in_words((row for row in rows if row.date in dates), announced & set(edit.years)),
        "now": in_words((r for r in _edited(rows, edit) if r.date in dates), edit.years),
    }
    audit.record(store, "calendar", why=source, count=len(dates), **told)
    step = _Before(was, sorted(set(edit.years) - announced), calendar_version(store))
    for day, kind in edit.removed:
        store.execute(
            "DELETE FROM calendarday WHERE date = ? AND kind = ?", (day.isoformat(), kind.value)
        )
    for year in edit.years:
        calendars.confirm_year(store, year, source=source)
    calendars.write_days(store, edit.days)
    kept = json.dumps([one._asdict() for one in (*_pending(store), step)], ensure_ascii=False)
    store.execute(
        "INSERT INTO setting (key, value) VALUES (?, ?) "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (_PENDING, kept),
    )


def _pending(store: Store) -> list[_Before]:
    row = store.row("SELECT value FROM setting WHERE key = ?", (_PENDING,))
    return [] if row is None else [_Before(**step) for step in json.loads(row[0])]


def _edited(rows: Iterable[CalendarDay], edit: CalendarEdit) -> list[CalendarDay]:
    """Return the rows as an edit leaves them; an announced year's days are certain."""
    gone = set(edit.removed) | {(day.date, day.kind) for day in edit.days}
    kept = [row for row in rows if (row.date, row.kind) not in gone]
    return [
        replace(row, confirmed=True) if row.date.year in edit.years else row for row in kept
    ] + list(edit.days)


def _as_they_were(
    store: Store, rows: list[CalendarDay], years: set[int], steps: Sequence[_Before]
) -> list[tuple[int, Calendar]]:
    """Return the calendars since the first edit that waits, each with its version, oldest first."""
    found = [(calendar_version(store), calendars.calendar(store))]
    for step in reversed(steps):
        rows = [row for row in rows if row.date.isoformat() not in step.days]
        rows += [read_day(entry) for entries in step.days.values() for entry in entries]
        years = years - set(step.years)
        found.append((step.version, calendars.calendar_of(store, rows, years)))
    return found[::-1]


def _touched(
    store: Store,
    known: Sequence[tuple[int, Calendar]],
    after: Calendar,
    progress: Progress | None,
) -> Iterable[TouchedPromise]:
    versions = dict(store.rows(_LAST_VERSIONS)) if len(known) > 1 else {}
    rows = store.rows(dossiers.SELECT_STATE + _COUNTED)
    for number, row in enumerate(giving_way(rows)):
        if progress is not None and not number % _TOLD_EVERY:
            progress(number, len(rows))
        dossier_id, uuid, state = dossiers.state_of(row)
        # A promise made since the first edit knows the calendar of then, not the one before.
        version = versions.get(dossier_id, 0)
        since = max((i for i, (v, _) in enumerate(known) if v <= version), default=0)
        its = [calendar for _, calendar in known[since:]]
        found = _recount(its, after, state)
        if found is not None:
            told = from_epoch(in_force(state) or state["legal_due_at"])
            is_outlasted = found.fate is Fate.MOVED and found.due_at <= told
            yield TouchedPromise(
                uuid,
                state["official_code"] or state["code"],
                state["applicant_name"],
                state["phone"],
                state["procedure_name"],
                told,
                max(told, found.due_at),
                found.is_provisional,
                Fate.OUTLASTED if is_outlasted else found.fate,
                (from_epoch(state["legal_due_at"]), found.due_at),
            )


def _recount(before: Sequence[Calendar], after: Calendar, state: State) -> Recount | None:
    base = state["run_started_at"] or state["competent_at"] or state["received_at"]
    limit = None
    counting, cutoff = Counting.DAY, NO_CUTOFF
    if state["limit"] and state["run_started_at"] is not None:
        held = promises.terms_of(state)
        limit, counting, cutoff = held.limit, held.counting, held.cutoff
    term = Term(
        from_epoch(base),
        limit,
        counting,
        cutoff,
        from_epoch(state["legal_due_at"]),
        bool(state["provisional"]),
        tuple(Pause(from_epoch(a), from_epoch(b)) for a, b in state["pauses"] if b is not None),
        tuple(parse_limit(text) for text in state["extensions"]),
    )
    try:
        return recount(before, after, term)
    except DeadlineError as error:
        raise InputError(
            f"Với lịch này không tính được ngày hẹn của hồ sơ {state['code']}: {error} "
            "Chưa thay đổi gì.",
            field="days",
        ) from error


def read_entries(entries: list[dict[str, Any]]) -> CalendarEdit:
    """Read a calendar's file: days, or whole years with their days as the official ones are.

    Raises:
        InputError: an entry can't be read.
    """
    plain: list[dict[str, Any]] = []
    years: list[int] = []
    for entry in entries:
        if isinstance(entry.get("days"), list):
            plain += entry["days"]
            if entry.get("confirmed") is True and str(entry.get("year", "")).isdecimal():
                years.append(int(entry["year"]))
        else:
            plain.append(entry)
    return CalendarEdit(days=tuple(calendars.read_days(plain)), years=tuple(years))


def preview_json(found: CalendarPreview) -> dict[str, Any]:
    """Return a preview as the command line prints it."""
    return {
        "days": [change._asdict() | {"date": change.date.isoformat()} for change in found.days],
        "working_days": [
            {"year": year, "before": before, "after": after}
            for year, before, after in found.working_days
        ],
        "touched": [
            one._asdict()
            | {
                "before": to_json(one.before),
                "after": to_json(one.after),
                "legal": [to_json(moment) for moment in one.legal],
                "fate": one.fate.value,
            }
            for one in found.touched
        ],
    }


def people_table(
    found: Iterable[TouchedPromise], *, decision: str
) -> tuple[tuple[str, ...], list[list[str]]]:
    """Return headings and rows of the list of people to tell."""
    return _PEOPLE, [
        [
            one.code,
            one.applicant_name,
            one.phone,
            one.procedure_name,
            format_moment(one.before),
            format_moment(one.after),
            decision,
            "",
        ]
        for one in found
    ]


def people_file(name: str, found: Iterable[TouchedPromise], *, decision: str) -> bytes:
    """Return the list of people to tell as CSV, or as a workbook by the file's ending."""
    from counter_app.tabular.tables import table_csv, table_workbook

    headings, rows = people_table(found, decision=decision)
    if name.lower().endswith(".xlsx"):
        return table_workbook("Người cần báo", headings, rows)
    return table_csv(headings, rows)


def write_people(
    store: Store, path: Path, found: Sequence[TouchedPromise], *, decision: str
) -> None:
    """Write the list of people to tell, whole or not at all."""
    write_atomically(path, people_file(path.name, found, decision=decision))
    audit.note(store, Act.LISTS, what=_PEOPLE_LIST, file=path.name, count=len(found))


def people_pdf(store: Store, found: Sequence[TouchedPromise], *, decision: str) -> bytes:
    """Return the list of people to tell on A4, with a column to tick.

    Raises:
        PaperError: a font is missing.
    """
    from counter_app.documents.plain_table import Plan, TableHead, render_table

    headings, rows = people_table(found, decision=decision)
    here = office.office(store)
    head = TableHead(
        "Danh sách người cần báo ngày hẹn mới",
        here.name,
        f"Ngày hẹn trả thay đổi theo {decision}. Không ngày nào sớm hơn ngày đã in.",
        is_rehearsal=here.is_rehearsal,
    )
    audit.note(store, Act.LISTS, what=_PEOPLE_LIST, count=len(found))
    return render_table(head, headings, rows, Plan((17, 19, 11, 26, 13, 13, 15, 8)))
