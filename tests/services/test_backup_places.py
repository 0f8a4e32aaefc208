"""A second folder and a stick: carried there, compared, told when out, carried when back."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta

import pytest

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.errors import DataFileError, InputError
from counter_app.services import backup_places, backups, checks, reception
from counter_app.services.settings import set_setting

NOW = datetime(2026, 11, 23, 10, 0)
REQUEST = ReceiveRequest(procedure_code="1.004873", applicant_name="Nguyễn Văn Đức")


@pytest.fixture
def app(tmp_path, monkeypatch):
    opened = open_app(data=str(tmp_path / "data"), environment={})
    reception.receive_dossier(opened.store, REQUEST, now=NOW)
    # A test has one disk.
    monkeypatch.setattr(backup_places, "_is_same_disk", lambda *_: False)
    for key in ("folder", "stick"):
        (tmp_path / key).mkdir()
        set_setting(opened.store, key=f"backup_{key}", value=str(tmp_path / key))
    yield opened
    opened.store.close()


def _round(app, now=NOW):
    return backup_places.back_up_everywhere(app.store, folder=app.folder / "backups", now=now)


def _held(folder):
    return sorted(path.name for path in folder.glob("quay-01-*/sao-luu-*.db"))


def test_one_copy_stands_in_all_three_places_and_each_opens(app, tmp_path):
    outcome = _round(app)
    assert (outcome.missing, outcome.problems) == ((), ())
    assert _held(tmp_path / "folder") == _held(tmp_path / "stick") == [outcome.made.name]
    for copy in backup_places.all_copies(app.store, app.folder / "backups"):
        assert backups.prove(app.store, copy.path, []) == []
    assert len(backup_places.all_copies(app.store, app.folder / "backups")) == 3
    assert [place.newest for place in backup_places.places(app.store)] == [NOW, NOW]


def test_a_stick_that_is_out_is_told_and_gets_its_copy_when_it_is_back(app, tmp_path):
    (tmp_path / "stick").rename(tmp_path / "out")
    outcome = _round(app)
    assert outcome.missing == (tmp_path / "stick",)
    assert outcome.problems == ()
    assert not (tmp_path / "stick").exists(), "its place was made on the system's disk"
    (copy,) = backups.copies(app.folder / "backups")
    assert not backup_places.lacks(app.store, copy)
    (tmp_path / "out").rename(tmp_path / "stick")
    assert backup_places.lacks(app.store, copy)
    assert backup_places.carry(app.store, outcome.made, now=NOW).missing == ()
    assert _held(tmp_path / "stick") == [outcome.made.name]
    assert not backup_places.lacks(app.store, copy)


def test_an_empty_mount_point_on_the_data_s_own_disk_is_no_stick(app, tmp_path, monkeypatch):
    monkeypatch.undo()
    outcome = _round(app)
    assert outcome.missing == (tmp_path / "stick",)
    assert _held(tmp_path / "stick") == []
    assert _held(tmp_path / "folder") == [outcome.made.name]


def test_a_copy_that_reads_back_otherwise_is_thrown_away_and_told(app, tmp_path, monkeypatch):
    sums = iter(range(9))
    monkeypatch.setattr(backup_places, "_sum", lambda _: next(sums))
    outcome = _round(app)
    assert len(outcome.problems) == 2
    assert "đọc lại khác bản gốc" in outcome.problems[0]
    assert _held(tmp_path / "stick") == []
    assert outcome.made.is_file()


def test_a_full_or_blocked_stick_is_told_and_the_copy_here_stands(app, tmp_path):
    here = next(iter(backup_places.places(app.store)))
    assert here.is_there
    shutil.rmtree(tmp_path / "stick")
    (tmp_path / "stick").mkdir()
    (tmp_path / "stick" / backup_places._own_folder(app.store, tmp_path).name).write_text("")
    outcome = _round(app)
    assert len(outcome.problems) == 1
    assert outcome.problems[0].startswith(f"Chưa chép xong sang {tmp_path / 'stick'}: ")
    assert "Bản sao lưu trên máy còn nguyên" in outcome.problems[0]
    assert outcome.made.is_file()


def test_each_place_is_rotated_by_itself(app, tmp_path):
    for minutes in (0, 20, 40, 60):
        _round(app, NOW + timedelta(minutes=minutes))
    assert len(_held(tmp_path / "stick")) == len(backups.copies(app.folder / "backups")) == 2


def test_nothing_changed_since_the_last_copy_until_something_is_saved(app):
    _round(app)
    (copy,) = backups.copies(app.folder / "backups")
    assert not backup_places.has_changed_since(app.store, copy)
    reception.receive_dossier(app.store, REQUEST, now=NOW)
    assert backup_places.has_changed_since(app.store, copy)


def test_what_is_saved_while_a_copy_is_made_wants_another(app, monkeypatch):
    def prove(*given):
        reception.receive_dossier(app.store, REQUEST, now=NOW)
        return proved(*given)

    proved = backups.prove
    monkeypatch.setattr(backups, "prove", prove)
    _round(app)
    (copy,) = backups.copies(app.folder / "backups")
    assert backup_places.has_changed_since(app.store, copy)


def test_a_copy_that_can_not_be_read_wants_another(app):
    _round(app)
    (copy,) = backups.copies(app.folder / "backups")
    copy.path.write_bytes(bytes(4096))
    assert backup_places.has_changed_since(app.store, copy)


def test_a_place_is_named_with_its_whole_path(app):
    with pytest.raises(InputError, match="đủ đường dẫn"):
        set_setting(app.store, key="backup_stick", value="sao-luu")


def test_damaged_data_are_copied_and_told_and_no_older_copy_goes_for_them(app, tmp_path):
    first = _round(app).made
    app.store.execute("UPDATE event SET body = replace(body, 'Đức', 'Dức')")
    app.store.anchor.restart()
    outcome = _round(app, NOW + timedelta(minutes=1))
    (told,) = outcome.problems
    assert "bị sửa từ bên ngoài" in told
    assert {copy.path for copy in backups.copies(app.folder / "backups")} == {first, outcome.made}
    assert len(_held(tmp_path / "stick")) == 2
    with pytest.raises(DataFileError, match="Đã sao lưu"):
        backups.make_backup(
            app.store, folder=app.folder / "backups", now=NOW + timedelta(minutes=2)
        )


def test_a_line_of_the_log_that_was_edited_since_the_last_copy_is_told_by_the_next(app):
    first = _round(app).made
    app.store.execute("DROP TRIGGER auditentry_is_never_changed")
    app.store.execute("UPDATE auditentry SET by = 'X' WHERE id = (SELECT max(id) FROM auditentry)")
    outcome = _round(app, NOW + timedelta(minutes=1))
    (told,) = outcome.problems
    assert "dòng nhật ký bị sửa từ bên ngoài" in told
    assert {copy.path for copy in backups.copies(app.folder / "backups")} == {first, outcome.made}
    # Nor has the copy called the log whole up to there: a quick look still finds it.
    quick = checks.run_checks(app.store, is_quick=True)
    assert [check.check for check in quick if not check.ok] == ["nhật ký không bị sửa"]
