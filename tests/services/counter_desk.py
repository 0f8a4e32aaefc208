"""A counter with its own clock: acts through the services, for the tests of this folder."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from counter_app.domain.facts import DossierFacts, ReceiveRequest
from counter_app.services import (
    attachments,
    checks,
    corrections,
    lookup,
    moves,
    opinions,
    reception,
    surveys,
)
from counter_app.storage.database import Store

# Monday; Tuesday 24/11 is a day off, so three working days end on Friday 27/11 at 17:00.
NOW = datetime(2026, 11, 23, 9, 0)
DUE = datetime(2026, 11, 27, 17, 0)
CLERK = "Lê Thị A"
SERVICES = {
    "await-payment": "await_payment",
    "return": "return_result",
    "set-official-code": "set_official_code",
    "competent-received": "competent_received",
}


ELSEWHERE = {
    "ask-opinion": opinions.ask_opinion,
    "opinion-received": opinions.opinion_received,
    "correct": corrections.correct,
    "attach": attachments.attach,
    "survey": surveys.survey,
}


class Desk:
    """Receives and moves dossiers at the moment its clock shows."""

    def __init__(self, store: Store, now: datetime = NOW) -> None:
        self.store = store
        self.now = now

    def wait(self, **span: float) -> Desk:
        self.now += timedelta(**span)
        return self

    def set_clock(self, day: int, hour: int = 9, minute: int = 0, month: int = 11) -> Desk:
        self.now = datetime(2026, month, day, hour, minute)
        return self

    def receive(self, **values: Any) -> str:
        issue_receipt = values.pop("issue_receipt", False)
        request = ReceiveRequest(
            **{
                "procedure_code": "1.004873",
                "applicant_name": "Nguyễn Thị Ánh",
                "by": CLERK,
                **values,
            }
        )
        return reception.receive_dossier(
            self.store, request, now=self.now, issue_receipt=issue_receipt
        ).code

    def act(self, verb: str, code: str, **values: Any) -> DossierFacts:
        service = ELSEWHERE.get(verb) or getattr(moves, SERVICES.get(verb, verb))
        return service(self.store, code, by=CLERK, now=self.now, **values)

    def show(self, code: str) -> DossierFacts:
        return lookup.show(self.store, code, now=self.now)

    def state(self, code: str) -> dict[str, Any]:
        return self.show(code).state

    def verdict(self, code: str) -> str | None:
        return self.show(code).timeliness

    def problems(self) -> list[str]:
        """Return what the checks of the data find, in one list of sentences."""
        return [
            f"{result.check}: {problem}"
            for result in checks.run_checks(self.store)
            for problem in result.problems
        ]
