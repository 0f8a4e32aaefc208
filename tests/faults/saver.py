"""A process that saves dossiers without end and tells each number once it is committed."""

from __future__ import annotations

import itertools
import os
import sys
from datetime import datetime, timedelta

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.services import moves, reception

START = datetime(2026, 11, 23, 9)


def main(folder: str, name: str, most: str = "") -> None:
    """Receive, forward and issue receipts, so many or until somebody kills us."""
    app = open_app(data=folder, environment={})
    app.store.clock_confirmed = True
    for number in range(int(most)) if most else itertools.count():
        now = START + timedelta(seconds=number)
        request = ReceiveRequest(procedure_code="1.004873", applicant_name=f"Người {name} {number}")
        received = reception.receive_dossier(app.store, request, now=now, issue_receipt=True)
        # One write is one line, or nothing: a kill never tears it.
        os.write(1, f"{received.code}\n".encode())
        if number % 3 == 0:
            moves.forward(app.store, received.uuid, to="Tư pháp", by="Hoa", now=now)
            os.write(1, f"{received.code} forwarded\n".encode())
    app.store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
