"""Questions to the person at the desk, behind a facade so that no test meets a modal dialog."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QCoreApplication, Qt

from counter_app.errors import UserError

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMessageBox, QWidget

    from counter_app.ui.fields import Note

_DETAIL_WIDTH = 440
_ROWS_SHOWN = 8  # a list of choices beyond them scrolls


class Interaction(Protocol):
    """What a page may ask; every answer can be "no" or None, and nothing is lost by it."""

    def inform(self, text: str, *, detail: str = "") -> None:
        """Say something that must be seen before going on."""

    def confirm(self, question: str, *, yes: str, no: str = "", detail: str = "") -> bool:
        """Ask; ``yes`` and ``no`` are the verbs on the buttons ("Đóng", "Ở lại")."""

    def choose_file_save(self, title: str, *, suggested: Path, kinds: str) -> Path | None:
        """Ask where to save; ``kinds`` as "Tệp PDF (*.pdf)"."""

    def choose_file_open(
        self, title: str, *, folder: Path | None = None, kinds: str
    ) -> Path | None:
        """Ask which file to read."""

    def choose_folder(self, title: str, *, folder: Path | None = None) -> Path | None:
        """Ask for a folder."""

    def ask_text(
        self,
        question: str,
        *,
        yes: str,
        initial: str = "",
        detail: str = "",
        check: Callable[[str], Note | None] | None = None,
    ) -> str | None:
        """Ask for one line; ``check`` says what is wrong with it."""

    def ask_choice(
        self,
        question: str,
        choices: Sequence[str],
        *,
        yes: str,
        detail: str = "",
        suggests_first: bool = True,
    ) -> int | None:
        """Ask for one of several; returns its number.

        With ``suggests_first`` off nothing is chosen beforehand: a key that bounced must not
        answer what only a person can know.
        """


def show_error(interaction: Interaction, error: UserError) -> None:
    """Show a known error's sentence."""
    interaction.inform(error.message)


class QtInteraction:
    """The facade on real dialogs, each with verbs on its buttons."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Dialogs belong to ``parent``."""
        self._parent = parent

    def set_parent(self, parent: QWidget) -> None:
        """From now on dialogs belong to this window."""
        self._parent = parent

    def inform(self, text: str, *, detail: str = "") -> None:
        """Show a sentence and wait."""
        from PySide6.QtWidgets import QMessageBox

        box = self._box(text, "")
        if detail:
            # What helps a supporter stays folded: the sentence is for the person at the desk.
            box.setDetailedText(detail)
        box.addButton(_tr("Đã hiểu"), QMessageBox.ButtonRole.AcceptRole)
        box.exec()

    def confirm(self, question: str, *, yes: str, no: str = "", detail: str = "") -> bool:
        """Ask with two verbs; Esc and Enter by mistake answer no."""
        from PySide6.QtWidgets import QMessageBox

        box = self._box(question, detail)
        agree = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
        refuse = box.addButton(no or _tr("Quay lại"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(refuse)
        box.setEscapeButton(refuse)
        box.exec()
        return box.clickedButton() is agree

    def choose_file_save(self, title: str, *, suggested: Path, kinds: str) -> Path | None:
        """Ask where to save."""
        from PySide6.QtWidgets import QFileDialog

        name, _ = QFileDialog.getSaveFileName(self._parent, title, str(suggested), kinds)
        if not name:
            return None
        chosen = Path(name)
        if chosen.suffix or not suggested.suffix:
            return chosen
        # Not every system adds the ending; without it the file is hidden where it is opened.
        whole = chosen.with_name(chosen.name + suggested.suffix)
        question = _tr("Tệp {name} đã có. Thay tệp đó?").format(name=whole.name)
        if whole.exists() and not self.confirm(question, yes=_tr("Thay")):
            return None
        return whole

    def choose_file_open(
        self, title: str, *, folder: Path | None = None, kinds: str
    ) -> Path | None:
        """Ask which file to read."""
        from PySide6.QtWidgets import QFileDialog

        start = str(folder) if folder else ""
        name, _ = QFileDialog.getOpenFileName(self._parent, title, start, kinds)
        return Path(name) if name else None

    def choose_folder(self, title: str, *, folder: Path | None = None) -> Path | None:
        """Ask for a folder."""
        from PySide6.QtWidgets import QFileDialog

        start = str(folder) if folder else ""
        name = QFileDialog.getExistingDirectory(self._parent, title, start)
        return Path(name) if name else None

    def ask_text(
        self,
        question: str,
        *,
        yes: str,
        initial: str = "",
        detail: str = "",
        check: Callable[[str], Note | None] | None = None,
    ) -> str | None:
        """Ask for one line of text."""
        from counter_app.ui.fields import TextField
        from counter_app.ui.forms import MessageLabel
        from counter_app.ui.question_dialog import QuestionDialog

        field = TextField(check=check)
        field.setText(initial)
        message = MessageLabel()
        field.message_changed.connect(message.show_message)
        dialog = QuestionDialog(question, yes=yes, detail=detail, parent=self._parent)
        dialog.add(field)
        dialog.add(message)
        dialog.may_accept = field.validate
        field.setFocus()
        return field.value() if dialog.exec() == dialog.DialogCode.Accepted else None

    def ask_choice(
        self,
        question: str,
        choices: Sequence[str],
        *,
        yes: str,
        detail: str = "",
        suggests_first: bool = True,
    ) -> int | None:
        """Ask for one line of a list.

        Without a suggestion a line is chosen by the arrows or the mouse only: who types on when
        the question comes would else choose the one that begins alike, and Enter would take it.
        """
        from counter_app.ui.question_dialog import Lines, QuestionDialog
        from counter_app.ui.theme import metrics

        listing = Lines(takes_typing=suggests_first)
        dialog = QuestionDialog(question, yes=yes, detail=detail, parent=self._parent)
        dialog.add(listing)
        listing.ensurePolished()  # the rows have the height that the style sheet gives them
        listing.addItems(list(choices))
        if suggests_first:
            listing.setCurrentRow(0)
        # The end of a line tells it from the others: a unit, a name, a day.
        least = min(listing.sizeHintForColumn(0) + metrics().step(12), metrics().px(760))
        listing.setMinimumWidth(least)
        rows = min(max(len(choices), 2), _ROWS_SHOWN)
        listing.setFixedHeight(rows * listing.sizeHintForRow(0) + metrics().step(2))
        dialog.may_accept = lambda: bool(listing.selectedItems())
        why_not = _tr("Chọn một dòng bằng ↑ ↓ trước.")
        listing.itemSelectionChanged.connect(lambda: dialog.say_whether_it_may(why_not))
        dialog.say_whether_it_may(why_not)
        listing.itemActivated.connect(dialog.accept)
        listing.setFocus()
        accepted = dialog.exec() == dialog.DialogCode.Accepted
        return listing.currentRow() if accepted else None

    def _box(self, text: str, detail: str) -> QMessageBox:
        from PySide6.QtWidgets import QLabel, QMessageBox

        from counter_app.ui.theme import metrics

        box = QMessageBox(self._parent)
        box.setWindowTitle(_tr("Một cửa"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(text)
        box.setInformativeText(detail)
        words = box.findChild(QLabel, "qt_msgbox_informativelabel")
        if words is not None:  # it is as wide as the question above it, however short that is
            words.setMinimumWidth(metrics().px(_DETAIL_WIDTH))
        return box


def _tr(text: str) -> str:
    return QCoreApplication.translate("QtInteraction", text)
