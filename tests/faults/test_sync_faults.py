"""A full or pulled stick, a full data disk: an exchange is whole or didn't happen, and says so."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import shutil
import subprocess
import sys

import pytest

from counter_app.atomic import FileNotWrittenError
from counter_app.errors import BundleError, UserError
from counter_app.services import attachments, checks
from counter_app.services.sync_export import export_bundle, fingerprint
from counter_app.services.sync_import import import_bundle
from counter_app.sync import bundle as bundles
from tests.sync_house import CLERK, NOW, first_desk, further_desk, receive, send, take

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="tmpfs")


@pytest.fixture
def desks(tmp_path):
    one = first_desk(tmp_path / "1")
    two = further_desk(one, tmp_path / "2")
    for number in range(30):
        receive(one, f"Người {number}", content="x" * 400)
    yield one, two
    one.close()
    two.close()


def fill(place):
    with (place / "filler").open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(b"x" * 4096):
            pass


def exports(store):
    return store.row("SELECT count(*) FROM syncrun WHERE kind = 'export'")[0]


def test_a_full_stick_gets_no_half_bundle(desks, small_disk):
    one, two = desks
    fill(small_disk)
    with pytest.raises(FileNotWrittenError, match="đĩa đã đầy"):
        send(one, small_disk / "a.zip")
    assert [path.name for path in small_disk.iterdir()] == ["filler"]
    assert exports(one) == 0
    (small_disk / "filler").unlink()
    take(two, send(one, small_disk / "a.zip"))
    assert fingerprint(two) == fingerprint(one)


def test_a_stick_that_fills_up_on_the_way_gets_no_half_bundle(desks, small_disk, monkeypatch):
    one, _ = desks
    monkeypatch.setattr(bundles, "_PROGRESS_ROWS", 1)

    def fill_now(done, _total):
        if done == 20:
            fill(small_disk)

    with pytest.raises(FileNotWrittenError, match="đĩa đã đầy"):
        export_bundle(one, small_disk / "a.zip", by=CLERK, now=NOW, progress=fill_now)
    assert [path.name for path in small_disk.iterdir()] == ["filler"]
    assert exports(one) == 0


def test_a_stick_pulled_while_a_bundle_is_written_is_told(desks, small_disk, monkeypatch):
    one, two = desks
    monkeypatch.setattr(bundles, "_PROGRESS_ROWS", 1)

    def pull(done, _total):
        if done == 20:
            subprocess.run(["umount", "--lazy", str(small_disk)], check=True)

    with pytest.raises(FileNotWrittenError, match=r"đã rút.*Không có tệp dở dang"):
        export_bundle(one, small_disk / "a.zip", by=CLERK, now=NOW, progress=pull)
    assert list(small_disk.iterdir()) == []
    assert exports(one) == 0
    # What never arrived goes with the next bundle.
    take(two, send(one, small_disk / "b.zip"))
    assert fingerprint(two) == fingerprint(one)
    # The fixture takes one mount away again.
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "again", str(small_disk)], check=True)


def test_a_stick_pulled_while_a_bundle_is_read_changes_nothing(desks, tmp_path, monkeypatch):
    one, two = desks
    path = send(one, tmp_path / "a.zip")
    before = fingerprint(two)

    def pulled(_stream, _name):
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(hashlib, "file_digest", pulled)
        with pytest.raises(BundleError, match="USB đã rút"):
            take(two, path)
    with pytest.raises(BundleError, match="USB đã rút"):
        take(two, tmp_path / "gone.zip")
    assert fingerprint(two) == before
    assert list((tmp_path / "2").glob("dang-nhan-*")) == []


def test_an_import_on_a_full_disk_changes_nothing_and_goes_on_with_room(
    desks, small_disk, tmp_path
):
    one, _ = desks
    for number in range(80):
        receive(one, f"Người nữa {number}", content="y" * 450)
    there = further_desk(one, small_disk / "3", 3)
    path = send(one, tmp_path / "a.zip")
    before = fingerprint(there)
    fill(small_disk)
    with pytest.raises(UserError, match=r"đầy|Ổ đĩa"):
        import_bundle(there, path, by=CLERK, now=NOW)
    assert fingerprint(there) == before
    assert list((small_disk / "3").glob("dang-nhan-*")) == []
    (small_disk / "filler").unlink()
    import_bundle(there, send(one, tmp_path / "small.zip"), by=CLERK, now=NOW, dry_run=True)
    assert all(check.ok for check in checks.run_checks(there))
    there.close()


def test_attached_files_that_find_no_room_leave_the_data_as_they_were(small_disk, tmp_path):
    one = first_desk(tmp_path / "1")
    uuid = receive(one)
    for number in range(2):
        scan = tmp_path / f"{number}.pdf"
        scan.write_bytes(b"%PDF-1.7 " + str(number).encode() * 500_000)
        attachments.attach(one, uuid, files=[scan], by=CLERK, now=NOW)
    there = further_desk(one, small_disk / "3", 3)
    path = tmp_path / "a.zip"
    export_bundle(one, path, by=CLERK, now=NOW, with_files=True)
    before = fingerprint(there)
    # Room for the events and one of the two files.
    free = shutil.disk_usage(small_disk).free
    (small_disk / "filler").write_bytes(bytes(max(0, free - 900_000)))
    with pytest.raises(UserError, match=r"đầy|Ổ đĩa"):
        import_bundle(there, path, by=CLERK, now=NOW)
    assert fingerprint(there) == before
    assert list((small_disk / "3" / "attachments").glob("??/*")) == []
    (small_disk / "filler").unlink()
    fill(small_disk)
    with pytest.raises(FileNotWrittenError, match="đĩa đã đầy"):
        export_bundle(one, small_disk / "b.zip", by=CLERK, now=NOW, with_files=True)
    (small_disk / "filler").unlink()
    assert all(check.ok for check in checks.run_checks(there))
    there.close()
    one.close()
