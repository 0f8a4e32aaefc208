"""How a list of dossiers is called on its filter, and what stands where it is empty."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from counter_app.domain.idnumbers import mask_citizen_id
from counter_app.domain.words import format_date
from counter_app.ui.chips import Chip
from counter_app.ui.dossier_calls import DossierQuery
from counter_app.ui.translation import short_weekday

EXTRA = "extra"


def _tr(text: str) -> str:
    return QCoreApplication.translate("dossier_lists", text)


def fixed_chips() -> list[Chip]:
    """Return the filters that always stand above the table."""
    return [
        Chip("all", _tr("Tất cả")),
        Chip("due_today", _tr("Hôm nay"), "warning"),
        Chip("due_soon", _tr("Sắp hạn")),
        Chip("late", _tr("Quá hạn"), "danger"),
        Chip("waiting", _tr("Chờ trả")),
        Chip("without_official_code", _tr("Chưa có mã")),
    ]


def extra_chip(query: DossierQuery) -> Chip | None:
    """Return the filter of a list that another page asked for; None for the fixed ones."""
    if query.code:
        return Chip(EXTRA, query.code)
    if query.title:
        return Chip(EXTRA, query.title)
    if query.citizen:
        return Chip(EXTRA, _tr("Số {number}").format(number=mask_citizen_id(query.citizen)))
    if query.officer or query.unit:
        return Chip(EXTRA, query.officer or query.unit)
    if query.day is not None:
        day = f"{short_weekday(query.day)} {query.day:%d/%m}"
        return Chip(EXTRA, _tr("Hẹn trả {day}").format(day=day))
    names = {
        "arrived_today": _tr("Nhận hôm nay"),
        "owes_apology": _tr("Cần văn bản xin lỗi"),
        "awaiting": _tr("Đang tạm dừng"),
        "open": _tr("Đang giải quyết"),
        "for_others": _tr("Nhận cho nơi khác"),
        "not_forwarded": _tr("Quá giờ chuyển"),
    }
    return Chip(EXTRA, names[query.filter]) if query.filter in names else None


def empty_words(query: DossierQuery) -> str:
    """Say what it means that a list is empty, and what to do."""
    if query.title:
        return _tr("Danh sách này không có hồ sơ nào.")
    if query.citizen:
        return _tr("Người này chưa có hồ sơ nào. Nhấn Ctrl+D để nhận hồ sơ mới.")
    if query.day is not None:
        text = _tr("Không còn hồ sơ nào hẹn trả ngày {day}.")
        return text.format(day=format_date(query.day))
    words = {
        "all": _tr("Chưa có hồ sơ nào. Nhấn F2 để tiếp nhận hồ sơ đầu tiên."),
        "due_today": _tr("Hôm nay không có hồ sơ nào đến hạn."),
        "due_soon": _tr("Hai ngày làm việc tới không có hồ sơ nào đến hạn."),
        "late": _tr("Không có hồ sơ nào quá hạn."),
        "waiting": _tr("Không có kết quả nào đang chờ trả."),
        "without_official_code": _tr("Mọi hồ sơ đang giải quyết đã có mã chính thức."),
        "arrived_today": _tr("Hôm nay chưa nhận hồ sơ nào."),
        "owes_apology": _tr("Không hồ sơ nào cần văn bản xin lỗi."),
        "for_others": _tr("Không có hồ sơ nào nhận cho nơi khác đang chờ."),
        "not_forwarded": _tr("Không hồ sơ nào quá giờ phải chuyển."),
    }
    return words.get(query.filter, _tr("Không có hồ sơ nào."))


def not_found_words(text: str) -> str:
    """Say that a search found nothing and what to try."""
    words = _tr(
        "Không tìm thấy “{text}”.\nThử ít chữ hơn: một phần họ tên, mã hồ sơ, số định danh hoặc số "
        "điện thoại. Không cần gõ dấu."
    )
    return words.format(text=text)
