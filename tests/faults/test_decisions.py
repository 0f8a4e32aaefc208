"""Somebody edits what the office has decided in the file itself: the row is named."""

from __future__ import annotations

import json
import shutil
from datetime import datetime

import pytest
from sqlcipher3 import dbapi2 as driver

from counter_app.bootstrap import open_app
from counter_app.domain.rights import Role
from counter_app.services import (
    backups,
    checks,
    decisions,
    journal,
    losses,
    office,
    office_papers,
    users,
)
from counter_app.services.settings import set_setting
from counter_app.storage import decided

NOW = datetime(2026, 11, 23, 9)
CHECK = "cài đặt, danh mục, danh sách và sổ không bị sửa từ bên ngoài"
ADMIN, CLERK = "Trần Quản Trị", "Lê Văn Cam"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A desk whose office has decided a few things; no window has ever closed it."""
    cost = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
    monkeypatch.setattr(users, "_COST", cost)
    users._hasher.cache_clear()
    app = open_app(data=str(tmp_path / "data"), environment={})
    users.add_user(app.store, name=ADMIN, role=Role.ADMIN, secret="mat khau dai 1", now=NOW)
    app.store.user = ADMIN
    users.add_user(app.store, name=CLERK, role=Role.CLERK, secret="mat khau dai 2", now=NOW)
    set_setting(app.store, key="hotline", value="0233 123")
    set_setting(app.store, key="hotline", value="0233 124")
    app.store.close()
    yield tmp_path / "data"
    users._hasher.cache_clear()


def _edit(folder, sql):
    """Edit the file as any tool would."""
    connection = driver.connect(str(folder / "counter.db"), isolation_level=None)
    connection.executescript(sql)
    connection.close()


@pytest.fixture
def look(folder):
    """Open the data as the next start does; closed again at the end."""
    opened = []

    def opening():
        app = open_app(data=str(folder), environment={})
        app.store.user = ADMIN
        opened.append(app.store)
        return app.store

    yield opening
    for store in opened:
        store.close()


def _problems(store, *, is_quick=False):
    (found,) = (c for c in checks.run_checks(store, is_quick=is_quick) if c.check == CHECK)
    return [(problem["what"], problem["where"]) for problem in found.problems]


def _set(hashes):
    return f"UPDATE setting SET value = '{hashes}' WHERE key = '_decided'"


@pytest.mark.parametrize(
    ("sql", "what", "where"),
    [
        ("UPDATE account SET role = 'admin'", decisions.EDITED, f"tài khoản {CLERK}"),
        (
            f"UPDATE account SET secret = 'x' WHERE name = '{ADMIN}'",
            decisions.EDITED,
            f"tài khoản {ADMIN}",
        ),
        (
            "INSERT INTO account SELECT 99, 'Kẻ Lạ', role, secret, 1, 0, 0, 0 FROM account LIMIT 1",
            decisions.ADDED,
            "tài khoản Kẻ Lạ",
        ),
        (f"DELETE FROM account WHERE name = '{CLERK}'", decisions.GONE, f"tài khoản {CLERK}"),
        (
            "UPDATE setting SET value = '\"1900\"' WHERE key = 'hotline'",
            decisions.EDITED,
            "cài đặt hotline",
        ),
        (
            "INSERT INTO setting VALUES ('retention_years', '1')",
            decisions.ADDED,
            "cài đặt retention_years",
        ),
        ("DELETE FROM calendarday WHERE date = '2026-09-02'", decisions.GONE, "ngày 02/09/2026 "),
        ("UPDATE calendaryear SET source = 'x' WHERE year = 2026", decisions.EDITED, "lịch năm 2"),
        (
            "UPDATE procedure SET body = body || ' ' WHERE code = '1.004873'",
            decisions.EDITED,
            "thủ tục 1.004873 áp dụng từ ",
        ),
        ("UPDATE office SET name = 'Nơi khác'", decisions.EDITED, "tên và mã của cơ quan"),
        ("UPDATE installation SET counter_number = 7", decisions.EDITED, "tên và số của quầy"),
        ("UPDATE officer SET is_active = 0", decisions.EDITED, "cán bộ "),
        ("DELETE FROM setting WHERE key = '_decided'", decisions.NO_SEAL, "cài đặt"),
        (_set("{}"), decisions.NO_SEAL, "cài đặt"),
        (_set("""{"times": 9, "rows": {"office": 3}, "seal": ""}"""), decisions.NO_SEAL, "cài đặt"),
    ],
)
def test_an_edited_decision_is_named(folder, look, sql, what, where):
    _edit(folder, sql)
    store = look()
    (found, *_) = _problems(store)
    assert found[0] == what
    assert found[1].startswith(where)
    assert found in _problems(store, is_quick=True)


def test_nothing_is_named_where_nothing_was_edited(look):
    assert _problems(look()) == []


def test_an_edit_stays_named_whatever_is_decided_afterwards(folder, look):
    _edit(folder, "UPDATE account SET role = 'head' WHERE role = 'clerk'")
    store = look()
    set_setting(store, key="hotline", value="0233 125")
    users.sign_in(store, name=ADMIN, secret="mat khau dai 1", now=NOW)
    assert _problems(store) == [(decisions.EDITED, f"tài khoản {CLERK}")]
    users.set_role(store, name=CLERK, role=Role.CLERK)
    assert _problems(store) == []


def test_hashes_that_were_made_anew_do_not_fit_their_seal(folder, look):
    connection = driver.connect(str(folder / "counter.db"), isolation_level=None)
    connection.execute("UPDATE account SET role = 'head' WHERE role = 'clerk'")
    kept = decided.read(connection)
    rows = {kind: dict(decided._hashes(connection, kind)) for kind in kept.rows}
    told = {"times": kept.times, "rows": rows, "seal": kept.seal.hex()}
    connection.execute("UPDATE setting SET value = ? WHERE key = '_decided'", (json.dumps(told),))
    connection.close()
    found = {what for what, _ in _problems(look())}
    assert found == {decisions.OTHER_SEAL, decisions.PUT_BACK}


def test_rows_and_seal_of_an_earlier_day_are_told(folder, look):
    kept = folder.parent / "kept.db"
    shutil.copy(folder / "counter.db", kept)
    store = look()
    users.disable_user(store, name=CLERK)
    store.close()
    _edit(
        folder,
        f"ATTACH '{kept}' AS old; DELETE FROM account; INSERT INTO account SELECT * FROM "
        "old.account; UPDATE setting SET value = (SELECT value FROM old.setting WHERE key = "
        "'_decided') WHERE key = '_decided'",
    )
    assert [what for what, _ in _problems(look())] == [decisions.PUT_BACK]


def test_what_can_not_be_set_right_again_is_taken_note_of(folder, look):
    _edit(folder, "DELETE FROM setting WHERE key = '_decided'")
    store = look()
    set_setting(store, key="hotline", value="0233 126")
    assert [what for what, _ in _problems(store)] == [decisions.NO_SEAL]
    losses.accept(store, reason="Người hỗ trợ sửa nhầm", by=ADMIN, now=NOW)
    assert _problems(store) == []
    assert losses.missing(store) == []
    _edit(folder, "UPDATE office SET name = 'Nơi khác'")
    assert [what for what, _ in _problems(store)] == [decisions.EDITED]


def test_a_restored_copy_is_taken_as_it_stands_and_watched_from_then_on(folder, look, tmp_path):
    store = look()
    copy = backups.make_backup(store, folder=tmp_path / "copies", now=NOW)
    office.save_officer(store, name="Người Mới")
    backups.restore(store, copy, folder=tmp_path / "before", now=NOW)
    assert _problems(store) == []
    _edit(folder, "UPDATE account SET role = 'head' WHERE role = 'clerk'")
    assert _problems(store) == [(decisions.EDITED, f"tài khoản {CLERK}")]


def test_data_from_before_are_sealed_at_the_next_line_of_the_log(folder, look):
    store = look()
    store.execute("DELETE FROM setting WHERE key = '_decided'")
    store.anchor.stem.with_suffix(".decided").unlink()
    path = store.anchor.stem.with_suffix(".key")
    told = json.loads(path.read_bytes())
    told["begun"] = {k: v for k, v in told["begun"].items() if not k.endswith("/decided")}
    path.write_text(json.dumps(told))
    store.close()
    store = look()
    assert _problems(store) == []
    users.sign_in(store, name=ADMIN, secret="mat khau dai 1", now=NOW)
    store.close()
    _edit(folder, "UPDATE office SET name = 'Nơi khác'")
    assert _problems(look()) == [(decisions.EDITED, "tên và mã của cơ quan")]


LISTED = "giấy tờ của bộ phận (danh sách bàn giao, tờ 15 giờ, bộ giấy mất điện)"


def _paper(store, code="TOGIAO-01-261123-0001"):
    with store.transaction():
        office_papers.keep(
            store, kind="handover", code=code, unit="Tư pháp", facts={}, by=CLERK, now=NOW
        )
    return code


def test_an_edited_list_is_named_by_its_code_and_stays_named(folder, look):
    store = look()
    code = _paper(store)
    store.close()
    _edit(folder, "UPDATE officepaper SET facts = '{\"lines\": []}'")
    store = look()
    _paper(store, "TOGIAO-01-261123-0002")
    assert _problems(store) == [(decisions.ROW_EDITED, f"{LISTED}, {code}")]


def test_hashes_of_rows_that_were_made_anew_do_not_add_up(folder, look):
    store = look()
    _paper(store)
    store.close()
    connection = driver.connect(str(folder / "counter.db"), isolation_level=None)
    connection.execute("UPDATE officepaper SET facts = '[]'")
    rows = [
        (told, "officepaper", name) for name, told in decided._hashes(connection, "officepaper")
    ]
    connection.executemany("UPDATE rowhash SET hash = ? WHERE kind = ? AND name = ?", rows)
    connection.close()
    assert _problems(look()) == [(decisions.OTHER_SEAL, LISTED)]


def test_a_row_saved_while_the_key_can_not_be_read_is_found_without_a_seal(look, monkeypatch):
    store = look()

    def fail(*_args):
        raise OSError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(type(store.anchor.key), "seal", fail)
        _paper(store)
    assert [what for what, _ in _problems(store)] == [decisions.OTHER_SEAL]
    _paper(store, "TOGIAO-01-261123-0002")
    assert _problems(store) == []


def test_what_an_older_program_left_without_a_seal_is_taken_at_the_next_one(folder, look):
    store = look()
    code = _paper(store)
    connection = store.database.connection()
    kept = decided.read(connection)
    rows = {**kept.rows, "setting": {k: v for k, v in kept.rows["setting"].items() if k[:1] != "_"}}
    old = kept._replace(rows=rows, sums={})
    seal = store.anchor.key.seal(decided.chain_of(journal.desk(store).uuid), old.times, old.content)
    told = json.dumps({"times": old.times, "rows": rows, "seal": seal.hex()})
    store.execute("UPDATE setting SET value = ? WHERE key = '_decided'", (told,))
    store.execute("DELETE FROM rowhash")
    store.anchor.stem.with_suffix(".decided").unlink()
    assert _problems(store) == []
    _paper(store, "TOGIAO-01-261123-0002")
    assert _problems(store) == []
    store.close()
    _edit(folder, "UPDATE officepaper SET unit = 'Nơi khác' WHERE id = 1")
    assert _problems(look()) == [(decisions.ROW_EDITED, f"{LISTED}, {code}")]
