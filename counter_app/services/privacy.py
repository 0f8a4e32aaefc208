"""Personal data (dữ liệu cá nhân): shown on demand, handed out, and removed with its trace kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counter_app.domain.moments import to_json
from counter_app.domain.rights import Act
from counter_app.domain.vietnamese import clean_line
from counter_app.errors import InputError, NotFoundError
from counter_app.services import audit, rights

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from counter_app.storage.database import Store


def note_number_shown(store: Store, uuid: str, **where: str) -> None:
    """Let somebody see a dossier's number in full; that he did stands in the log.

    Args:
        store: the open data.
        uuid: of the dossier or visit.
        where: ``what`` it was seen in, if not in the dossier itself.

    Raises:
        RightsError: who is signed in may not.
    """
    audit.record(store, Act.SHOW_NUMBER, target=uuid, **where)


def note_paper_shown(store: Store, paper_uuid: str, **where: str) -> None:
    """Let somebody see an issued paper, with the number on it; that he did stands in the log.

    Raises:
        RightsError: who is signed in may not.
    """
    row = store.row(
        "SELECT d.uuid FROM paper p JOIN dossier d ON d.id = p.dossier_id WHERE p.uuid = ?",
        (paper_uuid,),
    )
    note_number_shown(store, str(row[0]) if row else "", **where)


def note_numbers_shown(store: Store, count: int) -> None:
    """Let somebody see persons with their numbers in full; that he did stands in the log.

    Raises:
        RightsError: who is signed in may not.
    """
    audit.record(store, Act.SHOW_NUMBER, count=count)


def person_data(
    store: Store,
    number: str,
    *,
    now: datetime,
    progress: Callable[[int, int], object] | None = None,
) -> dict[str, Any]:
    """Return all that is kept of one person: dossiers with their events, visits, what is offered.

    ``progress`` is called with dossiers read and dossiers in all; it may raise to cancel.

    Raises:
        InputError: no number was given.
        NotFoundError: nobody of that number is known here.
        RightsError: who is signed in may not hand data out.
    """
    from counter_app.services import lookup, visits

    rights.demand(store, Act.PERSON_EXPORT)
    wanted = _number(number)
    uuids = _dossiers_of(store, wanted)
    codes = [code for (code,) in store.rows(_VISITS, (wanted,))]
    known = store.row("SELECT name, phone, facts FROM person WHERE number = ?", (wanted,))
    if not uuids and not codes and known is None:
        raise NotFoundError(f"Không có dữ liệu của người mang số {wanted}. Chưa ghi gì.")
    found: list[dict[str, Any]] = []
    for uuid in uuids:
        if progress is not None:
            progress(len(found), len(uuids))
        found.append(lookup.dossier_json(lookup.show(store, uuid, now=now), full=True))
    data = {
        "number": wanted,
        "made_at": to_json(now),
        "dossiers": found,
        "visits": [visits.visit_json(store, visits.find_visit(store, code)) for code in codes],
        "remembered": None if known is None else {"name": known[0], "phone": known[1]},
    }
    audit.note(store, Act.PERSON_EXPORT, count=len(uuids) + len(codes))
    return data


_VISITS = "SELECT code FROM visit WHERE number = ? ORDER BY at, id"


def _dossiers_of(store: Store, number: str) -> list[str]:
    """Return the dossiers in which a number stands, as owner's or as submitter's."""
    rows = store.rows(
        "SELECT uuid FROM dossier WHERE citizen_id = ? "
        "OR json_extract(details, '$.submitter_id') = ? ORDER BY received_at, id",
        (number, number),
    )
    return [uuid for (uuid,) in rows]


def _number(text: str) -> str:
    number = clean_line(text).replace(" ", "")
    if not number:
        raise InputError("Cần số định danh của người đó. Chưa làm gì.", field="number")
    return number
