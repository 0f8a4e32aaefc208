"""Encryption at rest: a stolen disk tells nothing, and whoever has a secret loses nothing."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from encrypted_house import (
    NOW,
    OTHER,
    SCAN,
    SCAN_HASH,
    WORDS,
    asking,
    failing,
    quiet,
    readable,
    receive,
    switched_on,
)

from counter_app import paths
from counter_app.bootstrap import alone, clear_shown, open_app, open_for_window
from counter_app.domain.rights import Role
from counter_app.errors import (
    DataFileError,
    InputError,
    LockedError,
    NotFoundError,
    RightsError,
    WrongKeyError,
)
from counter_app.services import (
    attachments,
    audit,
    backup_places,
    backups,
    browse,
    encryption,
    kept_files,
    left_plain,
    losses,
    restores,
    unlocks,
    users,
)
from counter_app.storage.keys import is_plain, key_paths
from counter_app.storage.lock import WindowLock

pytestmark = pytest.mark.usefixtures("cheap_keys")


def test_no_byte_of_any_file_tells_who_came(house, tmp_path):
    assert len(readable(tmp_path)) >= 4, "or the search would prove nothing"
    switched_on(house)
    plain = left_plain.copies(house.store)
    assert sorted(readable(tmp_path)) == sorted(str(p.relative_to(tmp_path)) for p in plain)
    assert len(plain) == 2
    assert left_plain.remove_copies(house.store, plain) == 2
    receive(house.store, 40)  # so that there is a log
    assert (tmp_path / "data" / "counter.db-wal").stat().st_size
    assert readable(tmp_path) == []
    assert encryption.status(house.store).plain_copies == ()
    assert failing(house.store) == []


def test_what_killed_work_has_left_plain_is_overwritten_when_it_is_switched_on(house, tmp_path):
    (stick,) = (tmp_path / "stick").iterdir()
    made = backups.copies(paths.backups(house.folder))[0].path
    left = [
        house.folder / "counter-app-dien-tap-abc" / "counter.db",
        house.folder / "counter-app-xyz" / "tmpq1",
        house.folder / "dang-nhan-0123456789abcdef.db",
        made.parent / "counter-app-cuu-abc" / "hong.db",
        made.with_name(".0123456789abcdef.tmp"),
        stick / ".fedcba9876543210.tmp",
    ]
    for path in left:
        path.parent.mkdir(exist_ok=True)
        shutil.copyfile(made, path)
    switched_on(house)
    assert [path for path in left if path.exists()] == []
    plain = {str(path.relative_to(tmp_path)) for path in left_plain.copies(house.store)}
    assert set(readable(tmp_path)) == plain


def test_what_was_killed_aside_goes_with_a_later_copy(house):
    old, young = (house.folder / f"counter-app-dien-tap-{n}" for n in "ab")
    for folder in (old, young):
        folder.mkdir()
        (folder / "counter.db").write_bytes(b"x")
    long_ago = house.store.path.stat().st_mtime - 7 * 3600
    os.utime(old, (long_ago, long_ago))
    staged = [house.folder / "backups" / f"dang-khoi-phuc-20261122-{n}.db" for n in "ab"]
    for path in staged:
        path.write_bytes(b"x")
    os.utime(staged[0], (long_ago, long_ago))
    backups.make_backup(
        house.store, folder=paths.backups(house.folder), now=NOW + timedelta(hours=2)
    )
    assert [path.exists() for path in (old, young, *staged)] == [False, True, False, True]


def test_passphrase_or_sheet_open_it_and_nothing_else_does(house, tmp_path, capfd):
    code = switched_on(house)
    house.store.close()
    folder = str(tmp_path / "data")
    with pytest.raises(LockedError):
        open_app(data=folder, environment={})
    with pytest.raises(WrongKeyError, match="Caps Lock"):
        open_app(data=folder, environment={}, keys=asking("con trau di sau"))
    for secret in (WORDS, code, code.replace("-", "")):
        app = open_app(data=folder, environment={}, keys=asking(secret))
        assert len(browse.search(app.store, "hanh phuc", limit=50)) == 10
        app.store.close()
    assert capfd.readouterr().err == ""


def test_another_passphrase_leaves_every_byte_of_the_data(house, tmp_path):
    code = switched_on(house)
    house.store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = (tmp_path / "data" / "counter.db").read_bytes()
    with pytest.raises(InputError, match="ít nhất 12"):
        encryption.change_passphrase(house.store, "ngan", now=NOW)
    encryption.change_passphrase(house.store, OTHER, now=NOW + timedelta(hours=3))
    assert (tmp_path / "data" / "counter.db").read_bytes() == before
    for folder in backup_places.folders(house.store, paths.backups(tmp_path / "data")):
        (file,) = key_paths(folder)
        with pytest.raises(WrongKeyError):
            unlocks.unlock(file, WORDS, now=NOW)
        for secret in (OTHER, code):
            assert unlocks.unlock(file, secret, now=NOW).secret == house.store.key.secret


def test_a_new_passphrase_ends_the_reminder_of_who_opened_the_data_by_the_sheet(house):
    code = switched_on(house)
    (file,) = key_paths(house.folder)
    unlocks.locked(file, house.store.keys, clock=lambda: NOW).unlock(code)
    assert house.store.keys.is_by_sheet
    encryption.change_passphrase(house.store, OTHER, now=NOW + timedelta(hours=3))
    assert not house.store.keys.is_by_sheet


def test_a_new_sheet_holds_once_it_is_kept_and_makes_the_old_one_void(house):
    old = switched_on(house)
    (file,) = key_paths(house.folder)
    prepared = encryption.prepare_sheet(house.store, now=NOW + timedelta(hours=3))
    assert unlocks.unlock(file, old, now=NOW)
    encryption.keep_sheet(house.store, prepared)
    assert unlocks.unlock(file, prepared.code, now=NOW)
    assert unlocks.unlock(file, WORDS, now=NOW)
    with pytest.raises(WrongKeyError, match="phiếu đã được thay"):
        unlocks.unlock(file, old, now=NOW)


def test_switched_off_everything_is_plain_again_and_old_copies_still_open(house, tmp_path):
    switched_on(house)
    made = backups.copies(paths.backups(house.folder))[0].path
    encryption.switch_off(house.store, now=NOW + timedelta(hours=3), progress=quiet)
    assert is_plain(house.store.path)
    assert key_paths(house.folder) == []
    assert failing(house.store) == []
    assert kept_files.not_as_wanted(house.folder, None) == []
    receive(house.store, 50)
    house.store.close()
    app = open_app(data=str(house.folder), environment={}, keys=asking(WORDS))
    assert restores.drill(app.store, made).problems == ()
    app.store.close()


def test_the_key_file_of_a_switching_on_that_was_killed_is_gone_after_the_next(house):
    killed = encryption.prepare(house.store, OTHER, now=NOW).file.write(house.folder)
    switched_on(house)
    assert not killed.exists()
    assert len(key_paths(house.folder)) == 1


def test_lines_under_a_lost_key_are_taken_over_in_the_open_before_anything_is_encrypted(house):
    house.store.close()
    house.store.anchor.stem.with_suffix(".key").unlink()
    again = open_app(data=str(house.folder), environment={})
    again.store.clock = lambda: NOW + timedelta(hours=1)
    receive(again.store, 40)
    with pytest.raises(DataFileError, match="niêm phong bằng khóa"):
        switched_on(again)
    assert is_plain(again.store.path)
    assert key_paths(house.folder) == []
    losses.accept(again.store, reason="Cài lại máy", by="", now=NOW + timedelta(hours=1))
    switched_on(again)
    assert failing(again.store) == []
    again.store.close()


def test_a_scan_is_opened_for_as_long_as_it_is_seen(house, tmp_path):
    switched_on(house)
    facts = browse.search(house.store, "hanh phuc", limit=50)
    assert facts
    (kept,) = kept_files.kept_in(paths.attachments(house.folder))
    shown = attachments.attached_file(house.store, SCAN_HASH, "pdf")
    assert shown.read_bytes() == SCAN
    assert shown != kept
    kept_files.clear_shown(house.folder)
    assert not shown.exists()
    content = bytearray(kept.read_bytes())
    content[-30] ^= 1
    kept.write_bytes(content)
    with pytest.raises(NotFoundError, match="sửa từ bên ngoài"):
        attachments.attached_file(house.store, SCAN_HASH, "pdf")


def test_a_second_window_that_closes_leaves_what_the_first_one_shows(house):
    switched_on(house)
    lock = WindowLock.acquire(house.folder)
    shown = attachments.attached_file(house.store, SCAN_HASH, "pdf")
    clear_shown(house.folder, None)
    assert shown.read_bytes() == SCAN
    clear_shown(house.folder, lock)
    assert not shown.exists()
    lock.release()
    shown = attachments.attached_file(house.store, SCAN_HASH, "pdf")
    clear_shown(house.folder, None)
    assert not shown.exists()
    with alone(house.folder):
        """Nobody holds the lock any more."""


def test_what_was_shown_when_the_power_went_is_gone_at_the_next_start(house):
    switched_on(house)
    shown = attachments.attached_file(house.store, SCAN_HASH, "pdf")
    house.store.close()
    assert shown.read_bytes() == SCAN
    again, lock = open_for_window(
        data=str(house.folder), database=None, environment={}, keys=asking(WORDS)
    )
    assert not shown.exists()
    again.store.close()
    lock.release()


def test_files_that_a_kill_left_plain_are_told_and_still_open(house):
    switched_on(house)
    plain = kept_files.place(house.folder, SCAN_HASH, "pdf", None)
    plain.parent.mkdir()
    plain.write_bytes(SCAN)
    assert encryption.status(house.store).other_files == 1
    ((check, _),) = failing(house.store)
    assert check == "tệp khóa của dữ liệu mã hóa"
    assert encryption.go_on(house.store, progress=quiet) == 1
    assert failing(house.store) == []
    assert encryption.status(house.store).other_files == 0


_CUT = """
import os, signal, sys
from datetime import datetime
from counter_app.bootstrap import open_app
from counter_app.services import encryption, kept_files, unlocks
from counter_app.storage.keys import KeyRing
keys = KeyRing(lambda path: unlocks.unlock(path, sys.argv[2], now=datetime(2026, 11, 23, 12)))
app = open_app(data=sys.argv[1], environment=dict(os.environ), keys=keys)
app.store.clock = lambda: datetime(2026, 11, 23, 12)
left = [int(sys.argv[4])]
real = kept_files.remove
def remove(path):
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    real(path)
kept_files.remove = remove
at = datetime(2026, 11, 23, 12)
if sys.argv[3] == "on":
    prepared = encryption.prepare(app.store, sys.argv[2], now=at)
    encryption.switch_on(app.store, prepared, now=at, progress=lambda *_: None)
