"""Phi địa giới: received for another unit, or from one; whose the deadline is and whose figure."""

from __future__ import annotations

from datetime import datetime

import pytest
from counter_desk import DUE

from counter_app.domain.dossier import Move
from counter_app.domain.moments import from_epoch
from counter_app.errors import InputErrors, MoveRefusedError
from counter_app.services import apologies, browse, papers, settings

ELSEWHERE = "Ủy ban nhân dân xã Gio Linh"


def test_a_day_is_only_expected_until_the_competent_unit_has_it(desk):
    code = desk.receive(competent_unit=ELSEWHERE, helped_unit="Bưu điện xã", issue_receipt=True)
    state = desk.state(code)
    assert (state["due_at"], from_epoch(state["expected_due_at"])) == (None, DUE)
    frozen = papers.frozen_facts(desk.store, desk.show(code).papers[0].uuid)
    assert frozen["due_at"] is None
    assert frozen["competent_unit"] == ELSEWHERE
    desk.wait(days=2)
    desk.act("competent-received", code)
    state = desk.state(code)
    assert from_epoch(state["due_at"]) == datetime(2026, 11, 30, 17)
    assert state["expected_due_at"] is None
    assert desk.problems() == []


def test_what_another_unit_resolves_stands_outside_the_figures(desk):
    ours = desk.receive()
    theirs = desk.receive(competent_unit=ELSEWHERE)
    desk.act("competent-received", theirs)
    desk.set_clock(30)
    figures = browse.day_figures(desk.store, now=desk.now)
    assert (figures.late, figures.received_for_others) == (1, 1)
    late = browse.page(desk.store, name="late", now=desk.now)
    assert [row.code for row in late] == [ours]
    others = browse.page(desk.store, name="for_others", now=desk.now)
    assert [row.code for row in others] == [theirs]
    assert browse.counts(desk.store, now=desk.now).late == 1


def owed(desk, **options):
    listed = apologies.list_apologies(desk.store, as_of=desk.now, **options)
    page = browse.page(desk.store, name="owes_apology", now=desk.now)
    count = apologies.count_owed(desk.store, as_of=desk.now)
    return [row.code for row in listed], [row.code for row in page], count


def test_letters_are_owed_by_the_unit_that_resolves(desk):
    ours, theirs = desk.receive(), desk.receive(competent_unit=ELSEWHERE)
    desk.act("competent-received", theirs)
    assert owed(desk.set_clock(26)) == ([ours], [], 0)  # at risk
    # Open and late, with a moment that was missed, and late when it ended.
    assert owed(desk.set_clock(30)) == ([ours], [ours], 1)
    for code in (ours, theirs):
        desk.act("supplement", code, reason="thiếu")
    assert owed(desk) == ([ours], [ours], 1)
    for code in (ours, theirs):
        desk.act("resubmit", code)
        desk.act("complete", code)
    assert owed(desk) == ([ours], [ours], 1)
    with pytest.raises(MoveRefusedError):
        papers.issue_apology(desk.store, theirs, signer="A", by="A", now=desk.now)


def test_a_reschedule_at_another_unit_owes_no_letter_here(desk):
    codes = [desk.receive(), desk.receive(competent_unit=ELSEWHERE)]
    desk.act("competent-received", codes[1])
    desk.set_clock(25)
    for code in codes:
        desk.act("reschedule", code, reason="chờ", new_due=datetime(2026, 12, 2, 17))
    assert owed(desk, owed_only=True) == (codes[:1], codes[:1], 1)


@pytest.mark.parametrize("day", [27, 26, 25])
def test_days_ahead_count_only_what_this_office_resolves(desk, day):
    desk.receive()
    theirs = desk.receive(competent_unit=ELSEWHERE)
    desk.act("competent-received", theirs)
    figures = browse.day_figures(desk.set_clock(day).store, now=desk.now)
    assert dict(figures.promises)[DUE.date()] == 1
    counts = browse.counts(desk.store, now=desk.now)
    assert counts.due_today + counts.due_soon == 1


def test_what_another_unit_took_in_came_by_transfer_and_is_ours_to_resolve(desk):
    code = desk.receive(received_unit=ELSEWHERE)
    state = desk.state(code)
    assert state["channel"] == "transfer"
    assert state["competent_unit"] == ""
    assert from_epoch(state["due_at"]) == DUE
    assert browse.day_figures(desk.store, now=desk.now).received_for_others == 0


def test_a_dossier_neither_received_nor_resolved_here_is_refused(desk):
    with pytest.raises(InputErrors) as refused:
        desk.receive(received_unit=ELSEWHERE, competent_unit="Sở Tư pháp")
    assert [error.field for error in refused.value.errors] == ["received_unit"]


def test_an_office_named_once_is_offered_from_then_on(desk):
    desk.receive(competent_unit=ELSEWHERE)
    desk.receive(received_unit="Phường Đông Hà")
    assert settings.get_setting(desk.store, "other_units") == ["Phường Đông Hà", ELSEWHERE]


def test_the_act_that_is_wanted_is_the_units_receipt(desk):
    code = desk.receive(competent_unit=ELSEWHERE)
    desk.act("forward", code, to=ELSEWHERE)
    acts = {act.move: act.why_not for act in desk.show(code).acts}
    assert acts[Move.COMPETENT_RECEIVED] == ""
    desk.act("competent-received", code)
    acts = {act.move: act.why_not for act in desk.show(code).acts}
    assert acts[Move.COMPETENT_RECEIVED] == "đã có hạn trả"
    ours = {act.move: act.why_not for act in desk.show(desk.receive()).acts}
    assert ours[Move.COMPETENT_RECEIVED] == "thuộc thẩm quyền của đơn vị này"
