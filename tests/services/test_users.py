"""Accounts: who signs in, who may do what, and what stands in the log about it."""

from __future__ import annotations

import unicodedata
from datetime import timedelta

import pytest
from counter_desk import NOW, Desk

from counter_app.cli import VERBS
from counter_app.domain.dossier import Move
from counter_app.domain.rights import (
    OPEN_VERBS,
    PAGE_ACTS,
    RIGHTS,
    VERB_ACTS,
    Act,
    Role,
    may,
    why_secret_unusable,
)
from counter_app.errors import InputError, NotFoundError, RightsError, SignInError
from counter_app.services import audit, catalogue, checks, office, outage, rights, settings, users

ADMIN, CLERK, OFFICER, HEAD = "Trần Quản Trị", "Lê Thị A", "Phạm Thụ Lý", "Ngô Phụ Trách"
PEOPLE = {CLERK: Role.CLERK, OFFICER: Role.OFFICER, HEAD: Role.HEAD}
PASSWORD = "mot cua 2026"


pytestmark = pytest.mark.usefixtures("cheap_passwords")


@pytest.fixture
def people(store):
    store.clock = lambda: NOW
    users.add_user(store, name=ADMIN, role=Role.ADMIN, secret=PASSWORD, now=NOW)
    enter(store, ADMIN)
    for name, role in PEOPLE.items():
        users.add_user(store, name=name, role=role, secret=PASSWORD, now=NOW)
    store.user = ""
    return store


def enter(store, name, secret=PASSWORD, now=NOW):
    users.sign_in(store, name=name, secret=secret, now=now)


def acts(store):
    return [entry.act for entry in reversed(audit.entries(store))]


def test_without_accounts_nobody_is_asked(desk):
    assert not rights.is_on(desk.store)
    assert desk.receive().startswith("TAM-")
    settings.set_setting(desk.store, key="place", value="Cam Lộ")
    assert audit.entries(desk.store)[0].act == "settings"


def test_every_move_verb_and_page_has_its_row_in_the_one_table():
    assert {move.value for move in Move} <= set(RIGHTS)
    assert {act.value for act in Act} <= set(RIGHTS)
    assert {verb.name for verb in VERBS} <= set(VERB_ACTS) | OPEN_VERBS
    assert set(VERB_ACTS.values()) | set(PAGE_ACTS.values()) <= set(RIGHTS)
    assert all(may(Role.ADMIN, act) for act in RIGHTS)
    assert [act for act in RIGHTS if not RIGHTS[act]] == []


def test_the_first_account_must_be_the_administrators(store):
    with pytest.raises(InputError, match="quản trị"):
        users.add_user(store, name=CLERK, role=Role.CLERK, secret=PASSWORD, now=NOW)
    assert not rights.is_on(store)


@pytest.mark.parametrize("act", sorted(RIGHTS))
@pytest.mark.parametrize("name", [ADMIN, *PEOPLE])
def test_who_is_signed_in_may_what_the_table_says(people, name, act):
    enter(people, name)
    role = PEOPLE.get(name, Role.ADMIN)
    if role in RIGHTS[act]:
        rights.demand(people, act)
    else:
        with pytest.raises(RightsError, match="Chưa lưu gì"):
            rights.demand(people, act)


def test_nobody_signed_in_can_write_nothing(people):
    desk = Desk(people)
    with pytest.raises(RightsError, match="Đăng nhập"):
        desk.receive()
    with pytest.raises(RightsError):
        settings.set_setting(people, key="place", value="Hà Nội")
    assert people.rows("SELECT 1 FROM dossier") == []


def test_who_works_at_a_desk_sets_what_is_the_desk_s_own_and_nothing_of_the_office(people):
    enter(people, CLERK)
    catalogue.pin(people, "1.004873", is_pinned=True)
    settings.set_setting(people, key="sync_folder", value="/mnt/chung")
    assert settings.get_setting(people, "favourites") == ["1.004873"]
    with pytest.raises(RightsError):
        settings.set_setting(people, key="backup_folder", value="")


def test_an_act_of_a_dossier_is_refused_whole_by_the_role(people):
    desk = Desk(people)
    enter(people, OFFICER)
    with pytest.raises(RightsError, match="cán bộ thụ lý"):
        desk.receive()
    assert people.rows("SELECT 1 FROM event") == []
    enter(people, CLERK)
    code = desk.receive()
    enter(people, OFFICER)
    desk.act("forward", code, to="Tư pháp – Hộ tịch")
    with pytest.raises(RightsError):
        desk.act("withdraw", code)
    assert desk.state(code)["status"] == "processing"


