"""Somebody edits the file, one table after another: a check finds it and names the place.

The tables are those of the models and those that the steps make beside them: a new one that
nothing protects fails here until it is sealed, compared with events, or named with its reason.
"""

from __future__ import annotations

from datetime import date, datetime

import pytest

from counter_app.domain.facts import ReceiveRequest
from counter_app.domain.figures import Against, Period
from counter_app.domain.history import Event
from counter_app.domain.rights import Role
from counter_app.domain.visits import VisitKind
from counter_app.services import (
    at_hand,
    chain,
    checks,
    form_versions,
    frozen_reports,
    handing,
    journal,
    lists,
    outage,
    paper_events,
    papers,
    quick,
    register,
    settings,
    unit_sheets,
    users,
    visits,
)
from counter_app.storage import exchange, models
from counter_app.tabular.columns import Mapping
from tests.services.counter_desk import CLERK, Desk
from tests.sync_house import send, take, two_desks

# Kept by no check, each for a reason that an inspector would accept.
_OWN_NUMBER = "the number of its row; nothing points to it"
_IN_HAND = "what is typed and not saved, or waits for its printer: it is no record yet"
_AGAIN = "made anew from the dossiers whenever it isn't of today's form"
_LATER = "a later one is told by the clock's question at the next save"
UNGUARDED = {
    "draft": _IN_HAND,
    "installation.machine_mark": "another one is another machine: the next start begins an epoch",
    "installation.last_lamport": "a higher one only leaves a place in the order empty",
    "installation.last_moment": _LATER,
    "account.failures": "written at each sign-in; every failed one stands in the log",
    "account.failed_at": "written at each sign-in; every failed one stands in the log",
    "account.changed_at": "told to nobody; what was changed stands in the log",
    "audithead, added": "the first row is the head; no other is read",
    "rowhash, added": "of a table that there isn't",
    "nameword, added": "a word that no name has: a search finds nothing by it",
    **{
        f"{table}.id": _OWN_NUMBER
        for table in (
            "account audithead calendarday formversion frozenreport heldevent officer "
            "paper person procedure promise registerentry reservednumber sheetrow visit"
        ).split()
    },
}
UNGUARDED_SETTINGS = {
    "_changes": "counts what other windows must read anew",
    "_figures": _AGAIN,
    "_search": _AGAIN,
}
PLAIN = (  # what SQLite lets anybody do who opens the file
    "PRAGMA foreign_keys=0",
    "PRAGMA ignore_check_constraints=1",
)
TABLES = [model._meta.table_name for model in models.ALL]
BESIDE = ["tally", "openload", "nameword"]
LIST = (
    "Mã hồ sơ,Mã TTHC,Chủ hồ sơ,Số định danh,Ngày giờ tiếp nhận,Ngày giờ hẹn trả,Trạng thái\n"
    "H50.1-261120-0001,1.004873,Lê Văn B,045192007777,20/11/2026 08:00,26/11/2026 17:00,\n"
)
HELD = (
    "e" * 32,
    "d" * 32,
    "o" * 32,
    1,
    9,
    9,
    "{}",
    "accept",
    0,
    0,
    "B",
    "Quầy 9",
    "{}",
    b"",
    b"",
    b"",
)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A desk that has something in every table, another desk's words and a dispute included."""
    folder = tmp_path_factory.mktemp("tables")
    with pytest.MonkeyPatch.context() as patch, two_desks(folder) as (one, two):
        patch.setattr(users, "_COST", {"time_cost": 1, "memory_cost": 8, "parallelism": 1})
        users._hasher.cache_clear()
        _fill(Desk(one), Desk(two), folder)
        for pragma in PLAIN:
            one.execute(pragma)
        yield one
    users._hasher.cache_clear()


