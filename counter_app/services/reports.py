"""Reports of a period (báo cáo kỳ): counted, checked, and leading to their dossiers."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from counter_app.domain.dossier import CHANNEL_LABELS, Channel, Move
from counter_app.domain.figures import (
    Against,
    Backdated,
    Breach,
    By,
    Figures,
    Group,
    Period,
    Report,
    breaches,
    group_breaches,
    passed_before,
)
from counter_app.domain.moments import from_epoch
from counter_app.domain.tallies import month_number
from counter_app.services import standings, visits
from counter_app.services.office import UNNAMED
from counter_app.services.report_proof import MOST_CODES, codes_of, named, unlike_pieces
from counter_app.services.settings import get_setting
from counter_app.storage import dossiers
from counter_app.storage import figures as table

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from counter_app.storage.database import Store

UNKNOWN_OFFICER, UNKNOWN = "(chưa ghi công chức)", "(chưa ghi)"
_CARRIED = "carried_over = pending.total của kỳ trước"


def make(
    store: Store,
    period: Period,
    *,
    against: Against = Against.DUE,
    by: By | None = None,
    now: datetime,
    is_recounted: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Count a period's figures and check that they add up.

    ``is_recounted`` holds the sums of whole months against the pieces too: what is looked at or
    handed in costs a count more. ``progress`` is told of each part; what it raises stops the work,
    which writes nothing.
    """
    standings.ensure(store, progress=progress)
    # Inside a transaction nobody else writes, so that one moment is seen anyway.
    with nullcontext() if store.in_transaction else store.snapshot():
        total = 2 if by is not By.MONTH else 2 + len(period.months())
        figures = _whole(store, period, against=against, now=now)
        _tell(progress, 1, total)
        moments = moments_of(store, period, now=now)
        found = [named(store, moments, one, against=against) for one in breaches(figures)]
        if is_recounted and is_summed(period, now):
            found += unlike_pieces(store, moments, figures, against=against, progress=progress)
        found += _carried(store, period, figures, against=against, now=now)
        groups = _groups(store, period, against=against, by=by, now=now, progress=progress)
        if by is By.MONTH:
            for group in groups:
                found += breaches(group.figures, f" [{group.name}]")
        elif by is not None:
            found += group_breaches(figures, groups)
        listed = _backdated(store, period, against=against, now=now)
        groups = tuple(
            _with_backdated(store, period, group, listed, against=against, by=by, now=now)
            for group in groups
        )
        _tell(progress, total, total)
    return Report(
        period=period,
        against=against,
        boundary=get_setting(store, "boundary"),
        by=by,
        figures=figures,
        made_at=now,
        groups=groups,
        breaches=tuple(found),
        backdated=listed,
    )


def _tell(progress: Callable[[int, int], None] | None, done: int, total: int) -> None:
    if progress is not None:
        progress(done, total)


def moments_of(store: Store, period: Period, *, now: datetime) -> tuple[int, int, int]:
    """Return what the statements of ``storage.figures`` take."""
    boundary = get_setting(store, "boundary")
    return period.first_at, period.last_at, passed_before(period, now, boundary)


def is_summed(period: Period, now: datetime) -> bool:
    """Tell whether the monthly sums answer for a period: whole months that are over."""
    return period.is_of_whole_months and period.last < now.date()


def _count(
    store: Store,
    period: Period,
    *,
    against: Against,
    key: str | None,
    now: datetime,
) -> dict[str, dict[str, int]]:
    moments = moments_of(store, period, now=now)
    if is_summed(period, now):
        first, last = month_number(period.first), month_number(period.last)
        found = table.count_months(store, first, last, against=against, key=key)
    else:
        found = table.count(store, moments, against=against, key=key)
    for group, counts in table.count_rare(store, moments, key=key).items():
        found.setdefault(group, {}).update(counts)
    told = visits.tally(store, first_at=moments[0], last_at=moments[1], key=key)
    for group, counts in told.items():
        found.setdefault(group, {}).update(counts)
    return found


def _whole(store: Store, period: Period, *, against: Against, now: datetime) -> Figures:
    return Figures.of(_count(store, period, against=against, key=None, now=now).get("", {}))


