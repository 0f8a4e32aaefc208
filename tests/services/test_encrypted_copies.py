"""Copies under another key, or under none: what goes back keeps the key of today."""

from __future__ import annotations

import random
import shutil
from datetime import timedelta

import pytest
from encrypted_house import (
    NAME,
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
from counter_app.bootstrap import open_app, open_to_restore
from counter_app.errors import (
    InputError,
    LockedError,
    WrongKeyError,
)
from counter_app.services import (
    attachments,
    audit,
    backups,
    encryption,
    left_plain,
    restores,
    unlocks,
)
from counter_app.services.backup_facts import Lies
from counter_app.services.salvage import salvage
from counter_app.storage.keys import KeyRing, is_plain

pytestmark = pytest.mark.usefixtures("cheap_keys")


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
