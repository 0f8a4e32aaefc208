"""Issues and reprints of papers as events: the frozen text is committed before a page is made."""

from __future__ import annotations

import json
import uuid as uuid_module
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from counter_app.domain.dossier import Move
from counter_app.domain.moments import from_epoch, to_epoch, to_minute
from counter_app.domain.vietnamese import clean_line
from counter_app.errors import MoveRefusedError, NotFoundError
from counter_app.services import journal, lookup
from counter_app.services.settings import get_settings
from counter_app.storage import dossiers

if TYPE_CHECKING:
    from counter_app.documents.wording import FormWording, Wordings
    from counter_app.domain.history import State
    from counter_app.domain.papers import ApologyFacts, ReceiptFacts, SlipFacts
    from counter_app.storage.database import Store

_INSERT = (
    "INSERT INTO paper (uuid, office_id, dossier_id, event_uuid, kind, letter, number, issued_at, "
    "officer, facts, copies) VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, 0)"
)


def wordings(store: Store) -> Wordings:
    """Return every wording papers here may rest on: those shipped and the office's own."""
    from counter_app.documents.wording import Wordings, form_from_json, shipped_wordings

    known: Wordings | None = store.cache.get("wordings")
    if known is None:
        known = shipped_wordings()
        rows = store.rows("SELECT version, body FROM formversion ORDER BY id")
        if rows:
            forms = dict(known.forms)
            for version, body in rows:
                forms[version] = form_from_json(body, version, bases=forms.get)
            known = Wordings(forms.values())
        store.cache["wordings"] = known
    return known


def form_of(store: Store, day: datetime) -> FormWording:
    """Return the wording in force, by date or the office's choice."""
    return wordings(store).pick(day.date(), get_settings(store)["form_set"])


def wording_of(store: Store, day: datetime) -> tuple[str, str, str]:
    """Return form set, wording version and legal basis in force, by date or the office's choice."""
    form = form_of(store, day)
    return form.form_set, form.version, form.legal_basis(day.date())


def issue(
    store: Store,
    *,
    dossier_id: int,
    dossier_uuid: str,
    state: State,
    kind: str,
    letter: str,
    number: str,
    facts: ReceiptFacts | ApologyFacts | SlipFacts,
    by: str,
    now: datetime,
    name: str = "",
) -> tuple[str, State]:
    """Freeze a paper and record its issue; part of the running transaction.

    ``name`` tells the story what a form is called that only the wording knows.
    """
    paper_uuid = uuid_module.uuid4().hex
    by = clean_line(by)
    frozen = facts.to_json()
    paper = {"uuid": paper_uuid, "kind": kind, "letter": letter, "number": number, "facts": frozen}
    if name:
        paper["name"] = name
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


def latest_of(store: Store, dossier_id: int, kind: str) -> tuple[str, int, int] | None:
    """Return uuid, moment of issue and copies of a dossier's last paper of a kind."""
    row = store.row(
        "SELECT uuid, issued_at, copies FROM paper WHERE dossier_id = ? AND kind = ? "
        "ORDER BY id DESC LIMIT 1",
        (dossier_id, kind),
    )
    return None if row is None else (row[0], row[1], row[2])


def printable(store: Store, code: str) -> tuple[int, str, State]:
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


def reprint(
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
    """Record that a paper is printed again: as a jam, or marked as a further copy."""
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


def reprint_paper(store: Store, paper_uuid: str, *, by: str, now: datetime) -> str:
    """Record that one issued paper is printed again, whatever came after it.

    Raises:
        NotFoundError: there is no such paper.
        MoveRefusedError: the dossier's reception was taken back.
    """
    with store.transaction():
        journal.check_clock(store, now)
        row = store.row(
            "SELECT p.kind, p.issued_at, p.copies, d.uuid FROM paper p "
            "JOIN dossier d ON d.id = p.dossier_id WHERE p.uuid = ?",
            (paper_uuid,),
        )
        if row is None:
            raise NotFoundError("Không tìm thấy giấy tờ này trong dữ liệu.")
        kind, issued_at, copies, dossier_uuid = row
        dossier_id, uuid, state = printable(store, dossier_uuid)
        latest = (paper_uuid, issued_at, copies)
        return reprint(store, latest, dossier_id, uuid, state, kind=kind, by=by, now=now)


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
