"""Somebody edits the file from outside and hashes the chain anew: the seals name the edit."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from datetime import datetime

import pytest
from sqlcipher3 import dbapi2 as driver

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.domain.history import Event
from counter_app.services import audit, chain, checks, journal, moves, reception
from counter_app.services.settings import set_setting

NOW = datetime(2026, 11, 23, 9)
CHAIN, LOG = "chuỗi sự kiện không bị sửa", "nhật ký không bị sửa"
ANCHOR = "dữ liệu khớp với neo ở thư mục khác"
_EVENTS = (
    'SELECT uuid, origin, epoch, sequence, lamport, kind, at, recorded_at, "by", counter, body, '
    "salt, dossier_uuid, seen FROM event ORDER BY sequence"
)
_LINES = "SELECT id, at, act, by, counter, origin, target, detail FROM auditentry ORDER BY id"


@pytest.fixture
def folder(tmp_path):
    """A desk with three dossiers and a few lines in its log."""
    app = open_app(data=str(tmp_path / "data"), environment={})
    for name in ("Nguyễn Văn Đức", "Trần Thị Bưởi", "Lê Văn Cam"):
        request = ReceiveRequest(procedure_code="1.004873", applicant_name=name)
        received = reception.receive_dossier(app.store, request, now=NOW, issue_receipt=True)
        moves.forward(app.store, received.code, to="Tư pháp", by="Hoa", now=NOW)
    for number in range(3):
        set_setting(app.store, key="hotline", value=f"0233 12{number}")
    app.store.close()
    return tmp_path / "data"


def _raw(folder):
    """Open the file as any tool would, and take away what forbids to edit it."""
    connection = driver.connect(str(folder / "counter.db"))
    for (name,) in connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
    ).fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    return connection


def _hash_events_anew(connection):
    """Make every hash of the chain right again, as only its seals can't be."""
    head = bytes(32)
    for row in connection.execute(_EVENTS).fetchall():
        *told, body, salt, dossier, seen = row
        event = Event._make((*told, {}))
        hashed = journal.body_hash(salt, body)
        head = journal.head_hash(head, journal.head_text(event, dossier, seen), hashed)
        connection.execute(
            "UPDATE event SET body_hash = ?, head_hash = ? WHERE uuid = ?",
            (hashed, head, event.uuid),
        )
    connection.execute("UPDATE installation SET head_hash = ? WHERE is_self = 1", (head,))


def _hash_log_anew(connection):
    head = bytes(32)
    for row in connection.execute(_LINES).fetchall():
        head = hashlib.sha256(head + audit.line_text(row)).digest()
        connection.execute("UPDATE auditentry SET head_hash = ? WHERE id = ?", (head, row[0]))
    connection.execute("UPDATE audithead SET head_hash = ?", (head,))


def _save(connection):
    connection.commit()
    connection.close()


def _problems(folder, name, **how):
    app = open_app(data=str(folder), environment={})
    try:
        (found,) = [one for one in checks.run_checks(app.store, **how) if one.check == name]
        return [(problem["what"], problem["where"]) for problem in found.problems]
    finally:
        app.store.close()


def test_untouched_data_pass_and_carry_a_seal_on_every_line(folder):
    assert _problems(folder, CHAIN) == []
    assert _problems(folder, LOG) == []
    connection = driver.connect(str(folder / "counter.db"))
    for table in ("event", "auditentry"):
        (bare,) = connection.execute(
            f"SELECT count(*) FROM {table} WHERE length(seal) <> 20"
        ).fetchone()
        assert bare == 0
    connection.close()


