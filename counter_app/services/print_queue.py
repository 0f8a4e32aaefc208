"""The queue of papers on their way to a printer: kept on disk before the printer is asked.

A job waits, is taken for printing, and is gone once the printer took it. What was handed to the
printer system when the machine stopped is doubtful: it may lie in the tray, so that only a person
sends it again. What was only taken, while printers were asked, simply waits again.
"""

from __future__ import annotations

import base64
import json
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.moments import from_epoch, to_epoch
from counter_app.domain.print_profiles import PaperGroup, PrintProfile, group_of, read_profiles
from counter_app.domain.rights import Act
from counter_app.errors import InputError
from counter_app.services.journal import new_uuid
from counter_app.services.settings import get_setting
from counter_app.services.turns import check_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from counter_app.storage.database import Store

_JOB, _PDF, _DROPPED = "print-job:", "print-pdf:", "print-dropped:"
_PUT = (
    "INSERT INTO draft (key, body, saved_at) VALUES (?, ?, ?) "
    "ON CONFLICT (key) DO UPDATE SET body = excluded.body"
)
_LIST = "SELECT key, body, saved_at FROM draft WHERE key >= ? AND key < ? ORDER BY saved_at, rowid"
_MOST_REMEMBERED = 200


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    PRINTING = "printing"
    DOUBTFUL = "doubtful"


class PrintJob(NamedTuple):
    """A paper that waits for its printer."""

    uuid: str
    title: str
    group: PaperGroup
    state: JobState
    since: datetime
    reason: str = ""
    tries: int = 0


def add(store: Store, data: bytes, *, title: str, group: PaperGroup, now: datetime) -> str:
    """Keep a PDF until a printer took it; returns the job's uuid."""
    uuid, at = new_uuid(), to_epoch(now)
    with store.transaction():
        store.execute(_PUT, (_PDF + uuid, base64.b64encode(data).decode(), at))
        body = {"title": title, "group": group.value, "state": "waiting", "reason": "", "tries": 0}
        store.execute(_PUT, (_JOB + uuid, json.dumps(body, ensure_ascii=False), at))
    return uuid


def waiting_with(store: Store, data: bytes) -> str:
    """Return the job that waits with the very same pages; empty when none does."""
    rows = store.rows(
        "SELECT key FROM draft WHERE key >= ? AND key < ? AND body = ?",
        (*_span(_PDF), base64.b64encode(data).decode()),
    )
    for (key,) in rows:
        uuid = str(key).removeprefix(_PDF)
        body = _body(store, uuid)
        if body is not None and JobState(body["state"]) is JobState.WAITING:
            return uuid
    return ""


def take(store: Store, uuid: str, *, doubtful_too: bool = False) -> bytes | None:
    """Take a job for printing; None if it is gone or another hand is printing it.

    A doubtful one is taken only when a person says so.
    """
    allowed = {JobState.WAITING} | ({JobState.DOUBTFUL} if doubtful_too else set())
    with store.transaction():
        body = _body(store, uuid)
        if body is None or JobState(body["state"]) not in allowed:
            return None
        taken = {"state": JobState.PRINTING.value, "tries": body["tries"] + 1, "handed": False}
        _put(store, uuid, body | taken)
    return pdf_of(store, uuid)


def hand_over(store: Store, uuid: str) -> None:
    """Note that a job goes to the printer system now: from here on it may come out."""
    with store.transaction():
        body = _body(store, uuid)
        if body is not None:
            _put(store, uuid, body | {"handed": True})


def pdf_of(store: Store, uuid: str) -> bytes | None:
    """Return a job's PDF without taking it."""
    row = store.row("SELECT body FROM draft WHERE key = ?", (_PDF + uuid,))
    return None if row is None else base64.b64decode(row[0])


def done(store: Store, uuid: str) -> None:
    """Forget a job that a printer took."""
    with store.transaction():
        store.execute("DELETE FROM draft WHERE key IN (?, ?)", (_JOB + uuid, _PDF + uuid))


def put_back(store: Store, uuid: str, *, reason: str) -> None:
    """Let a job wait that no printer took, and keep why."""
    with store.transaction():
        body = _body(store, uuid)
        if body is not None:
            _put(store, uuid, body | {"state": JobState.WAITING.value, "reason": reason})


