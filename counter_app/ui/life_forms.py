"""The further acts of a dossier's life: supplement, close, pause, extension, opinions, the ends.

Each says in words what follows before it is done: the new date, what stops, what stays late.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QCheckBox

from counter_app.domain.dossier import Move, Status
from counter_app.domain.history import is_past
from counter_app.domain.moments import from_epoch, to_epoch
from counter_app.domain.words import format_date
from counter_app.errors import UserError
from counter_app.ui.act_dialogs import ActDialog, offer, reason_field
from counter_app.ui.choices import Choice, ChoiceField, SearchChoice
from counter_app.ui.day_fields import PastMomentField
from counter_app.ui.fields import WARNING, LongTextField, Note, TextField
from counter_app.ui.limit_field import LimitField
from counter_app.ui.words import big_day

# Which slip goes with which act; its paper is issued after the act and printed.
SLIPS: dict[Move, str] = {
    Move.SUPPLEMENT: "supplement",
    Move.REFUSE: "refusal",
    Move.STOP: "stop",
}
_MOST_LINES = 30


def _tr(text: str) -> str:
    return QCoreApplication.translate("life_forms", text)


def already_late(dialog: ActDialog) -> bool:
    """Say whether the dossier is late now: no act makes it timely again."""
    state = dialog.facts.state
    due_at = state["due_at"]
    now = to_epoch(dialog.calls.now())
    return state["late_due_at"] is not None or (
        due_at is not None and is_past(due_at, now, dialog.calls.boundary())
    )


def late_words(dialog: ActDialog) -> str:
    """Say that late stays late; empty for a dossier in time."""
    return _tr("Hồ sơ đã quá hạn: vẫn tính là trễ hạn.") if already_late(dialog) else ""


def needs(field: Any, text: str) -> None:
    """Say at a field that it is needed, and go there."""
    field.set_note(Note(text))
    field.setFocus(Qt.FocusReason.OtherFocusReason)


class _SlipDialog(ActDialog):
    """An act with a slip for the citizen: printed at once unless that is switched off."""

    def add_slip_box(self, text: str) -> None:
        """Add the choice to print the slip."""
        self.slip_box = QCheckBox(text)
        self.slip_box.setChecked(True)
        self.form.add_wide(self.slip_box)

    def slip(self) -> str:
        """Return the kind of slip to print, empty for none."""
        return SLIPS[self.act] if self.slip_box.isChecked() else ""


class SupplementDialog(_SlipDialog):
    """Ask the citizen once for everything that is missing (yêu cầu bổ sung)."""

    act = Move.SUPPLEMENT

    def title(self) -> str:
        """Return the act's name."""
        return self.tr("Yêu cầu bổ sung")

    def build(self) -> None:
        """List what wasn't ticked; further lines are typed; everything is asked at once."""
        self._say_time()
        self.items = LongTextField(lines=5)
        self.items.setPlaceholderText(
            self.tr("mỗi dòng một giấy tờ hoặc nội dung cần sửa; Shift+Enter xuống dòng")
        )
        self.items.set_value("\n".join(self.calls.life.missing(self.facts.uuid)))
        self.reason = reason_field(
            lambda: [
                self.tr("Hồ sơ thiếu giấy tờ theo quy định"),
                self.tr("Nội dung kê khai chưa chính xác"),
                self.tr("Không khai thác được dữ liệu trong cơ sở dữ liệu"),
            ]
        )
        self.again = TextField(max_length=300)
        self.form.add_row(self.tr("Cần bổ sung"), self.items, name="requirements")
        self.form.add_row(self.tr("Lý do"), self.reason, name="reason")
        self.form.add_row(self.tr("Vì sao yêu cầu lại"), self.again, name="again")
        self.form.set_row_visible("again", visible=self._was_asked())
        self.add_slip_box(self.tr("In phiếu yêu cầu bổ sung"))

    def _was_asked(self) -> bool:
        return any(e.kind == Move.SUPPLEMENT and not e.is_undone for e in self.facts.events)

    def _say_time(self) -> None:
        until = self.calls.life.ask_until(self.facts.uuid)
        parts = []
        tone = "muted"
        if self._was_asked():
            tone = WARNING
            parts.append(self.tr("Đã yêu cầu một lần. Quy định chỉ cho một lần; ghi rõ lý do."))
        if until is not None and self.calls.now() > until:
            tone = WARNING
            text = self.tr("Đã quá 3 ngày làm việc ({day}): sẽ ghi là yêu cầu muộn.")
            parts.append(text.format(day=format_date(until)))
        elif until is not None:
            text = self.tr("Chỉ yêu cầu một lần, liệt kê đủ, chậm nhất {day}.")
            parts.append(text.format(day=format_date(until)))
        parts.append(self.tr("Hạn trả tạm dừng; khi nhận đủ bổ sung, thời hạn tính lại từ đầu."))
        late = late_words(self)
        if late:
            tone = WARNING
            parts.append(late)
        self.say(" ".join(parts), tone)

    def lines(self) -> list[str]:
        """Return what is asked for, line by line."""
        return [line for line in self.items.value().split("\n") if line][:_MOST_LINES]

    def submit(self) -> None:
        """Ask first for what is missing: an empty slip tells the citizen nothing."""
        if not self.lines() and not self.reason.value():
            needs(self.items, self.tr("Ghi ít nhất một mục cần bổ sung."))
            return
        super().submit()

    def values(self) -> dict[str, Any]:
        """Return the lines, the reason and why again."""
        return {
            "requirements": self.lines(),
            "reason": self.reason.value(),
            "again": self.again.value(),
        }


