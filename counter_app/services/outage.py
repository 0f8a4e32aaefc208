"""The kit for an outage: numbers reserved beforehand, their use afterwards, none lost silently."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_app.domain.limits import NO_CUTOFF, LimitUnit
from counter_app.domain.moments import from_epoch, to_epoch, to_minute
from counter_app.domain.numbering import parse_office_paper
from counter_app.domain.office_names import in_sentence
from counter_app.domain.outage import (
    MOST_NUMBERS,
    STATE_LABELS,
    LimitLine,
    OutageFacts,
    ProcedureLine,
    ReservedFacts,
    Stretch,
    stretches,
)
from counter_app.domain.rights import Act
from counter_app.domain.text import clean_line
from counter_app.errors import InputError, MoveRefusedError, NotFoundError
from counter_app.services import (
    audit,
    calendars,
    catalogue,
    journal,
    office,
    office_papers,
    promises,
)
from counter_app.services.paper_events import wording_of
from counter_app.services.settings import get_settings
from counter_app.services.turns import check_line, check_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from counter_app.domain.catalogue import Procedure
    from counter_app.storage.database import Store

_DAYS = 2  # working days after today that a kit looks ahead to
_SELECT = (
    "SELECT r.number, r.state, p.code, p.made_at, coalesce(d.uuid, ''), "
    "coalesce(d.official_code, d.code, ''), r.reason, r.changed_at, r.officer "
    "FROM reservednumber r JOIN officepaper p ON p.id = r.paper_id "
    "LEFT JOIN dossier d ON d.id = r.dossier_id "
)


def make_kit(store: Store, *, count: int, by: str, now: datetime) -> str:
    """Reserve numbers and freeze the kit that shows them, all or nothing; returns its code.

    Raises:
        InputError: a number of receipts that nobody prints.
    """
    if not 1 <= count <= MOST_NUMBERS:
        raise InputError(
            f"Số tờ giấy tiếp nhận phải từ 1 đến {MOST_NUMBERS}. Chưa giữ số nào.", field="count"
        )
    with store.transaction():
        journal.check_clock(store, now)
        officer = check_line(by, field="by", label="Tên công chức")
        code = office_papers.take_code(store, "BOGIAY", now.date())
        numbers = [office_papers.take_code(store, "GIAY", now.date()) for _ in range(count)]
        facts = _facts(store, code, numbers, now)
        paper_id = office_papers.keep(
            store,
            kind=office_papers.KIT,
            code=code,
            unit="",
            facts=facts.to_json(),
            by=officer,
            now=now,
        )
        for number in numbers:
            store.execute(
                "INSERT INTO reservednumber (office_id, paper_id, number, state, reason, "
                "changed_at, officer) VALUES (1, ?, ?, 'open', '', ?, ?)",
                (paper_id, number, to_epoch(now), officer),
            )
    return code


def _facts(store: Store, code: str, numbers: Sequence[str], now: datetime) -> OutageFacts:
    settings, here = get_settings(store), office.office(store)
    form_set, version, _ = wording_of(store, now)
    days = days_ahead(store, now)
    lines, procedures = due_table(store, days)
    return OutageFacts(
        form_set=form_set,
        wording_version=version,
        place=settings["place"],
        office_parent=here.parent,
        office_name=here.name,
        office_title=in_sentence(here.name),
        counter_name=here.counter_name,
        hotline=settings["hotline"],
        is_rehearsal=here.is_rehearsal,
        code=code,
        made_at=to_minute(now),
        numbers=tuple(numbers),
        days=tuple(days),
        lines=tuple(lines),
        procedures=tuple(procedures),
    )


def days_ahead(store: Store, now: datetime) -> list[date]:
    """Return what is left of today, if the desk still opens, and the next two working days."""
    calendar = calendars.calendar(store)
    today = now.date()
    sessions = calendar.working_sessions(today)
    is_left = bool(sessions) and now.hour * 60 + now.minute < sessions[-1].end
    days = [today] if is_left else []
    day = today
    for _ in range(_DAYS):
        day = calendar.next_working_day(day)
        days.append(day)
    return days


def has_kit_for_next_day(store: Store, now: datetime) -> bool:
    """Tell whether a kit with unused numbers says what is promised on the next working day."""
    calendar = calendars.calendar(store)
    wanted = calendar.next_working_day(now.date())
    made = store.rows(
        "SELECT DISTINCT p.made_at FROM reservednumber r JOIN officepaper p ON p.id = r.paper_id "
        "WHERE r.state = 'open'"
    )
    days = (from_epoch(at).date() for (at,) in made)
    return any(0 < calendar.working_days_between(day, wanted) <= _DAYS for day in days)


def due_table(store: Store, days: Sequence[date]) -> tuple[list[LimitLine], list[ProcedureLine]]:
    """Answer, for each limit of the catalogue, what a receipt on these days is promised.

    It is the same code that promises at the desk, asked for the moments that can differ.
    """
    known = [p for p in catalogue.procedures(store, on=days[0]) if p.limit]
    groups: dict[tuple[str, str], list[Procedure]] = {}
    for found in known:
        groups.setdefault((found.limit, found.cutoff), []).append(found)
    lines, procedures = [], []
    for (limit, cutoff), members in sorted(groups.items(), key=lambda g: _rank(store, *g[0])):
        held = promises.terms(store, limit=limit, cutoff=cutoff)
        words = held.limit.in_words()
        if held.cutoff != NO_CUTOFF:
            words += f" ({held.cutoff.in_words()})"
        doubtful = [m for m in members if {"limit", "cutoff"} & set(m.to_ask)]
        parts = tuple(_stretches(store, held, day) for day in days)
        lines.append(LimitLine(words, len(doubtful) == len(members), parts))
        procedures += [
            ProcedureLine(len(lines), m.code, m.label, m in doubtful)
            for m in sorted(members, key=lambda m: m.label)
        ]
    return lines, procedures


def _rank(store: Store, limit: str, cutoff: str) -> tuple[datetime, str]:
    """Order limits by when they would end, so that a clerk finds one by its length."""
    held = promises.terms(store, limit=limit, cutoff="none")
    monday = from_epoch(0).replace(year=2026, month=1, day=5, hour=8, minute=0)
    return promises.answer(store, held, monday).due_at or monday, cutoff


def _stretches(store: Store, held: promises.Terms, day: date) -> tuple[Stretch, ...]:
    if held.limit.unit is LimitUnit.CLOCK_HOURS:
        return ()  # each minute has its own answer, and a clerk can add the hours
    cutoff = None if held.cutoff == NO_CUTOFF else held.cutoff.at

    def due(moment: datetime) -> datetime:
        found = promises.answer(store, held, moment).due_at
        if found is None:
            raise InputError(
                f"Chưa tính được ngày hẹn của thời hạn {held.limit.in_words()}. Chưa in gì.",
                field="limit",
            )
        return found

    return stretches(day, calendars.calendar(store).desk_sessions(day), cutoff, due)


def reserved(store: Store, *, state: str = "") -> list[ReservedFacts]:
    """Return the reserved numbers, all or those of one state, newest kit first."""
    where, params = ("WHERE r.state = ? ", (state,)) if state else ("", ())
    rows = store.rows(f"{_SELECT}{where}ORDER BY r.paper_id DESC, r.id", params)
    return [_reserved(row) for row in rows]


def reserved_like(store: Store, text: str, *, limit: int) -> list[ReservedFacts]:
    """Return the newest reserved numbers that begin like this, as one is typed."""
    wanted = clean_line(text).upper()
    rows = store.rows(
        f"{_SELECT}WHERE r.number >= ? AND r.number < ? ORDER BY r.id DESC LIMIT ?",
        (wanted, f"{wanted}~", limit),
    )
    return [_reserved(row) for row in rows]


def reserved_one(store: Store, number: str) -> ReservedFacts | None:
    """Return one reserved number, as typed or scanned; None if this desk never reserved it."""
    parsed = parse_office_paper(number)
    code = parsed[1] if parsed else number
    row = store.row(f"{_SELECT}WHERE r.number = ?", (code,))
    return None if row is None else _reserved(row)


def _reserved(row: Sequence[object]) -> ReservedFacts:
    found = ReservedFacts._make(row)
    return found._replace(reserved_at=from_epoch(row[3]), changed_at=from_epoch(row[7]))  # type: ignore[arg-type]


def why_unusable(store: Store, number: str) -> str:
    """Say why a paper number can't become a dossier's, or nothing.

    A number of another shape is the office's own, written by hand: nothing is known of it.
    """
    parsed = parse_office_paper(number)
    if parsed is None:
        return ""
    kind, code = parsed
    if kind != "GIAY":
        return f"{code} là mã của bộ giấy hoặc của tờ bàn giao, không phải số giấy tiếp nhận."
    found = reserved_one(store, code)
    if found is None:
        return (
            f"Số giấy {code} không có trong các số quầy này đã giữ. Kiểm tra lại số, "
            "hoặc nhập hồ sơ ở quầy đã in tờ giấy."
        )
    if found.state == "closed":
        return f"Số giấy {code} đã đóng ({found.reason}). Mở lại số trước khi dùng."
    if found.state == "used" and not _is_taken_back(store, found.dossier_uuid):
        return f"Số giấy {code} đã dùng cho hồ sơ {found.dossier_code}. Mỗi số chỉ dùng một lần."
    return ""


def _is_taken_back(store: Store, dossier_uuid: str) -> bool:
    row = store.row("SELECT is_void FROM dossier WHERE uuid = ?", (dossier_uuid,))
    return row is not None and bool(row[0])


def use_number(store: Store, number: str, *, dossier_id: int, by: str, now: datetime) -> None:
    """Mark a reserved number as used, in the transaction that receives its dossier."""
    if parse_office_paper(number) is None:
        return
    store.execute(
        "UPDATE reservednumber SET state = 'used', dossier_id = ?, reason = '', changed_at = ?, "
        "officer = ? WHERE number = ?",
        (dossier_id, to_epoch(now), by, number),
    )


def close_numbers(
    store: Store, numbers: Iterable[str], *, reason: str, by: str, now: datetime
) -> list[str]:
    """Close numbers that were not used, with the reason; returns them.

    Raises:
        InputError: no reason.
        NotFoundError: a number was never reserved here.
        MoveRefusedError: a number is used or closed already; nothing is closed then.
    """
    wanted = list(dict.fromkeys(numbers))
    with store.transaction():
        journal.check_clock(store, now)
        words = check_words(reason, field="reason", label="Lý do", longest=200)
        if not words:
            raise InputError("Cần ghi lý do đóng số. Chưa đóng số nào.", field="reason")
        officer = check_line(by, field="by", label="Tên công chức")
        done = []
        for number in wanted:
            found = reserved_one(store, number)
            if found is None:
                raise NotFoundError(
                    f"Không có số giấy “{number}” trong các số đã giữ. Chưa đóng số nào.",
                    field="number",
                )
            if found.state != "open":
                raise MoveRefusedError(
                    f"Số giấy {found.number} {STATE_LABELS[found.state]} nên không đóng được. "
                    "Chưa đóng số nào."
                )
            _change(store, found.number, "closed", reason=words, by=officer, now=now)
            _note(store, found.number, "open", "closed", why=words, by=officer)
            done.append(found.number)
    return done


def reopen_number(store: Store, number: str, *, reason: str, by: str, now: datetime) -> None:
    """Open a closed number again: its paper was found after all.

    Raises:
        MoveRefusedError: it isn't closed.
    """
    with store.transaction():
        journal.check_clock(store, now)
        found = reserved_one(store, number)
        if found is None or found.state != "closed":
            raise MoveRefusedError(f"Số giấy {number} không ở trạng thái đã đóng. Giữ nguyên.")
        words = check_words(reason, field="reason", label="Lý do", longest=200)
        if not words:
            raise InputError("Cần ghi lý do mở lại số. Số giữ nguyên.", field="reason")
        # Both reasons stay: a number's life is told whole.
        told = f"{found.reason}; mở lại: {words}"[:500]
        _change(store, found.number, "open", reason=told, by=by, now=now)
        _note(store, found.number, "closed", "open", why=words, by=by)


def _note(store: Store, number: str, before: str, after: str, *, why: str, by: str) -> None:
    audit.note(
        store,
        Act.PAPERS,
        by=store.user or by,
        target=number,
        what="đóng số giấy đã giữ" if after == "closed" else "mở lại số giấy đã đóng",
        was=STATE_LABELS[before],
        now=STATE_LABELS[after],
        why=why,
    )


def _change(store: Store, number: str, state: str, *, reason: str, by: str, now: datetime) -> None:
    store.execute(
        "UPDATE reservednumber SET state = ?, reason = ?, changed_at = ?, officer = ? "
        "WHERE number = ?",
        (state, reason, to_epoch(now), by, number),
    )
