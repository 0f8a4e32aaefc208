"""The routing slip's rows are read off the events: each hand-over once, none that was undone."""

from __future__ import annotations

from counter_app.domain.history import Event
from counter_app.domain.moments import from_epoch
from counter_app.domain.routing import CITIZEN, routing_rows

OFFICE = "Trung tâm Phục vụ hành chính công xã Cam Lộ"
UNIT, OTHER = "Phòng Văn hóa – Xã hội", "Phòng Kinh tế"


def events(*told):
    return [
        Event(f"e{n}", "desk", 1, n, n, kind, 1000 * n, 1000 * n, "Lê Thị A", "Quầy 1", body)
        for n, (kind, body) in enumerate(told, 1)
    ]


def forward(to, **body):
    return "forward", {"to": to, "set": {"resolving_unit": to}, **body}


def test_each_hand_over_is_a_row_from_the_one_who_holds_it():
    rows = routing_rows(
        events(
            ("receive", {"set": {}}),
            forward(UNIT),
            forward(OTHER, reason="đúng thẩm quyền"),
            ("complete", {"set": {}}),
            ("return", {"set": {"collected_by": "Hồ Thị Ly"}}),
        ),
        office=OFFICE,
        timeliness="early",
    )
    assert [(row.from_unit, row.unit) for row in rows] == [
        (OFFICE, UNIT),
        (UNIT, OTHER),
        (OTHER, OFFICE),
        (OFFICE, CITIZEN),
    ]
    assert [row.result for row in rows] == ["", "", "Trước hạn", ""]
    assert [row.note for row in rows] == ["", "đúng thẩm quyền", "", ""]
    assert (rows[0].handed_by, rows[0].received_at) == ("Lê Thị A", None)
    assert rows[3].received_by == "Hồ Thị Ly"


def test_who_took_it_over_is_read_where_it_was_recorded():
    (row,) = routing_rows(
        events(forward(UNIT, received_at=5000, received_by="Trần B")), office=OFFICE
    )
    assert (row.received_at, row.received_by) == (from_epoch(5000), "Trần B")


def test_what_was_taken_back_is_no_row_and_the_holder_is_again_the_one_before():
    told = events(
        forward(UNIT), forward(OTHER), ("undo", {"voids": ["e2"]}), ("refuse", {"reason": "thiếu"})
    )
    rows = routing_rows(told, office=OFFICE, timeliness="late")
    assert [(row.from_unit, row.unit) for row in rows] == [(OFFICE, UNIT), (UNIT, OFFICE)]
    assert rows[1].result == "Từ chối (quá hạn)"


def test_the_order_is_that_of_the_events_and_not_of_the_list():
    told = events(forward(UNIT), forward(OTHER))
    assert routing_rows(reversed(told), office=OFFICE) == routing_rows(told, office=OFFICE)
