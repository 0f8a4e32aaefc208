"""Edits of one procedure in the window: a new dated version, one that ends, and the way back."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.catalogue import in_force, parse_procedures, to_dict
from counter_app.domain.catalogue_changes import differences
from counter_app.domain.rights import Act
from counter_app.domain.words import format_date
from counter_app.errors import InputError, NotFoundError
from counter_app.services import audit, catalogue, catalogue_files

if TYPE_CHECKING:
    from counter_app.domain.catalogue import Procedure
    from counter_app.domain.catalogue_changes import CatalogueChange
    from counter_app.storage.database import Store

_ROWS = (
    "SELECT code, valid_from, name, sector, body, confirmation FROM procedure "
    "WHERE code = ? ORDER BY id"
)
_INSERT = (
    "INSERT INTO procedure (code, valid_from, name, sector, body, confirmation) "
    "VALUES (?, ?, ?, ?, ?, ?)"
)


class Versions(NamedTuple):
    """The dated versions of one code as they stand in the database, to be put back."""

    code: str
    rows: tuple[tuple[Any, ...], ...]


def preview(store: Store, entry: dict[str, Any], *, on: date) -> CatalogueChange:
    """Return what saving an entry would change; saves nothing.

    Raises:
        InputError: a field can't be read.
    """
    return catalogue_files.preview_import(store, [entry], on=on)[0]


def save(store: Store, entry: dict[str, Any], *, on: date, is_new: bool = False) -> Versions:
    """Save an entry as a dated version and return how its code stood before.

    Raises:
        InputError: a field can't be read, or a new procedure has a code that is known.
    """
    with store.transaction():
        code = preview(store, entry, on=on).code
        before = _versions(store, code)
        if is_new and before.rows:
            raise InputError(
                f"Mã {code} đã có trong danh mục. Chưa lưu. Sửa thủ tục ấy, hoặc gõ mã khác.",
                field="code",
            )
        catalogue_files.import_entries(store, [entry], on=on)
    return before


def retire(store: Store, code: str, *, last_day: date, on: date) -> Versions:
    """Let a procedure hold until a day; dossiers received under it stay as they are.

    Raises:
        NotFoundError: no such procedure is in force.
        InputError: the day lies before the version's first.
    """
    with store.transaction():
        found = in_force(catalogue.all_versions(store), code, on)
        if found is None:
            raise NotFoundError(f"Không có thủ tục mã “{code}” đang có hiệu lực. Chưa thay đổi.")
        if last_day < found.valid_from:
            raise InputError(
                f"Phiên bản này áp dụng từ {format_date(found.valid_from)}; ngày cuối không thể "
                "trước ngày ấy. Chưa thay đổi.",
                field="valid_to",
            )
        before = _versions(store, found.code)
        entry = to_dict(found) | {"valid_to": last_day.isoformat()}
        catalogue_files.import_entries(store, [entry], on=on)
    return before


def put_back(store: Store, before: Versions) -> None:
    """Put the versions of a code back as they stood."""
    with store.transaction():
        was, now = _in_words(_versions(store, before.code), before)
        audit.record(store, Act.CATALOGUE, target=before.code, what="hoàn tác", was=was, now=now)
        store.execute("DELETE FROM procedure WHERE code = ?", (before.code,))
        for row in before.rows:
            store.execute(_INSERT, row)
        store.cache.clear()


def _in_words(present: Versions, before: Versions) -> tuple[str, str]:
    """Tell what differs between the versions as a line of the log shows it: now, and before."""
    sides = [{row[1]: row[4] for row in versions.rows} for versions in (present, before)]
    told: tuple[list[str], list[str]] = ([], [])
    for day in sorted({*sides[0], *sides[1]}):
        bodies = [side.get(day) for side in sides]
        if bodies[0] == bodies[1]:
            continue
        version = f"áp dụng từ {format_date(date.fromisoformat(day))}"
        known = [parse_procedures([json.loads(body)])[0] for body in bodies if body is not None]
        fields = differences(*known) if len(known) == len(bodies) else ()
        for side, body in enumerate(bodies):
            values = [f"{f.label}: {(f.before, f.after)[side]}" for f in fields]
            told[side].extend([version, *values] if body is not None else [])
    return "; ".join(told[0]), "; ".join(told[1])


def _versions(store: Store, code: str) -> Versions:
    return Versions(code, tuple(tuple(row) for row in store.rows(_ROWS, (code,))))


def coming(store: Store, *, on: date) -> dict[str, date]:
    """Return the procedures whose next version is saved already, with the day it begins."""
    found: dict[str, date] = {}
    for one in catalogue.all_versions(store):
        if one.valid_from > on:
            found[one.code] = min(one.valid_from, found.get(one.code, one.valid_from))
    return found


def find(store: Store, text: str, *, on: date) -> list[Procedure]:
    """Return the procedures that answer to a text; all of them, by code, without one."""
    if not text.strip():
        return sorted(catalogue.procedures(store, on=on), key=lambda one: one.code)
    return catalogue.match(store, text, on=on, limit=200)
