"""A pile at once: results that came, and results handed to one runner with one list to sign.

Each dossier is a transaction of its own: one that is refused keeps no other one back, and a power
cut loses nothing that was said to be done.
"""

from __future__ import annotations

import json
import uuid as uuid_module
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from counter_app.domain.contacts import last_call
from counter_app.domain.dossier import STATUS_LABELS, Move, Status
from counter_app.domain.moments import from_epoch, to_epoch
from counter_app.domain.papers import HandoverFacts
from counter_app.domain.rights import Act
from counter_app.errors import NotFoundError, UserError
from counter_app.services import audit, journal, lookup, moves, office, rights
from counter_app.services.returns import fee_due, return_result
from counter_app.services.settings import get_setting, get_settings
from counter_app.storage import dossiers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from counter_app.domain.facts import DossierFacts
    from counter_app.storage.database import Store

KIND = "handover"
_WORDING = "handover/1"
_INSERT = (
    "INSERT INTO officepaper (uuid, office_id, kind, code, unit, day, made_at, officer, facts, "
    "copies) VALUES (?, 1, ?, ?, '', ?, ?, ?, ?, 0)"
)
_SECONDS_OF_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Candidate:
    """A code that was scanned into a pile: whose it is, and why it can't be done if it can't."""

    code: str
    uuid: str = ""
    shown_code: str = ""
    applicant_name: str = ""
    procedure_name: str = ""
    owes: int = 0
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What became of a pile: what went through, what was refused, and the list to sign."""

    done: tuple[DossierFacts, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()  # (code, sentence)
    number: str = ""
    paper_uuid: str = ""


@dataclass(frozen=True, slots=True)
class Uncollected:
    """One result that nobody has collected, and the last call about it."""

    id: int
    uuid: str
    code: str
    applicant_name: str
    phone: str
    procedure_name: str
    completed_at: datetime
    days: int
    contacts: int = 0
    contacted_at: datetime | None = None
    outcome: str = ""
    until: date | None = None
    note: str = ""
    last_call: str = ""  # as the clerk reads it; empty when nobody called yet


def candidate(store: Store, code: str, move: Move) -> Candidate:
    """Look a scanned code up and say whether the move is possible; a refusal is an answer."""
    try:
        _, uuid, state = lookup.load(store, code)
    except NotFoundError as error:
        return Candidate(code.strip(), why_not=error.message)
    why_not = lookup.why_not(state, move)
    if why_not and not state["is_void"]:
        label = STATUS_LABELS[Status(state["status"])]
        why_not = f"chưa làm được, đang ở bước “{label}”"
        if state["returned_at"] is not None and move is Move.RETURN:
            returned = from_epoch(state["returned_at"])
            why_not = f"đã trả cho {state['collected_by']} lúc {returned:%H:%M %d/%m/%Y}"
    why_not = why_not or rights.beyond_role(store, move)
    return Candidate(
        code.strip(),
        uuid=uuid,
        shown_code=state["official_code"] or state["code"],
        applicant_name=state["applicant_name"],
        procedure_name=state["procedure_name"],
        owes=fee_due(state),
        why_not=why_not,
    )


def complete_many(
    store: Store,
    codes: Sequence[str],
    *,
    at: datetime | None = None,
    reason: str = "",
    by: str,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> Outcomes:
    """Record that the results of a pile are there, each in its own transaction."""

    def one(code: str) -> DossierFacts:
        return moves.complete(store, code, at=at, reason=reason, by=by, now=now)

    done, refused = _each(codes, one, progress)
    return Outcomes(tuple(done), tuple(refused))


def _each(
    codes: Sequence[str],
    act: Callable[[str], DossierFacts],
    progress: Callable[[int, int], None] | None,
) -> tuple[list[DossierFacts], list[tuple[str, str]]]:
    done: list[DossierFacts] = []
    refused: list[tuple[str, str]] = []
    different = list(dict.fromkeys(codes))
    for number, code in enumerate(different, 1):
        try:
            done.append(act(code))
        except UserError as error:
            refused.append((code, error.message))
        if progress is not None:
            progress(number, len(different))
    return done, refused


def take_list_number(store: Store, *, now: datetime) -> str:
    """Take the number of a list to sign before anything is handed over under it."""
    with store.transaction():
        journal.check_clock(store, now)
        here = journal.desk(store)
        period = f"{now:%y%m%d}"
        number = journal.take_number(store, kind=KIND, period=period)
        return f"BG-{here.counter_number:02d}-{period}-{number:04d}"


def return_many(
    store: Store,
    codes: Sequence[str],
    *,
    collected_by: str,
    proxy_id: str = "",
    authorisation: str = "",
    via: str = "counter",
    receipt_lost: bool = False,
    identity: str = "",
    fee_paid: bool = False,
    fee_receipt: str = "",
    at: datetime | None = None,
    number: str = "",
    by: str,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> Outcomes:
    """Hand a pile to one collector, each dossier in its own transaction, and make the list to sign.

    ``number`` is a list that was begun before and cut short: what was handed over under it counts
    as done, so that the list that is signed is whole. Without one, a number is taken together with
    the first dossier that goes: where none does, none is used up.
    """

    def one(code: str) -> DossierFacts:
        nonlocal number
        facts = lookup.show(store, code, now=now)
        if number and _is_in(facts, number):
            return facts
        with store.transaction():
            here = number or take_list_number(store, now=now)
            returned = return_result(
                store,
                facts.uuid,
                collected_by=collected_by,
                proxy_id=proxy_id,
                authorisation=authorisation,
                receipt_lost=receipt_lost,
                identity=identity,
                via=via,
                fee_paid=fee_paid,
                fee_receipt=fee_receipt,
                handover=here,
                at=at,
                by=by,
                now=now,
            )
        number = here
        return returned

    done, refused = _each(codes, one, progress)
    paper_uuid = ""
    if done:
        paper_uuid = _issue_list(
            store,
            number,
            done,
            collected_by=collected_by,
            proxy_id=proxy_id,
            authorisation=authorisation,
            at=at or now,
            by=by,
            now=now,
        )
    return Outcomes(tuple(done), tuple(refused), number if done else "", paper_uuid)


def _is_in(facts: DossierFacts, number: str) -> bool:
    return any(
        e.kind == Move.RETURN and not e.is_undone and e.body.get("handover") == number
        for e in facts.events
    )


def _issue_list(
    store: Store,
    number: str,
    done: Sequence[DossierFacts],
    *,
    collected_by: str,
    proxy_id: str,
    authorisation: str,
    at: datetime,
    by: str,
    now: datetime,
) -> str:
    """Freeze the list of what one collector took; issued once under its number."""
    settings, here = get_settings(store), office.office(store)
    with store.transaction():
        known = store.row("SELECT uuid FROM officepaper WHERE code = ?", (number,))
        if known is not None:
            return str(known[0])
        facts = HandoverFacts(
            form_set="",
            wording_version=_WORDING,
            place=settings["place"],
            issued_on=at.date(),
            is_rehearsal=here.is_rehearsal,
            hotline=settings["hotline"],
            office_parent=here.parent,
            office_name=here.name,
            code=number,
            collected_by=collected_by,
            proxy_id=proxy_id,
            authorisation=authorisation,
            handed_at=at,
            lines=tuple(_line(one) for one in done),
            officer_name=by,
            counter_name=here.counter_name,
        )
        paper_uuid = uuid_module.uuid4().hex
        frozen = dossiers.dump(facts.to_json())
        audit.note(store, Act.PAPERS, target=number, count=len(done))
        store.execute(
            _INSERT, (paper_uuid, KIND, number, at.date().isoformat(), to_epoch(now), by, frozen)
        )
    return paper_uuid


def _line(facts: DossierFacts) -> tuple[str, str, str, str]:
    state = facts.state
    is_result = facts.status is Status.RETURNED
    what = "Kết quả" if is_result else f"Giấy tờ ({STATUS_LABELS[facts.status].lower()})"
    return facts.shown_code, state["applicant_name"], state["procedure_name"], what


def list_of(store: Store, number: str) -> str:
    """Return the uuid of a list by its number, for printing it again.

    Raises:
        NotFoundError: there is no such list.
    """
    code = number.strip().upper()
    row = store.row("SELECT uuid FROM officepaper WHERE kind = ? AND code = ?", (KIND, code))
    if row is None or not code.startswith("BG-"):
        raise NotFoundError(f"Không có danh sách bàn giao số “{number.strip()}”.", field="code")
    return str(row[0])


def reprint_list(store: Store, paper_uuid: str) -> str:
    """Record that a list is printed again: its copies say so; returns its uuid."""
    with store.transaction():
        row = store.row(
            "UPDATE officepaper SET copies = copies + 1 WHERE uuid = ? AND kind = ? RETURNING code",
            (paper_uuid, KIND),
        )
        if row is not None:
            audit.record(store, Act.PAPERS, target=row[0], what="in lại")
    return paper_uuid


def list_pdf(store: Store, paper_uuid: str) -> bytes | None:
    """Make the PDF of a list from its frozen facts; None when the uuid is of another paper."""
    row = store.row(
        "SELECT facts, copies FROM officepaper WHERE uuid = ? AND kind = ?", (paper_uuid, KIND)
    )
    if row is None:
        return None
    from counter_app.documents.render import render_handover

    facts: dict[str, Any] = json.loads(row[0])
    return render_handover(replace(HandoverFacts.from_json(facts), reprint_count=row[1]))


def last_lists(store: Store, *, limit: int = 10) -> list[tuple[str, str]]:
    """Return (uuid, words) of the last lists of this office, newest first."""
    rows = store.rows(
        "SELECT uuid, facts FROM officepaper WHERE kind = ? AND code GLOB 'BG-*' "
        "ORDER BY id DESC LIMIT ?",
        (KIND, limit),
    )
    found = []
    for uuid, text in rows:
        facts = HandoverFacts.from_json(json.loads(text))
        what = f"{len(facts.lines)} hồ sơ, {facts.handed_at:%H:%M %d/%m/%Y}"
        found.append((uuid, f"{facts.code}  {facts.collected_by}  {what}"))
    return found


def uncollected(store: Store, *, now: datetime, limit: int = 500) -> list[Uncollected]:
    """Return the results that nobody has collected for longer than the office's days."""
    before = to_epoch(now) - get_setting(store, "uncollected_days") * _SECONDS_OF_A_DAY
    rows = store.rows(
        dossiers.SELECT_STATE + "INDEXED BY dossier_waiting "
        "WHERE office_id = 1 AND status = 'completed' AND is_void = 0 "
        "AND completed_at <= ? ORDER BY completed_at, id LIMIT ?",
        (before, limit),
    )
    return [_uncollected(dossiers.state_of(row), now) for row in rows]


def _uncollected(found: tuple[int, str, dict[str, Any]], now: datetime) -> Uncollected:
    dossier_id, uuid, state = found
    completed, contacted = from_epoch(state["completed_at"]), state["contacted_at"]
    until = state["contact_until"]
    return Uncollected(
        dossier_id,
        uuid,
        state["official_code"] or state["code"],
        state["applicant_name"],
        state["phone"],
        state["procedure_name"],
        completed,
        (now.date() - completed.date()).days,
        state["contacts"],
        None if contacted is None else from_epoch(contacted),
        state["contact_outcome"],
        None if until is None else date.fromisoformat(until),
        state["contact_note"],
        last_call(state),
    )