class CloseDialog(ActDialog):
    """Close a dossier whose supplement never came (đóng hồ sơ)."""

    act = Move.CLOSE

    def title(self) -> str:
        """Return the act's name."""
        return self.tr("Đóng hồ sơ không bổ sung")

    def build(self) -> None:
        """Say from when it can be closed; before that the verb is greyed."""
        until = self.calls.life.forecast(self.act, self.facts.uuid, {})
        now = self.calls.now()
        if until is not None and now <= until:
            text = self.tr("Người dân còn thời gian bổ sung đến hết {day}. Chưa đóng được.")
            self.say(text.format(day=big_day(until)), WARNING)
            self.do_button.set_reason(text.format(day=big_day(until)))
        else:
            self.say(
                self.tr("Đã hết thời gian bổ sung. Hồ sơ chuyển sang dừng xử lý, giấy tờ trả lại.")
            )
        self.reason = reason_field(lambda: [self.tr("Quá thời gian mà không bổ sung hồ sơ")])
        self.reason.setText(self.tr("Quá thời gian mà không bổ sung hồ sơ"))
        self.form.add_row(self.tr("Lý do"), self.reason, name="reason")
        self.add_moment()

    def submit(self) -> None:
        """Do nothing before the day."""
        if self.do_button.isEnabled():
            super().submit()

    def values(self) -> dict[str, Any]:
        """Return the reason and the moment, None for now."""
        return {"reason": self.reason.value(), "at": self.at.parsed()}


class AwaitPaymentDialog(ActDialog):
    """Stop the count while the citizen meets a financial duty (chờ nghĩa vụ tài chính)."""

    act = Move.AWAIT_PAYMENT

    def title(self) -> str:
        """Return the act's name."""
        return self.tr("Chờ nghĩa vụ tài chính")

    def build(self) -> None:
        """Say that the count pauses; ask since when."""
        words = self.tr(
            "Thời hạn tạm dừng từ lúc này đến khi ghi đã nộp; ngày hẹn lùi theo thời gian đó."
        )
        late = late_words(self)
        self.say(f"{words} {late}".strip(), WARNING if late else "muted")
        self.at = PastMomentField(now=self.calls.now())
        self.reason = reason_field(lambda: [self.tr("Đã gửi thông báo nộp thuế, lệ phí")])
        self.form.add_row(self.tr("Tạm dừng từ"), self.at, name="at")
        self.form.add_row(self.tr("Ghi chú"), self.reason, name="reason")

    def values(self) -> dict[str, Any]:
        """Return the moment, None for now, and the reason."""
        return {"at": self.at.parsed(), "reason": self.reason.value()}


class _LimitDialog(ActDialog):
    """An act that takes a limit: an amount and its unit, answered with the date at once."""

    def add_limit(self, label: str, amount: str) -> None:
        """Add amount and unit."""
        self.limit_field = LimitField(amount)
        self.form.add_row(label, self.limit_field, name="limit")
        self.limit_field.changed.connect(self._on_limit_changed)
        self._on_limit_changed()

    def limit(self) -> str:
        """Return the limit as services read it, empty while it can't be read."""
        return self.limit_field.value()

    def _on_limit_changed(self, *_: object) -> None:
        due = None
        if self.limit():
            try:
                due = self.calls.life.forecast(self.act, self.facts.uuid, {"limit": self.limit()})
            except UserError as error:
                self.say(error.message, WARNING)
                return
        self.say_due(due)

    def say_due(self, due: datetime | None) -> None:
        """Say what the limit leads to."""

    def submit(self) -> None:
        """Ask for the limit first."""
        if not self.limit():
            self.limit_field.ask()
            return
        super().submit()


