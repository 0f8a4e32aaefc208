"""The fields of the acts on fees and hand-overs: fee, taken over, a linked step done."""

from __future__ import annotations

from typing import Any

from counter_app.domain.catalogue import Fee
from counter_app.domain.dossier import Move
from counter_app.domain.fees import MOST_COPIES, MOST_PAGES, FeeStanding, counts_pages, fee_for
from counter_app.domain.linked import standings
from counter_app.domain.moments import to_epoch
from counter_app.domain.text import fold
from counter_app.domain.words import format_amount
from counter_app.ui.act_dialogs import ActDialog, reason_field
from counter_app.ui.choices import Choice, ChoiceField, SearchChoice
from counter_app.ui.fields import Note, TextField, whole_number
from counter_app.ui.quick_row import CountField
from counter_app.ui.translation import in_window

PAID, DUE, EXEMPT, NUMBER = "paid", "due", "exempt", "number"
_MOST_MONEY = 1_000_000_000


class _MoneyField(TextField):
    """An amount in đồng; empty means the tariff's."""

    def judge(self) -> Note | None:
        """Only digits, with or without the points between thousands."""
        text = self._digits()
        number = whole_number(text)
        if not text or (number is not None and number <= _MOST_MONEY):
            return None
        return Note(self.tr("Ghi số tiền bằng chữ số, ví dụ 15.000."))

    def amount(self) -> int | None:
        """Return the sum, None where the tariff holds."""
        return whole_number(self._digits())

    def _digits(self) -> str:
        return self.value().replace(".", "").replace(" ", "")


class FeeDialog(ActDialog):
    """Count a fee, record that it was paid or that the citizen is exempt (phí, lệ phí)."""

    act = Move.FEE

    def title(self) -> str:
        """Return the act's name."""
        return self.tr("Phí, lệ phí")

    def verb(self) -> str:
        """Return the verb."""
        return self.tr("Ghi")

    def build(self) -> None:
        """Ask what is to be recorded; only its own fields are shown."""
        state = self.facts.state
        self.standing = FeeStanding.of(state)
        self.tariff = self.calls.fee_tariff(self.facts) or Fee()
        self.what = ChoiceField(choices=self._choices())
        self.pages = CountField(MOST_PAGES, lambda: self.tr("Ghi số trang của một bản, từ 1."))
        self.copies = CountField(MOST_COPIES, lambda: self.tr("Ghi số bản, từ 1."))
        if state["fee_pages"]:
            self.pages.setText(str(state["fee_pages"]))
        self.copies.setText(str(state["fee_copies"] or 1))
        self.amount = _MoneyField()
        self.receipt = TextField(max_length=60, placeholder=self.tr("trên biên lai của đơn vị"))
        self.proof = TextField(placeholder=self.tr("đã xem giấy tờ gì, số bao nhiêu"))
        self.reason = reason_field(self._usual_reasons)
        self.form.add_row(self.tr("Ghi nhận"), self.what, name="what")
        self.form.add_row(self.tr("Số trang một bản"), self.pages, name="pages")
        self.form.add_row(self.tr("Số bản"), self.copies, name="copies")
        self.form.add_row(self.tr("Số tiền"), self.amount, name="amount")
        self.form.add_row(self.tr("Số biên lai"), self.receipt, name="receipt_number")
        self.form.add_row(self.tr("Lý do"), self.reason, name="reason")
        self.form.add_row(self.tr("Giấy tờ đã xem"), self.proof, name="proof")
        for field in (self.pages, self.copies, self.amount):
            field.textEdited.connect(self._on_sum_edited)
        self.what.value_changed.connect(self._on_what_changed)
        self._show_fields()

    def _choices(self) -> list[Choice]:
        if self.standing.paid and not self.standing.owed:
            return [Choice(NUMBER, self.tr("Số biên lai của khoản đã thu"))]
        found = [
            Choice(PAID, self.tr("Đã thu tiền")),
            Choice(DUE, self.tr("Chỉ tính phí, chưa thu")),
        ]
        if not self.standing.paid:
            found.append(Choice(EXEMPT, self.tr("Được miễn")))
        return found

    def _usual_reasons(self) -> list[str]:
        if self.what.value() == EXEMPT:
            return list(self.tariff.exemptions)
        return []

    def _on_what_changed(self, _value: object) -> None:
        self._show_fields()

    def _on_sum_edited(self, _text: str) -> None:
        self._say_sum()

    def _show_fields(self) -> None:
        what = self.what.value()
        counts = what in (PAID, DUE)
        by_page = counts and counts_pages(self.tariff)
        self.pages.setEnabled(by_page)
        self.copies.setEnabled(counts)
        for name, is_shown in (
            ("pages", by_page),
            ("copies", counts),
            ("amount", counts),
            ("receipt_number", what in (PAID, NUMBER)),
            ("reason", what == EXEMPT),
            ("proof", what == EXEMPT),
        ):
            self.form.set_row_visible(name, visible=is_shown)
        self._say_sum()

    def _counted(self) -> int | None:
        return fee_for(self.tariff, pages=self.pages.count(), copies=self.copies.count())

    def _say_sum(self) -> None:
        if self.what.value() not in (PAID, DUE):
            self.say(self.standing.told(in_window))
            return
        counted = self._counted()
        self.amount.setPlaceholderText("" if counted is None else format_amount(counted))
        given = self.amount.amount()
        differs = given is not None and counted is not None and given != counted
        self.form.set_row_visible("reason", visible=differs)
        told = self.tariff.describe() or self.tr("Danh mục chưa có mức phí: ghi số tiền đã thu.")
        if counted is not None:
            told = self.tr("{tariff}. Theo biểu phí: {sum}.").format(
                tariff=told, sum=format_amount(counted)
            )
        if self.standing.paid:
            told += " " + self.tr("Đã thu {sum}.").format(sum=format_amount(self.standing.paid))
        self.say(told)

    def values(self) -> dict[str, Any]:
        """Return what belongs to the chosen kind."""
        what = self.what.value()
        if what == EXEMPT:
            return {
                "exempt": True,
                "reason": self.reason.value(),
                "proof": self.proof.value(),
            }
        if what == NUMBER:
            return {"receipt_number": self.receipt.value()}
        return {
            "pages": self.pages.count() if self.pages.isEnabled() else None,
            "copies": self.copies.count() or None,
            "amount": self.amount.amount(),
            "paid": what == PAID,
            "receipt_number": self.receipt.value() if what == PAID else "",
            "reason": self.reason.value(),
        }


