"""Papers (giấy tờ): an issue is committed with its frozen text, then the PDF is made from it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from counter_app.domain.deadlines import parse_limit
from counter_app.domain.fees import FeeStanding
from counter_app.domain.linked import printed_steps
from counter_app.domain.moments import from_epoch
from counter_app.domain.office_names import in_sentence
from counter_app.domain.papers import (
    ApologyFacts,
    IdKind,
    PaperDocument,
    ReceiptFacts,
    ResultTo,
    SlipFacts,
)
from counter_app.domain.verdicts import in_force
from counter_app.errors import NotFoundError
from counter_app.services import catalogue, journal, lookup, office
from counter_app.services.editions import replacing
from counter_app.services.letters import (
    apology_facts,
    issue_apologies,
    issue_apology,
    preview_apology,
    print_apology,
    split_signer,
)
from counter_app.services.paper_events import (
    frozen_facts,
    issue,
    latest_of,
    printable,
    reprint,
    reprint_paper,
    wording_of,
    wordings,
)
from counter_app.services.settings import get_settings
from counter_app.services.slips import (
    issue_slip,
    preview_slip,
    print_slip,
    visit_slip,
    visit_slip_pdf,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from counter_app.domain.history import State
    from counter_app.storage.database import Store

__all__ = [
    "apology_facts",
    "fee_words",
    "frozen_facts",
    "issue_apologies",
    "issue_apology",
    "issue_receipt_event",
    "issue_slip",
    "paper_pdf",
    "preview_apology",
    "preview_receipt",
    "preview_slip",
    "print_apology",
    "print_receipt",
    "print_slip",
    "receipt_facts",
    "reprint_paper",
    "split_signer",
    "visit_slip",
    "visit_slip_pdf",
]

_FACTS: dict[str, type[ReceiptFacts | ApologyFacts]] = {
    "receipt": ReceiptFacts,
    "apology": ApologyFacts,
}  # every other kind is a slip


def receipt_facts(store: Store, state: State, *, now: datetime) -> ReceiptFacts:
    """Return what a receipt for this dossier says if it is issued now."""
    settings = get_settings(store)
    here = office.office(store)
    form_set, version, _ = wording_of(store, now)
    # The letter gave the citizen the later day: a receipt beside it that shows another misleads.
    due_at, expected = in_force(state), state["expected_due_at"]
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
        due_note=printed_steps(state),
        competent_unit=state["competent_unit"],
        result_to=ResultTo(state["result_to"]),
        result_place=in_sentence(settings["result_place"]),
        fee_text=FeeStanding.of(state).printed,
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
    if state["receipt_issued"]:
        facts = replacing(store, dossier_id, dossier_uuid, facts)
    return issue(
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


def print_receipt(store: Store, code: str, *, by: str, now: datetime) -> str:
    """Issue a dossier's receipt, or record that it is printed again; returns the paper's uuid.

    A reprint within the minutes of a paper jam is logged and looks the same; a later one is
    marked "bản in lại lần n". A receipt that lacks the official code, or the date that had to wait
    for the competent body, is issued anew once they are known.
    """
    with store.transaction():
        journal.check_clock(store, now)
        dossier_id, uuid, state = printable(store, code)
        latest = latest_of(store, dossier_id, "receipt")
        if latest is None or _is_outdated(store, latest[0], state, dossier_id, uuid, now=now):
            paper_uuid, _ = issue_receipt_event(
                store, dossier_id=dossier_id, dossier_uuid=uuid, state=state, now=now, by=by
            )
            return paper_uuid
        return reprint(store, latest, dossier_id, uuid, state, kind="receipt", by=by, now=now)


def _is_outdated(
    store: Store, paper_uuid: str, state: State, dossier_id: int, uuid: str, *, now: datetime
) -> bool:
    frozen = frozen_facts(store, paper_uuid)
    has_other_code = (frozen.get("official_code") or "") != (state["official_code"] or "")
    lacks_date = frozen.get("due_at") is None and state["legal_due_at"] is not None
    return (
        has_other_code
        or lacks_date
        or replacing(store, dossier_id, uuid, receipt_facts(store, state, now=now)).edition
        != frozen.get("edition", 1)
    )


def paper_pdf(
    store: Store,
    paper_uuids: Sequence[str],
    *,
    size: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> bytes:
    """Make the PDF of issued papers of one kind from their frozen facts."""
    from counter_app.documents.render import render_apologies, render_receipts, render_slips

    if len(paper_uuids) == 1:
        from counter_app.services import handing

        listed = handing.list_pdf(store, paper_uuids[0])
        if listed is not None:
            return listed
    found = [
        store.row("SELECT kind, facts, copies FROM paper WHERE uuid = ?", (one,))
        for one in paper_uuids
    ]
    papers = [
        replace(_FACTS.get(row[0], SlipFacts).from_json(json.loads(row[1])), reprint_count=row[2])
        for row in found
        if row is not None
    ]
    paper = size or get_settings(store)["paper"]
    words = wordings(store)
    receipts = [p for p in papers if isinstance(p, ReceiptFacts)]
    if receipts:
        return render_receipts(receipts, paper=paper, wordings=words, progress=progress)
    slips = [p for p in papers if isinstance(p, SlipFacts)]
    if slips:
        return render_slips(slips, paper, wordings=words, progress=progress)
    letters = [p for p in papers if isinstance(p, ApologyFacts)]
    if not letters:
        raise NotFoundError("Không tìm thấy giấy tờ này trong dữ liệu.")
    return render_apologies(letters, wordings=words, progress=progress)


def preview_receipt(store: Store, code: str, *, now: datetime, size: str = "") -> bytes:
    """Make the PDF a receipt would have if it were issued now; nothing is recorded."""
    from counter_app.documents.render import render_receipt

    _, _, state = lookup.load(store, code)
    facts = receipt_facts(store, state, now=now)
    paper = size or get_settings(store)["paper"]
    return render_receipt(facts, paper=paper, wordings=wordings(store))


def fee_words(store: Store, code: str, *, on: datetime) -> str:
    """Say a procedure's fee as a notice board does; empty when the office hasn't confirmed it."""
    return catalogue.procedure(store, code, on=on.date()).fee.describe()
