"""Editions of a receipt (lần cấp): the next one replaces what was printed and no longer holds.

A correction changes what the citizen reads, and so does an act that gives another legal due day or
another fee: a receipt printed after it that still showed the old one would mislead.

The dossier keeps its code. The barcode of a later edition carries the code and the edition, so that
a replaced receipt is known when it is scanned; no number is ever given twice.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from counter_app.domain.dossier import Move
from counter_app.domain.moments import from_epoch
from counter_app.domain.numbering import split_edition
from counter_app.errors import NotFoundError
from counter_app.services import lookup
from counter_app.storage import dossiers

if TYPE_CHECKING:
    from counter_app.domain.papers import ReceiptFacts
    from counter_app.storage.database import Store

_CHANGING = {
    move.value
    for move in (Move.CORRECT, Move.RESUBMIT, Move.PAID, Move.EXTEND, Move.CALENDAR, Move.FEE)
}
# What a correction changes and a citizen reads.
_READ = (
    "owner_name owner_id owner_id_kind submitter_name submitter_id subject_name address phone "
    "email procedure_code procedure_name content documents sets limit_text received_at due_at "
    "expected_due_at result_to fee_text"
).split()


def replacing(
    store: Store, dossier_id: int, dossier_uuid: str, facts: ReceiptFacts
) -> ReceiptFacts:
    """Return the facts with their edition, and which receipt they replace if it is a new one."""
    row = store.row(
        "SELECT p.facts, p.issued_at, e.lamport FROM paper p JOIN event e ON e.uuid = p.event_uuid "
        "WHERE p.dossier_id = ? AND p.kind = 'receipt' ORDER BY p.id DESC LIMIT 1",
        (dossier_id,),
    )
    if row is None:
        return facts
    frozen: dict[str, Any] = json.loads(row[0])
    edition = int(frozen.get("edition", 1))
    now = facts.to_json()
    is_changed = any(
        e.lamport > row[2] and (e.kind in _CHANGING or e.body.get("undoes") in _CHANGING)
        for e in dossiers.events_of(store, dossier_uuid)
    )
    if not is_changed or all(frozen.get(key) == now[key] for key in _READ):
        return replace(facts, edition=edition)
    old = type(facts).from_json(frozen).scanned_code
    printed = f"{from_epoch(row[1]):%H:%M %d/%m/%Y}"
    return replace(facts, edition=edition + 1, replaces_code=f"{old}, in lúc {printed}")


def replaced_by(store: Store, text: str) -> str:
    """Say that a scanned receipt was replaced, and by which; empty while it is the last one."""
    _, edition = split_edition(text)
    try:
        dossier_id, _, _ = lookup.load(store, text)
    except NotFoundError:
        return ""
    row = store.row(
        "SELECT facts, issued_at FROM paper WHERE dossier_id = ? AND kind = 'receipt' "
        "ORDER BY id DESC LIMIT 1",
        (dossier_id,),
    )
    if row is None:
        return ""
    last = int(json.loads(row[0]).get("edition", 1))
    if edition >= last:
        return ""
    return (
        f"Giấy tiếp nhận lần {edition} của hồ sơ này đã thay thế bằng giấy lần {last}, in lúc "
        f"{from_epoch(row[1]):%H:%M %d/%m/%Y}. Thu lại giấy cũ nếu người dân đang cầm."
    )
