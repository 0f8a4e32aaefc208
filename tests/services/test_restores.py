"""Before going back: what would be lost is listed; a rehearsal checks all and touches nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.errors import InputError
from counter_app.services import backups, lists, moves, reception, restores

NOW = datetime(2026, 11, 23, 10, 0)


@pytest.fixture
def app(tmp_path):
    opened = open_app(data=str(tmp_path / "data"), environment={})
    yield opened
    opened.store.close()


def receive(app, name, now=NOW):
    request = ReceiveRequest(procedure_code="1.004873", applicant_name=name)
    return reception.receive_dossier(app.store, request, now=now)


def _backup(app, now=NOW):
    return backups.make_backup(app.store, folder=app.folder / "backups", now=now)


def _content(folder):
    return {
        p: p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file() and "-shm" not in p.name
    }


def test_what_came_after_the_copy_is_listed_newest_first(app):
    old = receive(app, "Lê An")
    receive(app, "Võ Yên")
    copy = _backup(app)
    later = NOW + timedelta(hours=1)
    moves.forward(app.store, old.code, to="Tư pháp", by="Hoa", now=later)
    new = receive(app, "Trần Bình", later + timedelta(hours=1))
    plan = restores.plan(app.store, copy)
    assert (plan.made_at, plan.copy_dossiers, plan.present_dossiers) == (NOW, 2, 3)
    assert [(one.code, one.events, one.is_whole) for one in plan.lost] == [
        (new.code, 1, True),
        (old.code, 1, False),
    ]
    assert plan.lost[0].applicant_name == "Trần Bình"
    assert plan.lost[1].last_at == later
    assert (plan.lost_events, plan.lost_count, plan.found_events) == (2, 2, 0)
    assert plan.is_ours
    assert not plan.loses_nothing


def test_a_lost_dossier_is_named_by_its_official_code_as_everywhere(app):
    old = receive(app, "Lê An")
    copy = _backup(app)
    moves.set_official_code(
        app.store,
        old.code,
        official="H50.19.57-261123-0109",
        by="Hoa",
        now=NOW + timedelta(hours=1),
    )
    assert [one.code for one in restores.plan(app.store, copy).lost] == ["H50.19.57-261123-0109"]


def test_a_copy_of_now_loses_nothing(app):
    receive(app, "Lê An")
    assert restores.plan(app.store, _backup(app)).loses_nothing


def test_what_only_the_copy_holds_is_told_too(app, tmp_path):
    receive(app, "Lê An")
    copy = _backup(app)
    empty = open_app(data=str(tmp_path / "new"), environment={})
    plan = restores.plan(empty.store, copy)
    empty.store.close()
    assert (plan.found_events, plan.lost_events) == (1, 0)
    assert plan.is_ours, "a new folder has no past of its own that another desk's copy would hide"


def test_another_desk_s_copy_is_told_as_such(app, tmp_path):
    receive(app, "Lê An")
    other = open_app(data=str(tmp_path / "other"), environment={})
    receive(other, "Trần Bình")
    plan = restores.plan(other.store, _backup(app))
    other.store.close()
    assert not plan.is_ours
    assert plan.lost_events == 1


def test_a_plan_and_a_drill_change_nothing(app):
    receive(app, "Lê An")
    copy = _backup(app)
    receive(app, "Trần Bình")
    before = _content(app.folder)
    restores.plan(app.store, copy)
    drill = restores.drill(app.store, copy)
    assert _content(app.folder) == before
    assert drill.is_good
    assert (drill.dossiers, drill.events, drill.last_at) == (1, 1, NOW)
    assert lists.dossier_count(app.store) == 2


@pytest.mark.parametrize("content", [b"", b"x" * 5000, b"SQLite format 3\x00" + bytes(5000)])
def test_a_file_that_is_no_copy_is_told_by_both(app, tmp_path, content):
    path = tmp_path / "x.db"
    path.write_bytes(content)
    with pytest.raises(InputError, match="Chưa thay đổi gì"):
        restores.plan(app.store, path)
    drill = restores.drill(app.store, path)
    assert not drill.is_good
    with pytest.raises(InputError, match="Không có tệp"):
        restores.drill(app.store, tmp_path / "gone.db")


def test_a_drill_names_a_changed_history_and_a_lost_file(app, tmp_path):
    from counter_app.services.attachments import attach

    received = receive(app, "Lê An")
    scan = tmp_path / "to-khai.pdf"
    scan.write_bytes(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")
    attach(app.store, received.code, document="Tờ khai", files=[scan], by="Hoa", now=NOW)
    copy = _backup(app)
    assert restores.drill(app.store, copy).problems == ()
    (kept,) = (path for path in (app.folder / "attachments").rglob("*") if path.is_file())
    content = kept.read_bytes()
    kept.write_bytes(content[:-1] + b"x")
    assert any("bị sửa" in what for what in restores.drill(app.store, copy).problems)
    kept.unlink()
    assert any("mất tệp" in what for what in restores.drill(app.store, copy).problems)
    kept.write_bytes(content)
    raw = copy.read_bytes()
    assert "Lê An".encode() in raw
    copy.write_bytes(raw.replace("Lê An".encode(), "Lê Ăn".encode()[: len("Lê An".encode())]))
    assert any("bị sửa từ bên ngoài" in what for what in restores.drill(app.store, copy).problems)
