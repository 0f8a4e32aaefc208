"""Chốt kỳ: a report that was handed in stays, and a later recount says what differs and why."""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from counter_app.domain.dossier import Move
from counter_app.domain.doubts import DOUBT
from counter_app.domain.facts import PLAIN_FIELDS
from counter_app.domain.figures import COUNTED, Against, Figures, Period, breaches
from counter_app.domain.history import BROKEN
from counter_app.domain.moments import from_epoch, to_epoch
from counter_app.domain.report_words import FIGURE_LABELS, breach_sentence, period_name
from counter_app.domain.story import act_name
from counter_app.errors import InputError, MoveRefusedError, NotFoundError
from counter_app.services import audit, journal, reports, standings
from counter_app.services.turns import check_line
from counter_app.storage import dossiers
from counter_app.storage import figures as table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from counter_app.domain.figures import Report
    from counter_app.domain.history import Event
    from counter_app.storage.database import Store

_LISTED = tuple(name for name in COUNTED if name not in {"not_accepted", "guidance"})
_COLUMNS = 'id, uuid, name, from_day, to_day, against, boundary, figures, frozen_at, "by"'
_KEPT = (
    'uuid, office_id, name, from_day, to_day, against, boundary, figures, dossiers, frozen_at, "by"'
)
_INSERT = f"INSERT INTO frozenreport ({_KEPT}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
# What a correction may change without any figure counting otherwise.
_COUNTS_NOTHING = frozenset(PLAIN_FIELDS) - {"channel", "documents"}
_NEVER_THE_CAUSE = frozenset({Move.PRINT, Move.SET_OFFICIAL_CODE, Move.FEE, Move.CONTACT, DOUBT})
# What another desk had recorded in time and this one didn't know yet.
_CAME_SINCE = (
    "SELECT s.event_uuid FROM syncrun r JOIN syncrunevent s ON s.run_id = r.id "
    "WHERE r.kind = 'import' AND r.at >= ?"
)


class Frozen(NamedTuple):
    """A report as it was handed in."""

    id: int
    uuid: str
    name: str
    period: Period
    against: Against
    boundary: str
    figures: Figures
    frozen_at: datetime
    by: str


class Change(NamedTuple):
    """One dossier that a figure counts now and didn't, or did and doesn't any more."""

    code: str
    is_added: bool
    cause: str
    recorded_at: datetime | None
    by: str


class Difference(NamedTuple):
    """A figure that a recount finds otherwise than it was handed in."""

    figure: str
    before: int
    now: int
    changes: tuple[Change, ...]


class Prepared(NamedTuple):
    """A report that was counted to be handed in: its figures and their dossiers, of one moment."""

    report: Report
    dossiers: str
    by: str


def freeze(store: Store, period: Period, *, against: Against, by: str, now: datetime) -> Frozen:
    """Keep a period's figures and dossiers as they are handed in.

    Raises:
        InputError: the figures don't add up, or nobody answers for them.
        MoveRefusedError: the period isn't over.
    """
    return keep(store, prepare(store, period, against=against, by=by, now=now))


