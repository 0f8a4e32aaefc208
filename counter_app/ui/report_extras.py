"""The figures that stand beside a report's table: rates, other ends, papers, slips."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from counter_app.domain.figures import Figures, percent
from counter_app.domain.report_words import decimal
from counter_app.domain.words import format_number
from counter_app.ui.tables import Column


def _tr(text: str) -> str:
    return QCoreApplication.translate("report_table", text)


class Extra(NamedTuple):
    """One figure that stands beside the table; of a share the dossiers that make it are opened."""

    what: str
    text: str
    figure: str


def extras(figures: Figures, backdated: int) -> list[Extra]:
    """Return what stands beside the table."""
    rates = figures.rates()
    n = format_number
    satisfied = percent(figures.surveys_satisfied, figures.surveys_returned)
    online = percent(figures.online, figures.received_in_period)
    return [
        Extra(_tr("Trước hạn và đúng hạn"), decimal(rates["on_time_rate"]), "kept"),
        Extra(_tr("Kể cả đang quá hạn"), decimal(rates["on_time_rate_strict"]), "kept"),
        Extra(_tr("Hồ sơ mới nộp trực tuyến"), decimal(online), "online"),
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
        Column(_tr("Chỉ số (đơn vị tự tính)"), "what", width=222),
        Column(_tr("Số"), "text", width=70, align_right=True, figures=True),
    ]
