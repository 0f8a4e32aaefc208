"""Corrections (sửa thông tin): what was typed wrong is put right in the open, also after printing.

Before the end of the work a changed procedure, limit or receipt moves the due date by a promise of
kind ``correction``; afterwards only what moves no due date can be put right.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from counter_app.domain.deadlines import Pause
from counter_app.domain.dossier import OPEN, Move, PromiseKind, Status
from counter_app.domain.facts import PLAIN_FIELDS, DocumentFacts, ReceiveRequest
from counter_app.domain.moments import from_epoch, parse_moment, to_epoch, to_minute
from counter_app.domain.vietnamese import clean_text
from counter_app.errors import InputError, InputErrors, MoveRefusedError
from counter_app.services import lookup, promises, reception
from counter_app.services.intake import LATE_ENTRY_SECONDS, Tidied, tidy
from counter_app.services.turns import Turn, take, write

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from counter_app.domain.facts import DossierFacts
    from counter_app.domain.history import State
    from counter_app.storage.database import Store

DUE_FIELDS = ("procedure_code", "limit", "received_at")
# Names of the command line's own options for what a dossier calls otherwise.
_ALIASES = {
    "procedure": "procedure_code",
    "applicant": "applicant_name",
    "organisation": "applicant_name",
    "submitter": "submitter_name",
    "subject": "subject_name",
}
# What a change of one field settles with it.
_FOLLOWS = {
    "citizen_id": ("id_kind",),
    "id_kind": ("citizen_id",),
    "applicant_name": ("submitter_name",),
    "procedure_code": ("procedure_name", "sector", "fee_text", "resolving_unit"),
}


def field_named(name: str) -> str:
    """Return the field a name stands for.

    Raises:
        InputError: nothing of that name can be corrected.
    """
    key = _ALIASES.get(name.strip(), name.strip())
    if key not in PLAIN_FIELDS + DUE_FIELDS:
        names = ", ".join((*PLAIN_FIELDS, *DUE_FIELDS))
        raise InputError(
            f"Không sửa được “{name}”. Các mục sửa được: {names}. Chưa lưu gì.", field="set"
        )
    return key


def correct(
    store: Store,
    code: str,
    *,
    values: Mapping[str, Any],
    reason: str,
    at: datetime | None = None,
    by: str,
    now: datetime,
) -> DossierFacts:
    """Put fields right, with a reason; the receipt issued before is replaced by the next one.

    Raises:
        InputErrors: a new value can't be used; nothing changed.
        MoveRefusedError: it would move the due date of a dossier that has ended.
    """
    with store.transaction():
        turn = take(store, code, Move.CORRECT, at=at, now=now, reason=reason)
        named = {field_named(name): value for name, value in values.items()}
        if not named:
            raise InputError("Chưa nêu mục nào cần sửa. Chưa lưu gì.", field="set")
        moving = [name for name in named if name in DUE_FIELDS]
        if moving and turn.status not in OPEN:
            raise MoveRefusedError(
                f"Hồ sơ {turn.state['code']} đã kết thúc xử lý nên không sửa được thủ tục, thời "
                "hạn hay giờ tiếp nhận: ngày hẹn không đổi nữa. Hồ sơ giữ nguyên."
            )
        changes = _changes(store, turn, named)
        if not any(turn.state[key] != value for key, value in changes.items()):
            raise InputError(
                "Giá trị mới trùng với giá trị đang có. Chưa lưu gì.", field=next(iter(named))
            )
        promise = _recomputed(store, turn, changes, clean_text(reason)) if moving else None
        extra = {"reason": clean_text(reason)}
        facts = write(
            store, turn, Move.CORRECT, by=by, changes=changes, promise=promise, extra=extra
        )
        # Whoever comes with this number next time is offered what is right.
        reception.remember_person(store, facts.state, to_epoch(now))
        return facts


def _changes(store: Store, turn: Turn, named: dict[str, Any]) -> dict[str, Any]:
    """Check the new values as a reception does; what wasn't named stays as it is."""
    request = _request(turn.state)
    values = {name: _value(name, value) for name, value in named.items()}
    if "citizen_id" in values and "id_kind" not in values:
        values["id_kind"] = "citizen" if turn.state["id_kind"] == "none" else turn.state["id_kind"]
    if "limit" in values:
        values["limit_reason"] = "sửa thông tin"
    request = replace(request, **values)
    if "procedure_code" in values and "limit" not in values:
        request = replace(request, limit="", limit_reason="")
    tidied = tidy(store, request, now=turn.now)
    wanted = set(named)
    for name in named:
        wanted.update(_FOLLOWS.get(name, ()))
    wrong = [e for e in tidied.errors if e.field in wanted]
    if wrong:
        raise InputErrors(wrong)
    state = turn.state
    changes = {key: tidied.values[key] for key in wanted if key in tidied.values}
    changes = {key: _as_stored(key, value) for key, value in changes.items()}
    if "received_at" in changes:
        _check_receipt(store, turn, changes["received_at"])
        late = state["recorded_at"] - changes["received_at"] > LATE_ENTRY_SECONDS
        changes["entered_late"] = int(late)
    if "limit" in values or "procedure_code" in values:
        changes.update(_terms(store, turn, tidied, request))
    if turn.status is not Status.RECEIVED:
        changes.pop("resolving_unit", None)  # it went to a unit; a forward moves it on
    return changes