def test_an_act_in_anothers_name_says_who_entered_it(people):
    desk = Desk(people)
    enter(people, HEAD)
    code = desk.receive()  # by the clerk
    event = people.row("SELECT \"by\", json_extract(body, '$.entered_by') FROM event")
    assert event == (CLERK, HEAD)
    assert desk.state(code)["reception_officer"] == CLERK
    assert desk.problems() == []


def test_failures_slow_down_and_stand_in_the_log(people):
    for _ in range(3):
        with pytest.raises(SignInError, match="không đúng"):
            enter(people, CLERK, "sai mat khau")
    with pytest.raises(SignInError, match="Chờ 5 giây"):
        enter(people, CLERK)
    enter(people, CLERK, now=NOW + timedelta(seconds=5))
    enter(people, HEAD)
    assert acts(people)[-5:] == ["sign-in-failed"] * 3 + ["sign-in"] * 2
    assert people.row("SELECT failures FROM account WHERE name = ?", (CLERK,)) == (0,)


def test_a_name_that_is_nobodys_is_not_kept(people):
    with pytest.raises(SignInError):
        enter(people, PASSWORD, "x")
    enter(people, ADMIN)
    assert PASSWORD not in "".join(entry.target for entry in audit.entries(people))


def test_a_clock_set_back_locks_nobody_out_for_a_year(people):
    for _ in range(3):
        with pytest.raises(SignInError):
            enter(people, CLERK, "sai mat khau")
    enter(people, CLERK, now=NOW - timedelta(days=365))


@pytest.mark.parametrize("secret", ["", "1234567", "12345", "123456", "aaaaaaaa", "x" * 201])
def test_a_secret_that_is_guessed_soon_is_refused(secret):
    assert why_secret_unusable(secret)


def test_a_vietnamese_password_is_the_same_from_every_keyboard(people):
    enter(people, ADMIN)
    users.set_secret(people, name=CLERK, secret="mật khẩu mới", now=NOW)
    enter(people, CLERK, unicodedata.normalize("NFD", "mật khẩu mới"))


def test_a_paper_of_the_office_is_a_line_of_the_log(people):
    enter(people, CLERK)
    code = outage.make_kit(people, count=2, by=CLERK, now=NOW)
    enter(people, HEAD)
    assert audit.entries(people, text=code)[0].act == "office-papers"


def test_a_secret_is_kept_as_argon2id(people):
    for (secret,) in people.rows("SELECT secret FROM account"):
        assert secret.startswith("$argon2id$")


def test_the_last_administrator_stays_while_others_sign_in(people):
    enter(people, ADMIN)
    with pytest.raises(InputError, match="cuối cùng"):
        users.disable_user(people, name=ADMIN)
    with pytest.raises(InputError, match="ít nhất một quản trị"):
        users.set_role(people, name=ADMIN, role=Role.CLERK)
    users.set_role(people, name=HEAD, role=Role.ADMIN)
    assert audit.entries(people)[0].words == "phụ trách bộ phận → quản trị"
    added = [one for one in audit.entries(people, text=CLERK) if one.act == "users"][-1]
    assert added.words == "việc: thêm tài khoản; vai trò: cán bộ tiếp nhận"
    users.disable_user(people, name=ADMIN)
    with pytest.raises(SignInError):
        enter(people, ADMIN)


def test_the_office_may_go_back_to_work_without_sign_in(people):
    enter(people, ADMIN)
    for name in (*PEOPLE, ADMIN):
        users.disable_user(people, name=name)
    people.user = ""
    assert Desk(people).receive()
    assert "users" in acts(people)


def test_one_changes_ones_own_password_and_only_the_administrator_anothers(people):
    enter(people, CLERK)
    users.set_secret(people, name=CLERK, secret="mat khau moi", now=NOW)
    with pytest.raises(RightsError):
        users.set_secret(people, name=HEAD, secret="mat khau moi", now=NOW)
    enter(people, CLERK, "mat khau moi")
    enter(people, HEAD)


def test_ones_own_password_is_changed_only_by_the_one_in_use(people):
    enter(people, CLERK)
    with pytest.raises(SignInError, match="không đúng"):
        users.change_own_secret(people, was="sai mat khau", secret="mat khau moi", now=NOW)
    with pytest.raises(InputError, match="ít nhất"):
        users.change_own_secret(people, was=PASSWORD, secret="ngan", now=NOW)
    enter(people, CLERK)
    users.change_own_secret(people, was=PASSWORD, secret="mat khau moi", now=NOW)
    enter(people, CLERK, "mat khau moi")
    enter(people, ADMIN)
    told = acts(people)
    assert told[-4:] == ["sign-in", "own-secret", "sign-in", "sign-in"]
    assert told.count("sign-in-failed") == 1


