"""What was tried in vain: it slows the next try down, and stands in the log."""

from __future__ import annotations

from datetime import timedelta

import pytest
from encrypted_house import (
    NOW,
    OTHER,
    WORDS,
    asking,
    quiet,
    switched_on,
)

from counter_app import paths
from counter_app.bootstrap import open_app
from counter_app.errors import (
    DataFileError,
    WrongKeyError,
)
from counter_app.services import (
    audit,
    backups,
    encryption,
    unlocks,
)
from counter_app.storage import failed_unlocks
from counter_app.storage.keys import is_plain, key_paths

pytestmark = pytest.mark.usefixtures("cheap_keys")


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
