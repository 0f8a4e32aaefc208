"""Disagreements (mâu thuẫn) of desks, or of a list: shown with both sides, decided openly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.dossier import (
    MOVE_LABELS,
    Move,
    PromiseKind,
)
from counter_app.domain.doubts import DOUBT, LIST
from counter_app.domain.merge import RESOLVE
from counter_app.domain.moments import from_epoch, to_epoch, to_json, to_minute
from counter_app.domain.numbering import provisional_code
from counter_app.domain.story import sentence
from counter_app.errors import InputError, NotFoundError
from counter_app.services import conflict_values, journal, list_decisions, privacy, projection
from counter_app.services.merged import CLAIM, merged_of
from counter_app.storage import dossiers

if TYPE_CHECKING:
    from datetime import datetime

    from counter_app.domain.history import Event
    from counter_app.storage.database import Store


class Side(NamedTuple):
    """One side of a conflict: the event, what it says, who said it when and where."""

    event_uuid: str
    value: str
    by: str
    at: datetime
    counter: str
    paper: str
    paper_uuid: str = ""
    is_earlier_paper: bool = False  # the citizen's receipt of before: this side printed none


class ConflictFacts(NamedTuple):
    """A conflict as a person sees it; ``first`` is in force until it is decided."""

    id: str
    dossier_uuid: str
    code: str
    applicant_name: str
    kind: str
    field: str
    first: Side
    second: Side
    own_is_first: bool
    official_code: str = ""
    is_choice: bool = False

    @property
    def shown_code(self) -> str:
        """The code as the clerk knows it."""
        return self.official_code or self.code

    @property
    def label(self) -> str:
        """What differs, as a clerk calls it."""
        if self.kind == "step":
            return "Bước xử lý"
        if self.is_choice:
            return "Đúng hồ sơ nào"
        return conflict_values.FIELD_LABELS.get(self.field, self.field)

    @property
    def takes_value(self) -> bool:
        """Say whether a third value may be written instead of both."""
        return self.is_date or (self.kind == "field" and self.field in conflict_values.TAKING)

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """Return the values that may be chosen instead of both, each with its words."""
        if self.kind != "field":
            return ()
        return tuple(conflict_values.CHOICES.get(self.field, {}).items())

    @property
    def is_date(self) -> bool:
        """Say whether the sides are dates of a promise."""
        return self.kind == "promise" or (self.kind == LIST and self.field in list_decisions.DATES)


_NUMBERS = ("citizen_id", "submitter_id")


def show_conflicts(store: Store) -> list[ConflictFacts]:
    """Return what waits for a person's decision for somebody to read; whole numbers are noted.

    Raises:
        RightsError: who is signed in may not.
    """
    found = open_conflicts(store)
    numbers = sum(conflict.field in _NUMBERS for conflict in found)
    if numbers:
        privacy.note_numbers_shown(store, numbers)
    return found


def open_conflicts(store: Store) -> list[ConflictFacts]:
    """Return what waits for a person's decision, oldest first."""
    own = journal.desk(store).uuid
    rows = store.rows(
        "SELECT c.id, c.dossier_uuid, d.code, d.applicant_name, c.kind, c.field, c.first_uuid, "
        "c.second_uuid, d.official_code FROM openconflict c "
        "JOIN dossier d ON d.uuid = c.dossier_uuid ORDER BY c.found_at, c.id"
    )
    return [
        ConflictFacts._make(
            (
                *told,
                *_sides(store, first, second, *told[-2:]),
                _event(store, first)[1].origin == own,
                official or "",
                _is_choice(_event(store, second)[1]),
            )
        )
        for *told, first, second, official in rows
    ]


def _event(store: Store, uuid: str) -> tuple[str, Event]:
    row = store.row("SELECT dossier_uuid FROM event WHERE uuid = ?", (uuid,))
    if row is None:
        raise NotFoundError("Không tìm thấy sự kiện của mâu thuẫn này.")
    events = dossiers.events_of(store, row[0])
    return row[0], next(event for event in events if event.uuid == uuid)


