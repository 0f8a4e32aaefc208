"""The catalogue's editor: a new dated version, a new procedure, one that ends, and the way back."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from PySide6.QtCore import Qt

from counter_app.domain.catalogue import Procedure
from counter_app.domain.facts import ReceiveRequest
from counter_app.errors import NotFoundError
from counter_app.services import catalogue, lookup, reception
from counter_app.ui.catalogue_form import CatalogueForm, catalogue_calls
from counter_app.ui.catalogue_group import CatalogueGroup, procedure_calls
from counter_app.ui.settings_page import SettingsPage, settings_calls
from tests.ui.dossier_fakes import InstantRunner
from tests.ui.fakes import FakeInteraction

NOW = datetime(2026, 11, 23, 9, 12)
TODAY, TOMORROW = NOW.date(), date(2026, 11, 24)
CODE = "1.004873"
DECISION = "1234/QĐ-UBND"


@pytest.fixture
def group(qtbot, store):
    def clock():
        return NOW

    talk = FakeInteraction()
    files = CatalogueForm(catalogue_calls(store, clock=clock), InstantRunner(), talk)
    group = CatalogueGroup(procedure_calls(store, clock=clock), files, talk)
    page = SettingsPage(
        settings_calls(store), InstantRunner(), FakeInteraction(), catalogue=lambda: group
    )
    page.opened_with("catalogue")
    group.page = page
    qtbot.addWidget(page)
    page.resize(1190, 690)
    page.show()
    yield group
    if group.dialog is not None:
        group.dialog.close()  # a window that is left open would take the scans of other tests


def choose(group, text=CODE):
    group.search.setText(text)
    group.search.textEdited.emit(text)
    group.table.setCurrentIndex(group.model.index(0, 0))


def opened(group, text=CODE):
    choose(group, text)
    group.page.main_action()
    return group.dialog


def present(store, code=CODE, on=TODAY):
    return catalogue.procedure(store, code, on=on)


def test_a_search_finds_by_code_by_name_and_by_other_names(group):
    for text in ("1.004873", "doc than", "tinh trang hon nhan"):
        group.search.setText(text)
        group.search.textEdited.emit(text)
        assert group.model.index(0, 0).data() == CODE
    group.search.setText("")
    group.search.textEdited.emit("")
    assert group.model.rowCount() > 20


def test_a_fee_from_a_coming_day_is_announced_in_the_list_and_can_be_taken_back(group, store):
    dialog = opened(group, "2.000635")
    dialog.fee.setText("9999999999")
    dialog.save()
    assert "dưới một tỷ" in dialog.fee.note().text
    dialog.fee.setText("10.000")
    dialog.valid_from.set_parsed(TOMORROW)
    dialog.save()
    state = group.model.index(0, group.model.columnCount() - 1)
    assert state.data() == "đổi từ 24/11/2026"
    assert present(store, "2.000635").fee.amount == 8_000
    assert present(store, "2.000635", TOMORROW).fee.amount == 10_000
    group.page.take_back()
    assert "đổi từ" not in state.data()


def test_an_edit_is_a_new_dated_version_and_the_old_one_stays(group, store):
    before = present(store)
    dialog = opened(group)
    dialog.amount.setText("5")
    dialog.fee.setText("15.000")
    dialog.per.setText("bản")
    dialog.documents.setPlainText("Tờ khai | 1/0 | mẫu\nThẻ căn cước | 1/0 | xuất trình | nếu có")
    dialog.decision.setText(DECISION)
    dialog.state.set_value(True)
    dialog.valid_from.set_parsed(TOMORROW)
    dialog.amount.tidy_now()
    assert "Thời hạn: 3wd → 5wd" in dialog.changes.text()
    dialog.save()
    assert present(store) == before
    after = present(store, on=TOMORROW)
    assert (after.limit, after.fee.describe(), after.confirmed) == ("5wd", "15.000 đ/bản", True)
    assert (after.source, after.aliases, after.extension) == (
        DECISION,
        before.aliases,
        before.extension,
    )
    assert [d.kind for d in after.required_documents] == ["form", "present"]


def test_an_edit_is_taken_back_whole(group, store):
    before = catalogue.all_versions(store)
    dialog = opened(group)
    dialog.amount.setText("5")
    dialog.decision.setText(DECISION)
    dialog.save()
    assert catalogue.all_versions(store) != before
    group.page.take_back()
    assert sorted(map(repr, catalogue.all_versions(store))) == sorted(map(repr, before))


def test_open_dossiers_are_counted_and_keep_their_limit(group, store):
    request = ReceiveRequest(procedure_code=CODE, applicant_name="Nguyễn Văn A", by="B")
    code = reception.receive_dossier(store, request, now=NOW, issue_receipt=False).code
    due = lookup.show(store, code, now=NOW).moment("due_at")
    dialog = opened(group)
    dialog.amount.setText("9")
    dialog.amount.tidy_now()
    assert "1 hồ sơ đang giải quyết giữ nguyên" in dialog.changes.text()
    dialog.decision.setText(DECISION)
    dialog.save()
    assert lookup.show(store, code, now=NOW).moment("due_at") == due


def test_a_new_procedure_can_be_received_at_once(group, store):
    group.add_button.click()
    dialog = group.dialog
    dialog.code.setText("9.000001")
    dialog.name.setText("Cấp giấy của xã")
    dialog.unit_of_limit.set_value("0wd")
    dialog.state.set_value(True)
    dialog.decision.setText(DECISION)
    dialog.save()
    found = present(store, "9.000001")
    assert (found.limit, found.confirmed, found.unconfirmed) == ("0wd", True, ("fee",))
    group.page.take_back()
    with pytest.raises(NotFoundError):
        present(store, "9.000001")


def test_a_known_code_is_not_written_over_by_adding(group, store):
    before = present(store)
    group.add()
    dialog = group.dialog
    dialog.code.setText(CODE)
    dialog.name.setText("Tên khác")
    dialog.save()
    assert "đã có trong danh mục" in dialog.code.note().text
    assert dialog.isVisible()
    assert present(store) == before


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("name", "", "Gõ tên thủ tục"),
        ("amount", "", "Gõ thời hạn"),
        ("amount", "ba", "từ 1 đến 9.999"),
        ("fee", "mười nghìn", "số tiền đồng"),
        ("decision", "", "Gõ số quyết định"),
        ("valid_from", "31/02/2026", "Không có ngày"),
    ],
)
def test_what_can_t_be_saved_is_said_at_its_field(group, store, field, text, words):
    before = catalogue.all_versions(store)
    dialog = opened(group)
    dialog.decision.setText(DECISION)
    dialog.state.set_value(True)
    getattr(dialog, field).setText(text)
    dialog.save()
    assert words in getattr(dialog, field).note().text
    assert catalogue.all_versions(store) == before


def test_a_paper_s_line_that_can_t_be_read_is_said(group, store):
    dialog = opened(group)
    dialog.documents.setPlainText("Tờ khai | nhiều")
    dialog.save()
    assert "Dòng 1" in dialog.documents.note().text
    assert dialog.isVisible()


def test_a_procedure_ends_on_its_last_day(group, store):
    choose(group)
    group._interaction.answers = ["30/11"]
    group.retire_button.click()
    assert present(store, on=date(2026, 11, 30)).code == CODE
    with pytest.raises(NotFoundError):
        present(store, on=date(2026, 12, 1))
    group.page.take_back()
    assert isinstance(present(store, on=date(2026, 12, 1)), Procedure)


def test_a_last_day_before_the_first_is_refused(group, store):
    choose(group)
    group._interaction.answers = ["01/01/2001"]
    group.retire()
    assert "không thể trước ngày ấy" in group._interaction.informed[0]


def test_nothing_chosen_greys_the_acts_and_says_why(group):
    assert not group.edit_button.isEnabled()
    assert group.edit_button.toolTip() == "Chọn một thủ tục trong danh sách."


def test_the_files_stand_behind_a_button_and_f9_follows(group, qtbot, tmp_path):
    group.files_button.click()
    assert group.files.isVisible()
    group.page.main_action()  # no file chosen: nothing opens
    assert group.dialog is None
    qtbot.keyClick(group.back_button, Qt.Key.Key_Return)
    assert group.table.isVisible()


def test_a_pinned_procedure_comes_first_at_this_desk_and_the_pin_is_taken_back(group, store):
    request = ReceiveRequest(procedure_code="1.001193", applicant_name="Nguyễn Văn A", by="B")
    reception.receive_dossier(store, request, now=NOW, issue_receipt=False)
    choose(group)
    group.pin_button.click()
    assert [one.code for one in catalogue.match(store, "", on=TODAY)] == [CODE, "1.001193"]
    assert group.model.index(0, 1).data() == "ghim"
    assert group.pin_button.verb() == "Bỏ ghim"
    group.page.take_back()
    assert [one.code for one in catalogue.match(store, " ", on=TODAY)] == ["1.001193"]
