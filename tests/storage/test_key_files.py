"""The key file: each secret opens it, no other does, and nothing of the key can be read in it."""

from __future__ import annotations

import json

import pytest

from counter_app.errors import DataFileError, InputError, LockedError, UserError, WrongKeyError
from counter_app.storage.key_files import (
    PASSPHRASE,
    RECOVERY,
    KeyFile,
    read_key_file,
    wrap_by_new_code,
    wrap_by_passphrase,
)
from counter_app.storage.keys import DataKey, KeyRing, carry_key_file, key_path

WORDS = "con trau di truoc"
MADE = "2026-11-27T09:00"


@pytest.fixture(scope="module")
def made():
    """Return a key, its file and the code of its sheet."""
    key = DataKey.draw()
    slot, code = wrap_by_new_code(key, made_at=MADE)
    file = KeyFile(key.salt, (wrap_by_passphrase(key, WORDS, made_at=MADE), slot))
    return key, file, code


def test_passphrase_and_code_each_open_the_same_key(made, tmp_path):
    key, file, code = made
    again = read_key_file(file.write(tmp_path))
    for secret, kind in ((WORDS, PASSPHRASE), (code, RECOVERY), (code.replace("-", " "), RECOVERY)):
        opened, by = again.unlock(secret)
        assert (opened.salt, opened.secret, by) == (key.salt, key.secret, kind)


def test_the_wrong_secret_is_told_in_a_sentence(made):
    _, file, code = made
    with pytest.raises(WrongKeyError, match="Caps Lock và bộ gõ"):
        file.unlock("con trau di sau ")
    _, other = wrap_by_new_code(DataKey.draw(), made_at=MADE)
    with pytest.raises(WrongKeyError, match="phiếu đã được thay"):
        file.unlock(other)
    slip = code[:-1] + str((int(code[-1]) + 1) % 10)
    with pytest.raises(InputError, match="Nhóm thứ 8"):
        file.unlock(slip)


def test_a_new_sheet_makes_the_old_one_void_and_leaves_the_passphrase(made):
    key, file, code = made
    slot, new = wrap_by_new_code(key, made_at=MADE)
    changed = file.with_slot(slot)
    assert changed.unlock(new)[0].secret == changed.unlock(WORDS)[0].secret == key.secret
    with pytest.raises(WrongKeyError):
        changed.unlock(code)


def test_the_file_holds_neither_key_nor_secret(made, tmp_path):
    key, file, code = made
    content = file.write(tmp_path).read_bytes()
    for told in (key.secret, key.secret.hex().encode(), WORDS.encode(), code[:13].encode()):
        assert told not in content
    assert key.secret.hex() not in repr(key)


def test_a_slot_moved_from_another_key_file_opens_nothing(made):
    _, file, _ = made
    other = DataKey.draw()
    foreign = KeyFile(other.salt, file.slots)
    with pytest.raises(WrongKeyError):
        foreign.unlock(WORDS)


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c.pop("slots"),
        lambda c: c["slots"][0].pop("wrapped"),
        lambda c: c["slots"][0].update(memory=1 << 40),
        lambda c: c["slots"][0].update(time="nhiều"),
        lambda c: c.update(key="00"),
        lambda c: c.update(key=bytes(16).hex()),
        lambda c: c.update(format="khác"),
        lambda c: c.update(slots=[]),
        lambda c: c.update(slots=[1]),
    ],
)
def test_a_key_file_that_lies_is_named_and_nothing_crashes(made, tmp_path, change):
    path = made[1].write(tmp_path)
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))
    with pytest.raises(DataFileError, match="Tệp khóa khoa-"):
        read_key_file(path)


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff\xfe", b"{" * 5000, b"x" * 200_000])
def test_a_key_file_that_is_none_is_named(made, tmp_path, content):
    path = key_path(tmp_path, made[0].salt)
    path.write_bytes(content)
    with pytest.raises(DataFileError, match="bị hỏng"):
        read_key_file(path)


def test_the_ring_asks_once_and_knows_each_file_by_its_first_bytes(made, tmp_path):
    key, file, _ = made
    asked = []

    def ask(path):
        asked.append(path.name)
        return read_key_file(path).unlock(WORDS)[0]

    file.write(tmp_path)
    data, plain = tmp_path / "a.db", tmp_path / "b.db"
    data.write_bytes(key.salt + bytes(100))
    plain.write_bytes(b"SQLite format 3\x00" + bytes(100))
    with pytest.raises(LockedError):
        KeyRing().key_of(data)
    ring = KeyRing(ask)
    assert ring.key_of(plain) is None
    assert asked == []
    assert [ring.key_of(data).secret for _ in range(3)] == [key.secret] * 3
    assert asked == [key_path(tmp_path, key.salt).name]


def test_a_key_file_goes_with_the_copies_and_its_loss_is_told(made, tmp_path):
    key, file, _ = made
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    with pytest.raises(DataFileError, match="không mở lại được"):
        carry_key_file(key, here, there)
    file.write(here)
    carry_key_file(key, here, there)
    assert key_path(there, key.salt).read_bytes() == key_path(here, key.salt).read_bytes()
    changed = file.with_slot(wrap_by_new_code(key, made_at="later")[0])
    changed.write(here)
    carry_key_file(key, here, there)
    assert read_key_file(key_path(there, key.salt)) == read_key_file(key_path(here, key.salt))
    carry_key_file(None, here, tmp_path / "nowhere")
    with pytest.raises(UserError):
        carry_key_file(key, here, tmp_path / "nowhere")