def _sides(store: Store, first: str, second: str, kind: str, field: str) -> tuple[Side, Side]:
    if kind == LIST:
        ours = _list_side(store, first, second, field, is_ours=True)
        return ours, _list_side(store, first, second, field, is_ours=False)
    return _side(store, first, kind, field), _side(store, second, kind, field)


def _is_choice(event: Event) -> bool:
    return event.kind == DOUBT and bool(event.body["doubt"].get("is_choice"))


def _list_side(store: Store, first: str, second: str, field: str, *, is_ours: bool) -> Side:
    """Return a side of a doubt: what stands here, or what the list said."""
    told = _event(store, second)[1]
    said = told.body["doubt"]
    side = _side(store, first if is_ours else second, LIST, field)
    if said.get("is_choice"):
        words = f"Đúng là hồ sơ này: {said['told']}"
        side = side._replace(value="Không phải hồ sơ này" if is_ours else words)
    elif not is_ours:
        side = side._replace(value=conflict_values.shown(field, said["told"]))
    if not is_ours:
        read = f"danh sách {said['list']}"
        side = side._replace(by=f"{read}, {told.by} nhập" if told.by else read, paper_uuid="")
    return side


def _side(store: Store, uuid: str, kind: str, field: str) -> Side:
    _, event = _event(store, uuid)
    # The paper of the act itself, else the first that its desk printed afterwards; else what the
    # citizen held when it was done: the last receipt before it.
    paper = store.row(
        "SELECT p.kind, p.uuid FROM event e JOIN event o ON o.dossier_uuid = e.dossier_uuid AND "
        "o.origin = e.origin AND o.lamport >= e.lamport JOIN paper p ON p.event_uuid = o.uuid "
        "WHERE e.uuid = ? ORDER BY o.lamport, p.id LIMIT 1",
        (uuid,),
    )
    is_earlier = paper is None
    if is_earlier:
        paper = store.row(
            "SELECT p.kind, p.uuid FROM event e JOIN event o ON o.dossier_uuid = e.dossier_uuid "
            "AND o.lamport < e.lamport JOIN paper p ON p.event_uuid = o.uuid "
            "WHERE e.uuid = ? AND p.kind = 'receipt' ORDER BY o.lamport DESC, p.id DESC LIMIT 1",
            (uuid,),
        )
    return Side(
        uuid,
        sentence(event) if kind == "step" else _value(event, field),
        event.by,
        from_epoch(event.at),
        event.counter,
        str(paper[0]) if paper else "",
        str(paper[1]) if paper else "",
        is_earlier and paper is not None,
    )


def _value(event: Event, field: str) -> str:
    promise = event.body.get("promise")
    if field == "due_at" and promise:
        return f"{from_epoch(promise['due_at']):%H:%M %d/%m/%Y}"
    values = event.body.get("set", {})
    if field in values:
        return conflict_values.shown(field, values[field])
    if event.kind == DOUBT:
        return ""
    return MOVE_LABELS[Move(event.kind)]


def conflict_json(facts: ConflictFacts) -> dict[str, Any]:
    """Return a conflict as the command line prints it."""
    ours, theirs = facts.first, facts.second
    if not facts.own_is_first:
        ours, theirs = theirs, ours
    return {
        "id": facts.id,
        "code": facts.code,
        "field": facts.field,
        "ours": ours.value,
        "theirs": theirs.value,
        "ours_event": ours.event_uuid,
        "theirs_event": theirs.event_uuid,
        "in_force": facts.first.event_uuid,
        "by": facts.second.by,
        "at": to_json(facts.second.at),
    }


