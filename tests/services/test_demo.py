"""The demonstration week tells a whole story whatever the day, and leaves clean data."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from counter_desk import Desk

from counter_app.bootstrap import open_app
from counter_app.errors import MoveRefusedError, NotFoundError
from counter_app.services import browse, demo, office
from counter_app.storage.database import Store


@pytest.fixture
def empty(tmp_path: Path):
    app = open_app(data=str(tmp_path / "data"), environment={})
    app.store.execute("PRAGMA synchronous=off")
    yield app.store
    app.store.close()


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 23, 16, 30),
        datetime(2026, 11, 24, 10, 0),  # a day off
        datetime(2026, 11, 25, 5, 45),  # before the desk opens
        datetime(2026, 11, 28, 9, 0),  # a Saturday
        datetime(2026, 11, 29, 23, 59, 58),
        datetime(2026, 8, 22, 9, 0),  # a Saturday that makes up for another day
        datetime(2026, 9, 3, 8, 0),  # after a long holiday
        datetime(2027, 2, 8, 11, 0),  # Tết of a year without a confirmed calendar
        datetime(2027, 1, 4, 0, 0),
        datetime(2030, 5, 5, 12, 0),  # beyond every shipped calendar's certainty
    ],
)
def test_a_week_is_told_on_any_day_and_its_data_are_clean(empty: Store, now: datetime):
    assert demo.fill(empty, "week", now=now) > 0
    desk = Desk(empty, now)
    assert desk.problems() == []
    figures = browse.day_figures(empty, now=now)
    assert figures.waiting_collection
    assert figures.owes_apology
    assert office.office(empty).is_rehearsal
    assert not any(row.received > now for row in browse.page(empty, count=200, now=now))


def test_a_folder_in_use_is_left_alone(desk: Desk):
    desk.receive()
    with pytest.raises(MoveRefusedError, match="đang dùng"):
        demo.fill(desk.store, "week", now=desk.now)
    assert not office.office(desk.store).is_rehearsal


def test_an_unknown_scenario_is_said_so(empty: Store):
    with pytest.raises(NotFoundError, match="week"):
        demo.fill(empty, "year", now=datetime(2026, 11, 23, 9))
