"""Fees (phí, lệ phí) of a dossier: counted, paid against an official receipt, or exempted.

What is kept is the number of the official receipt (biên lai) that the office's own book gave; no
paper of ours is one. Money that was taken is an event, so the till of a day can be told again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.dossier import Move
from counter_app.domain.fees import MOST_COPIES, MOST_PAGES, FeeStanding, fee_for
from counter_app.domain.moments import epoch_day
from counter_app.domain.vietnamese import format_amount
from counter_app.errors import InputError, MoveRefusedError, NotFoundError
from counter_app.services import catalogue
from counter_app.services.turns import check_line, take, write

if TYPE_CHECKING:
    from datetime import date, datetime

    from counter_app.domain.catalogue import Fee
    from counter_app.domain.facts import DossierFacts
    from counter_app.domain.history import State
    from counter_app.storage.database import Store

_MOST_MONEY = 1_000_000_000
_LONGEST_NUMBER = 60


def tariff_of(store: Store, procedure_code: str, *, on: date) -> Fee | None:
    """Return the tariff in force on a day, None for a procedure the catalogue doesn't know."""
    try:
        return catalogue.procedure(store, procedure_code, on=on).fee
    except NotFoundError:
        return None


def tariff_for(store: Store, state: State) -> Fee | None:
    """Return the tariff a dossier came under: that of the day it was received."""
    return tariff_of(store, state["procedure_code"], on=epoch_day(state["received_at"]))


def record_fee(
    store: Store,
    code: str,
    *,
    pages: int | None = None,
    copies: int | None = None,
    amount: int | None = None,
    paid: bool = False,
    receipt_number: str = "",
    exempt: bool = False,
    reason: str = "",
    proof: str = "",
    at: datetime | None = None,
    by: str,
    now: datetime,
) -> DossierFacts:
    """Record what a dossier costs, that it was paid, or that it is exempt (phí, lệ phí).

    ``amount`` is a sum other than the tariff's, with its reason. A receipt's number may follow the
    payment. Nothing given counts the tariff anew.

    Raises:
        InputError: the sum can't be counted, or an exemption lacks its reason or proof.
        MoveRefusedError: it was paid before.
    """
    with store.transaction():
        turn = take(store, code, Move.FEE, at=at, now=now)
        state = turn.state
        before = FeeStanding.of(state)
        words = check_line(reason, field="reason", label="Lý do")
        number = check_line(
            receipt_number, field="receipt_number", label="Số biên lai", longest=_LONGEST_NUMBER
        )
        changes: dict[str, Any] = {}
        extra: dict[str, Any] = {"reason": words}
        if exempt:
            changes.update(_exemption(before, words, proof, paid=paid))
        else:
            changes.update(_counted(store, state, _Count(pages, copies, amount), words))
            if paid:
                after = before._replace(
                    due=changes.get("fee", before.due), exempt_reason="", exempt_proof=""
                )
                extra["payment"] = _payment(state, after)
                changes.update(
                    fee_paid=before.paid + extra["payment"],
                    fee_paid_at=turn.at_seconds,
                    fee_exempt_reason="",
                    fee_exempt_proof="",
                )
            elif number and not before.paid:
                raise InputError(
                    "Chưa ghi thu tiền nên chưa có biên lai. Đánh dấu đã thu cùng số biên lai.",
                    field="receipt_number",
                )
        if number:
            extra["receipt_number"] = number
            changes["fee_receipt"] = _joined(before.receipt_number, number, is_more=paid)
        return write(store, turn, Move.FEE, by=by, changes=changes, extra=extra)


def _exemption(before: FeeStanding, reason: str, proof: str, *, paid: bool) -> dict[str, Any]:
    seen = check_line(proof, field="proof", label="Giấy tờ chứng minh")
    if paid or before.paid:
        raise MoveRefusedError(
            "Đã ghi thu tiền của hồ sơ này nên không ghi miễn được. Nếu thu nhầm, hoàn tác bước "
            "thu phí trước. Hồ sơ giữ nguyên."
        )
    if not reason:
        raise InputError("Miễn phí thì phải ghi lý do, ví dụ: hộ nghèo.", field="reason")
    if not seen:
        raise InputError(
            "Miễn phí thì phải ghi giấy tờ chứng minh đã xem, ví dụ: sổ hộ nghèo số 12.",
            field="proof",
        )
    return {"fee_exempt_reason": reason, "fee_exempt_proof": seen}


class _Count(NamedTuple):
    """What is given of a sum, each part None where it isn't."""

    pages: int | None
    copies: int | None
    amount: int | None


def _counted(store: Store, state: State, given: _Count, reason: str) -> dict[str, Any]:
    """Return the sum's part of the state: as given with its reason, else by the tariff."""
    pages, copies, amount = given
    for value, most, field, label in (
        (pages, MOST_PAGES, "pages", "Số trang"),
        (copies, MOST_COPIES, "copies", "Số bản"),
        (amount, _MOST_MONEY, "amount", "Số tiền"),
    ):
        if value is not None and not (0 if field != "copies" else 1) <= value <= most:
            raise InputError(f"{label} phải từ {int(field == 'copies')} đến {most}.", field=field)
    if amount is not None:
        known = _by_tariff(store, state, pages, copies)
        if known.get("fee") not in {None, amount} and not reason:
            raise InputError(
                f"Biểu phí tính ra {format_amount(known['fee'])}; thu khác mức đó thì phải ghi "
                "lý do.",
                field="reason",
            )
        return known | {"fee": amount}
    if pages is None and copies is None and state["fee"] is not None:
        return {}
    return _by_tariff(store, state, pages, copies)


def _by_tariff(store: Store, state: State, pages: int | None, copies: int | None) -> dict[str, Any]:
    known_pages = state["fee_pages"] if pages is None else pages
    known_copies = (state["fee_copies"] or 1) if copies is None else copies
    tariff = tariff_for(store, state)
    changes: dict[str, Any] = {"fee_pages": known_pages, "fee_copies": known_copies}
    if tariff is not None:
        changes["fee"] = fee_for(tariff, pages=known_pages, copies=known_copies)
    return changes


def _payment(state: State, after: FeeStanding) -> int:
    if after.due is None:
        raise InputError(
            "Chưa biết phải thu bao nhiêu: ghi số trang, số bản hoặc số tiền.", field="amount"
        )
    owed = max(0, after.due - after.paid)
    if not owed:
        told = (
            f"đã thu đủ {format_amount(after.paid)}" if after.paid else "không phải nộp phí, lệ phí"
        )
        raise MoveRefusedError(f"Hồ sơ {state['code']} {told}. Hồ sơ giữ nguyên.")
    return owed


def _joined(before: str, number: str, *, is_more: bool) -> str:
    """A second payment has a second receipt; a number typed again replaces the first."""
    return f"{before}, {number}" if is_more and before and before != number else number
