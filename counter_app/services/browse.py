"""Tables of dossiers: pages by key, counts, the day's figures, search."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from counter_app.domain.facts import DayFigures, DossierRow, FilterCounts
from counter_app.domain.history import day_number
from counter_app.domain.moments import to_epoch, to_minute
from counter_app.errors import NotFoundError
from counter_app.services import apologies, calendars, lookup, owed
from counter_app.services.searching import fts_query, search
from counter_app.services.settings import get_setting
from counter_app.storage import dossiers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime

    from counter_app.domain.facts import DossierFacts
    from counter_app.domain.list_filter import ListFilter
    from counter_app.storage.database import Store

__all__ = [
    "FILTERS",
    "counts",
    "day_figures",
    "dossiers_of",
    "fts_query",
    "list_dossiers",
    "page",
    "promises_ahead",
    "rows_of",
    "search",
    "span",
]

_OPEN = (
    "status IN ('received','processing','awaiting_supplement','awaiting_payment') AND is_void = 0"
)
# What another unit resolves stands outside the office's own deadlines (phi địa giới).
_OURS = f"{_OPEN} AND competent_unit = ''"
_COLUMNS = f"SELECT {dossiers.ROW_COLUMNS} FROM dossier"  # noqa: S608
_SELECT = f"{_COLUMNS} WHERE office_id = 1 AND "
_SOON_DAYS = 2
_AHEAD_DAYS = 10
_MOST_AT_ONCE = 500


class Span(NamedTuple):
    """The days a filter speaks of, as the database stores them."""

    today: int
    soon: int
    midnight: int
    now: int


class Filter(NamedTuple):
    """One filter: its condition, the column its pages run along and the index that holds both.

    The index is named, because the database has no figures of its own to choose it by.
    """

    where: str
    params: Callable[[Span], tuple[int, ...]]
    key: str
    descending: bool
    via: str


FILTERS: dict[str, Filter] = {
    "all": Filter(
        "is_void = 0", lambda _s: (), "received_at", descending=True, via="dossier_received"
    ),
    "open": Filter(
        _OPEN, lambda _s: (), "received_at", descending=True, via="dossier_open_received"
    ),
    "arrived_today": Filter(
        "is_void = 0 AND received_at >= ?",
        lambda s: (s.midnight,),
        "received_at",
        descending=True,
        via="dossier_received",
    ),
    "due_today": Filter(
        f"{_OURS} AND due_day = ?",
        lambda s: (s.today,),
        "due_at",
        descending=False,
        via="dossier_open_due",
    ),
    "due_soon": Filter(
        f"{_OURS} AND due_day > ? AND due_day <= ?",
        lambda s: (s.today, s.soon),
        "due_at",
        descending=False,
        via="dossier_open_due",
    ),
    # By day: ``_late_filter`` puts the minute in where the office counts lateness by it.
    "late": Filter(
        f"{_OURS} AND (due_day < ? OR late_due_at IS NOT NULL)",
        lambda s: (s.today,),
        "received_at",
        descending=False,
        via="dossier_open_received",
    ),
    "for_others": Filter(
        f"{_OPEN} AND competent_unit <> ''",
        lambda _s: (),
        "received_at",
        descending=False,
        via="dossier_elsewhere",
    ),
    "waiting": Filter(
        "status = 'completed' AND is_void = 0",
        lambda _s: (),
        "completed_at",
        descending=False,
        via="dossier_waiting",
    ),
    "awaiting": Filter(
        f"{_OPEN} AND status IN ('awaiting_supplement','awaiting_payment')",
        lambda _s: (),
        "received_at",
        descending=False,
        via="dossier_open_received",
    ),
    "without_official_code": Filter(
        "official_code IS NULL AND is_void = 0 AND closed_at IS NULL AND returned_at IS NULL",
        lambda _s: (),
        "received_at",
        descending=True,
        via="dossier_without_official",
    ),
}


def span(store: Store, now: datetime) -> Span:
    """Return the days that "today" and "soon" mean now."""
    soon = calendars.calendar(store).add_working_days(now.date(), _SOON_DAYS)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    today = day_number(to_epoch(now))
    return Span(today, today + (soon - now.date()).days, to_epoch(midnight), to_epoch(now))


def page(
    store: Store,
    *,
    name: str = "all",
    after: DossierRow | None = None,
    count: int = 50,
    now: datetime,
) -> list[DossierRow]:
    """Return the next ``count`` rows of a filter after a row, by key and never by offset.

    Raises:
        NotFoundError: there is no such filter.
    """
    if name == "owes_apology":
        return rows_of(store, owed.ids_of_page(store, after=after, count=count, now=now))
    chosen = FILTERS.get(name) if name != "late" else _late_filter(store, now)
    if chosen is None:
        raise NotFoundError(f"Không có bộ lọc “{name}”.", field="filter")
    params = chosen.params(span(store, now)) if chosen.params(_NO_SPAN) else ()
    order, sign = ("DESC", "<") if chosen.descending else ("ASC", ">")
    where = chosen.where
    if after is not None:
        where += f" AND ({chosen.key}, id) {sign} (?, ?)"
        params += (getattr(after, chosen.key), after.id)
    rows = store.rows(
        f"{_COLUMNS} INDEXED BY {chosen.via} WHERE office_id = 1 AND {where} "
        f"ORDER BY {chosen.key} {order}, id {order} LIMIT ?",
        (*params, count),
    )
    return [DossierRow._make(row) for row in rows]


_NO_SPAN = Span(0, 0, 0, 0)


def _late_filter(store: Store, now: datetime) -> Filter:
    passed, params = apologies.passed_condition(get_setting(store, "boundary"), now)
    where = f"{_OURS} AND ({passed} OR late_due_at IS NOT NULL)"
    return FILTERS["late"]._replace(where=where, params=lambda _s: params)


def rows_of(store: Store, ids: list[int]) -> list[DossierRow]:
    """Return the rows of these ids in their order; ids without a row are left out."""
    found: dict[int, DossierRow] = {}
    for start in range(0, len(ids), _MOST_AT_ONCE):
        some = ids[start : start + _MOST_AT_ONCE]
        marks = ",".join("?" * len(some))
        rows = store.rows(f"{_COLUMNS} WHERE id IN ({marks})", some)
        found.update({row[0]: DossierRow._make(row) for row in rows})
    return [found[one] for one in ids if one in found]


def _count(store: Store, where: str, params: tuple[int, ...] = (), *, via: str = "") -> int:
    """Count what fits; ``via`` names the index where the database would choose a longer one."""
    table = f"dossier INDEXED BY {via}" if via else "dossier"
    row = store.row(f"SELECT count(*) FROM {table} WHERE office_id = 1 AND {where}", params)  # noqa: S608
    return int(row[0]) if row else 0


def _for_others(store: Store) -> int:
    """Count what waits at another competent unit, among the open ones and no others."""
    chosen = FILTERS["for_others"]
    return _count(store, chosen.where, via=chosen.via)


def counts(store: Store, *, now: datetime) -> FilterCounts:
    """Return the counts one can press above the table."""
    days = span(store, now)
    return FilterCounts(
        everything=_count(store, "is_void = 0"),
        due_today=_count(store, FILTERS["due_today"].where, (days.today,)),
        due_soon=_count(store, FILTERS["due_soon"].where, (days.today, days.soon)),
        late=apologies.count_late_open(store, as_of=now),
        waiting_collection=_count(store, FILTERS["waiting"].where),
    )


def day_figures(store: Store, *, now: datetime) -> DayFigures:
    """Return the six figures of the day and the promises of the next working days."""
    days = span(store, now)
    return DayFigures(
        arrived_today=_count(store, FILTERS["arrived_today"].where, (days.midnight,)),
        due_today=_count(store, FILTERS["due_today"].where, (days.today,)),
        late=apologies.count_late_open(store, as_of=now),
        waiting_collection=_count(store, FILTERS["waiting"].where),
        owes_apology=apologies.count_owed(store, as_of=now),
        without_official_code=_count(store, FILTERS["without_official_code"].where),
        received_for_others=_for_others(store),
        promises=promises_ahead(store, now=now),
    )


def promises_ahead(
    store: Store, *, now: datetime, ahead: int = _AHEAD_DAYS
) -> tuple[tuple[date, int], ...]:
    """Return how many open dossiers are promised for each of the next working days, today first."""
    calendar = calendars.calendar(store)
    today = now.date()
    days = [today] if calendar.is_working_day(today) else []
    day = today
    while len(days) < ahead:
        day = calendar.next_working_day(day)
        days.append(day)
    first = day_number(to_epoch(now))
    rows = dict(
        store.rows(
            f"SELECT due_day, count(*) FROM dossier WHERE office_id = 1 AND {_OURS} "  # noqa: S608
            "AND due_day >= ? AND due_day <= ? GROUP BY due_day",
            (first, first + (days[-1] - today).days),
        )
    )
    return tuple((d, rows.get(first + (d - today).days, 0)) for d in days)


def dossiers_of(store: Store, *, number: str, limit: int = 50) -> list[DossierRow]:
    """Return the dossiers of a citizen or an organisation, newest first."""
    rows = store.rows(
        f"{_SELECT}citizen_id = ?1 UNION ALL {_SELECT}tax_code = ?1 ORDER BY id DESC LIMIT ?2",
        (number, limit),
    )
    return [DossierRow._make(row) for row in rows]


def list_dossiers(
    store: Store,
    *,
    status: str = "",
    due_before: datetime | None = None,
    late_only: bool = False,
    without_official_code: bool = False,
    chosen: ListFilter | None = None,
    as_of: datetime,
    limit: int = -1,
) -> Iterator[DossierFacts]:
    """Yield dossiers by the conditions of the ``list`` verb, newest first."""
    where, params = ["office_id = 1 AND is_void = 0"], list[int | str]()
    if status:
        where.append("status = ?")
        params.append(status)
    if due_before is not None:
        where.append("due_at < ?")
        params.append(to_epoch(to_minute(due_before)))
    if late_only:
        passed, values = apologies.passed_condition(get_setting(store, "boundary"), as_of)
        where.append(
            f"(({_OPEN} AND (late_due_at IS NOT NULL OR {passed})) OR timeliness = 'late')"
        )
        params.extend(values)
    if without_official_code:
        where.append("official_code IS NULL")
    if chosen:
        from counter_app.services import filters  # the window's first page needs none

        more, others = filters.condition(store, chosen, now=as_of)
        where.append(more)
        params.extend(others)
    rows = store.execute(
        f"{dossiers.SELECT_STATE}WHERE {' AND '.join(where)} "
        "ORDER BY received_at DESC, id DESC LIMIT ?",
        (*params, limit),
    )
    return (lookup.plain_facts(store, row, now=as_of) for row in rows.fetchall())
