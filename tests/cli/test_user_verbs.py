"""Accounts and the audit log from a terminal: passwords by standard input, refusals, traces."""

from __future__ import annotations

import io
import sys

import pytest

from counter_app.domain.rights import OPEN_VERBS
from counter_app.services import users

ADMIN, CLERK, HEAD = "Trần Quản Trị", "Lê Thị A", "Ngô Phụ Trách"
PASSWORD = "mot cua 2026"


pytestmark = pytest.mark.usefixtures("cheap_passwords")


@pytest.fixture
def say(monkeypatch):
    """Lay lines ready on standard input."""
    return lambda *lines: monkeypatch.setattr(
        sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines))
    )


@pytest.fixture
def staffed(desk, say):
    say(PASSWORD)
    desk.done("users", "add", ADMIN)
    for name, role in ((CLERK, "clerk"), (HEAD, "head")):
        say(PASSWORD, PASSWORD)
        desk.done("--user", ADMIN, "users", "add", name, "--role", role)
    say()
    return desk


def test_the_first_account_is_the_administrators(staffed, say):
    say(PASSWORD)
    known = staffed.done("--user", ADMIN, "users", "list")
    assert [(one["name"], one["role"]) for one in known] == [
        (ADMIN, "admin"),
        (CLERK, "clerk"),
        (HEAD, "head"),
    ]


def test_with_accounts_verbs_on_dossiers_need_somebody(staffed, say):
    for verb in (("list",), ("receive", "--procedure", "1.004873", "--applicant", "A B")):
        assert "--user" in staffed.refused(*verb)
    say(PASSWORD)
    assert staffed.done("--user", CLERK, "list") == []
    say("sai mat khau")
    assert "không đúng" in staffed.refused("--user", CLERK, "list")
    say()
    assert "đầu vào chuẩn" in staffed.refused("--user", CLERK, "list")


def test_what_touches_no_dossier_needs_nobody(staffed):
    assert {"backup", "check"} <= OPEN_VERBS
    assert staffed.checks_hold
    staffed.done("backup")


def test_who_signs_in_is_who_acts(staffed, say):
    say(PASSWORD)
    code = staffed.done(
        "--user", CLERK, "receive", "--procedure", "1.004873", "--applicant", "Ngô Văn B"
    )["code"]
    say(PASSWORD)
    events = staffed.done("--user", HEAD, "history", code)
    assert events[0]["by"] == CLERK


def test_a_role_that_may_not_is_refused_at_the_door(staffed, say):
    say(PASSWORD)
    assert "nhật ký" in staffed.refused("--user", CLERK, "audit")
    say(PASSWORD, PASSWORD)
    assert "tài khoản" in staffed.refused("--user", HEAD, "users", "add", "Người Mới")


def test_the_log_is_read_and_exported(staffed, say, tmp_path):
    say(PASSWORD)
    staffed.done("--user", HEAD, "settings", "set", "place", "Đông Hà")
    say(PASSWORD)
    found = staffed.done("--user", HEAD, "audit", "place")
    assert [(one["by"], one["act"], one["detail"]["now"]) for one in found] == [
        (HEAD, "settings", "Đông Hà")
    ]
    say(PASSWORD)
    target = tmp_path / "nhat-ky.csv"
    told = staffed.done("--user", HEAD, "audit", "-o", target)
    assert told["head"]
    assert target.read_text("utf-8-sig").startswith("Số,Lúc,Việc")


def test_a_lost_administrator_comes_back(staffed, say):
    said = staffed("users", "recover", ADMIN)
    assert said.status == 0
    code = (staffed.folder / users.RECOVERY_FILE).read_text("utf-8").split()[-1]
    assert code not in said.out
    assert f'users recover "{ADMIN}" --code' in said.out  # as a shell takes it
    say("mat khau moi")
    staffed.done("users", "recover", ADMIN, "--code", code)
    say("mat khau moi")
    acts = [one["act"] for one in staffed.done("--user", ADMIN, "audit")]
    assert {"recovered", "recovery-asked"} <= set(acts)


def test_without_accounts_a_user_can_not_be_named(desk):
    assert "users add" in desk.refused("--user", ADMIN, "list")