def _fill(desk: Desk, other: Desk, folder) -> None:
    store, means = desk.store, {"by": CLERK, "now": desk.now}
    person = {"citizen_id": "045185001234", "id_kind": "citizen", "phone": "0912345678"}
    settings.set_setting(store, key="current_clerk", value=CLERK)
    settings.set_setting(store, key="hotline", value="0233 123")
    paper = papers.print_receipt(store, desk.receive(**person), **means)
    desk.receive(**person, address="Thôn Một")
    disputed, done = desk.receive(), desk.receive()
    unit_sheets.make_sheets(store, **means)
    outage.make_kit(store, count=2, **means)
    quick.enter_line(store, quick.QuickRequest("2.000815", "Nguyễn Văn A", pages=1), **means)
    request = ReceiveRequest(
        procedure_code="1.004873", applicant_name="Lê Văn Cê", by=CLERK, **person
    )
    visits.record_visit(store, request, kind=VisitKind.GUIDANCE, reason="Thiếu giấy", now=desk.now)
    take(other.store, send(store, folder / "a.zip"))
    later = {"by": CLERK, "now": desk.wait(hours=1).now}
    paper_events.reprint_paper(store, paper, **later)
    desk.act("complete", done)
    handing.return_many(store, [done], collected_by="Trần Văn Chạy", **later)
    desk.act("complete", disputed)
    other.wait(hours=1).act("withdraw", disputed, reason="Đổi ý")
    take(store, send(other.store, folder / "b.zip", now=other.now), now=desk.now)
    with store.transaction():
        exchange.hold(store, HELD)
    lists.import_list(store, LIST.encode(), name="tinh.csv", **later)
    lists.keep_mapping(store, name="Tỉnh", mapping=Mapping(headings={"Ghi chú": "note"}))
    register.number_register(store, year=2026, now=desk.now)
    form = next(f for f in form_versions.edited_forms(store, now=desk.now) if f.texts)
    text = next(text for text in form.texts if text.text)
    told = {text.place: f"{text.text} (mới)"}
    form_versions.save_texts(store, told, valid_from=desk.now.date(), source="CV 12", **later)
    at_hand.save_draft(store, key="nháp", body="{}", now=desk.now)
    period = Period(date(2026, 11, 1), date(2026, 11, 30))
    frozen_reports.freeze(
        store, period, against=Against.DUE, by=CLERK, now=datetime(2026, 12, 1, 9)
    )
    store.clock = lambda: datetime(2026, 12, 1, 9)
    users.add_user(
        store, name="Quản Trị", role=Role.ADMIN, secret="mot cua 2026", now=store.clock()
    )
    store.user = "Quản Trị"


def _found(store, *edits) -> list[dict[str, str]]:
    """Return what a check says of an edit, which is taken back again."""
    store.execute("BEGIN")
    try:
        triggers = "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
        for (name,) in store.rows(triggers):
            store.execute(f"DROP TRIGGER {name}")
        changed = sum(store.execute(*edit).rowcount for edit in edits)
        assert changed, edits
        return [problem for check in checks.run_checks(store) for problem in check.problems]
    finally:
        store.execute("ROLLBACK")


def _columns(store, table) -> dict[str, tuple[object, bool]]:
    """Return a row of a table by column, with whether the column may stand there only once."""
    info = store.rows(f"PRAGMA table_info({table})")
    once = {row[1] for row in info if row[5]}
    for row in store.rows(f"PRAGMA index_list({table})"):
        if row[2]:
            once |= {column for *_, column in store.rows(f"PRAGMA index_info({row[1]})")}
    values = store.row(f"SELECT * FROM {table} WHERE {_ROW.get(table, '1')} LIMIT 1")
    assert values is not None, f"{table} holds nothing to be edited"
    names = [row[1] for row in info]
    return {name: (value, name in once) for name, value in zip(names, values, strict=True)}


# A row that tells more than the first one.
_ROW = {
    "setting": "key = 'hotline'",
    "series": "kind = 'handover'",
    "installation": "is_self = 1",
    "dossier": "citizen_id <> ''",
    "syncrun": "kind = 'import'",
    "knownchain": "usable > 0",
    "officepaper": "code GLOB 'BG-*'",
    "sheetrow": "part = 'handed'",
}


def _other(value: object) -> object:
    if value is None:
        return 1
    if isinstance(value, int):
        return 1 - value if value in {0, 1} else value + 1000
    return b"x" * 32 if isinstance(value, bytes) else f"{value}x"


