"""Every text field of every page and dialog keeps what UniKey types, and is tidied on leaving."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import unicodedata
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QPlainTextEdit,
    QStackedWidget,
    QTextEdit,
)

from counter_app import ui
from counter_app.bootstrap import open_app
from counter_app.services import catalogue
from counter_app.ui.act_forms import DIALOGS, make_dialog
from counter_app.ui.confirm_procedure_dialog import ConfirmProcedureDialog
from counter_app.ui.desk import Desk
from counter_app.ui.fields import LongTextField, TextField
from counter_app.ui.interaction import QtInteraction
from counter_app.ui.sign_in import SecretField
from tests.ui.dossier_fakes import NOW as THEN
from tests.ui.dossier_fakes import FakeDesk, InstantRunner, make_facts, make_row
from tests.ui.fakes import FakeInteraction
from tests.ui.unikey import TELEX, VNI, keystrokes, type_with_unikey
from tests.ui.window_walk import DESK_DIALOGS, PAGES

NOW = datetime(2026, 11, 23, 9, 0)
NFD = unicodedata.normalize("NFD", "Hồ Thị Ngọc Ưởng")
NFC = "Hồ Thị Ngọc Ưởng"
_FORBIDDEN = {
    "setInputMask": "a mask",
    "setCompleter": "inline completion",
    "setMaxLength": "a hard limit",
    "setValidator": "a validator",
    "QCompleter": "inline completion",
    "QInputDialog": "a field that isn't ours",
    "QSpinBox": "a field that isn't ours",
    "QDateEdit": "a field that isn't ours",
}
_PLAIN_FIELDS = {"QLineEdit", "QTextEdit", "QPlainTextEdit"}


class Patient(FakeInteraction):
    """Says no to everything: leaving a field may ask."""

    def _answer(self, question):
        self.asked.append(question)


@pytest.fixture
def desk(qtbot, tmp_path, week):
    (tmp_path / "counter.db").write_bytes(week.read_bytes())
    opened = open_app(data=str(tmp_path), environment={})
    desk = Desk(
        opened.store,
        folder=opened.folder,
        clock=lambda: NOW,
        is_second=False,
        interaction=Patient(),
    )
    qtbot.addWidget(desk.window, before_close_func=_let_go)
    desk.start()
    desk.window.activateWindow()
    qtbot.waitUntil(desk.window.isActiveWindow)
    yield desk
    desk.close()
    opened.store.close()


def _let_go(window):
    window._interaction.confirm = lambda *_a, **_k: True


def text_fields(root):
    """Return what can be typed into under a widget, shown or not."""
    found = [*root.findChildren(QLineEdit), *root.findChildren(QPlainTextEdit)]
    found += root.findChildren(QTextEdit)
    return [field for field in found if not field.isReadOnly()]


def text_of(field):
    return field.text() if isinstance(field, QLineEdit) else field.toPlainText()


def reach(field, root):
    """Bring a field to where it can be typed into: its page of a stack, its fold."""
    widget = field
    while widget is not root and widget is not None:
        parent = widget.parentWidget()
        if isinstance(parent, QStackedWidget):
            parent.setCurrentWidget(widget)
        elif widget.isHidden():
            widget.show()
        widget.setEnabled(True)
        widget = parent
    field.setFocus(Qt.FocusReason.OtherFocusReason)
    return field.hasFocus()


def empty(field):
    field.selectAll()
    field.cut() if isinstance(field, QLineEdit) else field.clear()


def check_field(field, root, at):
    """Type with UniKey in Telex and VNI, paste decomposed letters, leave; return the time."""
    name = field.accessibleName() or field.objectName() or type(field).__name__
    assert reach(field, root), f"{name} can't be reached"
    for (raw, meant), vni in ((TELEX, False), (VNI, True)):
        empty(field)
        at = type_with_unikey(field, raw, vni=vni, start=at + 1000)
        assert text_of(field) == meant, name
        assert field.hasFocus(), name
    empty(field)
    QApplication.clipboard().setText(NFD)
    field.paste()
    assert text_of(field) == NFD, f"{name} changes what is pasted while it has the focus"
    field.clearFocus()
    # A secret is what was typed; unlocking tidies both sides.
    is_tidied = isinstance(field, SecretField) or unicodedata.is_normalized("NFC", text_of(field))
    assert is_tidied, f"{name} keeps decomposed letters"
    return at


def check_all(root, at=0):
    fields = text_fields(root)
    for field in fields:
        at = check_field(field, root, at)
    return {type(field) for field in fields}


def editable_views(root):
    return [
        view
        for view in root.findChildren(QAbstractItemView)
        if view.editTriggers() != QAbstractItemView.EditTrigger.NoEditTriggers
        and view.model() is not None
        and view.model().rowCount()
        and view.model().flags(view.model().index(0, 0)) & Qt.ItemFlag.ItemIsEditable
    ]


def test_the_keystrokes_are_unikeys_own():
    assert keystrokes("Thij", vni=False) == [(0, "T"), (0, "h"), (0, "i"), (1, "ị")]
    for (raw, meant), vni in ((TELEX, False), (VNI, True)):
        shown = ""
        for erased, letters in keystrokes(raw, vni=vni):
            shown = shown[: len(shown) - erased] + letters
        assert shown == meant


@pytest.mark.parametrize("key", PAGES)
def test_every_field_of_a_page_keeps_what_unikey_types(key, desk):
    desk.window.show_page(key)
    page = desk.window.current_page()
    check_all(page)
    assert editable_views(page) == []
    assert not any(box.isEditable() for box in page.findChildren(QComboBox))


def test_the_search_box_of_the_top_line_keeps_what_unikey_types(desk):
    check_field(desk.window._top.search_box(), desk.window, 0)


@pytest.mark.parametrize("name", DESK_DIALOGS)
def test_every_field_of_a_dialog_keeps_what_unikey_types(name, desk, monkeypatch, qtbot):
    monkeypatch.setattr(QDialog, "exec", lambda dialog: dialog.open())
    DESK_DIALOGS[name](desk)
    dialog = next(
        w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()
    )
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    check_all(dialog)
    assert editable_views(dialog) == []
    dialog.close()


@pytest.mark.parametrize("move", list(DIALOGS))
def test_every_field_of_an_act_keeps_what_unikey_types(move, qtbot):
    row = make_row(1)
    calls = FakeDesk([row], now=THEN).calls()
    dialog = make_dialog(move, make_facts(row), calls, InstantRunner())
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    check_all(dialog)


def test_every_field_of_the_questions_keeps_what_unikey_types(qtbot, monkeypatch):
    def answer(dialog):
        dialog.open()
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        check_all(dialog)
        dialog.close()
        return dialog.DialogCode.Rejected

    monkeypatch.setattr(QDialog, "exec", answer)
    assert QtInteraction(None).ask_text("Giấy tờ nào?", yes="Thêm") is None


def test_every_field_of_a_procedures_first_use_keeps_what_unikey_types(desk, qtbot):
    found = next(
        one for one in catalogue.match(desk._store, "kết hôn", on=NOW.date()) if one.to_ask
    )
    dialog = ConfirmProcedureDialog(found, desk.window)
    dialog.open()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    check_all(dialog)
    dialog.close()


def test_every_field_of_the_wizard_keeps_what_unikey_types(tmp_path, qtbot):
    from counter_app.ui.wizard import SetupWizard, wizard_calls

    opened = open_app(data=str(tmp_path), environment={})
    wizard = SetupWizard(wizard_calls(opened.store))
    qtbot.addWidget(wizard)
    wizard.open()
    wizard.activateWindow()
    qtbot.waitUntil(wizard.isActiveWindow)
    check_all(wizard)
    opened.store.close()


# What the walk can't see: a field that is made later is one of ours, or this fails


def _modules():
    for found in pkgutil.iter_modules(ui.__path__):
        yield Path(ui.__path__[0]) / f"{found.name}.py"


@pytest.mark.parametrize("path", list(_modules()), ids=lambda path: path.stem)
def test_no_module_changes_a_text_that_someone_types_in(path):
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        assert name not in _FORBIDDEN, f"{path.name}:{node.lineno} has {_FORBIDDEN[name]}"
        if name in _PLAIN_FIELDS:
            assert "setReadOnly(True)" in path.read_text("utf-8"), (
                f"{path.name}:{node.lineno} has a {name}; use TextField or LongTextField"
            )


def _heirs(kind):
    for heir in kind.__subclasses__():
        yield heir
        yield from _heirs(heir)


def test_every_field_is_one_of_ours():
    for found in pkgutil.iter_modules(ui.__path__):
        importlib.import_module(f"counter_app.ui.{found.name}")
    own = {
        kind
        for base in (QLineEdit, QPlainTextEdit, QTextEdit)
        for kind in _heirs(base)
        if kind.__module__.startswith("counter_app.")
    }
    assert {kind for kind in own if not issubclass(kind, (TextField, LongTextField))} == set()
