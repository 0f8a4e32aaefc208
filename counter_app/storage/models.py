"""Today's tables. Migrations never import them: each carries the tables as they were then.

Moments are integer UTC seconds, days ISO text. Ids of dossiers and events are unique over all
desks by construction: installation number, epoch and count (``services.journal``).
"""

from __future__ import annotations

from typing import Any

import peewee as pw

from counter_app.domain.dossier import Channel, PromiseKind, Status


def one_of(column: str, values: type[Status | Channel | PromiseKind]) -> Any:
    """Let the database itself refuse a word that the rules don't know."""
    words = ", ".join(f"'{value}'" for value in values)
    return pw.Check(f"{column} IN ({words})")


class BaseModel(pw.Model):
    """Root of all tables; the store binds them, there is no module-level database."""


class Office(BaseModel):
    """The office (bộ phận một cửa / trung tâm phục vụ hành chính công)."""

    name = pw.TextField()
    parent = pw.TextField()
    agency_code = pw.TextField()
    province_code = pw.TextField()
    is_rehearsal = pw.BooleanField()


class Installation(BaseModel):
    """One desk (quầy): its identity, its place in the chain of events, its last moment."""

    uuid = pw.TextField(unique=True)
    office = pw.ForeignKeyField(Office, on_delete="RESTRICT")
    counter_number = pw.IntegerField()
    counter_name = pw.TextField()
    epoch = pw.IntegerField()
    machine_mark = pw.TextField()
    is_self = pw.BooleanField()
    last_sequence = pw.IntegerField()
    last_lamport = pw.IntegerField()
    last_moment = pw.IntegerField()
    head_hash = pw.BlobField()


class Setting(BaseModel):
    """One setting of the office; the value is JSON."""

    key = pw.TextField(primary_key=True)
    value = pw.TextField()


class Officer(BaseModel):
    """A person who works at the office (công chức)."""

    name = pw.TextField(unique=True)
    position = pw.TextField()
    unit = pw.TextField()
    is_active = pw.BooleanField()


class Procedure(BaseModel):
    """One dated version of a procedure (thủ tục hành chính); ``body`` is the catalogue's JSON."""

    code = pw.TextField()
    valid_from = pw.TextField()
    name = pw.TextField()
    sector = pw.TextField()
    body = pw.TextField()
    confirmation = pw.TextField()

    class Meta:
        """One version a day."""

        indexes = ((("code", "valid_from"), True),)


class CalendarYear(BaseModel):
    """A year of the official calendar and whether it is confirmed."""

    year = pw.IntegerField(primary_key=True)
    is_confirmed = pw.BooleanField()
    source = pw.TextField()


class CalendarDay(BaseModel):
    """A day that differs from its weekday (ngày nghỉ lễ, làm bù, ngày riêng)."""

    date = pw.TextField()
    kind = pw.TextField()
    name = pw.TextField()
    hours = pw.TextField(null=True)
    counts = pw.BooleanField(null=True)
    is_confirmed = pw.BooleanField()
    source = pw.TextField()

    class Meta:
        """One row of a kind a day; a special day covers the holiday under it."""

        indexes = ((("date", "kind"), True),)


class Series(BaseModel):
    """Last number given of a series (dãy số), one per desk, kind and period."""

    installation = pw.ForeignKeyField(Installation, on_delete="RESTRICT")
    kind = pw.TextField()
    period = pw.TextField()
    last = pw.IntegerField()

    class Meta:
        """A number is taken in the transaction that uses it."""

        primary_key = pw.CompositeKey("installation", "kind", "period")


class Person(BaseModel):
    """Who came before: fills the form when the number is known. ``facts`` is JSON."""

    number = pw.TextField(unique=True)
    phone = pw.TextField(index=True)
    name = pw.TextField()
    facts = pw.TextField()
    seen_at = pw.IntegerField()