class AcceptDialog(ActDialog):
    """Acknowledge that a dossier passed on was received (nhận bàn giao)."""

    act = Move.ACCEPT

    def title(self) -> str:
        """Return the act's name."""
        return self.tr("Nhận bàn giao")

    def build(self) -> None:
        """Say what was given to whom; ask who has it in hand."""
        state = self.facts.state
        given = self.facts.moment("forwarded_at")
        if given is not None:
            text = self.tr("Đã chuyển cho {unit} lúc {at}.")
            self.say(text.format(unit=state["resolving_unit"], at=f"{given:%H:%M %d/%m/%Y}"))
        self.officer = SearchChoice(find=self._officers, free_text=True, minimum=0)
        if state["handling_officer"]:
            self.officer.set_choice(Choice(state["handling_officer"], state["handling_officer"]))
        self.form.add_row(self.tr("Người nhận"), self.officer, name="officer")

    def _officers(self, text: str) -> list[Choice]:
        wanted = fold(text)
        here = [o for o in self.calls.officers() if wanted in fold(o.name)]
        return [Choice(o.name, o.name, o.unit or o.position) for o in here[:6]]

    def values(self) -> dict[str, Any]:
        """Return who received it."""
        return {"officer": self.officer.value()}


class StepDialog(ActDialog):
    """Record that a step of linked procedures is done (liên thông)."""

    act = Move.STEP

    def title(self) -> str:
        """Return the act's name."""
        return self.tr("Xong một bước liên thông")

    def verb(self) -> str:
        """Return the verb."""
        return self.tr("Ghi xong bước")

    def build(self) -> None:
        """Offer the steps that aren't done, the current one first."""
        found = standings(
            self.facts.state, now=to_epoch(self.calls.now()), boundary=self.calls.boundary()
        )
        self.say("\n".join(step.words for step in found))
        left = [Choice(s.number, f"{s.number}. {s.name}", s.unit) for s in found if not s.done_at]
        self.step = ChoiceField(choices=left)
        self.form.add_row(self.tr("Bước đã xong"), self.step, name="step")

    def values(self) -> dict[str, Any]:
        """Return the number of the step."""
        return {"step": self.step.value()}


MONEY_DIALOGS: tuple[type[ActDialog], ...] = (FeeDialog, AcceptDialog, StepDialog)