else:
    encryption.switch_off(app.store, now=at, progress=lambda *_: None)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
@pytest.mark.parametrize("way", ["on", "off"])
def test_a_change_that_was_cut_short_at_the_files_is_finished_at_the_next_start(
    house, tmp_path, way
):
    for number in range(3):
        scan = tmp_path / f"{number}.pdf"
        scan.write_bytes(SCAN + bytes([number]))
        facts = receive(house.store, 60 + number)
        at = NOW + timedelta(minutes=60 + number)
        attachments.attach(house.store, facts.code, files=[scan], by="Hoa", now=at)
        scan.unlink()
    if way == "off":
        switched_on(house)
    house.store.close()
    anchors = {"COUNTER_APP_ANCHOR": str(house.store.anchor.stem.parent)}
    done = subprocess.run(
        [sys.executable, "-c", _CUT, str(house.folder), WORDS, way, "2"],
        env=os.environ | anchors,
        timeout=120,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    again = open_app(data=str(house.folder), environment=anchors, keys=asking(WORDS))
    again.store.clock = lambda: NOW + timedelta(hours=4)
    assert encryption.status(again.store).other_files in {1, 2, 3}
    encryption.finish(again.store)
    assert failing(again.store) == []
    assert encryption.status(again.store).other_files == 0
    assert encryption.finish(again.store) == 0
    for number in range(3):
        digest = hashlib.sha256(SCAN + bytes([number])).hexdigest()
        assert attachments.attached_file(again.store, digest, "pdf").is_file()
    again.store.close()


def test_a_key_file_that_is_gone_is_told_by_the_check_and_by_the_next_copy(house):
    switched_on(house)
    (file,) = key_paths(house.folder)
    file.unlink()
    ((check, problems),) = failing(house.store)
    assert check == "tệp khóa của dữ liệu mã hóa"
    assert "sao lưu" in problems[0]["mend"]
    with pytest.raises(DataFileError, match="không mở lại được"):
        backups.make_backup(
            house.store, folder=house.folder / "backups", now=NOW + timedelta(hours=5)
        )


def test_only_the_administrator_may_and_it_is_noted(house):
    users.add_user(house.store, name="Quý", role=Role.ADMIN, secret="mat khau dai", now=NOW)
    house.store.user = "Quý"
    users.add_user(house.store, name="Hoa", role=Role.CLERK, secret="mat khau dai", now=NOW)
    house.store.user = "Hoa"
    with pytest.raises(RightsError):
        encryption.prepare(house.store, WORDS, now=NOW)
    house.store.user = "Quý"
    prepared = encryption.prepare(house.store, WORDS, now=NOW)
    house.store.user = "Hoa"
    with pytest.raises(RightsError):
        encryption.switch_on(house.store, prepared, now=NOW, progress=quiet)
    assert is_plain(house.store.path)
    house.store.user = "Quý"
    encryption.switch_on(house.store, prepared, now=NOW, progress=quiet)
    encryption.change_passphrase(house.store, OTHER, now=NOW)
    house.store.user = "Hoa"
    for refused in (
        lambda: encryption.switch_off(house.store, now=NOW, progress=quiet),
        lambda: encryption.change_passphrase(house.store, WORDS, now=NOW),
        lambda: encryption.prepare_sheet(house.store, now=NOW),
        lambda: left_plain.remove_copies(house.store, []),
    ):
        with pytest.raises(RightsError):
            refused()
    house.store.user = "Quý"
    told = [e.detail["what"] for e in audit.entries(house.store) if e.act == "encrypt"]
    assert told == ["đổi mật khẩu mở dữ liệu", "bật"]


def test_data_that_were_damaged_before_are_not_converted(house):
    house.store.execute("DROP TRIGGER event_is_never_changed")
    house.store.execute("UPDATE event SET body = replace(body, 'Hạnh', 'Bất') WHERE sequence = 3")
    prepared = encryption.prepare(house.store, WORDS, now=NOW)
    with pytest.raises(DataFileError, match="không khớp"):
        encryption.switch_on(house.store, prepared, now=NOW, progress=quiet)
    assert is_plain(house.store.path)
    assert key_paths(house.folder) == []
    assert receive(house.store, 55).code


def test_stopped_halfway_it_goes_on_as_it_was(house):
    def stop(done, total):
        if done > 5:
            raise KeyboardInterrupt

    prepared = encryption.prepare(house.store, WORDS, now=NOW)
    with pytest.raises(KeyboardInterrupt):
        encryption.switch_on(house.store, prepared, now=NOW, progress=stop)
    assert is_plain(house.store.path)
    assert house.store.key is None
    assert key_paths(house.folder) == []
    assert receive(house.store, 55).code
