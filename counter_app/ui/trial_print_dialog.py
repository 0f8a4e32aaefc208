"""In thử: prints a test page, asks which picture came out and sets what mends it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counter_app.domain.print_profiles import GROUP_LABELS, PaperGroup
from counter_app.domain.trial_print import CameOut, Mended, PrinterMend
from counter_app.errors import UserError
from counter_app.ui import trial_pictures
from counter_app.ui.buttons import ActionButton
from counter_app.ui.choices import Choice, ChoiceField
from counter_app.ui.fields import set_tone
from counter_app.ui.keys import bind_main_act
from counter_app.ui.option_group import Option, OptionGroup
from counter_app.ui.screen_dialog import ScreenDialog
from counter_app.ui.theme import metrics, theme
from counter_app.ui.translation import in_window
from counter_app.ui.trial_calls import TrialCalls


class TrialPrintDialog(ScreenDialog):
    """F9 prints; once the page is sent, arrows choose a picture and F9 takes it."""

    def __init__(self, calls: TrialCalls, parent: QWidget | None = None) -> None:
        """Begin with the papers that every citizen gets."""
        super().__init__(parent)
        self._calls = calls
        self._printer = ""
        self._is_asking = False
        self.setWindowTitle(self.tr("In thử"))
        self.setMinimumWidth(metrics().px(900))
        self.group_field = ChoiceField(
            choices=[Choice(group, in_window(GROUP_LABELS[group])) for group in PaperGroup]
        )
        self.group_field.setAccessibleName(self.tr("In thử như loại giấy nào"))
        self.way_label = self._line()
        self.question = self._line()
        self.question.setFont(theme().font(strong=True))
        self.pictures = OptionGroup(self._options(), are_tiles=True)
        self.pictures.setAccessibleName(self.tr("Hình giống tờ giấy vừa ra"))
        self.message = self._line()
        self.message.setMinimumHeight(3 * self.message.fontMetrics().lineSpacing())
        self.leave_button = ActionButton(self.tr("Đóng"), key="Esc", kind="quiet")
        self.forget_button = ActionButton(self.tr("Bỏ chỉnh riêng của máy này"), kind="quiet")
        self.main_button = ActionButton(self.tr("In thử"), key="F9", kind="main")
        self._lay_out()
        self.group_field.value_changed.connect(self._on_group_changed)
        self._on_group_changed(self.group_field.value())

    def _options(self) -> list[Option]:
        tr = self.tr
        return [
            Option(
                CameOut.RIGHT,
                tr("Đúng"),
                tr("đủ khung, mũi tên lên"),
                trial_pictures.draw_right,
            ),
            Option(
                CameOut.TURNED,
                tr("Quay ngang"),
                tr("mũi tên chỉ sang bên"),
                trial_pictures.draw_turned,
            ),
            Option(
                CameOut.SHRUNK,
                tr("Nhỏ hoặc cụt"),
                tr("thước không đủ 100 mm, mất mép"),
                trial_pictures.draw_shrunk,
            ),
            Option(
                CameOut.TWO_SIDED,
                tr("Thừa mặt, thừa tờ"),
                tr("in cả mặt sau hoặc ra hai tờ"),
                trial_pictures.draw_two,
            ),
            Option(
                CameOut.NOTHING,
                tr("Không ra gì"),
                tr("chưa thấy tờ nào"),
                trial_pictures.draw_nothing,
            ),
        ]

    def _line(self) -> QLabel:
        label = QLabel()
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        return label

    def _lay_out(self) -> None:
        measures = metrics()
        heading = QLabel(self.tr("In thử"))
        heading.setFont(theme().font(measures.title_size, strong=True))
        top = QHBoxLayout()
        top.setSpacing(measures.step(3))
        label = QLabel(self.tr("In như"))
        set_tone(label, "muted")
        top.addWidget(label)
        top.addWidget(self.group_field)
        top.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(measures.step(2))
        for button, act in (
            (self.leave_button, self.reject),
            (self.forget_button, self.forget),
            (self.main_button, self.go_on),
        ):
            button.setAutoDefault(False)
            button.clicked.connect(act)
            buttons.addWidget(button)
        buttons.insertStretch(2, 1)
        bind_main_act(self, self.go_on)
        edge = measures.step(5)
        column = QVBoxLayout(self)
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(measures.step(3))
        column.addWidget(heading)
        column.addLayout(top)
        column.addWidget(self.way_label)
        column.addWidget(self.question)
        column.addWidget(self.pictures)
        column.addWidget(self.message)
        column.addStretch(1)
        column.addLayout(buttons)
        set_tone(self.way_label, "muted")

    # What is shown

    def _group(self) -> PaperGroup:
        return PaperGroup(self.group_field.value())

    def _on_group_changed(self, _value: object) -> None:
        self._say("", "")
        self._ask(is_asking=False, verb=self.tr("In thử"))
        self._show_way()

    def _show_way(self) -> None:
        """Say where the page goes and how, as it is set now."""
        group = self._group()
        self._printer = self._calls.printer(group)
        profile = self._calls.profile(group)
        mend = self._calls.mend(self._printer) if self._printer else PrinterMend()
        ways = [
            self.tr("hai mặt") if profile.is_two_sided else self.tr("một mặt"),
            self.tr("{count} bản").format(count=profile.copies),
        ]
        if mend.is_turned:
            ways.append(self.tr("quay trang 90°"))
        if mend.is_true_size:
            ways.append(self.tr("giữ đúng cỡ"))
        words = self.tr("Máy in {printer}: {ways}.")
        printer = self._printer or self.tr("(chưa có)")
        self.way_label.setText(words.format(printer=printer, ways=", ".join(ways)))
        self.forget_button.setVisible(mend != PrinterMend())

    def _ask(self, *, is_asking: bool, verb: str) -> None:
        """Let a picture be chosen, or only a page be printed."""
        self._is_asking = is_asking
        self.pictures.setEnabled(is_asking)
        self.question.setText(
            self.tr("Tờ giấy ra giống hình nào? Mũi tên chọn, F9 trả lời.")
            if is_asking
            else self.tr("F9 in một tờ A4. Sau đó chọn hình giống tờ giấy ra.")
        )
        self.main_button.set_verb(verb)
        self.main_button.set_reason(None)

    def _say(self, text: str, tone: str) -> None:
        set_tone(self.message, tone)
        self.message.setText(text)

    # Acts

    def go_on(self) -> None:
        """Print the page, or take the chosen picture (F9)."""
        if not self.main_button.isEnabled():
            return
        if self._is_asking:
            self.take_answer()
        else:
            self.print_page()

    def print_page(self) -> None:
        """Send a test page the way that the chosen papers go."""
        self._show_way()
        self.main_button.set_reason(self.tr("Đang gửi tờ thử tới máy in."))
        self._say("", "")
        self._calls.print_page(self._group(), self._printer, self._on_sent)

    def _on_sent(self, why_it_waits: str) -> None:
        if why_it_waits:
            self._ask(is_asking=False, verb=self.tr("In thử"))
            words = self.tr("{why} Tờ thử không mất: xem ở “Giấy chờ in” (Ctrl+F12).")
            self._say(words.format(why=why_it_waits), "danger")
            return
        self._ask(is_asking=True, verb=self.tr("Chọn hình này"))
        self.pictures.set_value(CameOut.RIGHT)
        self.pictures.setFocus(Qt.FocusReason.OtherFocusReason)
        self._say(self.tr("Đã gửi tờ thử tới máy in {name}.").format(name=self._printer), "muted")

    def take_answer(self) -> None:
        """Set what mends the chosen fault, and say it."""
        came_out = CameOut(self.pictures.value())
        try:
            before, after = self._calls.answer(came_out, self._printer, self._group())
        except UserError as error:
            self._say(error.message, "danger")
            return
        if came_out is CameOut.NOTHING:
            self._say(self._words(came_out, before, after), "warning")
            return  # the page may still come: the question stands
        self._ask(is_asking=False, verb=self.tr("In thử lại"))
        is_done = came_out is CameOut.RIGHT
        self._say(self._words(came_out, before, after), "accent" if is_done else "warning")
        self._show_way()
        button = self.leave_button if is_done else self.main_button
        button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _words(self, came_out: CameOut, before: Mended, after: Mended) -> str:
        is_set = before != after
        if came_out is CameOut.RIGHT:
            return self.tr("Máy in ra đúng. Không phải đặt gì thêm.")
        if came_out is CameOut.NOTHING:
            return self.tr(
                "Xem máy in: đã bật, còn giấy, còn mực, không kẹt, dây hoặc mạng còn nối. Tờ thử "
                "vẫn nằm trong hàng chờ của máy in và tự ra khi máy sẵn sàng, nên chưa in thêm. "
                "Giấy ra rồi thì chọn hình của nó."
            )
        if came_out is CameOut.TURNED:
            if after.mend.is_turned:
                return self.tr("Đã đặt: mọi giấy ra máy này được quay 90°. In thử lại để xem.")
            return self.tr(
                "Quay trang không giúp được nên đã bỏ. Mở cài đặt của máy in, đặt khổ A4 và "
                "hướng dọc (Portrait), rồi in thử lại."
            )
        if came_out is CameOut.SHRUNK:
            if is_set:
                return self.tr(
                    "Đã đặt: mọi giấy ra máy này giữ đúng cỡ, không co giãn. In thử lại để xem."
                )
            return self.tr(
                "Chương trình đã gửi đúng cỡ. Mở cài đặt của máy in: khổ A4 (không phải "
                "Letter), tỉ lệ 100 %, bỏ “Fit to page”; xem giấy trong khay. Rồi in thử lại."
            )
        if is_set:
            words = self.tr("Đã đặt: “{group}” in một mặt, một bản. In thử lại để xem.")
            return words.format(group=in_window(GROUP_LABELS[self._group()]))
        return self.tr(
            "Chương trình đã gửi một mặt, một bản. Mở cài đặt của máy in: tắt in hai mặt "
            "(Duplex), số bản 1. Rồi in thử lại."
        )

    def forget(self) -> None:
        """Send this printer its pages as they are again."""
        try:
            self._calls.forget(self._printer)
        except UserError as error:
            self._say(error.message, "danger")
            return
        self._ask(is_asking=False, verb=self.tr("In thử"))
        self._show_way()
        self._say(self.tr("Máy này lại in như ban đầu. In thử lại để xem."), "muted")