class ExtendDialog(_LimitDialog):
    """A longer limit for verification or a written agreement (gia hạn)."""

    act = Move.EXTEND

    def title(self) -> str:
        """Return the act's name."""
        return self.tr("Gia hạn để xác minh")

    def verb(self) -> str:
        """Return the verb."""
        return self.tr("Gia hạn")

    def build(self) -> None:
        """Ask how much longer and why; show the old date and the new."""
        self.add_limit(self.tr("Gia hạn thêm"), "")
        self.reason = reason_field(
            lambda: [
                self.tr("Cần xác minh theo quy định"),
                self.tr("Thỏa thuận bằng văn bản với người nộp"),
            ]
        )
        self.form.add_row(self.tr("Lý do"), self.reason, name="reason")

    def say_due(self, due: datetime | None) -> None:
        """Show both dates."""
        legal = self.facts.moment("legal_due_at")
        old = "" if legal is None else big_day(legal)
        late = late_words(self)
        if due is None:
            words = self.tr("Hạn hiện nay {old}. Phần gia hạn tính tiếp từ hạn này.").format(
                old=old
            )
        else:
            words = self.tr("Hạn hiện nay {old}. Hạn mới {new}.").format(old=old, new=big_day(due))
        self.say(f"{words} {late}".strip(), WARNING if late else "muted")

    def values(self) -> dict[str, Any]:
        """Return limit and reason."""
        return {"limit": self.limit(), "reason": self.reason.value()}


class AskOpinionDialog(_LimitDialog):
    """Ask another unit for its opinion, until a day (lấy ý kiến)."""

    act = Move.ASK_OPINION

    def title(self) -> str:
        """Return the act's name."""
        return self.tr("Hỏi ý kiến đơn vị khác")

    def verb(self) -> str:
        """Return the verb."""
        return self.tr("Ghi đã hỏi")

    def build(self) -> None:
        """Ask whom, what and until when."""
        self.unit = SearchChoice(find=offer(self.calls.units), free_text=True, minimum=0)
        self.what = LongTextField(lines=2, max_length=500)
        self.form.add_row(self.tr("Đơn vị được hỏi"), self.unit, name="unit")
        self.form.add_row(self.tr("Nội dung hỏi"), self.what, name="what")
        self.add_limit(self.tr("Trả lời trong"), "3")

    def say_due(self, due: datetime | None) -> None:
        """Say until when, and that the dossier's own date stays."""
        words = self.tr("Hạn trả của hồ sơ không đổi.")
        if due is not None:
            told = self.tr("Cần trả lời trước {day}.").format(day=big_day(due))
            words = f"{told} {words}"
        self.say(words)

    def values(self) -> dict[str, Any]:
        """Return unit, question and limit."""
        return {"unit": self.unit.value(), "what": self.what.value(), "limit": self.limit()}


class OpinionReceivedDialog(ActDialog):
    """A unit that was asked has answered (nhận ý kiến)."""

    act = Move.OPINION_RECEIVED

    def title(self) -> str:
        """Return the act's name."""
        return self.tr("Nhận ý kiến trả lời")

    def verb(self) -> str:
        """Return the verb."""
        return self.tr("Ghi ý kiến")

    def build(self) -> None:
        """Ask which unit answered, when and what."""
        open_ones = [o for o in self.facts.state["opinions"] if o["answered_at"] is None]
        now, boundary = to_epoch(self.calls.now()), self.calls.boundary()
        late = [o["unit"] for o in open_ones if is_past(o["due_at"], now, boundary)]
        if late:
            text = self.tr("Quá hạn trả lời: {units}. Báo người đứng đầu bộ phận một cửa.")
            self.say(text.format(units=", ".join(late)), WARNING)
        else:
            self.say(self.tr("Hạn trả của hồ sơ không đổi."))
        self.unit = ChoiceField(
            choices=[
                Choice(o["unit"], o["unit"], format_date(from_epoch(o["due_at"])))
                for o in open_ones
            ]
        )
        self.at = PastMomentField(now=self.calls.now())
        self.text = LongTextField(lines=3, max_length=500)
        self.form.add_row(self.tr("Đơn vị trả lời"), self.unit, name="unit")
        self.form.add_row(self.tr("Trả lời lúc"), self.at, name="at")
        self.form.add_row(self.tr("Ý kiến"), self.text, name="text")

    def values(self) -> dict[str, Any]:
        """Return unit, moment and answer."""
        return {"unit": self.unit.value() or "", "at": self.at.parsed(), "text": self.text.value()}


