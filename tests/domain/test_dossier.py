"""The table of moves: what it allows, where it leads, and what a refusal says."""

from __future__ import annotations

import itertools

import pytest

from counter_app.domain.dossier import (
    CHANNEL_LABELS,
    MOVE_LABELS,
    OPEN,
    STATUS_LABELS,
    TABLE,
    WANTED,
    Channel,
    Move,
    Status,
    allowed_moves,
    find_rule,
    target_of,
    wanted_move,
)
from counter_app.errors import MoveRefusedError

R, P = Status.RECEIVED, Status.PROCESSING
AS, AP = Status.AWAITING_SUPPLEMENT, Status.AWAITING_PAYMENT
# The table of the command line's contract, written out once more by hand.
MOVES: dict[tuple[Status, Move], Status] = {
    **{(s, Move.FORWARD): P for s in (R, P)},
    **{(s, Move.SUPPLEMENT): AS for s in (R, P)},
    (AS, Move.RESUBMIT): R,
    (AS, Move.CLOSE): Status.STOPPED,
    **{(s, Move.AWAIT_PAYMENT): AP for s in (R, P)},
    (AP, Move.PAID): R,
    **{(s, Move.EXTEND): s for s in (R, P)},
    (P, Move.ACCEPT): P,
    **{(s, Move.STEP): s for s in OPEN},
    **{(s, Move.CALENDAR): s for s in (R, P, AP)},
    **{(s, Move.RESCHEDULE): s for s in (R, P)},
    **{(s, Move.COMPLETE): Status.COMPLETED for s in (R, P)},
    **{(s, Move.REFUSE): Status.REFUSED for s in OPEN},
    **{(s, Move.WITHDRAW): Status.WITHDRAWN for s in OPEN},
    **{(s, Move.STOP): Status.STOPPED for s in OPEN},
    **{(s, Move.ASK_OPINION): s for s in OPEN},
    (Status.COMPLETED, Move.RETURN): Status.RETURNED,
    **{(s, Move.RETURN): s for s in (Status.REFUSED, Status.WITHDRAWN, Status.STOPPED)},
}
ANY = {
    Move.CORRECT,
    Move.EXPLAIN,
    Move.ATTACH,
    Move.SURVEY,
    Move.OPINION_RECEIVED,
    Move.PRINT,
    Move.SET_OFFICIAL_CODE,
    Move.COMPETENT_RECEIVED,
    Move.FEE,
    Move.CONTACT,
}
PAIRS = [pair for pair in itertools.product(Status, Move) if pair[1] is not Move.UNDO]


@pytest.mark.parametrize(("status", "move"), PAIRS)
def test_the_table_allows_exactly_what_the_contract_lists(status, move):
    if move in ANY:
        assert target_of(status, move, None) is status
    elif (status, move) in MOVES:
        assert target_of(status, move, R) is MOVES[status, move]
    else:
        with pytest.raises(MoveRefusedError) as refused:
            target_of(status, move, None)
        assert "Hồ sơ giữ nguyên." in refused.value.message


@pytest.mark.parametrize("came_from", [R, P])
def test_what_waited_goes_back_to_where_it_came_from(came_from):
    assert target_of(AS, Move.RESUBMIT, came_from) is came_from
    assert target_of(AP, Move.PAID, came_from) is came_from


def test_every_state_can_be_undone_with_a_reason():
    for status in Status:
        rule = find_rule(status, Move.UNDO)
        assert rule is not None
        assert rule.needs_reason


def test_a_refusal_names_what_is_possible_instead():
    with pytest.raises(MoveRefusedError, match="trả kết quả"):
        target_of(Status.COMPLETED, Move.FORWARD, None)


def test_allowed_moves_stand_in_the_order_of_the_table():
    order = [rule.move for rule in TABLE]
    for status in Status:
        places = [order.index(move) for move in allowed_moves(status)]
        assert places == sorted(places)


def test_everything_has_a_vietnamese_name():
    assert set(STATUS_LABELS) == set(Status)
    assert set(CHANNEL_LABELS) == set(Channel)
    assert set(MOVE_LABELS) == set(Move)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("awaits", [False, True])
def test_what_a_state_wants_is_what_the_table_allows(status, awaits):
    wanted = wanted_move(status, awaits_competent=awaits)
    assert wanted is None or find_rule(status, wanted) is not None


def test_every_state_names_the_act_it_wants():
    assert set(WANTED) == set(Status)
    assert {s for s in Status if wanted_move(s) is None} == {Status.RETURNED}
    assert wanted_move(AS) is Move.RESUBMIT
    assert wanted_move(AP) is Move.PAID
    assert wanted_move(Status.COMPLETED) is Move.RETURN


def test_papers_that_were_handed_back_are_not_wanted_again():
    for status in Status:
        wanted = wanted_move(status, is_handed_back=True)
        assert wanted is not Move.RETURN
    assert wanted_move(Status.REFUSED) is Move.RETURN


def test_a_dossier_for_another_unit_waits_for_that_units_receipt_once_it_is_on_its_way():
    assert wanted_move(R, awaits_competent=True) is Move.FORWARD
    assert wanted_move(P, awaits_competent=True) is Move.COMPETENT_RECEIVED
    assert wanted_move(P) is Move.COMPLETE
