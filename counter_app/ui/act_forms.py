"""The fields of each act: forward, complete, return, reschedule, explain, official code."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from counter_app.domain.dossier import ACTIVE, Move, Status
from counter_app.domain.facts import DossierFacts
from counter_app.domain.history import is_past
from counter_app.domain.moments import to_epoch
from counter_app.domain.text import fold
from counter_app.domain.words import format_date
from counter_app.ui.act_dialogs import ActDialog, UndoDialog, offer, reason_field
from counter_app.ui.choices import Choice, SearchChoice
from counter_app.ui.day_fields import ComingDayField, PastMomentField
from counter_app.ui.dossier_calls import DossierCalls
from counter_app.ui.fields import WARNING, TextField
from counter_app.ui.life_forms import LIFE_DIALOGS
from counter_app.ui.money_forms import MONEY_DIALOGS
from counter_app.ui.record_forms import RECORD_DIALOGS
from counter_app.ui.return_form import ReturnDialog
from counter_app.ui.task_runner import TaskRunner
from counter_app.ui.waiting_forms import WAITING_DIALOGS
from counter_app.ui.words import big_day


class ForwardDialog(ActDialog):
    """Hand the dossier to the unit that resolves it (chuyển xử lý)."""

    act = Move.FORWARD

    def title(self) -> str:
        """Return the act's name."""
        return self.tr("Chuyển xử lý")

    def build(self) -> None:
        """Ask for the unit, offered from the catalogue, and who handles it there."""
        state = self.facts.state
        before = state["resolving_unit"]
        if before and self.facts.status is Status.PROCESSING:
            self.say(self.tr("Đang ở {unit}. Chuyển lần nữa là đổi nơi xử lý.").format(unit=before))
        unit = before or self.calls.usual_unit(state["sector"])
        self.to = SearchChoice(find=offer(self.calls.units), free_text=True, minimum=0)
        if unit:
            self.to.set_choice(Choice(unit, unit))
        self.officer = SearchChoice(find=self._officers, free_text=True, minimum=0)
        self.officer.setPlaceholderText(self.tr("không bắt buộc"))
        self.form.add_row(self.tr("Chuyển đến"), self.to, name="to")
        self.form.add_row(self.tr("Cán bộ thụ lý"), self.officer, name="officer")
        self.add_moment()
        self.reason = reason_field(list)
        self.form.add_row(self.tr("Lý do ghi lùi"), self.reason, name="reason")
        self.form.set_row_visible("reason", visible=False)

    def _officers(self, text: str) -> list[Choice]:
        wanted = fold(text)
        here = [o for o in self.calls.officers() if wanted in fold(o.name)]
        unit = fold(self.to.value())
        here.sort(key=lambda o: fold(o.unit) != unit)
        return [Choice(o.name, o.name, o.unit or o.position) for o in here[:6]]

    def values(self) -> dict[str, Any]:
        """Return unit, officer, the moment (None for now) and why it is dated back."""
        return {
            "to": self.to.value(),
            "officer": self.officer.value(),
            "at": self.at.parsed(),
            "reason": self.reason.value(),
        }


class CompleteDialog(ActDialog):
    """Record that the result is there (có kết quả)."""

    act = Move.COMPLETE

    def title(self) -> str:
        """Return the act's name."""
        return self.tr("Ghi có kết quả")

    def build(self) -> None:
        """Say what the verdict will be; a moment before now may be typed."""
        now = self.calls.now()
        due_at = self.facts.state["due_at"]
        due = self.facts.moment("due_at")
        if due is not None:
            is_late = is_past(due_at, to_epoch(now), self.calls.boundary()) or (
                self.facts.state["late_due_at"] is not None
            )
            if is_late:
                text = self.tr("Hẹn trả {due}. Ghi bây giờ là trễ hạn, cần văn bản xin lỗi.")
            elif due.date() == now.date():
                text = self.tr("Hẹn trả {due}. Ghi bây giờ là đúng hạn.")
            else:
                text = self.tr("Hẹn trả {due}. Ghi bây giờ là trước hạn.")
            self.say(text.format(due=big_day(due)), WARNING if is_late else "muted")
        self.at = PastMomentField(now=now)
        self.form.add_row(self.tr("Có kết quả lúc"), self.at, name="at")
        self.reason = reason_field(list)
        self.reason.setPlaceholderText(self.tr("vì sao ghi lùi ngày; được liệt kê trong báo cáo"))
        self.form.add_row(self.tr("Lý do ghi lùi"), self.reason, name="reason")
        self.form.set_row_visible("reason", visible=False)

    def values(self) -> dict[str, Any]:
        """Return the moment, None for now, and the reason."""
        return {"at": self.at.parsed(), "reason": self.reason.value()}


