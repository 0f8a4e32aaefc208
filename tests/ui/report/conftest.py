"""A month that is over: one dossier early, one late, one open and late."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.services import moves, office, reception
from tests.ui.report.report_hands import RECEIVED


@pytest.fixture
def store(tmp_path: Path):
    """November: one early, one late, one open and late; from the counter and online."""
    app = open_app(data=str(tmp_path / "data"), environment={})
    office.set_up(app.store, office_name="Trung tâm", parent="UBND xã", agency_code="H50.1")
    codes = []
    for number, channel in enumerate(("counter", "online", "counter")):
        request = ReceiveRequest(
            procedure_code="1.004873", applicant_name="Lê An", channel=channel, by="Hoa"
        )
        now = RECEIVED + timedelta(minutes=number)
        codes.append(reception.receive_dossier(app.store, request, now=now).code)
    moves.complete(app.store, codes[0], by="Hoa", now=RECEIVED + timedelta(days=1))
    moves.complete(app.store, codes[1], by="Hoa", now=RECEIVED + timedelta(days=10))
    app.store.codes = codes
    yield app.store
    app.store.close()
