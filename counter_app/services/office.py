"""The office, its people and this desk: first start, set-up, officers, units."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from counter_app.domain.moments import to_epoch
from counter_app.domain.numbering import check_agency_code
from counter_app.domain.opening_facts import OfficeFacts, OfficerFacts
from counter_app.domain.vietnamese import clean_line, unsupported_characters
from counter_app.errors import InputError, InputErrors, MoveRefusedError
from counter_app.services.settings import get_settings, set_setting

if TYPE_CHECKING:
    from datetime import datetime

    from counter_app.storage.database import Store

UNNAMED = "Bộ phận một cửa (chưa đặt tên)"
_LONGEST_NAME = 200
_HIGHEST_COUNTER = 99


def begin(store: Store, *, machine_mark: str, now: datetime) -> None:
    """Give a new database its identity, or a copied one a new epoch.

    A database that wakes on another machine or in another folder is a copy: its numbers go on
    under a new epoch, so that two copies never write the same place in the chain.
    """
    row = store.row("SELECT id, machine_mark FROM installation WHERE is_self = 1")
    if row is not None and (row[1] == machine_mark or store.read_only):
        return
    import uuid

    from counter_app.services import catalogue  # only a new folder needs it here

    with store.transaction():
        if row is not None:
            begin_epoch(store, machine_mark=machine_mark)
            if store.row("SELECT 1 FROM event LIMIT 1") is not None:
                leave_gap(store, day=now)
            return
        store.execute(
            "INSERT INTO office (id, name, parent, agency_code, province_code, is_rehearsal) "
            "VALUES (1, '', '', '', '', 0)"
        )
        store.execute(
            "INSERT INTO installation (uuid, office_id, counter_number, counter_name, epoch, "
            "machine_mark, is_self, last_sequence, last_lamport, last_moment, head_hash) "
            "VALUES (?, 1, 1, 'Quầy 1', 1, ?, 1, 0, 0, ?, ?)",
            (uuid.uuid4().hex, machine_mark, min(0, to_epoch(now)), bytes(32)),
        )
        catalogue.seed(store)


# Series that give a number a day, and how much is left out for what a lost or other copy gave:
# more than a desk gives in a day.
_DAILY_SERIES = ("dossier", "visit")
_GAP = 500
_GAPS = "_number_gaps"
_LAST_GIVEN = (
    "SELECT last FROM series WHERE kind = ? AND period = ? AND installation_id = "
    "(SELECT id FROM installation WHERE is_self = 1)"
)


class NumberGap(NamedTuple):
    """Numbers of a day that are never given, because a lost or other copy may have given them."""

    kind: str
    day: date
    first: int
    last: int


def leave_gap(store: Store, *, day: datetime) -> None:
    """Give today's numbers from behind a gap: others may have been given that aren't known here.

    What stays empty is noted, so that who misses a number is told why.
    """
    period = f"{day:%y%m%d}"
    left = number_gaps(store)
    for kind in _DAILY_SERIES:
        row = store.row(_LAST_GIVEN, (kind, period))
        last = int(row[0]) if row else 0
        if last < _GAP and (row is not None or kind == "dossier"):
            left.append(NumberGap(kind, day.date(), last + 1, _GAP))
        raise_series(store, kind, period, _GAP)
    told = [[gap.kind, gap.day.isoformat(), gap.first, gap.last] for gap in left]
    store.execute(
        "INSERT INTO setting (key, value) VALUES (?, ?) "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (_GAPS, json.dumps(told)),
    )


def number_gaps(store: Store) -> list[NumberGap]:
    """Return the numbers that this desk left out, oldest first."""
    row = store.row("SELECT value FROM setting WHERE key = ?", (_GAPS,))
    return [
        NumberGap(kind, date.fromisoformat(day), first, last)
        for kind, day, first, last in (json.loads(row[0]) if row else [])
    ]


def raise_series(store: Store, kind: str, period: str, number: int) -> None:
    """Let no number of this desk's series be given again up to this one."""
    store.execute(
        "INSERT INTO series (installation_id, kind, period, last) "
        "SELECT id, ?, ?, ? FROM installation WHERE is_self = 1 "
        "ON CONFLICT (installation_id, kind, period) "
        "DO UPDATE SET last = max(last, excluded.last)",
        (kind, period, number),
    )


