"""Steps from one schema to the next: old files open, copies come first, failures leave nothing."""

from __future__ import annotations

import json
import lzma
import re
from datetime import datetime

import peewee as pw
import pytest
from make_old_file import NOW, OLD, told

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.errors import DataFileError
from counter_app.services import checks, reception, settings
from counter_app.storage import models
from counter_app.storage.database import SCHEMA_VERSION, open_store
from counter_app.storage.migrations import MIGRATIONS
from counter_app.storage.orm import Orm

REQUEST = ReceiveRequest(procedure_code="1.004873", applicant_name="Nguyễn Văn Đức")
VERSIONS = sorted(int(path.stem.split(".")[0][1:]) for path in OLD.glob("v*.db.xz"))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "counter.db"


def _open(path, migrations=MIGRATIONS):
    return open_store(
        path, backup_folder=path.parent / "backups", stamp="20261123", migrations=migrations
    )


def _unpack(path, version):
    path.write_bytes(lzma.decompress((OLD / f"v{version}.db.xz").read_bytes()))


def test_every_version_has_a_stored_file():
    assert list(range(1, SCHEMA_VERSION + 1)) == VERSIONS


@pytest.mark.parametrize("version", VERSIONS)
def test_an_old_file_opens_and_says_what_it_said(path, version):
    _unpack(path, version)
    app = open_app(data=str(path.parent), environment={})
    try:
        expected = json.loads((OLD / f"v{version}.json").read_text("utf-8"))
        assert json.loads(json.dumps(told(app.store))) == expected
        assert [check.check for check in checks.run_checks(app.store) if not check.ok] == []
        received = reception.receive_dossier(app.store, REQUEST, now=NOW)
        assert received.code not in {row["code"] for row in expected}
        assert all(check.ok for check in checks.run_checks(app.store))
    finally:
        app.store.close()


def _schema(store):
    """Return the schema as SQLite keeps it, without FTS5's own tables."""
    rows = store.rows(
        "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' "
        "AND name NOT LIKE 'dossier_search_%' ORDER BY 1, 2"
    )
    return {(kind, name): re.sub(r"\s+", " ", sql or "") for kind, name, sql in rows}


def test_a_released_step_was_not_edited(path, tmp_path):
    """The last stored file has the schema that the steps make today.

    Before the release of a version its file is made anew; afterwards a change is a new step.
    """
    _unpack(path, SCHEMA_VERSION)
    old, new = _open(path), _open(tmp_path / "new.db")
    assert _schema(old) == _schema(new)
    old.close()
    new.close()


def _columns(database, table):
    rows = database.execute_sql(f"PRAGMA table_info('{table}')").fetchall()
    return {name: (kind, null, pk) for _, name, kind, null, _, pk in rows}


def _parents(database, table):
    rows = database.execute_sql(f"PRAGMA foreign_key_list('{table}')").fetchall()
    return {(row[3], row[2], row[6]) for row in rows}


def _unique(database, table):
    found = set()
    for row in database.execute_sql(f"PRAGMA index_list('{table}')").fetchall():
        columns = database.execute_sql(f"PRAGMA index_info('{row[1]}')").fetchall()
        if row[4] == 0:  # partial ones stand in the steps alone
            found.add((row[2], tuple(name for _, _, name in columns)))
    return found


def _conditions(database, table):
    row = database.execute_sql(
        "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", (table,)
    ).fetchone()
    return set(re.findall(r"CHECK \(.*?\)\)", row[0]))


def test_the_models_say_what_the_steps_made(path):
    store = _open(path)
    declared = pw.SqliteDatabase(":memory:")
    with declared.bind_ctx(models.ALL):
        declared.create_tables(models.ALL)
    made = Orm(store.database)
    for model in models.ALL:
        table = model._meta.table_name
        for look in (_columns, _parents, _conditions):
            assert look(made, table) == look(declared, table), (table, look)
        assert _unique(declared, table) <= _unique(made, table), table
    declared.close()
    store.close()


def _add_column(database):
    database.execute_sql("ALTER TABLE officer ADD COLUMN phone TEXT NOT NULL DEFAULT ''")


