"""The figures of a report as a table whose every number opens its dossiers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from PySide6.QtCore import QCoreApplication, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from counter_app.domain.figures import Figures, Report, percent
from counter_app.domain.report_words import decimal
from counter_app.domain.words import format_number
from counter_app.ui.fields import ENTER_KEYS
from counter_app.ui.tables import ROW_ROLE, Column, RowTableModel, TableView
from counter_app.ui.theme import metrics

_NAME_WIDTH, _NUMBER_WIDTH = 212, 70
_WIDER = {"counter_and_post": 92, "carried_over": 80}  # for their headings
_HEADER_ROWS = 2.1


def _tr(text: str) -> str:
    return QCoreApplication.translate("report_table", text)


class Line(NamedTuple):
    """One line of the table; ``key`` is empty for the whole."""

    key: str
    name: str
    figures: Figures


class Extra(NamedTuple):
    """One figure that stands beside the table; without a figure's name it opens nothing."""

    what: str
    text: str
    figure: str = ""


def _columns() -> list[tuple[str, str, str]]:
    """Return figure, heading and the tone of a number above nothing."""
    return [
        ("received", _tr("Tiếp nhận"), ""),
        ("online", _tr("Trực tuyến"), ""),
        ("counter_and_post", _tr("Trực tiếp, bưu chính"), ""),
        ("carried_over", _tr("Kỳ trước chuyển"), ""),
        ("resolved", _tr("Đã giải quyết"), ""),
        ("early", _tr("Trước hạn"), ""),
        ("on_time", _tr("Đúng hạn"), ""),
        ("late", _tr("Quá hạn"), "danger"),
        ("pending", _tr("Đang giải quyết"), ""),
        ("pending_in_time", _tr("Trong hạn"), ""),
        ("pending_late", _tr("Quá hạn"), "danger"),
        ("ended_otherwise", _tr("Từ chối, rút, dừng"), ""),
    ]


def _value(figure: str) -> Callable[[Line], int]:
    if figure == "ended_otherwise":
        return lambda line: line.figures.refused + line.figures.withdrawn + line.figures.stopped
    return lambda line: int(getattr(line.figures, figure))


def _tone(figure: str, tone: str) -> Callable[[Line], str | None]:
    value = _value(figure)
    return lambda line: (tone or None) if value(line) else "muted"


class _FigureModel(RowTableModel):
    """The table's model, whose headings may take two lines."""

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Return the titles, broken where they are long."""
        found = super().headerData(section, orientation, role)
        if role == Qt.ItemDataRole.TextAlignmentRole and found is not None:
            return int(found) | Qt.TextFlag.TextWordWrap.value
        return found


class FigureTable(TableView):
    """Arrows walk from number to number, Enter opens the dossiers behind it."""

    figure_opened = Signal(object, str)  # the line, the figure

    def __init__(self, parent: QWidget | None = None, *, empty_text: str = "") -> None:
        """Start empty."""
        super().__init__(parent, empty_text=empty_text)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        described = _columns()
        self.figures = ["received", *(figure for figure, _, _ in described)]
        columns = [Column(_tr("Nhóm"), "name", width=_NAME_WIDTH)]
        columns += [
            Column(
                title,
                _value(figure),
                show=format_number,
                width=_WIDER.get(figure, _NUMBER_WIDTH),
                align_right=True,
                figures=True,
                tone=_tone(figure, tone),
            )
            for figure, title, tone in described
        ]
        self.rows_model = _FigureModel(columns)
        self.set_model(self.rows_model)
        header = self.horizontalHeader()
        header.setFixedHeight(round(metrics().row_height * _HEADER_ROWS))
        header.setTextElideMode(Qt.TextElideMode.ElideNone)  # it would elide instead of wrapping

    def show_report(self, report: Report | None) -> None:
        """Show the groups of a report and the whole under them."""
        if report is None:
            self.rows_model.set_rows([])
            return
        lines = [Line(group.key, group.name, group.figures) for group in report.groups]
        self.rows_model.set_rows([*lines, Line("", _tr("Tổng cộng"), report.figures)])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the number under the cursor."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in ENTER_KEYS and plain and self.currentIndex().isValid():
            self._open(self.currentIndex())
            event.accept()
            return
        super().keyPressEvent(event)

    def _on_double_clicked(self, index: QModelIndex) -> None:
        self._open(index)

    def _open(self, index: Any) -> None:
        self.figure_opened.emit(index.data(ROW_ROLE), self.figures[index.column()])


def extras(figures: Figures, backdated: int) -> list[Extra]:
    """Return what stands beside the table."""
    rates = figures.rates()
    n = format_number
    satisfied = percent(figures.surveys_satisfied, figures.surveys_returned)
    return [
        Extra(_tr("Trước hạn và đúng hạn"), decimal(rates["on_time_rate"])),
        Extra(_tr("Kể cả đang quá hạn"), decimal(rates["on_time_rate_strict"])),
        Extra(_tr("Từ chối"), n(figures.refused), "refused"),
        Extra(_tr("Rút hồ sơ"), n(figures.withdrawn), "withdrawn"),
        Extra(_tr("Dừng giải quyết"), n(figures.stopped), "stopped"),
        Extra(_tr("Văn bản xin lỗi"), n(figures.apologised), "apologised"),
        Extra(_tr("Hẹn lại hợp lệ"), n(figures.rescheduled), "rescheduled"),
        Extra(_tr("Ghi lùi qua hạn"), n(backdated), "backdated"),
        Extra(
            _tr("Chỉ quá hạn trước bổ sung"),
            n(figures.late_before_supplement),
            "late_before_supplement",
        ),
        Extra(
            _tr("Kết thúc khác sau khi quá hạn"),
            n(figures.late_closed_otherwise),
            "late_closed_otherwise",
        ),
        Extra(
            _tr("Nhận thay cơ quan khác, chưa có hạn"),
            n(figures.received_for_others),
            "received_for_others",
        ),
        Extra(
            _tr("Số hóa khi tiếp nhận"), decimal(rates["digitised_input_rate"]), "digitised_input"
        ),
        Extra(
            _tr("Kết quả được số hóa"), decimal(rates["digitised_output_rate"]), "digitised_output"
        ),
        Extra(_tr("Phiếu đánh giá thu về"), n(figures.surveys_returned), "surveys_returned"),
        Extra(_tr("Phiếu hài lòng"), decimal(satisfied), "surveys_satisfied"),
    ]


def extra_columns() -> list[Column]:
    """Return the columns of what stands beside the table."""
    return [
        Column(_tr("Chỉ số"), "what", width=260),
        Column(_tr("Số"), "text", width=90, align_right=True, figures=True),
    ]