def _edits(store, table):
    """Yield each edit of one row of a table: what it is called, and its statement."""
    row = _columns(store, table)
    where = " AND ".join(f'"{name}" IS ?' for name in row)
    same = [value for value, _ in row.values()]
    for name, (value, _) in row.items():
        sql = f'UPDATE {table} SET "{name}" = ? WHERE {where}'
        yield f"{table}.{name}", (sql, (_other(value), *same))
    yield f"{table}, gone", (f"DELETE FROM {table} WHERE {where}", same)
    marks = ", ".join("?" * len(row))
    twin = [_other(value) if is_once else value for value, is_once in row.values()]
    yield f"{table}, added", (f"INSERT INTO {table} VALUES ({marks})", twin)


def test_nothing_is_found_before_anybody_edits(store):
    assert [check for check in checks.run_checks(store) if not check.ok] == []


def test_every_own_setting_of_the_program_is_guarded_or_named(store):
    """What a person sets is sealed; what the program keeps for itself too, but for three."""
    for key in ("_office", "_sync_key", "_sectors", "_recovery", *UNGUARDED_SETTINGS):
        value = ("INSERT OR REPLACE INTO setting (key, value) VALUES (?, 'x')", (key,))
        found = {problem["where"] for problem in _found(store, value)}
        assert found == (set() if key in UNGUARDED_SETTINGS else {f"cài đặt {key}"})


def _event(store, **changed) -> tuple[str, list[object]]:
    """Return an event with an id and hashes as they must be, that no desk ever wrote."""
    own = store.row("SELECT uuid FROM installation WHERE is_self = 1")[0]
    names = [row[1] for row in store.rows("PRAGMA table_info(event)")]
    sql = "SELECT * FROM event WHERE origin <> ? ORDER BY sequence DESC LIMIT 1"
    row = dict(zip(names, store.row(sql, (own,)), strict=True))
    before = row["head_hash"] if changed["sequence"] > row["sequence"] else bytes(32)
    row |= {"uuid": "f" * 32, "seal": b"", **changed}
    row["id"] = journal.event_id(9, row["epoch"], row["sequence"])
    fields = {name: row[name] for name in Event._fields if name != "body"}
    told = journal.head_text(Event(**fields, body={}), row["dossier_uuid"], row["seen"])
    row["head_hash"] = journal.head_hash(before, told, row["body_hash"])
    return f"INSERT INTO event VALUES ({', '.join('?' * len(row))})", list(row.values())


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"sequence": 2}, chain.ADDED_END),
        ({"sequence": 0}, chain.ADDED_END),
        ({"origin": "x" * 32, "sequence": 1}, chain.STRANGE),
    ],
)
def test_an_event_that_no_desk_wrote_is_found_although_its_hashes_are_right(store, changed, what):
    (last,) = store.row("SELECT max(usable) FROM knownchain")
    if changed["sequence"] == 2:
        changed = {"sequence": last + 1}
    assert what in {problem["what"] for problem in _found(store, _event(store, **changed))}


def test_a_line_in_front_of_the_log_is_found(store):
    sql = "INSERT INTO auditentry SELECT 0, at, act, by, counter, origin, target, detail, "
    edit = (f"{sql}head_hash, seal FROM auditentry WHERE id = 1", ())
    assert "dòng nhật ký bị thêm từ bên ngoài" in {one["what"] for one in _found(store, edit)}


@pytest.mark.parametrize("kind", ["dossier", "visit", "book:*"])
def test_a_series_that_would_give_a_number_again_is_found(store, kind):
    edit = ("UPDATE series SET last = 0 WHERE kind GLOB ?", (kind,))
    assert "số này có thể bị cấp lại lần nữa" in {one["what"] for one in _found(store, edit)}


@pytest.mark.parametrize("table", TABLES + BESIDE)
def test_an_edit_of_any_column_is_found_and_says_where(store, table):
    missed = set()
    for name, edit in _edits(store, table):
        found = _found(store, edit)
        assert all(problem["where"] for problem in found), name
        if not found:
            missed.add(name)
    assert {name for name in missed if not {name, table} & UNGUARDED.keys()} == set()