class Dossier(BaseModel):
    """The current row of a dossier (hồ sơ): always what its events add up to.

    The office leads every index; most are partial and stand in the migration, because peewee has
    no words for their conditions.
    """

    uuid = pw.TextField(unique=True)
    office = pw.ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    code = pw.TextField(unique=True)
    official_code = pw.TextField(null=True)
    procedure_code = pw.TextField()
    procedure_name = pw.TextField()
    sector = pw.TextField()
    channel = pw.TextField(constraints=[one_of("channel", Channel)])
    status = pw.TextField(constraints=[one_of("status", Status)])
    owner_kind = pw.TextField()
    applicant_name = pw.TextField()
    citizen_id = pw.TextField(null=True)
    tax_code = pw.TextField(null=True)
    birth_date = pw.TextField(null=True)
    phone = pw.TextField()
    address = pw.TextField()
    submitter_name = pw.TextField()
    resolving_unit = pw.TextField()
    handling_officer = pw.TextField()
    reception_officer = pw.TextField()
    counter_name = pw.TextField()
    competent_unit = pw.TextField()
    received_at = pw.IntegerField()
    recorded_at = pw.IntegerField()
    original_due_at = pw.IntegerField(null=True)
    legal_due_at = pw.IntegerField(null=True)
    rescheduled_due_at = pw.IntegerField(null=True)
    due_at = pw.IntegerField(null=True)
    due_day = pw.IntegerField(null=True)
    expected_due_at = pw.IntegerField(null=True)
    provisional = pw.BooleanField()
    late_due_at = pw.IntegerField(null=True)
    timeliness = pw.TextField(null=True)
    closed_late = pw.BooleanField()
    backdated = pw.BooleanField()
    completed_at = pw.IntegerField(null=True)
    closed_at = pw.IntegerField(null=True)
    returned_at = pw.IntegerField(null=True)
    reschedules = pw.IntegerField()
    reschedule_letter = pw.BooleanField()
    late_letter = pw.BooleanField()
    last_move = pw.TextField()
    last_move_at = pw.IntegerField()
    events_count = pw.IntegerField()
    source = pw.TextField()
    is_void = pw.BooleanField()
    details = pw.TextField()


class Event(BaseModel):
    """One event (sự kiện): append-only; the chain hashes its head and its salted body's hash."""

    uuid = pw.TextField(unique=True)
    office = pw.ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    dossier_uuid = pw.TextField()
    origin = pw.TextField()
    epoch = pw.IntegerField()
    sequence = pw.IntegerField()
    lamport = pw.IntegerField()
    seen = pw.TextField()
    kind = pw.TextField()
    at = pw.IntegerField()
    recorded_at = pw.IntegerField()
    by = pw.TextField()
    counter = pw.TextField()
    body = pw.TextField()
    salt = pw.BlobField()
    body_hash = pw.BlobField()
    head_hash = pw.BlobField()
    seal = pw.BlobField(constraints=[pw.SQL("DEFAULT x''")])

    class Meta:
        """A place in an origin's row is given once."""

        indexes = (
            (("origin", "epoch", "sequence"), True),
            (("dossier_uuid", "lamport"), False),
        )


class Promise(BaseModel):
    """One promise (lời hẹn): only added, never moved."""

    office = pw.ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    dossier = pw.ForeignKeyField(Dossier, on_delete="RESTRICT")
    event_uuid = pw.TextField()
    kind = pw.TextField(constraints=[one_of("kind", PromiseKind)])
    due_at = pw.IntegerField()
    own_due_at = pw.IntegerField(null=True)
    issued_at = pw.IntegerField()
    counts = pw.BooleanField()
    reason = pw.TextField()
    source = pw.TextField()
    limit = pw.TextField()
    calendar_version = pw.IntegerField()
    provisional = pw.BooleanField()
    officer = pw.TextField()


