"""Steps from one schema to the next: functions in a list, each with its tables as they were then.

A released step is never edited: old files were made by it. A new need is a new step. Peewee is
imported inside the steps: every start reads this list, few have a step to take.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counter_app.storage.steps_index import order_the_index_later, tell_more_along_the_list
from counter_app.storage.steps_money import index_the_till
from counter_app.storage.steps_office_papers import office_papers
from counter_app.storage.steps_owed import order_the_owed, tell_ours_from_others
from counter_app.storage.steps_people import people
from counter_app.storage.steps_records import records
from counter_app.storage.steps_reports import tables_of_figures
from counter_app.storage.steps_seals import hashes_of_rows, seals
from counter_app.storage.steps_search import (
    index_the_lettered,
    index_what_stands_here,
    search_and_load,
)
from counter_app.storage.steps_sync import exchange_of_events
from counter_app.storage.steps_visits import visits

if TYPE_CHECKING:
    from collections.abc import Callable

STATUS_WORDS_V1 = (
    "received",
    "processing",
    "awaiting_supplement",
    "awaiting_payment",
    "completed",
    "returned",
    "refused",
    "withdrawn",
    "stopped",
)
CHANNEL_WORDS_V1 = ("counter", "online", "post", "transfer")
PROMISEKIND_WORDS_V1 = (
    "first",
    "restart",
    "pause",
    "extension",
    "correction",
    "calendar",
    "imported",
    "reschedule",
)

_OPEN_V1 = "status IN ('received','processing','awaiting_supplement','awaiting_payment')"
_EXTRA_V1 = (
    (
        "CREATE UNIQUE INDEX dossier_official ON dossier (office_id, official_code) "
        "WHERE official_code IS NOT NULL AND is_void = 0"
    ),
    # The condition stands in the index, so that counting all reads the index alone.
    "CREATE INDEX dossier_received ON dossier (office_id, received_at, id) WHERE is_void = 0",
    # Status stands in it because a list of words is looked at again although the index implies it.
    (
        "CREATE INDEX dossier_open_received ON dossier "
        "(office_id, received_at, id, status, due_day, due_at, late_due_at) "
        f"WHERE {_OPEN_V1} AND is_void = 0"
    ),
    (
        "CREATE INDEX dossier_open_due ON dossier (office_id, due_day, due_at, id, status) "
        f"WHERE {_OPEN_V1} AND is_void = 0"
    ),
    (
        "CREATE INDEX dossier_open_late ON dossier (office_id, due_day, id, status) "
        f"WHERE late_due_at IS NOT NULL AND {_OPEN_V1} AND is_void = 0"
    ),
    (
        "CREATE INDEX dossier_waiting ON dossier (office_id, completed_at, id) "
        "WHERE status = 'completed' AND is_void = 0"
    ),
    (
        "CREATE INDEX dossier_closed_late ON dossier (office_id, completed_at, id) "
        "WHERE timeliness = 'late' AND late_letter = 0 AND is_void = 0"
    ),
    (
        "CREATE INDEX dossier_confirmed ON dossier (office_id, id) "
        "WHERE reschedules > 0 AND reschedule_letter = 0 AND is_void = 0"
    ),
    (
        "CREATE INDEX dossier_without_official ON dossier (office_id, received_at, id) "
        "WHERE official_code IS NULL AND is_void = 0 AND closed_at IS NULL AND returned_at IS NULL"
    ),
    (
        "CREATE INDEX dossier_citizen ON dossier (office_id, citizen_id, id) "
        "WHERE citizen_id IS NOT NULL"
    ),
    "CREATE INDEX dossier_tax ON dossier (office_id, tax_code, id) WHERE tax_code IS NOT NULL",
    # Folded by us (đ too), so the tokenizer only splits; the row's id is the dossier's. A word is
    # always looked for by its beginning: with every length a syllable has in the index, a search
    # walks finished lists from the newest row back and stops at the fiftieth. Without positions
    # (detail) the index is less than half as large.
    (
        "CREATE VIRTUAL TABLE dossier_search USING fts5("
        "folded, content='', contentless_delete=1, detail='none', prefix='1 2 3 4 5 6', "
        "tokenize='unicode61 remove_diacritics 0')"
    ),
    # A body may one day give way to a tombstone (its hash stays in the chain); nothing else may.
    (
        "CREATE TRIGGER event_is_never_changed BEFORE UPDATE OF uuid, office_id, dossier_uuid, "
        'origin, epoch, sequence, lamport, seen, kind, at, recorded_at, "by", counter, body_hash, '
        "head_hash ON event BEGIN SELECT RAISE(ABORT, 'events are append-only'); END"
    ),
    (
        "CREATE TRIGGER event_is_never_removed BEFORE DELETE ON event "
        "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END"
    ),
)


def _one_of(column: str, words: tuple[str, ...]) -> Any:
    import peewee as pw

    return pw.Check(f"{column} IN ({', '.join(repr(word) for word in words)})")


def first_schema(database: Any) -> None:
    """Make the tables of the first release."""
    import peewee as pw

    class BaseModel(pw.Model):
        pass

    class Office(BaseModel):
        name = pw.TextField()
        parent = pw.TextField()
        agency_code = pw.TextField()
        province_code = pw.TextField()
        is_rehearsal = pw.BooleanField()

    class Installation(BaseModel):
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
        key = pw.TextField(primary_key=True)
        value = pw.TextField()

    class Officer(BaseModel):
        name = pw.TextField(unique=True)
        position = pw.TextField()
        unit = pw.TextField()
        is_active = pw.BooleanField()

    class Procedure(BaseModel):
        code = pw.TextField()
        valid_from = pw.TextField()
        name = pw.TextField()
        sector = pw.TextField()
        body = pw.TextField()
        confirmation = pw.TextField()

        class Meta:
            indexes = ((("code", "valid_from"), True),)

    class CalendarYear(BaseModel):
        year = pw.IntegerField(primary_key=True)
        is_confirmed = pw.BooleanField()
        source = pw.TextField()

    class CalendarDay(BaseModel):
        date = pw.TextField()
        kind = pw.TextField()
        name = pw.TextField()
        hours = pw.TextField(null=True)
        counts = pw.BooleanField(null=True)
        is_confirmed = pw.BooleanField()
        source = pw.TextField()

        class Meta:
            indexes = ((("date", "kind"), True),)

    class Series(BaseModel):
        installation = pw.ForeignKeyField(Installation, on_delete="RESTRICT")
        kind = pw.TextField()
        period = pw.TextField()
        last = pw.IntegerField()

        class Meta:
            primary_key = pw.CompositeKey("installation", "kind", "period")

    class Person(BaseModel):
        number = pw.TextField(unique=True)
        phone = pw.TextField(index=True)
        name = pw.TextField()
        facts = pw.TextField()
        seen_at = pw.IntegerField()

    class Dossier(BaseModel):
        uuid = pw.TextField(unique=True)
        office = pw.ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        code = pw.TextField(unique=True)
        official_code = pw.TextField(null=True)
        procedure_code = pw.TextField()
        procedure_name = pw.TextField()
        sector = pw.TextField()
        channel = pw.TextField(constraints=[_one_of("channel", CHANNEL_WORDS_V1)])
        status = pw.TextField(constraints=[_one_of("status", STATUS_WORDS_V1)])
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

        class Meta:
            indexes = (
                (("origin", "epoch", "sequence"), True),
                (("dossier_uuid", "lamport"), False),
            )

    class Promise(BaseModel):
        office = pw.ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        dossier = pw.ForeignKeyField(Dossier, on_delete="RESTRICT")
        event_uuid = pw.TextField()
        kind = pw.TextField(constraints=[_one_of("kind", PROMISEKIND_WORDS_V1)])
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
        key = pw.TextField(primary_key=True)
        body = pw.TextField()
        saved_at = pw.IntegerField()

    class ListMapping(BaseModel):
        name = pw.TextField(primary_key=True)
        body = pw.TextField()

    class ImportRun(BaseModel):
        name = pw.TextField()
        sha256 = pw.TextField()
        at = pw.IntegerField()
        by = pw.TextField()
        counts = pw.TextField()

    tables = [
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
    ]
    with database.bind_ctx(tables):
        database.create_tables(tables, safe=False)
    for statement in _EXTRA_V1:
        database.connection().execute(statement)


MIGRATIONS: tuple[Callable[[Any], None], ...] = (
    first_schema,
    office_papers,
    index_the_till,
    tables_of_figures,
    records,
    order_the_owed,
    exchange_of_events,
    visits,
    search_and_load,
    index_the_lettered,
    people,
    tell_ours_from_others,
    index_what_stands_here,
    seals,
    order_the_index_later,
    tell_more_along_the_list,
    hashes_of_rows,
)
