"""Finding dossiers and telling their story: reads only."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Any

from counter_app.domain.books import BookEntry
from counter_app.domain.dossier import (
    MOVE_LABELS,
    OPEN,
    STATUS_LABELS,
    TABLE,
    Move,
    Status,
    find_rule,
)
from counter_app.domain.doubts import DOUBT
from counter_app.domain.facts import (
    DossierFacts,
    EventFacts,
    NextAct,
    PaperFacts,
    PromiseFacts,
)
from counter_app.domain.handover import handover_due
from counter_app.domain.history import Event, State, is_past, live_events
from counter_app.domain.linked import standings
from counter_app.domain.moments import from_epoch, to_epoch, to_json
from counter_app.domain.numbering import split_edition
from counter_app.domain.story import sentence
from counter_app.domain.timeliness import Timeliness
from counter_app.domain.unit_sheet import LISTED
from counter_app.domain.vietnamese import clean_line
from counter_app.errors import NotFoundError
from counter_app.services import calendars, elsewhere, rights
from counter_app.services import office as office_service
from counter_app.services.merged import waiting_of
from counter_app.services.settings import get_setting
from counter_app.services.sync_doubts import doubts_of
from counter_app.storage import dossiers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from counter_app.storage.database import Store

_MOST_LISTED = 5
_STAY = frozenset({Move.PRINT, Move.CALENDAR, DOUBT, LISTED})
_MOST_AT_ONCE = 500


def load(store: Store, code: str) -> tuple[int, str, State]:
    """Return ``(id, uuid, state)`` of the dossier with this code, official code or uuid.

    Raises:
        NotFoundError: none does, or several do.
    """
    text, _ = split_edition(clean_line(code))
    row = store.row(dossiers.SELECT_STATE + "WHERE uuid = ?", (text.lower(),))
    if row is None:
        rows = store.rows(
            dossiers.SELECT_STATE
            + "WHERE code = ?1 UNION ALL "
            + dossiers.SELECT_STATE
            + "WHERE official_code = ?1 AND office_id = 1 AND is_void = 0",
            (text.upper(),),
        )
        if not rows and text[:5].upper() == "GIAY-":
            # The citizen holds the paper receipt of an outage: its number leads to the dossier.
            number = store.row(
                "SELECT dossier_id FROM reservednumber WHERE number = ?", (text.upper(),)
            )
            rows = store.rows(dossiers.SELECT_STATE + "WHERE id = ?", number or (None,))
        if not rows:
            raise NotFoundError(
                f"Không tìm thấy hồ sơ có mã “{text}”. Kiểm tra lại mã hoặc tìm theo tên.",
                field="code",
            )
        found = [dossiers.state_of(r) for r in rows]
        if len(found) > 1:
            codes = ", ".join(state["code"] for _, _, state in found[:_MOST_LISTED])
            raise NotFoundError(
                f"Mã “{text}” ứng với nhiều hồ sơ: {codes}. Chọn một mã cụ thể.", field="code"
            )
        return found[0]
    return dossiers.state_of(row)


def story(store: Store, uuid: str) -> list[EventFacts]:
    """Return a dossier's events with a sentence each, in order."""
    events = dossiers.events_of(store, uuid)
    live = {e.uuid for e in live_events(events)}
    return [
        EventFacts(
            uuid=e.uuid,
            kind=e.kind,
            at=from_epoch(e.at),
            recorded_at=from_epoch(e.recorded_at),
            by=e.by,
            counter=e.counter,
            text=sentence(e),
            is_undone=e.kind != Move.UNDO and e.uuid not in live,
            body=e.body,
        )
        for e in events
    ]


def last_live_event(store: Store, uuid: str) -> Event | None:
    """Return the last event in force that can be taken back; papers and calendars can't."""
    waiting = waiting_of(store, uuid)
    in_force = [e for e in dossiers.events_of(store, uuid) if e.uuid not in waiting]
    events = [e for e in live_events(in_force) if e.kind not in _STAY]
    return events[-1] if events else None


