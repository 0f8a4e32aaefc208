"""The catalogue of procedures (thủ tục hành chính): dated versions, search, first-use check."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from counter_app import paths
from counter_app.domain.catalogue import (
    Fee,
    Procedure,
    confirm,
    in_force,
    latest,
    parse_procedures,
    parse_sectors,
    to_dict,
)
from counter_app.domain.catalogue_search import CatalogueIndex
from counter_app.errors import InputError, NotFoundError
from counter_app.services.settings import get_setting, set_setting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from counter_app.storage.database import Store

DESK_BITS = 52  # of an id, below the number of its desk
_UPSERT = (
    "INSERT INTO procedure (code, valid_from, name, sector, body, confirmation) "
    "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (code, valid_from) DO UPDATE SET "
    "name = excluded.name, sector = excluded.sector, body = excluded.body, "
    "confirmation = excluded.confirmation"
)


def seed(store: Store) -> None:
    """Put the shipped catalogue and calendars into a new database."""
    from counter_app.services import calendars

    folder = paths.resources() / "catalogue"
    data = json.loads((folder / "procedures.json").read_text("utf-8"))
    _write(store, parse_procedures(_entries(data)), confirmation="")
    sectors = parse_sectors(_entries(json.loads((folder / "sectors.json").read_text("utf-8"))))
    store.execute(
        "INSERT INTO setting (key, value) VALUES ('_sectors', ?)",
        (json.dumps({s.name: s.unit for s in sectors}, ensure_ascii=False),),
    )
    calendars.seed(store)


def _entries(data: object) -> list[Mapping[str, Any]]:
    """Accept a bare array or an object with one array that holds the entries."""
    if isinstance(data, dict):
        data = next((value for value in data.values() if isinstance(value, list)), None)
    if not isinstance(data, list) or not all(isinstance(entry, dict) for entry in data):
        raise InputError("Tệp danh mục cần là một mảng JSON các thủ tục. Chưa thay đổi danh mục.")
    return data


def _write(store: Store, found: Iterable[Procedure], *, confirmation: str) -> int:
    count = 0
    with store.transaction():
        for one in found:
            body = json.dumps(to_dict(one), ensure_ascii=False)
            store.execute(
                _UPSERT,
                (one.code, one.valid_from.isoformat(), one.name, one.sector, body, confirmation),
            )
            count += 1
        store.cache.clear()
    return count


def _all(store: Store) -> list[Procedure]:
    known: list[Procedure] | None = store.cache.get("procedures")
    if known is None:
        rows = store.rows("SELECT body FROM procedure ORDER BY id")
        known = parse_procedures([json.loads(body) for (body,) in rows])
        store.cache["procedures"] = known
    return known


def procedure(store: Store, code: str, *, on: date) -> Procedure:
    """Return the version of a procedure that holds on a day.

    Raises:
        NotFoundError: no procedure of that code is in force.
    """
    key = f"procedure {code} {on.toordinal()}"
    found: Procedure | None = store.cache.get(key)
    if found is None:
        found = in_force(_all(store), code, on)
        if found is None:
            raise NotFoundError(
                f"Không có thủ tục mã “{code}” đang có hiệu lực. Chọn lại thủ tục trong danh mục.",
                field="procedure_code",
            )
        store.cache[key] = found
    return found


def procedures(store: Store, *, on: date) -> list[Procedure]:
    """Return the procedures in force on a day."""
    return latest(_all(store), on)


def match(store: Store, text: str, *, on: date, limit: int = 8) -> list[Procedure]:
    """Return what ``text`` may mean, best first, the often used ones before their equals.

    Nothing typed gives this desk's favourites: those pinned, then those it uses most.
    """
    if not text.strip():
        return favourites(store, on=on, limit=limit)
    # The day belongs to it: tomorrow another version may be in force.
    known: tuple[date, CatalogueIndex] | None = store.cache.get("catalogue_index")
    if known is None or known[0] != on:
        known = (on, CatalogueIndex(procedures(store, on=on)))
        store.cache["catalogue_index"] = known
    usage: dict[str, int] | None = store.cache.get("catalogue_usage")
    if usage is None:
        rows = store.rows(
            "SELECT procedure_code, count(*) FROM "
            "(SELECT procedure_code FROM dossier ORDER BY id DESC LIMIT 2000) GROUP BY 1"
        )
        usage = dict(rows)
        store.cache["catalogue_usage"] = usage
    return known[1].match(text, limit, usage)


def favourites(store: Store, *, on: date, limit: int = 8) -> list[Procedure]:
    """Return the procedures this desk has at hand: pinned ones in their order, then by use."""
    known: list[str] | None = store.cache.get("catalogue_favourites")
    if known is None:
        # The upper bits of an id are the number of the desk that received it.
        rows = store.rows(
            "SELECT procedure_code FROM (SELECT procedure_code FROM dossier WHERE id BETWEEN "
            "(SELECT counter_number FROM installation WHERE is_self = 1) << ?1 AND "
            "((SELECT counter_number FROM installation WHERE is_self = 1) + 1 << ?1) - 1 "
            "ORDER BY id DESC LIMIT 2000) GROUP BY 1 ORDER BY count(*) DESC, procedure_code",
            (DESK_BITS,),
        )
        pinned: list[str] = get_setting(store, "favourites")
        known = list(dict.fromkeys([*pinned, *(code for (code,) in rows)]))
        store.cache["catalogue_favourites"] = known
    found = (in_force(_all(store), code, on) for code in known[: 2 * limit])
    return [one for one in found if one is not None][:limit]


def pin(store: Store, code: str, *, is_pinned: bool) -> None:
    """Pin a procedure to the top of this desk's favourites, or let it go."""
    with store.transaction():
        kept = [one for one in get_setting(store, "favourites") if one != code]
        set_setting(store, key="favourites", value=[*kept, code] if is_pinned else kept)


