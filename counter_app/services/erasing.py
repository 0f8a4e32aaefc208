"""Removing personal data (xóa dữ liệu cá nhân): the event says what, its body loses who.

The bodies of the events that are named give way to ones without the person; their hashes stay in
the chain, and the erasing event, which is chained too, holds the hash of what stands there now.
So a body that was changed in any other way is still found. The event travels to other desks, and
each of them does the same.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.atomic import write_atomically
from counter_app.domain.attached import files_of
from counter_app.domain.dossier import CLOSED_OTHERWISE, Status
from counter_app.domain.erasing import ERASE, redacted
from counter_app.domain.moments import from_epoch, to_epoch
from counter_app.domain.vietnamese import clean_line
from counter_app.errors import (
    DataFileError,
    InputError,
    MoveRefusedError,
    NotFoundError,
    UserError,
)
from counter_app.services import audit, erased_files, journal, rights
from counter_app.services.merged import expected_state
from counter_app.services.office import begin_epoch
from counter_app.services.settings import get_setting
from counter_app.storage import dossiers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from counter_app.domain.history import State
    from counter_app.storage.database import Store

_LONGEST_REASON = 500
_AGAIN = "đã xóa trước khi khôi phục"
_LIST = ".erased"
_ERASURES = "SELECT dossier_uuid, body FROM event WHERE kind = ?"
_FOUND = (
    "SELECT uuid FROM dossier WHERE citizen_id = ? OR json_extract(details, '$.submitter_id') = ? "
    "ORDER BY received_at, id"
)


class Removed(NamedTuple):
    """What was removed: the dossiers' codes, how many visits, how many attached files.

    ``kept`` are others' dossiers whose files stay: whom the person handed in for. ``left`` files
    are held open by another program and go at the next start.
    """

    codes: tuple[str, ...]
    visits: int
    files: int
    kept: tuple[str, ...]
    left: int


def remove_person(
    store: Store,
    number: str,
    *,
    reason: str,
    by: str,
    now: datetime,
    progress: Callable[[int, int], object] | None = None,
) -> Removed:
    """Remove a person's data from dossiers whose time is over, and keep their trace.

    ``progress`` is called with dossiers done and dossiers in all; it may raise to cancel, which
    removes nothing.

    Raises:
        InputError: no number or no reason.
        NotFoundError: nobody of that number is known.
        MoveRefusedError: the office set no period, or it isn't over; nothing changed.
        RightsError: who is signed in may not.
    """
    wanted = number.replace(" ", "").strip()
    why = clean_line(reason)[:_LONGEST_REASON]
    if not wanted or not why:
        raise InputError("Cần số định danh và lý do (số văn bản). Chưa xóa gì.", field="reason")
    # What is overwritten mustn't stay readable in the free pages of the file.
    store.execute("PRAGMA secure_delete=1")
    with store.transaction():
        rights.demand(store, ERASE)
        journal.check_clock(store, now)
        uuids = [uuid for (uuid,) in store.rows(_FOUND, (wanted, wanted))]
        rows = store.rows("SELECT uuid, at FROM visit WHERE number = ?", (wanted,))
        if not uuids and not rows:
            raise NotFoundError(f"Không có dữ liệu của người mang số {wanted}. Chưa xóa gì.")
        states = [_load(store, uuid) for uuid in uuids]
        for _, _, state in states:
            _check_over(store, state, now=now)
        for _, at in rows:
            _check_period(store, at, "lượt tiếp", now=now)
        for uuid, _ in rows:
            _erase_visit(store, uuid, why, by=by, now=now)
        for done, (dossier_id, uuid, state) in enumerate(states):
            if progress is not None:
                progress(done, len(states))
            only = state["citizen_id"] != wanted
            _erase_dossier(store, dossier_id, uuid, state, why, by=by, now=now, only=only)
        store.execute("DELETE FROM person WHERE number = ?", (wanted,))
        codes = tuple(_code(state) for _, _, state in states)
        kept = tuple(
            _code(state)
            for _, _, state in states
            if state["citizen_id"] != wanted and any(one.get("sha256") for one in files_of(state))
        )
        files = len(erased_files.waiting(store))
        audit.note(store, ERASE, by=by, count=len(codes) + len(rows), files=files, why=why)
    keep_beside(store)
    left = erased_files.remove(store)
    return Removed(codes, len(rows), files, kept, len(left))


def _load(store: Store, uuid: str) -> tuple[int, str, State]:
    return dossiers.state_of(store.row(dossiers.SELECT_STATE + "WHERE uuid = ?", (uuid,)) or ())


def _code(state: State) -> str:
    return str(state["official_code"] or state["code"])


def _check_over(store: Store, state: State, *, now: datetime) -> None:
    code = _code(state)
    ended = state["returned_at"] or state["closed_at"]
    is_open = Status(state["status"]) not in {Status.RETURNED, *CLOSED_OTHERWISE}
    if (is_open or ended is None) and not state["is_void"]:
        raise MoveRefusedError(
            f"Hồ sơ {code} chưa kết thúc nên chưa xóa được dữ liệu cá nhân. Chưa xóa gì."
        )
    _check_period(store, ended or state["recorded_at"], f"hồ sơ {code}", now=now)


def _check_period(store: Store, ended: int, what: str, *, now: datetime) -> None:
    years = int(get_setting(store, "retention_years"))
    if not years:
        raise MoveRefusedError(
            "Đơn vị chưa đặt thời hạn lưu dữ liệu cá nhân. Chưa xóa gì. Đặt theo quy định lưu "
            "trữ ở Cài đặt, mục Dữ liệu (lệnh: settings set retention_years SỐ NĂM)."
        )
    end = from_epoch(ended)
    if (end.year + years, end.month, end.day) > (now.year, now.month, now.day):
        raise MoveRefusedError(
            f"Chưa hết {years} năm lưu của {what} (kết thúc {end:%d/%m/%Y}). Chưa xóa gì."
        )


def _erase_dossier(
    store: Store,
    dossier_id: int,
    uuid: str,
    state: State,
    why: str,
    *,
    by: str,
    now: datetime,
    only: bool,
) -> None:
    body = _body(store, uuid, why, only=only)
    journal.add_event(
        store,
        dossier_id=dossier_id,
        dossier_uuid=uuid,
        before=state,
        kind=ERASE,
        at=to_epoch(now.replace(second=0, microsecond=0)),
        now=to_epoch(now),
        by=by,
        body=body,
    )
    apply(store, body)
    _, _, before = _load(store, uuid)
    dossiers.update_dossier(store, dossier_id, before, expected_state(store, uuid))


def _erase_visit(store: Store, uuid: str, why: str, *, by: str, now: datetime) -> None:
    from counter_app.services import visits

    body = _body(store, uuid, why, only=False)
    journal.append(
        store,
        journal.desk(store),
        dossier_uuid=uuid,
        kind=ERASE,
        at=to_epoch(now),
        now=to_epoch(now),
        by=by,
        body=body,
    )
    apply(store, body)
    visits.project(store, uuid)


def _body(store: Store, uuid: str, why: str, *, only: bool) -> dict[str, Any]:
    erases = {}
    files: set[erased_files.File] = set()
    for event_uuid, text in store.rows(
        "SELECT uuid, body FROM event WHERE dossier_uuid = ? AND kind <> ?", (uuid, ERASE)
    ):
        after = _without(text, only=only, with_files=True)
        if after != text:
            erases[event_uuid] = _hash(after)
            if not only:
                files |= erased_files.named_in(json.loads(text))
    hashes = sorted({sha256 for sha256, _ in files})
    held = {"erases": erases, "files": hashes, "only_submitter": only, "reason": why}
    return {"set": {}, **held}


def apply(store: Store, body: Mapping[str, Any]) -> None:
    """Put what an erasing event says in the place of the bodies; part of the transaction.

    A body from which something else would come is left, and named by the check. Attached files are
    noted here; ``erased_files.remove`` takes them off the disk once this is kept.
    """
    only, with_files = bool(body.get("only_submitter")), "files" in body
    for uuid, wanted in body["erases"].items():
        row = store.row("SELECT body FROM event WHERE uuid = ?", (uuid,))
        after = "" if row is None else _without(row[0], only=only, with_files=with_files)
        if row is None or after == row[0] or _hash(after) != wanted:
            continue
        for number in _numbers(json.loads(row[0]), only=only):
            store.execute("DELETE FROM person WHERE number = ?", (number,))
        if with_files and not only:
            erased_files.note(store, erased_files.named_in(json.loads(row[0])))
        # Without its salt what was there can't be guessed from the hash that stays.
        store.execute("UPDATE event SET body = ?, salt = x'' WHERE uuid = ?", (after, uuid))
        paper = json.loads(after).get("paper") or {}
        if "facts" in paper:
            store.execute(
                "UPDATE paper SET facts = ? WHERE event_uuid = ?",
                (dossiers.dump(paper["facts"]), uuid),
            )


def _numbers(body: Mapping[str, Any], *, only: bool) -> set[str]:
    """Return the numbers a body names, under which the person is offered the next time."""
    person = (body.get("visit") or {}).get("person") or {}
    held = {**person, **body.get("set", {})}
    keys = ("submitter_id",) if only else ("citizen_id", "submitter_id")
    return {str(held[key]) for key in keys if held.get(key)}


def _without(text: str, *, only: bool, with_files: bool) -> str:
    body = redacted(json.loads(text), only_submitter=only, with_files=with_files)
    return dossiers.dump(body)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class Erased:
    """Which bodies may stand in the place of others, by the erasing events there are."""

    def __init__(self, store: Store) -> None:
        """Read every erasing event; only a check and an import need it."""
        self._known: dict[str, set[str]] = {}
        for (text,) in store.rows("SELECT body FROM event WHERE kind = ?", (ERASE,)):
            self.add(text)

    def add(self, text: str) -> None:
        """Take one more erasing event's body."""
        for uuid, wanted in json.loads(text).get("erases", {}).items():
            self._known.setdefault(uuid, set()).add(wanted)

    def allows(self, event_uuid: str, text: str) -> bool:
        """Tell whether an event's body is what an erasing event put there."""
        return _hash(text) in self._known.get(event_uuid, ())

    def left(self, store: Store) -> Iterator[str]:
        """Yield the events that still hold what should have been removed."""
        for uuid in self._known:
            row = store.row("SELECT body FROM event WHERE uuid = ?", (uuid,))
            if row is not None and not self.allows(uuid, row[0]):
                yield uuid


