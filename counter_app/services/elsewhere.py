"""What of a dossier lies at another desk: the facts have travelled here, the paper has not.

A clerk who opens a dossier that came by stick sees which papers there are, on which handover list
it stands, and where to go for them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from counter_app.domain.attached import FILE_TYPES
from counter_app.domain.dossier import Move
from counter_app.domain.erasing import is_gone
from counter_app.domain.facts import EventFacts, PaperFacts
from counter_app.domain.moments import from_epoch
from counter_app.domain.unit_sheet import ANSWER_LABELS, LISTED, SheetAnswer
from counter_app.services import kept_files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counter_app.domain.history import State
    from counter_app.storage.database import Store


def files_elsewhere(store: Store, state: State, events: Sequence[EventFacts]) -> dict[str, str]:
    """Return where the attached files lie that aren't here, by their hash: the desk's name."""
    found: dict[str, str] = {}
    for one in state["attachments"]:
        if not one.get("sha256") or one.get("type") not in FILE_TYPES or is_gone(one):
            continue
        sha256 = one["sha256"]
        keys = (store.key, *store.keys.known())
        if kept_files.find(store.path.parent, sha256, one["type"], keys) is None:
            found[sha256] = next(
                (
                    event.counter
                    for event in events
                    if event.kind == Move.ATTACH
                    and any(file.get("sha256") == sha256 for file in event.body["files"])
                ),
                "",
            )
    return found


def lists_of(store: Store, state: State, events: Sequence[EventFacts]) -> list[PaperFacts]:
    """Return the lists on which a dossier stands: those a runner signs, those to its unit."""
    found = []
    answers: dict[str, SheetAnswer] = {}
    sheets: dict[str, EventFacts] = {}
    for event in events:
        if event.is_undone:
            continue
        if event.kind == Move.RETURN and event.body.get("handover"):
            to = str(event.body["set"].get("collected_by") or "")
            found.append(_paper(store, "handover", event.body["handover"], event, to))
        elif event.kind == LISTED:
            said = event.body["listed"]
            answers[said["code"]] = SheetAnswer(said["answer"])
            sheets.setdefault(said["code"], event)
    accepted = state["accepted_by"]
    taken = f"{accepted} đã nhận bàn giao" if accepted else "chưa ghi nhận bàn giao"
    for code, event in sheets.items():
        told = f"{event.body['listed']['unit']}, {ANSWER_LABELS[answers[code]] or taken}"
        # One sheet names many dossiers: it is seen and printed again where sheets are made.
        found.append(replace(_paper(store, "sheet", code, event, told), uuid=""))
    return found


def _paper(store: Store, kind: str, code: str, event: EventFacts, to: str) -> PaperFacts:
    row = store.row(
        "SELECT uuid, made_at, officer, copies FROM officepaper WHERE code = ?", (code,)
    )
    if row is None:
        kept_at = event.counter or "quầy khác"
        return PaperFacts("", kind, "", code, event.at, event.by, 0, to=to, kept_at=kept_at)
    return PaperFacts(row[0], kind, "", code, from_epoch(row[1]), row[2], row[3], to=to)