def prepare(
    store: Store,
    period: Period,
    *,
    against: Against,
    by: str,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> Prepared:
    """Count what is handed in, as of one moment and while others save; nothing is written yet.

    ``progress`` hears parts done and all parts; what it raises stops the work.

    Raises:
        InputError: the figures don't add up, or nobody answers for them.
        MoveRefusedError: the period isn't over.
    """
    name = check_line(by, field="by", label="Tên người chốt")
    if not name:
        raise InputError("Chưa ghi tên người chốt báo cáo. Chọn công chức rồi chốt.", field="by")
    if period.last >= now.date():
        raise MoveRefusedError(
            f"Kỳ báo cáo đến hết {period.last:%d/%m/%Y} mới kết thúc nên chưa chốt được. "
            "Chưa ghi gì."
        )
    journal.check_clock(store, now)
    standings.ensure(store, progress=progress)
    with store.snapshot():
        report = reports.make(
            store, period, against=against, now=now, is_recounted=True, progress=progress
        )
        if report.breaches:
            raise InputError(
                f"Số liệu chưa khớp nên chưa chốt. {breach_sentence(report.breaches[0])} "
                "Chạy kiểm tra dữ liệu (check) rồi làm lại."
            )
        counted = _counted(store, period, against, now=now, progress=progress)
    return Prepared(report, dossiers.dump(counted), name)


def keep(store: Store, prepared: Prepared) -> Frozen:
    """Write a report that was counted, under the moment of its count.

    What is saved between the count and this is later told as a difference with its cause.
    """
    report = prepared.report
    period = report.period
    with store.transaction():
        values = (
            uuid.uuid4().hex,
            journal.desk(store).office_id,
            period_name(period),
            period.first.isoformat(),
            period.last.isoformat(),
            report.against.value,
            report.boundary,
            dossiers.dump(report.figures._asdict()),
            prepared.dossiers,
            to_epoch(report.made_at),
            prepared.by,
        )
        store.execute(_INSERT, values)
        # The log is chained: it tells later whether the report is still the one handed in.
        audit.record(
            store,
            "report-freeze",
            target=period_name(period),
            report=values[0],
            sha256=_hash(values),
        )
    return all_frozen(store)[0]


def _hash(values: Sequence[object]) -> str:
    """Return the hash of what is kept of a report, in the order of its columns."""
    text = json.dumps([str(value) for value in values], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def broken(store: Store) -> Iterator[tuple[str, str]]:
    """Yield what doesn't hold of the reports that were handed in, and of which.

    Each figure is the length of its list of dossiers, what must add up does, every dossier is
    here, and the whole is what the chained log noted. A report frozen by an older version has no
    note; one that was noted is still there.
    """
    noted = dict(
        store.rows(
            "SELECT json_extract(detail, '$.report'), json_extract(detail, '$.sha256') "
            "FROM auditentry WHERE act = 'report-freeze' "
            "AND json_extract(detail, '$.report') IS NOT NULL"
        )
    )
    for number, *values in store.rows(f"SELECT id, {_KEPT} FROM frozenreport ORDER BY id"):  # noqa: S608
        where = f"báo cáo đã chốt số {number}, {values[2]}"
        told = noted.pop(values[0], None)
        if told is not None and told != _hash(values):
            yield "khác với lúc chốt", where
        try:
            yield from ((what, where) for what in _unlike(store, values[7], values[8]))
        except BROKEN:
            yield "có giá trị không đúng dạng", where
    for own in noted:
        yield "báo cáo đã chốt không còn trong dữ liệu", own


def _unlike(store: Store, figures: str, lists: str) -> Iterator[str]:
    """Yield where the figures of a report aren't what its lists of dossiers say."""
    kept = Figures.of(json.loads(figures))
    listed: dict[str, list[int]] = json.loads(lists)
    for name in _LISTED:
        ids, count = listed[name], getattr(kept, name)
        # Letters are counted, and a dossier may have had two of them.
        is_so = bool(ids) == bool(count) if name == "apologised" else count == len(ids)
        if not is_so or len(set(ids)) != len(ids):
            yield f"“{FIGURE_LABELS[name]}” ghi {count}, danh sách có {len(ids)} hồ sơ"
    for breach in breaches(kept):
        yield breach_sentence(breach)
    known = {row[0] for row in store.rows("SELECT id FROM dossier")}
    lost = {one for ids in listed.values() for one in ids} - known
    if lost:
        yield f"danh sách có {len(lost)} hồ sơ không còn trong dữ liệu"


def _counted(
    store: Store,
    period: Period,
    against: Against,
    *,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, list[int]]:
    moments = reports.moments_of(store, period, now=now)
    found = {}
    for number, name in enumerate(_LISTED):
        if progress is not None:
            progress(number, len(_LISTED))
        found[name] = table.ids_behind(store, name, moments, against=against)
    return found


def all_frozen(store: Store) -> list[Frozen]:
    """Return the reports that were handed in, the newest first."""
    rows = store.rows(f"SELECT {_COLUMNS} FROM frozenreport ORDER BY id DESC")  # noqa: S608
    return [
        Frozen(
            number,
            own,
            name,
            Period(date.fromisoformat(first), date.fromisoformat(last)),
            Against(against),
            boundary,
            Figures.of(json.loads(figures)),
            from_epoch(at),
            by,
        )
        for number, own, name, first, last, against, boundary, figures, at, by in rows
    ]


def compare(
    store: Store,
    number: int,
    *,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> list[Difference]:
    """Count a period that was handed in anew and say what differs, with each dossier's cause.

    ``progress`` hears parts done and all parts; what it raises stops the work.

    Raises:
        NotFoundError: there is no such report.
    """
    kept = next((one for one in all_frozen(store) if one.id == number), None)
    row = store.row("SELECT dossiers FROM frozenreport WHERE id = ?", (number,))
    if kept is None or row is None:
        raise NotFoundError(f"Không có báo cáo đã chốt số {number}.", field="id")
    report = reports.make(store, kept.period, against=kept.against, now=now, progress=progress)
    told: dict[str, list[int]] = json.loads(row[0])
    counted = _counted(store, kept.period, kept.against, now=now, progress=progress)
    found = []
    for name in _LISTED:
        before, then = getattr(kept.figures, name), getattr(report.figures, name)
        old, new = set(told[name]), set(counted[name])
        if before != then or old != new:
            changes = _changes(store, kept, old, new, boundary=report.boundary)
            found.append(Difference(name, before, then, tuple(changes)))
    return found


def _changes(
    store: Store, kept: Frozen, old: set[int], new: set[int], *, boundary: str
) -> Iterator[Change]:
    since = to_epoch(kept.frozen_at)
    came = {event for (event,) in store.rows(_CAME_SINCE, (since,))}
    for one in sorted(old ^ new):
        row = store.row(
            "SELECT uuid, coalesce(official_code, code) FROM dossier WHERE id = ?", (one,)
        )
        if row is None:
            continue
        events = [
            event
            for event in dossiers.events_of(store, row[0])
            if event.recorded_at >= since or event.uuid in came
        ]
        cause, event = _cause(events, kept)
        if event is not None and event.recorded_at < since:
            cause = f"Bước “{act_name(event.kind)}” ở {event.counter}, gói nhận sau khi chốt"
        if event is None and boundary != kept.boundary:
            cause = "Đổi cách tính ngày hẹn (theo ngày hay theo phút)"
        yield Change(
            code=row[1],
            is_added=one in new,
            cause=cause,
            recorded_at=None if event is None else from_epoch(event.recorded_at),
            by="" if event is None else event.by,
        )


def _cause(events: list[Event], kept: Frozen) -> tuple[str, Event | None]:
    """Name the act, recorded or come here since, that reaches back into the period."""
    for event in events:
        if event.kind == Move.UNDO:
            undone = act_name(event.body.get("undoes", Move.RECEIVE))
            return f"Hoàn tác bước “{undone}”", event
    for event in events:
        if event.at > kept.period.last_at:
            continue
        if event.kind == Move.CORRECT and not _COUNTS_NOTHING.issuperset(event.body.get("set", {})):
            return "Sửa thông tin", event
        if event.kind in _NEVER_THE_CAUSE:
            continue
        if event.kind == Move.RECEIVE:
            is_list = event.body.get("source") == "list" or (
                event.body.get("set", {}).get("source") == "list"
            )
            return ("Nhập muộn từ danh sách" if is_list else "Nhập muộn"), event
        if event.kind != Move.CORRECT:
            return f"Ghi lùi bước “{act_name(event.kind)}”", event
    return "Không rõ nguyên nhân; chạy kiểm tra dữ liệu (check)", None
