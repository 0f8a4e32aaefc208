"""Papers (giấy tờ): an issue is committed with its frozen text, then the PDF is made from it."""

from __future__ import annotations

import json
import uuid as uuid_module
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from counter_app.domain.deadlines import parse_limit
from counter_app.domain.dossier import Move
from counter_app.domain.moments import from_epoch, to_epoch, to_minute
from counter_app.domain.office_names import in_sentence
from counter_app.domain.papers import (
    ApologyFacts,
    ApologyKind,
    IdKind,
    PaperDocument,
    ReceiptFacts,
    ResultTo,
)
from counter_app.domain.vietnamese import clean_line
from counter_app.errors import InputError, MoveRefusedError, NotFoundError
from counter_app.services import apologies, catalogue, journal, lookup, office
from counter_app.services.settings import get_settings
from counter_app.storage import dossiers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from counter_app.domain.history import State
    from counter_app.storage.database import Store

_INSERT = (
    "INSERT INTO paper (uuid, office_id, dossier_id, event_uuid, kind, letter, number, issued_at, "
    "officer, facts, copies) VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, 0)"
)
_FACTS: dict[str, type[ReceiptFacts | ApologyFacts]] = {
    "receipt": ReceiptFacts,
    "apology": ApologyFacts,
}


def _wording(store: Store, day: datetime) -> tuple[str, str, str]:
    """Return form set, wording version and legal basis in force, by date or the office's choice."""
    from counter_app.documents.wording import shipped_wordings

    form = shipped_wordings().pick(day.date(), get_settings(store)["form_set"])
    return form.form_set, form.version, form.legal_basis(day.date())


def receipt_facts(store: Store, state: State, *, now: datetime) -> ReceiptFacts:
    """Return what a receipt for this dossier says if it is issued now."""
    settings = get_settings(store)
    here = office.office(store)
    form_set, version, _ = _wording(store, now)
    due_at, expected = state["legal_due_at"], state["expected_due_at"]
    is_organisation = state["owner_kind"] == "organisation"
    return ReceiptFacts(
        form_set=form_set,
        wording_version=version,
        place=settings["place"],
        issued_on=now.date(),
        is_rehearsal=here.is_rehearsal,
        hotline=settings["hotline"],
        office_parent=here.parent,
        office_name=here.name,
        office_title=in_sentence(here.name),
        code=state["code"],
        is_provisional_code=not state["official_code"],
        official_code=state["official_code"] or "",
        paper_number=state["paper_number"] or "",
        owner_name=state["applicant_name"],
        owner_id=(state["tax_code"] if is_organisation else state["citizen_id"]) or "",
        owner_id_kind=IdKind.TAX if is_organisation else IdKind(state["id_kind"]),
        submitter_name=(
            state["submitter_name"] if state["submitter_name"] != state["applicant_name"] else ""
        ),
        submitter_id=state["submitter_id"] or "",
        subject_name=state["subject_name"],
        address=state["address"],
        phone=state["phone"],
        email=state["email"],
        procedure_code=state["procedure_code"],
        procedure_name=state["procedure_name"],
        content=state["content"],
        documents=tuple(PaperDocument(**d) for d in state["documents"]),
        sets=state["copies"],
        limit_text=parse_limit(state["limit"]).in_words() if state["limit"] else "",
        received_at=from_epoch(state["received_at"]),
        due_at=None if due_at is None else from_epoch(due_at),
        expected_due_at=None if expected is None else from_epoch(expected),
        is_provisional_due=bool(state["provisional"]),
        competent_unit=state["competent_unit"],
        result_to=ResultTo(state["result_to"]),
        result_place=in_sentence(settings["result_place"]),
        fee_text=state["fee_text"],
        officer_name=state["reception_officer"],
        counter_name=state["counter_name"],
    )


def issue_receipt_event(
    store: Store, *, dossier_id: int, dossier_uuid: str, state: State, now: datetime, by: str = ""
) -> tuple[str, State]:
    """Freeze and record a receipt within the running transaction; returns the paper's uuid.

    It is printed by the officer who received the dossier, unless ``by`` says otherwise.
    """
    facts = receipt_facts(store, state, now=now)
    return _issue(
        store,
        dossier_id=dossier_id,
        dossier_uuid=dossier_uuid,
        state=state,
        kind="receipt",
        letter="",
        number="",
        facts=facts,
        by=by or state["reception_officer"],
        now=now,
    )


