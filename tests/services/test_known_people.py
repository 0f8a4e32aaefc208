"""A known person is what a dossier told; an edit from outside is named, nothing else is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from counter_app.domain.erasing import ERASE
from counter_app.services import corrections, erasing, known_people, moves, settings
from tests.services.counter_desk import CLERK
from tests.sync_house import NOW, receive, send, take

LATER = NOW + timedelta(hours=1)
NUMBER, OTHER = "045192007777", "045192004321"
PERSON = {"citizen_id": NUMBER, "id_kind": "citizen", "phone": "0912345678", "address": "Thôn Một"}


def _found(desk):
    return list(known_people.differing(desk.store))


def _correct(desk, code, **values):
    desk.wait(minutes=1).act("correct", code, values=values, reason="khai nhầm")


def test_what_is_put_right_and_taken_back_is_no_edit(desk):
    code = desk.receive(**PERSON)
    _correct(desk, code, phone="0987654321")
    _correct(desk, code, citizen_id=OTHER)
    _correct(desk, code, address="Thôn Hai")
    desk.wait(minutes=1)
    moves.undo(desk.store, code, reason="nhầm", by=CLERK, now=desk.now)
    desk.receive(**PERSON | {"applicant_name": "Tên Khác"})
    assert _found(desk) == []
    assert desk.store.row("SELECT count(*) FROM person") == (2,)


@pytest.mark.parametrize(
    "edit",
    [
        "phone = '0900000000'",
        "name = 'Người Khác'",
        "facts = '{}'",
        "facts = json_set(facts, '$.address', 'Nơi khác')",
        "seen_at = seen_at + 60",
    ],
)
def test_an_edited_person_is_named_by_a_dossier_and_never_by_the_number(desk, edit):
    code = desk.receive(**PERSON)
    desk.store.execute(f"UPDATE person SET {edit}")
    assert _found(desk) == [(known_people.OTHER, f"hồ sơ {code}")]


def test_a_person_of_no_dossier_is_named_with_the_number_masked(desk):
    desk.receive(**PERSON)
    desk.store.execute(f"INSERT INTO person SELECT 9, '{OTHER}', phone, name, facts, 0 FROM person")
    assert _found(desk) == [(known_people.OTHER, "người mang số 045******321")]


def test_a_person_who_is_gone_is_named_until_he_comes_again(desk):
    code = desk.receive(**PERSON)
    desk.store.execute("DELETE FROM person")
    assert _found(desk) == [(known_people.GONE, f"hồ sơ {code}")]
    desk.receive(**PERSON)
    assert _found(desk) == []


def test_a_person_is_known_again_as_the_last_dossier_told(desk):
    for phone in ("0912345678", "0987654321"):
        desk.wait(minutes=1).receive(**PERSON | {"phone": phone})
    desk.store.execute("DELETE FROM person")
    with desk.store.transaction():
        known_people.restore_missing(desk.store)
    assert desk.store.rows("SELECT phone FROM person") == [("0987654321",)]
    assert _found(desk) == []


def test_a_child_with_a_number_of_birth_is_not_missing(desk):
    desk.receive(**PERSON | {"id_kind": "birth"})
    assert desk.store.row("SELECT count(*) FROM person") == (0,)
    assert _found(desk) == []


def test_who_was_removed_with_his_dossiers_is_not_missing(desk):
    code = desk.receive(**PERSON, tax_code="0100109106")  # which is nobody's and stays
    settings.set_setting(desk.store, key="retention_years", value="1")
    desk.wait(hours=1).act("withdraw", code, reason="đổi ý")
    desk.now += timedelta(days=800)
    erasing.remove_person(desk.store, NUMBER, reason="hết hạn", by=CLERK, now=desk.now)
    assert desk.store.row("SELECT count(*) FROM event WHERE kind = ?", (ERASE,)) == (1,)
    assert _found(desk) == []


def test_whom_another_desk_removed_is_not_missing_where_he_came_since(desks, tmp_path):
    one, two = desks
    uuid = receive(one, **PERSON)
    settings.set_setting(one, key="retention_years", value="1")
    moves.withdraw(one, uuid, reason="đổi ý", by=CLERK, now=LATER)
    take(two, send(one, tmp_path / "1.goi", now=LATER), now=LATER)
    end = NOW + timedelta(days=800)
    erasing.remove_person(one, NUMBER, reason="hết hạn", by=CLERK, now=end)
    receive(two, now=end + timedelta(hours=1), **PERSON)
    last = end + timedelta(hours=2)
    take(two, send(one, tmp_path / "2.goi", now=last), now=last)
    assert two.row("SELECT count(*) FROM person") == (0,)
    assert list(known_people.differing(two)) == []


def test_whom_another_desk_received_or_put_right_is_no_edit(desks, tmp_path):
    one, two = desks
    uuid = receive(one, **PERSON)
    take(two, send(one, tmp_path / "1.goi"))
    assert list(known_people.differing(two)) == []
    for number, (store, phone) in enumerate(((one, "0987654321"), (two, "0987654322"))):
        now = NOW + timedelta(minutes=number + 1)
        corrections.correct(
            store, uuid, values={"phone": phone}, reason="khai nhầm", by=CLERK, now=now
        )
    take(one, send(two, tmp_path / "2.goi", now=LATER), now=LATER)
    take(two, send(one, tmp_path / "3.goi", now=LATER), now=LATER)
    assert list(known_people.differing(one)) == list(known_people.differing(two)) == []