class RefuseDialog(_SlipDialog):
    """Refuse to resolve within the limit (từ chối giải quyết)."""

    act = Move.REFUSE

    def title(self) -> str:
        """Return the act's name."""
        return self.tr("Từ chối giải quyết")

    def build(self) -> None:
        """Say by which date it is judged; ask why."""
        self.do_button.setProperty("kind", "danger")
        due = self.facts.moment("due_at")
        words = self.tr("Giấy tờ được trả lại kèm phiếu từ chối; hồ sơ kết thúc ở đây.")
        if due is not None:
            text = self.tr("Từ chối phải trong hạn giải quyết ({due}).")
            words = f"{text.format(due=big_day(due))} {words}"
        late = late_words(self)
        self.say(f"{words} {late}".strip(), WARNING)
        self.reason = reason_field(
            lambda: [
                self.tr("Không thuộc phạm vi giải quyết"),
                self.tr("Không đủ điều kiện theo quy định"),
            ]
        )
        self.form.add_row(self.tr("Lý do từ chối"), self.reason, name="reason")
        self.add_moment()
        self.add_slip_box(self.tr("In phiếu từ chối"))

    def values(self) -> dict[str, Any]:
        """Return the reason and the moment, None for now."""
        return {"reason": self.reason.value(), "at": self.at.parsed()}


class WithdrawDialog(ActDialog):
    """Give the dossier back at the citizen's wish (rút hồ sơ)."""

    act = Move.WITHDRAW

    def title(self) -> str:
        """Return the act's name."""
        return self.tr("Rút hồ sơ")

    def build(self) -> None:
        """Say what follows; a reason may be given."""
        words = self.tr(
            "Người nộp rút hồ sơ: hồ sơ kết thúc, không tính đúng hạn hay trễ hạn. Giấy tờ trả lại "
            "bằng bước “Trả kết quả”."
        )
        self.say(words, WARNING)
        self.reason = reason_field(lambda: [self.tr("Người nộp đề nghị rút hồ sơ")])
        self.form.add_row(self.tr("Lý do"), self.reason, name="reason")
        self.add_moment()

    def values(self) -> dict[str, Any]:
        """Return the reason and the moment, None for now."""
        return {"reason": self.reason.value(), "at": self.at.parsed()}


class StopDialog(_SlipDialog):
    """Stop resolving at the citizen's request (dừng giải quyết; TT 03/2025 Điều 7)."""

    act = Move.STOP

    def title(self) -> str:
        """Return the act's name."""
        return self.tr("Dừng giải quyết theo đề nghị")

    def verb(self) -> str:
        """Return the verb."""
        return self.tr("Dừng giải quyết")

    def build(self) -> None:
        """Say when it may be stopped; ask why."""
        where = ""
        if self.facts.status is Status.PROCESSING:
            unit = self.facts.state["resolving_unit"]
            where = self.tr("Hỏi {unit} trước khi ghi.").format(unit=unit) if unit else ""
        words = self.tr(
            "Chỉ dừng khi chưa có văn bản quyết định hoặc kết quả. Hồ sơ kết thúc ở đây."
        )
        self.say(f"{words} {where}".strip(), WARNING)
        self.reason = reason_field(lambda: [self.tr("Người nộp đề nghị dừng giải quyết")])
        self.form.add_row(self.tr("Lý do"), self.reason, name="reason")
        self.add_moment()
        self.add_slip_box(self.tr("In thông báo dừng giải quyết"))

    def values(self) -> dict[str, Any]:
        """Return the reason and the moment, None for now."""
        return {"reason": self.reason.value(), "at": self.at.parsed()}


LIFE_DIALOGS: tuple[type[ActDialog], ...] = (
    SupplementDialog,
    CloseDialog,
    AwaitPaymentDialog,
    ExtendDialog,
    AskOpinionDialog,
    OpinionReceivedDialog,
    RefuseDialog,
    WithdrawDialog,
    StopDialog,
)
