"""A damaged file met at the start: go back to a copy, save what is left, or leave it alone."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from counter_app.domain.words import format_moment, format_number
from counter_app.errors import LockedError, UserError
from counter_app.ui.interaction import Interaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from counter_app.services.backup_facts import RescueCalls

_COPIES_SHOWN = 5


def choose(interaction: Interaction, error: UserError, calls: RescueCalls) -> bool:
    """Do what the person chooses; nothing is done by itself, and a failure is told."""
    words: list[str] = []
    acts: list[Callable[[], str]] = []
    for copy in calls.copies()[:_COPIES_SHOWN]:
        text = _tr("Khôi phục bản sao lưu lúc {at}")
        words.append(text.format(at=format_moment(copy.made_at)))
        acts.append(partial(_restored, calls, copy.path))
    words.append(_tr("Cứu từng dòng của tệp hỏng, rồi dùng tệp cứu được"))
    acts.append(lambda: _salvaged(calls))
    words.append(_tr("Đóng chương trình, gọi người hỗ trợ"))
    number = interaction.ask_choice(
        _tr("Tệp dữ liệu bị hỏng. Chưa thay đổi gì. Chọn một cách:"),
        words,
        yes=_tr("Làm cách này"),
        detail=error.message,
    )
    if number is None or number >= len(acts):
        return False
    try:
        told = acts[number]()
    except UserError as failed:
        interaction.inform(failed.message)
        return False
    if told:
        interaction.inform(told)
    return True


def _restored(calls: RescueCalls, path: Path) -> str:
    try:
        calls.restore(path)
    except LockedError as error:
        from counter_app.ui import unlock_dialog  # hardly ever needed

        if not unlock_dialog.ask(calls.locked(error), is_copy=True):
            raise
        calls.restore(path)
    return ""


def _salvaged(calls: RescueCalls) -> str:
    report = calls.salvage()
    text = _tr(
        "Đã cứu {count} hồ sơ; biết chắc đã mất {lost} dòng. Tệp hỏng được giữ nguyên trong thư "
        "mục sao lưu."
    )
    return text.format(count=format_number(report.dossiers), lost=format_number(report.lost))


def _tr(text: str) -> str:
    return QCoreApplication.translate("rescue", text)
