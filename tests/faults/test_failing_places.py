"""Places that fail under a real process: read-only, without rights, held, taken away, cut short."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from counter_app.bootstrap import open_app

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="mounts and rights of Linux")

ROOT = Path(__file__).parent.parent.parent
SAVER = Path(__file__).with_name("saver.py")
RECEIVE = ("receive", "--procedure=1.004873", "--applicant=Nguyễn Văn Đức")
_CUT_AT_THE_NAME = """
import os, pathlib, sys
pathlib.Path.replace = lambda *_: os.kill(os.getpid(), 9)
from counter_app.__main__ import main
main(sys.argv[1:])
"""


def _environment(**more):
    kept = {k: v for k, v in os.environ.items() if k != "COUNTER_APP_NOW"}
    return {**kept, "TZ": "Asia/Ho_Chi_Minh", "PYTHONPATH": str(ROOT), **more}


def _run(folder, *words, before=(), **more):
    """Run a verb as a process; returns its status, what it says and the last line it complains."""
    done = subprocess.run(
        [*before, sys.executable, "-m", "counter_app", "--data", str(folder), *words],
        cwd=ROOT,
        env=_environment(**more),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=100,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout, (done.stderr.splitlines() or [""])[-1]


def _digests(folder):
    return {
        path: hashlib.sha256(path.read_bytes()).digest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def unprivileged():
    """What makes a process one for whom permissions count: root's ignore them."""
    if os.geteuid() != 0:
        return ()
    words = ("setpriv", "--inh-caps=-all", "--bounding-set=-all")
    try:
        tried = subprocess.run([*words, "true"], capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("run as root, and no setpriv that takes root's rights away")
    if tried.returncode:
        pytest.skip("run as root, and its rights can't be given up here")
    return words


def test_a_person_without_rights_on_the_machine_works_in_a_folder_of_his_own(
    tmp_path, unprivileged
):
    place, paper = tmp_path / "data", tmp_path / "a.pdf"
    status, out, err = _run(place, *RECEIVE, before=unprivileged)
    assert status == 0, err
    for words in (
        ("print", "receipt", out.split()[0], "-o", str(paper)),
        ("backup",),
        ("backup", str(tmp_path / "stick")),
        ("check",),
    ):
        status, _, err = _run(place, *words, before=unprivileged)
        assert status == 0, (words, err)
    assert paper.read_bytes().startswith(b"%PDF")


def test_places_without_rights_are_told_and_kept(tmp_path, unprivileged):
    place, closed = tmp_path / "data", tmp_path / "closed"
    code = _run(place, *RECEIVE)[1].split()[0]
    closed.mkdir()
    closed.chmod(0o555)
    for words in (
        ("backup", str(closed)),
        ("print", "receipt", code, "-o", str(closed / "a.pdf")),
        ("export", "-o", str(closed / "a.zip")),
    ):
        status, out, err = _run(place, *words, before=unprivileged)
        assert (status, out) == (2, ""), words
        assert "không cho ghi" in err
    assert list(closed.iterdir()) == []
    place.chmod(0o555)
    before = _digests(place)
    for words in (RECEIVE, ("list",)):
        status, out, err = _run(place, *words, before=unprivileged)
        assert (status, out) == (2, "")
        assert "chỉ cho đọc" in err
    assert _digests(place) == before
    place.chmod(0o755)
    assert _run(place, *RECEIVE, before=unprivileged)[0] == 0
    assert _run(place, "check")[0] == 0


def test_a_disk_that_is_mounted_read_only_is_told_and_kept(small_disk):
    place = small_disk / "data"
    assert _run(place, *RECEIVE)[0] == 0
    before = _digests(place)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    try:
        for words in (RECEIVE, ("list",), ("backup",)):
            status, out, err = _run(place, *words)
            assert (status, out) == (2, "")
            assert "chỉ cho đọc" in err
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert _digests(place) == before
    assert _run(place, *RECEIVE)[0] == 0
    assert _run(place, "check")[0] == 0


@pytest.mark.parametrize("way", ["renamed", "removed", "replaced"])
def test_a_program_whose_folder_is_taken_away_tells_and_acknowledges_nothing_more(tmp_path, way):
    """Linux lets it: what is open is written on, into a file that nobody will find again."""
    place, away = tmp_path / "data", tmp_path / "away"
    saver = subprocess.Popen(
        [sys.executable, str(SAVER), str(place), "x"],
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with saver:
        told = [saver.stdout.readline() for _ in range(8)]
        if way == "removed":
            shutil.rmtree(place)
        else:
            place.rename(away)
        if way == "replaced":
            assert _run(place, *RECEIVE)[0] == 0
        told += saver.stdout.readlines()  # it ends by itself
        err = saver.stderr.read().decode()
    assert "không còn ở chỗ cũ" in err.splitlines()[-1]
    if way == "removed":
        return
    shutil.rmtree(place, ignore_errors=True)
    away.rename(place)
    app = open_app(data=str(place), environment={})
    known = {code for (code,) in app.store.rows("SELECT code FROM dossier")}
    app.store.close()
    assert {line.decode().split()[0] for line in told} <= known
    status, out, err = _run(place, "check")
    # What was saved in the folder that stood there meanwhile is gone with it, and told.
    assert (status, "mất 1 sự kiện" in out) == ((1, True) if way == "replaced" else (0, False)), err


def test_a_process_that_meets_a_held_file_says_so_and_the_next_one_saves(tmp_path):
    assert _run(tmp_path, *RECEIVE)[0] == 0
    hold = (
        "import sys; from sqlcipher3 import dbapi2; "
        "c = dbapi2.connect(sys.argv[1], isolation_level=None); c.execute('BEGIN IMMEDIATE'); "
        "print(1, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(tmp_path / "counter.db")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        holder.stdout.readline()
        status, out, err = _run(tmp_path, *RECEIVE)
        assert (status, out) == (2, "")
        assert "chương trình khác" in err
        assert _run(tmp_path, "list")[0] == 0  # reading goes on meanwhile
        holder.communicate(b"")
    assert _run(tmp_path, *RECEIVE)[0] == 0
    assert _run(tmp_path, "check")[0] == 0


@pytest.mark.parametrize("back", ["2026-11-22T09:00", "2025-11-23T09:00"])
def test_a_process_whose_clock_went_back_saves_nothing_until_somebody_confirms(tmp_path, back):
    def run(at, *words):
        return _run(tmp_path, *words, COUNTER_APP_NOW=at)

    today = "2026-11-23T09:00"
    assert run(today, "setup", "--office=A", "--parent=B", "--rehearsal")[0] == 0
    codes = [run(today, *RECEIVE)[1].split()[0]]
    status, out, err = run(back, *RECEIVE)
    assert (status, out) == (2, "")
    assert "Đồng hồ" in err
    codes += [
        run(back, "--clock-confirmed", *RECEIVE)[1].split()[0],
        run(today, *RECEIVE)[1].split()[0],
    ]
    assert len(set(codes)) == 3
    assert run(today, "check")[0] == 0


def test_a_process_that_is_cut_between_the_file_and_its_name_leaves_the_old_file(tmp_path):
    place, paper = tmp_path / "data", tmp_path / "papers" / "a.pdf"
    code = _run(place, *RECEIVE)[1].split()[0]
    paper.parent.mkdir()
    paper.write_bytes(b"old")
    words = ["--data", str(place), "print", "receipt", code, "-o", str(paper)]
    cut = subprocess.run(
        [sys.executable, "-c", _CUT_AT_THE_NAME, *words], cwd=ROOT, env=_environment(), check=False
    )
    assert cut.returncode == -9
    assert paper.read_bytes() == b"old"
    assert _run(place, *words[2:])[0] == 0
    assert paper.read_bytes().startswith(b"%PDF")
    assert _run(place, "check")[0] == 0