def test_a_forgotten_password_is_answered_by_who_can_set_it(people):
    for name, way in ((CLERK, "nhờ quản trị đặt lại"), (ADMIN, "users recover")):
        with pytest.raises(SignInError, match=way):
            enter(people, name, "sai mat khau")


def test_a_lost_administrator_comes_back_by_a_code_that_leaves_a_trace(people, tmp_path):
    with pytest.raises(NotFoundError):
        users.ask_recovery(people, name=CLERK, folder=tmp_path)
    path = users.ask_recovery(people, name=ADMIN, folder=tmp_path)
    code = path.read_text("utf-8").split()[-1]
    recover = {"name": ADMIN, "secret": "mat khau moi", "folder": tmp_path, "now": NOW}
    users.recover(people, code=code, **recover)
    assert not path.exists()
    with pytest.raises(SignInError, match="đã hủy"):
        users.recover(people, code=code, **recover)
    enter(people, ADMIN, "mat khau moi")
    assert acts(people)[-4:] == ["recovery-asked", "recovered", "sign-in-failed", "sign-in"]


def test_a_wrong_code_can_not_be_tried_twice(people, tmp_path):
    path = users.ask_recovery(people, name=ADMIN, folder=tmp_path)
    code = path.read_text("utf-8").split()[-1]
    recover = {"name": ADMIN, "secret": "mat khau moi", "folder": tmp_path, "now": NOW}
    with pytest.raises(SignInError):
        users.recover(people, code="0", **recover)
    with pytest.raises(SignInError):
        users.recover(people, code=code, **recover)
    enter(people, ADMIN)


# The log


def test_a_change_stands_in_the_log_with_before_and_after(people):
    enter(people, HEAD)
    settings.set_setting(people, key="place", value="Đông Hà")
    entry = audit.entries(people, text="place")[0]
    assert (entry.by, entry.target, entry.words) == (HEAD, "place", "Cam Lộ → Đông Hà")
    assert entry.at == NOW
    assert audit.entries(people, text="không có chữ này") == []


def test_what_is_undone_is_not_in_the_log(people):
    enter(people, HEAD)
    before = audit.head(people)
    with pytest.raises(ValueError, match="x"), people.transaction():  # noqa: PT012
        settings.set_setting(people, key="place", value="Đông Hà")
        raise ValueError("x")
    assert audit.head(people) == before


def test_a_line_can_not_be_changed_or_removed_by_a_statement(people):
    for sql in (
        "UPDATE auditentry SET by = 'x'",
        "DELETE FROM auditentry",
        "DELETE FROM audithead",
    ):
        with pytest.raises(Exception, match="append-only"):
            people.execute(sql)


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("UPDATE auditentry SET by = 'người khác' WHERE id = 2", "dòng 2"),
        ("UPDATE auditentry SET detail = '{}' WHERE id = 3", "dòng 3"),
        ("DELETE FROM auditentry WHERE id = 2", "thiếu dòng 2"),
        ("DELETE FROM auditentry WHERE id = (SELECT max(id) FROM auditentry)", "dòng cuối"),
    ],
)
def test_an_edit_from_outside_is_found_and_named(people, sql, told):
    enter(people, ADMIN)
    assert list(audit.broken(people)) == []
    for name in ("changed", "removed"):
        people.execute(f"DROP TRIGGER auditentry_is_never_{name}")
    people.execute(sql)
    problems = [p for r in checks.run_checks(people) if "nhật ký" in r.check for p in r.problems]
    assert any(told in f"{p['what']} {p['where']}" for p in problems), problems


def test_an_inspector_gets_the_log_with_its_hashes(people):
    enter(people, HEAD)
    office.save_officer(people, name="=HYPERLINK()")
    count, head = audit.head(people)
    lines = b"".join(audit.export_csv(people)).decode("utf-8-sig").splitlines()
    assert len(lines) == count + 1
    assert lines[-1].endswith(head)
    assert "'=HYPERLINK()" in lines[-1]
    assert acts(people)[-1] == "audit"


def test_a_clerk_does_not_read_the_log(people):
    enter(people, CLERK)
    with pytest.raises(RightsError):
        audit.entries(people)
    with pytest.raises(RightsError):
        audit.export_csv(people)