class Paper(BaseModel):
    """A paper that was issued (giấy tờ đã phát hành) with its frozen facts as JSON."""

    uuid = pw.TextField(unique=True)
    office = pw.ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    dossier = pw.ForeignKeyField(Dossier, on_delete="RESTRICT")
    event_uuid = pw.TextField()
    kind = pw.TextField()
    letter = pw.TextField()
    number = pw.TextField()
    issued_at = pw.IntegerField()
    officer = pw.TextField()
    facts = pw.TextField()
    copies = pw.IntegerField()


class Draft(BaseModel):
    """What a clerk has typed and not yet saved; outlives a crash."""

    key = pw.TextField(primary_key=True)
    body = pw.TextField()
    saved_at = pw.IntegerField()


class ListMapping(BaseModel):
    """How another system's headings and words are read, saved by name."""

    name = pw.TextField(primary_key=True)
    body = pw.TextField()


class ImportRun(BaseModel):
    """One import of a list: what came, what it did."""

    name = pw.TextField()
    sha256 = pw.TextField()
    at = pw.IntegerField()
    by = pw.TextField()
    counts = pw.TextField()


class OfficePaper(BaseModel):
    """A paper of the office itself (giấy tờ của bộ phận), frozen: of no dossier, or of many."""

    uuid = pw.TextField(unique=True)
    office = pw.ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    kind = pw.TextField()
    code = pw.TextField(unique=True)
    unit = pw.TextField()
    day = pw.TextField()
    made_at = pw.IntegerField()
    officer = pw.TextField()
    facts = pw.TextField()
    copies = pw.IntegerField()


class ReservedNumber(BaseModel):
    """A number printed for an outage (số giấy giữ trước): open, used by a dossier, or closed."""

    office = pw.ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    paper = pw.ForeignKeyField(OfficePaper, on_delete="RESTRICT")
    number = pw.TextField(unique=True)
    state = pw.TextField(constraints=[pw.Check("state IN ('open', 'used', 'closed')")])
    dossier = pw.ForeignKeyField(Dossier, on_delete="RESTRICT", null=True)
    reason = pw.TextField()
    changed_at = pw.IntegerField()
    officer = pw.TextField()


class SheetRow(BaseModel):
    """One dossier on a sheet to a unit (tờ 15 giờ), and what its officer ticked."""

    paper = pw.ForeignKeyField(OfficePaper, on_delete="RESTRICT")
    position = pw.IntegerField()
    part = pw.TextField(constraints=[pw.Check("part IN ('handed', 'due')")])
    dossier = pw.ForeignKeyField(Dossier, on_delete="RESTRICT")
    answer = pw.TextField(constraints=[pw.Check("answer IN ('', 'kept', 'late')")])
    reason = pw.TextField()
    proposed_at = pw.IntegerField(null=True)
    answered_at = pw.IntegerField(null=True)
    officer = pw.TextField()

    class Meta:
        """A line of a part is given once."""

        indexes = ((("paper", "part", "position"), True),)


class Standing(BaseModel):
    """One piece of a dossier's life, as figures count it (``domain.standings``)."""

    dossier = pw.ForeignKeyField(Dossier, on_delete="RESTRICT", index=False)
    office = pw.ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    from_at = pw.IntegerField()
    until_at = pw.IntegerField()
    kind = pw.TextField(
        constraints=[
            pw.Check("kind IN ('open', 'resolved', 'refused', 'withdrawn', 'stopped', 'elsewhere')")
        ]
    )
    entered_at = pw.IntegerField()
    ended_at = pw.IntegerField(null=True)
    verdict = pw.TextField(null=True)
    due_at = pw.IntegerField(null=True)
    marked = pw.IntegerField()
    earlier = pw.IntegerField()
    closed_late = pw.IntegerField()
    legal_verdict = pw.TextField(null=True)
    legal_due_at = pw.IntegerField(null=True)
    legal_marked = pw.IntegerField()
    legal_earlier = pw.IntegerField()
    legal_closed_late = pw.IntegerField()
    backdated = pw.IntegerField()
    rescheduled_at = pw.IntegerField(null=True)
    channel = pw.TextField()
    sector = pw.TextField()
    procedure_code = pw.TextField()
    officer = pw.TextField()
    digitised_input = pw.IntegerField()
    digitised_output = pw.IntegerField()
    surveyed = pw.IntegerField()
    satisfied = pw.IntegerField()

    class Meta:
        """A piece is known by where it begins."""

        primary_key = pw.CompositeKey("dossier", "from_at")