class RescheduleDialog(ActDialog):
    """Record the resolving unit's written word for a new date (hẹn lại)."""

    act = Move.RESCHEDULE

    def title(self) -> str:
        """Return the act's name."""
        return self.tr("Hẹn lại")

    def verb(self) -> str:
        """Return the verb."""
        return self.tr("Ghi ý kiến hẹn lại") if self.counts() else self.tr("Ghi thông báo trễ")

    def counts(self) -> bool:
        """Say whether a reschedule recorded now still counts (NĐ 61/2018 Điều 19.9)."""
        legal = self.facts.moment("legal_due_at")
        return legal is not None and self.calls.now().date() < legal.date()

    def build(self) -> None:
        """Ask why, until when and which unit says so; tell whether it still counts."""
        self.say(*counting_words(self.facts, counts=self.counts()))
        legal = self.facts.moment("legal_due_at")
        self.reason = reason_field(self.calls.reasons)
        self.new_due = ComingDayField(
            calendar=self.calls.calendar,
            today=self.calls.now().date(),
            later_than=None if legal is None else legal.date(),
        )
        self.unit = SearchChoice(find=offer(self.calls.units), free_text=True, minimum=0)
        unit = self.facts.state["resolving_unit"]
        if unit:
            self.unit.set_choice(Choice(unit, unit))
        self.form.add_row(self.tr("Lý do"), self.reason, name="reason")
        self.form.add_row(self.tr("Hẹn lại đến ngày"), self.new_due, name="new_due")
        self.form.add_row(self.tr("Đơn vị đề nghị"), self.unit, name="unit")

    def submit(self) -> None:
        """Ask for the day first: without it there is nothing to promise."""
        if not self.new_due.value():
            from counter_app.ui.fields import Note

            self.new_due.set_note(Note(self.tr("Cần ngày hẹn lại, ví dụ 01/12.")))
            self.new_due.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        super().submit()

    def values(self) -> dict[str, Any]:
        """Return reason, the closing of the new day and the unit."""
        return {
            "reason": self.reason.value(),
            "new_due": self.new_due.moment(),
            "unit": self.unit.value(),
        }


def counting_words(facts: DossierFacts, *, counts: bool) -> tuple[str, str]:
    """Say whether a reschedule still counts, and its tone."""
    from PySide6.QtCore import QCoreApplication

    legal = facts.moment("legal_due_at")
    day = "" if legal is None else format_date(legal.date())
    if counts:
        text = QCoreApplication.translate(
            "act_forms",
            "Hạn theo luật {day}: ghi hôm nay vẫn được tính. Mỗi hồ sơ chỉ hẹn lại một lần.",
        )
        return text.format(day=day), "muted"
    text = QCoreApplication.translate(
        "act_forms",
        "Hạn theo luật {day}: hẹn lại không còn được tính. Ghi lúc này là thông báo trễ, hồ sơ vẫn "
        "tính quá hạn.",
    )
    return text.format(day=day), WARNING


class ExplainDialog(ActDialog):
    """Record why a dossier is late and when its result is expected (ghi lý do trễ hạn)."""

    act = Move.EXPLAIN

    def title(self) -> str:
        """Return the act's name."""
        return self.tr("Ghi lý do trễ hạn")

    def build(self) -> None:
        """Ask why; an open dossier also needs the expected date."""
        state = self.facts.state
        self.say(self.tr("Lý do này đứng trên văn bản xin lỗi; không làm thay đổi hạn trả."))
        self.reason = reason_field(self.calls.reasons)
        if state["late_reason"]:
            self.reason.setText(state["late_reason"])
        self.form.add_row(self.tr("Lý do trễ hạn"), self.reason, name="reason")
        self.expected = ComingDayField(calendar=self.calls.calendar, today=self.calls.now().date())
        expected = self.facts.moment("late_expected_at")
        if expected is not None and self.facts.status in ACTIVE:
            self.expected.setText(format_date(expected.date()))
        self.form.add_row(self.tr("Dự kiến trả ngày"), self.expected, name="expected")
        self.form.set_row_visible("expected", visible=self.facts.status in ACTIVE)

    def values(self) -> dict[str, Any]:
        """Return reason and expected moment."""
        return {"reason": self.reason.value(), "expected": self.expected.moment()}


class OfficialCodeDialog(ActDialog):
    """Attach the code the official system gave (gắn mã chính thức)."""

    act = Move.SET_OFFICIAL_CODE

    def title(self) -> str:
        """Return the act's name."""
        return self.tr("Gắn mã chính thức")

    def verb(self) -> str:
        """Return the verb."""
        return self.tr("Gắn mã")

    def build(self) -> None:
        """Ask for the code; typed, pasted or scanned."""
        self.say(self.tr("Mã do hệ thống chính thức cấp. Giấy tiếp nhận in sau đó sẽ mang mã này."))
        self.official = TextField(placeholder=self.tr("gõ, dán hoặc quét mã vạch"), max_length=60)
        self.form.add_row(self.tr("Mã hồ sơ"), self.official, name="official_code")

    def take_code(self, text: str) -> bool:
        """Use a scanned code."""
        """Take the official code from a scan."""
        self.official.set_value(text)
        return True

    def values(self) -> dict[str, Any]:
        """Return the code."""
        return {"official": self.official.value()}


_FORMS: tuple[type[ActDialog], ...] = (
    ForwardDialog,
    CompleteDialog,
    ReturnDialog,
    RescheduleDialog,
    ExplainDialog,
    OfficialCodeDialog,
    UndoDialog,
    *WAITING_DIALOGS,
    *LIFE_DIALOGS,
    *RECORD_DIALOGS,
    *MONEY_DIALOGS,
)
DIALOGS: dict[Move, type[ActDialog]] = {dialog.act: dialog for dialog in _FORMS}


def make_dialog(
    act: Move,
    facts: DossierFacts,
    calls: DossierCalls,
    runner: TaskRunner,
    parent: QWidget | None = None,
) -> ActDialog:
    """Return the dialog of an act."""
    return DIALOGS[act](facts, calls, runner, parent)