def _as_stored(key: str, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    return value if value is not None or key in _NULLABLE else ""


_NULLABLE = {"citizen_id", "tax_code", "birth_date", "sex", "submitter_id"}


def _request(state: State) -> ReceiveRequest:
    """Return the request that would have led to this state."""
    plain: dict[str, Any] = {
        field.name: state[field.name] or ""
        for field in fields(ReceiveRequest)
        if field.name in PLAIN_FIELDS and field.name not in {"copies", "documents"}
    }
    if state["submitter_name"] == state["applicant_name"]:
        plain["submitter_name"] = ""  # who stood here is the owner, under whatever name
    return ReceiveRequest(
        procedure_code=state["procedure_code"],
        owner_kind=state["owner_kind"],
        copies=state["copies"],
        documents=tuple(DocumentFacts(**one) for one in state["documents"]),
        received_at=from_epoch(state["received_at"]),
        limit=state["limit"],
        limit_reason="giữ nguyên",
        competent_unit=state["competent_unit"],
        by=state["reception_officer"],
        **plain,
    )


def _value(name: str, value: Any) -> Any:  # noqa: ANN401 - text, or what the window read already
    if not isinstance(value, str):
        return value
    text = value.strip()
    if name == "copies":
        if not text.isascii() or not text.isdigit():
            raise InputError("Số bộ hồ sơ cần là một số. Chưa lưu gì.", field=name)
        return int(text)
    if name == "received_at":
        try:
            return parse_moment(text)
        except (ValueError, OverflowError) as error:
            raise InputError(
                f"“{text}” không phải thời điểm dạng 2026-11-24T09:00. Chưa lưu gì.", field=name
            ) from error
    if name == "documents":
        return tuple(_document(part) for part in text.split(";") if part.strip())
    return text


def _document(text: str) -> DocumentFacts:
    """Read NAME=ORIGINALS/COPIES."""
    name, _, counts = text.strip().rpartition("=")
    originals, slash, copies = counts.partition("/")
    counted = (originals + copies).isascii() and originals.isdigit() and copies.isdigit()
    if not name.strip() or not slash or not counted:
        raise InputError(
            f"Giấy tờ “{text.strip()}” cần dạng TÊN=SỐ BẢN CHÍNH/SỐ BẢN SAO, cách nhau bằng "
            "dấu ;. Chưa lưu gì.",
            field="documents",
        )
    return DocumentFacts(name.strip(), int(originals), int(copies))


def _check_receipt(store: Store, turn: Turn, received_at: int) -> None:
    """Refuse a receipt after the dossier's own next step."""
    steps = [e for e in lookup.story(store, turn.uuid) if not e.is_undone]
    later = [e.at for e in steps if e.kind not in (Move.RECEIVE, Move.CORRECT, Move.PRINT)]
    if later and received_at > to_epoch(min(later)):
        raise InputError(
            f"Giờ tiếp nhận không thể ở sau bước tiếp theo của hồ sơ "
            f"({min(later):%H:%M %d/%m/%Y}). Chưa lưu gì.",
            field="received_at",
        )


def _terms(store: Store, turn: Turn, tidied: Tidied, request: ReceiveRequest) -> Mapping[str, str]:
    found = tidied.procedure
    if found is None:
        raise InputError(
            f"Không còn thủ tục {request.procedure_code} trong danh mục nên chưa tính lại được "
            "hạn. Chưa lưu gì.",
            field="procedure_code",
        )
    is_other = found.code != turn.state["procedure_code"]
    cutoff = found.cutoff if is_other else turn.state["cutoff"]
    counting = "" if is_other else turn.state["counting"]
    return promises.terms(
        store, limit=request.limit or found.limit, cutoff=cutoff, counting=counting
    ).state


def _recomputed(
    store: Store, turn: Turn, changes: dict[str, Any], reason: str
) -> dict[str, Any] | None:
    """Return the promise that a correction leads to, None if nothing was promised yet."""
    state = {**turn.state, **changes}
    held = promises.terms_for(store, state)
    if turn.state["legal_due_at"] is None and turn.state["competent_unit"]:
        given = promises.answer(store, held, from_epoch(state["received_at"]))
        changes["expected_due_at"] = given.due_at and to_epoch(given.due_at)
        return None
    base = _base(state)
    pauses = [Pause(from_epoch(a), from_epoch(b)) for a, b in state["pauses"] if b is not None]
    given = promises.answer(store, held, base, pauses)
    for limit in state["extensions"]:
        if given.due_at is not None:
            given = promises.extended(store, held, limit, given.due_at, pauses)
    if given.due_at is None:
        raise InputError("Chưa tính được ngày hẹn trả mới. Chưa lưu gì.", field="limit")
    return promises.promise_body(
        store,
        PromiseKind.CORRECTION.value,
        given.due_at,
        base_at=base,
        provisional=given.provisional,
        reason=reason,
        limit=str(held.limit),
    )


def _base(state: State) -> datetime:
    """Return the moment the running term began: the receipt, unless papers came in since."""
    if state["run"] or state["competent_at"] is not None:
        return from_epoch(state["run_started_at"] or state["received_at"])
    return from_epoch(state["received_at"])


def corrected_due(
    store: Store, state: State, values: Mapping[str, Any], *, now: datetime
) -> datetime | None:
    """Return the due moment a correction would lead to, for the window; saves nothing.

    Raises:
        InputError: a value can't be used.
    """
    turn = Turn(0, "", state, to_minute(now), to_epoch(to_minute(now)), now, "day")
    named = {field_named(name): value for name, value in values.items()}
    changes = _changes(store, turn, named)
    promise = _recomputed(store, turn, changes, "")
    return None if promise is None else from_epoch(promise["due_at"])
