"""What somebody typed is shown as he typed it: no text of a dossier is ever taken for HTML."""

from __future__ import annotations

import ast
import re
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel
from PySide6.QtGui import Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QDialog, QLabel, QWidget

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.services import catalogue, demo, lookup, office, reception
from counter_app.services.settings import set_setting
from counter_app.ui.act_forms import DIALOGS, make_dialog
from tests.ui.test_layout import Patient, settle, show_dossier
from tests.ui.window_walk import DESK_DIALOGS, PAGES, shown_desk

NOW = datetime(2026, 11, 23, 9, 40)
EVIL = "Lê <b>An</b> <img src='file:///etc/hostname'>"
_MARK = "<img"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A week in which one dossier, the office and an officer carry such a name everywhere."""
    folder = tmp_path_factory.mktemp("hostile")
    app = open_app(data=str(folder), environment={})
    demo.fill(app.store, "week", now=NOW)
    catalogue.confirm_procedure(app.store, code="1.004873", decision=EVIL, on=NOW.date())
    office.save_officer(app.store, name=EVIL, position=EVIL)
    set_setting(app.store, key="result_place", value=EVIL)
    given = dict.fromkeys(
        ("applicant_name", "address", "content", "note", "subject_name", "by"), EVIL
    )
    request = ReceiveRequest(procedure_code="1.004873", citizen_id="045192007777", **given)
    reception.receive_dossier(app.store, request, now=NOW)
    app.store.close()
    return folder


@pytest.fixture
def desk(qapp, folder, tmp_path):
    shutil.copytree(folder, tmp_path / "data")
    with shown_desk(tmp_path / "data", now=NOW, interaction=Patient()) as made:
        yield made


def _cells(model: QAbstractItemModel):
    for row in range(min(model.rowCount(), 40)):
        for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount()):
            index = model.index(row, column)
            yield str(model.data(index, Qt.ItemDataRole.ToolTipRole) or "")


def taken_for_html(root: QWidget) -> list[str]:
    """Return what shows the name as HTML, under a widget; and count where it stands at all."""
    found = []
    for widget in [root, *root.findChildren(QWidget)]:
        if Qt.mightBeRichText(widget.toolTip()) and _MARK in widget.toolTip():
            found.append(f"the tip of {type(widget).__name__}: {widget.toolTip()[:80]}")
        is_named = isinstance(widget, QLabel) and _MARK in widget.text()
        if is_named and widget.textFormat() != Qt.TextFormat.PlainText:
            found.append(f"{type(widget.parent()).__name__}: {widget.text()[:80]}")
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            tips = [tip for tip in _cells(widget.model()) if _MARK in tip]
            found += [f"a cell's tip: {tip[:80]}" for tip in tips if Qt.mightBeRichText(tip)]
    return found


def _is_shown(root: QWidget) -> bool:
    return any(_MARK in label.text() for label in root.findChildren(QLabel))


UI = Path(__file__).parents[2] / "counter_app" / "ui"


def _tips():
    for path in sorted(UI.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            words = ast.unparse(node) if isinstance(node, ast.Call) else ""
            if re.match(r"[\w.]+\.(setToolTip|showText)\(", words):
                yield path.name, words


def test_every_tip_with_other_words_than_ours_is_made_plain():
    found = {(name, tip) for name, tip in _tips() if "plain_tip(" not in tip}
    assert {one for one in found if ".tr(" not in one[1] or ".format(" in one[1]} == set()
    assert len(list(_tips())) > 15, "it looks where the tips are"


@pytest.mark.parametrize("key", PAGES)
def test_no_page_takes_a_name_for_html(key, desk):
    desk.window.show_page(key)
    page = desk.window.current_page()
    settle(lambda: not desk._runner.is_busy)
    if key == "dossiers":
        show_dossier(page)
        assert _is_shown(page), "the panel shows the name"
    if key == "settings":
        for group in page.groups:
            page.chips.choose(group)
            settle(lambda: not desk._runner.is_busy)
            assert taken_for_html(desk.window) == [], group
    if key == "reception":
        page.form.fill({"citizen_id": "045192007777"})
        page.form.number.validate()
        settle(lambda: not desk._runner.is_busy)
    assert taken_for_html(desk.window) == []


@pytest.mark.parametrize("name", DESK_DIALOGS)
def test_no_dialog_takes_a_name_for_html(name, desk, monkeypatch):
    monkeypatch.setattr(QDialog, "exec", lambda dialog: dialog.open())
    DESK_DIALOGS[name](desk)
    dialogs = [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog)]
    dialog = next(one for one in dialogs if one.isVisible())
    settle(lambda: not desk._runner.is_busy)
    try:
        assert taken_for_html(dialog) == []
    finally:
        dialog.close()
        settle()


def test_no_act_takes_a_name_for_html(desk):
    desk.window.show_page("dossiers")
    page = desk.window.current_page()
    show_dossier(page)
    (uuid,) = desk._store.row("SELECT uuid FROM dossier ORDER BY received_at DESC, id DESC")
    facts = lookup.show(desk._store, uuid, now=NOW)
    found = {}
    for act in DIALOGS:
        if act.name in {"PAID", "OPINION_RECEIVED", "STEP", "COMPETENT_RECEIVED"}:
            continue  # not open to a dossier that was just received
        dialog = make_dialog(act, facts, page._calls, desk._runner, desk.window)
        dialog.open()
        settle(lambda: not desk._runner.is_busy)
        assert _is_shown(dialog), act
        found |= dict.fromkeys(taken_for_html(dialog), act.name)
        dialog.close()
        settle()
    assert found == {}
