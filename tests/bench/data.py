"""Files of 200,000 and 1,000,000 dossiers in the true schema, filled by raw statements once.

The states are added up from events by the program's own rules, so that a row equals its history;
only the writing is raw. A file is kept in the work folder and made anew when the schema, the
statements or this filler change.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import random
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from counter_app.domain import history, standings
from counter_app.domain.deadlines import due_moment, parse_limit
from counter_app.domain.history import Event, State
from counter_app.domain.moments import to_epoch
from counter_app.domain.tallies import Counter
from counter_app.services import calendars, catalogue, journal, office, search_index
from counter_app.services.settings import set_setting
from counter_app.storage import database, dossiers, migrations
from counter_app.storage import standings as table
from counter_app.storage.database import Store
from tests.bench import people

NOW = datetime(2026, 11, 23, 9, 0)
YEARS = 10
_CHUNK = 5_000
_NUMBER_BITS, _EPOCH_BITS = journal.NUMBER_BITS, journal.EPOCH_BITS
_AGENCY = "H50.19.27"
_CLERK = "Lê Thị Hồng Nhung"


class Made(NamedTuple):
    """One dossier with its history: what the filler writes."""

    id: int
    uuid: str
    state: State
    events: list[Event]


def version() -> str:
    """Return a mark that changes when the files would come out differently."""
    parts = [
        repr(inspect.getsource(module))
        for module in (migrations, dossiers, people, standings, table)
    ] + [inspect.getsource(inspect.getmodule(version) or people)]
    return hashlib.sha256("".join(parts).encode()).hexdigest()[:16]


def file_of(folder: Path, count: int, *, with_events: bool, say: Callable[[str], None]) -> Path:
    """Return a file of ``count`` dossiers, made now if there is none of today's version."""
    kind = "whole" if with_events else "rows"
    target = folder / f"{count}-{kind}" / "counter.db"
    mark = target.with_name("version.txt")
    if target.exists() and mark.exists() and mark.read_text("ascii") == version():
        return target
    shutil.rmtree(target.parent, ignore_errors=True)
    target.parent.mkdir(parents=True)
    begun = time.perf_counter()
    store = open_file(target)
    _fill(store, count, with_events=with_events)
    store.close()
    mark.write_text(version(), "ascii")
    size = target.stat().st_size / 1e6
    say(f"made {count:,} dossiers ({kind}) in {time.perf_counter() - begun:.0f} s, {size:,.0f} MB")
    return target


def open_file(path: Path) -> Store:
    """Open a file through the program's gate and set a new one up as a commune's to practise in."""
    from counter_app.bootstrap import machine_mark

    store = database.open_store(path, backup_folder=path.parent / "backups", stamp="bench")
    office.begin(store, machine_mark=machine_mark(path), now=NOW - timedelta(days=366 * YEARS))
    if not office.office(store).is_named:
        office.set_up(
            store,
            office_name="Trung tâm Phục vụ hành chính công xã Cam Lộ",
            parent="Ủy ban nhân dân xã Cam Lộ",
            agency_code=_AGENCY,
            counter_number=1,
            province_code="45",
            is_rehearsal=True,
        )
        office.save_officer(store, name=_CLERK, position="Công chức")
        office.choose_clerk(store, name=_CLERK)
        set_setting(store, key="place", value="Cam Lộ")
        set_setting(store, key="hotline", value="0233 3873 111")
    return store


def copy_of(source: Path, folder: Path, name: str) -> Path:
    """Copy a closed file for a measurement that writes."""
    target = folder / name / "counter.db"
    shutil.rmtree(target.parent, ignore_errors=True)
    target.parent.mkdir(parents=True)
    shutil.copyfile(source, target)
    return target


# ------------------------------------------------------------------------------------ what is told


def tell(store: Store, count: int) -> Iterator[Made]:
    """Tell the lives of ``count`` dossiers, received over ten years, about 1.5 % of them open."""
    teller = _Teller(store, count)
    for number in range(count):
        yield teller.dossier(number)


