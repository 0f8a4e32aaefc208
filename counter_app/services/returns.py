"""Giving back (trả kết quả): who collects, what is still to be paid, and calls to who doesn't."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counter_app.domain.contacts import OUTCOME_LABELS, Outcome
from counter_app.domain.dossier import CLOSED_OTHERWISE, Move, Status
from counter_app.domain.fees import FeeStanding
from counter_app.domain.vietnamese import clean_text
from counter_app.errors import InputError, MoveRefusedError
from counter_app.services import fees
from counter_app.services.turns import check_line, check_words, take, write

if TYPE_CHECKING:
    from datetime import date, datetime

    from counter_app.domain.facts import DossierFacts
    from counter_app.domain.history import State
    from counter_app.storage.database import Store

WAYS = ("counter", "post", "online")
_LONGEST_NOTE = 300


def fee_due(state: State) -> int:
    """Return what is still to be paid of a dossier's fee, in đồng; 0 when nothing is known."""
    return FeeStanding.of(state).owed or 0


def return_result(
    store: Store,
    code: str,
    *,
    collected_by: str,
    proxy_id: str = "",
    authorisation: str = "",
    receipt_lost: bool = False,
    identity: str = "",
    via: str = "counter",
    fee_paid: bool = False,
    fee_receipt: str = "",
    handover: str = "",
    at: datetime | None = None,
    by: str,
    now: datetime,
) -> DossierFacts:
    """Hand the result, or the papers of a dossier that ended otherwise, to who collects it.

    NĐ 118/2025 Điều 6.2: the receipt is brought; without it an identity paper is shown
    (``identity`` is its number); a proxy brings a written authorisation. ``fee_paid`` records that
    what was still due is paid, with the number of the official receipt.
    """
    with store.transaction():
        turn = take(store, code, Move.RETURN, at=at, now=now)
        if fee_receipt and not fee_paid:
            raise InputError(
                "Có số biên lai mà chưa đánh dấu đã thu phí. Chưa lưu gì.", field="receipt_number"
            )
        if fee_paid and fee_due(turn.state):
            fees.record_fee(
                store, turn.uuid, paid=True, receipt_number=fee_receipt, at=at, by=by, now=now
            )
            turn = take(store, turn.uuid, Move.RETURN, at=at, now=now)
        name = check_line(collected_by, field="collected_by", label="Tên người nhận")
        if not name:
            raise InputError("Chưa ghi họ tên người nhận kết quả.", field="collected_by")
        if via not in WAYS:
            raise InputError(
                f"Cách trả “{via}” không dùng được: cần một trong {', '.join(WAYS)}.", field="via"
            )
        if turn.state["returned_at"] is not None:
            raise MoveRefusedError(f"Hồ sơ {turn.state['code']} đã trả giấy tờ trước đó.")
        changes: dict[str, Any] = {
            "returned_at": turn.at_seconds,
            "collected_by": name,
            "returned_via": via,
        }
        if turn.status not in CLOSED_OTHERWISE:
            changes["status"] = Status.RETURNED.value
        extra = {
            "proxy_id": check_line(proxy_id, field="proxy_id", label="Số giấy tờ"),
            "authorisation": check_line(
                authorisation, field="authorisation", label="Giấy ủy quyền"
            ),
            "receipt_lost": receipt_lost,
            "identity": check_line(identity, field="identity", label="Số giấy tờ đã xem"),
            "handover": handover,
        }
        return write(store, turn, Move.RETURN, by=by, changes=changes, extra=extra)


def contact(
    store: Store,
    code: str,
    *,
    outcome: str,
    until: date | None = None,
    note: str = "",
    at: datetime | None = None,
    by: str,
    now: datetime,
) -> DossierFacts:
    """Record what came of a call to the citizen; a note that moves nothing."""
    with store.transaction():
        turn = take(store, code, Move.CONTACT, at=at, now=now)
        known = [str(one) for one in Outcome]
        if outcome not in known:
            raise InputError(
                f"Kết quả cuộc gọi “{outcome}” không dùng được: cần một trong {', '.join(known)}.",
                field="outcome",
            )
        if until is not None and outcome != Outcome.PROMISED:
            label = OUTCOME_LABELS[Outcome.PROMISED].lower()
            raise InputError(f"Chỉ ghi ngày khi kết quả là “{label}”.", field="until")
        if until is not None and until < turn.at.date():
            raise InputError("Ngày hẹn đến nhận ở trước ngày gọi. Sửa lại ngày.", field="until")
        words = check_words(note, field="note", label="Ghi chú", longest=_LONGEST_NOTE)
        day = None if until is None else until.isoformat()
        call = {"outcome": outcome, "until": day, "note": clean_text(words)}
        extra = {"call": {key: value for key, value in call.items() if value}}
        return write(store, turn, Move.CONTACT, by=by, changes={}, extra=extra)
