"""Frozen facts that services hand out; windows, papers and lists take nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.dossier import (
    CHANNEL_LABELS,
    STATUS_LABELS,
    VOID_LABEL,
    Channel,
    Move,
    Status,
)
from counter_app.domain.moments import from_epoch
from counter_app.domain.opening_facts import DossierRow as DossierRow  # noqa: PLC0414
from counter_app.domain.opening_facts import OfficeFacts as OfficeFacts  # noqa: PLC0414
from counter_app.domain.opening_facts import OfficerFacts as OfficerFacts  # noqa: PLC0414

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class PromiseFacts:
    """One promise (lời hẹn) of a dossier."""

    kind: str
    due_at: datetime
    issued_at: datetime
    counts: bool
    reason: str
    source: str
    own_due_at: datetime | None = None
    provisional: bool = False
    is_undone: bool = False


@dataclass(frozen=True, slots=True)
class EventFacts:
    """One event (sự kiện) with its sentence for the story of a dossier."""

    uuid: str
    kind: str
    at: datetime
    recorded_at: datetime
    by: str
    counter: str
    text: str
    is_undone: bool
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class NextAct:
    """An act the dossier's page offers; ``why_not`` is empty when it is allowed now."""

    move: Move
    label: str
    why_not: str = ""
    is_beyond_role: bool = False
    """The dossier allows it, and who is signed in may not; ``why_not`` says whom to ask."""


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """One submitted document (giấy tờ đã nộp)."""

    name: str
    originals: int = 0
    copies: int = 0
    kind: str = ""


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """One issued paper (giấy tờ đã phát hành)."""

    uuid: str
    kind: str
    letter: str
    number: str
    issued_at: datetime
    officer: str
    copies: int
    edition: int = 1
    is_replaced: bool = False
    to: str = ""  # of a list: who takes what stands on it
    kept_at: str = ""  # the desk where it lies, if only its facts are here


@dataclass(frozen=True, slots=True)
class DossierFacts:
    """Everything about one dossier (hồ sơ)."""

    id: int
    uuid: str
    state: dict[str, Any]
    office: str
    timeliness: str | None
    promises: tuple[PromiseFacts, ...] = ()
    events: tuple[EventFacts, ...] = ()
    papers: tuple[PaperFacts, ...] = ()
    acts: tuple[NextAct, ...] = ()
    leave_by: datetime | None = None
    should_have_left: bool = False
    steps: tuple[tuple[str, bool], ...] = ()  # of linked procedures: words, is it late
    doubts: tuple[str, ...] = ()  # what other desks say that doesn't count here yet
    files_at: Mapping[str, str] = field(default_factory=dict)  # hash: the desk where a scan lies

    @property
    def code(self) -> str:
        """Our own code."""
        return str(self.state["code"])

    @property
    def official_code(self) -> str | None:
        """The official system's code, None until it is known."""
        code = self.state["official_code"]
        return None if code is None else str(code)

    @property
    def shown_code(self) -> str:
        """The official code if it is known, else ours."""
        return self.official_code or self.code

    @property
    def status(self) -> Status:
        """The state now."""
        return Status(self.state["status"])

    @property
    def status_label(self) -> str:
        """The state as the clerk reads it."""
        return VOID_LABEL if self.state["is_void"] else STATUS_LABELS[self.status]

    @property
    def channel_label(self) -> str:
        """How it came in, as the clerk reads it."""
        return CHANNEL_LABELS[Channel(self.state["channel"])]

    @property
    def documents(self) -> tuple[DocumentFacts, ...]:
        """What was handed in."""
        return tuple(DocumentFacts(**d) for d in self.state["documents"])

    def moment(self, key: str) -> datetime | None:
        """Return the moment of the state's ``key`` (``received_at``, ``due_at``, …)."""
        seconds = self.state[key]
        return None if seconds is None else from_epoch(seconds)


