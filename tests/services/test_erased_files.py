"""Attached files of a person who was removed: gone here, at other desks, in copies."""

from __future__ import annotations

import json

import pytest
from sync_counters import make_counters
from test_erasing import NUMBER, PERSON, WHY, held_in
from test_erasing_travels import years_later

from counter_app import paths
from counter_app.domain.erasing import GONE
from counter_app.errors import UserError
from counter_app.services import backups, erased_files, erasing, privacy, restores, settings
from counter_app.storage import convert

NAMED = "Khai sinh Nguyễn Thị Ngọc Ánh.pdf"
SCAN = b"%PDF-1.7\n" + b"scan of a card " * 40


@pytest.fixture
def scans(tmp_path):
    folder = tmp_path / "scans"
    folder.mkdir()

    def make(name=NAMED, data=SCAN):
        (folder / name).write_bytes(data)
        return folder / name

    return make


def kept(store):
    return sorted(path.name for path in (store.path.parent / "attachments").rglob("*.*"))


def ended(desk, files, **person):
    """Receive, attach and end a dossier."""
    settings.set_setting(desk.store, key="retention_years", value="1")
    code = desk.receive(**{**PERSON, **person})
    desk.act("attach", code, files=files, kind="output")
    desk.act("withdraw", code)
    return code


def test_the_files_go_with_the_person_and_their_trace_stays(desk, scans):
    code = ended(desk, [scans(), scans("b.pdf", SCAN + b"2")])
    before = desk.state(code)["attachments"]
    years_later(desk)
    removed = erasing.remove_person(desk.store, NUMBER, now=desk.now, **WHY)
    assert (removed.files, removed.kept) == (2, ())
    assert kept(desk.store) == []
    assert held_in(desk.store) == set()
    assert desk.state(code)["attachments"] == [one | {"name": GONE} for one in before]
    assert "và 2 tệp đính kèm" in desk.show(code).events[-1].text
    body = json.loads(desk.store.row("SELECT body FROM event WHERE kind = 'erase'")[0])
    assert sorted(one["sha256"] for one in before) == body["files"]
    assert desk.problems() == []


def test_a_file_whose_attaching_was_taken_back_goes_too(desk, scans):
    settings.set_setting(desk.store, key="retention_years", value="1")
    code = desk.receive(**PERSON)
    desk.act("attach", code, files=[scans()])
    desk.act("undo", code, reason="nhầm hồ sơ")
    desk.act("withdraw", code)
    years_later(desk)
    assert erasing.remove_person(desk.store, NUMBER, now=desk.now, **WHY).files == 1
    assert kept(desk.store) == []
    assert held_in(desk.store) == set()


def test_a_file_that_anothers_dossier_holds_too_stays_for_him(desk, scans):
    ended(desk, [scans()])
    other = desk.receive()
    desk.act("attach", other, files=[scans("chung.pdf")])
    years_later(desk)
    erasing.remove_person(desk.store, NUMBER, now=desk.now, **WHY)
    assert len(kept(desk.store)) == 1
    assert desk.problems() == []


def test_who_only_handed_in_leaves_the_owners_files(desk, scans):
    owner = {"citizen_id": "001099000001", "applicant_name": "Trần Văn B"}
    code = ended(desk, [scans()], **owner, submitter_name="Ánh", submitter_id=NUMBER)
    years_later(desk)
    removed = erasing.remove_person(desk.store, NUMBER, now=desk.now, **WHY)
    assert (removed.files, removed.kept) == (0, (code,))
    assert len(kept(desk.store)) == 1
    assert desk.problems() == []


def test_a_file_that_is_held_open_is_told_and_goes_later(desk, scans, monkeypatch):
    ended(desk, [scans()])
    years_later(desk)
    with monkeypatch.context() as patch:
        patch.setattr(convert, "wipe", _refuse)
        erasing.remove_person(desk.store, NUMBER, now=desk.now, **WHY)
    assert any("còn tệp của người đã xóa" in problem for problem in desk.problems())
    assert erased_files.remove(desk.store) == set()
    assert kept(desk.store) == []
    assert desk.problems() == []


def test_the_removal_takes_the_files_of_other_desks_too(prepared, tmp_path, scans):
    one, two = made = make_counters(prepared, tmp_path, 2)
    try:
        code = ended(one, [scans()])
        two.take(one.send())
        two.act("attach", code, files=[scans("quay-2.pdf", SCAN + b"2")])
        one.take(two.send())
        assert len(kept(two.store)) == 1
        years_later(one, two)
        erasing.remove_person(one.store, NUMBER, now=one.now, **WHY)
        two.take(one.send())
        for desk in made:
            assert kept(desk.store) == []
            assert held_in(desk.store) == set()
            assert desk.healthy()
    finally:
        for desk in made:
            desk.store.close()


def test_a_name_from_another_desk_is_no_path_to_anywhere():
    entry = {"type": "pdf", "name": "a.pdf"}
    body = {"files": [entry | {"sha256": "../../counter"}, entry | {"sha256": "a" * 64}]}
    assert erased_files.named_in(body) == {("a" * 64, "pdf")}


def test_copies_of_the_files_go_and_no_restore_brings_them_back(desk, scans, tmp_path):
    stick, away = tmp_path / "stick", tmp_path / "away"
    code = ended(desk, [scans()])
    old = backups.make_backup(desk.store, folder=stick, now=desk.now)
    backups.make_backup(desk.store, folder=away, now=desk.now)
    years_later(desk)
    erasing.remove_person(desk.store, NUMBER, now=desk.now, **WHY)
    backups.make_backup(desk.store, folder=stick, now=desk.now)
    assert list((stick / "attachments").rglob("*.*")) == []
    assert restores.drill(desk.store, old).is_good
    (older,) = (copy.path for copy in backups.copies(away))
    backups.restore(desk.store, older, folder=paths.backups(tmp_path), now=desk.now)
    assert kept(desk.store) == []
    assert held_in(desk.store) == set()
    assert desk.state(code)["applicant_name"] == GONE
    assert desk.problems() == []


def test_an_export_of_the_person_names_the_files_that_are_kept(desk, scans):
    ended(desk, [scans()])
    data = privacy.person_data(desk.store, NUMBER, now=desk.now)
    (file,) = data["dossiers"][0]["attachments"]
    assert file["name"] == NAMED


def _refuse(_path):
    raise PermissionError


def test_nothing_goes_when_the_removal_is_refused(desk, scans):
    ended(desk, [scans()])
    with pytest.raises(UserError):
        erasing.remove_person(desk.store, NUMBER, now=desk.now, **WHY)
    assert len(kept(desk.store)) == 1
