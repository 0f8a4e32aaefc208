"""Beside a dossier's papers: attached files, opinions asked for, the satisfaction slip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counter_app.domain.erasing import is_gone
from counter_app.domain.facts import DossierFacts
from counter_app.domain.moments import epoch_day, from_epoch
from counter_app.ui.buttons import ActionButton
from counter_app.ui.theme import colours, metrics, theme
from counter_app.ui.words import short_day


def _tr(text: str) -> str:
    return QCoreApplication.translate("dossier_records", text)


def opinions_html(facts: DossierFacts, *, today: date) -> str:
    """Return the opinions that were asked for, with their own days and lateness."""
    lines = []
    for one in facts.state["opinions"]:
        due = epoch_day(one["due_at"])
        answered = one["answered_at"]
        ended = today if answered is None else epoch_day(answered)
        if answered is not None:
            told = _tr("đã trả lời {day}").format(day=short_day(from_epoch(answered), today))
        else:
            told = _tr("chờ trả lời trước hết {day}").format(day=short_day(due, today))
        tone = colours().muted
        if ended > due:
            told += ", " + _tr("trễ hạn")
            tone = colours().danger
        line = f"{escape(one['unit'])}: {escape(one['what'])}"
        line += f'<span style="color:{tone}"> – {told}</span>'
        if one["answer"]:
            line += f"<br>{escape(one['answer'])}"
        lines.append(f'<p style="margin:0 0 3px 0">{line}</p>')
    return "".join(lines)


def survey_html(facts: DossierFacts) -> str:
    """Return what the citizen's slip says, in a line."""
    slip = facts.state["survey"]
    if slip is None:
        return ""
    words = _tr("Hài lòng") if slip["satisfied"] else _tr("Chưa hài lòng")
    scores = slip["scores"].values()
    total = _tr("{points} điểm trên {count} câu trả lời").format(
        points=sum(scores), count=len(scores)
    )
    comment = f"<br>{escape(slip['comment'])}" if slip["comment"] else ""
    return f'{words}<span style="color:{colours().muted}"> – {total}</span>{comment}'


class FileList(QWidget):
    """Attached files, one line each; Enter opens one."""

    file_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        heading = QLabel(self.tr("Tệp đính kèm"))
        heading.setFont(theme().font(strong=True))
        self._rows: list[QWidget] = []
        self._files: dict[QObject, dict[str, Any]] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(metrics().step(1))
        self._column.addWidget(heading)
        self.hide()

    def set_files(self, files: Sequence[dict[str, Any]], at: Mapping[str, str]) -> None:
        """Show these, or hide; ``at`` tells by its hash which desk has what isn't here."""
        for row in self._rows:
            self._column.removeWidget(row)
            row.deleteLater()
        self._files = {}
        self._rows = [self._make_row(one, at) for one in files]
        for row in self._rows:
            self._column.addWidget(row)
        self.setVisible(bool(files))

    def buttons(self) -> list[ActionButton]:
        """Return the buttons that open a file, in order."""
        return [button for row in self._rows for button in row.findChildren(ActionButton)]

    def _make_row(self, one: dict[str, Any], at: Mapping[str, str]) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        of = _tr("Kết quả") if one["kind"] == "output" else one["document"] or _tr("Cả hồ sơ")
        what = one["name"] if one.get("sha256") else _tr("không phải số hóa")
        parts = [of, what]
        if one.get("sha256") in at:
            parts.append(_tr("bản quét nằm ở {counter}").format(counter=at[one["sha256"]] or "?"))
        text = QLabel("  ·  ".join(parts))
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setWordWrap(True)
        line.addWidget(text, 1)
        if one.get("sha256") and not is_gone(one):
            button = ActionButton(self.tr("Mở"), kind="quiet")
            button.setAccessibleDescription(text.text())
            button.clicked.connect(self._on_button_clicked)
            self._files[button] = one
            line.addWidget(button)
        return row

    def _on_button_clicked(self) -> None:
        self.file_requested.emit(self._files[self.sender()])