def _issue(
    store: Store,
    *,
    dossier_id: int,
    dossier_uuid: str,
    state: State,
    kind: str,
    letter: str,
    number: str,
    facts: ReceiptFacts | ApologyFacts,
    by: str,
    now: datetime,
) -> tuple[str, State]:
    paper_uuid = uuid_module.uuid4().hex
    by = clean_line(by)
    frozen = facts.to_json()
    paper = {"uuid": paper_uuid, "kind": kind, "letter": letter, "number": number, "facts": frozen}
    event, after = journal.add_event(
        store,
        dossier_id=dossier_id,
        dossier_uuid=dossier_uuid,
        before=state,
        kind=Move.PRINT.value,
        at=to_epoch(to_minute(now)),
        now=to_epoch(now),
        by=by,
        body={"paper": paper},
    )
    store.execute(
        _INSERT,
        (
            paper_uuid,
            dossier_id,
            event.uuid,
            kind,
            letter,
            number,
            to_epoch(now),
            by,
            dossiers.dump(frozen),
        ),
    )
    return paper_uuid, after


def _latest(store: Store, dossier_id: int, kind: str) -> tuple[str, int, int] | None:
    row = store.row(
        "SELECT uuid, issued_at, copies FROM paper WHERE dossier_id = ? AND kind = ? "
        "ORDER BY id DESC LIMIT 1",
        (dossier_id, kind),
    )
    return None if row is None else (row[0], row[1], row[2])


def print_receipt(store: Store, code: str, *, by: str, now: datetime) -> str:
    """Issue a dossier's receipt, or record that it is printed again; returns the paper's uuid.

    A reprint within the minutes of a paper jam is logged and looks the same; a later one is
    marked "bản in lại lần n". A receipt that lacks the official code, or the date that had to wait
    for the competent body, is issued anew once they are known.
    """
    with store.transaction():
        journal.check_clock(store, now)
        dossier_id, uuid, state = _printable(store, code)
        latest = _latest(store, dossier_id, "receipt")
        if latest is None or _is_outdated(store, latest[0], state):
            paper_uuid, _ = issue_receipt_event(
                store, dossier_id=dossier_id, dossier_uuid=uuid, state=state, now=now, by=by
            )
            return paper_uuid
        return _reprint(store, latest, dossier_id, uuid, state, kind="receipt", by=by, now=now)


def _printable(store: Store, code: str) -> tuple[int, str, State]:
    """Look a dossier up whose papers may be printed.

    Raises:
        MoveRefusedError: its reception was taken back.
    """
    found = lookup.load(store, code)
    if found[2]["is_void"]:
        raise MoveRefusedError(
            f"Hồ sơ {found[2]['code']} đã được hoàn tác tiếp nhận nên không in giấy tờ nữa."
        )
    return found


def _is_outdated(store: Store, paper_uuid: str, state: State) -> bool:
    frozen = frozen_facts(store, paper_uuid)
    has_other_code = (frozen.get("official_code") or "") != (state["official_code"] or "")
    lacks_date = frozen.get("due_at") is None and state["legal_due_at"] is not None
    return has_other_code or lacks_date


def _reprint(
    store: Store,
    latest: tuple[str, int, int],
    dossier_id: int,
    dossier_uuid: str,
    state: State,
    *,
    kind: str,
    by: str,
    now: datetime,
) -> str:
    paper_uuid, issued_at, copies = latest
    minutes = get_settings(store)["jam_minutes"]
    printed_at = _printed_at(store, dossier_uuid, paper_uuid, issued_at)
    jam = now - from_epoch(printed_at) <= timedelta(minutes=minutes)
    copy = copies if jam else copies + 1
    paper: dict[str, Any] = {"uuid": paper_uuid, "kind": kind, "copy": copy}
    if jam:
        paper["jam"] = True
    journal.add_event(
        store,
        dossier_id=dossier_id,
        dossier_uuid=dossier_uuid,
        before=state,
        kind=Move.PRINT.value,
        at=to_epoch(to_minute(now)),
        now=to_epoch(now),
        by=clean_line(by),
        body={"paper": paper},
    )
    store.execute("UPDATE paper SET copies = ? WHERE uuid = ?", (copy, paper_uuid))
    return paper_uuid


