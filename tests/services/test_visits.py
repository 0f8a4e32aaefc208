"""Visits that ended with a slip: own numbers, own count, received later, never a dossier."""

from __future__ import annotations

from datetime import date

import pytest
from counter_desk import CLERK, NOW

from counter_app.domain.facts import DocumentFacts, ReceiveRequest
from counter_app.domain.figures import By, Period
from counter_app.domain.visits import VisitKind
from counter_app.errors import InputError, InputErrors, MoveRefusedError, NotFoundError
from counter_app.services import browse, lookup, projection, reports, visits

NUMBER = "045192007777"


def request(**values):
    return ReceiveRequest(
        **{
            "procedure_code": "1.004873",
            "applicant_name": "Nguyễn Thị Ánh",
            "citizen_id": NUMBER,
            "documents": (DocumentFacts("Tờ khai", 1),),
            "by": CLERK,
            **values,
        }
    )


def record(
    desk, *, kind=VisitKind.GUIDANCE, requirements=("Bản sao căn cước",), reason="", **values
):
    return visits.record_visit(
        desk.store,
        request(**values),
        kind=kind,
        requirements=requirements,
        reason=reason,
        now=desk.now,
    )


def test_a_visit_has_its_own_number_and_is_no_dossier(desk):
    first = record(desk).visit
    second = record(desk, citizen_id="", kind=VisitKind.NOT_ACCEPTED, reason="sai nơi nộp").visit
    assert [first.code, second.code] == ["LUOT-01-261123-0001", "LUOT-01-261123-0002"]
    assert desk.receive() == "TAM-01-261123-0001", "a visit uses up no dossier's number"
    assert len(list(browse.list_dossiers(desk.store, as_of=desk.now))) == 1
    assert visits.find_visit(desk.store, "luot-01-261123-0001") == first
    assert first.slip["kind"] == "supplement"
    assert first.slip["requirements"] == ["Bản sao căn cước"]
    assert second.slip["kind"] == "refusal"
    assert desk.problems() == []


def test_visits_are_counted_in_reports_by_their_day_kind_and_group(desk):
    record(desk)
    desk.wait(days=1)
    record(desk, citizen_id="", kind=VisitKind.NOT_ACCEPTED, reason="sai nơi nộp")
    record(desk, citizen_id="", procedure_code="1.001193")
    desk.receive()

    def figures(first, last, by=None):
        period = Period(date(2026, 11, first), date(2026, 11, last))
        made = reports.make(desk.store, period, by=by, now=desk.now)
        assert made.breaches == ()
        return made

    counted = figures(23, 23).figures
    assert (counted.guidance, counted.not_accepted, counted.received) == (1, 0, 0)
    counted = figures(23, 24).figures
    assert (counted.guidance, counted.not_accepted, counted.received) == (2, 1, 1)
    for by in By:
        groups = figures(23, 24, by).groups
        assert sum(g.figures.guidance for g in groups) == 2, by


def test_the_slip_is_printed_again_from_its_frozen_text(desk):
    code = record(desk).visit.code
    again = visits.print_visit(desk.store, code, kind="supplement", by=CLERK, now=desk.now)
    assert again.copies == 1
    assert visits.visit_pdf(desk.store, [again]).startswith(b"%PDF")
    with pytest.raises(InputError, match="print supplement"):
        visits.print_visit(desk.store, code, kind="refusal", by=CLERK, now=desk.now)


def test_a_second_slip_for_the_same_matter_warns_with_the_first(desk):
    assert record(desk).warnings == ()
    (warning,) = record(desk.wait(days=3)).warnings
    assert "LUOT-01-261123-0001 ngày 23/11/2026" in warning
    assert "Bản sao căn cước" in warning
    assert record(desk, procedure_code="1.001193").warnings == (), "another procedure is another"
    assert record(desk, citizen_id="").warnings == (), "nobody knows that it is the same person"


def test_without_a_number_the_same_name_and_phone_are_the_same_person(desk):
    record(desk, citizen_id="", phone="0905123456")
    assert record(desk, citizen_id="", phone="0905123456").warnings
    assert not record(desk, citizen_id="", phone="0905123457").warnings