def timeliness_of(state: State, *, now: datetime, boundary: str) -> str | None:
    """Return the verdict: the stored one for what ended, else how it stands now."""
    if state["is_void"]:
        return None
    if state["status"] not in OPEN:
        verdict = state["timeliness"]
        return None if verdict is None else str(verdict)
    if state["late_due_at"] is not None:
        return Timeliness.PENDING_LATE.value
    due_at = state["due_at"]
    if due_at is not None and is_past(due_at, to_epoch(now), boundary):
        return Timeliness.PENDING_LATE.value
    if state["legal_due_at"] is None:
        return None
    return Timeliness.PENDING_IN_TIME.value


def show(store: Store, code: str, *, now: datetime) -> DossierFacts:
    """Return everything about one dossier: facts, promises, story, papers, next acts."""
    dossier_id, uuid, state = load(store, code)
    boundary = get_setting(store, "boundary")
    must_leave_by = leave_by(store, state)
    events = tuple(story(store, uuid))
    return DossierFacts(
        id=dossier_id,
        uuid=uuid,
        state=state,
        office=office_service.office(store).name,
        timeliness=timeliness_of(state, now=now, boundary=boundary),
        promises=_promises(store, dossier_id, uuid),
        events=events,
        papers=(*_papers(store, dossier_id), *elsewhere.lists_of(store, state, events)),
        acts=next_acts(store, state),
        leave_by=must_leave_by,
        should_have_left=must_leave_by is not None and must_leave_by < now,
        steps=tuple(
            (step.words, step.is_late)
            for step in standings(state, now=to_epoch(now), boundary=boundary)
        ),
        doubts=doubts_of(store, uuid),
        files_at=elsewhere.files_elsewhere(store, state, events),
    )


def leave_by(store: Store, state: State) -> datetime | None:
    """Return by when a dossier must be passed on (NĐ 118/2025 Điều 18.2); None once it was."""
    if state["status"] != Status.RECEIVED or state["is_void"] or state["forwarded_at"] is not None:
        return None
    cutoff = time.fromisoformat(get_setting(store, "handover_cutoff"))
    received = from_epoch(state["received_at"])
    return handover_due(calendars.calendar(store), received, cutoff)


def facts_of(store: Store, ids: Sequence[int], *, now: datetime) -> list[DossierFacts]:
    """Return the facts of several dossiers in their order, without promises and story."""
    found = {}
    for start in range(0, len(ids), _MOST_AT_ONCE):
        some = ids[start : start + _MOST_AT_ONCE]
        marks = ",".join("?" * len(some))
        rows = store.rows(f"{dossiers.SELECT_STATE}WHERE id IN ({marks})", some)
        found.update({row[0]: plain_facts(store, row, now=now) for row in rows})
    return [found[one] for one in ids if one in found]


def plain_facts(store: Store, row: Sequence[Any], *, now: datetime) -> DossierFacts:
    """Return the facts of a row read with ``SELECT_STATE``, without promises and story."""
    return facts_from(store, *dossiers.state_of(row), now=now)


def facts_from(
    store: Store, dossier_id: int, uuid: str, state: State, *, now: datetime
) -> DossierFacts:
    """Return the facts of a state that is at hand, without promises and story."""
    return DossierFacts(
        id=dossier_id,
        uuid=uuid,
        state=state,
        office=office_service.office(store).name,
        timeliness=timeliness_of(state, now=now, boundary=get_setting(store, "boundary")),
    )


def _promises(store: Store, dossier_id: int, uuid: str) -> tuple[PromiseFacts, ...]:
    live = {e.uuid for e in live_events(dossiers.events_of(store, uuid))}
    rows = store.rows(
        'SELECT kind, due_at, issued_at, "counts", reason, source, own_due_at, provisional, '
        "event_uuid FROM promise WHERE dossier_id = ? ORDER BY id",
        (dossier_id,),
    )
    return tuple(
        PromiseFacts(
            kind=kind,
            due_at=from_epoch(due),
            issued_at=from_epoch(issued),
            counts=bool(counts) and event in live,
            reason=reason,
            source=source,
            own_due_at=None if own is None else from_epoch(own),
            provisional=bool(provisional),
            is_undone=event not in live,
        )
        for kind, due, issued, counts, reason, source, own, provisional, event in rows
    )


