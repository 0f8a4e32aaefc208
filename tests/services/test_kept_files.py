"""Files kept under a key: name and length tell nothing; killed anywhere, none is lost."""

from __future__ import annotations

import hashlib
import shutil
import signal
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_app.paths import attachments
from counter_app.services import kept_files
from counter_app.services.attachment_copies import bring_files_back, copy_files
from counter_app.services.kept_files import Kept
from counter_app.storage.keys import DataKey

KEY, OTHER = DataKey(bytes(range(16)), bytes(range(32))), DataKey(bytes(16), b"k" * 32)
SCANS = [b"%PDF-1.7\n" + f"Giấy khai sinh số {n} ".encode() * (100 + n) for n in range(3)]


def quiet(*_args):
    """Hear what is told and say nothing."""


def hash_of(data):
    return hashlib.sha256(data).hexdigest()


def keep_all(folder, key):
    for scan in SCANS:
        kept_files.keep(folder, Kept(hash_of(scan), scan), "pdf", key)


def found(folder, keys):
    """Return which scans a folder of data has, whole."""
    places = [(scan, kept_files.find(folder, hash_of(scan), "pdf", keys)) for scan in SCANS]
    return [scan for scan, path in places if path and kept_files.holds(path, hash_of(scan), keys)]


def lying(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@given(st.integers(0, 10**9))
def test_a_length_is_rounded_up_by_an_eighth_at_most_and_once(length):
    rounded = kept_files.rounded_up(length)
    assert length <= rounded <= length * 9 / 8
    assert kept_files.rounded_up(rounded) == rounded


def test_who_has_a_paper_can_not_find_out_whether_it_was_handed_in(tmp_path):
    scan = b"%PDF-1.7\n" + bytes(1_000_000)
    near = scan + b"%"
    paths = [kept_files.keep(tmp_path, Kept(hash_of(s), s), "pdf", KEY) for s in (scan, near)]
    sizes = {path.stat().st_size for path in paths}
    assert len(sizes) == 1
    assert all(size - len(scan) > 1000 for size in sizes)
    for path, data in zip(paths, (scan, near), strict=True):
        assert hash_of(data)[:4] not in str(path.relative_to(tmp_path))
        assert kept_files.read(path, (OTHER, KEY)) == (hash_of(data), data)
        assert path != kept_files.place(tmp_path, hash_of(data), "pdf", OTHER)


def test_there_and_back_no_file_and_no_folder_of_the_other_kind_is_left(tmp_path):
    keep_all(tmp_path, None)
    before = {path: path.read_bytes() for path in lying(tmp_path)}
    for old, new in ((None, KEY), (KEY, OTHER), (OTHER, None)):
        assert kept_files.turn_all(tmp_path, old, new, progress=quiet) == (len(SCANS), [])
        assert found(tmp_path, (new,)) == SCANS
        assert len(lying(tmp_path)) == len(list(attachments(tmp_path).iterdir())) == len(SCANS)
    assert {path: path.read_bytes() for path in lying(tmp_path)} == before


def test_a_file_that_was_changed_from_outside_stays_so_under_its_name(tmp_path):
    keep_all(tmp_path, None)
    wrong = kept_files.place(tmp_path, hash_of(SCANS[0]), "pdf", None)
    wrong.write_bytes(b"%PDF-another")
    for old, new in ((None, KEY), (KEY, None)):
        assert kept_files.turn_all(tmp_path, old, new, progress=quiet) == (len(SCANS), [])
        assert found(tmp_path, (new,)) == SCANS[1:]
        assert kept_files.find(tmp_path, hash_of(SCANS[0]), "pdf", (new,)) is not None
    assert wrong.read_bytes() == b"%PDF-another"


_CHILD = """
import os, signal, sys
from pathlib import Path
from counter_app.services import kept_files
from counter_app.storage.keys import DataKey
folder, at = Path(sys.argv[1]), int(sys.argv[2])
keys = [None if text == "-" else DataKey(bytes.fromhex(text[:32]), bytes.fromhex(text[32:]))
        for text in sys.argv[3:5]]
count = 0
def act(event, args):
    global count
    if event in ("open", "os.rename", "os.remove", "os.rmdir", "os.mkdir") and \\
            "attachments" in str(args[0]):
        if count == at:
            os.kill(os.getpid(), signal.SIGKILL)
        count += 1
sys.addaudithook(act)
kept_files.turn_all(folder, *keys, progress=lambda *_: None)
print(count)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
@pytest.mark.parametrize("keys", [(None, KEY), (KEY, None)], ids=["on", "off"])
def test_killed_before_any_act_on_a_file_every_scan_is_found_and_the_rest_is_done(tmp_path, keys):
    keep_all(tmp_path / "whole", keys[0])
    words = ["-" if k is None else k.salt.hex() + k.secret.hex() for k in keys]

    def run(folder, at):
        line = [sys.executable, "-c", _CHILD, str(folder), str(at), *words]
        return subprocess.run(line, capture_output=True, text=True, timeout=120, check=False)

    shutil.copytree(tmp_path / "whole", tmp_path / "tried")
    acts = int(run(tmp_path / "tried", 10_000).stdout)
    # All that is done to the first file and the beginning of the second, and the last acts.
    first = acts // len(SCANS) + 2
    left = set()
    for at in [*range(3, first), acts - 2, acts - 1]:
        folder = tmp_path / str(at)
        shutil.copytree(tmp_path / "whole", folder)
        assert run(folder, at).returncode == -signal.SIGKILL
        assert found(folder, (KEY,)) == SCANS
        left.add(len(lying(folder)))
        waiting = kept_files.not_as_wanted(folder, keys[1])
        assert kept_files.turn_all(folder, *keys, progress=quiet) == (len(waiting), [])
        assert found(folder, (keys[1],)) == SCANS
        assert len(lying(folder)) == len(SCANS)
    assert left == {len(SCANS), len(SCANS) + 1}, "or no kill came between two names"


def test_half_of_an_overwritten_file_takes_nothing_from_the_sealed_one(tmp_path):
    keep_all(tmp_path, KEY)
    plain = kept_files.place(tmp_path, hash_of(SCANS[0]), "pdf", None)
    plain.parent.mkdir()
    plain.write_bytes(b"\x93" * 500 + SCANS[0][500:])
    assert kept_files.turn_all(tmp_path, None, KEY, progress=quiet) == (1, [])
    assert found(tmp_path, (KEY,)) == SCANS
    assert not plain.exists()


def test_a_stick_follows_and_gives_back_under_whatever_key(tmp_path):
    data, stick = tmp_path / "data", tmp_path / "stick"
    stick.mkdir()
    keep_all(data, None)
    assert copy_files(data, stick, key=None) == len(SCANS)
    kept_files.turn_all(data, None, KEY, progress=quiet)
    assert copy_files(data, stick, key=KEY) == len(SCANS)
    assert not any(b"khai sinh" in path.read_bytes() for path in lying(stick))
    assert len(lying(stick)) == len(SCANS)
    assert copy_files(data, stick, key=KEY) == 0
    for number, new_key in enumerate((KEY, OTHER, None)):
        fresh = tmp_path / str(number)
        assert bring_files_back(stick, fresh, keys=(OTHER, KEY), new_key=new_key) == len(SCANS)
        assert found(fresh, (new_key,)) == SCANS
        assert bring_files_back(stick, fresh, keys=(OTHER, KEY), new_key=new_key) == 0


def test_what_is_not_ours_in_the_folder_is_left_alone(tmp_path):
    keep_all(tmp_path, None)
    stray = attachments(tmp_path) / hash_of(SCANS[0])[:2] / "Thumbs.db"
    stray.write_bytes(b"x")
    assert kept_files.turn_all(tmp_path, None, KEY, progress=quiet) == (len(SCANS), [])
    assert stray.read_bytes() == b"x"
