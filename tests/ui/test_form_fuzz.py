"""Whatever is typed or pasted into a field is taken as it is, or refused in words; nothing breaks.

The fields are found in the window itself, so that a new one is covered without naming it.
"""

from __future__ import annotations

import shutil
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from counter_app.bootstrap import open_app
from counter_app.services import catalogue, checks, demo, lookup
from counter_app.ui.act_forms import DIALOGS, make_dialog
from counter_app.ui.wizard import SetupWizard, wizard_calls
from tests.ui.test_layout import Patient, settle, show_dossier
from tests.ui.window_walk import DESK_DIALOGS, PAGES, shown_desk

NOW = datetime(2026, 11, 23, 9, 40)
HOSTILE = {
    "a NUL": "Lê\0An",
    "half a surrogate": "Lê \ud800 An",
    "signs that turn the line": "\u202eLê An\u202c",
    "nothing to be seen": "\u200b\u200d\ufeff",
    "only marks": "\u0301\u0323\u0302",
    "a picture": "Lê 🙂 An",
    "as a Mac writes it": "Le\u0302 Thi\u0323 Ho\u0300ng",
    "a formula": '=HYPERLINK("http://x";"An")',
    "many lines": "dòng một\r\ndòng hai\n\tdòng ba",
    "very long": "Nguyễn " * 2_000,
    "Arabic digits": "٠١٢٣٤٥٦٧٨٩٠١",
    "a small two": "²",
    "no day": "31/02/2026",
    "the first day": "01/01/0001",
    "the last day": "31/12/9999",
    "a huge number": "9" * 5_000,
    "a negative number": "-1",
    "an exponent": "1e308",
    "half a number": "1,5",
    "a path": "..\\..\\windows\\system32\\..\\x",
    "a pattern": "%s {0} {name} %(x)s \\1 $1",
    "an entity": "&lt;b&gt; <b>đậm</b> &amp;",
    "SQL": "'; DROP TABLE dossier; --",
}

ROUNDS = range(0, len(HOSTILE), 6)
STEP = 5


class Willing(Patient):
    """Says yes, and has no file to give."""

    def choose_file_save(self, title, **_):
        self.asked.append(title)

    choose_file_open = choose_folder = choose_file_save

    def ask_text(self, question, **_):
        self.asked.append(question)

    ask_choice = ask_text


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fuzz")
    app = open_app(data=str(folder), environment={})
    demo.fill(app.store, "week", now=NOW)
    catalogue.confirm_procedure(app.store, code="1.004873", decision="QĐ 01", on=NOW.date())
    app.store.close()
    return folder


@pytest.fixture
def desk(qapp, folder, tmp_path, monkeypatch):
    monkeypatch.setattr("counter_app.ui.day_keeper.DayKeeper.check", lambda *_: None)
    shutil.copytree(folder, tmp_path / "data")
    with shown_desk(tmp_path / "data", now=NOW, interaction=Willing()) as made:
        yield made
        problems = [p for one in checks.run_checks(made._store) for p in one.problems]
    assert problems == []


def fields_of(root: QWidget) -> list[QWidget]:
    """Return every field of letters under a widget that a person could reach."""
    return [
        one
        for kind in (QLineEdit, QPlainTextEdit)
        for one in root.findChildren(kind)
        if one.isVisibleTo(root) and one.isEnabled() and not one.isReadOnly()
    ]


def paste(field: QWidget, text: str) -> None:
    """Put a text into a field as the clipboard would, and leave the field."""
    field.setFocus()
    field.selectAll()
    (field.insert if isinstance(field, QLineEdit) else field.insertPlainText)(text)
    if isinstance(field, QLineEdit):
        field.textEdited.emit(field.text())
        field.editingFinished.emit()
    if hasattr(field, "validate"):
        field.validate()


def is_quiet(desk):
    return not desk._runner.is_busy and not desk.keeper.runner.is_busy


