"""Parts of the dossier beside the table: a section of text, and its papers with their keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from counter_app.domain.facts import PaperFacts
from counter_app.ui.buttons import ActionButton
from counter_app.ui.theme import metrics, theme
from counter_app.ui.words import (
    short_moment,
)


def _tr(text: str) -> str:
    return QCoreApplication.translate("dossier_panel", text)


class Section(QWidget):
    """A small heading and a text that can be selected; hidden while it is empty."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        heading = QLabel(title)
        heading.setFont(theme().font(strong=True))
        self.label = QLabel()
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.RichText)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(metrics().step(1.5))
        self.column.addWidget(heading)
        self.column.addWidget(self.label)

    def set_html(self, html: str) -> None:
        """Show a text, or hide the section."""
        self.label.setText(html)
        self.setVisible(bool(html))


class PaperList(QWidget):
    """Issued papers, one line each; Enter prints one again."""

    reprint_requested = Signal(object)  # PaperFacts
    view_requested = Signal(object)  # PaperFacts

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        self._heading = QLabel(self.tr("Giấy tờ đã in"))
        self._heading.setFont(theme().font(strong=True))
        self._papers: dict[QObject, PaperFacts] = {}
        self._rows: list[QWidget] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(metrics().step(1))
        self._column.addWidget(self._heading)

    def set_papers(self, papers: Sequence[PaperFacts], *, today: date) -> None:
        """Show these papers, or hide."""
        for row in self._rows:
            self._column.removeWidget(row)
            row.deleteLater()
        self._papers = {}
        self._rows = [self._make_row(paper, today) for paper in papers]
        for row in self._rows:
            self._column.addWidget(row)
        self.setVisible(bool(papers))

    def buttons(self) -> list[ActionButton]:
        """Return the buttons that print a paper again, in order."""
        return self._buttons("print")

    def view_buttons(self) -> list[ActionButton]:
        """Return the buttons that show a paper, in order."""
        return self._buttons("view")

    def _buttons(self, name: str) -> list[ActionButton]:
        return [button for row in self._rows for button in row.findChildren(ActionButton, name)]

    def _make_row(self, paper: PaperFacts, today: date) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        names = {
            "receipt": self.tr("Giấy tiếp nhận"),
            "apology": self.tr("Văn bản xin lỗi"),
            "supplement": self.tr("Phiếu yêu cầu bổ sung"),
            "refusal": self.tr("Phiếu từ chối"),
            "stop": self.tr("Thông báo dừng giải quyết"),
            "routing-slip": self.tr("Phiếu kiểm soát"),
            "handover": self.tr("Danh sách bàn giao"),
            "sheet": self.tr("Tờ bàn giao gửi đơn vị"),
        }
        parts = [names.get(paper.kind, paper.kind), short_moment(paper.issued_at, today)]
        if paper.number:
            parts.insert(1, self.tr("số {number}").format(number=paper.number))
        if paper.to:
            parts.append(paper.to)
        if paper.copies:
            parts.append(self.tr("đã in lại {count} lần").format(count=paper.copies))
        if paper.is_replaced:
            parts.append(self.tr("đã thay thế"))
        if paper.kept_at:
            parts.append(self.tr("giấy nằm ở {counter}").format(counter=paper.kept_at))
        text = QLabel("  ·  ".join(parts))
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setWordWrap(True)
        line.addWidget(text, 1)
        if not paper.uuid:  # only its facts are here
            return row
        view = ActionButton(self.tr("Xem"), kind="quiet")
        view.setObjectName("view")
        view.setAccessibleDescription(text.text())
        view.clicked.connect(self._on_view_clicked)
        button = ActionButton(self.tr("In lại"), kind="quiet", icon="print")
        button.setObjectName("print")
        button.setAccessibleDescription(text.text())
        button.clicked.connect(self._on_button_clicked)
        button.set_reason(
            self.tr("Giấy này đã thay thế bằng giấy mới.") if paper.is_replaced else None
        )
        line.addWidget(view)
        line.addWidget(button)
        self._papers[view] = self._papers[button] = paper
        return row

    def _on_view_clicked(self) -> None:
        self.view_requested.emit(self._papers[self.sender()])

    def _on_button_clicked(self) -> None:
        self.reprint_requested.emit(self._papers[self.sender()])
