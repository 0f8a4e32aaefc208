"""What desks of one office share: the office's mark and key; invitations to further desks."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.atomic import write_atomically
from counter_app.domain.moments import from_epoch, to_epoch, to_json
from counter_app.errors import BundleError, InputError, MoveRefusedError
from counter_app.given import read_given
from counter_app.services import audit, calendars, catalogue, office
from counter_app.services.paper_events import wordings
from counter_app.services.settings import OWN_KEYS, SPECS, get_settings
from counter_app.storage.faults import refused_values
from counter_app.sync.sealing import KEY_LENGTH, new_key

if TYPE_CHECKING:
    from datetime import datetime

    from counter_app.storage.database import Store

FORMAT = "counter-app-invitation/1"
_OFFICE, _KEY = "_office", "_sync_key"
_HIGHEST_COUNTER = 99
# What belongs to one desk, and stays there.
_OWN_SETTINGS = OWN_KEYS | {"print_profiles", "backup_folder", "backup_stick"}
# Set at a desk that came by an invitation: it has others to exchange with before it knows them.
_JOINED = "_joined"
_TABLES: dict[str, tuple[str, ...]] = {
    "officer": ("name", "position", "unit", "is_active"),
    "procedure": ("code", "valid_from", "name", "sector", "body", "confirmation"),
    "calendaryear": ("year", "is_confirmed", "source"),
    "calendarday": ("date", "kind", "name", "hours", "counts", "is_confirmed", "source"),
    "listmapping": ("name", "body"),
    # The office's own wording of forms: what one desk issued another prints again.
    "formversion": (
        "office_id",
        "version",
        "valid_from",
        "source",
        "body",
        "recorded_at",
        "officer",
    ),
}
_ONLY_ADDED = frozenset({"formversion"})


class Shared(NamedTuple):
    """The office's mark, by which bundles of another office are known, and its key."""

    office: str
    key: bytes


def shared(store: Store) -> Shared:
    """Return the office's mark and key; a first desk makes them once.

    Raises:
        DataFileError: they must be made, and the data are open for looking only.
    """
    found = dict(store.rows("SELECT key, value FROM setting WHERE key IN (?, ?)", (_OFFICE, _KEY)))
    if len(found) < len({_OFFICE, _KEY}):
        found = {_OFFICE: uuid.uuid4().hex, _KEY: new_key().hex()}
        with store.transaction():
            for name, value in found.items():
                _put(store, name, value)
    return Shared(found[_OFFICE], bytes.fromhex(found[_KEY]))