def fill(desk, root: QWidget, number: int) -> int:
    """Paste a value into each field, another into the next one; ``number`` turns them round."""
    fields = fields_of(root)
    values = list(HOSTILE.values())
    for place, field in enumerate(fields):
        paste(field, values[(number + place * STEP) % len(values)])
        QApplication.processEvents()
    settle(lambda: is_quiet(desk))
    return len(fields)


def main_act(root: QWidget):
    return next(
        (getattr(root, name) for name in ("submit", "go_on", "save") if hasattr(root, name)), None
    )


@pytest.mark.parametrize("number", ROUNDS)
def test_a_page_takes_it_or_says_why_not(number, desk):
    reached = 0
    for key in PAGES:
        desk.window.show_page(key)
        page = desk.window.current_page()
        settle(lambda: is_quiet(desk))
        if key == "dossiers":
            show_dossier(page)
        if key == "settings":
            for group in page.groups:
                page.chips.choose(group)
                reached += fill(desk, page, number)
            continue
        reached += fill(desk, page, number)
        if key == "reception":
            page.main_action()
            settle(lambda: is_quiet(desk))
    assert reached > 45


@pytest.mark.parametrize("number", ROUNDS)
def test_an_act_takes_it_or_says_why_not(number, desk):
    desk.window.show_page("dossiers")
    calls = desk.window.current_page()._calls
    uuids = desk._store.rows("SELECT uuid FROM dossier ORDER BY id")
    shown = [lookup.show(desk._store, uuid, now=NOW) for (uuid,) in uuids]
    free = {act.move: one for one in reversed(shown) for act in one.acts if not act.why_not}
    reached = 0
    for act, facts in free.items():
        if act not in DIALOGS:
            continue
        dialog = make_dialog(
            act, lookup.show(desk._store, facts.uuid, now=NOW), calls, desk._runner, desk.window
        )
        dialog.interaction = (
            desk._means.interaction if hasattr(desk, "_means") else desk.means.interaction
        )
        dialog.open()
        settle(lambda: is_quiet(desk))
        reached += fill(desk, dialog, number)
        dialog.submit()
        settle(lambda: is_quiet(desk))
        dialog.close()
    assert reached > 35


@pytest.mark.parametrize("number", ROUNDS)
def test_a_dialog_takes_it_or_says_why_not(number, desk, monkeypatch):
    monkeypatch.setattr(QDialog, "exec", lambda dialog: dialog.open())
    reached = 0
    for name, opener in DESK_DIALOGS.items():
        if name == "scanner":
            continue  # wants each key as it comes
        opener(desk)
        dialog = next(
            w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()
        )
        settle(lambda: is_quiet(desk))
        reached += fill(desk, dialog, number)
        act = main_act(dialog)
        if act is not None:
            act()
        settle(lambda: is_quiet(desk))
        for window in QApplication.topLevelWidgets():
            if isinstance(window, QDialog) and window.isVisible():
                window.close()
        settle()
    assert reached > 30


@pytest.mark.parametrize("number", ROUNDS)
def test_the_wizard_takes_it_or_says_why_not(number, desk):
    wizard = SetupWizard(wizard_calls(desk._store), desk.window)
    wizard.open()
    reached = 0
    for step in range(len(wizard.steps)):
        wizard.show_step(step)
        reached += fill(desk, wizard, number)
        wizard.go_on()
    wizard.close()
    settle()
    assert reached >= 6


def test_no_field_of_a_page_breaks_over_any_text(desk):
    fields = []
    for key in PAGES:
        desk.window.show_page(key)
        page = desk.window.current_page()
        settle(lambda: is_quiet(desk))
        for group in page.groups if key == "settings" else [None]:
            if group is not None:
                page.chips.choose(group)
            # What a field looks up beside the window isn't waited for: it is judged at once.
            fields += fields_of(page)

    @settings(max_examples=25)
    @given(text=st.text(max_size=40))
    def judged(text):
        for field in fields:
            paste(field, text)

    judged()
    settle(lambda: is_quiet(desk))
    assert len(fields) > 45
