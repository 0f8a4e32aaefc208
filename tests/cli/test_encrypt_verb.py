"""The verb encrypt, and every other verb on encrypted data: a passphrase or one plain sentence."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from counter_app.domain.moments import to_epoch, utc_now
from counter_app.storage import failed_unlocks
from counter_app.storage.keys import is_plain, key_paths
from counter_app.storage.lock import WindowLock

ROOT = Path(__file__).parent.parent.parent
WORDS, OTHER = "con trau di truoc", "cai cay theo sau"


pytestmark = pytest.mark.usefixtures("cheap_keys")


def run(folder, *words, typed="", **variables):
    """Run a verb in a process; returns its status, output, lines on standard error."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COUNTER_APP_")}
    done = subprocess.run(
        [sys.executable, "-m", "counter_app", "--data", str(folder), *words],
        cwd=ROOT,
        env=environment | {"TZ": "Asia/Ho_Chi_Minh"} | variables,
        input=typed,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr.splitlines()


class Person:
    """Has the sheet and types back what the verb asks."""

    def __init__(self):
        self.sheet = ""
        self.is_careless = False

    def read(self, question):
        found = re.findall(r"[Nn]hóm (\d)", question)
        assert found, question
        if self.is_careless:
            return "123456 123456"
        parts = self.sheet.split("-")
        return " ".join(parts[int(number) - 1] for number in found)


@pytest.fixture
def drawn(monkeypatch):
    """Answer for the person at the terminal, who reads the sheet."""
    from counter_app.cli import encrypt_verb, secrets
    from counter_app.services import encryption

    person = Person()
    real = encryption.sheet_pdf

    def sheet_pdf(store, code, **more):
        person.sheet = code
        return real(store, code, **more)

    monkeypatch.setattr(encryption, "sheet_pdf", sheet_pdf)
    monkeypatch.setattr(encrypt_verb, "read_secret", person.read)
    monkeypatch.setattr(secrets, "read_secret", person.read)
    return person


@pytest.fixture
def closed(desk, drawn, tmp_path, monkeypatch):
    """Return a folder that was encrypted by the verb, and the code of its sheet."""
    desk.receive("Nguyễn Thị Hạnh Phúc")
    monkeypatch.setenv("COUNTER_APP_NEW_PASSPHRASE", WORDS)
    told = desk.done("encrypt", "on", "-o", tmp_path / "sheet.pdf", "--remove-plain")
    monkeypatch.delenv("COUNTER_APP_NEW_PASSPHRASE")
    assert told["on"]
    assert told["plain_copies"] == []
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")
    return desk


def test_every_verb_works_with_the_passphrase_or_the_code_of_the_sheet(closed, drawn, monkeypatch):
    for secret in (WORDS, drawn.sheet):
        monkeypatch.setenv("COUNTER_APP_PASSPHRASE", secret)
        assert [d["applicant_name"] for d in closed.done("list")] == ["Nguyễn Thị Hạnh Phúc"]
    assert closed.done("search", "hanh phuc")
    closed.receive("Người Thứ Hai")
    made = closed.done("backup")["file"]
    assert not is_plain(Path(made))
    assert closed.done("drill", made)["ok"]
    closed.done("restore", made)
    assert closed.checks_hold
    assert closed.done("encrypt", "status")["on"]
    assert closed.done("salvage", "-o", str(closed.folder / "cuu.db"))["dossiers"] == 2


def test_a_wrong_or_missing_passphrase_is_one_line_and_status_two(closed):
    status, out, err = run(closed.folder, "list", COUNTER_APP_PASSPHRASE="con trau di sau")
    assert (status, out, len(err)) == (2, "", 1)
    assert "Mật khẩu mở dữ liệu không đúng" in err[0]
    status, out, err = run(closed.folder, "list")
    assert (status, out, len(err)) == (2, "", 1)
    assert "đầu vào chuẩn" in err[0]
    (file,) = key_paths(closed.folder)
    assert f"khóa số {file.stem[5:13].upper()}" in err[0]
    status, out, err = run(closed.folder, "list", "--json", typed=f"{WORDS}\n")
    assert (status, err) == (0, [])
    assert "Hạnh Phúc" in out


def test_after_many_wrong_ones_no_verb_takes_even_the_right_one_for_a_while(closed):
    for _ in range(9):
        failed_unlocks.add(closed.folder, at=to_epoch(utc_now()))
    for verb in ("list", "salvage"):
        status, out, err = run(closed.folder, verb, COUNTER_APP_PASSPHRASE=WORDS)
        assert (status, out) == (2, "")
        assert "Đã nhập sai 9 lần" in err[0]
    assert failed_unlocks.read(closed.folder).number == 9


def test_the_code_with_a_slip_is_told_with_its_group(closed, drawn, monkeypatch):
    slip = drawn.sheet[:-1] + str((int(drawn.sheet[-1]) + 1) % 10)
    monkeypatch.setenv("COUNTER_APP_PASSPHRASE", slip)
    assert "Nhóm thứ 8" in closed.refused("list")


def test_passphrase_and_sheet_are_changed_and_the_old_ones_open_nothing(
    closed, drawn, tmp_path, monkeypatch
):
    monkeypatch.setenv("COUNTER_APP_PASSPHRASE", WORDS)
    monkeypatch.setenv("COUNTER_APP_NEW_PASSPHRASE", OTHER)
    closed.done("encrypt", "passphrase")
    assert "không đúng" in closed.refused("list")
    monkeypatch.setenv("COUNTER_APP_PASSPHRASE", OTHER)
    old = drawn.sheet
    closed.done("encrypt", "recovery-sheet", "-o", tmp_path / "new.pdf")
    monkeypatch.setenv("COUNTER_APP_PASSPHRASE", old)
    assert "phiếu đã được thay" in closed.refused("list")
    monkeypatch.setenv("COUNTER_APP_PASSPHRASE", drawn.sheet)
    assert closed.done("list")


def test_switched_off_no_verb_asks_any_more(closed, monkeypatch):
    monkeypatch.setenv("COUNTER_APP_PASSPHRASE", WORDS)
    assert closed.done("encrypt", "off")["on"] is False
    monkeypatch.delenv("COUNTER_APP_PASSPHRASE")
    assert len(closed.done("list")) == 1
    assert key_paths(closed.folder) == []
    assert closed.done("encrypt", "status")["on"] is False
    assert "không được mã hóa" in closed.refused("encrypt", "off")


def test_what_is_typed_back_wrongly_changes_nothing(desk, drawn, tmp_path, monkeypatch):
    monkeypatch.setenv("COUNTER_APP_NEW_PASSPHRASE", WORDS)
    drawn.is_careless = True
    said = desk("encrypt", "on", "-o", tmp_path / "sheet.pdf")
    assert said.status == 2
    assert "không giống trên phiếu" in said.err
    assert is_plain(desk.folder / "counter.db")
    assert key_paths(desk.folder) == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("encrypt", "on"), "Cần -o TÊN.pdf"),
        (("encrypt", "on", "-o", "sheet.txt"), "Cần -o TÊN.pdf"),
        (("encrypt", "passphrase"), "không được mã hóa"),
        (("encrypt", "recovery-sheet", "-o", "x.pdf"), "không được mã hóa"),
        (("encrypt", "half"), "chọn trong"),
    ],
)
def test_what_makes_no_sense_is_told(desk, drawn, words, told, monkeypatch):
    monkeypatch.setenv("COUNTER_APP_NEW_PASSPHRASE", WORDS)
    assert told in desk.refused(*words)


def test_a_weak_passphrase_and_an_open_window_are_refused(desk, drawn, tmp_path, monkeypatch):
    monkeypatch.setenv("COUNTER_APP_NEW_PASSPHRASE", "ngan")
    assert "ít nhất 12" in desk.refused("encrypt", "on", "-o", tmp_path / "sheet.pdf")
    monkeypatch.setenv("COUNTER_APP_NEW_PASSPHRASE", WORDS)
    lock = WindowLock.acquire(desk.folder)
    try:
        said = desk("encrypt", "on", "-o", tmp_path / "sheet.pdf")
    finally:
        lock.release()
    assert said.status == 2
    assert "đang mở" in said.err
    assert is_plain(desk.folder / "counter.db")