def _papers(store: Store, dossier_id: int) -> tuple[PaperFacts, ...]:
    rows = store.rows(
        "SELECT uuid, kind, letter, number, issued_at, officer, copies, "
        "coalesce(json_extract(facts, '$.edition'), 1) FROM paper WHERE dossier_id = ? ORDER BY id",
        (dossier_id,),
    )
    last = max((row[-1] for row in rows if row[1] == "receipt"), default=1)
    return tuple(
        PaperFacts(
            uuid,
            kind,
            letter,
            number,
            from_epoch(at),
            officer,
            copies,
            edition=edition,
            is_replaced=kind == "receipt" and edition < last,
        )
        for uuid, kind, letter, number, at, officer, copies, edition in rows
    )


_OFFERED = (
    Move.FORWARD,
    Move.COMPLETE,
    Move.RETURN,
    Move.RESCHEDULE,
    Move.EXPLAIN,
    Move.SET_OFFICIAL_CODE,
    Move.PRINT,
    Move.UNDO,
    Move.SUPPLEMENT,
    Move.RESUBMIT,
    Move.CLOSE,
    Move.AWAIT_PAYMENT,
    Move.PAID,
    Move.EXTEND,
    Move.ASK_OPINION,
    Move.OPINION_RECEIVED,
    Move.COMPETENT_RECEIVED,
    Move.REFUSE,
    Move.WITHDRAW,
    Move.STOP,
    Move.CORRECT,
    Move.ATTACH,
    Move.SURVEY,
    Move.FEE,
    Move.ACCEPT,
    Move.STEP,
)


def next_acts(store: Store, state: State) -> tuple[NextAct, ...]:
    """Return the acts a dossier's page offers, each with why it can't be done now, or by whom."""
    return tuple(_next_act(store, state, move) for move in _OFFERED)


def _next_act(store: Store, state: State, move: Move) -> NextAct:
    why = why_not(state, move)
    beyond = "" if why else rights.beyond_role(store, move)
    return NextAct(move, MOVE_LABELS[move], why or beyond, is_beyond_role=bool(beyond))


def why_not(state: State, move: Move) -> str:
    """Say in a few words why an act isn't possible now; empty when it is."""
    if state["is_void"]:
        return "đã hoàn tác tiếp nhận"
    status = Status(state["status"])
    if find_rule(status, move) is None:
        needed = frozenset().union(*(rule.sources for rule in TABLE if rule.move is move))
        names = ", ".join(STATUS_LABELS[s].lower() for s in Status if s in needed)
        return f"chỉ làm được khi: {names}"
    return _why_not_again(state, move)


def _why_not_again(state: State, move: Move) -> str:
    """Say why what the table allows isn't possible for this dossier."""
    has_limit = state["legal_due_at"] is not None
    waits = any(one["answered_at"] is None for one in state["opinions"])
    reasons = (
        (Move.STEP, not state["steps"], "không phải thủ tục liên thông"),
        (
            Move.STEP,
            all(step["done_at"] is not None for step in state["steps"] or ()),
            "mọi bước đã xong",
        ),
        (Move.ACCEPT, state["accepted_at"] is not None, "đã nhận bàn giao"),
        (Move.RESCHEDULE, bool(state["reschedules"]), "đã hẹn lại một lần"),
        (Move.RESCHEDULE, not has_limit, "chưa có hạn trả"),
        (Move.EXTEND, not has_limit, "chưa có hạn trả"),
        (Move.COMPETENT_RECEIVED, not state["competent_unit"], "thuộc thẩm quyền của đơn vị này"),
        (Move.COMPETENT_RECEIVED, has_limit, "đã có hạn trả"),
        (Move.SET_OFFICIAL_CODE, bool(state["official_code"]), "đã có mã chính thức"),
        (Move.RETURN, state["returned_at"] is not None, "đã trả"),
        (Move.SURVEY, state["survey"] is not None, "đã có phiếu đánh giá"),
        (Move.OPINION_RECEIVED, not waits, "không chờ ý kiến của đơn vị nào"),
    )
    return next((words for one, holds, words in reasons if one is move and holds), "")


