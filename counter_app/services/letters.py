"""Apology letters (văn bản xin lỗi): what one says, its number, issuing one or many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_app.domain.moments import from_epoch
from counter_app.domain.office_names import in_sentence
from counter_app.domain.papers import ApologyFacts, ApologyKind
from counter_app.domain.vietnamese import clean_line
from counter_app.errors import InputError, MoveRefusedError
from counter_app.services import apologies, journal, lookup, office
from counter_app.services.paper_events import (
    issue,
    latest_of,
    printable,
    reprint,
    wording_of,
    wordings,
)
from counter_app.services.settings import get_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from counter_app.domain.history import State
    from counter_app.storage.database import Store


_LETTERS = {"apology": "văn bản xin lỗi", "stop": "thông báo dừng giải quyết"}


def apology_facts(
    store: Store,
    state: State,
    *,
    signer: str,
    number: str | None,
    now: datetime,
) -> ApologyFacts:
    """Return what an apology letter for this dossier says if it is issued now.

    Raises:
        MoveRefusedError: nothing is owed, or no reason is known yet.
    """
    letter = _letter_kind(store, state, now=now)
    settings = get_settings(store)
    here = office.office(store)
    form_set, version, legal_basis = wording_of(store, now)
    name, titles = split_signer(signer)
    is_late = letter == "late"
    reason = apologies.late_reason(state) if is_late else state["reschedule_reason"]
    missed = state["late_due_at"] or state["due_at"] or state["legal_due_at"]
    new_due = state["late_expected_at"] if is_late else state["rescheduled_due_at"]
    completed = (state["completed_at"] or state["closed_at"]) if is_late else None
    return ApologyFacts(
        form_set=form_set,
        wording_version=version,
        place=settings["place"],
        # The registry dates the letter when it gives the number (NĐ 30/2020 Điều 15).
        issued_on=None if number is None else now.date(),
        is_rehearsal=here.is_rehearsal,
        hotline=settings["hotline"],
        kind=ApologyKind(letter),
        agency_parent=settings["letter_parent"],
        agency_name=in_sentence(settings["letter_agency"] or here.parent or here.name),
        office_title=in_sentence(here.name),
        number=number,
        symbol=settings["letter_symbol"],
        title=settings["apology_title"],
        legal_basis=legal_basis,
        addressee_name=state["applicant_name"],
        address=state["address"],
        phone=state["phone"],
        procedure_name=state["procedure_name"],
        procedure_code=state["procedure_code"],
        code=state["official_code"] or state["code"],
        is_provisional_code=not state["official_code"],
        received_at=from_epoch(state["received_at"]),
        original_due_at=from_epoch(missed if is_late else state["legal_due_at"]),
        new_due_at=None if new_due is None or completed else from_epoch(new_due),
        completed_at=None if completed is None else from_epoch(completed),
        reason=reason,
        resolving_unit=state["resolving_unit"],
        signer_titles=titles,
        signer_name=name,
    )


def split_signer(signer: str) -> tuple[str, tuple[str, ...]]:
    """Split "KT. CHỦ TỊCH|PHÓ CHỦ TỊCH|Nguyễn Văn A" into the name and the lines above it."""
    parts = [clean_line(part) for part in signer.split("|")]
    parts = [part for part in parts if part]
    return (parts[-1], tuple(parts[:-1])) if parts else ("", ())


def _letter_kind(store: Store, state: State, *, now: datetime) -> str:
    owed = apologies.owed_kind(store, state, as_of=now)
    if owed == "late":
        if not apologies.late_reason(state):
            raise MoveRefusedError(
                f"Hồ sơ {state['code']} trễ hạn nhưng chưa ghi lý do. "
                "Ghi lý do trễ hạn rồi phát hành văn bản xin lỗi.",
                field="reason",
            )
        return "late"
    if owed == "confirmed":
        return "reschedule"
    raise MoveRefusedError(
        f"Hồ sơ {state['code']} không nợ văn bản xin lỗi nào: chưa có ý kiến hẹn lại của đơn vị "
        "giải quyết và chưa quá hạn, hoặc văn bản đã phát hành."
    )


def preview_apology(store: Store, code: str, *, signer: str = "", now: datetime) -> bytes:
    """Make the PDF of a letter as it would be issued now; nothing is recorded."""
    from counter_app.documents.render import render_apology

    _, _, state = lookup.load(store, code)
    facts = apology_facts(store, state, signer=signer, number=None, now=now)
    return render_apology(facts, wordings=wordings(store))


def issue_apology(
    store: Store, code: str, *, signer: str, by: str, now: datetime, number: str = ""
) -> str:
    """Issue the apology letter (văn bản xin lỗi) a dossier is owed; returns the paper's uuid.

    Its number is blank for the registry, typed, or from the office's own series, as set.

    Raises:
        MoveRefusedError: nothing is owed, or its reason isn't known yet.
        InputError: a number has to be typed and wasn't.
    """
    with store.transaction():
        journal.check_clock(store, now)
        dossier_id, uuid, state = printable(store, code)
        _letter_kind(store, state, now=now)  # before a number is asked for, or taken
        given = letter_number(store, number, kind="apology", now=now)
        facts = apology_facts(store, state, signer=signer, number=given, now=now)
        paper_uuid, _ = issue(
            store,
            dossier_id=dossier_id,
            dossier_uuid=uuid,
            state=state,
            kind="apology",
            letter="late" if facts.kind is ApologyKind.LATE else "reschedule",
            number=given or "",
            facts=facts,
            by=by,
            now=now,
        )
        return paper_uuid


def letter_number(store: Store, number: str, *, kind: str, now: datetime) -> str | None:
    """Return an outgoing document's number as the office gives them; none: the registry does."""
    way = get_settings(store)["letter_number"]
    typed = clean_line(number)
    if typed:
        return typed
    if way == "typed":
        raise InputError(f"Nhập số {_LETTERS.get(kind, 'văn bản')} rồi phát hành.", field="number")
    if way == "series":
        return f"{journal.take_number(store, kind=kind, period=f'{now:%Y}'):02d}"
    return None


def print_apology(store: Store, code: str, *, signer: str, by: str, now: datetime) -> str:
    """Issue the letter a dossier is owed, or record a reprint of the one it has."""
    with store.transaction():
        journal.check_clock(store, now)
        dossier_id, uuid, state = printable(store, code)
        latest = latest_of(store, dossier_id, "apology")
        if latest is not None and apologies.owed_kind(store, state, as_of=now) is None:
            return reprint(store, latest, dossier_id, uuid, state, kind="apology", by=by, now=now)
        return issue_apology(store, code, signer=signer, by=by, now=now)


def issue_apologies(
    store: Store,
    codes: Sequence[str],
    *,
    signer: str,
    by: str,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> list[str]:
    """Issue several letters, each in its own transaction; returns the papers' uuids.

    A letter that can't be issued stops there with its sentence; those before it are issued.
    """
    issued = []
    for number, code in enumerate(codes, start=1):
        issued.append(issue_apology(store, code, signer=signer, by=by, now=now))
        if progress is not None:
            progress(number, len(codes))
    return issued