_KEEP_CHAIN = (
    "INSERT INTO knownchain (origin, epoch, counter_number, counter_name, usable, base_hash, "
    "head_hash) SELECT uuid, epoch, counter_number, counter_name, last_sequence, zeroblob(32), "
    "head_hash FROM installation WHERE is_self = 1 ON CONFLICT (origin, epoch) "
    "DO UPDATE SET usable = excluded.usable, head_hash = excluded.head_hash"
)
_BEGIN_CHAIN = (
    "INSERT INTO knownchain (origin, epoch, counter_number, counter_name, usable, base_hash, "
    "head_hash) SELECT uuid, epoch, counter_number, counter_name, 0, head_hash, head_hash "
    "FROM installation WHERE is_self = 1"
)


def begin_epoch(store: Store, *, machine_mark: str, beyond: int = 0) -> None:
    """Go on in a chain of its own, because a copy of these data may live on elsewhere.

    The chain so far becomes one that is known up to where it stands here. Part of the running
    transaction.

    Args:
        store: the open data.
        machine_mark: of the place where it goes on, empty where that isn't known yet.
        beyond: an epoch that was begun elsewhere, and all before it.
    """
    store.execute(_KEEP_CHAIN)
    store.execute(
        "UPDATE installation SET epoch = max(epoch, ?) + 1, last_sequence = 0, machine_mark = ? "
        "WHERE is_self = 1",
        (beyond, machine_mark),
    )
    store.execute(_BEGIN_CHAIN)
    store.cache.clear()


def office(store: Store) -> OfficeFacts:
    """Return the office and this desk."""
    known: OfficeFacts | None = store.cache.get("office")
    if known is None:
        row = store.row(
            "SELECT o.name, o.parent, o.agency_code, o.province_code, o.is_rehearsal, "
            "i.counter_name, i.counter_number FROM installation i "
            "JOIN office o ON o.id = i.office_id WHERE i.is_self = 1"
        )
        name, parent, agency, province, rehearsal, counter, number = row or (
            ("", "", "", "", 0, "", 1)
        )
        known = OfficeFacts(
            name=name or UNNAMED,
            parent=parent,
            agency_code=agency,
            province_code=province,
            counter_name=counter,
            counter_number=number,
            is_named=bool(name),
            is_rehearsal=bool(rehearsal),
        )
        store.cache["office"] = known
    return known


def set_up(
    store: Store,
    *,
    office_name: str,
    parent: str,
    agency_code: str,
    counter: str = "Quầy 1",
    counter_number: int = 1,
    province_code: str = "",
    is_rehearsal: bool = False,
) -> OfficeFacts:
    """Name the office and this desk; may be done again to change the names.

    Raises:
        InputErrors: a field can't be used; nothing changed.
        MoveRefusedError: numbers were already given under another desk number.
    """
    name = clean_line(office_name)
    parent = clean_line(parent)
    errors = []
    for field, value in (("office", name), ("parent", parent), ("counter", clean_line(counter))):
        if not value:
            errors.append(InputError("Cần nhập tên, không để trống.", field=field))
        elif len(value) > _LONGEST_NAME:
            errors.append(
                InputError(f"Tên dài quá {_LONGEST_NAME} ký tự, cần viết gọn lại.", field=field)
            )
        elif unsupported_characters(value):
            errors.append(
                InputError("Tên có ký tự không in được. Xóa ký tự đó rồi lưu.", field=field)
            )
    if not 1 <= counter_number <= _HIGHEST_COUNTER:
        errors.append(InputError("Số quầy phải từ 1 đến 99.", field="counter_number"))
    try:
        agency_code = check_agency_code(agency_code) if agency_code.strip() else ""
    except ValueError as error:
        errors.append(InputError(str(error), field="agency_code"))
    province_code = province_code.strip()
    if province_code and not re.fullmatch("[0-9]{2}", province_code):
        errors.append(InputError("Mã tỉnh gồm hai chữ số, ví dụ 45.", field="province_code"))
    if errors:
        raise InputErrors(errors)
    here = office(store)
    if here.counter_number != counter_number and store.row("SELECT 1 FROM event LIMIT 1"):
        raise MoveRefusedError(
            f"Quầy này đã cấp mã hồ sơ theo số quầy {here.counter_number:02d} nên không đổi số "
            "quầy được nữa. Các thông tin khác vẫn sửa được.",
            field="counter_number",
        )
    with store.transaction():
        _record(
            store,
            "set-up",
            was=f"{here.name}, {here.parent}, {here.counter_name} {here.counter_number:02d}",
            now=f"{name}, {parent}, {clean_line(counter)} {counter_number:02d}",
        )
        store.execute(
            "UPDATE office SET name = ?, parent = ?, agency_code = ?, province_code = ?, "
            "is_rehearsal = max(is_rehearsal, ?)",
            (name, parent, agency_code, province_code, int(is_rehearsal)),
        )
        store.execute(
            "UPDATE installation SET counter_name = ?, counter_number = ? WHERE is_self = 1",
            (clean_line(counter), counter_number),
        )
        store.cache.clear()
    return office(store)


