"""Slips and notices: supplement, refusal, stop, and whatever form a later circular adds.

What a slip says comes from the dossier and from the act it goes with (a supplement asked for, a
refusal, a stop); which acts those are stands in the form's wording.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from counter_app.domain.deadlines import parse_limit
from counter_app.domain.dossier import MOVE_LABELS, STATUS_LABELS, Move, Status
from counter_app.domain.history import live_events, rebuild
from counter_app.domain.moments import from_epoch
from counter_app.domain.office_names import in_sentence
from counter_app.domain.papers import IdKind, PaperHandover, SlipFacts
from counter_app.domain.routing import routing_rows
from counter_app.domain.vietnamese import clean_line, clean_text
from counter_app.errors import InputError, MoveRefusedError
from counter_app.services import journal, lookup, office
from counter_app.services.letters import letter_number, split_signer
from counter_app.services.paper_events import (
    form_of,
    frozen_facts,
    issue,
    latest_of,
    printable,
    reprint,
    wordings,
)
from counter_app.services.settings import get_settings
from counter_app.storage import dossiers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from counter_app.documents.form_words import SlipWording
    from counter_app.domain.history import Event, State
    from counter_app.storage.database import Store

_PARTS = re.compile(r"[\n;]+")


def slip_kinds(store: Store, *, now: datetime) -> dict[str, str]:
    """Return the forms one can print today beside receipt and letter: kind and name."""
    found = form_of(store, now).slips.items()
    return {kind: slip.name for kind, slip in found if slip.words is not None}


def not_a_form(store: Store, kind: str, *, now: datetime) -> str:
    """Say that the set in force has no such form and what is printed instead; empty if it has."""
    return form_of(store, now).slip(kind).not_a_form


def issue_slip(
    store: Store,
    code: str,
    *,
    kind: str,
    requirements: Sequence[str] = (),
    reason: str = "",
    signer: str = "",
    number: str = "",
    by: str,
    now: datetime,
) -> str:
    """Issue a dossier's slip with the last act it goes with; returns the paper's uuid.

    ``requirements`` are the numbered lines of what is missing. Without them they are what the act
    recorded as ``requirements`` in its event's body, else its reason, a line for each part between
    ";" or line ends. ``reason`` is the act's own unless given. May be called within the
    transaction of the act itself.

    Raises:
        MoveRefusedError: the dossier has no such act.
        InputError: there is no such form, or a number has to be typed and wasn't.
    """
    with store.transaction():
        journal.check_clock(store, now)
        dossier_id, uuid, state = printable(store, code)
        form = _form(store, kind, now)
        act = _act_of(store, uuid, state, form)
        facts = _dossier_slip(
            store,
            uuid,
            state,
            act,
            kind=kind,
            requirements=requirements,
            reason=reason,
            signer=signer,
            by=by,
            now=now,
        )
        given = _number(store, form, kind, number, now=now)
        facts = _with_number(facts, form, given, now)
        paper_uuid, _ = issue(
            store,
            dossier_id=dossier_id,
            dossier_uuid=uuid,
            state=state,
            kind=kind,
            letter="",
            number=given or "",
            facts=facts,
            by=by,
            now=now,
            name=form.name[:1].lower() + form.name[1:],
        )
        return paper_uuid


def print_slip(
    store: Store, code: str, *, kind: str, signer: str = "", by: str, now: datetime
) -> str:
    """Issue the slip of the dossier's last such act, or record that it is printed again."""
    with store.transaction():
        journal.check_clock(store, now)
        dossier_id, uuid, state = printable(store, code)
        act = _act_of(store, uuid, state, _form(store, kind, now))
        latest = latest_of(store, dossier_id, kind)
        rows = [row.to_json() for row in _handovers(store, uuid, state, kind, now)]
        if latest is not None and _is_of(store, latest[0], act, rows):
            return reprint(store, latest, dossier_id, uuid, state, kind=kind, by=by, now=now)
        return issue_slip(store, code, kind=kind, signer=signer, by=by, now=now)


def _is_of(
    store: Store, paper_uuid: str, act: Event | None, handovers: list[dict[str, Any]]
) -> bool:
    """Tell whether an issued slip goes with this act and shows these hand-overs."""
    frozen = frozen_facts(store, paper_uuid)
    same_act = frozen.get("act_uuid", "") == (act.uuid if act else "")
    return same_act and bool(frozen.get("handovers", []) == handovers)


