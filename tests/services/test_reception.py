"""Receiving: what is promised, what stands in the way, and what is remembered."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, timedelta

import pytest
from counter_desk import CLERK, DUE, NOW, Desk
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from counter_app.domain.facts import DocumentFacts, PersonFacts, ReceiveRequest
from counter_app.errors import ClockError, ConfirmationNeededError, InputError, InputErrors
from counter_app.services import (
    at_hand,
    calendar_edits,
    calendars,
    catalogue,
    lookup,
    reception,
    settings,
)

ANH = {
    "applicant_name": "Nguyễn Thị Ánh",
    "citizen_id": "045192007777",
    "birth_date": "30/12/1992",
    "sex": "female",
    "phone": "0905 123 456",
    "address": "Thôn Tân Định, xã Cam Lộ",
}


def refused(desk: Desk, **values: object) -> dict[str | None, str]:
    """Return the sentence at each field, and see that nothing was saved."""
    before = desk.store.row("SELECT count(*) FROM event")
    with pytest.raises(InputErrors) as errors:
        desk.receive(**values)
    assert desk.store.row("SELECT count(*) FROM event") == before
    return {error.field: error.message for error in errors.value.errors}


def test_a_dossier_is_received_with_its_promise(desk):
    code = desk.receive(**ANH)
    assert code == "TAM-01-261123-0001"
    facts = desk.show(code)
    assert facts.moment("due_at") == DUE
    assert facts.state["phone"] == "0905123456"
    assert facts.state["submitter_name"] == "Nguyễn Thị Ánh"
    assert facts.timeliness == "pending_in_time"
    (promise,) = facts.promises
    assert (promise.kind, promise.due_at, promise.issued_at) == ("first", DUE, NOW)
    assert desk.problems() == []


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("procedure_code", {"procedure_code": ""}),
        ("procedure_code", {"procedure_code": "9.999999"}),
        ("applicant_name", {"applicant_name": "  "}),
        ("applicant_name", {"applicant_name": "Ă" * 151}),
        ("applicant_name", {"applicant_name": "Ánh 😀"}),
        ("applicant_name", {"applicant_name": "045192007777"}),
        ("applicant_name", {"applicant_name": "12-3", "owner_kind": "organisation"}),
        ("submitter_name", {"submitter_name": "0905 123 456"}),
        ("subject_name", {"subject_name": "..."}),
        ("address", {"address": "x" * 251}),
        ("content", {"content": "x" * 501}),
        ("email", {"email": "anh@"}),
        ("phone", {"phone": "12"}),
        ("citizen_id", {"citizen_id": "0451920077"}),
        ("citizen_id", {"id_kind": "none", "citizen_id": "045192007777"}),
        ("citizen_id", {"id_kind": "birth", "citizen_id": "x" * 31}),
        ("id_kind", {"id_kind": "card", "citizen_id": "045192007777"}),
        ("tax_code", {"tax_code": "123"}),
        ("birth_date", {"birth_date": "31/02/1990"}),
        ("birth_date", {"birth_date": "24/11/2026"}),
        ("sex", {"sex": "f"}),
        ("owner_kind", {"owner_kind": "group"}),
        ("copies", {"copies": 0}),
        ("channel", {"channel": "fax"}),
        ("result_to", {"result_to": "home"}),
        ("submitter_id", {"submitter_id": "1"}),
        ("documents", {"documents": (DocumentFacts("x" * 501),)}),
        ("documents", {"documents": (DocumentFacts("Tờ khai", originals=-1),)}),
        ("documents", {"documents": tuple(DocumentFacts(f"Tờ {n}") for n in range(61))}),
        ("received_at", {"received_at": NOW + timedelta(minutes=1)}),
        ("submitted_at", {"submitted_at": NOW + timedelta(minutes=1)}),
        ("competent_unit", {"competent_at": NOW}),
        ("competent_at", {"competent_unit": "Sở", "competent_at": NOW + timedelta(minutes=1)}),
        ("competent_at", {"competent_unit": "Sở", "competent_at": NOW - timedelta(minutes=1)}),
        ("promised_due", {"promised_due": NOW - timedelta(days=1)}),
        ("limit", {"limit": "ba ngày", "limit_reason": "vì"}),
        ("limit_reason", {"limit": "5wd"}),
        ("limit", {"procedure_code": "2.002189"}),
        ("official_code", {"official_code": "TAM-01-261123-0001"}),
        ("by", {"by": "x" * 151}),
    ],
)
def test_what_can_t_be_used_is_said_at_its_field(desk, field, values):
    assert set(refused(desk, **values)) == {field}


def test_all_fields_that_need_the_clerk_are_told_at_once(desk):
    found = refused(desk, applicant_name="", phone="12", email="x")
    assert set(found) == {"applicant_name", "phone", "email"}
    assert all(sentence.endswith(".") for sentence in found.values())


def test_a_check_says_the_same_and_saves_nothing(desk):
    request = ReceiveRequest(procedure_code="1.004873", applicant_name="")
    errors = reception.check(desk.store, request, now=NOW)
    assert [error.field for error in errors] == ["applicant_name"]


def test_text_is_tidied_as_it_comes_in(desk):
    name = unicodedata.normalize("NFD", "  Nguyễn   Thị\u200b Ánh ")
    state = desk.state(desk.receive(applicant_name=name, content="a\r\nb \n\n"))
    assert state["applicant_name"] == "Nguyễn Thị Ánh"
    assert state["content"] == "a\nb"


def test_a_number_that_contradicts_the_card_is_a_warning_and_no_obstacle(desk):
    received = reception.receive_dossier(
        desk.store,
        ReceiveRequest(procedure_code="1.004873", **{**ANH, "sex": "male"}, by=CLERK),
        now=NOW,
    )
    assert any("iới tính" in warning for warning in received.warnings)


def test_a_second_open_dossier_of_the_same_matter_is_told(desk):
    code = desk.receive(**ANH)
    request = ReceiveRequest(procedure_code="1.004873", **ANH, by=CLERK)
    received = reception.receive_dossier(desk.store, request, now=NOW)
    assert any(code in warning for warning in received.warnings)
    desk.act("complete", code)
    desk.act("undo", received.code, reason="trùng")
    again = reception.find_open_duplicates(
        desk.store, citizen_id="045192007777", procedure_code="1.004873"
    )
    assert again == []


def test_an_organisation_is_found_by_its_tax_code(desk):
    tax = "0100109106"
    code = desk.receive(
        owner_kind="organisation", applicant_name="Công ty A", tax_code=tax, submitter_name="Lê B"
    )
    found = reception.find_open_duplicates(
        desk.store, citizen_id="", tax_code=tax, procedure_code="1.004873"
    )
    assert [row.code for row in found] == [code]
    assert reception.known_person(desk.store, number=tax) == PersonFacts(
        name="Công ty A", owner_kind="organisation", tax_code=tax
    )


# Moments


def test_a_past_receipt_is_marked_and_promised_from_its_own_moment(desk):
    code = desk.receive(received_at=datetime(2026, 11, 20, 9, 0, 30), received_reason="mất điện")
    facts = desk.show(code)
    assert code == "TAM-01-261120-0001"
    assert facts.moment("received_at") == datetime(2026, 11, 20, 9, 0)
    assert facts.moment("recorded_at") == NOW
    assert facts.moment("due_at") == datetime(2026, 11, 26, 17)
    assert facts.state["entered_late"] == 1


def test_a_form_begun_some_minutes_ago_is_not_entered_late(desk):
    assert desk.state(desk.receive(received_at=NOW - timedelta(minutes=14)))["entered_late"] == 0
    assert desk.state(desk.receive(received_at=NOW - timedelta(minutes=16)))["entered_late"] == 1


def test_what_was_promised_on_paper_is_the_promise_and_ours_stands_beside_it(desk):
    due = datetime(2026, 11, 25, 11)
    facts = desk.show(desk.receive(paper_number="17", promised_due=due))
    assert facts.moment("due_at") == facts.moment("original_due_at") == due
    assert facts.promises[0].own_due_at == DUE
    assert lookup.dossier_json(facts)["promised_due"] == "2026-11-25T11:00:00+07:00"


def test_a_clock_that_went_back_saves_nothing(desk):
    desk.receive()
    with pytest.raises(ClockError):
        desk.wait(minutes=-1).receive()


def test_the_competent_body_s_receipt_starts_the_limit_when_it_is_known(desk):
    at = NOW + timedelta(hours=1)
    desk.set_clock(26)
    code = desk.receive(received_at=NOW, competent_unit="Sở Tư pháp", competent_at=at)
    facts = desk.show(code)
    assert (facts.moment("due_at"), facts.moment("competent_at")) == (DUE, at)


def test_a_promise_on_a_year_without_a_confirmed_calendar_says_so(desk):
    received = reception.receive_dossier(
        desk.store,
        ReceiveRequest(
            procedure_code="1.004873", applicant_name="A", limit="60wd", limit_reason="luật", by="B"
        ),
        now=NOW,
    )
    assert received.provisional
    assert desk.show(received.code).promises[0].provisional


# Quotes


def test_nothing_is_promised_that_was_not_on_screen(desk):
    with pytest.raises(ConfirmationNeededError, match="17:00 27/11/2026") as changed:
        desk.receive(expected_due_at=datetime(2026, 11, 26, 17))
    assert changed.value.field == "due"
    assert desk.receive(expected_due_at=DUE) == "TAM-01-261123-0001"


@pytest.mark.parametrize("counting", ["day", "hour"])
@hypothesis_settings(max_examples=25)
@given(data=st.data())
def test_a_quote_is_what_receiving_promises(copies, counting, data):
    desk = copies()
    settings.set_setting(desk.store, key="counting", value=counting)
    known = [p for p in catalogue.procedures(desk.store, on=NOW.date()) if p.limit]
    for _ in range(3):
        code = data.draw(st.sampled_from(known)).code
        limit = data.draw(st.sampled_from(("", "", "2wd", "4h", "15cd", "1mo", "90m", "12ch")))
        desk.wait(hours=data.draw(st.integers(0, 40)), minutes=data.draw(st.integers(0, 59)))
        given = reception.quote(desk.store, procedure_code=code, received_at=desk.now, limit=limit)
        due_day = given.due_at.date()
        facts = desk.show(
            desk.receive(procedure_code=code, limit=limit, limit_reason=limit and "quyết định")
        )
        assert facts.moment("due_at") == given.due_at
        assert bool(facts.state["provisional"]) == given.provisional
        after = reception.quote(desk.store, procedure_code=code, received_at=desk.now, limit=limit)
        assert after.promised_that_day == given.promised_that_day + 1
        assert any(step.date == due_day for step in given.steps)


def test_a_quote_tells_how_full_the_working_days_beside_the_due_day_are(desk):
    for limit in ("2wd", "3wd", "3wd", "4wd"):
        desk.receive(limit=limit, limit_reason="quyết định")
    given = reception.quote(desk.store, procedure_code="1.004873", received_at=desk.now)
    counts = dict(given.promised_around)
    days = sorted(counts)
    assert [counts[day] for day in days] == [1, 2, 1, 0]
    assert given.due_at.date() == days[1]
    assert given.promised_that_day == 2
    calendar = calendars.calendar(desk.store)
    assert all(calendar.is_working_day(day) for day in days)
    # Of a result on the same day there is none before it.
    same = reception.quote(desk.store, procedure_code="1.001193", received_at=desk.now)
    assert min(dict(same.promised_around)) == same.due_at.date()


def test_a_quote_of_an_unknown_limit_asks_for_it(desk):
    with pytest.raises(InputError) as missing:
        reception.quote(desk.store, procedure_code="2.002189", received_at=NOW)
    assert missing.value.field == "limit"


def test_a_limit_is_confirmed_once_and_holds_from_the_day_it_was_asked(desk):
    quote = reception.quote(desk.store, procedure_code="1.004873", received_at=NOW)
    assert quote.needs_confirmation
    catalogue.confirm_procedure(
        desk.store, code="1.004873", decision="QĐ 12/QĐ-UBND", on=NOW.date(), limit="5wd"
    )
    quote = reception.quote(desk.store, procedure_code="1.004873", received_at=NOW)
    assert (quote.needs_confirmation, quote.due_at) == (False, datetime(2026, 12, 1, 17))
    before = NOW - timedelta(days=3)
    assert reception.quote(
        desk.store, procedure_code="1.004873", received_at=before
    ).limit_words == ("3 ngày làm việc")


@pytest.mark.parametrize("values", [{"decision": " "}, {"decision": "QĐ 1", "limit": "xx"}])
def test_a_confirmation_needs_a_decision_and_a_limit_that_can_be_read(desk, values):
    with pytest.raises(InputError):
        catalogue.confirm_procedure(desk.store, code="1.004873", on=NOW.date(), **values)
    found = catalogue.procedure(desk.store, "1.004873", on=NOW.date())
    assert "limit" in found.to_ask


# Remembered


def test_who_came_before_fills_the_form(desk):
    desk.receive(**ANH)
    person = PersonFacts(
        name="Nguyễn Thị Ánh",
        citizen_id="045192007777",
        birth_date="1992-12-30",
        sex="female",
        address="Thôn Tân Định, xã Cam Lộ",
        phone="0905123456",
    )
    assert reception.known_person(desk.store, number=" 045192007777 ") == person
    assert reception.people_by_phone(desk.store, phone="0905123456") == [person]
    assert reception.people_by_phone(desk.store, phone="+84 905 123 456") == [person]
    assert reception.people_by_phone(desk.store, phone="0905") == []
    assert reception.known_person(desk.store, number="045192000000") is None


def test_a_draft_outlives_the_program_until_it_is_dropped(desk):
    body = {"applicant_name": "Ánh", "documents": ["Tờ khai"]}
    assert at_hand.load_draft(desk.store, key="reception") is None
    at_hand.save_draft(desk.store, key="reception", body=body, now=NOW)
    at_hand.save_draft(desk.store, key="reception", body={**body, "phone": "09"}, now=NOW)
    assert at_hand.load_draft(desk.store, key="reception") == ({**body, "phone": "09"}, NOW)
    at_hand.drop_draft(desk.store, key="reception")
    assert at_hand.load_draft(desk.store, key="reception") is None


def test_the_last_receipts_of_a_day_are_at_hand_newest_first(desk):
    codes = [desk.receive() for _ in range(3)]
    desk.act("undo", codes[1], reason="nhầm")
    rows = at_hand.recent_receipts(desk.store, now=NOW, limit=10)
    assert [row.code for row in rows] == [codes[2], codes[0]]
    assert at_hand.recent_receipts(desk.store, now=NOW + timedelta(days=2)) == []


# Calendars


def take_in(desk, entries):
    return calendar_edits.take_in(desk.store, calendar_edits.read_entries(entries))


def test_an_office_s_own_day_moves_new_promises_and_no_old_one(desk):
    code = desk.receive()
    version = calendars.calendar(desk.store).version
    days = [{"date": "2026-11-26", "kind": "holiday", "name": "Nghỉ của xã", "source": "QĐ 1"}]
    take_in(desk, days)
    assert calendars.calendar(desk.store).version > version
    assert desk.show(code).moment("due_at") == DUE
    assert desk.show(desk.receive()).moment("due_at") == datetime(2026, 11, 30, 17)


def test_a_calendar_year_can_be_shown_and_taken_in_again(desk):
    shown = calendars.year(desk.store, 2026)
    assert shown["confirmed"]
    # 261 weekdays, 14 of them days off, and two Saturdays that make up for them.
    assert shown["working_days"] == 249
    assert any(day["date"] == "2026-11-24" for day in shown["days"])
    take_in(desk, shown["days"])
    assert calendars.year(desk.store, 2026) == shown


@pytest.mark.parametrize(
    "entry",
    [
        {"kind": "holiday"},
        {"date": "2026-13-01", "kind": "holiday"},
        {"date": "2026-11-26", "kind": "feast"},
        {"date": "2026-11-26", "kind": "special", "hours": "25:00-26:00"},
        {"date": "2026-11-26", "kind": "special", "hours": "07:30-11:30", "counts": "maybe"},
    ],
)
def test_a_day_that_can_t_be_read_changes_nothing(desk, entry):
    before = calendars.year(desk.store, 2026)
    good = {"date": "2026-11-25", "kind": "holiday", "name": "x"}
    with pytest.raises(InputError, match="Mục 2"):
        take_in(desk, [good, entry])
    assert calendars.year(desk.store, 2026) == before


@pytest.mark.parametrize(("counts", "is_working"), [("yes", True), ("no", False)])
def test_yes_and_no_of_a_table_are_read(desk, counts, is_working):
    day = {"date": "2026-11-28", "kind": "special", "hours": "07:30-11:30", "counts": counts}
    take_in(desk, [day])
    assert calendars.calendar(desk.store).is_working_day(date(2026, 11, 28)) is is_working


# The catalogue


def test_a_desk_s_favourites_are_its_own_use_after_what_is_pinned(desk):
    assert catalogue.match(desk.store, "", on=NOW.date()) == []
    desk.receive(procedure_code="1.004873")
    desk.store.execute("UPDATE installation SET counter_number = 2 WHERE is_self = 1")
    desk.receive(procedure_code="1.001193")
    assert [p.code for p in catalogue.favourites(desk.store, on=NOW.date())] == ["1.001193"]
    catalogue.pin(desk.store, "1.000656", is_pinned=True)
    found = [p.code for p in catalogue.match(desk.store, " ", on=NOW.date())]
    assert found == ["1.000656", "1.001193"]
    catalogue.pin(desk.store, "1.000656", is_pinned=False)
    assert [p.code for p in catalogue.match(desk.store, "", on=NOW.date())] == ["1.001193"]


def test_a_quote_tells_the_offices_measure_of_a_full_day(desk):
    assert reception.quote(desk.store, procedure_code="1.004873", received_at=NOW).day_load == 0
    settings.set_setting(desk.store, key="day_load", value="40")
    assert reception.quote(desk.store, procedure_code="1.004873", received_at=NOW).day_load == 40


def test_a_match_follows_the_day_s_version(desk):
    versions = [
        {"code": "9.000001", "name": name, "limit": "1wd", "valid_from": since}
        for name, since in (("Cấp giấy cũ kỹ", "2026-01-01"), ("Cấp giấy mới tinh", "2026-12-01"))
    ]
    assert catalogue.import_procedures(desk.store, versions, on=NOW.date()) == 2
    today, later = NOW.date(), date(2026, 12, 1)
    assert [p.name for p in catalogue.match(desk.store, "cap giay cu ky", on=today)][:1] == [
        "Cấp giấy cũ kỹ"
    ]
    assert [p.name for p in catalogue.match(desk.store, "cap giay moi tinh", on=later)][:1] == [
        "Cấp giấy mới tinh"
    ]


def test_a_catalogue_that_can_t_be_read_changes_nothing(desk):
    before = catalogue.procedures(desk.store, on=NOW.date())
    for data in ([{"code": "x"}], [{"code": "1.000001", "name": ""}], {"a": 1}, ["x"]):
        with pytest.raises((InputError, InputErrors)):
            catalogue.import_procedures(desk.store, data, on=NOW.date())
    assert catalogue.procedures(desk.store, on=NOW.date()) == before