def label_of(store: Store, code: str, name: str) -> str:
    """Return the shorter name of a procedure for lists and narrow columns, else its own."""
    known: dict[str, str] | None = store.cache.get("labels")
    if known is None:
        known = {one.code: one.label for one in _all(store)}
        store.cache["labels"] = known
    return known.get(code, name)


def all_versions(store: Store) -> list[Procedure]:
    """Return every dated version that is known, old ones too."""
    return list(_all(store))


def parse_entries(data: object, *, on: date) -> list[Procedure]:
    """Read entries as an import would; undated ones hold from ``on``.

    Raises:
        InputError: an entry can't be read.
    """
    return parse_procedures(_entries(data), valid_from=on)


def import_procedures(store: Store, data: object, *, on: date) -> int:
    """Take dated procedures in, with the shipped file's fields; undated ones hold from ``on``.

    Raises:
        InputError: an entry can't be read; nothing was taken in.
    """
    found = parse_procedures(_entries(data), valid_from=on)
    with store.transaction():
        _record(store, count=len(found))
        return _write(store, found, confirmation="")


def _record(store: Store, *, target: str = "", **told: object) -> None:
    from counter_app.services import audit  # a start changes nothing

    audit.record(store, "catalogue", target=target, **told)


def confirm_procedure(
    store: Store,
    *,
    code: str,
    decision: str,
    on: date,
    limit: str | None = None,
    cutoff: str | None = None,
    fee: Fee | None = None,
    steps: Sequence[str] = (),
) -> Procedure:
    """Keep the office's answer to what the shipped catalogue couldn't know: value and decision.

    Raises:
        InputError: a value can't be read, or no decision is named.
    """
    present = procedure(store, code, on=on)
    confirmed = confirm(
        present,
        decision=decision,
        valid_from=on,
        limit=limit,
        cutoff=cutoff,
        fee=fee,
        steps=steps,
    )
    with store.transaction():
        from counter_app.domain.catalogue_changes import differences  # a start changes nothing

        fields = differences(present, confirmed)
        _record(
            store,
            target=code,
            what="xác nhận",
            was="; ".join(f"{field.label}: {field.before}" for field in fields),
            now="; ".join(f"{field.label}: {field.after}" for field in fields),
            why=decision.strip(),
        )
        _write(store, [confirmed], confirmation=decision.strip())
    return confirmed


def usual_units(store: Store) -> list[str]:
    """Return the units that usually resolve the catalogue's procedures, each once."""
    units = dict.fromkeys(unit for unit in sectors(store).values() if unit)
    return list(units)


def sectors(store: Store) -> dict[str, str]:
    """Return sector (lĩnh vực) to the unit that usually resolves it."""
    known: dict[str, str] | None = store.cache.get("sectors")
    if known is None:
        row = store.row("SELECT value FROM setting WHERE key = '_sectors'")
        known = json.loads(row[0]) if row else {}
        store.cache["sectors"] = known
    return known
