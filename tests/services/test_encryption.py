"""Encryption at rest: a stolen disk tells nothing, and whoever has a secret loses nothing."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
from datetime import datetime, timedelta

import pytest

from counter_app import paths
from counter_app.bootstrap import alone, clear_shown, open_app, open_for_window, open_to_restore
from counter_app.domain.facts import ReceiveRequest
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
    checks,
    encryption,
    kept_files,
    left_plain,
    losses,
    reception,
    restores,
    settings,
    unlocks,
    users,
)
from counter_app.services.backup_facts import Lies
from counter_app.services.salvage import salvage
from counter_app.storage import failed_unlocks
from counter_app.storage.keys import KeyRing, is_plain, key_paths
from counter_app.storage.lock import WindowLock

NOW = datetime(2026, 11, 23, 9)
NAME, NUMBER = "Nguyễn Thị Hạnh Phúc", "001193000123"
WORDS, OTHER = "con trau di truoc", "cai cay theo sau"
SCAN = b"%PDF-1.7\n" + f"Giấy khai sinh của {NAME}, số {NUMBER}".encode() * 900
SCAN_HASH = hashlib.sha256(SCAN).hexdigest()


pytestmark = pytest.mark.usefixtures("cheap_keys")


def quiet(*_args):
    """Hear what is told and say nothing."""


def asking(*secrets):
    """Return a ring that answers what it is asked with the given secrets."""
    left = list(secrets)
    return KeyRing(lambda path: unlocks.unlock(path, left.pop(0), now=NOW))


def receive(store, number=0):
    request = ReceiveRequest(
        procedure_code="1.004873", applicant_name=NAME, id_kind="citizen", citizen_id=NUMBER
    )
    now = NOW + timedelta(minutes=number)
    return reception.receive_dossier(store, request, now=now, issue_receipt=True)


@pytest.fixture
def house(tmp_path):
    """Return an office with ten dossiers, one with a scan, a stick, and a plain copy."""
    (tmp_path / "stick").mkdir()
    app = open_app(data=str(tmp_path / "data"), environment={})
    app.store.clock = lambda: NOW + timedelta(hours=1)
    settings.set_setting(app.store, key="backup_folder", value=str(tmp_path / "stick"))
    for number in range(10):
        facts = receive(app.store, number)
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(SCAN)
    attachments.attach(
        app.store, facts.code, files=[scan], by="Hoa", now=NOW + timedelta(minutes=20)
    )
    scan.unlink()
    at = NOW + timedelta(minutes=30)
    backup_places.back_up_everywhere(app.store, folder=tmp_path / "data" / "backups", now=at)
    yield app
    app.store.close()


def switched_on(app):
    """Switch the encryption on; returns the code of the sheet."""
    at = NOW + timedelta(hours=2)
    prepared = encryption.prepare(app.store, WORDS, now=at)
    outcome = encryption.switch_on(app.store, prepared, now=at, progress=quiet)
    assert outcome.problems == ()
    return prepared.code


def readable(folder, *, left_out=()):
    """Return the files of a folder in which the citizen stands."""
    wanted = (NAME.encode(), NUMBER.encode(), b"hanh phuc", "Phúc".encode())
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and path not in left_out and any(w in path.read_bytes() for w in wanted)
    ]


def failing(store):
    return [(c.check, c.problems) for c in checks.run_checks(store) if not c.ok]


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


def test_a_copy_goes_back_on_another_pc_with_the_sheet_alone(house, tmp_path):
    code = switched_on(house)
    (made,) = (p for p in (tmp_path / "stick").rglob("*.db") if not is_plain(p))
    there = tmp_path / "other pc" / "stick"
    shutil.copytree(made.parent, there)
    new = tmp_path / "other pc" / "data"
    app = open_to_restore(
        data=str(new), database=None, environment={}, keys=asking(code), source=there / made.name
    )
    try:
        backups.restore(
            app.store, there / made.name, folder=paths.backups(new), now=NOW + timedelta(hours=4)
        )
        assert app.store.key is not None
        assert app.store.row("SELECT count(*) FROM dossier") == (10,)
        assert readable(new) == []
    finally:
        app.store.close()
    again = open_app(data=str(new), environment={}, keys=asking(WORDS))
    told = [problem["what"] for _, problems in failing(again.store) for problem in problems]
    assert told == []
    assert readable(new) == []
    again.store.close()


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


def test_an_older_plain_copy_goes_back_into_an_encrypted_office_and_stays_closed(house, tmp_path):
    plain = backups.copies(paths.backups(house.folder))[0].path
    switched_on(house)
    receive(house.store, 40)
    assert restores.plan(house.store, plain).copy_dossiers == 10
    backups.restore(
        house.store, plain, folder=paths.backups(house.folder), now=NOW + timedelta(hours=4)
    )
    assert house.store.row("SELECT count(*) FROM dossier") == (10,)
    assert not is_plain(house.store.path)
    house.store.close()
    again = open_app(data=str(house.folder), environment={}, keys=asking(WORDS))
    left_plain.remove_copies(again.store, left_plain.copies(again.store))
    assert readable(tmp_path) == []
    assert failing(again.store) == []
    again.store.close()


def test_an_encrypted_copy_goes_back_into_a_plain_office_and_stays_open(house):
    switched_on(house)
    made = backups.copies(paths.backups(house.folder))[0].path
    encryption.switch_off(house.store, now=NOW + timedelta(hours=3), progress=quiet)
    house.store.keys = asking(WORDS)
    backups.restore(
        house.store, made, folder=paths.backups(house.folder), now=NOW + timedelta(hours=4)
    )
    assert is_plain(house.store.path)
    assert house.store.row("SELECT count(*) FROM dossier") == (10,)


def test_a_copy_under_an_older_key_goes_back_and_the_key_of_today_stays(house, tmp_path):
    switched_on(house)
    made = backups.copies(paths.backups(house.folder))[0].path
    encryption.switch_off(house.store, now=NOW + timedelta(hours=3), progress=quiet)
    receive(house.store, 50)
    prepared = encryption.prepare(house.store, OTHER, now=NOW + timedelta(hours=4))
    at = NOW + timedelta(hours=4)
    assert encryption.switch_on(house.store, prepared, now=at, progress=quiet).problems == ()
    key = house.store.key
    house.store.keys = KeyRing()
    house.store.keys.add(key)
    with pytest.raises(LockedError) as locked:
        restores.plan(house.store, made)
    with pytest.raises(LockedError):
        restores.drill(house.store, made)
    asked = unlocks.locked(
        locked.value.key_file, house.store.keys, clock=lambda: at, store=house.store
    )
    with pytest.raises(WrongKeyError):
        asked.unlock(OTHER)
    asked.unlock(WORDS)
    assert restores.plan(house.store, made).lies is Lies.OTHER_KEY
    assert restores.drill(house.store, made).problems == ()
    backups.restore(house.store, made, folder=paths.backups(house.folder), now=at)
    assert house.store.row("SELECT count(*) FROM dossier") == (10,)
    house.store.close()
    assert house.store.path.read_bytes()[:16] == key.salt
    again = open_app(data=str(house.folder), environment={}, keys=asking(OTHER))
    assert failing(again.store) == []
    assert attachments.attached_file(again.store, SCAN_HASH, "pdf").read_bytes() == SCAN
    told = [line for line in audit.entries(again.store) if line.act == "unlock-failed"]
    assert told == [], "noted before, in the data that stand beside now"
    again.store.close()


def test_a_copy_whose_key_file_is_gone_is_refused_in_a_sentence(house, tmp_path):
    switched_on(house)
    made = backups.copies(paths.backups(house.folder))[0].path
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copyfile(made, alone / made.name)
    house.store.keys = KeyRing()
    with pytest.raises(InputError, match=r"không dùng được .*thiếu tệp khoa-"):
        restores.plan(house.store, alone / made.name)


def test_a_damaged_encrypted_file_is_saved_row_by_row_and_stays_encrypted(house, tmp_path):
    switched_on(house)
    house.store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path = house.store.path
    house.store.close()
    content = bytearray(path.read_bytes())
    chance = random.Random(3)
    for page in chance.sample(range(40, len(content) // 4096), 3):
        content[page * 4096 + 70] ^= 0x40
    content[:16] = chance.randbytes(16)
    path.write_bytes(content)
    report = salvage(path, tmp_path / "data" / "backups" / "cuu.db", now=NOW, keys=asking(WORDS))
    assert report.dossiers >= 9
    assert not is_plain(report.path)
    assert NAME.encode() not in report.path.read_bytes()


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


def test_what_was_tried_in_vain_stands_in_the_log_once_the_data_are_open(house):
    switched_on(house)
    folder = house.store.path.parent
    house.store.close()
    (file,) = key_paths(folder)
    for secret in ("khong phai dau nhe", OTHER):
        with pytest.raises(WrongKeyError):
            unlocks.unlock(file, secret, now=NOW)
    assert failed_unlocks.read(folder).number == 2
    again = open_app(data=str(folder), environment={}, keys=asking(WORDS))
    told = [line for line in audit.entries(again.store) if line.act == "unlock-failed"]
    again.store.close()
    assert [line.detail["count"] for line in told] == [2]
    assert told[0].by == ""
    assert failed_unlocks.read(folder) == (0, 0)


def test_after_three_failures_even_the_right_one_waits_longer_each_time(house):
    switched_on(house)
    (file,) = key_paths(house.folder)
    now = NOW
    for number, pause in enumerate((0, 0, 5, 10, 20), start=1):
        with pytest.raises(WrongKeyError, match="không đúng"):
            unlocks.unlock(file, OTHER, now=now)
        assert unlocks.waiting(file, now=now) == (number, pause)
        if pause:
            with pytest.raises(WrongKeyError, match=f"sai {number} lần. Chờ 1 giây"):
                unlocks.unlock(file, WORDS, now=now + timedelta(seconds=pause - 1))
        now += timedelta(seconds=pause)
    assert unlocks.unlock(file, WORDS, now=now)


def test_a_count_that_is_deleted_while_somebody_tries_helps_nobody_here(house):
    switched_on(house)
    (file,) = key_paths(house.folder)
    for _ in range(3):
        with pytest.raises(WrongKeyError):
            unlocks.unlock(file, OTHER, now=NOW)
    (house.folder / failed_unlocks.NAME).unlink()
    with pytest.raises(WrongKeyError, match="Chờ 5 giây"):
        unlocks.unlock(file, WORDS, now=NOW)


def test_what_was_tried_in_vain_at_a_copy_elsewhere_is_told_once_it_goes_back(house, tmp_path):
    switched_on(house)
    (made,) = (p for p in (tmp_path / "stick").rglob("*.db") if not is_plain(p))
    encryption.switch_off(house.store, now=NOW + timedelta(hours=3), progress=quiet)
    (file,) = key_paths(made.parent)
    with pytest.raises(WrongKeyError):
        unlocks.unlock(file, OTHER, now=NOW)
    house.store.keys = asking(WORDS)
    backups.restore(
        house.store, made, folder=paths.backups(house.folder), now=NOW + timedelta(hours=4)
    )
    (told,) = [line for line in audit.entries(house.store) if line.act == "unlock-failed"]
    assert (told.target, told.detail["count"]) == (str(made.parent), 1)
    assert failed_unlocks.read(made.parent).number == 0


def test_a_count_that_was_damaged_or_can_not_be_written_keeps_nobody_out(tmp_path):
    (tmp_path / failed_unlocks.NAME).write_text("{")
    assert failed_unlocks.read(tmp_path) == (0, 0)
    assert failed_unlocks.add(tmp_path / "gone", at=5) == (1, 5)
    assert failed_unlocks.add(tmp_path, at=7) == (1, 7)
    assert failed_unlocks.add(tmp_path, at=9) == (2, 9)


def test_a_log_that_can_not_be_written_keeps_nobody_out(house, monkeypatch):
    switched_on(house)
    folder = house.store.path.parent
    house.store.close()
    failed_unlocks.add(folder, at=5)

    def full(*_args, **_told):
        raise DataFileError("Ổ đĩa đầy.")

    monkeypatch.setattr(audit, "note", full)
    open_app(data=str(folder), environment={}, keys=asking(WORDS)).store.close()
    assert failed_unlocks.read(folder).number == 1, "it is told the next time"