class Erasure(NamedTuple):
    """What was removed of a dossier or visit: of the submitter only, and why."""

    only: bool
    reason: str


def erased(store: Store) -> dict[str, Erasure]:
    """Return what was removed here, by the list beside the anchor too where data are damaged."""
    found = {uuid: Erasure(only, _AGAIN) for uuid, only in _beside(store).items()}
    with contextlib.suppress(DataFileError):
        for uuid, text in store.rows(_ERASURES, (ERASE,)):
            body = json.loads(text)
            only = bool(body.get("only_submitter")) and (uuid not in found or found[uuid].only)
            found[uuid] = Erasure(only, str(body.get("reason", "")))
    return found


def keep_beside(store: Store) -> None:
    """Keep outside the data what was removed: an older copy may come for data that are lost.

    Nothing of a person stands in it. Where it can't be written, the checks tell it of the anchor.
    """
    if store.anchor is None:
        return
    known = {uuid: one.only for uuid, one in erased(store).items()}
    path = store.anchor.stem.with_suffix(_LIST)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, json.dumps(known).encode())
    except (OSError, UserError) as error:
        store.anchor.problem = str(error)


def _beside(store: Store) -> dict[str, bool]:
    if store.anchor is None:
        return {}
    try:
        return dict(json.loads(store.anchor.stem.with_suffix(_LIST).read_bytes()))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        store.anchor.problem = str(error)
        return {}


