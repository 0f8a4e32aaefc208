"""A report's figures as CSV: one line a group, the whole last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_app.domain.figures import COUNTED
from counter_app.tabular.tables import table_csv

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counter_app.domain.figures import Figures, Report

LABELS = {
    "online": "Tiếp nhận trực tuyến",
    "counter_and_post": "Tiếp nhận trực tiếp, bưu chính",
    "carried_over": "Kỳ trước chuyển sang",
    "resolved": "Đã giải quyết",
    "early": "Trước hạn",
    "on_time": "Đúng hạn",
    "late": "Quá hạn",
    "pending": "Đang giải quyết",
    "pending_in_time": "Đang giải quyết, trong hạn",
    "pending_late": "Đang giải quyết, quá hạn",
    "refused": "Từ chối",
    "withdrawn": "Rút hồ sơ",
    "stopped": "Dừng giải quyết",
    "apologised": "Văn bản xin lỗi đã phát hành",
    "rescheduled": "Hẹn lại hợp lệ",
    "late_before_supplement": "Chỉ quá hạn trước lần bổ sung",
    "late_closed_otherwise": "Kết thúc khác sau khi quá hạn",
    "backdated": "Ghi lùi qua hạn",
    "not_accepted": "Lượt từ chối tiếp nhận",
    "guidance": "Lượt hướng dẫn bổ sung",
    "received_for_others": "Tiếp nhận thay cơ quan khác, chưa có hạn",
    "digitised_input": "Số hóa khi tiếp nhận",
    "digitised_output": "Kết quả được số hóa",
    "surveys_returned": "Phiếu đánh giá thu về",
    "surveys_satisfied": "Phiếu hài lòng",
}
TOTAL = "Tổng cộng"


def report_csv(report: Report) -> bytes:
    """Return a report as CSV: UTF-8 with BOM, CRLF."""
    headings = ["Nhóm", "Tiếp nhận", *(LABELS[name] for name in COUNTED)]
    rows = [_cells(group.name, group.figures) for group in report.groups]
    return table_csv(headings, [*rows, _cells(TOTAL, report.figures)])


def _cells(name: str, figures: Figures) -> list[str]:
    return [name, str(figures.received), *_numbers(figures)]


def _numbers(figures: Figures) -> Iterator[str]:
    for name in COUNTED:
        yield str(getattr(figures, name))