def _carried(
    store: Store, period: Period, figures: Figures, *, against: Against, now: datetime
) -> list[Breach]:
    """Compare what was carried over with what was pending when the period before ended."""
    before = period.before()
    if is_summed(period, now):
        pending = _whole(store, before, against=against, now=now).pending
    else:  # by the pieces too, or a fault would hide
        pending = table.pending_at(store, before.last_at)
    if pending == figures.carried_over:
        return []
    moments = moments_of(store, period, now=now)
    ours = table.ids_behind(store, "carried_over", moments, against=against)
    moments = moments_of(store, before, now=now)
    theirs = table.ids_behind(store, "pending", moments, against=against)
    differing = sorted(set(ours) ^ set(theirs))[:MOST_CODES]
    return [Breach(_CARRIED, figures.carried_over, pending, codes_of(store, differing))]


def _groups(
    store: Store,
    period: Period,
    *,
    against: Against,
    by: By | None,
    now: datetime,
    progress: Callable[[int, int], None] | None,
) -> tuple[Group, ...]:
    if by is None:
        return ()
    if by is By.MONTH:
        months = period.months()
        found = []
        for number, month in enumerate(months, start=1):
            figures = _whole(store, month, against=against, now=now)
            name = f"Tháng {month.first.month}/{month.first.year}"
            found.append(Group(f"{month.first:%Y-%m}", name, figures))
            _tell(progress, 1 + number, 2 + len(months))
        return tuple(found)
    counted = _count(store, period, against=against, key=by.value, now=now)
    names = _names(store, by)
    unknown = UNKNOWN_OFFICER if by is By.OFFICER else UNKNOWN
    groups = [
        Group(key, names.get(key) or key or unknown, figures)
        for key, figures in ((key, Figures.of(counts)) for key, counts in counted.items())
        if any(figures)
    ]
    return tuple(sorted(groups, key=lambda g: (-g.figures.received, g.name)))


def _names(store: Store, by: By) -> dict[str, str]:
    if by is By.CHANNEL:
        return {channel.value: CHANNEL_LABELS[channel] for channel in Channel}
    if by is By.OFFICE:
        known = table.names_of(store, "SELECT id, name FROM office")
        return {key: name or UNNAMED for key, name in known.items()}
    if by is By.PROCEDURE:
        return table.names_of(store, "SELECT code, name FROM procedure ORDER BY valid_from")
    return {}


def ids_behind(
    store: Store,
    period: Period,
    figure: str,
    *,
    against: Against = Against.DUE,
    by: str | None = None,
    key: str = "",
    now: datetime,
) -> list[int]:
    """Return the dossiers that one figure of a report counts, of one group or of all.

    ``by`` is what a report is split by, or ``WEEKDAY``.
    """
    if by == By.MONTH:
        period = next(m for m in period.months() if f"{m.first:%Y-%m}" == key)
        by = None
    moments = moments_of(store, period, now=now)
    return table.ids_behind(store, figure, moments, against=against, key=by, value=key)


def _with_backdated(
    store: Store,
    period: Period,
    group: Group,
    listed: tuple[Backdated, ...],
    *,
    against: Against,
    by: By | None,
    now: datetime,
) -> Group:
    """Give a group those of the listed acts that are its own."""
    if not group.figures.backdated:
        return group
    ids = ids_behind(store, period, "backdated", against=against, by=by, key=group.key, now=now)
    codes = set(codes_of(store, ids))
    return group._replace(backdated=tuple(one for one in listed if one.code in codes))


def _backdated(
    store: Store, period: Period, *, against: Against, now: datetime
) -> tuple[Backdated, ...]:
    """Tell which act of each listed dossier changed its verdict, or was dated back over it."""
    moments = moments_of(store, period, now=now)
    found = []
    for one in table.ids_behind(store, "backdated", moments, against=against):
        row = store.row(
            "SELECT uuid, coalesce(official_code, code) FROM dossier WHERE id = ?", (one,)
        )
        if row is None:
            continue
        events = dossiers.events_of(store, row[0])
        told = [e for e in events if e.at <= period.last_at and e.kind not in _SILENT]
        act = max(told, key=lambda e: (e.recorded_at - e.at, e.lamport))
        undone = [e for e in told if e.kind == Move.UNDO]
        if undone and act.recorded_at - act.at < _MINUTE:
            act = undone[-1]
        found.append(
            Backdated(
                code=row[1],
                kind=act.kind,
                at=from_epoch(act.at),
                recorded_at=from_epoch(act.recorded_at),
                by=act.by,
                reason=str(act.body.get("reason", "")),
            )
        )
    return tuple(found)


_MINUTE = 60
_SILENT = frozenset({Move.PRINT, Move.RECEIVE, Move.SET_OFFICIAL_CODE})
