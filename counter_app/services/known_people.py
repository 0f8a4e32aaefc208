"""Who is known from earlier visits, held against what their dossiers said when they were written.

A form fills itself from these rows, and the clerk believes it: an address or a phone that no
dossier ever held has come from outside.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from counter_app.domain.dossier import Move
from counter_app.domain.erasing import ERASE
from counter_app.domain.facts import PERSON_FACTS
from counter_app.domain.history import BROKEN
from counter_app.domain.idnumbers import mask_citizen_id
from counter_app.domain.merge import has_seen, merge
from counter_app.services import projection
from counter_app.storage import dossiers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counter_app.domain.history import State
    from counter_app.domain.merge import Sighted
    from counter_app.storage.database import Store

OTHER = "người đã biết khác với các hồ sơ của người đó"
GONE = "mất dòng người đã biết"
MEND = (
    "Khi biểu mẫu tự điền, đối chiếu với giấy tờ. Lần tiếp nhận sau của người này ghi lại đúng. "
    "Báo người phụ trách: có người sửa từ bên ngoài."
)
_TELLING = (Move.RECEIVE.value, Move.CORRECT.value)
# Whom a list or another desk told of isn't kept by every version; whoever was removed is gone.
_UNKNOWN = (
    "SELECT d.uuid, coalesce(d.official_code, d.code), coalesce(nullif(d.citizen_id, ''), "
    "d.tax_code) AS number FROM dossier d WHERE d.source <> 'list' AND number <> '' "
    "AND number NOT IN (SELECT number FROM person) ORDER BY d.id"
)
_LAST_ERASURE = (
    "SELECT max(recorded_at), count(*) FILTER (WHERE origin <> ?) FROM event WHERE kind = ?"
)


class _Person(NamedTuple):
    phone: str
    name: str
    facts: str
    seen_at: int


def differing(store: Store) -> Iterator[tuple[str, str]]:
    """Yield known people that no dossier told so, and those who should be known and aren't."""
    strange = {}
    for number, *kept in store.execute("SELECT number, phone, name, facts, seen_at FROM person"):
        person = _Person(*kept)
        person = person._replace(facts=dossiers.dump(json.loads(person.facts)))
        if not any(person in _told(state, number, 0) for state in _states(store, number)):
            strange[number] = person
    for uuid in _telling_of(store, strange) if strange else ():
        for number, found in _ever_told(store, uuid):
            if found == strange.get(number):
                del strange[number]
    for number in strange:
        yield OTHER, _whose(store, number)
    for _, where in _missing(store):
        yield GONE, where


def restore_missing(store: Store) -> None:
    """Know again who should be known, by the last dossier that told of him; in a transaction."""
    for uuid, _ in reversed(list(_missing(store))):
        row = store.row(f"{dossiers.SELECT_STATE}WHERE uuid = ?", (uuid,))
        projection.remember_person(store, dossiers.state_of(row or ())[2])


def _states(store: Store, number: str) -> Iterator[State]:
    for field in ("citizen_id", "tax_code"):
        sql = f"{dossiers.SELECT_STATE}WHERE office_id = 1 AND {field} = ?"
        for row in store.rows(sql, (number,)):
            yield dossiers.state_of(row)[2]


def _told(state: State, number: str, recorded_at: int) -> tuple[_Person, ...]:
    """Return how a dossier lets somebody be known: told here, or by another desk's event."""
    if number != (state["citizen_id"] or state["tax_code"]):
        return ()
    facts = dossiers.dump({key: state[key] for key in PERSON_FACTS if state[key]})
    moments = {recorded_at or state["recorded_at"], state["received_at"]}
    return tuple(_Person(state["phone"], state["applicant_name"], facts, at) for at in moments)


def _telling_of(store: Store, numbers: dict[str, _Person]) -> set[str]:
    """Return the dossiers that once named one of these numbers."""
    found = set()
    rows = store.execute("SELECT dossier_uuid, body FROM event WHERE kind IN (?, ?)", _TELLING)
    for uuid, text in rows:
        told = json.loads(text).get("set", {})
        if told.get("citizen_id") in numbers or told.get("tax_code") in numbers:
            found.add(uuid)
    return found


def _ever_told(store: Store, uuid: str) -> Iterator[tuple[str, _Person]]:
    """Yield what a dossier said at each event that lets somebody be known, as its desk saw it."""
    sighted = dossiers.sighted_of(store, uuid)
    for one in sighted:
        if one.event.kind in _TELLING:
            state = merge(_seen_by(one, sighted)).state
            number = state["citizen_id"] or state["tax_code"]
            for person in _told(state, number, one.event.recorded_at):
                yield number, person


def _seen_by(one: Sighted, sighted: list[Sighted]) -> list[Sighted]:
    return [other for other in sighted if other is one or has_seen(one, other.event)]


def _whose(store: Store, number: str) -> str:
    """Name somebody by a dossier, else by what may be shown of the number."""
    for state in _states(store, number):
        return f"hồ sơ {state['official_code'] or state['code']}"
    return f"người mang số {mask_citizen_id(number)}"


def _missing(store: Store) -> Iterator[tuple[str, str]]:
    """Yield the dossiers whose person must be known: received here, and nobody removed since.

    By uuid, and as a check names them.
    """
    own = store.row("SELECT uuid FROM installation WHERE is_self = 1") or ("",)
    erased, foreign = store.row(_LAST_ERASURE, (own[0], ERASE)) or (None, 0)
    if foreign:
        return  # when another desk's removal was applied here isn't told
    for uuid, code, number in store.rows(_UNKNOWN):
        try:
            events = dossiers.events_of(store, uuid)
        except BROKEN:
            continue  # a history that can't be read is told by its own check
        for event in events:
            told = event.body.get("set", {})
            is_named = number in {told.get("citizen_id"), told.get("tax_code")}
            is_kept = erased is None or event.recorded_at > erased
            if event.kind in _TELLING and is_named and is_kept and told.get("id_kind") != "birth":
                yield uuid, f"hồ sơ {code}"
                break
