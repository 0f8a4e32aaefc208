"""Somebody edits the file from outside: each kind of edit is named by its check."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.services import checks, moves, reception

NOW = datetime(2026, 11, 23, 9)
ANCHOR = "dữ liệu khớp với neo ở thư mục khác"
FILE = "tệp dữ liệu nguyên vẹn"
REFERENCES = "liên kết giữa các bảng"
CHAIN = "chuỗi sự kiện không bị sửa"
ROWS = "hồ sơ khớp với lịch sử"
NUMBERS = "số hồ sơ không cấp hai lần"
SEARCH = "chỉ mục tìm kiếm đầy đủ"
PAPERS = "giấy tờ khớp lúc phát hành"
PIECES = "số liệu báo cáo khớp với lịch sử"
SUMS = "số cộng dồn theo tháng khớp khi đếm lại"
LOAD = "số đang giải quyết khớp khi đếm lại"
FREE = "DROP TRIGGER event_is_never_changed; DROP TRIGGER event_is_never_removed;"


@pytest.fixture
def store(tmp_path):
    app = open_app(data=str(tmp_path), environment={})
    for name in ("Nguyễn Văn Đức", "Trần Thị Bưởi", "Lê Văn Cam"):
        request = ReceiveRequest(procedure_code="1.004873", applicant_name=name)
        received = reception.receive_dossier(app.store, request, now=NOW, issue_receipt=True)
        moves.forward(app.store, received.code, to="Tư pháp", by="Hoa", now=NOW)
    yield app.store
    app.store.close()


def _failed(store):
    return {check.check for check in checks.run_checks(store) if not check.ok}


def _edit(store, sql):
    store.execute("PRAGMA foreign_keys=0")
    for statement in filter(str.strip, sql.split(";")):
        store.execute(statement)


@pytest.mark.parametrize(
    ("sql", "failed"),
    [
        ("UPDATE dossier SET applicant_name = 'Người Khác' WHERE id % 2", {ROWS, SEARCH}),
        ("UPDATE dossier SET due_at = due_at + 86400, due_day = due_day + 1", {ROWS}),
        ("UPDATE dossier SET details = 'không phải JSON'", {ROWS}),
        ("UPDATE promise SET due_at = due_at + 86400", {ROWS}),
        ("DELETE FROM promise", {ROWS}),
        ("UPDATE event SET body = replace(body, 'Đức', 'Dức')", {CHAIN, ROWS, PAPERS}),
        ("UPDATE event SET body = 'không phải JSON'", {CHAIN, ROWS, PAPERS}),
        ("UPDATE event SET body = '[]'", {CHAIN, ROWS, PAPERS}),
        (FREE + "UPDATE event SET \"by\" = 'Người khác' WHERE sequence = 2", {CHAIN, PAPERS}),
        (FREE + "UPDATE event SET recorded_at = recorded_at - 86400", {CHAIN, ROWS, PAPERS}),
        (FREE + "DELETE FROM event WHERE sequence = 3", {CHAIN, ROWS}),
        (FREE + "DELETE FROM event WHERE sequence >= 8", {ANCHOR, CHAIN, ROWS, PAPERS}),
        (FREE + "DELETE FROM event", {ANCHOR, CHAIN, REFERENCES, ROWS, PAPERS, PIECES}),
        ("UPDATE standing SET due_at = due_at + 86400 * 31", {PIECES, SUMS}),
        ("DELETE FROM standing WHERE officer = ''", {PIECES, SUMS}),
        ("UPDATE tally SET other = other + 1", {SUMS}),
        ("DELETE FROM dossier WHERE code LIKE '%0003'", {REFERENCES, ROWS, SEARCH, PAPERS, LOAD}),
        ("DELETE FROM paper WHERE id = 2", {PAPERS}),
        ("UPDATE paper SET facts = replace(facts, 'Đức', 'Dức')", {PAPERS}),
        ("UPDATE paper SET facts = 'không phải JSON'", {PAPERS}),
        ("UPDATE series SET last = 1", {NUMBERS}),
        ("DELETE FROM series", {NUMBERS}),
        ("DELETE FROM dossier_search WHERE rowid = (SELECT min(id) FROM dossier)", {SEARCH}),
        ("INSERT INTO dossier_search (rowid, folded) VALUES (7, 'thừa')", {SEARCH}),
        (
            (
                "DELETE FROM dossier_search WHERE rowid = (SELECT max(id) FROM dossier);"
                "INSERT INTO dossier_search (rowid, folded) SELECT max(id), 'ai do' FROM dossier"
            ),
            {SEARCH},
        ),
        ("DELETE FROM nameword WHERE word = 'buoi'", {SEARCH}),
        ("UPDATE openload SET number = number + 1", {LOAD}),
        ("DELETE FROM openload", {LOAD}),
    ],
)
def test_an_edit_from_outside_is_named(store, sql, failed):
    assert _failed(store) == set()
    _edit(store, sql)
    assert _failed(store) == failed


def test_the_lost_end_of_the_chain_is_named_by_the_head_that_stands_apart(store):
    _edit(store, FREE + "DELETE FROM event WHERE sequence = 9")
    (chain,) = [check for check in checks.run_checks(store) if check.check == CHAIN]
    assert "mất các sự kiện cuối" in chain.problems[0]["what"]
    assert set(chain.problems[0]) == {"what", "where", "mend"}


def test_the_edited_event_and_its_dossier_are_named_as_people_call_them(store):
    _edit(store, FREE + "UPDATE event SET \"by\" = 'Kẻ khác' WHERE sequence = 1")
    (chain,) = [check for check in checks.run_checks(store) if check.check == CHAIN]
    (code,) = store.row(
        "SELECT d.code FROM dossier d JOIN event e ON e.dossier_uuid = d.uuid WHERE e.sequence = 1"
    )
    assert f"{code}, việc “tiếp nhận” lúc " in chain.problems[0]["where"]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE event SET kind = 'complete'",
        "UPDATE event SET head_hash = x'00'",
        "DELETE FROM event",
    ],
)
def test_the_database_itself_refuses_to_change_or_remove_events(store, sql):
    with pytest.raises(Exception, match="append-only"):
        store.execute(sql)
    assert _failed(store) == set()


def test_a_body_may_give_way_to_a_tombstone_and_its_head_still_stands(store):
    """Personal data can be removed one day: the chain hashes a body's hash, not the body."""
    store.execute("UPDATE event SET body = '{\"tombstone\":true}' WHERE sequence = 1")
    (chain,) = [check for check in checks.run_checks(store) if check.check == CHAIN]
    assert {problem["what"] for problem in chain.problems} == {
        "nội dung sự kiện bị sửa từ bên ngoài"
    }


def test_many_problems_are_told_up_to_a_number(store):
    for _ in range(120):
        request = ReceiveRequest(procedure_code="1.004873", applicant_name="A")
        reception.receive_dossier(store, request, now=NOW)
    _edit(store, "UPDATE dossier SET applicant_name = 'B'")
    (rows,) = [check for check in checks.run_checks(store) if check.check == ROWS]
    assert len(rows.problems) == 100


def test_checks_see_one_moment_while_another_process_saves(store, tmp_path):
    other = open_app(data=str(tmp_path), environment={})
    stop = threading.Event()

    def save():
        while not stop.is_set():
            request = ReceiveRequest(procedure_code="1.004873", applicant_name="A")
            reception.receive_dossier(other.store, request, now=NOW, issue_receipt=True)
        other.store.close()

    thread = threading.Thread(target=save)
    thread.start()
    try:
        assert [_failed(store) for _ in range(8)] == [set()] * 8
    finally:
        stop.set()
        thread.join()
    other.store.close()
