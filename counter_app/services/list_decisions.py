"""What a person decides about what a list said otherwise: ours stays, or the list's is taken."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from counter_app.domain.dossier import PromiseKind
from counter_app.domain.doubts import LIST, OURS, THEIRS
from counter_app.domain.merge import RESOLVE
from counter_app.domain.moments import parse_moment, to_epoch, to_minute
from counter_app.errors import InputError
from counter_app.services import journal, list_taking

if TYPE_CHECKING:
    from datetime import datetime

    from counter_app.domain.history import Event
    from counter_app.storage.database import Store

DATES = frozenset({"due_at"})


def decide(
    store: Store,
    body: dict[str, Any],
    dossier_uuid: str,
    told: Event,
    *,
    is_ours: bool,
    value: str | None,
    by: str,
    now: datetime,
) -> list[str]:
    """Fill in what a decision changes; part of the running transaction.

    Args:
        store: the open data.
        body: the decision's body, to be filled in.
        dossier_uuid: the dossier it is about.
        told: the doubt's event.
        is_ours: what stands here is kept.
        value: a third value instead of both.
        by: who decides.
        now: the moment.

    Returns:
        other dossiers that the decision answers too.

    Raises:
        InputError: the list's word can't be taken so; nothing changed.
    """
    said = told.body["doubt"]
    field = said["field"]
    if value is None:
        body["keep"] = OURS if is_ours else THEIRS
    if field in DATES and not (value is None and is_ours):
        body["promise"] = {
            "kind": PromiseKind.CORRECTION.value,
            "due_at": said["told"] if value is None else parsed_date(value),
            "counts": True,
        }
    elif value is not None:
        raise InputError("Chỗ này chỉ chọn giữ một trong hai bên. Chưa thay đổi gì.", field="value")
    if is_ours or value is not None:
        return []
    if field == "status":
        body["with"] = list_taking.take_state(store, dossier_uuid, told, by=by, now=now)
    elif field == "rescheduled_due_at":
        list_taking.take_reschedule(store, body, dossier_uuid, said["told"], now=now)
    elif field == "official_code":
        _check_free(store, said["told"])
        body["set"] = {field: said["told"]}
    return _answer_others(store, told, by=by, now=now) if said.get("is_choice") else []


def parsed_date(value: str) -> int:
    """Return a date that a person wrote, as UTC seconds."""
    try:
        return to_epoch(parse_moment(value))
    except (ValueError, OverflowError) as error:
        raise InputError(
            "Ngày hẹn phải là thời điểm, ví dụ 2026-11-27T17:00.", field="value"
        ) from error


def _check_free(store: Store, official: str) -> None:
    taken = store.row(
        "SELECT code FROM dossier WHERE official_code = ? AND is_void = 0", (official,)
    )
    if taken is not None:
        raise InputError(
            f"Mã {official} đang gắn cho hồ sơ {taken[0]} nên không gắn thêm cho hồ sơ này được. "
            "Chưa thay đổi gì. Nếu mã ở hồ sơ kia là sai, sửa hồ sơ kia trước.",
            field="keep",
        )


def _answer_others(store: Store, told: Event, *, by: str, now: datetime) -> list[str]:
    """Say of the other dossiers that the same row might have meant: it wasn't these."""
    said = told.body["doubt"]
    rows = store.rows(
        "SELECT c.id, c.dossier_uuid, e.body FROM openconflict c JOIN event e "
        "ON e.uuid = c.second_uuid WHERE c.kind = ? AND c.field = ? AND c.id <> ? ORDER BY c.id",
        (LIST, said["field"], said["id"]),
    )
    touched = []
    for name, uuid, text in rows:
        if json.loads(text)["doubt"].get("key") != said["key"]:
            continue
        journal.append(
            store,
            journal.desk(store),
            dossier_uuid=uuid,
            kind=RESOLVE,
            at=to_epoch(to_minute(now)),
            now=to_epoch(now),
            by=by,
            body={"set": {}, "conflict": name, "keep": OURS},
        )
        touched.append(uuid)
    return touched