def _printed_at(store: Store, dossier_uuid: str, paper_uuid: str, issued_at: int) -> int:
    """Return when a paper last came out on purpose: the jam it may replace is of that print."""
    printed = [
        event.recorded_at
        for event in dossiers.events_of(store, dossier_uuid)
        if event.kind == Move.PRINT
        and event.body["paper"]["uuid"] == paper_uuid
        and not event.body["paper"].get("jam")
    ]
    return max(printed, default=issued_at)


def frozen_facts(store: Store, paper_uuid: str) -> dict[str, Any]:
    """Return the frozen facts of an issued paper as plain data.

    Raises:
        NotFoundError: there is no such paper.
    """
    row = store.row("SELECT facts FROM paper WHERE uuid = ?", (paper_uuid,))
    if row is None:
        raise NotFoundError("Không tìm thấy giấy tờ này trong dữ liệu.")
    facts: dict[str, Any] = json.loads(row[0])
    return facts


def paper_pdf(store: Store, paper_uuids: Sequence[str], *, size: str = "") -> bytes:
    """Make the PDF of issued papers of one kind from their frozen facts."""
    from counter_app.documents.render import render_apologies, render_receipts

    found = [
        store.row("SELECT kind, facts, copies FROM paper WHERE uuid = ?", (one,))
        for one in paper_uuids
    ]
    papers = [
        replace(_FACTS[row[0]].from_json(json.loads(row[1])), reprint_count=row[2])
        for row in found
        if row is not None
    ]
    receipts = [p for p in papers if isinstance(p, ReceiptFacts)]
    if receipts:
        return render_receipts(receipts, paper=size or get_settings(store)["paper"])
    letters = [p for p in papers if isinstance(p, ApologyFacts)]
    if not letters:
        raise NotFoundError("Không tìm thấy giấy tờ này trong dữ liệu.")
    return render_apologies(letters)


def preview_receipt(store: Store, code: str, *, now: datetime, size: str = "") -> bytes:
    """Make the PDF a receipt would have if it were issued now; nothing is recorded."""
    from counter_app.documents.render import render_receipt

    _, _, state = lookup.load(store, code)
    facts = receipt_facts(store, state, now=now)
    return render_receipt(facts, paper=size or get_settings(store)["paper"])


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
    form_set, version, legal_basis = _wording(store, now)
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
    return render_apology(apology_facts(store, state, signer=signer, number=None, now=now))


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
        dossier_id, uuid, state = _printable(store, code)
        _letter_kind(store, state, now=now)  # before a number is asked for, or taken
        given = _letter_number(store, number, now=now)
        facts = apology_facts(store, state, signer=signer, number=given, now=now)
        paper_uuid, _ = _issue(
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


def _letter_number(store: Store, number: str, *, now: datetime) -> str | None:
    way = get_settings(store)["letter_number"]
    typed = clean_line(number)
    if typed:
        return typed
    if way == "typed":
        raise InputError("Nhập số văn bản xin lỗi rồi phát hành.", field="number")
    if way == "series":
        return f"{journal.take_number(store, kind='apology', period=f'{now:%Y}'):02d}"
    return None


def print_apology(store: Store, code: str, *, signer: str, by: str, now: datetime) -> str:
    """Issue the letter a dossier is owed, or record a reprint of the one it has."""
    with store.transaction():
        journal.check_clock(store, now)
        dossier_id, uuid, state = _printable(store, code)
        latest = _latest(store, dossier_id, "apology")
        if latest is not None and apologies.owed_kind(store, state, as_of=now) is None:
            return _reprint(store, latest, dossier_id, uuid, state, kind="apology", by=by, now=now)
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


def fee_words(store: Store, code: str, *, on: datetime) -> str:
    """Say a procedure's fee as a notice board does; empty when the office hasn't confirmed it."""
    return catalogue.procedure(store, code, on=on.date()).fee.describe()