class FrozenReport(BaseModel):
    """A report that was handed in (chốt kỳ): figures and dossiers as they stood then."""

    uuid = pw.TextField(unique=True)
    office = pw.ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    name = pw.TextField()
    from_day = pw.TextField()
    to_day = pw.TextField()
    against = pw.TextField()
    boundary = pw.TextField()
    figures = pw.TextField()
    dossiers = pw.TextField()
    frozen_at = pw.IntegerField()
    by = pw.TextField()


class RegisterEntry(BaseModel):
    """A dossier's number in a yearly register (số thứ tự trong sổ theo dõi), given once."""

    office = pw.ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    book = pw.TextField()
    year = pw.IntegerField()
    number = pw.IntegerField()
    dossier = pw.ForeignKeyField(Dossier, on_delete="RESTRICT")

    class Meta:
        """A number is a dossier's alone, and a dossier has one in each book."""

        indexes = (
            (("office", "book", "year", "number"), True),
            (("office", "book", "dossier"), True),
        )


class FormVersion(BaseModel):
    """A version of a form set's wording that the office made (lời văn biểu mẫu riêng)."""

    office = pw.ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    version = pw.TextField(unique=True)
    valid_from = pw.TextField()
    source = pw.TextField()
    body = pw.TextField()
    recorded_at = pw.IntegerField()
    officer = pw.TextField()


class KnownChain(BaseModel):
    """A chain of events as far as it is usable here: another desk's, or ours of earlier."""

    origin = pw.TextField()
    epoch = pw.IntegerField()
    counter_number = pw.IntegerField()
    counter_name = pw.TextField()
    usable = pw.IntegerField()
    base_hash = pw.BlobField()
    head_hash = pw.BlobField()

    class Meta:
        """An installation has one chain for each of its epochs."""

        primary_key = pw.CompositeKey("origin", "epoch")


class HeldEvent(BaseModel):
    """An event behind a gap: kept as it came (``row`` is JSON), in no state until then."""

    event_uuid = pw.TextField(unique=True)
    origin = pw.TextField()
    epoch = pw.IntegerField()
    sequence = pw.IntegerField()
    dossier_uuid = pw.TextField(index=True)
    row = pw.TextField()

    class Meta:
        """A place in a chain is given once."""

        indexes = ((("origin", "epoch", "sequence"), True),)


class Acknowledged(BaseModel):
    """How far another desk said it holds a chain; what all hold need not travel again."""

    peer = pw.TextField()
    chain = pw.TextField()
    sequence = pw.IntegerField()
    heard_at = pw.IntegerField()

    class Meta:
        """One word of each desk on each chain."""

        primary_key = pw.CompositeKey("peer", "chain")


class HeldHead(BaseModel):
    """How far a chain goes and its last link, in the words of a desk that holds it."""

    holder = pw.TextField()
    chain = pw.TextField()
    sequence = pw.IntegerField()
    head_hash = pw.BlobField()
    heard_at = pw.IntegerField()

    class Meta:
        """One word of each desk on each chain."""

        primary_key = pw.CompositeKey("holder", "chain")


class WaitingEvent(BaseModel):
    """An event that is out of force while, or because, another one made apart from it holds."""

    event_uuid = pw.TextField(primary_key=True)
    dossier_uuid = pw.TextField(index=True)


class OpenConflict(BaseModel):
    """A disagreement (mâu thuẫn) that a person hasn't decided yet."""

    id = pw.TextField(primary_key=True)
    dossier_uuid = pw.TextField(index=True)
    kind = pw.TextField()
    field = pw.TextField()
    first_uuid = pw.TextField()
    second_uuid = pw.TextField()
    found_at = pw.IntegerField()


