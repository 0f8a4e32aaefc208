"""Practice data: a week of a commune told by a scenario file, replayed through the services."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from counter_app import paths
from counter_app.domain.dossier import Move
from counter_app.domain.facts import DocumentFacts, ReceiveRequest
from counter_app.domain.scenario import parse_scenario
from counter_app.errors import MoveRefusedError, NotFoundError
from counter_app.services import calendars, catalogue, moves, office, papers, reception
from counter_app.services.demo_period import fill_period
from counter_app.services.settings import set_setting

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from counter_app.domain.scenario import Scenario, ScenarioDossier, ScenarioMove
    from counter_app.storage.database import Store

PERIODS = ("cam-lo-2023",)
SCENARIOS = ("week", *PERIODS)
_BACK = -20
_ACTS: dict[Move, Callable[..., object]] = {
    Move.FORWARD: moves.forward,
    Move.SUPPLEMENT: moves.supplement,
    Move.RESUBMIT: moves.resubmit,
    Move.CLOSE: moves.close,
    Move.AWAIT_PAYMENT: moves.await_payment,
    Move.PAID: moves.paid,
    Move.EXTEND: moves.extend,
    Move.RESCHEDULE: moves.reschedule,
    Move.COMPLETE: moves.complete,
    Move.REFUSE: moves.refuse,
    Move.WITHDRAW: moves.withdraw,
    Move.STOP: moves.stop,
    Move.RETURN: moves.return_result,
    Move.EXPLAIN: moves.explain,
}


class _Act:
    """One step of the story at its moment; steps of all dossiers run in the order of time."""

    def __init__(self, at: datetime, order: int, run: Callable[[], object]) -> None:
        self.at = at
        self.order = order
        self.run = run


def fill(
    store: Store,
    scenario: str,
    *,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Fill an empty folder with a scenario and mark it as one to practise in.

    Raises:
        NotFoundError: there is no such scenario.
        MoveRefusedError: the folder already holds dossiers, or an office of its own.
    """
    if scenario not in SCENARIOS:
        raise NotFoundError(
            f"Không có dữ liệu mẫu “{scenario}”. Có: {', '.join(SCENARIOS)}.", field="scenario"
        )
    if store.row("SELECT 1 FROM event LIMIT 1") or office.office(store).is_named:
        raise MoveRefusedError(
            "Thư mục dữ liệu này đang dùng nên không tạo dữ liệu mẫu vào đó. "
            "Chọn thư mục trống bằng --data."
        )
    if scenario in PERIODS:
        store.answers_briefly = True
        try:
            with store.transaction():
                return fill_period(store, scenario, progress=progress)
        finally:
            store.answers_briefly = False
    text = (paths.resources() / "demo" / f"{scenario}.json").read_text("utf-8")
    story = parse_scenario(json.loads(text))
    with store.transaction():
        _set_up(store, story)
        acts = _Teller(store, story, now).acts()
        for act in acts:
            act.run()
    return len(story.dossiers)


def _set_up(store: Store, story: Scenario) -> None:
    there = story.office
    office.set_up(
        store,
        office_name=there.name,
        parent=there.parent,
        agency_code=there.agency_code,
        counter=there.counter,
        counter_number=there.counter_number,
        province_code=there.province_code,
        is_rehearsal=True,
    )
    for officer in story.officers:
        office.save_officer(store, name=officer.name, position=officer.position, unit=officer.unit)
    clerk = next(o for o in story.officers if o.receives)
    chairs = [o for o in story.officers if "chủ tịch" in o.position.lower()]
    office.choose_clerk(store, name=clerk.name)
    place = there.parent.title().replace("Ủy Ban Nhân Dân", "").replace("Xã", "").strip()
    for key, value in (
        ("hotline", there.phone),
        ("place", place),
        ("result_place", there.name),
        # A letter is the competent body's act: its chair or a vice chair signs, not the centre.
        ("signers", [f"KT. CHỦ TỊCH|{o.position.upper()}|{o.name}" for o in chairs]),
    ):
        set_setting(store, key=key, value=value)


class _Teller:
    """Turns the story's offsets into moments and its steps into service calls."""

    def __init__(self, store: Store, story: Scenario, now: datetime) -> None:
        self._store = store
        self._story = story
        self._now = now
        calendar = calendars.calendar(store)
        today = now.date()
        if not calendar.is_working_day(today):
            today = calendar.add_working_days(today, -1)
        self._today = today
        self._shift: Callable[[date, int], date] = calendar.add_working_days
        self._names = {officer.id: officer.name for officer in story.officers}
        self._codes: dict[str, str] = {}

    def acts(self) -> list[_Act]:
        self._confirm()
        found: list[_Act] = []
        for dossier in self._story.in_order():
            received = dossier.received.resolve(self._today, self._shift)
            if received > self._now:
                continue
            found.append(_Act(received, len(found), self._receiving(dossier, received)))
            for move in dossier.moves:
                at = move.at.resolve(self._today, self._shift)
                if at > self._now:
                    break
                found.append(_Act(at, len(found), self._moving(dossier.id, move, at)))
        return sorted(found, key=lambda act: (act.at, act.order))

    def _confirm(self) -> None:
        since = self._shift(self._today, _BACK)
        for one in self._story.confirmations:
            catalogue.confirm_procedure(
                self._store, code=one.code, decision=one.decision, on=since, limit=one.limit
            )

    def _receiving(self, dossier: ScenarioDossier, at: datetime) -> Callable[[], object]:
        def run() -> None:
            required = catalogue.procedure(self._store, dossier.procedure, on=at.date())
            given = dossier.documents or required.required_documents
            request = ReceiveRequest(
                procedure_code=dossier.procedure,
                channel=dossier.channel.value,
                copies=dossier.copies,
                owner_kind="organisation" if dossier.request.get("tax_code") else "person",
                documents=tuple(DocumentFacts(d.name, d.originals, d.copies) for d in given),
                official_code=dossier.official_code_on(at.date()),
                by=self._names[dossier.by],
                **dossier.request,  # type: ignore[arg-type]
            )
            received = reception.receive_dossier(
                self._store, request, now=at, issue_receipt=dossier.channel != "online"
            )
            self._codes[dossier.id] = received.uuid

        return run

    def _moving(self, dossier_id: str, move: ScenarioMove, at: datetime) -> Callable[[], object]:
        def run() -> None:
            details = dict(move.details)
            by = self._names[move.by]
            if move.move is Move.PRINT:
                papers.print_receipt(self._store, self._codes[dossier_id], by=by, now=at)
                return
            if move.move is Move.SET_OFFICIAL_CODE:
                official = details["official"].replace("{day}", f"{at:%y%m%d}")
                moves.set_official_code(
                    self._store, self._codes[dossier_id], official=official, by=by, now=at
                )
                return
            if details.get("officer") in self._names:
                details["officer"] = self._names[details["officer"]]
            values: dict[str, object] = dict(details)
            if move.new_due is not None:
                name = "expected" if move.move is Move.EXPLAIN else "new_due"
                values[name] = move.new_due.resolve(self._today, self._shift)
            _ACTS[move.move](self._store, self._codes[dossier_id], by=by, now=at, **values)

        return run
