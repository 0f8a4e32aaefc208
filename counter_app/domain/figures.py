"""The figures of a period (số liệu kỳ báo cáo): what is counted, what must add up, which rates."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from counter_app.domain.days import FIRST_YEAR, LAST_YEAR
from counter_app.domain.moments import to_epoch, to_json, to_minute
from counter_app.domain.timeliness import Boundary
from counter_app.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_WHOLE = 10_000  # a hundredth of a percent


class Against(StrEnum):
    """Which due date the verdicts are given by: the one in force, or the legal one."""

    DUE = "due"
    LEGAL = "legal"


class By(StrEnum):
    """What a report is split by."""

    SECTOR = "sector"
    PROCEDURE = "procedure"
    OFFICER = "officer"
    CHANNEL = "channel"
    MONTH = "month"
    OFFICE = "office"


WEEKDAY = "weekday"  # what only a chart is split by: the day on which dossiers came in


class Period(NamedTuple):
    """The days of a report, both included."""

    first: date
    last: date

    @property
    def first_at(self) -> int:
        """The first moment, in UTC seconds."""
        return to_epoch(datetime.combine(self.first, datetime.min.time()))

    @property
    def last_at(self) -> int:
        """The last second, in UTC seconds."""
        return to_epoch(datetime.combine(self.last, datetime.min.time())) + 86_399

    def before(self) -> Period:
        """Return the period of the same length that ends on the day before this one begins.

        Whole months go before whole months.
        """
        last = self.first - timedelta(days=1)
        if self.first.day == 1 and (self.last + timedelta(days=1)).day == 1:
            months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
            number = self.first.year * 12 + self.first.month - 1 - (months + 1)
            return Period(date(number // 12, number % 12 + 1, 1), last)
        return Period(last - (self.last - self.first), last)

    def months(self) -> list[Period]:
        """Cut the period at the ends of months."""
        found = []
        first = self.first
        while first <= self.last:
            following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
            last = min(self.last, following - timedelta(days=1))
            found.append(Period(first, last))
            first = following
        return found

    @property
    def is_of_whole_months(self) -> bool:
        """It begins with a month and ends with one."""
        return self.first.day == 1 and (self.last + timedelta(days=1)).day == 1


def passed_before(period: Period, now: datetime, boundary: str) -> int:
    """Return the moment before which a due moment must lie to have passed at the period's end.

    A period that isn't over is looked at as it stands now: nobody knows what will be done in time.
    """
    end = datetime.combine(period.last, datetime.min.time()) + timedelta(hours=23, minutes=59)
    moment = min(end, to_minute(now))
    if boundary == Boundary.DAY:
        moment = datetime.combine(moment.date(), datetime.min.time())
    return to_epoch(moment)


COUNTED = (
    "online",
    "counter_and_post",
    "carried_over",
    "resolved",
    "early",
    "on_time",
    "late",
    "pending",
    "pending_in_time",
    "pending_late",
    "refused",
    "withdrawn",
    "stopped",
    "apologised",
    "rescheduled",
    "late_before_supplement",
    "late_closed_otherwise",
    "backdated",
    "not_accepted",
    "guidance",
    "received_for_others",
    "digitised_input",
    "digitised_output",
    "surveys_returned",
    "surveys_satisfied",
)


class Figures(NamedTuple):
    """What was counted; the rest is computed from it."""

    online: int = 0
    counter_and_post: int = 0
    carried_over: int = 0
    resolved: int = 0
    early: int = 0
    on_time: int = 0
    late: int = 0
    pending: int = 0
    pending_in_time: int = 0
    pending_late: int = 0
    refused: int = 0
    withdrawn: int = 0
    stopped: int = 0
    apologised: int = 0
    rescheduled: int = 0
    late_before_supplement: int = 0
    late_closed_otherwise: int = 0
    backdated: int = 0
    not_accepted: int = 0
    guidance: int = 0
    received_for_others: int = 0
    digitised_input: int = 0
    digitised_output: int = 0
    surveys_returned: int = 0
    surveys_satisfied: int = 0

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> Figures:
        """Take counted figures; what isn't named is nothing."""
        return cls(**{name: counts.get(name, 0) for name in cls._fields})

    @property
    def received(self) -> int:
        """All that was there to be done: what came in and what was carried over."""
        return self.online + self.counter_and_post + self.carried_over

    @property
    def received_in_period(self) -> int:
        """What came in."""
        return self.online + self.counter_and_post

    def rates(self) -> dict[str, float | None]:
        """Return the rates in percent."""
        kept = self.early + self.on_time
        return {
            "on_time_rate": percent(kept, self.resolved),
            "on_time_rate_strict": percent(kept, self.resolved + self.pending_late),
            "digitised_input_rate": percent(self.digitised_input, self.received_in_period),
            "digitised_output_rate": percent(self.digitised_output, self.resolved),
        }

    def to_json(self) -> dict[str, object]:
        """Return the figures as the command line prints them."""
        return {
            "received": {
                "total": self.received,
                "online": self.online,
                "counter_and_post": self.counter_and_post,
                "carried_over": self.carried_over,
            },
            "resolved": {
                "total": self.resolved,
                "early": self.early,
                "on_time": self.on_time,
                "late": self.late,
            },
            "pending": {
                "total": self.pending,
                "in_time": self.pending_in_time,
                "late": self.pending_late,
            },
            **{name: getattr(self, name) for name in _PLAIN},
            **self.rates(),
            "surveys": {
                "returned": self.surveys_returned,
                "satisfied": self.surveys_satisfied,
                "returned_rate": percent(self.surveys_returned, self.resolved),
                "satisfied_rate": percent(self.surveys_satisfied, self.surveys_returned),
            },
        }