def _record(store: Store, act: str, *, target: str = "", **told: object) -> None:
    from counter_app.services import audit  # a start changes nothing

    audit.record(store, act, target=target, **told)


def add_office(
    store: Store,
    *,
    office_name: str,
    parent: str,
    agency_code: str,
    counter: str,
    counter_number: int,
) -> None:
    """Add a further office with one desk to a practice folder; part of the running transaction."""
    import uuid

    row = store.row(
        "INSERT INTO office (name, parent, agency_code, province_code, is_rehearsal) "
        "VALUES (?, ?, ?, '', 1) RETURNING id",
        (clean_line(office_name), clean_line(parent), agency_code),
    )
    store.execute(
        "INSERT INTO installation (uuid, office_id, counter_number, counter_name, epoch, "
        "machine_mark, is_self, last_sequence, last_lamport, last_moment, head_hash) "
        "SELECT ?, ?, ?, ?, 1, machine_mark, 0, 0, 0, 0, ? FROM installation WHERE is_self = 1",
        (uuid.uuid4().hex, row[0] if row else 0, counter_number, clean_line(counter), bytes(32)),
    )


def stand_at(store: Store, *, counter_number: int) -> None:
    """Make another desk of a practice folder this one; part of the running transaction."""
    store.execute("UPDATE installation SET is_self = (counter_number = ?)", (counter_number,))
    store.cache.clear()


def officers(store: Store) -> list[OfficerFacts]:
    """Return the people who work here, in the order they were entered."""
    rows = store.rows("SELECT name, position, unit FROM officer WHERE is_active = 1 ORDER BY id")
    return [OfficerFacts(*row) for row in rows]


def save_officer(
    store: Store, *, name: str, position: str = "", unit: str = "", is_active: bool = True
) -> None:
    """Add a person or change what is known of him.

    Raises:
        InputError: the name is empty or over-long.
    """
    name = clean_line(name)
    if not name or len(name) > _LONGEST_NAME or unsupported_characters(name):
        raise InputError(
            f"Họ tên cần có, in được và không quá {_LONGEST_NAME} ký tự.", field="name"
        )
    with store.transaction():
        row = store.row("SELECT position, unit, is_active FROM officer WHERE name = ?", (name,))
        now = _officer_words(clean_line(position), clean_line(unit), is_active=is_active)
        was = "" if row is None else _officer_words(row[0], row[1], is_active=bool(row[2]))
        _record(store, "officers", target=name, was=was, now=now)
        store.execute(
            "INSERT INTO officer (name, position, unit, is_active) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (name) DO UPDATE SET position = excluded.position, "
            "unit = excluded.unit, is_active = excluded.is_active",
            (name, clean_line(position), clean_line(unit), is_active),
        )


def _officer_words(position: str, unit: str, *, is_active: bool) -> str:
    active = "đang làm việc" if is_active else "thôi làm việc"
    return ", ".join(filter(None, (position, unit, active)))


def units(store: Store) -> list[str]:
    """Return the resolving units: the office's own list, then the catalogue's usual ones."""
    from counter_app.services import catalogue

    own = list(get_settings(store)["units"])
    return own + [unit for unit in catalogue.usual_units(store) if unit not in own]


def lacks_clerk(store: Store) -> bool:
    """Tell whether people are known and none of them is at this desk: acts would have no name."""
    is_there = store.user or get_settings(store)["current_clerk"]
    return not is_there and bool(officers(store))


def choose_clerk(store: Store, *, name: str) -> None:
    """Remember who stands at this desk now; each act and receipt carries the name."""
    set_setting(store, key="current_clerk", value=clean_line(name))
