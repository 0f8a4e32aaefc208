"""The catalogue's files in the settings: tried out first, taken in by F9, written out by ending."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from counter_app.services import catalogue
from counter_app.ui.catalogue_form import CatalogueForm, catalogue_calls
from counter_app.ui.settings_page import SettingsPage, settings_calls
from tests.ui.dossier_fakes import InstantRunner
from tests.ui.fakes import FakeInteraction

NOW = datetime(2026, 11, 23, 9, 12)


@pytest.fixture
def form(qtbot, store):
    form = CatalogueForm(
        catalogue_calls(store, clock=lambda: NOW), InstantRunner(), FakeInteraction()
    )
    page = SettingsPage(
        settings_calls(store), InstantRunner(), FakeInteraction(), catalogue=lambda: form
    )
    page.opened_with("catalogue")
    form.page = page
    qtbot.addWidget(page)
    page.resize(1190, 690)
    page.show()
    return form


def file_of(tmp_path, *entries):
    path = tmp_path / "danh-muc.json"
    path.write_text(json.dumps(entries), "utf-8")
    return path


NEW = {"code": "9.000001", "name": "Thủ tục mới", "limit": "1wd"}


def test_a_chosen_file_is_only_tried_out_until_f9(form, store, tmp_path):
    assert not form.take_button.isEnabled()
    form._interaction.answers = [file_of(tmp_path, NEW)]
    form.choose_button.click()
    assert form.model.rowCount() == 1
    assert form.model.index(0, 2).data() == "thủ tục mới"
    before = len(catalogue.all_versions(store))
    form.page.main_action()
    assert len(catalogue.all_versions(store)) == before + 1
    assert "1 thay đổi" in form.message.text()
    assert not form.take_button.isEnabled()


def test_writing_over_a_version_is_warned_of(form, store, tmp_path):
    known = catalogue.to_dict(catalogue.procedure(store, "1.004873", on=NOW.date()))
    form._interaction.answers = [file_of(tmp_path, {**known, "limit": "2wd"})]
    form.choose()
    assert "1 mục sửa đè" in form.message.text()
    assert "Thời hạn: 3wd → 2wd" in form.model.index(0, 5).data()


def test_a_file_that_changes_nothing_or_can_t_be_read_can_t_be_taken_in(form, store, tmp_path):
    known = catalogue.to_dict(catalogue.procedure(store, "1.004873", on=NOW.date()))
    form._interaction.answers = [file_of(tmp_path, known)]
    form.choose()
    assert form.take_button.toolTip() == "Tệp này không thay đổi gì."
    form._interaction.answers = [file_of(tmp_path, *[{"code": "x"}] * 5)]
    form.choose()
    assert "và 2 lỗi khác" in form.message.text()
    assert not form.take_button.isEnabled()
    form.take_in()
    assert catalogue.procedure(store, "1.004873", on=NOW.date()).limit == "3wd"


def test_the_catalogue_goes_out_by_the_ending_of_the_name(form, tmp_path):
    path = tmp_path / "ra.csv"
    form._interaction.answers = [path]
    form.export_button.click()
    assert path.read_bytes().startswith(b"\xef\xbb\xbfcode,")
    form._interaction.answers = [tmp_path / "ra.doc"]
    form.export_button.click()
    assert ".csv, .xlsx hoặc .json" in form.message.text()
    assert form.choose_button.isEnabled()
