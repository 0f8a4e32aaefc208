"""What the page of apologies may ask of the house."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.calendar import Calendar
from counter_app.domain.facts import ApologyRow, DossierFacts

if TYPE_CHECKING:
    from counter_app.services.store import Store

REGISTRY, TYPED, SERIES = "registry", "typed", "series"


class Signer(NamedTuple):
    """Who signs (người ký): the setting's text, the name and the lines above it."""

    value: str
    name: str
    titles: str


def read_signer(text: str) -> Signer:
    """Read "KT. CHỦ TỊCH|PHÓ CHỦ TỊCH|Nguyễn Văn A"."""
    parts = [part.strip() for part in text.split("|") if part.strip()]
    return Signer(text, parts[-1] if parts else "", ", ".join(parts[:-1]))


@dataclass(frozen=True, slots=True)
class ApologyCalls:
    """The use cases of the page of apologies; dossiers are named by their uuid."""

    now: Callable[[], datetime]
    apologies: Callable[[], Sequence[ApologyRow]]
    preview: Callable[[str, str], bytes]  # uuid, signer
    issue: Callable[[str, str, str], str]  # uuid, signer, number; returns the paper's uuid
    reschedule: Callable[..., DossierFacts]
    explain: Callable[..., DossierFacts]
    calendar: Callable[[], Calendar]
    units: Callable[[], Sequence[str]]
    reasons: Callable[[], Sequence[str]]
    signers: Callable[[], Sequence[str]]
    letter_number: Callable[[], str]  # registry, typed or series
    print_papers: Callable[[list[str]], None]


def apology_calls(
    store: Store,
    *,
    clock: Callable[[], datetime],
    clerk: Callable[[], str],
    print_papers: Callable[[list[str]], None],
) -> ApologyCalls:
    """Bind the services to one store; ``clerk`` names who acts, each time anew."""
    from counter_app.services import apologies, calendars, moves, office, papers
    from counter_app.services.settings import get_setting

    def listed() -> Sequence[ApologyRow]:
        return apologies.list_apologies(store, as_of=clock())

    def preview(code: str, signer: str) -> bytes:
        return papers.preview_apology(store, code, signer=signer, now=clock())

    def issue(code: str, signer: str, number: str) -> str:
        return papers.issue_apology(
            store, code, signer=signer, by=clerk(), now=clock(), number=number
        )

    def reschedule(code: str, **values: Any) -> DossierFacts:
        return moves.reschedule(store, code, by=clerk(), now=clock(), **values)

    def explain(code: str, **values: Any) -> DossierFacts:
        return moves.explain(store, code, by=clerk(), now=clock(), **values)

    return ApologyCalls(
        now=clock,
        apologies=listed,
        preview=preview,
        issue=issue,
        reschedule=reschedule,
        explain=explain,
        calendar=lambda: calendars.calendar(store),
        units=lambda: office.units(store),
        reasons=lambda: list(get_setting(store, "usual_reasons")),
        signers=lambda: list(get_setting(store, "signers")),
        letter_number=lambda: str(get_setting(store, "letter_number")),
        print_papers=print_papers,
    )