def _put(store: Store, name: str, value: str) -> None:
    store.execute(
        "INSERT INTO setting (key, value) VALUES (?, ?) "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def invite(
    store: Store, target: Path, *, counter_number: int, by: str, now: datetime
) -> dict[str, Any]:
    """Write an invitation for another desk of this office: its number, settings, catalogue, key.

    Raises:
        InputError: the number is none, is ours, or was given before.
        FileNotWrittenError: the file can't be written; the number is free again.
    """
    here = office.office(store)
    if not 1 <= counter_number <= _HIGHEST_COUNTER:
        raise InputError("Số quầy phải từ 1 đến 99.", field="counter_number")
    with store.transaction():
        _check_free(store, counter_number, here.counter_number)
        audit.record(store, "invite", target=f"{counter_number:02d}")
        store.execute(
            'INSERT INTO invitation (counter_number, made_at, "by") VALUES (?, ?, ?)',
            (counter_number, to_epoch(now), by),
        )
        mark = shared(store)
        told = {
            "format": FORMAT,
            "office_mark": mark.office,
            "key": mark.key.hex(),
            "counter_number": counter_number,
            "made_at": to_json(now),
            "office": [here.name, here.parent, here.agency_code, here.province_code],
            "is_rehearsal": here.is_rehearsal,
            "settings": {
                key: value
                for key, value in store.rows("SELECT key, value FROM setting")
                if key in SPECS and key not in _OWN_SETTINGS
            },
            "tables": {name: _rows(store, name) for name in _TABLES},
        }
        # Within the transaction: a number whose invitation was never written is free again.
        write_atomically(target, json.dumps(told, ensure_ascii=False).encode())
    return {"counter_number": counter_number, "file": target.name}


def _check_free(store: Store, number: int, own: int) -> None:
    taken = {own} | {
        n for (n,) in store.rows("SELECT counter_number FROM knownchain WHERE counter_number > 0")
    }
    if number in taken:
        raise InputError(
            f"Số quầy {number:02d} đã có quầy dùng. Chọn số khác.", field="counter_number"
        )
    row = store.row("SELECT made_at FROM invitation WHERE counter_number = ?", (number,))
    if row is not None:
        raise InputError(
            f"Số quầy {number:02d} đã mời ngày {from_epoch(row[0]):%d/%m/%Y}; mỗi số chỉ cấp một "
            "lần. Chọn số khác.",
            field="counter_number",
        )


def _rows(store: Store, table: str) -> list[list[Any]]:
    names = ", ".join(_TABLES[table])
    return [list(row) for row in store.rows(f"SELECT {names} FROM {table} ORDER BY 1, 2")]  # noqa: S608 - our own names


def next_number(store: Store) -> int:
    """Return the lowest desk number that nobody has yet; 0 when all are given."""
    taken = {office.office(store).counter_number}
    taken |= {n for (n,) in store.rows("SELECT counter_number FROM knownchain")}
    taken |= {n for (n,) in store.rows("SELECT counter_number FROM invitation")}
    return next((n for n in range(1, _HIGHEST_COUNTER + 1) if n not in taken), 0)


def invitations(store: Store) -> list[tuple[int, datetime, str]]:
    """Return the invitations that were written: number, moment, by whom; newest first."""
    rows = store.rows(
        'SELECT counter_number, made_at, "by" FROM invitation ORDER BY made_at DESC, counter_number'
    )
    return [(number, from_epoch(at), by) for number, at, by in rows]


def invited_number(source: Path) -> int:
    """Return the number of the desk that a file invites.

    Raises:
        BundleError: the file is no invitation.
    """
    return int(_read(source)["counter_number"])


def invites_to_practise(source: Path) -> bool:
    """Tell whether a file invites to an office that only practises; no for any other file."""
    try:
        return bool(_read(source)["is_rehearsal"])
    except BundleError:
        return False


def join(store: Store, source: Path, *, counter: str) -> int:
    """Make a new installation a desk of the office that invited it; returns its number.

    Raises:
        MoveRefusedError: dossiers were already received here.
        BundleError: the file is no invitation.
    """
    told = _read(source)
    if store.row("SELECT 1 FROM event LIMIT 1") is not None:
        raise MoveRefusedError(
            "Máy này đã có hồ sơ nên không nhận làm quầy mới của đơn vị khác được. "
            "Dữ liệu không thay đổi. Dùng một thư mục dữ liệu mới (--data) rồi làm lại."
        )
    try:
        with store.transaction():
            _take_in(store, told, counter)
            _read_everything(store)
    except refused_values() + _LIES as error:
        store.cache.clear()
        raise _refusal(source) from error
    return int(told["counter_number"])


def _take_in(store: Store, told: dict[str, Any], counter: str) -> None:
    name, parent, agency, province = told["office"]
    office.set_up(
        store,
        office_name=name,
        parent=parent,
        agency_code=agency,
        province_code=province,
        counter=counter,
        counter_number=told["counter_number"],
        is_rehearsal=told["is_rehearsal"],
    )
    for key, value in told["settings"].items():
        _put(store, key, value)
    _put(store, _OFFICE, told["office_mark"])
    _put(store, _KEY, told["key"])
    _put(store, _JOINED, "1")
    for table, names in _TABLES.items():
        if table not in _ONLY_ADDED:
            store.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
        add = "INSERT OR IGNORE" if table in _ONLY_ADDED else "INSERT"
        marks = ", ".join("?" * len(names))
        for row in told["tables"][table]:
            store.execute(
                f"{add} INTO {table} ({', '.join(names)}) VALUES ({marks})",
                row,
            )
    store.cache.clear()


def _read_everything(store: Store) -> None:
    """Read what came as the desk will read it: what can't be would stop it at the first citizen."""
    get_settings(store)
    office.office(store)
    office.officers(store)
    catalogue.all_versions(store)
    calendars.calendar(store)
    wordings(store)
    for (body,) in store.rows("SELECT body FROM listmapping"):
        json.loads(body)


_LARGEST = 64 * 1024**2


_LIES: tuple[type[Exception], ...] = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RecursionError,
)


def _refusal(source: Path) -> BundleError:
    return BundleError(
        f"Tệp {source.name} không phải tệp mời của chương trình hoặc đã hỏng. "
        "Chưa thay đổi gì. Xin lại tệp mời ở quầy mời (lệnh invite)."
    )


def _read(source: Path) -> dict[str, Any]:
    refusal = _refusal(source)
    try:
        if source.stat().st_size > _LARGEST:
            raise refusal
        told = json.loads(read_given(source, most=_LARGEST).decode())
        is_sound = (
            told["format"] == FORMAT
            and 1 <= int(told["counter_number"]) <= _HIGHEST_COUNTER
            and len(bytes.fromhex(told["key"])) == KEY_LENGTH
            and len(bytes.fromhex(told["office_mark"])) == KEY_LENGTH // 2
            and len(told["office"]) == 4  # noqa: PLR2004 - name, parent, two codes
            and all(key in SPECS and isinstance(v, str) for key, v in told["settings"].items())
            and all(
                len(row) == len(names)
                for table, names in _TABLES.items()
                for row in told["tables"][table]
            )
        )
    except OSError as error:
        raise BundleError(
            f"Không đọc được tệp mời {source}. Chưa thay đổi gì. Kiểm tra lại tệp."
        ) from error
    except _LIES as error:
        raise refusal from error
    if not is_sound:
        raise refusal
    return dict(told)
