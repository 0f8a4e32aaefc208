"""A published period told again: each of its dossiers lives through the services, one by one."""

from __future__ import annotations

import heapq
import json
import random
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from counter_app import paths
from counter_app.domain.facts import ReceiveRequest
from counter_app.domain.period_scenario import LATE, ON_TIME, PENDING, parse_period
from counter_app.errors import InputError
from counter_app.services import attachments, calendars, catalogue, moves, office, reception
from counter_app.services.letters import issue_apology
from counter_app.services.settings import set_setting
from counter_app.services.surveys import survey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from counter_app.domain.period_scenario import Life, PeriodOffice, PeriodScenario
    from counter_app.storage.database import Store

    Step = Callable[[datetime, Life, str], None]

_OPENS, _CLOSES = time(7, 30), time(17)
_MORNING, _NOON, _MINUTES = 240, 120, 420
_SATISFIED = {"time": 2, "conduct": 2, "explanation": 2}
_TOLD_EVERY = 200


class _Act(NamedTuple):
    """One step at its moment; ``order`` keeps steps of one minute in the order they were told."""

    at: datetime
    order: int
    run: Step
    life: Life
    uuid: str


def fill_period(
    store: Store, name: str, *, progress: Callable[[int, int], None] | None = None
) -> int:
    """Tell a published period in an empty folder; part of the running transaction."""
    folder = paths.resources() / "demo"
    story = parse_period(json.loads((folder / f"{name}.json").read_text("utf-8")))
    lives = story.lives(random.Random(story.seed))  # noqa: S311 - a story, no secret
    done = 0
    for place in story.offices:
        _open_office(store, story, place)
        mine = [life for life in lives if life.office == place]
        teller = _Teller(store, story, place)
        for life in mine:
            teller.add(life)
        for number in teller.tell():
            if progress is not None and number % _TOLD_EVERY == 0:
                progress(done + number, len(lives))
        done += len(mine)
    office.stand_at(store, counter_number=story.offices[0].counter_number)
    return done


def _open_office(store: Store, story: PeriodScenario, place: PeriodOffice) -> None:
    if place == story.offices[0]:
        office.set_up(
            store,
            office_name=place.name,
            parent=place.parent,
            agency_code=place.agency_code,
            counter=place.counter,
            counter_number=place.counter_number,
            is_rehearsal=True,
        )
        set_setting(store, key="place", value="Cam Lộ")
        set_setting(store, key="signers", value=[story.signer])
        for procedure in story.procedures:
            catalogue.confirm_procedure(
                store,
                code=procedure.code,
                decision=story.decision,
                on=story.first,
                limit=procedure.limit,
            )
    else:
        office.add_office(
            store,
            office_name=place.name,
            parent=place.parent,
            agency_code=place.agency_code,
            counter=place.counter,
            counter_number=place.counter_number,
        )
    office.stand_at(store, counter_number=place.counter_number)
    office.save_officer(store, name=place.clerk, position="Công chức tiếp nhận")
    office.save_officer(store, name=place.officer, position="Công chức", unit=place.unit)


class _Teller:
    """Tells the lives of one office in the order of time, as its desk saw them."""

    def __init__(self, store: Store, story: PeriodScenario, place: PeriodOffice) -> None:
        self._store = store
        self._story = story
        self._office = place
        self._calendar = calendars.calendar(store)
        span = range((story.last - story.first).days + 1)
        days = [story.first + timedelta(days=n) for n in span]
        self._days = [day for day in days if self._calendar.is_working_day(day)]
        self._scan = paths.resources() / "demo" / "scan.pdf"
        self._acts: list[_Act] = []
        self._count = 0
        self._received = 0

    def add(self, life: Life) -> None:
        """Let a dossier come in."""
        length = int(life.procedure.limit.removesuffix("wd"))
        if life.outcome == PENDING:  # so late that its due day lies behind the period
            first, last = len(self._days) - length, len(self._days) - 1
        else:  # so early that whatever becomes of it lies in the period
            first, last = 0, len(self._days) - length - 4
        place = life.place * (last - first + 1)
        self._at(_moment(self._days[first + int(place)], place % 1), self._receive, life, "")

    def tell(self) -> Iterator[int]:
        """Run all acts; yield how many dossiers have come in after each."""
        while self._acts:
            act = heapq.heappop(self._acts)
            act.run(act.at, act.life, act.uuid)
            yield self._received

    def _at(self, moment: datetime, run: Step, life: Life, uuid: str) -> None:
        self._count += 1
        heapq.heappush(self._acts, _Act(moment, self._count, run, life, uuid))

    def _receive(self, at: datetime, life: Life, _uuid: str) -> None:
        self._received += 1
        request = ReceiveRequest(
            procedure_code=life.procedure.code,
            applicant_name=life.applicant,
            channel="online" if life.is_online else "counter",
            by=self._office.clerk,
        )
        received = reception.receive_dossier(self._store, request, now=at)
        if received.due_at is None:
            raise InputError("Kịch bản: thủ tục không có ngày hẹn trả.", field="procedures")
        if life.is_digitised and not life.is_online:
            self._attach(received.uuid, "input", at)
        if life.outcome != PENDING:
            self._plan_end(life, received.uuid, at.date(), received.due_at.date())

    def _plan_end(self, life: Life, uuid: str, received: date, due: date) -> None:
        if life.outcome == LATE:
            late = self._calendar.add_working_days(due, 1)
            self._at(_moment(late, life.haste), self._apologise, life, uuid)
            day = self._calendar.add_working_days(due, 2)
        elif life.outcome == ON_TIME:
            day = due
        else:
            days = self._calendar.working_days_between(received, due) - 1
            day = self._calendar.add_working_days(received, 1 + int(life.haste * days))
        self._at(_moment(day, life.haste), self._complete, life, uuid)

    def _apologise(self, at: datetime, _life: Life, uuid: str) -> None:
        by = self._office.officer
        tomorrow = datetime.combine(self._calendar.next_working_day(at.date()), _CLOSES)
        reason = self._story.late_reason
        moves.explain(self._store, uuid, reason=reason, expected=tomorrow, by=by, now=at)
        issue_apology(self._store, uuid, signer=self._story.signer, by=by, now=at)

    def _complete(self, at: datetime, life: Life, uuid: str) -> None:
        moves.complete(self._store, uuid, by=self._office.officer, now=at)
        if life.has_result_file:
            self._attach(uuid, "output", at)
        if life.has_slip:
            self._at(at + timedelta(minutes=20), self._ask, life, uuid)

    def _ask(self, at: datetime, _life: Life, uuid: str) -> None:
        survey(self._store, uuid, scores=_SATISFIED, by=self._office.clerk, now=at)

    def _attach(self, uuid: str, kind: str, at: datetime) -> None:
        attachments.attach(
            self._store, uuid, files=[self._scan], kind=kind, by=self._office.clerk, now=at
        )


def _moment(day: date, part: float) -> datetime:
    """Return a minute of a working day's two sessions."""
    minute = int(part * _MINUTES)
    opened = datetime.combine(day, _OPENS) + timedelta(minutes=minute)
    return opened if minute < _MORNING else opened + timedelta(minutes=_NOON)
