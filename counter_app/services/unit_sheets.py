"""The sheet to each resolving unit (tờ 15 giờ): made and frozen, read back, its ticks recorded.

NĐ 118/2025 Điều 18.2 (as amended by NĐ 309/2026): what is taken in by 15:00 is passed on the same
working day. The hour is a setting.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.dossier import ACTIVE, Move, Status
from counter_app.domain.history import day_number
from counter_app.domain.moments import from_epoch, to_epoch, to_minute
from counter_app.domain.rights import Act
from counter_app.domain.unit_sheet import (
    LISTED,
    SheetAnswer,
    SheetFacts,
    SheetLine,
    SheetPart,
    SheetRowFacts,
)
from counter_app.domain.vietnamese import clean_line
from counter_app.errors import InputError, MoveRefusedError, NotFoundError
from counter_app.services import (
    apologies,
    audit,
    chain,
    journal,
    lookup,
    moves,
    office,
    office_papers,
    papers,
    promises,
)
from counter_app.services.settings import get_setting, get_settings
from counter_app.services.turns import check_line, check_words
from counter_app.storage import dossiers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from counter_app.domain.history import State
    from counter_app.storage.database import Store

_ANSWERS = {SheetAnswer.NONE: "", SheetAnswer.KEPT: "kịp", SheetAnswer.LATE: "không kịp"}
_EPOCH_DAY = date(1970, 1, 1)
_NO_UNIT = "Đơn vị giải quyết chưa ghi"
_MINE = "office_id = 1 AND is_void = 0 AND competent_unit = ''"
_OPEN_WORDS = "status IN ('received','processing','awaiting_supplement','awaiting_payment')"
_WAITING = f"{_MINE} AND status = 'received' AND received_at <= ?"
_MOVED = f"{_MINE} AND {_OPEN_WORDS} AND last_move_at >= ?"
_ENDED = f"{_MINE} AND status = 'completed' AND completed_at >= ?"
_DUE = f"{_MINE} AND status IN ('received','processing') AND due_day <= ?"


class _Found(NamedTuple):
    dossier_id: int
    dossier_uuid: str
    line: SheetLine


class Answered(NamedTuple):
    """What became of a tick: ``kept``, ``rescheduled`` or ``explained``."""

    code: str
    outcome: str


def make_sheets(
    store: Store,
    *,
    by: str,
    now: datetime,
    units: Iterable[str] = (),
    progress: Callable[[int, int], None] | None = None,
) -> list[str]:
    """Freeze a sheet for each unit that is handed something or owes an answer; return their codes.

    Args:
        store: the open data.
        by: the clerk who hands over.
        now: the moment of printing.
        units: only these; none means all.
        progress: told of each dossier that is noted; what it raises leaves no sheet made.
    """
    wanted = set(units)
    done = 0
    with store.transaction():
        journal.check_clock(store, now)
        officer = check_line(by, field="by", label="Tên công chức")
        handed, due = _handed(store, now), _due(store, now)
        codes = []
        named = [unit for unit in sorted({*handed, *due}) if not wanted or unit in wanted]
        total = sum(len(handed.get(unit, ())) for unit in named)
        for unit in named:
            code = _keep(store, unit, handed.get(unit, []), due.get(unit, []), by=officer, now=now)
            for one in handed.get(unit, ()):
                said = {"code": code, "unit": unit, "answer": ""}
                _tell(store, one.dossier_uuid, said, by=officer, now=now)
                done += 1
                if progress is not None:
                    progress(done, total)
            codes.append(code)
    return codes


def _keep(
    store: Store,
    unit: str,
    handed: Sequence[_Found],
    due: Sequence[_Found],
    *,
    by: str,
    now: datetime,
) -> str:
    here = office.office(store)
    code = office_papers.take_code(store, "TOGIAO", now.date())
    last = apologies.last_day_at_risk(store, now)
    facts = SheetFacts(
        place=get_settings(store)["place"],
        office_parent=here.parent,
        office_name=here.name,
        counter_name=here.counter_name,
        is_rehearsal=here.is_rehearsal,
        code=code,
        unit=unit,
        officer=by,
        made_at=to_minute(now),
        until=_EPOCH_DAY + timedelta(days=last),
        handed=tuple(found.line for found in handed),
        due=tuple(found.line for found in due),
        chain_head=chain.shown_head(store),
    )
    paper_id = office_papers.keep(
        store,
        kind=office_papers.SHEET,
        code=code,
        unit=unit,
        facts=facts.to_json(),
        by=by,
        now=now,
    )
    for part, lines in ((SheetPart.HANDED, handed), (SheetPart.DUE, due)):
        for position, found in enumerate(lines, 1):
            store.execute(
                "INSERT INTO sheetrow (paper_id, position, part, dossier_id, answer, reason, "
                "officer) VALUES (?, ?, ?, ?, '', '', '')",
                (paper_id, position, part.value, found.dossier_id),
            )
    return code


def _tell(store: Store, dossier_uuid: str, said: dict[str, Any], *, by: str, now: datetime) -> None:
    """Note on the dossier itself where it was listed or what was answered, so that it travels."""
    dossier_id, _, state = lookup.load(store, dossier_uuid)
    journal.add_event(
        store,
        dossier_id=dossier_id,
        dossier_uuid=dossier_uuid,
        before=state,
        kind=LISTED,
        at=to_epoch(to_minute(now)),
        now=to_epoch(now),
        by=by,
        body={"set": {}, "listed": said},
    )


def _states(store: Store, where: str, value: int) -> list[tuple[int, str, State]]:
    rows = store.rows(
        f"{dossiers.SELECT_STATE}WHERE {where} ORDER BY due_at IS NULL, due_at, id", (value,)
    )
    return [dossiers.state_of(row) for row in rows]


def _handed(store: Store, now: datetime) -> dict[str, list[_Found]]:
    """Return what goes to each unit today: still here and taken in by the hour, or gone today."""
    hour, minute = map(int, get_setting(store, "handover_cutoff").split(":"))
    midnight = datetime.combine(now.date(), time())
    until = min(now, midnight + timedelta(hours=hour, minutes=minute))
    found: dict[str, list[_Found]] = {}
    for dossier_id, uuid, state in _states(store, _WAITING, to_epoch(until)):
        _add(found, dossier_id, uuid, state, "chưa chuyển trên máy")
    start = to_epoch(midnight)
    moved = {row[0]: row for where in (_MOVED, _ENDED) for row in _states(store, where, start)}
    for dossier_id, uuid, state in moved.values():
        at = _forwarded_at(store, uuid, midnight)
        if at is not None and state["status"] != Status.RECEIVED:
            _add(found, dossier_id, uuid, state, f"đã chuyển {at:%H:%M}")
    return found


def _forwarded_at(store: Store, uuid: str, midnight: datetime) -> datetime | None:
    forwards = [
        event.at
        for event in lookup.story(store, uuid)
        if event.kind == Move.FORWARD and not event.is_undone and event.at >= midnight
    ]
    return max(forwards, default=None)


def _due(store: Store, now: datetime) -> dict[str, list[_Found]]:
    """Return what is open and due within the lead time, or past it, by unit."""
    found: dict[str, list[_Found]] = {}
    today = day_number(to_epoch(now))
    for dossier_id, uuid, state in _states(store, _DUE, apologies.last_day_at_risk(store, now)):
        note = ""
        if state["due_day"] < today:
            note = "đã quá hạn"
        elif state["reschedules"]:
            note = "đã hẹn lại một lần"
        _add(found, dossier_id, uuid, state, note)
    return found


def _add(
    found: dict[str, list[_Found]], dossier_id: int, uuid: str, state: State, note: str
) -> None:
    line = SheetLine(
        code=state["official_code"] or state["code"],
        name=state["applicant_name"],
        procedure=state["procedure_name"],
        received_at=from_epoch(state["received_at"]),
        due_at=None if state["due_at"] is None else from_epoch(state["due_at"]),
        note=note,
    )
    found.setdefault(state["resolving_unit"] or _NO_UNIT, []).append(_Found(dossier_id, uuid, line))


# ------------------------------------------------------------------------- the ticks come back

_ROWS = (
    "SELECT r.id, r.position, r.part, d.uuid, d.status, d.reschedules, d.is_void, r.answer, "
    "r.reason, r.proposed_at, r.answered_at FROM sheetrow r JOIN dossier d ON d.id = r.dossier_id "
    "WHERE r.paper_id = ? ORDER BY r.part DESC, r.position"
)


def rows_of(store: Store, code: str) -> tuple[office_papers.OfficePaperRow, list[SheetRowFacts]]:
    """Return a sheet and its rows as they were printed, with what was answered since.

    Raises:
        NotFoundError: there is no such sheet.
    """
    paper = office_papers.find(store, code)
    if not office_papers.is_of(paper, office_papers.SHEET):
        raise NotFoundError(f"{paper.code} không phải tờ bàn giao.", field="code")
    facts = SheetFacts.from_json(office_papers.facts_of(store, paper))
    printed = {SheetPart.HANDED.value: facts.handed, SheetPart.DUE.value: facts.due}
    return paper, [
        _row_facts(row, printed[row[2]][row[1] - 1]) for row in store.rows(_ROWS, (paper.id,))
    ]


def _row_facts(row: Sequence[Any], line: SheetLine) -> SheetRowFacts:
    number, position, part, uuid, status, reschedules, is_void, answer, reason, *moments = row
    proposed, answered = (None if m is None else from_epoch(m) for m in moments)
    return SheetRowFacts(
        id=number,
        position=position,
        part=part,
        dossier_uuid=uuid,
        code=line.code,
        name=line.name,
        procedure=line.procedure,
        due_at=line.due_at,
        is_open=status in ACTIVE and not is_void,
        is_rescheduled=bool(reschedules),
        answer=answer,
        reason=reason,
        proposed_at=proposed,
        answered_at=answered,
    )


def answer_row(
    store: Store,
    code: str,
    position: int,
    *,
    answer: str,
    reason: str = "",
    proposed: datetime | None = None,
    by: str,
    now: datetime,
) -> Answered:
    """Record what the unit ticked on one line: in time, or not, why and until when.

    "Không kịp" becomes the reschedule it asks for, or, once it is too late for one, the reason of
    the late letter. The dossier's event and the tick are kept together or not at all.

    Raises:
        NotFoundError: no such sheet or line.
        InputError: reason or day is missing or can't be used.
        MoveRefusedError: the line is answered already, or its dossier can't be rescheduled.
    """
    with store.transaction():
        paper, rows = rows_of(store, code)
        row = next((r for r in rows if r.part == SheetPart.DUE and r.position == position), None)
        if row is None:
            raise NotFoundError(f"Tờ {paper.code} không có dòng {position}.", field="position")
        if row.answer == SheetAnswer.LATE:
            raise MoveRefusedError(
                f"Dòng {position} đã ghi không kịp. Ghi nhầm thì hoàn tác bước hẹn lại ở trang "
                "Hồ sơ."
            )
        words = check_words(reason, field="reason", label="Lý do", longest=500)
        outcome = "kept"
        if SheetAnswer(answer) is SheetAnswer.LATE:
            outcome = _late(store, row, paper.unit, words, proposed, by=by, now=now)
        _keep_answer(store, row, answer, words, proposed, by=by, now=now)
        said = {"code": paper.code, "unit": paper.unit, "answer": SheetAnswer(answer).value}
        if words:
            said["reason"] = words
        _tell(store, row.dossier_uuid, said, by=clean_line(by), now=now)
        audit.note(
            store,
            Act.PAPERS,
            by=store.user or by,
            target=f"{paper.code} dòng {position}",
            what="ghi trả lời của đơn vị",
            was=_ANSWERS[SheetAnswer(row.answer)],
            now=_ANSWERS[SheetAnswer(answer)],
            why=words,
        )
    return Answered(row.code, outcome)


def _late(
    store: Store,
    row: SheetRowFacts,
    unit: str,
    words: str,
    proposed: datetime | None,
    *,
    by: str,
    now: datetime,
) -> str:
    if not words:
        raise InputError("Không kịp thì cần ghi lý do của đơn vị.", field="reason")
    if proposed is None:
        raise InputError("Không kịp thì cần ghi ngày đơn vị đề nghị.", field="proposed")
    _, _, state = lookup.load(store, row.dossier_uuid)
    legal = state["legal_due_at"]
    if legal is not None and day_number(to_epoch(now)) < day_number(legal):
        moves.reschedule(
            store, row.dossier_uuid, reason=words, new_due=proposed, unit=unit, by=by, now=now
        )
        return "rescheduled"
    moves.explain(store, row.dossier_uuid, reason=words, expected=proposed, by=by, now=now)
    return "explained"


def _keep_answer(
    store: Store,
    row: SheetRowFacts,
    answer: str,
    words: str,
    proposed: datetime | None,
    *,
    by: str,
    now: datetime,
) -> None:
    journal.check_clock(store, now)
    store.execute(
        "UPDATE sheetrow SET answer = ?, reason = ?, proposed_at = ?, answered_at = ?, "
        "officer = ? WHERE id = ?",
        (
            SheetAnswer(answer).value,
            words,
            None if proposed is None else to_epoch(proposed),
            to_epoch(now),
            check_line(by, field="by", label="Tên công chức"),
            row.id,
        ),
    )


def closing_of(store: Store, day: date) -> datetime:
    """Return the moment a proposed day ends for the citizen."""
    return promises.closing_of(store, day)


def letters_ready(store: Store, code: str, *, now: datetime) -> list[str]:
    """Return the dossiers of a sheet whose letter can be issued now, by uuid."""
    _, rows = rows_of(store, code)
    late = {row.dossier_uuid for row in rows if row.answer == SheetAnswer.LATE}
    if not late:
        return []  # as on every sheet that is opened anew: what the office owes isn't looked up
    owed = apologies.list_apologies(store, as_of=now, among=late)
    return [row.uuid for row in owed if apologies.is_ready(row)]


def issue_letters(
    store: Store,
    code: str,
    *,
    signer: str,
    by: str,
    now: datetime,
    progress: Callable[[int, int], object] | None = None,
) -> list[str]:
    """Issue the letters that a sheet's ticks led to, each in its own transaction.

    ``progress`` is called between two of them with letters done and letters in all.

    Raises:
        InputError: nobody is named to sign.
    """
    if not signer:
        raise InputError(
            "Chưa có người ký văn bản xin lỗi. Ghi ở Cài đặt, mục Văn bản xin lỗi, rồi phát hành.",
            field="signer",
        )
    ready, issued = letters_ready(store, code, now=now), []
    for uuid in ready:
        issued.append(papers.issue_apology(store, uuid, signer=signer, by=by, now=now))
        if progress is not None:
            progress(len(issued), len(ready))
    return issued
