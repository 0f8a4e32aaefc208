"""Before going back to a copy: what would be lost stands there, dossier by dossier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counter_app.domain.words import format_moment, format_number
from counter_app.services.backup_facts import Lies
from counter_app.ui.buttons import ActionButton
from counter_app.ui.fields import set_tone
from counter_app.ui.screen_dialog import ScreenDialog
from counter_app.ui.tables import Column, RowTableModel, TableView
from counter_app.ui.theme import metrics

if TYPE_CHECKING:
    from counter_app.services.backup_facts import LostDossier, RestorePlan


class RestoreDialog(ScreenDialog):
    """A plan, and the two verbs under it; nothing has been done yet."""

    def __init__(self, plan: RestorePlan, parent: QWidget | None = None) -> None:
        """Show a plan; accepted means that the person has seen it and wants it."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Khôi phục từ bản sao lưu"))
        self.setMinimumSize(metrics().px(840), metrics().px(460))
        self._plan = plan
        self.model = RowTableModel(self._columns(), self)
        self.model.set_rows(plan.lost)
        self.table = TableView(empty_text=self.tr("Không có hồ sơ nào bị mất."))
        self.table.set_model(self.model)
        self.table.setAccessibleName(self.tr("Hồ sơ sẽ mất hoặc mất việc đã ghi"))
        self.back_button = ActionButton(self.tr("Quay lại, chưa thay đổi gì"))
        self.restore_button = ActionButton(self.tr("Khôi phục"), kind="danger")
        self.back_button.clicked.connect(self.reject)
        self.restore_button.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        edge = metrics().step(5)
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(metrics().step(3))
        for text, tone in self._sentences():
            label = QLabel(text)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            set_tone(label, tone)
            column.addWidget(label)
        column.addWidget(self.table, 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.restore_button)
        foot.addWidget(self.back_button)
        column.addLayout(foot)
        self.back_button.setDefault(True)
        self.back_button.setFocus()

    def _columns(self) -> list[Column]:
        def what(one: LostDossier) -> str:
            if one.is_whole:
                return self.tr("mất cả hồ sơ")
            return self.tr("mất {count} việc đã ghi").format(count=format_number(one.events))

        return [
            Column(self.tr("Mã hồ sơ"), "code", width=200, figures=True),
            Column(self.tr("Người nộp"), "applicant_name", width=220),
            Column(self.tr("Ghi lần cuối"), "last_at", show=format_moment, width=170, figures=True),
            Column(self.tr("Sẽ mất"), what),
        ]

    def _key_afterwards(self) -> str:
        lies = self._plan.lies
        if lies is Lies.OTHER_KEY:
            return self.tr(
                "Bản này được mã hóa bằng khóa khác. Khôi phục xong, dữ liệu vẫn mở bằng mật khẩu "
                "và phiếu khôi phục đang dùng ở máy này, không phải của bản ấy."
            )
        if lies is Lies.PLAIN:
            return self.tr(
                "Bản này không mã hóa. Khôi phục xong, dữ liệu vẫn được mã hóa bằng khóa đang dùng."
            )
        if lies is Lies.SEALED:
            return self.tr(
                "Bản này được mã hóa, dữ liệu ở máy này thì không. Khôi phục xong, dữ liệu không "
                "được mã hóa."
            )
        return ""

    def _sentences(self) -> list[tuple[str, str]]:
        plan = self._plan
        told = []
        if plan.made_at is not None:
            text = self.tr("Bản sao lưu lúc {at}: {copied} hồ sơ. Hiện có {present} hồ sơ.").format(
                at=format_moment(plan.made_at),
                copied=format_number(plan.copy_dossiers),
                present=format_number(plan.present_dossiers),
            )
        else:
            text = self.tr("Bản sao lưu có {copied} hồ sơ. Hiện có {present} hồ sơ.").format(
                copied=format_number(plan.copy_dossiers),
                present=format_number(plan.present_dossiers),
            )
        told.append((text, ""))
        if not plan.is_ours:
            other = self.tr("Đây là bản của quầy khác: {office}.").format(office=plan.office)
            told.append((other, "danger"))
        key = self._key_afterwards()
        if key:
            told.append((key, ""))
        if plan.loses_nothing:
            told.append((self.tr("Khôi phục không làm mất việc nào đã ghi."), ""))
        else:
            lost = self.tr(
                "Khôi phục sẽ bỏ {events} việc đã ghi của {count} hồ sơ dưới đây. Giấy đã in và số "
                "đã cấp không cấp lại cho người khác."
            )
            told.append(
                (
                    lost.format(
                        events=format_number(plan.lost_events),
                        count=format_number(plan.lost_count),
                    ),
                    "danger",
                )
            )
        if plan.lost_count > len(plan.lost):
            more = self.tr("Danh sách chỉ hiện {shown} hồ sơ mới nhất.")
            told.append((more.format(shown=format_number(len(plan.lost))), "muted"))
        kept = self.tr(
            "Dữ liệu đang dùng được giữ nguyên trong một tệp bên cạnh. Xong thì chương trình đóng "
            "lại; mở lại để làm tiếp."
        )
        told.append((kept, "muted"))
        return told
