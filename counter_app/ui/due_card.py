"""The right column of the reception page: when the result is due, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from counter_app.domain.vietnamese import format_date, format_number
from counter_app.ui.buttons import ActionButton
from counter_app.ui.fields import HINT, set_tone
from counter_app.ui.reception_fields import Hairline
from counter_app.ui.reception_rows import EndButton
from counter_app.ui.theme import colours, metrics, theme
from counter_app.ui.tips import plain_tip
from counter_app.ui.translation import in_window, short_weekday, weekday
from counter_app.ui.views import see_through

if TYPE_CHECKING:
    from counter_app.domain.facts import Quote
    from counter_app.domain.proof import StepKind


_WIDE, _NARROW = 340, 274  # at 100 %


class ProofLines(QWidget):
    """The day-by-day proof (diễn giải từng ngày), a day at the left and its words at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        self._steps: list[tuple[str, str, StepKind]] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_steps(self, steps: Sequence[Any]) -> None:
        """Show the steps of a proof."""
        self._steps = [(*_parted(step.text), step.kind) for step in steps]
        self.setAccessibleName("\n".join(step.text for step in steps))
        self.updateGeometry()
        self.update()

    def lines(self) -> list[str]:
        """Return the lines as they read."""
        return [f"{day} {words}" for day, words, _ in self._steps]

    def _day_width(self) -> int:
        longest = max((day for day, _, _ in self._steps), key=len, default="")
        return self.fontMetrics().horizontalAdvance(longest) + metrics().step(3)

    def _heights(self, width: int) -> list[int]:
        room = max(1, width - self._day_width())
        flags = Qt.TextFlag.TextWordWrap
        least = self.fontMetrics().lineSpacing()
        gap = metrics().step(1)
        return [
            max(least, self.fontMetrics().boundingRect(0, 0, room, 9999, flags, words).height())
            + gap
            for _, words, _ in self._steps
        ]

    def hasHeightForWidth(self) -> bool:
        """Words that are long go on in a second line."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines."""
        return sum(self._heights(width))

    def sizeHint(self) -> QSize:
        """Return the natural size."""
        return QSize(metrics().px(240), self.heightForWidth(self.width()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the lines: counted days in ink, the others quiet, the due day strong."""
        if not self._steps:
            return
        from counter_app.domain.proof import StepKind  # with the first proof

        painter = QPainter(self)
        left, top = self._day_width(), 0
        for (day, words, kind), height in zip(
            self._steps, self._heights(self.width()), strict=True
        ):
            is_ink = kind in (StepKind.COUNTED, StepKind.DUE)
            painter.setPen(QPen(QColor(colours().text if is_ink else colours().muted)))
            painter.setFont(theme().font(strong=kind is StepKind.DUE))
            painter.drawText(0, top, left, height, Qt.AlignmentFlag.AlignLeft, day)
            flags = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
            painter.drawText(left, top, self.width() - left, height, flags, words)
            top += height
        painter.end()


class _LinkedLine(NamedTuple):
    """A step of linked procedures under the proof of the whole: its own date."""

    text: str
    kind: str = "counted"


def _parted(text: str) -> tuple[str, str]:
    """Part ``T3 24/11: nghỉ Ngày Văn hóa Việt Nam`` into its day and its words."""
    day, colon, words = text.partition(": ")
    return (day, words) if colon else ("", text)


class _Words(QScrollArea):
    """Room for some lines that is kept while they are empty; on a low screen it gives way."""

    def __init__(self, inside: QWidget, *, line: int) -> None:
        """``line`` is the height of one."""
        super().__init__()
        self._line = line
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        see_through(self)
        self.setWidget(inside)
        self.setMinimumHeight(2 * line)
        self.setMaximumHeight(6 * line)

    def sizeHint(self) -> QSize:
        """Ask for all the lines."""
        return QSize(0, 6 * self._line)


class DueCard(QFrame):
    """The promise as it would be printed; its parts never move, only its words change."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start without a promise."""
        super().__init__(parent)
        self.setObjectName("dueCard")
        self._figure = metrics().figure_size
        self.setFixedWidth(metrics().px(_WIDE))
        self.setAutoFillBackground(True)
        self._build()
        self.show_nothing()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        edge = metrics().step(4)
        column.setContentsMargins(edge, metrics().step(4), edge, metrics().step(4))
        column.setSpacing(0)
        self.caption = _label(tone=HINT)
        self.set_elsewhere("")
        column.addWidget(self.caption)
        column.addLayout(self._build_figure())
        self.limit_label = _label()
        self.limit_label.setFixedHeight(metrics().px(24))
        column.addWidget(self.limit_label)
        column.addWidget(Hairline())
        column.addWidget(self._build_proof(), 1)
        column.addWidget(Hairline())
        self.load_label = _label(lines=1)
        column.addWidget(self.load_label)
        self.around_label = _label(tone=HINT, size=metrics().small_size, lines=1)
        column.addWidget(self.around_label)
        column.addLayout(self._build_fee())
        column.addWidget(self._build_words())
        column.addSpacing(metrics().step(2))
        self.save_button = EndButton(self.tr("Lưu, in, tiếp"), key="F9", kind="main", icon="print")
        column.addWidget(self.save_button)
        self.not_today_button = ActionButton(
            self.tr("Chưa nhận, in phiếu"), key="Ctrl+U", kind="quiet"
        )
        self.not_today_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column.addWidget(self.not_today_button)
        # Keys without a button of their own: what is done seldom has no room for three more.
        self.group_label = _label(tone=HINT, size=metrics().small_size)
        self.group_label.setText(
            self.tr("Nhóm: Ctrl+S thêm thủ tục, Ctrl+W thêm người\nChép từ hồ sơ cũ: Ctrl+Q")
        )
        column.addWidget(self.group_label)

    def set_narrow(self, *, narrow: bool) -> None:
        """Give room to the form where the page is narrow: less width, a smaller figure."""
        self.setFixedWidth(metrics().px(_NARROW if narrow else _WIDE))
        self._figure = metrics().px(15) if narrow else metrics().figure_size
        self._set_figure_font()

    def _set_figure_font(self) -> None:
        """Set the figure's size, which a change of tone puts back to what it was made with."""
        for label in (self.day_label, self.time_label):
            label.setFont(theme().font(self._figure, strong=True))

    def _build_words(self) -> QWidget:
        """Make the room for doubts and for what stopped; it is there when it is empty too."""
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        size = metrics().small_size
        self.warning_label = _label(tone="warning", size=size)
        self.error_label = _label(tone="danger", size=size)
        column.addWidget(self.warning_label)
        column.addStretch(1)
        column.addWidget(self.error_label)
        words = _Words(inside, line=self.error_label.fontMetrics().lineSpacing())
        inside.setAutoFillBackground(False)
        return words

    def _build_figure(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(metrics().step(2))
        size = metrics().figure_size
        self.day_label, self.time_label = _label(size=size), _label(size=size)
        for label in (self.day_label, self.time_label):
            label.setWordWrap(False)
            label.setFixedHeight(metrics().px(38))
        line.addWidget(self.day_label)
        line.addStretch(1)
        line.addWidget(self.time_label)
        return line

    def _build_proof(self) -> QScrollArea:
        self.proof = ProofLines()
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        see_through(self._scroll)
        self._scroll.setWidget(self.proof)
        self._scroll.setMinimumHeight(metrics().px(24))
        self.proof.setAutoFillBackground(False)
        return self._scroll

    def _build_fee(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(metrics().step(2))
        self._fee_caption = _label(tone=HINT)
        self._fee_caption.setText(self.tr("Lệ phí"))
        self._fee_caption.setWordWrap(False)
        self.fee_label = _label(lines=2)
        line.addWidget(self._fee_caption, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.fee_label, 1)
        return line

    # What it says

    def show_nothing(self, words: str = "") -> None:
        """Say that there is no promise yet, or why there can be none."""
        self.day_label.setText("–")
        set_tone(self.day_label, HINT)
        self._set_figure_font()
        self.time_label.setText("")
        set_tone(self.limit_label, HINT)
        self.limit_label.setText(self.tr("Chọn thủ tục để biết ngày hẹn") if not words else "")
        self.proof.set_steps([])
        self.load_label.setText("")
        self.around_label.setText("")
        self.fee_label.setText("")
        self._fee_caption.setVisible(False)
        self.show_warnings([words] if words else [])

    def show_quote(self, quote: Quote) -> None:
        """Show what would be promised."""
        due = quote.due_at
        if due is None:
            self.show_nothing(self.tr("Chưa tính được ngày hẹn trả cho thủ tục này."))
            return
        self.day_label.setText(f"{weekday(due)} {format_date(due)}")
        self.time_label.setText(f"{due:%H:%M}")
        for label in (self.day_label, self.time_label, self.limit_label):
            set_tone(label, "")
        self._set_figure_font()
        limit = quote.limit_words
        self.limit_label.setText(limit[:1].upper() + limit[1:])
        # Without a day of its own at the left, which a step's name would fill.
        linked = [_LinkedLine(text.replace(": ", " – ", 1)) for text in quote.linked]
        self.proof.set_steps([*quote.steps, *linked])
        self._scroll.verticalScrollBar().setValue(0)
        count = quote.promised_that_day
        self._show_load(count, quote.day_load)
        self._show_around(quote)
        self._fee_caption.setVisible(True)
        self.show_fee(in_window(quote.fee_text) or self.tr("chưa rõ, hỏi đơn vị"))
        self.fee_label.setToolTip(plain_tip(self.fee_label.text()))

    def show_fee(self, words: str) -> None:
        """Say what the fee comes to."""
        self.fee_label.setText(words)

    def _show_load(self, count: int, most: int) -> None:
        """Say how full the day is; above the office's own measure it is a warning."""
        is_full = bool(most) and count >= most
        words = self.tr("Hôm đó chưa hẹn hồ sơ nào")
        if is_full:
            words = self.tr("Hôm đó đã hẹn {count} hồ sơ, mức đặt {most}")
        elif count:
            words = self.tr("Hôm đó đã hẹn {count} hồ sơ")
        self.load_label.setText(words.format(count=format_number(count), most=format_number(most)))
        set_tone(self.load_label, "warning" if is_full else "")

    def _show_around(self, quote: Quote) -> None:
        """Say how full the working days beside it are, for who can choose."""
        due = None if quote.due_at is None else quote.due_at.date()
        others = [(day, count) for day, count in quote.promised_around if day != due]
        self.around_label.setText(
            " · ".join(f"{short_weekday(day)} {day:%d/%m}: {count}" for day, count in others)
        )

    def set_elsewhere(self, unit: str) -> None:
        """Say that the day is only expected while another unit resolves it (phi địa giới)."""
        words = self.tr("Dự kiến trả; hạn tính từ lúc {unit} nhận").format(unit=unit)
        self.caption.setText(words if unit else self.tr("Hẹn trả"))
        set_tone(self.caption, "warning" if unit else HINT)

    def show_warnings(self, sentences: Sequence[str]) -> None:
        """Say what is not certain about this promise."""
        text = " ".join(sentences)
        self.warning_label.setText(text)
        self.warning_label.setToolTip(plain_tip(text))

    def show_change(self, text: str) -> None:
        """Flag that the promise changed since it was shown; empty takes the flag away."""
        for label in (self.day_label, self.time_label):
            set_tone(label, "danger" if text else "")
        self._set_figure_font()
        self.show_error(text)

    def show_error(self, text: str) -> None:
        """Say above the button what stopped; empty takes it away."""
        self.error_label.setText(text)
        self.error_label.setToolTip(plain_tip(text))

    def scroll_proof(self, direction: int) -> None:
        """Scroll a long proof by a page."""
        bar = self._scroll.verticalScrollBar()
        bar.setValue(bar.value() + direction * bar.pageStep())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Lay the card on the desk: white, with a quiet edge."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours().line), 1))
        painter.setBrush(QColor(colours().base))
        radius = metrics().radius * 1.5
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), radius, radius)
        painter.end()


def _label(*, tone: str = "", lines: int = 0, size: int | None = None) -> QLabel:
    """Return a plain label; ``lines`` gives it a steady height, ``size`` a font but the base one.

    The font comes before the tone: once the style sheet has looked at a label, its font is lost.
    """
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if size is not None:
        label.setFont(theme().font(size, strong=size == metrics().figure_size))
    set_tone(label, tone)
    if lines:
        label.setFixedHeight(label.fontMetrics().lineSpacing() * lines + metrics().step(1))
        label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    return label
