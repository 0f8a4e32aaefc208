"""The program as scripts meet it: a process, its streams, its status, its log."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from counter_app import bootstrap
from counter_app.__main__ import main

ROOT = Path(__file__).parent.parent.parent
RECEIVE = ("receive", "--procedure", "1.004873", "--applicant")


def _start(folder, *words, **more):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COUNTER_APP_")}
    environment.update(more.pop("environment", {}))
    return subprocess.Popen(
        [sys.executable, "-m", "counter_app", "--data", str(folder), *words],
        cwd=ROOT,
        env=environment,
        stdout=more.pop("stdout", subprocess.PIPE),
        stderr=more.pop("stderr", subprocess.PIPE),
        **more,
    )


def _run(folder, *words, **more):
    process = _start(folder, *words, **more)
    out, err = process.communicate(timeout=60)
    return process.returncode, (out or b"").decode(), err.decode()


def test_a_process_answers_in_utf_8_whatever_the_terminal_speaks(tmp_path):
    status, out, err = _run(
        tmp_path,
        *RECEIVE,
        "Đỗ Thị Ỷ",
        "--json",
        environment={"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "TZ": "Asia/Ho_Chi_Minh"},
    )
    assert status == 0, err
    assert json.loads(out)["applicant_name"] == "Đỗ Thị Ỷ"
    assert "Múi giờ" not in err


def test_a_foreign_zone_is_told_by_the_process(tmp_path):
    status, _, err = _run(tmp_path, *RECEIVE, "A", environment={"TZ": "UTC"})
    assert status == 0
    assert err.count("Múi giờ") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="zones of Unix")
def test_a_zone_of_more_than_a_day_is_told_like_any_other(tmp_path):
    status, _, err = _run(tmp_path, *RECEIVE, "A", environment={"TZ": "UTC+26"})
    assert (status, err.count("Múi giờ")) == (0, 1)


def test_bytes_that_are_no_utf_8_end_in_one_line(tmp_path):
    status, out, err = _run(tmp_path, *RECEIVE, os.fsencode("Nguy") + b"\xe1\xba")
    assert (status, out) == (2, "")
    assert len(err.splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
def test_an_answer_that_cannot_be_printed_is_told_and_the_work_is_kept(tmp_path):
    with Path("/dev/full").open("wb") as full:
        status, _, err = _run(tmp_path, *RECEIVE, "A", "--json", stdout=full)
    assert status == 2
    assert len(err.splitlines()) == 1
    assert "Traceback" not in err
    assert len(json.loads(_run(tmp_path, "list", "--json")[1])) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
def test_a_help_that_nobody_can_read_and_a_line_that_nobody_hears_have_their_status(tmp_path):
    with Path("/dev/full").open("wb") as full:
        status, _, err = _run(tmp_path, "--help", stdout=full)
        assert (status, len(err.splitlines())) == (2, 1), err
        unheard = _start(tmp_path, *RECEIVE, "A", stdout=full, stderr=full)
        assert unheard.wait(timeout=60) == 2
        assert _start(tmp_path, "frob", stderr=full, stdout=full).wait(timeout=60) == 2
    process = _start(tmp_path, "list", "--help")
    process.stdout.close()
    err = process.stderr.read().decode()
    assert (process.wait(timeout=60), err) == (0, "")
    process.stderr.close()


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path):
    assert _run(tmp_path, "demo", "week")[0] == 0
    process = _start(tmp_path, "procedures", "list", "--json")
    process.stdout.close()
    err = process.stderr.read().decode()
    assert (process.wait(timeout=60), err) == (0, "")
    process.stderr.close()


@pytest.mark.skipif(sys.platform == "win32", reason="closed by a shell of Unix")
def test_a_process_without_streams_does_its_work(tmp_path):
    command = '"$@" <&- >&- 2>&-'
    words = ("receive", "--procedure", "1.004873", "--applicant", "A")
    closed = ["sh", "-c", command, "sh", sys.executable, "-m", "counter_app", "--data", tmp_path]
    assert subprocess.run([*closed, *words], cwd=ROOT, check=False).returncode == 0
    assert subprocess.run([*closed, "frob"], cwd=ROOT, check=False).returncode == 2
    status, out, err = _run(tmp_path, "list", "--json")
    assert (status, len(json.loads(out))) == (0, 1), err
    assert not (tmp_path / "logs").exists()


def test_verbs_at_the_same_time_on_a_new_folder_all_succeed(tmp_path):
    folder = tmp_path / "data"
    processes = [_start(folder, *RECEIVE, f"Người {n}", "--json") for n in range(4)]
    answers = [process.communicate(timeout=60) for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0, 0], answers
    codes = {json.loads(out)["code"] for out, _ in answers}
    assert len(codes) == 4
    status, out, err = _run(folder, "check")
    assert status == 0, out + err


def test_the_data_folder_and_the_database_may_be_named_by_the_environment(tmp_path):
    chosen = {"COUNTER_APP_DATA": str(tmp_path / "a")}
    words = [sys.executable, "-m", "counter_app", "settings", "get", "counting"]
    clean = {k: v for k, v in os.environ.items() if not k.startswith("COUNTER_APP_")}
    subprocess.run(words, cwd=ROOT, env={**clean, **chosen}, check=True, capture_output=True)
    assert (tmp_path / "a" / "counter.db").exists()
    chosen["COUNTER_APP_DATABASE"] = f"sqlite:///{tmp_path / 'b' / 'own.db'}"
    subprocess.run(words, cwd=ROOT, env={**clean, **chosen}, check=True, capture_output=True)
    assert (tmp_path / "b" / "own.db").exists()


def test_the_option_wins_over_the_environment(terminal, tmp_path, monkeypatch):
    monkeypatch.setenv("COUNTER_APP_DATA", str(tmp_path / "other"))
    monkeypatch.setenv("COUNTER_APP_DATABASE", f"sqlite:///{tmp_path / 'other.db'}")
    own = tmp_path / "own.db"
    assert terminal("--database", f"sqlite:///{own}", "list").status == 0
    assert own.exists()
    assert not (tmp_path / "other").exists()
    assert not (tmp_path / "other.db").exists()


@pytest.mark.parametrize(
    "url", ["postgresql://host/db", "mysql://x", "sqlite://", "sqlite:///", "sqlite:///:memory:"]
)
def test_a_database_that_is_not_known_is_refused(terminal, url):
    line = terminal.refused("--database", url, "list")
    assert "cơ sở dữ liệu" in line.lower() or "tệp dữ liệu" in line


@pytest.mark.parametrize("name", ["~", "~nobody-of-this-name/x"])
def test_a_folder_with_a_tilde_is_no_internal_error(terminal, name, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert terminal("--data", name, "settings", "list").status == 0


def test_no_window_without_a_screen(tmp_path):
    hidden = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}
    if sys.platform != "linux":
        pytest.skip("other systems always have a screen")
    status, out, err = _run(tmp_path, environment=hidden)
    assert (status, out) == (2, "")
    assert len(err.splitlines()) == 1


@pytest.mark.allow_log("a verb failed")
def test_a_defect_is_logged_with_its_places_and_without_personal_data(terminal, monkeypatch):
    from counter_app.services import reception

    def fail(_store, request, **_options):
        raise RuntimeError(f"cannot save {request.applicant_name}")

    monkeypatch.setattr(reception, "receive_dossier", fail)
    said = terminal(*RECEIVE, "Nguyễn Bí Mật")
    assert said.status == 3
    assert len(said.err.splitlines()) == 1
    log = (terminal.folder / "logs" / "counter-app.log").read_text("utf-8")
    assert "Traceback" in log
    assert "dossier_verbs.py" in log
    assert "RuntimeError" in log
    assert "Bí Mật" not in log


def test_a_quiet_verb_makes_no_log(terminal):
    terminal.done("list")
    assert not (terminal.folder / "logs").exists()


@pytest.mark.allow_log("a verb failed")
def test_a_log_that_cannot_be_written_hides_no_answer(terminal, monkeypatch):
    from counter_app.services import browse

    terminal.done("list")
    (terminal.folder / "logs").write_text("in the way")
    monkeypatch.setattr(browse, "search", lambda *a, **k: 1 / 0)
    said = terminal("search", "a")
    assert said.status == 3
    assert len(said.err.splitlines()) == 1


@pytest.mark.allow_log("the machine refused")
@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "full"), "đầy"),
        (OSError(errno.EMFILE, "files"), "EMFILE"),
        (MemoryError(), "bộ nhớ"),
    ],
)
def test_what_the_machine_refuses_is_told_and_logged(terminal, monkeypatch, error, told):
    from counter_app.services import browse

    def refuse(*_args, **_options):
        raise error

    monkeypatch.setattr(browse, "search", refuse)
    assert told in terminal.refused("search", "a")
    assert "Traceback" in (terminal.folder / "logs" / "counter-app.log").read_text("utf-8")


def test_an_interrupted_verb_says_so_in_one_line(terminal, monkeypatch):
    from counter_app.services import browse

    def interrupt(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(browse, "search", interrupt)
    assert "dừng" in terminal.refused("search", "a")


def test_main_reads_the_words_of_the_process(terminal, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "argv", ["counter-app", "--data", str(tmp_path / "x"), "list"])
    assert main() == 0


def test_the_zone_of_the_machine_is_a_whole_offset():
    assert bootstrap.zone_offset() % timedelta(minutes=15) == timedelta(0)
