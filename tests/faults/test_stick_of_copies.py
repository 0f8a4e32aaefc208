"""A stick for copies that is full or pulled on the way: named, and the copy here stands."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from datetime import datetime, timedelta

import pytest

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.services import backup_places, backups, reception
from counter_app.services.settings import set_setting

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="tmpfs")

NOW = datetime(2026, 11, 23, 9)


@pytest.fixture
def app(tmp_path, small_disk):
    opened = open_app(data=str(tmp_path / "data"), environment={})
    set_setting(opened.store, key="backup_stick", value=str(small_disk))
    save(opened)
    yield opened
    opened.store.close()


def save(app):
    request = ReceiveRequest(procedure_code="1.004873", applicant_name="Nguyễn Văn Đức")
    reception.receive_dossier(app.store, request, now=NOW)


def back_up(app, now=NOW):
    return backup_places.back_up_everywhere(app.store, folder=app.folder / "backups", now=now)


def on_the_stick(small_disk):
    return sorted(path.name for path in small_disk.rglob("*") if path.is_file())


def test_a_full_stick_is_named_with_what_to_do_and_gets_the_copy_once_there_is_room(
    app, small_disk
):
    with (small_disk / "anh.jpg").open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(b"x" * 4096):
            pass
    outcome = back_up(app)
    (told,) = outcome.problems
    assert told.startswith(f"Chưa chép xong sang {small_disk}: nơi đó đã đầy.")
    assert "Bản sao lưu trên máy còn nguyên" in told
    assert on_the_stick(small_disk) == ["anh.jpg"]
    assert backups.prove(app.store, outcome.made, []) == []
    (small_disk / "anh.jpg").unlink()
    assert backup_places.carry(app.store, outcome.made, now=NOW).problems == ()
    assert on_the_stick(small_disk) == [outcome.made.name]


def test_a_stick_pulled_while_a_copy_is_carried_is_named_and_nothing_is_made_in_its_place(
    app, small_disk, monkeypatch
):
    def pulled(path):
        yield path.read_bytes()[:4096]
        subprocess.run(["umount", "--lazy", str(small_disk)], check=True)
        yield path.read_bytes()[4096:]

    with monkeypatch.context() as patch:
        patch.setattr(backup_places, "_pieces", pulled)
        outcome = back_up(app)
    (told,) = outcome.problems
    assert told.startswith(f"Chưa chép xong sang {small_disk}: nơi đó đã rút ra")
    assert "Bản sao lưu trên máy còn nguyên" in told
    assert list(small_disk.iterdir()) == []
    assert backups.prove(app.store, outcome.made, []) == []
    # Its empty place on the system's disk isn't taken for it.
    assert backup_places.carry(app.store, outcome.made, now=NOW).missing == (small_disk,)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "again", str(small_disk)], check=True)
    assert backup_places.carry(app.store, outcome.made, now=NOW).problems == ()
    assert on_the_stick(small_disk) == [outcome.made.name]


def test_a_stick_that_comes_back_gets_a_damaged_copy_and_keeps_its_older_ones(app, small_disk):
    first = back_up(app).made
    save(app)
    app.store.execute("UPDATE event SET body = replace(body, 'Đức', 'Dức')")
    set_setting(app.store, key="backup_stick", value="")
    outcome = back_up(app, NOW + timedelta(minutes=1))
    assert "bị sửa từ bên ngoài" in outcome.damage[0]
    set_setting(app.store, key="backup_stick", value=str(small_disk))
    carried = backup_places.carry(
        app.store, outcome.made, now=NOW + timedelta(minutes=2), damage=outcome.damage
    )
    assert carried.problems == outcome.damage, "the damage is said on"
    assert on_the_stick(small_disk) == [first.name, outcome.made.name]