class SyncRun(BaseModel):
    """One export or import of a bundle (gói đồng bộ); ``counts`` is JSON."""

    kind = pw.TextField(constraints=[pw.Check("kind IN ('export', 'import')")])
    name = pw.TextField()
    sha256 = pw.TextField()
    at = pw.IntegerField()
    by = pw.TextField()
    origin = pw.TextField()
    counter_name = pw.TextField()
    counts = pw.TextField()
    undone_at = pw.IntegerField(null=True)


class SyncRunEvent(BaseModel):
    """An event that an import brought, so that the import can be taken back."""

    run = pw.ForeignKeyField(SyncRun, on_delete="RESTRICT", index=False)
    event_uuid = pw.TextField()

    class Meta:
        """An import brings an event once."""

        primary_key = pw.CompositeKey("run", "event_uuid")


class Visit(BaseModel):
    """A visit that became no dossier (lượt): always what its events add up to."""

    uuid = pw.TextField(unique=True)
    office = pw.ForeignKeyField(Office, on_delete="RESTRICT", index=False)
    code = pw.TextField()
    kind = pw.TextField()
    at = pw.IntegerField()
    number = pw.TextField()
    applicant_name = pw.TextField()
    procedure_code = pw.TextField()
    dossier_uuid = pw.TextField()

    class Meta:
        """Found by number, by day, and by who came for what."""

        indexes = (
            (("code",), False),
            (("office", "at"), False),
            (("office", "number", "procedure_code"), False),
        )


class Invitation(BaseModel):
    """A desk number that was given away with an invitation; it is given once."""

    counter_number = pw.IntegerField(primary_key=True)
    made_at = pw.IntegerField()
    by = pw.TextField()


class Account(BaseModel):
    """Somebody who signs in (tài khoản); the secret is an argon2id hash."""

    name = pw.TextField(unique=True)
    role = pw.TextField(constraints=[pw.Check("role IN ('clerk', 'officer', 'head', 'admin')")])
    secret = pw.TextField()
    is_active = pw.BooleanField()
    failures = pw.IntegerField()
    failed_at = pw.IntegerField()
    changed_at = pw.IntegerField()


class AuditEntry(BaseModel):
    """A line of the audit log (nhật ký): what no event of a dossier tells; append-only."""

    at = pw.IntegerField(index=True)
    act = pw.TextField()
    by = pw.TextField()
    counter = pw.TextField()
    origin = pw.TextField()
    target = pw.TextField()
    detail = pw.TextField()
    head_hash = pw.BlobField()
    seal = pw.BlobField(constraints=[pw.SQL("DEFAULT x''")])


class AuditHead(BaseModel):
    """Where the chain of the audit log stands, so that its last lines can't vanish unseen."""

    last = pw.IntegerField()
    head_hash = pw.BlobField()


class RowHash(BaseModel):
    """The hash of a row that has no events, by its table and its name (``storage.decided``)."""

    kind = pw.TextField()
    name = pw.TextField()
    hash = pw.TextField()

    class Meta:
        """A row has one hash."""

        primary_key = pw.CompositeKey("kind", "name")


ALL = (
    Office,
    Installation,
    Setting,
    Officer,
    Procedure,
    CalendarYear,
    CalendarDay,
    Series,
    Person,
    Dossier,
    Event,
    Promise,
    Paper,
    Draft,
    ListMapping,
    ImportRun,
    OfficePaper,
    ReservedNumber,
    SheetRow,
    Standing,
    FrozenReport,
    RegisterEntry,
    FormVersion,
    KnownChain,
    HeldEvent,
    Acknowledged,
    HeldHead,
    WaitingEvent,
    OpenConflict,
    SyncRun,
    SyncRunEvent,
    Invitation,
    Visit,
    Account,
    AuditEntry,
    AuditHead,
    RowHash,
)
