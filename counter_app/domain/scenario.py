"""A week of a commune (một tuần ở xã) as data: who came, with what, and what happened then.

Times are offsets from the day the demonstration is filled, so that it always shows today: working
days forward or back and a time of day, ``[-4, "08:12"]``. The format is described in
resources/demo/README.md; filling a folder from it is a service's work.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple

from counter_app.domain.catalogue import LIMIT_PATTERN, RequiredDocument
from counter_app.domain.cells import (
    Entry,
    read_flag,
    read_number,
    read_object,
    read_objects,
    read_text,
)
from counter_app.domain.dossier import AWAITING, Channel, Move, Status, target_of
from counter_app.errors import InputError, MoveRefusedError

FORMAT = "counter-app-scenario/1"
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_DAY_MARK = "{yymmdd}"
_REACH = 250  # working days either way: a scenario is weeks, not years
_NEEDED: dict[Move, tuple[str, ...]] = {
    Move.FORWARD: ("to",),
    Move.SUPPLEMENT: ("reason",),
    Move.CLOSE: ("reason",),
    Move.EXTEND: ("reason", "limit"),
    Move.RESCHEDULE: ("reason", "new_due"),
    Move.REFUSE: ("reason",),
    Move.STOP: ("reason",),
    Move.EXPLAIN: ("reason",),
    Move.RETURN: ("collected_by",),
    Move.SET_OFFICIAL_CODE: ("code",),
}
# What a scenario can tell; the rest (undo, corrections, files) is tried by hand.
_TOLD = frozenset(_NEEDED) | {
    Move.RESUBMIT,
    Move.AWAIT_PAYMENT,
    Move.PAID,
    Move.COMPLETE,
    Move.WITHDRAW,
}


class Offset(NamedTuple):
    """A moment told from today: working days forward or back, and the time of day."""

    days: int
    at: time

    def resolve(self, today: date, shift: Callable[[date, int], date]) -> datetime:
        """Return the moment; ``shift`` moves a day by so many working days."""
        return datetime.combine(shift(today, self.days) if self.days else today, self.at)


class ScenarioOffice(NamedTuple):
    """The office of the story; its agency code is invented."""

    name: str
    parent: str
    agency_code: str
    counter: str
    counter_number: int
    province_code: str
    address: str
    phone: str


class ScenarioOfficer(NamedTuple):
    """One who works there."""

    id: str
    name: str
    position: str
    unit: str
    receives: bool


class ScenarioConfirmation(NamedTuple):
    """What the office answered when a procedure was used for the first time."""

    code: str
    limit: str
    decision: str


class ScenarioMove(NamedTuple):
    """One thing that happened to a dossier; ``details`` are the fields of its verb."""

    move: Move
    at: Offset
    by: str
    details: Mapping[str, str]
    new_due: Offset | None = None


@dataclass(frozen=True, slots=True)
class ScenarioDossier:
    """One dossier of the story; ``request`` has the fields of receiving it."""

    id: str
    procedure: str
    channel: Channel
    received: Offset
    by: str
    request: Mapping[str, str]
    copies: int
    documents: tuple[RequiredDocument, ...]
    official_code: str
    moves: tuple[ScenarioMove, ...]

    def official_code_on(self, day: date) -> str:
        """Return the official code as it reads for a dossier received on ``day``."""
        return self.official_code.replace(_DAY_MARK, f"{day:%y%m%d}")

    @property
    def status(self) -> Status:
        """The state after all its moves."""
        return _walk(self.moves)


@dataclass(frozen=True, slots=True)
class Scenario:
    """The whole story, checked: names known, moves legal and in order of time."""

    name: str
    about: str
    office: ScenarioOffice
    officers: tuple[ScenarioOfficer, ...]
    confirmations: tuple[ScenarioConfirmation, ...]
    dossiers: tuple[ScenarioDossier, ...]

    def in_order(self) -> list[ScenarioDossier]:
        """Return the dossiers in the order they came in, as the series gives their numbers."""
        return sorted(self.dossiers, key=lambda d: (d.received, d.id))


_REQUEST_FIELDS = (
    "applicant_name",
    "citizen_id",
    "birth_date",
    "sex",
    "address",
    "phone",
    "email",
    "tax_code",
    "submitter_name",
    "submitter_id",
    "subject_name",
    "content",
    "result_to",
)


def parse_scenario(data: Mapping[str, Any]) -> Scenario:
    """Read a scenario and check it whole.

    Raises:
        InputError: something is missing, unknown, out of order or not allowed; the sentence says
            which dossier and what.
    """
    root = Entry("Kịch bản", data)
    if read_text(root, "format") != FORMAT:
        raise root.error("format", f"phải là {FORMAT}")
    officers = tuple(_officer(part) for part in read_objects(root, "officers"))
    scenario = Scenario(
        name=read_text(root, "name", required=True),
        about=read_text(root, "about"),
        office=_office(root),
        officers=officers,
        confirmations=tuple(_confirmation(part) for part in read_objects(root, "confirmations")),
        dossiers=tuple(_dossier(part) for part in read_objects(root, "dossiers")),
    )
    _check_unique((o.id for o in scenario.officers), "công chức")
    _check_unique((d.id for d in scenario.dossiers), "hồ sơ")
    known = frozenset(o.id for o in scenario.officers)
    for dossier in scenario.dossiers:
        _check_life(dossier, known)
    return scenario


def _office(root: Entry) -> ScenarioOffice:
    part = read_object(root, "office", short="name")
    if part is None:
        raise root.error("office", "còn trống")
    return ScenarioOffice(
        name=read_text(part, "name", required=True),
        parent=read_text(part, "parent", required=True),
        agency_code=read_text(part, "agency_code", required=True),
        counter=read_text(part, "counter", required=True),
        counter_number=read_number(part, "counter_number") or 1,
        province_code=read_text(part, "province_code"),
        address=read_text(part, "address"),
        phone=read_text(part, "phone"),
    )


def _officer(part: Entry) -> ScenarioOfficer:
    return ScenarioOfficer(
        id=read_text(part, "id", required=True),
        name=read_text(part, "name", required=True),
        position=read_text(part, "position", required=True),
        unit=read_text(part, "unit", required=True),
        receives=read_flag(part, "receives", default=False),
    )


def _confirmation(part: Entry) -> ScenarioConfirmation:
    limit = read_text(part, "limit", required=True)
    if not LIMIT_PATTERN.fullmatch(limit):
        raise part.error("limit", f"không đọc được thời hạn “{limit}”")
    return ScenarioConfirmation(
        code=read_text(part, "code", required=True),
        limit=limit,
        decision=read_text(part, "decision", required=True),
    )


def _dossier(part: Entry) -> ScenarioDossier:
    name = read_text(part, "id", required=True)
    part = part._replace(title=f"Hồ sơ {name}", path="")
    request = {field: read_text(part, field) for field in _REQUEST_FIELDS}
    if not request["applicant_name"]:
        raise part.error("applicant_name", "còn trống")
    try:
        channel = Channel(read_text(part, "channel") or "counter")
    except ValueError:
        raise part.error("channel", "không có hình thức tiếp nhận này") from None
    return ScenarioDossier(
        id=name,
        procedure=read_text(part, "procedure", required=True),
        channel=channel,
        received=_offset(part, "received"),
        by=read_text(part, "by", required=True),
        request={field: value for field, value in request.items() if value},
        copies=read_number(part, "copies") or 1,
        documents=tuple(
            RequiredDocument(
                name=read_text(d, "name", required=True),
                originals=read_number(d, "originals") or 0,
                copies=read_number(d, "copies") or 0,
            )
            for d in read_objects(part, "documents")
        ),
        official_code=read_text(part, "official_code"),
        moves=tuple(_move(m._replace(title=part.title)) for m in read_objects(part, "moves")),
    )


def _move(part: Entry) -> ScenarioMove:
    text = read_text(part, "move", required=True)
    try:
        move = Move(text)
    except ValueError:
        raise part.error("move", f"không có bước “{text}”") from None
    if move not in _TOLD:
        raise part.error("move", f"kịch bản không kể được bước “{text}”")
    plain = {"move", "at", "by", "new_due"}
    details = {key: read_text(part, key) for key in part.values if key not in plain}
    for name in _NEEDED.get(move, ()):
        if not part.values.get(name):
            raise part.error(name, f"bước “{text}” cần trường này")
    return ScenarioMove(
        move=move,
        at=_offset(part, "at"),
        by=read_text(part, "by"),
        details=details,
        new_due=_offset(part, "new_due") if "new_due" in part.values else None,
    )


def _offset(part: Entry, name: str) -> Offset:
    value = part.values.get(name)
    match value:
        case [int(days), str(text)] if not isinstance(days, bool) and abs(days) <= _REACH:
            found = _TIME.fullmatch(text)
            if found:
                return Offset(days, time(int(found[1]), int(found[2])))
    raise part.error(name, 'phải viết như [-4, "08:12"]: số ngày làm việc và giờ')


def _check_unique(names: Iterable[str], kind: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise InputError(f"Kịch bản: mã {kind} “{name}” bị trùng.", field="id")
        seen.add(name)


def _check_life(dossier: ScenarioDossier, officers: frozenset[str]) -> None:
    title = f"Hồ sơ {dossier.id}"
    for name in (dossier.by, *(m.by for m in dossier.moves if m.by)):
        if name not in officers:
            raise InputError(f"{title}: không có công chức “{name}”.", field="by")
    moments = [dossier.received, *(m.at for m in dossier.moves)]
    if moments != sorted(moments):
        raise InputError(f"{title}: các bước không theo thứ tự thời gian.", field="at")
    try:
        _walk(dossier.moves)
    except MoveRefusedError as error:
        raise InputError(f"{title}: {error.message}", field="move") from None


def _walk(moves: Iterable[ScenarioMove]) -> Status:
    status, came_from = Status.RECEIVED, None
    for step in moves:
        target = target_of(status, step.move, came_from)
        if target is not status and status not in AWAITING:
            came_from = status
        status = target
    return status