def test_who_comes_back_is_received_with_what_was_known(desk):
    code = record(desk, phone="0905123456").visit.code
    desk.wait(days=1)
    visit = visits.find_visit(desk.store, code)
    again = visits.request_of(visit, by=CLERK, address="Thôn Cam Vũ")
    received = visits.receive_from_visit(desk.store, code, again, now=desk.now)
    state = lookup.load(desk.store, received.uuid)[2]
    assert (state["phone"], state["address"]) == ("0905123456", "Thôn Cam Vũ")
    assert (state["visit_code"], state["documents"][0]["name"]) == (code, "Tờ khai")
    assert visits.find_visit(desk.store, code).dossier_uuid == received.uuid
    assert visits.last_open_visit(desk.store, number=NUMBER) is None
    with pytest.raises(MoveRefusedError, match="đã được nhận"):
        visits.receive_from_visit(desk.store, code, again, now=desk.now)
    assert len(list(browse.list_dossiers(desk.store, as_of=desk.now))) == 1
    assert desk.problems() == []


def test_the_last_visit_of_a_person_is_found_by_number(desk):
    record(desk)
    last = record(desk.wait(hours=1), procedure_code="1.001193").visit
    assert visits.last_open_visit(desk.store, number=NUMBER) == last
    assert visits.last_open_visit(desk.store, number="") is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"applicant_name": ""}, "applicant_name"),
        ({"procedure_code": ""}, "procedure_code"),
        ({"phone": "12"}, "phone"),
        ({"requirements": ()}, "reason"),
        ({"requirements": ("x" * 301,)}, "requirements"),
        ({"reason": "x" * 501}, "reason"),
    ],
)
def test_what_can_t_stand_on_a_slip_is_refused_and_takes_no_number(desk, values, field):
    with pytest.raises((InputError, InputErrors)) as wrong:
        record(desk, **values)
    errors = wrong.value.errors if isinstance(wrong.value, InputErrors) else [wrong.value]
    assert field in [one.field for one in errors]
    assert record(desk).visit.code.endswith("0001")


def test_a_number_that_isn_t_there_is_said(desk):
    with pytest.raises(NotFoundError, match="LUOT-01-261123-0009"):
        visits.find_visit(desk.store, "LUOT-01-261123-0009")


def test_events_alone_rebuild_a_visit_as_another_desk_would(desk):
    visit = record(desk).visit
    with desk.store.transaction():
        desk.store.execute("DELETE FROM visit")
    assert desk.problems(), "a lost row is noticed"
    with desk.store.transaction():
        projection.project(desk.store, [visit.uuid], now=int(NOW.timestamp()))
    assert visits.find_visit(desk.store, visit.code) == visit
    assert desk.problems() == []


def test_a_visit_recorded_by_mistake_is_taken_back_and_its_number_stays_used(desk):
    code = record(desk).visit.code
    with pytest.raises(InputError, match="lý do"):
        visits.undo_visit(desk.store, code, reason=" ", by=CLERK, now=desk.now)
    undone = visits.undo_visit(desk.store, code, reason="ghi nhầm", by=CLERK, now=desk.now)
    assert undone.void_reason == "ghi nhầm"
    assert visits.last_open_visit(desk.store, number=NUMBER) is None
    period = Period(date(2026, 11, 23), date(2026, 11, 23))
    assert reports.make(desk.store, period, now=desk.now).figures.guidance == 0
    assert record(desk).warnings == (), "what never was is no earlier slip"
    for again in (
        lambda: visits.undo_visit(desk.store, code, reason="x", by=CLERK, now=desk.now),
        lambda: visits.print_visit(desk.store, code, by=CLERK, now=desk.now),
        lambda: visits.receive_from_visit(desk.store, code, request(), now=desk.now),
    ):
        with pytest.raises(MoveRefusedError, match="đã được hoàn tác"):
            again()
    assert record(desk, citizen_id="").visit.code.endswith("0003")
    assert desk.problems() == []
