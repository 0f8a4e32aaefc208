"""What the dialogs of a dossier's life ask of the house beside doing their act."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counter_app.domain.dossier import Move

if TYPE_CHECKING:
    from counter_app.domain.catalogue import Procedure
    from counter_app.services.store import Store

Choices = Sequence[tuple[str, str]]


def _nothing(*_: object) -> Any:
    return None


def _none(*_: object) -> Any:
    return ()


def _empty(*_: object) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class LifeCalls:
    """Forecasts, slips and files; a fake may leave any of them out."""

    # The due moment an act would promise, given the dossier's uuid and the act's values.
    forecast: Callable[[Move, str, Mapping[str, Any]], datetime | None] = _nothing
    missing: Callable[[str], Sequence[str]] = _none
    ask_until: Callable[[str], datetime | None] = _nothing
    print_slip: Callable[[str, str], str] = _empty  # uuid, kind -> the paper's uuid
    file_path: Callable[[str, str], Path | None] = _nothing  # hash, type
    hide_file: Callable[[Path], None] = _nothing  # what file_path gave was seen
    questions: Callable[[], Choices] = _none
    scores: Callable[[], Sequence[tuple[int, str]]] = _none
    exemptions: Callable[[], Choices] = _none
    match: Callable[[str], Sequence[Procedure]] = _none
    replaced_by: Callable[[str], str] = _empty  # a scanned code -> why its paper counts no more


NO_LIFE_CALLS = LifeCalls()


def life_calls(
    store: Store, *, clock: Callable[[], datetime], clerk: Callable[[], str]
) -> LifeCalls:
    """Bind the services to one store."""
    from counter_app.services import (
        attachments,
        catalogue,
        dated_rules,
        editions,
        forecasts,
        kept_files,
    )
    from counter_app.services import papers as paper_service

    return LifeCalls(
        forecast=lambda move, uuid, values: forecasts.forecast(
            store, uuid, move=move, values=values, now=clock()
        ),
        missing=lambda uuid: forecasts.missing_documents(store, uuid),
        ask_until=lambda uuid: forecasts.ask_until(store, uuid),
        print_slip=lambda uuid, kind: paper_service.print_slip(
            store, uuid, kind=kind, by=clerk(), now=clock()
        ),
        file_path=lambda sha256, kind: attachments.attached_file(store, sha256, kind),
        hide_file=kept_files.hide,
        questions=lambda: dated_rules.questions(clock().date()).questions,
        scores=lambda: dated_rules.questions(clock().date()).scores,
        exemptions=lambda: dated_rules.exemptions(clock().date()).kinds,
        match=lambda text: catalogue.match(store, text, on=clock().date()),
        replaced_by=lambda text: editions.replaced_by(store, text),
    )