def settle(store: Store) -> None:
    """Mark what was being printed when the machine stopped; called once at the start."""
    for job in jobs(store):
        if job.state is JobState.PRINTING:
            with store.transaction():
                body = _body(store, job.uuid) or {}
                state, reason = JobState.WAITING, ""
                if body.get("handed", True):  # an older version didn't tell
                    state = JobState.DOUBTFUL
                    reason = "Máy dừng giữa lúc in: có thể đã in, xem khay giấy trước khi in lại."
                _put(store, job.uuid, body | {"state": state.value, "reason": reason})


def drop(store: Store, uuid: str, *, reason: str, by: str) -> None:
    """Take a job off the queue without printing it; who and why stays on record.

    Raises:
        InputError: no reason is given.
    """
    from counter_app.services import audit  # queueing a paper needs no log

    words = check_line(reason, field="reason", label="Lý do")
    if not words:
        raise InputError("Cần ghi lý do bỏ giấy khỏi hàng chờ. Giấy vẫn chờ in.", field="reason")
    with store.transaction():
        body = _body(store, uuid)
        if body is None:
            return
        row = store.row("SELECT saved_at FROM draft WHERE key = ?", (_JOB + uuid,))
        told = json.dumps(body | {"reason": words, "by": by}, ensure_ascii=False)
        store.execute(_PUT, (_DROPPED + uuid, told, row[0] if row else 0))
        who = store.user or by
        audit.note(store, Act.PAPERS, by=who, target=uuid, what="bỏ khỏi hàng chờ in", why=words)
        done(store, uuid)
        store.execute(
            "DELETE FROM draft WHERE key IN (SELECT key FROM draft WHERE key >= ? AND key < ? "
            "ORDER BY saved_at DESC LIMIT -1 OFFSET ?)",
            (*_span(_DROPPED), _MOST_REMEMBERED),
        )


def jobs(store: Store) -> list[PrintJob]:
    """Return what waits, the oldest first."""
    return [
        PrintJob(
            key.removeprefix(_JOB),
            body["title"],
            PaperGroup(body["group"]),
            JobState(body["state"]),
            from_epoch(at),
            body["reason"],
            body["tries"],
        )
        for key, body, at in _read(store, _JOB)
    ]


def dropped(store: Store) -> list[dict[str, Any]]:
    """Return what was taken off the queue, with who and why."""
    return [body for _, body, _ in _read(store, _DROPPED)]


def group_of_papers(store: Store, uuids: Sequence[str]) -> PaperGroup:
    """Return the group of issued papers that are printed together."""
    marks = ",".join("?" * len(uuids))
    rows = store.rows(
        f"SELECT DISTINCT kind FROM paper WHERE uuid IN ({marks})",  # noqa: S608 - marks only
        tuple(uuids),
    )
    return group_of(kind for (kind,) in rows)


def codes_of_papers(store: Store, uuids: Sequence[str]) -> str:
    """Return whose papers they are by code, without a name: the first, and how many more."""
    marks = ",".join("?" * len(uuids))
    rows = store.rows(
        "SELECT DISTINCT coalesce(d.official_code, d.code) FROM paper p "  # noqa: S608 - marks only
        f"JOIN dossier d ON d.id = p.dossier_id WHERE p.uuid IN ({marks}) ORDER BY 1",
        tuple(uuids),
    )
    codes = [code for (code,) in rows]
    if len(codes) > 1:
        return f"{codes[0]} và {len(codes) - 1} hồ sơ khác"
    return "".join(codes)


def profile(store: Store, group: PaperGroup) -> PrintProfile:
    """Return how a group of papers is printed; the printer of all where it has none."""
    found = read_profiles(get_setting(store, "print_profiles"))[group]
    return found if found.printer else found._replace(printer=get_setting(store, "printer"))


def _read(store: Store, prefix: str) -> list[tuple[str, dict[str, Any], int]]:
    return [(key, json.loads(body), at) for key, body, at in store.rows(_LIST, _span(prefix))]


def _span(prefix: str) -> tuple[str, str]:
    return prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1)


def _body(store: Store, uuid: str) -> dict[str, Any] | None:
    row = store.row("SELECT body FROM draft WHERE key = ?", (_JOB + uuid,))
    return None if row is None else json.loads(row[0])


def _put(store: Store, uuid: str, body: dict[str, Any]) -> None:
    store.execute(_PUT, (_JOB + uuid, json.dumps(body, ensure_ascii=False), 0))