def preview_slip(
    store: Store,
    code: str,
    *,
    kind: str,
    requirements: Sequence[str] = (),
    reason: str = "",
    signer: str = "",
    by: str,
    now: datetime,
    size: str = "",
) -> bytes:
    """Make the PDF of a slip as it would be issued now, also before its act; records nothing."""
    _, uuid, state = lookup.load(store, code)
    form = _form(store, kind, now)
    acts = _acts(store, uuid, form)
    facts = _dossier_slip(
        store,
        uuid,
        state,
        acts[-1] if acts else None,
        kind=kind,
        requirements=requirements,
        reason=reason,
        signer=signer,
        by=by,
        now=now,
    )
    return visit_slip_pdf(store, [_with_number(facts, form, None, now)], size=size)


def visit_slip(
    store: Store,
    person: Mapping[str, Any],
    *,
    kind: str,
    visit_code: str,
    requirements: Sequence[str] = (),
    reason: str = "",
    by: str,
    now: datetime,
) -> SlipFacts:
    """Return what a slip says when a visit ended before anything was received (no dossier).

    ``person`` has what is known, by the names a dossier's state has (``applicant_name``,
    ``owner_kind``, ``id_kind``, ``citizen_id``, ``tax_code``, ``address``, ``phone``, ``email``,
    ``procedure_code``, ``procedure_name``, ``content``, ``submitter_name``); what is missing is
    left out of the page. Keep ``facts.to_json()`` with the visit in the same transaction; the page
    is made from it by ``visit_slip_pdf`` and can be made again, with ``reprint_count`` set.
    """
    form = _form(store, kind, now)
    facts = _slip(
        store,
        person,
        kind,
        variant=form.after[0] if form.after else "",
        visit_code=visit_code,
        requirements=requirements,
        reason=reason,
        by=by,
        now=now,
    )
    return _with_number(facts, form, None, now)


def visit_slip_pdf(store: Store, many: Sequence[SlipFacts], *, size: str = "") -> bytes:
    """Make the PDF of slips from their frozen facts."""
    from counter_app.documents.render import render_slips

    return render_slips(many, size or get_settings(store)["paper"], wordings=wordings(store))


def _form(store: Store, kind: str, now: datetime) -> SlipWording:
    form = form_of(store, now)
    slip = form.slips.get(kind)
    if slip is None or slip.words is None:
        names = ", ".join(slip_kinds(store, now=now))
        raise InputError(
            f"{form.name} không có mẫu “{kind}”. Chưa in gì. Các mẫu có: {names}.", field="kind"
        )
    return slip


def _acts(store: Store, uuid: str, form: SlipWording) -> list[Event]:
    return [e for e in live_events(dossiers.events_of(store, uuid)) if e.kind in form.after]


def _act_of(store: Store, uuid: str, state: State, form: SlipWording) -> Event | None:
    """Return the last act the form goes with; None where it needs none.

    Raises:
        MoveRefusedError: it needs one, and the dossier has none that still counts.
    """
    acts = _acts(store, uuid, form)
    if acts:
        return acts[-1]
    if not form.after:
        return None
    needed = ", ".join(f"“{MOVE_LABELS[Move(move)].lower()}”" for move in form.after)
    raise MoveRefusedError(
        f"Hồ sơ {state['code']} chưa có bước {needed} nên chưa in {form.name.lower()}. "
        "Hồ sơ giữ nguyên. Ghi bước đó rồi in."
    )


def _dossier_slip(
    store: Store,
    uuid: str,
    state: State,
    act: Event | None,
    *,
    kind: str,
    requirements: Sequence[str],
    reason: str,
    signer: str,
    by: str,
    now: datetime,
) -> SlipFacts:
    body = {} if act is None else act.body
    stage = ""
    if act is not None:
        before = rebuild(dossiers.events_of(store, uuid)[: _place(store, uuid, act)])
        stage = STATUS_LABELS[Status(before["status"])]
    return _slip(
        store,
        state,
        kind,
        variant="" if act is None else act.kind,
        act=act,
        stage=stage,
        handovers=_handovers(store, uuid, state, kind, now),
        requirements=requirements or body.get("requirements", ()),
        reason=reason or body.get("reason", ""),
        signer=signer,
        by=by or (act.by if act else ""),
        now=now,
    )


