"""The yearly register (sổ theo dõi hồ sơ): numbers given once, volumes printed from them."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING

from counter_app.domain.moments import epoch_day, to_epoch
from counter_app.domain.office_names import in_sentence
from counter_app.domain.register import RegisterRow, RegisterVolume
from counter_app.errors import InputError
from counter_app.services import audit, journal, office, rights
from counter_app.services.paper_events import form_of, wordings
from counter_app.services.settings import get_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from counter_app.storage.database import Store

VOLUME_ROWS = 500  # lines of a volume; the next one goes on with the numbers
_FIRST_YEAR = 2000

_GIVE = (
    "INSERT INTO registerentry (office_id, book, year, number, dossier_id) "
    "SELECT 1, ?1, ?2, (SELECT coalesce(max(number), 0) FROM registerentry "
    "WHERE office_id = 1 AND book = ?1 AND year = ?2) + row_number() OVER (ORDER BY received_at, "
    "id), id FROM dossier WHERE office_id = 1 AND received_at >= ?3 AND received_at < ?4 "
    "AND (?1 = '' OR sector = ?1) AND id NOT IN (SELECT dossier_id FROM registerentry "
    "WHERE office_id = 1 AND book = ?1)"
)
_CELLS = (
    "coalesce(d.official_code, d.code), d.procedure_name, d.applicant_name, "
    "d.address, d.phone, d.resolving_unit, d.received_at, d.due_at, d.legal_due_at, "
    "d.returned_at, d.details, d.is_void, d.status"
)
_SOME = (
    f"SELECT r.year, r.number, {_CELLS}, d.id FROM dossier d LEFT JOIN registerentry r "  # noqa: S608
    "ON r.dossier_id = d.id AND r.book = '' WHERE d.id IN ({marks})"
)
_AT_ONCE = 500
_ROWS = (
    f"SELECT r.number, {_CELLS} FROM registerentry r JOIN dossier d ON d.id = r.dossier_id "  # noqa: S608
    "WHERE r.office_id = 1 AND r.book = ? AND r.year = ? AND r.number BETWEEN ? AND ? "
    "ORDER BY r.number"
)


def number_register(store: Store, *, year: int, sector: str = "", now: datetime) -> int:
    """Give a number to each of the year's dossiers that has none in this book; return the last.

    A number is given once, in the order of receipt among those that had none; one recorded
    later goes on at the end, so that a printed page never changes its numbers.

    Raises:
        InputError: the year lies ahead, or before there were registers here.
        ClockError: the clock stands before the last saved moment.
    """
    if not _FIRST_YEAR <= year <= now.year:
        raise InputError(
            f"Không có sổ theo dõi của năm {year}. Chọn một năm từ {_FIRST_YEAR} đến {now.year}.",
            field="year",
        )
    with store.transaction():
        journal.check_clock(store, now)
        bounds = (to_epoch(datetime(year, 1, 1)), to_epoch(datetime(year + 1, 1, 1)))
        before = _last(store, sector, year)
        store.execute(_GIVE, (sector, year, *bounds))
        last = _last(store, sector, year)
        if last != before:
            audit.note(
                store,
                "print-lists",
                target=f"{sector} {year}".strip(),
                what="cấp số sổ theo dõi",
                was=before,
                now=last,
            )
        return last


def _last(store: Store, sector: str, year: int) -> int:
    row = store.row(
        "SELECT coalesce(max(number), 0) FROM registerentry "
        "WHERE office_id = 1 AND book = ? AND year = ?",
        (sector, year),
    )
    return int(row[0]) if row else 0


def register_volumes(
    store: Store, *, year: int, sector: str = "", volume: int = 0, last: int, now: datetime
) -> Iterator[RegisterVolume]:
    """Read a year's volumes one at a time, or the one that is asked for."""
    here = office.office(store)
    settings = get_settings(store)
    numbers = [volume] if volume else range(1, _count(last) + 1)
    for number in numbers:
        first_row, last_row = (number - 1) * VOLUME_ROWS + 1, number * VOLUME_ROWS
        rows = tuple(
            _row(found) for found in store.rows(_ROWS, (sector, year, first_row, last_row))
        )
        is_full = last >= last_row
        opened = datetime(year, 1, 1).date()
        if number > 1 and rows and rows[0].received:
            opened = rows[0].received
        closed = datetime(year, 12, 31).date() if year < now.year else None
        if is_full and last > last_row and rows and rows[-1].received:
            closed = rows[-1].received
        yield RegisterVolume(
            wording_version=form_of(store, now).version,
            office_parent=here.parent,
            office_name=here.name,
            office_title=in_sentence(here.name),
            place=settings["place"],
            is_rehearsal=here.is_rehearsal,
            year=year,
            volume=number,
            sector=sector,
            opened_on=opened,
            closed_on=closed,
            printed_on=now.date(),
            rows=rows,
        )


def register_pdf(
    store: Store,
    *,
    year: int,
    sector: str = "",
    volume: int = 0,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> bytes:
    """Number what has no number yet, then make the PDF of a year's register or one volume.

    Raises:
        InputError: no such year or volume; nothing is printed.
        PaperError: a page can't be made; the numbers stay given.
    """
    from counter_app.documents.render_tables import render_register

    rights.demand(store, "print-lists")
    last = number_register(store, year=year, sector=sector, now=now)
    count = _count(last)
    if not 0 <= volume <= count:
        raise InputError(
            f"Sổ theo dõi năm {year} có {count} quyển, không có quyển {volume}. Chưa in gì.",
            field="volume",
        )
    volumes = register_volumes(store, year=year, sector=sector, volume=volume, last=last, now=now)
    audit.note(store, "print-lists", what="sổ theo dõi", target=str(year), count=last)
    return render_register(
        volumes, total=1 if volume else count, progress=progress, wordings=wordings(store)
    )


def rows_of(store: Store, ids: Sequence[int]) -> Iterator[RegisterRow]:
    """Yield the lines of some dossiers, numbered here; a number of the book is told beside it."""
    number = 0
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        marks = ",".join("?" * len(some))
        found = {row[-1]: row for row in store.rows(_SOME.format(marks=marks), some)}
        for one in some:
            if one in found:
                number += 1
                year, given, *cells = found[one][:-1]
                row = _row((number, *cells))
                told = f"Sổ năm {year}, số {given}" if given else ""
                yield row._replace(note="\n".join(text for text in (row.note, told) if text))


def _count(last: int) -> int:
    return max(1, -(-last // VOLUME_ROWS))


def _row(found: tuple[object, ...]) -> RegisterRow:
    (
        number, code, procedure, owner, address, phone, unit, received, due, legal, returned,
        details, is_void, status,
    ) = found  # fmt: skip
    told_more = json.loads(str(details))
    told = {"refused": "Từ chối", "withdrawn": "Rút hồ sơ", "stopped": "Dừng giải quyết"}
    promised = due or legal
    return RegisterRow(
        number=int(str(number)),
        code=str(code),
        procedure_name=str(procedure),
        sets=told_more.get("copies", 1),
        owner_name=str(owner),
        address_phone="\n".join(str(part) for part in (address, phone) if part),
        unit=str(unit or ""),
        received=_day(received),
        due=_day(promised),
        returned=_day(returned),
        result_to=told_more.get("result_to", "counter"),
        collected_by=told_more.get("collected_by", ""),
        note="Đã hoàn tác tiếp nhận" if is_void else told.get(str(status), ""),
    )


def _day(seconds: object) -> date | None:
    return None if seconds is None else epoch_day(int(str(seconds)))