_PLAIN = (
    "refused",
    "withdrawn",
    "stopped",
    "apologised",
    "rescheduled",
    "late_before_supplement",
    "late_closed_otherwise",
    "not_accepted",
    "guidance",
    "received_for_others",
)


def percent(part: int, whole: int) -> float | None:
    """Return a share in percent with two decimals, half up; None over nothing.

    >>> percent(2, 3), percent(1, 0)
    (66.67, None)
    """
    if not whole:
        return None
    return ((2 * _WHOLE * part + whole) // (2 * whole)) / 100


class Breach(NamedTuple):
    """Two sides of an identity (đẳng thức) that differ, with the dossiers that make it so."""

    identity: str
    left: int
    right: int
    codes: tuple[str, ...] = ()


class Identity(NamedTuple):
    """What must add up (đẳng thức): its words and the figures on its two sides."""

    text: str
    left: tuple[str, ...]
    right: tuple[str, ...]


IDENTITIES = (
    Identity(
        "received.total = resolved.total + pending.total + refused + withdrawn + stopped",
        ("online", "counter_and_post", "carried_over"),
        ("resolved", "pending", "refused", "withdrawn", "stopped"),
    ),
    Identity(
        "resolved.total = early + on_time + late", ("resolved",), ("early", "on_time", "late")
    ),
    Identity("pending.total = in_time + late", ("pending",), ("pending_in_time", "pending_late")),
)


def breaches(figures: Figures, where: str = "") -> Iterator[Breach]:
    """Yield what doesn't add up within one set of figures."""
    for identity in IDENTITIES:
        left, right = (
            sum(getattr(figures, name) for name in names)
            for names in (identity.left, identity.right)
        )
        if left != right:
            yield Breach(identity.text + where, left, right)


def group_breaches(figures: Figures, groups: Iterable[Group]) -> Iterator[Breach]:
    """Yield what the groups don't add up to."""
    groups = list(groups)
    for group in groups:
        yield from breaches(group.figures, f" [{group.name}]")
    for name in COUNTED:
        left = getattr(figures, name)
        right = sum(getattr(group.figures, name) for group in groups)
        if left != right:
            yield Breach(f"{name} = tổng các nhóm", left, right)


class Backdated(NamedTuple):
    """A dossier whose verdict a later act changed."""

    code: str
    kind: str
    at: datetime
    recorded_at: datetime
    by: str
    reason: str

    def to_json(self) -> dict[str, object]:
        """Return it as the command line prints it."""
        return {
            "code": self.code,
            "kind": self.kind,
            "at": to_json(self.at),
            "recorded_at": to_json(self.recorded_at),
            "by": self.by,
            "reason": self.reason,
        }


class Group(NamedTuple):
    """One line of a split report."""

    key: str
    name: str
    figures: Figures
    backdated: tuple[Backdated, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """One period's report: figures, groups, what doesn't add up."""

    period: Period
    against: Against
    boundary: str
    by: By | None
    figures: Figures
    made_at: datetime
    groups: tuple[Group, ...] = ()
    breaches: tuple[Breach, ...] = ()
    backdated: tuple[Backdated, ...] = field(default=())

    def to_json(self) -> dict[str, object]:
        """Return the report as the command line prints it."""
        return {
            "from": self.period.first.isoformat(),
            "to": self.period.last.isoformat(),
            **self.figures.to_json(),
            "backdated": [one.to_json() for one in self.backdated],
            "against": self.against.value,
            "boundary": self.boundary,
            "by": self.by,
            "groups": [
                {
                    "key": group.key,
                    "name": group.name,
                    **group.figures.to_json(),
                    "backdated": [one.to_json() for one in group.backdated],
                }
                for group in self.groups
            ],
            "breaches": [
                {**breach._asdict(), "codes": list(breach.codes)} for breach in self.breaches
            ],
        }


def read_period(first: date, last: date) -> Period:
    """Return the period between two days.

    Raises:
        InputError: it ends before it begins, or lies in no year of ours.
    """
    if last < first:
        raise InputError(
            f"Kỳ báo cáo kết thúc ({last:%d/%m/%Y}) trước khi bắt đầu ({first:%d/%m/%Y}). "
            "Sửa lại ngày rồi xem.",
            field="to",
        )
    for name, found in (("from", first), ("to", last)):
        if not FIRST_YEAR <= found.year <= LAST_YEAR:  # a period before must be one, too
            raise InputError(
                f"Năm của kỳ báo cáo phải từ {FIRST_YEAR} đến {LAST_YEAR}. Sửa lại ngày rồi xem.",
                field=name,
            )
    return Period(first, last)
