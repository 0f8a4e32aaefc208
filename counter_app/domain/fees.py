"""What a dossier costs (phí, lệ phí): the sum by pages and copies, and how it stands with it.

The tariff is data of the catalogue (``catalogue.Fee``); only the arithmetic stands here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.catalogue import FREE
from counter_app.domain.text import fold
from counter_app.domain.words import format_amount

if TYPE_CHECKING:
    from counter_app.domain.catalogue import Fee

MOST_PAGES = 9999
MOST_COPIES = 999
_PAGE_WORDS = ("trang", "to")
_COPY_WORDS = ("ban", "bo")


def counts_pages(fee: Fee) -> bool:
    """Tell whether a tariff is by the page, so that nothing can be said without their number."""
    return fold(fee.per).startswith(_PAGE_WORDS)


def counts_copies(fee: Fee) -> bool:
    """Tell whether a tariff goes with the number of copies asked for, by the page or by the copy.

    >>> from counter_app.domain.catalogue import Fee
    >>> [counts_copies(Fee(8000, per)) for per in ("bản", "trang", "trường hợp", "")]
    [True, True, False, False]
    """
    return bool(fee.amount) and (counts_pages(fee) or fold(fee.per).startswith(_COPY_WORDS))


def fee_for(fee: Fee, *, pages: int = 0, copies: int = 1) -> int | None:
    """Return the sum for so many copies (or cases) of so many pages each; None if unknown.

    By the page the cap holds for each copy (law of certification: at most 200.000 đ a copy); by
    the copy or the case it holds for the whole.

    >>> from counter_app.domain.catalogue import Fee
    >>> certified = Fee(2000, "trang", 200_000, further_from=3, further_amount=1000)
    >>> fee_for(certified, pages=5, copies=3)
    21000
    """
    if fee.amount is None or copies < 1:
        return None
    if fee.amount == 0:
        return 0
    if not counts_pages(fee):
        return fee.total(copies)
    one = fee.total(pages) if pages else None
    return None if one is None else one * copies


class FeeStanding(NamedTuple):
    """How a dossier stands with its fee: what is due, what was paid, who is exempt and why.

    ``due`` is None while nobody has said how many pages or copies there are.
    """

    tariff: str
    due: int | None
    pages: int
    copies: int
    paid: int
    receipt_number: str
    exempt_reason: str
    exempt_proof: str

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> FeeStanding:
        """Read a dossier's state."""
        return cls(
            tariff=state["fee_text"],
            # A row keeps no zeros: what costs nothing says so by its tariff.
            due=0 if state["fee"] is None and state["fee_text"] == FREE else state["fee"],
            pages=state["fee_pages"],
            copies=state["fee_copies"],
            paid=state["fee_paid"] or 0,
            receipt_number=state["fee_receipt"],
            exempt_reason=state["fee_exempt_reason"],
            exempt_proof=state["fee_exempt_proof"],
        )

    @property
    def is_exempt(self) -> bool:
        """Nothing is to be paid, for a reason whose proof was seen."""
        return bool(self.exempt_reason)

    @property
    def owed(self) -> int | None:
        """What is still to be paid; None while the sum isn't known."""
        if self.is_exempt:
            return 0
        return None if self.due is None else max(0, self.due - self.paid)

    @property
    def words(self) -> str:
        """Say it in one line, as the dossier's page and the return window do.

        >>> FeeStanding("", 0, 0, 0, 0, "", "hộ nghèo", "sổ số 12").words
        'Miễn: hộ nghèo, đã xem sổ số 12'
        """
        return self.told(str)

    def told(self, say: Callable[[str], str]) -> str:
        """Say it in another language, where ``say`` gives each piece in that language."""
        if self.is_exempt:
            text = "Miễn: {reason}, đã xem {proof}" if self.exempt_proof else "Miễn: {reason}"
            return say(text).format(reason=self.exempt_reason, proof=self.exempt_proof)
        if self.paid:
            number = self.receipt_number or say("chưa ghi số")
            text = say("Đã thu {sum}, biên lai {number}")
            told = text.format(sum=format_amount(self.paid), number=number)
            if not self.owed:
                return told
            return told + say(", còn thiếu {sum}").format(sum=format_amount(self.owed))
        if self.due == 0:
            return say(FREE)
        if self.due is None:
            return say("Chưa tính ({tariff})").format(tariff=self.tariff) if self.tariff else ""
        counted = sum_words(self.due, self.pages, self.copies, say)
        return say("Chưa thu {sum}").format(sum=counted)

    @property
    def printed(self) -> str:
        r"""Say it as a receipt does: the sum, and that it was paid, by which official receipt.

        >>> FeeStanding("2.000 đ/trang", 21000, 5, 3, 21000, "0001234", "", "").printed
        '21.000\xa0đ (5 trang × 3 bản), đã thu, biên lai số 0001234'
        >>> FeeStanding("8.000 đ/bản", 8000, 0, 1, 0, "", "", "").printed
        '8.000 đ/bản'
        """
        if self.is_exempt:
            return self.words
        if not self.due:  # not counted, or free: the tariff says which
            return self.tariff
        told = sum_words(self.due, self.pages, self.copies)
        if not self.paid:
            is_plain = told == format_amount(self.due)
            is_tariff = self.tariff.startswith(told.replace("\u00a0", " "))
            return self.tariff if is_plain and is_tariff else told
        number = f", biên lai số {self.receipt_number}" if self.receipt_number else ""
        taken = "đã thu" if not self.owed else f"đã thu {format_amount(self.paid)}"
        return f"{told}, {taken}{number}"


def sum_words(amount: int, pages: int, copies: int, say: Callable[[str], str] = str) -> str:
    r"""Say a sum with what it was counted from.

    >>> sum_words(16000, 0, 2)
    '16.000\xa0đ (2 bản)'
    """
    counted = ""
    if pages:
        counted = say(" ({pages} trang × {copies} bản)")
    elif copies > 1:
        counted = say(" ({copies} bản)")
    return format_amount(amount) + counted.format(pages=pages, copies=copies or 1)
