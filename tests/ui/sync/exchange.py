"""What the tests of the page of exchanges share."""

from __future__ import annotations

from datetime import timedelta

from tests.sync_house import NOW

LATER = NOW + timedelta(minutes=30)


def rows(table):
    return table.model().rows()