def _handovers(
    store: Store, uuid: str, state: State, kind: str, now: datetime
) -> tuple[PaperHandover, ...]:
    if form_of(store, now).slip(kind).table is None:
        return ()
    name = in_sentence(office.office(store).name)
    rows = routing_rows(
        dossiers.events_of(store, uuid), office=name, timeliness=state["timeliness"]
    )
    return tuple(PaperHandover(**row._asdict()) for row in rows)


def _place(store: Store, uuid: str, act: Event) -> int:
    return [e.uuid for e in dossiers.events_of(store, uuid)].index(act.uuid)


def _slip(
    store: Store,
    person: Mapping[str, Any],
    kind: str,
    *,
    variant: str,
    act: Event | None = None,
    visit_code: str = "",
    stage: str = "",
    handovers: tuple[PaperHandover, ...] = (),
    requirements: Sequence[str] = (),
    reason: str = "",
    signer: str = "",
    by: str,
    now: datetime,
) -> SlipFacts:
    settings = get_settings(store)
    here = office.office(store)
    wording = form_of(store, now)
    get = person.get
    is_organisation = get("owner_kind") == "organisation"
    name, titles = split_signer(signer)
    asked, why = _asked(requirements, reason, kind=kind)
    agencies = settings["letter_parent"], settings["letter_agency"] or here.parent or here.name
    if wording.slip(kind).data.get("issuer") == "office":
        agencies = here.parent, here.name
    owner = get("applicant_name") or ""
    submitter = get("submitter_name") or ""
    official, received = get("official_code") or "", get("received_at")
    paid = get("fee_paid")
    return SlipFacts(
        form_set=wording.form_set,
        wording_version=wording.version,
        kind=kind,
        variant=variant,
        act_uuid=act.uuid if act else "",
        place=settings["place"],
        issued_on=now.date(),
        is_rehearsal=here.is_rehearsal,
        hotline=settings["hotline"],
        office_parent=here.parent,
        office_name=here.name,
        office_title=in_sentence(here.name),
        agency_parent=agencies[0],
        agency_name=in_sentence(agencies[1]),
        symbol=settings["letter_symbol"],
        legal_basis=wording.legal_basis(now.date()),
        code="" if visit_code else official or get("code") or "",
        is_provisional_code=not official and not visit_code,
        visit_code=visit_code,
        owner_name=owner,
        owner_id=(get("tax_code") if is_organisation else get("citizen_id")) or "",
        owner_id_kind=IdKind.TAX if is_organisation else IdKind(get("id_kind") or "none"),
        submitter_name="" if submitter == owner else submitter,
        address=get("address") or "",
        phone=get("phone") or "",
        email=get("email") or "",
        procedure_code=get("procedure_code") or "",
        procedure_name=get("procedure_name") or "",
        content=get("content") or "",
        limit_text=parse_limit(person["limit"]).in_words() if get("limit") else "",
        received_at=None if received is None else from_epoch(received),
        due_at=None if get("legal_due_at") is None else from_epoch(person["legal_due_at"]),
        decided_on=from_epoch(act.at).date() if act else now.date(),
        stage=stage,
        reason=why,
        requirements=asked,
        handovers=handovers,
        money=get("fee_text") or "" if paid else "",
        resolving_unit=get("resolving_unit") or "",
        contact_name=clean_line(by),
        contact_phone=settings["hotline"],
        officer_name=clean_line(by),
        counter_name=get("counter_name") or here.counter_name,
        signer_titles=titles,
        signer_name=name,
    )


def _asked(requirements: Sequence[str], reason: str, *, kind: str) -> tuple[tuple[str, ...], str]:
    """Return the numbered lines of what is missing, and the reason beside them."""
    lines = tuple(line for one in requirements if (line := clean_line(one)))
    words = clean_text(reason)
    if lines or kind != "supplement":
        return lines, words
    return tuple(line for part in _PARTS.split(words) if (line := clean_line(part))), ""


def _number(
    store: Store, form: SlipWording, kind: str, number: str, *, now: datetime
) -> str | None:
    """Return an outgoing document's number as the office gives them; a slip has it by hand."""
    if form.letter is not None:
        return letter_number(store, number, kind=kind, now=now)
    return clean_line(number) or None


def _with_number(
    facts: SlipFacts, form: SlipWording, number: str | None, now: datetime
) -> SlipFacts:
    """Put the number in; the registry dates a document when it gives the number (NĐ 30/2020)."""
    is_dated = number is not None or form.letter is None
    return replace(facts, number=number, issued_on=now.date() if is_dated else None)
