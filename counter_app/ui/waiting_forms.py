"""Acts that end a wait: missing papers came, a payment was made, the competent unit has it."""

from __future__ import annotations

from typing import Any

from counter_app.domain.dossier import Move
from counter_app.errors import UserError
from counter_app.ui.act_dialogs import ActDialog, reason_field
from counter_app.ui.day_fields import PastMomentField
from counter_app.ui.words import big_day


class _MomentDialog(ActDialog):
    """An act that asks only when it happened, and why it is dated back where that is needed."""

    def words(self) -> str:
        """Say what this act does to the limit."""
        raise NotImplementedError

    def moment_label(self) -> str:
        """Name the moment."""
        raise NotImplementedError

    def build(self) -> None:
        """Say what follows; ask when."""
        self.at = PastMomentField(now=self.calls.now())
        self.form.add_row(self.moment_label(), self.at, name="at")
        self.reason = reason_field(list)
        self.reason.setPlaceholderText(self.tr("vì sao ghi lùi ngày; được liệt kê trong báo cáo"))
        self.form.add_row(self.tr("Lý do ghi lùi"), self.reason, name="reason")
        self.form.set_row_visible("reason", visible=False)
        self.at.textChanged.connect(self._on_moment_changed)
        self._on_moment_changed()

    def _on_moment_changed(self, *_: object) -> None:
        """Say what follows, and the new date as soon as the moment can be read."""
        words = self.words()
        try:
            due = self.calls.life.forecast(self.act, self.facts.uuid, {"at": self.at.parsed()})
        except UserError as error:
            words = f"{words} {error.message}"
        else:
            if due is not None:
                words = f"{words} {self.tr('Hạn trả mới: {day}.').format(day=big_day(due))}"
        self.say(words)

    def values(self) -> dict[str, Any]:
        """Return the moment, None for now, and the reason."""
        return {"at": self.at.parsed(), "reason": self.reason.value()}


class ResubmitDialog(_MomentDialog):
    """Take in what was missing (nhận bổ sung)."""

    act = Move.RESUBMIT

    def title(self) -> str:
        """Return the act's name."""
        return self.tr("Nhận bổ sung")

    def words(self) -> str:
        """Say that the limit starts again."""
        return self.tr("Thời hạn giải quyết tính lại từ đầu, kể từ lúc nhận đủ bổ sung.")

    def moment_label(self) -> str:
        """Name the moment."""
        return self.tr("Nhận bổ sung lúc")


class PaidDialog(_MomentDialog):
    """The citizen met the financial duty (đã nộp nghĩa vụ tài chính)."""

    act = Move.PAID

    def title(self) -> str:
        """Return the act's name."""
        return self.tr("Ghi đã nộp nghĩa vụ tài chính")

    def words(self) -> str:
        """Say that the pause is added to the limit."""
        return self.tr("Thời hạn tính tiếp; thời gian tạm dừng được cộng vào ngày hẹn.")

    def moment_label(self) -> str:
        """Name the moment."""
        return self.tr("Đã nộp lúc")


class CompetentReceivedDialog(_MomentDialog):
    """The unit that resolves it has received it: from now its limit runs (phi địa giới)."""

    act = Move.COMPETENT_RECEIVED

    def title(self) -> str:
        """Return the act's name."""
        return self.tr("Cơ quan có thẩm quyền đã nhận")

    def verb(self) -> str:
        """Return the verb."""
        return self.tr("Ghi đã nhận")

    def words(self) -> str:
        """Name the unit and the day that was only expected."""
        text = self.tr("{unit} nhận hồ sơ lúc nào thì thời hạn tính từ lúc đó.").format(
            unit=self.facts.state["competent_unit"]
        )
        expected = self.facts.moment("expected_due_at")
        if expected is None:
            return text
        told = self.tr("Trên giấy mới ghi dự kiến {day}; in lại giấy sau khi ghi.")
        return f"{text} {told.format(day=big_day(expected))}"

    def moment_label(self) -> str:
        """Name the moment."""
        return self.tr("Cơ quan đó nhận lúc")


WAITING_DIALOGS: tuple[type[ActDialog], ...] = (
    ResubmitDialog,
    PaidDialog,
    CompetentReceivedDialog,
)
