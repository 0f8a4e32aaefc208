"""What the tests of the page of exchanges share."""

from __future__ import annotations

from datetime import timedelta

from tests.sync_house import NOW

LATER = NOW + timedelta(minutes=30)
BUSY = 30_000  # a machine that runs two suites at once takes its time


def rows(table):
    return table.model().rows()
