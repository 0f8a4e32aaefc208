"""The parts of the reception page: the dialog of first use, the moment, small words."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from counter_app.domain.catalogue import Fee, LinkedStep, confirm
from counter_app.errors import InputError, InputErrors
from counter_app.ui.confirm_procedure_dialog import ConfirmProcedureDialog, ProcedureAnswer
from counter_app.ui.reception_moment import ReceiptMomentError, parse_receipt_moment
from counter_app.ui.reception_page import ReceptionPage
from counter_app.ui.reception_request import at_form_fields
from counter_app.ui.reception_rows import ClampedLabel
from counter_app.ui.theme import metrics
from tests.ui.fakes import FakeInteraction
from tests.ui.reception_house import BIRTH, LIMITLESS, House

NOW = datetime(2026, 11, 23, 9, 12)
_FURTHER = ("further_from", "further_amount", "cap")
LINKED = replace(
    BIRTH,
    steps=(LinkedStep("Đăng ký khai sinh"), LinkedStep("Đăng ký thường trú")),
    unconfirmed=("fee", "steps"),
)


@pytest.fixture
def open_dialog(qtbot):
    def show(procedure):
        dialog = ConfirmProcedureDialog(procedure)
        qtbot.addWidget(dialog)
        dialog.show()
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        return dialog

    return show


def test_the_dialog_offers_the_catalogues_limit_and_asks_only_what_is_open(open_dialog):
    dialog = open_dialog(BIRTH)
    names = dialog.rows.names()
    assert names == [*("limit", "unit", "fee", "per"), *_FURTHER, "source"]
    assert not any(dialog.rows.is_row_visible(name) for name in _FURTHER)
    assert (dialog.amount.value(), dialog.unit.value()) == ("1", "wd")
    assert dialog.amount.hasFocus()


def test_the_dialog_confirms_with_a_decision(open_dialog):
    dialog = open_dialog(BIRTH)
    dialog.amount.setText("3")
    dialog.fee.setText("8.000")
    dialog.decision.setText("123/QĐ-UBND")
    QTest.keyClick(dialog.decision, Qt.Key.Key_F9)
    assert dialog.result() == QDialog.DialogCode.Accepted
    answer = dialog.answer.confirmation
    assert (answer.decision, answer.limit, answer.fee.amount) == ("123/QĐ-UBND", "3wd", 8000)


def test_a_fee_by_the_page_is_given_whole(open_dialog):
    dialog = open_dialog(BIRTH)
    dialog.fee.setText("2000")
    dialog.tariff.per.set_value("trang")
    assert all(dialog.rows.is_row_visible(name) for name in _FURTHER)
    dialog.tariff.further_from.setText("3")
    dialog.tariff.further_amount.setText("1.000")
    dialog.tariff.cap.setText("200.000")
    dialog.decision.setText("1/NQ-HĐND")
    dialog.confirm()
    fee = dialog.answer.confirmation.fee
    assert fee.describe() == "2.000 đ/trang, từ trang thứ 3: 1.000 đ/trang, tối đa 200.000 đ"
    assert fee.total(5) == 7000


def test_a_fee_of_the_whole_dossier_keeps_no_cap(open_dialog):
    dialog = open_dialog(replace(BIRTH, fee=Fee(2000, "trang", 200_000, (), 3, 1000)))
    dialog.tariff.per.set_value("")
    dialog.decision.setText("1/NQ-HĐND")
    dialog.confirm()
    assert dialog.answer.confirmation.fee == Fee(2000)


def test_a_cap_that_is_no_sum_is_not_taken(open_dialog):
    dialog = open_dialog(BIRTH)
    dialog.fee.setText("2000")
    dialog.tariff.per.set_value("trang")
    dialog.tariff.cap.setText("nhiều")
    dialog.decision.setText("1/NQ-HĐND")
    dialog.confirm()
    assert dialog.answer == ProcedureAnswer()
    assert dialog.tariff.cap.has_error()


def test_the_steps_of_linked_procedures_are_asked_for_and_may_stay_unknown(open_dialog):
    dialog = open_dialog(LINKED)
    first, _second = dialog.steps.fields
    assert first.amount.accessibleName() == "Đăng ký khai sinh"
    first.amount.setText("1")
    dialog.decision.setText("1/QĐ")
    dialog.confirm()
    answer = dialog.answer.confirmation
    assert answer.steps == ("1wd", "")
    half = confirm(LINKED, decision="1/QĐ", valid_from=NOW.date(), steps=answer.steps)
    assert [step.limit for step in half.steps] == ["1wd", ""]
    assert half.to_ask == ("fee", "steps")
    whole = confirm(half, decision="1/QĐ", valid_from=NOW.date(), steps=("1wd", "7wd"))
    assert [step.confirmed for step in whole.steps] == [True, True]
    assert whole.to_ask == ("fee",)


def test_a_fee_that_nobody_knows_yet_keeps_nobody_from_being_served(open_dialog):
    dialog = open_dialog(BIRTH)
    dialog.amount.setText("3")
    dialog.decision.setText("123/QĐ-UBND")
    dialog.confirm()
    assert dialog.answer.confirmation.limit == "3wd"
    assert dialog.answer.confirmation.fee is None


@pytest.mark.parametrize(
    ("amount", "fee", "decision", "lands_at"),
    [
        ("", "0", "1/QĐ", "amount"),
        ("x", "0", "1/QĐ", "amount"),
        ("3", "miễn", "1/QĐ", "fee"),
        ("3", "0", " ", "decision"),
    ],
)
def test_the_dialog_does_not_confirm_half_an_answer(open_dialog, amount, fee, decision, lands_at):
    dialog = open_dialog(BIRTH)
    dialog.amount.setText(amount)
    dialog.fee.setText(fee)
    dialog.decision.setText(decision)
    dialog.confirm()
    assert dialog.isVisible()
    assert dialog.answer == ProcedureAnswer()
    assert getattr(dialog, lands_at).hasFocus()
    assert getattr(dialog, lands_at).has_error()


def test_enter_goes_through_the_dialog_and_confirms_nothing(open_dialog):
    dialog = open_dialog(BIRTH)
    dialog.fee.setText("0")
    dialog.decision.setText("1/QĐ")
    for _ in range(8):
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    assert dialog.isVisible()


def test_later_keeps_the_catalogues_limit(open_dialog):
    dialog = open_dialog(BIRTH)
    QTest.keyClick(dialog.amount, Qt.Key.Key_Escape)
    assert dialog.answer == ProcedureAnswer()


def test_later_with_a_typed_limit_holds_for_this_dossier_only(open_dialog):
    dialog = open_dialog(LIMITLESS)
    dialog.amount.setText("5")
    dialog.reject()
    assert dialog.answer == ProcedureAnswer(limit_once="5wd")


def test_the_same_day_needs_no_number(open_dialog):
    dialog = open_dialog(LIMITLESS)
    dialog.unit.set_value("0wd")
    dialog.decision.setText("1/QĐ")
    dialog.confirm()
    assert dialog.answer.confirmation.limit == "0wd"


def test_a_confirmed_procedure_never_asks_again(qtbot):
    house, asked = House(), []

    def ask(_parent, procedure):
        asked.append(procedure.code)
        dialog = ConfirmProcedureDialog(procedure)
        dialog.fee.setText("0")
        dialog.decision.setText("123/QĐ-UBND")
        dialog.confirm()
        return dialog.answer

    page = ReceptionPage(house.desk(), interaction=FakeInteraction(), ask=ask)
    qtbot.addWidget(page)
    for _ in range(2):
        found = house.procedures[BIRTH.code]
        page.form.set_procedure(found)
        page.form.procedure_chosen.emit(found)
        page.promise.forget()
    assert asked == [BIRTH.code]
    assert house.confirmed[0][1].decision == "123/QĐ-UBND"
    page.form.set_procedure(house.procedures[BIRTH.code])
    page.promise.requote()
    assert page.card.warning_label.text() == ""


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("08:30", datetime(2026, 11, 23, 8, 30)),
        ("8h30", datetime(2026, 11, 23, 8, 30)),
        ("8h", datetime(2026, 11, 23, 8, 0)),
        (" 16:45  20/11/2026 ", datetime(2026, 11, 20, 16, 45)),
        ("09:12", NOW),
    ],
)
def test_a_moment_of_receipt_is_read(text, moment):
    assert parse_receipt_moment(text, now=NOW) == moment


@pytest.mark.parametrize("text", ["", "mai", "25:00", "08:75", "09:13", "08:00 32/11/2026", "8"])
def test_a_moment_that_cannot_be_is_refused_in_a_sentence(text):
    with pytest.raises(ReceiptMomentError) as refused:
        parse_receipt_moment(text, now=NOW)
    assert str(refused.value).endswith((".", "…"))


def test_an_organisations_errors_land_where_its_words_were_typed():
    error = InputErrors(
        [InputError("a", field="applicant_name"), InputError("b", field="submitter_id")]
    )
    named = at_form_fields(error, is_organisation=True)
    assert [e.field for e in named.errors] == ["org_name", "citizen_id"]
    named = at_form_fields(error, is_organisation=False)
    assert [e.field for e in named.errors] == ["applicant_name", "submitter_id"]


def test_a_long_name_is_clamped_and_stands_whole_in_the_tooltip(qtbot):
    label = ClampedLabel(2)
    qtbot.addWidget(label)
    label.resize(300, label.height())
    text = "Chứng thực bản sao từ bản chính giấy tờ, văn bản do cơ quan cấp " * 4
    label.set_full_text(text)
    assert label.text().endswith("…")
    assert label.toolTip() == text
    label.set_full_text("Khai sinh")
    assert label.text() == "Khai sinh"


def test_the_dialog_grows_with_its_words_and_cuts_no_field(open_dialog):
    dialog = open_dialog(BIRTH)
    dialog.amount.clear()
    dialog.decision.clear()
    dialog.confirm()
    QApplication.processEvents()
    for field in (dialog.amount, dialog.fee, dialog.decision):
        assert field.height() >= metrics().field_height
        assert field.geometry().bottom() < field.parentWidget().height()
    assert dialog.height() >= dialog.layout().totalHeightForWidth(dialog.width())