def test_a_history_that_was_edited_and_hashed_anew_is_named_by_event_and_dossier(folder):
    connection = _raw(folder)
    uuid, code = connection.execute(
        "SELECT e.uuid, d.code FROM event e JOIN dossier d ON d.uuid = e.dossier_uuid "
        "WHERE e.kind = 'forward' AND d.applicant_name = 'Trần Thị Bưởi'"
    ).fetchone()
    connection.execute(
        "UPDATE event SET body = replace(body, 'Tư pháp', 'Địa chính') WHERE uuid = ?", (uuid,)
    )
    connection.execute(
        "UPDATE dossier SET resolving_unit = 'Địa chính', details = "
        "replace(details, 'Tư pháp', 'Địa chính') WHERE code = ?",
        (code,),
    )
    _hash_events_anew(connection)
    _save(connection)
    found = _problems(folder, CHAIN)
    assert [what for what, _ in found] == ["sự kiện không đúng với niêm phong"]
    assert code in found[0][1]
    assert "chuyển xử lý" in found[0][1]
    assert uuid in found[0][1]
    # The mark that the last save left in the other folder tells that the end is another one.
    assert [what for what, _ in _problems(folder, ANCHOR)] == ["lịch sử khác với neo ghi lúc lưu"]


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE event SET \"by\" = 'Người khác' WHERE sequence = 4",
        "UPDATE event SET at = at - 86400 WHERE sequence = 4",
        "UPDATE event SET kind = 'accept' WHERE sequence = 4",
        "UPDATE event SET seal = x'' WHERE sequence = 4",
        "UPDATE event SET seal = randomblob(20) WHERE sequence = 4",
        "UPDATE event SET seal = (SELECT seal FROM event WHERE sequence = 5) WHERE sequence = 4",
    ],
)
def test_no_field_of_an_event_can_be_edited_without_its_seal_telling(folder, edit):
    connection = _raw(folder)
    connection.execute(edit)
    _hash_events_anew(connection)
    _save(connection)
    found = _problems(folder, CHAIN)
    assert [what for what, _ in found] == ["sự kiện không đúng với niêm phong"]


def test_an_event_that_was_put_in_from_outside_is_named(folder):
    connection = _raw(folder)
    connection.execute(
        "INSERT INTO event SELECT id + 1, replace(uuid, '4', '5'), office_id, dossier_uuid, "
        "origin, epoch, sequence + 1, lamport + 1, seen, 'complete', at, recorded_at, \"by\", "
        "counter, body, salt, body_hash, head_hash, seal FROM event ORDER BY sequence DESC LIMIT 1"
    )
    connection.execute("UPDATE installation SET last_sequence = last_sequence + 1")
    _hash_events_anew(connection)
    _save(connection)
    found = _problems(folder, CHAIN)
    assert [what for what, _ in found] == ["sự kiện không đúng với niêm phong"]
    assert "có kết quả" in found[0][1]


def test_a_line_of_the_log_that_was_edited_and_hashed_anew_is_named(folder):
    connection = _raw(folder)
    line, detail = connection.execute(
        "SELECT id, detail FROM auditentry WHERE detail LIKE '%0233 121%' ORDER BY id LIMIT 1"
    ).fetchone()
    changed = json.dumps({**json.loads(detail), "now": "0999"})
    connection.execute("UPDATE auditentry SET detail = ? WHERE id = ?", (changed, line))
    _hash_log_anew(connection)
    _save(connection)
    found = _problems(folder, LOG)
    assert [what for what, _ in found] == ["dòng nhật ký không đúng với niêm phong"]
    assert f"dòng {line} lúc" in found[0][1]
    assert [what for what, _ in _problems(folder, ANCHOR)] == ["nhật ký khác với neo ghi lúc lưu"]


def test_the_last_lines_of_the_log_can_not_vanish_although_its_head_was_set_back(folder):
    connection = _raw(folder)
    (last,) = connection.execute("SELECT max(id) FROM auditentry").fetchone()
    connection.execute("DELETE FROM auditentry WHERE id > ?", (last - 2,))
    connection.execute("UPDATE audithead SET last = ?", (last - 2,))
    _hash_log_anew(connection)
    _save(connection)
    assert _problems(folder, LOG) == []
    assert _problems(folder, ANCHOR)[0][0] == "mất 2 dòng nhật ký cuối đã lưu"


def test_taking_the_machine_s_mark_away_does_not_make_what_was_saved_here_forgotten(folder):
    connection = _raw(folder)
    connection.execute("UPDATE event SET \"by\" = 'Người khác' WHERE sequence = 4")
    _hash_events_anew(connection)
    connection.execute("UPDATE installation SET machine_mark = ''")
    _save(connection)
    assert [what for what, _ in _problems(folder, CHAIN)] == ["sự kiện không đúng với niêm phong"]
    assert _problems(folder, ANCHOR) != []


def test_a_look_from_the_checkpoint_finds_what_came_after_and_a_chain_made_anew(folder):
    app = open_app(data=str(folder), environment={})
    checks.run_checks(app.store)
    sealed = chain.sealed(app.store)
    assert sealed is not None
    assert (("log", 0) in sealed, len(sealed)) == (True, 2)
    set_setting(app.store, key="hotline", value="0233 999")
    app.store.close()
    assert _problems(folder, LOG, is_quick=True) == []
    connection = _raw(folder)
    connection.execute("UPDATE auditentry SET by = 'X' WHERE id = 2")
    _hash_log_anew(connection)
    _save(connection)
    found = [what for what, _ in _problems(folder, LOG, is_quick=True)]
    assert found[0] == "nhật ký khác với lần niêm phong trước"