def erase_again(store: Store, found: Mapping[str, Erasure], *, now: datetime) -> int:
    """Erase in a copy that is about to be restored what was erased since; returns how many.

    The events that say so stand in a chain of their own: the copy's may have gone on elsewhere.
    """
    todo = {
        uuid: one
        for uuid, one in found.items()
        if _body(store, uuid, one.reason, only=one.only)["erases"]
    }
    if not todo:
        return 0
    store.execute("PRAGMA secure_delete=1")
    was, store.user = store.user, rights.PROGRAM
    try:
        with store.transaction():
            begin_epoch(store, machine_mark="")
            for uuid, one in todo.items():
                _again(store, uuid, one, now=now)
            audit.note(store, ERASE, by="", what="xóa lại khi khôi phục", count=len(todo))
    finally:
        store.user = was
    return len(todo)


def _again(store: Store, uuid: str, one: Erasure, *, now: datetime) -> None:
    row = store.row(dossiers.SELECT_STATE + "WHERE uuid = ?", (uuid,))
    if row is not None:
        dossier_id, _, state = dossiers.state_of(row)
        _erase_dossier(store, dossier_id, uuid, state, one.reason, by="", now=now, only=one.only)
    else:
        _erase_visit(store, uuid, one.reason, by="", now=now)
