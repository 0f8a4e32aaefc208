from __future__ import annotations

import importlib.util
import re
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtWidgets import QLineEdit, QMessageBox

from counter_app.domain import (
    calendar_changes,
    catalogue_changes,
    contacts,
    dossier,
    history,
    list_filter,
    outage,
    periods,
    print_profiles,
    report_words,
    rights,
)
from counter_app.domain.fees import FeeStanding
from counter_app.domain.limits import parse_limit
from counter_app.domain.words import weekday_name, weekday_short
from counter_app.services import lookup
from counter_app.services.rights import beyond_role
from counter_app.ui.translation import (
    TableTranslator,
    in_window,
    install_translators,
    limit_in_window,
    load_table,
    reason_in_window,
    short_weekday,
    weekday,
    whole_day,
)

ROOT = Path(__file__).resolve().parents[2]
LETTERS = re.compile(r"[À-ỹĐđ]")


def load_script():
    spec = importlib.util.spec_from_file_location(
        "collect_texts", ROOT / "build_spec" / "collect_texts.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def vietnamese(qapp):
    locale = QLocale()
    translator = install_translators(qapp)
    yield translator
    qapp.removeTranslator(translator)
    QLocale.setDefault(locale)


def test_every_text_of_the_window_has_english_beside_it():
    assert load_script().missing_texts() == []


def test_every_word_of_the_domain_that_lists_show_has_english_beside_it():
    week = [date(2026, 11, 23 + n) for n in range(7)]
    shown = [
        *(name(day) for day in week for name in (weekday_name, weekday_short)),
        *(text[:1].upper() + text[1:] for text in list_filter.DUE_WORDS.values()),
        *(preset.label for preset in periods.presets(date(2026, 11, 23), statistics_day=15)),
    ]
    for labels in (
        calendar_changes.FATE_LABELS,
        calendar_changes.KIND_LABELS,
        catalogue_changes.FIELD_LABELS,
        catalogue_changes.KIND_LABELS,
        contacts.OUTCOME_LABELS,
        dossier.CHANNEL_LABELS,
        dossier.MOVE_LABELS,
        dossier.STATUS_LABELS,
        outage.STATE_LABELS,
        print_profiles.GROUP_LABELS,
        report_words.FIGURE_LABELS,
        rights.ACT_LABELS,
        rights.ROLE_LABELS,
    ):
        shown += labels.values()
    table = load_table("counter_app_en.json")
    assert [word for word in shown if word not in table] == []


def test_a_list_says_states_and_days_in_the_window_s_language_and_papers_stay_vietnamese(qapp):
    locale = QLocale()
    translator = install_translators(qapp, language="en")
    try:
        monday = date(2026, 11, 23)
        assert (weekday(monday), short_weekday(monday)) == ("Monday", "Mon")
        assert in_window(dossier.STATUS_LABELS[dossier.Status.COMPLETED]) == "Result is here"
        assert whole_day(monday) == "Monday, 23/11/2026"
        assert limit_in_window(parse_limit("15wd")) == "15 working days"
        assert limit_in_window(parse_limit("0wd")) == "the same day"
        assert weekday_name(monday) == "Thứ Hai"
    finally:
        qapp.removeTranslator(translator)
        QLocale.setDefault(locale)
    assert whole_day(monday) == "Thứ Hai, ngày 23 tháng 11 năm 2026"
    assert limit_in_window(parse_limit("15wd")) == "15 ngày làm việc"


def reasons():
    """Every reason for which an act may be greyed: of each state, each rule and each role."""
    state = history.new_state() | {"steps": [{"done_at": 1}], "opinions": []}
    ended = {"accepted_at": 1, "reschedules": 1, "legal_due_at": 1, "official_code": "H1",
             "returned_at": 1, "survey": {}}  # fmt: skip
    found = {lookup.why_not(state | {"is_void": True}, dossier.Move.PRINT)}
    for status in dossier.Status:
        for more in ({}, ended, {"competent_unit": "Sở Tư pháp"} | ended, {"steps": None}):
            found |= {
                lookup.why_not(state | more | {"status": status}, move) for move in dossier.Move
            }
    desk = SimpleNamespace(user="A", cache={})
    for role in rights.Role:
        desk.cache["roles"] = {"A": role}
        found |= {beyond_role(desk, act) for act in rights.RIGHTS}
    return found - {""}


def test_every_reason_of_a_greyed_act_is_said_in_the_window_s_language(qapp):
    why = reasons()
    assert {"đã có phiếu đánh giá", "đã trả", "không phải thủ tục liên thông"} <= why
    assert {reason_in_window(one) for one in why} == why
    locale = QLocale()
    translator = install_translators(qapp, language="en")
    try:
        assert [one for one in why if LETTERS.search(reason_in_window(one))] == []
        only = reason_in_window("chỉ làm được khi: đã tiếp nhận, đang xử lý")
        assert only == "only while: received, being processed"
    finally:
        qapp.removeTranslator(translator)
        QLocale.setDefault(locale)


def test_how_a_dossier_stands_with_its_fee_is_said_in_the_window_s_language(qapp):
    standing = FeeStanding("2.000 đ/trang", 21000, 5, 3, 0, "", "", "")
    every = (
        standing,
        standing._replace(paid=20000, receipt_number="0012"),
        standing._replace(paid=21000),
        standing._replace(due=None),
        standing._replace(due=0),
        standing._replace(pages=0),
        standing._replace(exempt_reason="A"),
        standing._replace(exempt_reason="A", exempt_proof="B"),
    )
    locale = QLocale()
    translator = install_translators(qapp, language="en")
    try:
        said = [one.told(in_window) for one in every]
    finally:
        qapp.removeTranslator(translator)
        QLocale.setDefault(locale)
    paid = "Paid 20.000\xa0đ, official receipt 0012, 1.000\xa0đ still owed"
    assert said[:2] == ["Not paid yet: 21.000\xa0đ (3 copies of 5 pages)", paid]
    own = [re.sub(r"đ(/trang)?", "", text) for text in said]
    assert [text for text in own if LETTERS.search(text)] == []
    assert [one.told(in_window) for one in every] == [one.words for one in every]


def test_the_collector_finds_every_way_a_text_is_handed_over():
    found = load_script().texts_of(
        'self.tr("một"); _tr("hai" "ba"); translate("ctx", "bốn")\n'
        'self.tr("năm" if x else "sáu"); other("bảy")'
    )
    assert found == {"một", "haiba", "bốn", "năm", "sáu"}


def test_placeholders_are_the_same_in_both_languages():
    for source, english in load_table("counter_app_en.json").items():
        assert sorted(re.findall(r"{\w+}", source)) == sorted(re.findall(r"{\w+}", english)), source


def test_no_english_translation_is_vietnamese():
    for source, english in load_table("counter_app_en.json").items():
        if source != english:
            assert not LETTERS.search(english), english


def test_qts_own_placeholders_are_kept():
    for source, text in load_table("qt_vi.json").items():
        assert sorted(re.findall(r"%\d", source)) == sorted(re.findall(r"%\d", text)), source


def test_standard_buttons_speak_vietnamese(vietnamese, qtbot):
    box = QMessageBox()
    qtbot.addWidget(box)
    buttons = QMessageBox.StandardButton
    box.setStandardButtons(buttons.Yes | buttons.No | buttons.Cancel | buttons.Save)
    assert {button.text() for button in box.buttons()} == {"Có", "Không", "Thôi", "Lưu"}


def test_the_menu_of_a_field_speaks_vietnamese(vietnamese, qtbot):
    field = QLineEdit()
    qtbot.addWidget(field)
    menu = field.createStandardContextMenu()
    words = {a.text().split("\t")[0] for a in menu.actions() if not a.isSeparator()}
    menu.deleteLater()
    assert words == {"Hoàn tác", "Làm lại", "Cắt", "Chép", "Dán", "Xóa", "Chọn tất cả"}


def test_numbers_are_written_as_in_vietnam(vietnamese):
    assert QLocale().toString(1204) == "1.204"


def test_the_window_can_speak_english(qapp):
    locale = QLocale()
    translator = install_translators(qapp, language="en")
    try:
        assert QCoreApplication.translate("RailButton", "Thu gọn") == "Fold"
    finally:
        qapp.removeTranslator(translator)
        QLocale.setDefault(locale)


def test_an_empty_translation_counts_as_none():
    table = TableTranslator({"a": "", "b": "B"})
    assert table.translate("", "a") is None
    assert table.translate("", "b") == "B"
    assert TableTranslator({}).isEmpty()