def dossier_json(facts: DossierFacts, *, full: bool = False) -> dict[str, Any]:
    """Return a dossier as the command line prints it."""
    state = facts.state
    data: dict[str, Any] = {
        "uuid": facts.uuid,
        "code": facts.code,
        "official_code": facts.official_code,
        "office": facts.office,
    }
    for key in ("procedure_code", "procedure_name", "applicant_name", "citizen_id"):
        data[key] = state[key]
    for key in ("submitter_name", "status", "channel"):
        data[key] = state[key]
    for key in (
        "received_at",
        "recorded_at",
        "original_due_at",
        "legal_due_at",
        "rescheduled_due_at",
        "due_at",
        "expected_due_at",
        "completed_at",
        "closed_at",
        "returned_at",
        "late_expected_at",
        "promised_due",
        "submitted_at",
        "competent_at",
        "forwarded_at",
        "accepted_at",
    ):
        data[key] = to_json(facts.moment(key))
    data["timeliness"] = facts.timeliness
    if state["book"]:
        data["book"] = str(BookEntry.of(state["book"]))
    if state["steps"]:
        data["steps"] = [
            step | {key: to_json(_moment_of(step[key])) for key in ("due_at", "done_at")}
            for step in state["steps"]
        ]
    data["events_count"] = state["events_count"]
    for key in ("provisional", "entered_late", "asked_late", "is_void", "backdated"):
        data[key] = bool(state[key])
    for key in _PLAIN:
        data[key] = state[key]
    data["survey"] = state["survey"]
    data["attachments"] = state["attachments"]
    if full:
        data["attachments"] = [
            one | {"kept_at": facts.files_at.get(one.get("sha256", ""), "")}
            for one in state["attachments"]
        ]
    data["opinions"] = [
        {
            "unit": one["unit"],
            "what": one["what"],
            "asked_at": to_json(from_epoch(one["asked_at"])),
            "due_at": to_json(from_epoch(one["due_at"])),
            "answered_at": (
                None if one["answered_at"] is None else to_json(from_epoch(one["answered_at"]))
            ),
            "answer": one["answer"],
        }
        for one in state["opinions"]
    ]
    if full:
        data["doubts"] = list(facts.doubts)
        data["events"] = [_event_json(e) for e in facts.events]
        data["promises"] = [_promise_json(p) for p in facts.promises]
        data["papers"] = [
            {
                "uuid": p.uuid,
                "kind": p.kind,
                "letter": p.letter,
                "number": p.number,
                "issued_at": to_json(p.issued_at),
                "copies": p.copies,
                "edition": p.edition,
                "replaced": p.is_replaced,
                "to": p.to,
                "kept_at": p.kept_at,
            }
            for p in facts.papers
        ]
    return data


def _moment_of(seconds: int | None) -> datetime | None:
    return None if seconds is None else from_epoch(seconds)


_PLAIN = (
    "sector",
    "owner_kind",
    "id_kind",
    "tax_code",
    "birth_date",
    "sex",
    "address",
    "phone",
    "email",
    "submitter_id",
    "subject_name",
    "content",
    "copies",
    "documents",
    "result_to",
    "limit",
    "counting",
    "cutoff",
    "resolving_unit",
    "handling_officer",
    "accepted_by",
    "reception_officer",
    "competent_unit",
    "received_unit",
    "helped_unit",
    "group",
    "collected_by",
    "returned_via",
    "contact_outcome",
    "contact_until",
    "contact_note",
    "contacts",
    "fee",
    "fee_text",
    "fee_pages",
    "fee_copies",
    "fee_paid",
    "fee_receipt",
    "fee_exempt_reason",
    "fee_exempt_proof",
    "late_reason",
    "paper_number",
    "note",
    "source",
)


def _event_json(event: EventFacts) -> dict[str, Any]:
    return {
        "uuid": event.uuid,
        "kind": event.kind,
        "at": to_json(event.at),
        "recorded_at": to_json(event.recorded_at),
        "by": event.by,
        "counter": event.counter,
        "text": event.text,
        "undone": event.is_undone,
        "set": event.body.get("set", {}),
        "was": event.body.get("was", {}),
        "reason": event.body.get("reason", ""),
    }


def _promise_json(promise: PromiseFacts) -> dict[str, Any]:
    return {
        "kind": promise.kind,
        "due_at": to_json(promise.due_at),
        "own_due_at": to_json(promise.own_due_at),
        "issued_at": to_json(promise.issued_at),
        "reason": promise.reason,
        "source": promise.source,
        "counts": promise.counts,
        "provisional": promise.provisional,
        "undone": promise.is_undone,
    }