def _rebuild(database):
    """Rebuild a table that others refer to, as SQLite's own recipe does."""
    connection = database.connection()
    (sql,) = connection.execute("SELECT sql FROM sqlite_schema WHERE name = 'office'").fetchone()
    connection.execute(sql.replace('"office"', '"new_office"', 1))
    connection.execute("INSERT INTO new_office SELECT * FROM office")
    connection.execute("DROP TABLE office")
    connection.execute("ALTER TABLE new_office RENAME TO office")


def _used(path):
    app = open_app(data=str(path.parent), environment={})
    reception.receive_dossier(app.store, REQUEST, now=datetime(2026, 11, 23, 9))
    app.store.close()


def test_a_copy_with_every_row_is_made_before_the_step(path):
    _used(path)
    store = _open(path, (*MIGRATIONS, _add_column))
    assert store.row("PRAGMA user_version") == (SCHEMA_VERSION + 1,)
    assert store.row("PRAGMA foreign_keys") == (1,)
    store.execute("SELECT phone FROM officer")
    store.close()
    (copy,) = (path.parent / "backups").iterdir()
    assert copy.name == f"truoc-nang-cap-v{SCHEMA_VERSION}-20261123.db"
    before = _open(copy)
    assert before.row("PRAGMA user_version") == (SCHEMA_VERSION,)
    assert before.row("SELECT count(*) FROM dossier") == (1,)
    assert all(check.ok for check in checks.run_checks(before))
    before.close()


def test_a_new_file_needs_no_copy(path):
    _open(path, (*MIGRATIONS, _add_column)).close()
    assert not (path.parent / "backups").exists()


def test_a_step_that_fails_leaves_the_file_as_it_was(path):
    _used(path)

    def fail(database):
        _add_column(database)
        database.execute_sql("DELETE FROM promise")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        _open(path, (*MIGRATIONS, fail))
    store = _open(path)
    assert store.row("PRAGMA user_version") == (SCHEMA_VERSION,)
    assert "phone" not in [row[1] for row in store.rows("PRAGMA table_info(officer)")]
    assert store.row("SELECT count(*) FROM promise") == (1,)
    assert all(check.ok for check in checks.run_checks(store))
    store.close()


def test_the_steps_before_a_failing_one_stay_done_with_their_number(path):
    _used(path)

    def fail(_database):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        _open(path, (*MIGRATIONS, _add_column, fail))
    store = _open(path, (*MIGRATIONS, _add_column))
    assert store.row("PRAGMA user_version") == (SCHEMA_VERSION + 1,)
    store.close()


def test_a_step_may_rebuild_a_table_without_losing_its_children(path):
    _used(path)
    store = _open(path, (*MIGRATIONS, _rebuild))
    assert store.row("SELECT count(*) FROM dossier") == (1,)
    store.close()


def test_a_step_that_leaves_children_without_their_parent_is_refused(path):
    _used(path)

    def orphan(database):
        database.execute_sql("DELETE FROM office")

    with pytest.raises(RuntimeError, match="without their parent"):
        _open(path, (*MIGRATIONS, orphan))
    store = _open(path)
    assert store.row("SELECT count(*) FROM office") == (1,)
    store.close()


def test_an_upgraded_file_is_refused_by_the_older_program(path):
    _used(path)
    _open(path, (*MIGRATIONS, _add_column)).close()
    with pytest.raises(DataFileError, match="mới hơn"):
        _open(path)


def test_no_upgrade_without_a_copy(path):
    _used(path)
    (path.parent / "backups").write_text("in the way")
    with pytest.raises(DataFileError, match="sao lưu"):
        _open(path, (*MIGRATIONS, _add_column))
    store = _open(path)
    assert store.row("PRAGMA user_version") == (SCHEMA_VERSION,)
    settings.set_setting(store, key="counting", value="hour")
    store.close()


def test_looking_never_upgrades(path):
    _used(path)
    with pytest.raises(DataFileError, match="nâng cấp"):
        open_store(
            path,
            backup_folder=path.parent / "backups",
            stamp="x",
            read_only=True,
            migrations=(*MIGRATIONS, _add_column),
        )
    _open(path).close()