class _Teller:
    """Makes dossiers one after the other; the same count makes the same ones."""

    def __init__(self, store: Store, count: int) -> None:
        self.random = random.Random(count)
        self.count = count
        self.here = journal.desk(store)
        self.calendar = calendars.calendar(store)
        self.procedures = [p for p in catalogue.procedures(store, on=NOW.date()) if p.limit]
        self.limits = {p.code: parse_limit(p.limit) for p in self.procedures}
        self.weights = [1 / (rank + 2) for rank in range(len(self.procedures))]
        self.citizens = people.People(count).draw(max(count // 2, 1))
        self.moments = self._moments()
        self.sequence = 0
        self.numbers: dict[date, int] = {}

    def _moments(self) -> list[datetime]:
        """Spread receipts over the office's minutes of ten years."""
        days = []
        day = NOW.date() - timedelta(days=365 * YEARS)
        while day <= NOW.date():
            if self.calendar.is_working_day(day):
                days.append(day)
            day += timedelta(days=1)
        moments = []
        for number in range(self.count):
            place = number * len(days) / self.count
            part = place - int(place)
            moment = datetime.combine(days[int(place)], datetime.min.time())
            moment += timedelta(minutes=450 + int(part * 480) + (120 if part > 0.5 else 0))
            moments.append(min(moment, NOW - timedelta(minutes=1)))
        return moments

    def _event(self, kind: str, at: datetime, body: dict[str, Any]) -> Event:
        self.sequence += 1
        made = uuid.UUID(int=self.random.getrandbits(128), version=4).hex
        seconds = to_epoch(at)
        here = self.here
        return Event(
            made, here.uuid, 1, self.sequence, self.sequence, kind, seconds, seconds + 40, _CLERK,
            here.counter_name, body,
        )  # fmt: skip

    def dossier(self, number: int) -> Made:
        draw = self.random
        at = self.moments[number]
        citizen = draw.choice(self.citizens)
        chosen = draw.choices(self.procedures, self.weights)[0]
        due = due_moment(self.calendar, at, self.limits[chosen.code])
        on_day = self.numbers[at.date()] = self.numbers.get(at.date(), 0) + 1
        is_online = draw.random() < 0.71
        values: dict[str, Any] = {
            "code": f"TAM-01-{at:%y%m%d}-{on_day:04d}",
            "procedure_code": chosen.code,
            "procedure_name": chosen.name,
            "sector": chosen.sector,
            "channel": "online" if is_online else "counter",
            "status": "received",
            "applicant_name": citizen.name,
            "id_kind": "citizen",
            "citizen_id": citizen.number,
            "birth_date": citizen.birth_date,
            "sex": citizen.sex,
            "address": citizen.address,
            "phone": citizen.phone,
            "submitter_name": citizen.name,
            "limit": chosen.limit,
            "fee_text": chosen.fee.describe(),
            "resolving_unit": chosen.unit,
            "reception_officer": _CLERK,
            "counter_name": self.here.counter_name,
            "received_at": to_epoch(at),
            "recorded_at": to_epoch(at) + 40,
            "source": "list" if is_online else "typed",
        }
        if is_online or draw.random() < 0.9:
            values["official_code"] = f"{_AGENCY}-{at:%y%m%d}-{on_day:04d}"
        promise = {
            "kind": "first",
            "due_at": to_epoch(due),
            "counts": True,
            "calendar_version": 1,
            "base_at": to_epoch(at),
            "limit": chosen.limit,
        }
        body = {"promise": promise, "set": {k: v for k, v in values.items() if v}}
        first = self._event("receive", at, body)
        events = [first, *self._later(number, at, due)]
        state = history.new_state()
        for event in events:
            history.apply(state, event)
        made = uuid.UUID(int=draw.getrandbits(128), version=4).hex
        here = self.here
        dossier_id = here.counter_number << _NUMBER_BITS | 1 << _EPOCH_BITS | first.sequence
        return Made(dossier_id, made, state, events)

    def _later(self, number: int, at: datetime, due: datetime) -> list[Event]:
        """Tell what became of it: all but the newest and a few stragglers have ended."""
        draw = self.random
        age = (self.count - number) / self.count
        chance = draw.random()
        if age < 0.014 or chance < 0.001:
            return self._open(at, due)
        if chance < 0.015:
            end = min(at + timedelta(days=1), NOW)
            values = {"status": "withdrawn", "closed_at": to_epoch(end)}
            return [self._event("withdraw", end, {"set": values})]
        late = draw.random() < 0.02
        end = due + timedelta(days=2) if late else at + (due - at) * draw.random()
        end = min(end, NOW - timedelta(hours=1))
        values = {"status": "completed", "completed_at": to_epoch(end)}
        if late:
            values["late_reason"] = "Chờ ý kiến của cơ quan phối hợp"
        events = [self._event("complete", end, {"set": values})]
        if late:
            letter = {"uuid": uuid.uuid4().hex, "kind": "apology", "letter": "late"}
            events.append(self._event("print", end, {"paper": letter}))
        if age > 0.03 or draw.random() < 0.7:
            back = min(end + timedelta(days=1), NOW)
            values = {"status": "returned", "returned_at": to_epoch(back)}
            events.append(self._event("return", back, {"set": values}))
        return events

    def _open(self, at: datetime, due: datetime) -> list[Event]:
        chance = self.random.random()
        later = min(at + timedelta(hours=3), NOW)
        if chance < 0.5:
            return []
        if chance < 0.9:
            return [self._event("forward", later, {"set": {"status": "processing"}})]
        if chance < 0.97 or due < NOW:
            return [self._event("supplement", later, {"set": {"status": "awaiting_supplement"}})]
        promise = {
            "kind": "reschedule",
            "due_at": to_epoch(due) + 3 * 86_400,
            "counts": True,
            "reason": "Cần thêm thời gian thẩm tra, xác minh hồ sơ",
        }
        return [self._event("reschedule", later, {"promise": promise})]


# --------------------------------------------------------------------------------- how it is writ


def _fill(store: Store, count: int, *, with_events: bool) -> None:
    connection = store.database.connection()
    held = [
        (name, sql)
        for name, sql in store.rows(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL "
            "AND tbl_name IN ('dossier', 'event', 'promise', 'standing')"
        )
    ]
    connection.execute("PRAGMA synchronous=off")
    connection.execute("PRAGMA cache_size=-400000")
    connection.execute("BEGIN IMMEDIATE")
    for name, _sql in held:
        connection.execute(f'DROP INDEX "{name}"')
    writer = _Writer(store, with_events=with_events)
    chunk: list[Made] = []
    for made in tell(store, count):
        chunk.append(made)
        if len(chunk) == _CHUNK:
            writer.write(chunk)
            chunk.clear()
    writer.write(chunk)
    writer.end()
    for _name, sql in held:
        connection.execute(sql)
    connection.execute("COMMIT")
    while search_index.tidy_some(store):  # as the window leaves it
        pass
    connection.execute("PRAGMA wal_checkpoint(truncate)")


class _Writer:
    """Writes told dossiers by ``executemany``, with the same statements as the program."""

    def __init__(self, store: Store, *, with_events: bool) -> None:
        self.connection = store.database.connection()
        self.with_events = with_events
        self.here = journal.desk(store)
        self.head = self.here.head_hash
        self.last: Event | None = None
        self.random = random.Random(1)
        self.numbers: dict[str, int] = {}
        self.store = store
        self.sums = Counter(table.MEASURES, "day")

    def write(self, chunk: list[Made]) -> None:
        """Write some dossiers."""
        run = self.connection.executemany
        run(
            dossiers.INSERT_DOSSIER,
            [dossiers.values_of(one.id, one.uuid, 1, one.state) for one in chunk],
        )
        run(
            dossiers.INSERT_SEARCH,
            [(one.id, dossiers.search_text(one.state)) for one in chunk],
        )
        run(
            dossiers.INSERT_WORD,
            {word for one in chunk for word in dossiers.name_words(one.state)},
        )
        for one in chunk:
            pieces = standings.standings(one.events)
            run(table.INSERT, [table.values_of(one.id, 1, piece) for piece in pieces])
            self.sums.add(1, pieces)
            self.last = one.events[-1]
            day = one.state["code"][7:13]
            self.numbers[day] = self.numbers.get(day, 0) + 1
        if self.with_events:
            run(dossiers.INSERT_EVENT, [row for one in chunk for row in self._events(one)])
            run(dossiers.INSERT_PROMISE, [row for one in chunk for row in self._promises(one)])
            run(dossiers.UPSERT_PERSON, [self._person(one) for one in chunk])

    def end(self) -> None:
        """Bring the desk's place in its chain and its series up to what was written."""
        last = self.last
        if last is None:
            return
        table.add_tallies(self.store, self.sums.sums)
        self.connection.execute(
            "UPDATE installation SET last_sequence = ?, last_lamport = ?, last_moment = ?, "
            "head_hash = ? WHERE is_self = 1",
            (last.sequence, last.lamport, to_epoch(NOW) - 60, self.head),
        )
        self.connection.executemany(
            "INSERT INTO series (installation_id, kind, period, last) VALUES (?, 'dossier', ?, ?)",
            [(self.here.id, day, number) for day, number in self.numbers.items()],
        )

    def _events(self, one: Made) -> Iterator[tuple[Any, ...]]:
        for event in one.events:
            salt = self.random.randbytes(16)
            text = dossiers.dump(event.body)
            hashed = journal.body_hash(salt, text)
            self.head = journal.head_hash(self.head, journal.head_text(event, one.uuid), hashed)
            event_id = self.here.counter_number << _NUMBER_BITS | 1 << _EPOCH_BITS | event.sequence
            yield (
                event_id, event.uuid, 1, one.uuid, event.origin, event.epoch, event.sequence,
                event.lamport, "{}", event.kind, event.at, event.recorded_at, event.by,
                event.counter, text, salt, hashed, self.head,
            )  # fmt: skip

    def _promises(self, one: Made) -> Iterator[tuple[Any, ...]]:
        for event in one.events:
            promise = event.body.get("promise")
            if promise:
                yield (
                    1, one.id, event.uuid, promise["kind"], promise["due_at"], None,
                    event.recorded_at, promise["counts"], promise.get("reason", ""), "",
                    promise.get("limit", ""), 1, False, event.by,
                )  # fmt: skip

    def _person(self, one: Made) -> tuple[Any, ...]:
        state = one.state
        keys = ("owner_kind", "citizen_id", "birth_date", "sex", "address", "phone")
        facts = json.dumps({key: state[key] for key in keys}, ensure_ascii=False)
        return (
            state["citizen_id"], state["phone"], state["applicant_name"], facts,
            state["recorded_at"],
        )  # fmt: skip