def test_without_the_key_the_data_say_that_their_seals_can_not_be_read(folder):
    app = open_app(data=str(folder), environment={})
    key = app.store.anchor.stem.with_suffix(".key")
    app.store.close()
    if os.name != "nt":
        assert key.stat().st_mode & 0o777 == 0o600
    assert json.loads(key.read_bytes())["key"] not in (folder / "counter.db").read_bytes().hex()
    key.unlink()
    for name in (CHAIN, LOG):
        (found,) = _problems(folder, name)
        assert found[0] == "niêm phong bằng khóa mà máy này không giữ"


def test_a_folder_that_is_copied_elsewhere_goes_on_with_a_key_of_its_own(folder, tmp_path):
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "counter.db").write_bytes((folder / "counter.db").read_bytes())
    app = open_app(data=str(tmp_path / "copy"), environment={})
    request = ReceiveRequest(procedure_code="1.004873", applicant_name="Người Mới")
    reception.receive_dossier(app.store, request, now=NOW, issue_receipt=True)
    assert [one.check for one in checks.run_checks(app.store) if not one.ok] == []
    app.store.close()
    connection = _raw(tmp_path / "copy")
    connection.execute("UPDATE event SET \"by\" = 'X' WHERE epoch = 2 AND sequence = 1")
    _save(connection)
    found = {what for what, _ in _problems(tmp_path / "copy", CHAIN)}
    assert "sự kiện không đúng với niêm phong" in found


def test_a_key_of_the_first_release_goes_on_and_what_was_there_needs_no_seal(folder):
    app = open_app(data=str(folder), environment={})
    app.store.anchor.stem.with_suffix(".key").write_bytes(bytes(range(32)))
    app.store.close()
    connection = _raw(folder)
    connection.execute("UPDATE event SET seal = x''")
    connection.execute("UPDATE auditentry SET seal = x''")
    _save(connection)
    assert _problems(folder, CHAIN) == []
    app = open_app(data=str(folder), environment={})
    set_setting(app.store, key="hotline", value="0233 1")
    app.store.close()
    assert _problems(folder, LOG) == []
    connection = _raw(folder)
    connection.execute("UPDATE auditentry SET by = 'X' WHERE id = (SELECT max(id) FROM auditentry)")
    _hash_log_anew(connection)
    _save(connection)
    assert [what for what, _ in _problems(folder, LOG)] == [
        "dòng nhật ký không đúng với niêm phong"
    ]


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid"), reason="of POSIX")
def test_a_key_that_can_not_be_written_refuses_no_save_and_is_told(tmp_path):
    blocked = tmp_path / "blocked"
    blocked.write_text("no folder")
    app = open_app(
        data=str(tmp_path / "data"), environment={"COUNTER_APP_ANCHOR": str(blocked / "below")}
    )
    request = ReceiveRequest(procedure_code="1.004873", applicant_name="A")
    reception.receive_dossier(app.store, request, now=NOW)
    (found,) = [one for one in checks.run_checks(app.store) if one.check == ANCHOR]
    assert "không ghi được neo" in found.problems[0]["what"]
    app.store.close()


def test_a_key_that_was_never_kept_seals_nothing_and_accuses_nobody(small_disk, tmp_path):
    where = {"COUNTER_APP_ANCHOR": str(small_disk)}
    filler = small_disk / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    app = open_app(data=str(tmp_path / "data"), environment=where)
    for name in ("Một", "Hai"):
        request = ReceiveRequest(procedure_code="1.004873", applicant_name=name)
        reception.receive_dossier(app.store, request, now=NOW)
    assert {row[0] for row in app.store.rows("SELECT seal FROM event")} == {b""}
    filler.unlink()
    request = ReceiveRequest(procedure_code="1.004873", applicant_name="Ba")
    reception.receive_dossier(app.store, request, now=NOW)
    assert app.store.rows("SELECT count(*) FROM event WHERE seal <> x''") != [(0,)]
    app.store.close()
    app = open_app(data=str(tmp_path / "data"), environment=where)
    told = [problem for one in checks.run_checks(app.store) for problem in one.problems]
    app.store.close()
    assert told == []
