"""The editor of forms: what is typed is seen on the page, a wrong field is told at its line."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from PySide6.QtCore import Qt, QTimer

from counter_app.services import form_versions
from counter_app.ui.forms_calls import forms_calls
from counter_app.ui.forms_dialog import FormsDialog
from counter_app.ui.settings_page import SettingsPage, settings_calls
from counter_app.ui.task_runner import TaskRunner
from tests.ui.dossier_fakes import InstantRunner
from tests.ui.fakes import FakeInteraction
from tests.ui.hands import type_text

NOW = datetime(2026, 11, 23, 9)
OWNER = "receipt/lines/1/items/0/text"
LABEL = "receipt/lines/1/items/0/label"


@pytest.fixture
def house(qtbot, store):
    runner = TaskRunner(after_task=store.close)
    interaction = FakeInteraction()
    calls = forms_calls(store, clock=lambda: NOW, clerk=lambda: "Lê Thị A")
    dialog = FormsDialog(calls, runner=runner, interaction=interaction)
    dialog.interaction = interaction
    # qtbot closes its widgets before this fixture ends, and closing asks about unsaved texts.
    dialog.open()
    qtbot.waitUntil(lambda: dialog.preview.page_count() == 1)
    yield dialog
    dialog._edits.clear()  # so that closing it asks nothing
    dialog.reject()
    dialog.deleteLater()
    runner.close()


def type_into(dialog, place, text):
    field = dialog.texts.field(place)
    field.setFocus()
    field.selectAll()
    type_text(field, text)
    return field


def seen(qtbot, dialog):
    before = dialog.preview.document()
    qtbot.waitUntil(lambda: dialog.preview.document() not in (None, before))


def test_a_typed_text_is_seen_on_the_page_and_saved_with_its_day_and_source(
    qtbot, house, store
) -> None:
    assert not house.save_button.isEnabled()
    type_into(house, LABEL, "Người có yêu cầu:")
    seen(qtbot, house)
    qtbot.keyClick(house, Qt.Key.Key_F9)
    assert "căn cứ" in house.source.note().text, "a version has its source"
    house.source.setText("QĐ 12")
    qtbot.keyClick(house, Qt.Key.Key_F9)
    (version, *_) = form_versions.versions(store)
    assert (version.valid_from, version.source) == (date(2026, 11, 23), "QĐ 12")
    assert version.officer == "Lê Thị A"
    assert version.version in house.told.text()
    assert not house.save_button.isEnabled()


def test_the_window_below_turns_while_the_fields_of_a_form_are_made(qtbot, house):
    turned = []
    most = max(range(house.list.count()), key=lambda row: len(house._forms[row].texts))
    house.list.setCurrentRow(1 if most == 0 else 0)
    make = house._make_field

    def note(text):
        QTimer.singleShot(0, lambda: turned.append(text.place))
        return make(text)

    house._make_field = note
    house.list.setCurrentRow(most)
    count = len(house._forms[most].texts)
    assert count > 16
    assert len(turned) >= count - 8, "what is left comes with the next turn"
    field = house.texts.field(house._forms[most].texts[-1].place)
    assert house.texts.isAncestorOf(field)


def test_what_was_asked_of_the_form_before_is_withdrawn_before_the_next_one_is_made(house):
    house._preview()
    job, make, withdrawn = house._job, house._make_field, []

    def note(text):
        withdrawn.append(job.is_cancelled)
        return make(text)

    house._make_field = note
    house.list.setCurrentRow(1)
    assert withdrawn
    assert all(withdrawn), "its answer would look for a line that isn't there yet"


def test_a_wrong_field_is_told_at_its_line_and_can_be_put_right(qtbot, house) -> None:
    field = type_into(house, OWNER, "**{owner_nmae}**")
    qtbot.waitUntil(lambda: "owner_name" in field.note().text)
    assert field.has_error()
    type_into(house, OWNER, "{owner_name}")
    qtbot.waitUntil(lambda: not field.note().text)
    qtbot.waitUntil(lambda: house.preview.page_count() == 1)


def test_saving_a_wrong_text_goes_to_its_form_and_saves_nothing(qtbot, house, store) -> None:
    type_into(house, OWNER, "{nothing}")
    house.list.setCurrentRow(2)
    house.source.setText("QĐ 12")
    house.save()
    assert house.list.currentRow() == 0
    assert house.texts.field(OWNER).has_error()
    assert not any(version.is_own for version in form_versions.versions(store))


def test_a_field_is_inserted_where_the_cursor_stands(qtbot, house) -> None:
    field = type_into(house, LABEL, "Của ")
    house.insert.set_value("hotline")
    house.insert.activated.emit(house.insert.currentIndex())
    assert field.text() == "Của {hotline}"
    assert house.insert.value() == ""


def test_a_form_goes_back_to_what_was_shipped(qtbot, house, store) -> None:
    type_into(house, LABEL, "Người có yêu cầu:")
    house.source.setText("QĐ 12")
    house.save()
    assert house.reset_button.isEnabled()
    house.reset()
    assert house.texts.field(LABEL).text() == "Tiếp nhận hồ sơ của:"
    house.source.setText("QĐ 13")
    house.save()
    newest = form_versions.newest(store, now=NOW)
    assert newest.receipt.lines[1].items[0].label == "Tiếp nhận hồ sơ của:"
    assert not house.reset_button.isEnabled()


def test_a_day_that_cannot_be_read_saves_nothing(qtbot, house, store) -> None:
    type_into(house, LABEL, "X")
    house.valid_from.setText("mai")
    house.source.setText("QĐ 12")
    house.save()
    assert house.valid_from.has_error()
    house.valid_from.setText("22/11/2026")
    house.save()
    assert "từ hôm nay" in house.valid_from.note().text
    assert not any(version.is_own for version in form_versions.versions(store))


def test_closing_with_unsaved_texts_asks_first(qtbot, house) -> None:
    type_into(house, LABEL, "X")
    house.interaction.answers = [False]
    qtbot.keyClick(house, Qt.Key.Key_Escape)
    assert house.isVisible()
    assert "chưa lưu" in house.interaction.asked[0]


def test_enter_goes_on_and_saves_nothing(qtbot, house) -> None:
    field = type_into(house, LABEL, "X")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert house.isVisible()
    assert house.save_button.isEnabled()
    assert not field.hasFocus()


def test_the_page_of_settings_lists_versions_and_opens_the_editor(qtbot, store) -> None:
    page = SettingsPage(settings_calls(store), InstantRunner(), FakeInteraction())
    qtbot.addWidget(page)
    page.resize(1100, 640)
    page.show()
    page.activated(refresh=True)
    page.chips.choose("forms")
    assert page.groups["forms"].model.rowCount() == len(form_versions.versions(store))
    with qtbot.waitSignal(page.forms_edit_requested):
        page.main_action()
    with qtbot.waitSignal(page.forms_edit_requested):
        page.groups["forms"].edit_button.click()