# What is known of a person from one dossier to the next, beside name and number.
PERSON_FACTS = (
    "owner_kind",
    "citizen_id",
    "tax_code",
    "birth_date",
    "sex",
    "address",
    "phone",
    "email",
)

# What is typed of a dossier that moves no due date.
PLAIN_FIELDS = (
    "applicant_name",
    "id_kind",
    "citizen_id",
    "tax_code",
    "birth_date",
    "sex",
    "address",
    "phone",
    "email",
    "submitter_name",
    "submitter_id",
    "subject_name",
    "content",
    "copies",
    "documents",
    "result_to",
    "channel",
    "note",
)


@dataclass(frozen=True, slots=True)
class ReceiveRequest:
    """What is known when a dossier is received; the service tidies and checks it.

    ``received_at`` None means now. ``limit`` overrides the procedure's with ``limit_reason``.
    ``expected_due_at`` is the due moment that was on screen: when saving would promise another,
    saving stops once and says so.
    """

    procedure_code: str
    applicant_name: str = ""
    owner_kind: str = "person"
    id_kind: str = "citizen"
    citizen_id: str = ""
    tax_code: str = ""
    birth_date: str = ""
    sex: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    submitter_name: str = ""
    submitter_id: str = ""
    subject_name: str = ""
    content: str = ""
    copies: int = 1
    documents: tuple[DocumentFacts, ...] = ()
    result_to: str = "counter"
    channel: str = "counter"
    submitted_at: datetime | None = None
    received_at: datetime | None = None
    received_reason: str = ""
    limit: str = ""
    limit_reason: str = ""
    competent_unit: str = ""
    competent_at: datetime | None = None
    received_unit: str = ""
    helped_unit: str = ""
    group: str = ""
    official_code: str = ""
    paper_number: str = ""
    promised_due: datetime | None = None
    note: str = ""
    by: str = ""
    expected_due_at: datetime | None = None
    fee_pages: int = 0
    fee_copies: int = 0


class Received(NamedTuple):
    """The answer to receiving: what was saved, and what a person should look at."""

    id: int
    uuid: str
    code: str
    official_code: str | None
    due_at: datetime | None
    provisional: bool
    warnings: tuple[str, ...] = ()
    paper_uuid: str | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """What a promise would be now: the due moment and its day-by-day proof."""

    due_at: datetime | None
    limit_words: str
    counting: str
    provisional: bool
    steps: tuple[Any, ...]
    promised_that_day: int = 0
    promised_around: tuple[tuple[date, int], ...] = ()  # working days beside it, that day too
    day_load: int = 0  # the office's own measure of a full day, 0 where it has none
    fee_text: str = ""
    needs_confirmation: bool = False
    linked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A citizen or organisation that came before."""

    name: str
    owner_kind: str = "person"
    citizen_id: str = ""
    tax_code: str = ""
    birth_date: str = ""
    sex: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class DayFigures:
    """The six figures of the day, what else presses, the promises of the next working days."""

    arrived_today: int
    due_today: int
    late: int
    waiting_collection: int
    owes_apology: int
    without_official_code: int
    promises: tuple[tuple[date, int], ...] = ()
    received_for_others: int = 0
    should_have_left: int = 0
    reserved_open: int = 0
    alert: str = ""


@dataclass(frozen=True, slots=True)
class FilterCounts:
    """The counts one can press above the table of dossiers."""

    everything: int
    due_today: int
    due_soon: int
    late: int
    waiting_collection: int


@dataclass(frozen=True, slots=True)
class ApologyRow:
    """One dossier that is owed, or may be owed, a written apology."""

    id: int
    uuid: str
    code: str
    applicant_name: str
    procedure_name: str
    kind: str
    due_at: datetime
    new_due_at: datetime | None
    reason: str
    issued_number: str | None
    too_late: bool
    resolving_unit: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check of the data: what was looked at, whether it holds, what doesn't."""

    check: str
    ok: bool
    problems: tuple[dict[str, str], ...] = field(default=())