def resolve(
    store: Store,
    conflict_id: str,
    *,
    keep: str = "",
    value: str | None = None,
    by: str,
    now: datetime,
) -> None:
    """Decide a conflict; the decision is an event and travels with the others.

    Args:
        store: the open data.
        conflict_id: as ``open_conflicts`` names it.
        keep: the event whose value, date or step holds.
        value: a third value, for a field or a date.
        by: who decides.
        now: the moment.

    Raises:
        NotFoundError: no such conflict is open.
        InputError: neither side was named, or a step can't be written by hand.
    """
    with store.transaction():
        journal.check_clock(store, now)
        row = store.row(
            "SELECT dossier_uuid, kind, field, first_uuid, second_uuid FROM openconflict "
            "WHERE id = ?",
            (conflict_id,),
        )
        if row is None:
            raise NotFoundError(
                "Không còn mâu thuẫn này (có thể đã được quyết định ở quầy khác).", field="id"
            )
        dossier_uuid, kind, field, *both = row
        if (keep in both) == (value is not None):
            raise InputError("Chọn một trong hai bên để giữ, hoặc nhập giá trị khác.", field="keep")
        body: dict[str, Any] = {"set": {}, "conflict": conflict_id, "keep": keep or "value"}
        touched = [dossier_uuid]
        if kind == CLAIM:
            touched = _decide_claim(store, body, row, keep)
        elif kind == LIST:
            told, is_ours = _event(store, both[1])[1], keep == both[0]
            touched += list_decisions.decide(
                store, body, dossier_uuid, told, is_ours=is_ours, value=value, by=by, now=now
            )
        elif kind == "step":
            _decide_step(store, body, both, keep)
        elif kind == "promise":
            body["promise"] = _decided_promise(store, keep, value)
        else:
            body["set"] = {field: _decided_value(store, field, keep, value)}
        journal.append(
            store,
            journal.desk(store),
            dossier_uuid=touched[0],
            kind=RESOLVE,
            at=to_epoch(to_minute(now)),
            now=to_epoch(now),
            by=by,
            body=body,
        )
        projection.project(store, touched, now=to_epoch(now))


def _decide_step(store: Store, body: dict[str, Any], both: list[str], keep: str) -> None:
    if not keep:
        raise InputError("Hai bước xử lý khác nhau: chọn giữ một bước.", field="keep")
    body["drop"] = []
    for uuid in both:
        if uuid != keep:
            # A decision goes with the steps it was carried out by.
            body["drop"] += [uuid, *_event(store, uuid)[1].body.get("with", ())]


def _decided_value(store: Store, field: str, keep: str, value: str | None) -> object:
    if value is not None:
        return conflict_values.written(field, value)
    return _event(store, keep)[1].body["set"][field]


def _decided_promise(store: Store, keep: str, value: str | None) -> dict[str, Any]:
    """Return the promise that replaces both; it is a correction, made in the open."""
    if value is not None:
        due_at = list_decisions.parsed_date(value)
    else:
        due_at = _event(store, keep)[1].body["promise"]["due_at"]
    return {"kind": PromiseKind.CORRECTION.value, "due_at": due_at, "counts": True}


def _decide_claim(store: Store, body: dict[str, Any], row: tuple[Any, ...], keep: str) -> list[str]:
    """Let the dossier that isn't kept give the code up; a provisional one gets a new number."""
    loser, _, field, first_uuid, _ = row
    winner = _event(store, first_uuid)[0]
    if not keep:
        raise InputError("Hai hồ sơ trùng mã: chọn hồ sơ được giữ mã.", field="keep")
    gives_up = loser if keep == first_uuid else winner
    body["drop"] = []
    body["set"] = {field: None}
    if field == "code":
        here = journal.desk(store)
        day = from_epoch(merged_of(store, gives_up).state["received_at"]).date()
        number = journal.take_number(store, kind="dossier", period=f"{day:%y%m%d}")
        body["set"] = {field: provisional_code(here.counter_number, day, number)}
    return [gives_up, winner if gives_up == loser else loser]
