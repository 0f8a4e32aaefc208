"""How the window words a due state, a day and a person."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetrics, QImage, QPainter

from counter_app.domain.days import DayError
from counter_app.domain.dossier import Move
from counter_app.domain.facts import NextAct
from counter_app.domain.moments import to_epoch
from counter_app.ui.day_fields import (
    ComingDayField,
    closing_of,
    parse_coming_day,
    parse_past_moment,
)
from counter_app.ui.dossier_html import facts_html
from counter_app.ui.due_mark import draw_mark
from counter_app.ui.fields import ERROR, HINT
from counter_app.ui.theme import apply_theme, theme
from counter_app.ui.words import due_of_row, group_digits, short_reason, with_year
from tests.ui.dossier_fakes import CALENDAR, NOW, make_facts, make_row

LATE_BEFORE = to_epoch(datetime(2026, 11, 10, 17))


def due(now=NOW, boundary="day", **values):
    row = make_row(**values)
    return due_of_row(row, now=now, days_between=CALENDAR.working_days_between, boundary=boundary)


@pytest.mark.parametrize(
    ("values", "text", "mark"),
    [
        ({"due": datetime(2026, 11, 19, 17)}, "quá hạn 2 ngày", "late"),
        ({"due": datetime(2026, 11, 23, 17)}, "hôm nay", "today"),
        # Tuesday the 24th is a holiday, so Wednesday is one working day away.
        ({"due": datetime(2026, 11, 25, 17)}, "còn 1 ngày", "soon"),
        ({"due": datetime(2026, 11, 30, 17)}, "còn 4 ngày", "ahead"),
        ({"status": "awaiting_supplement", "due": None}, "chờ bổ sung", "paused"),
        ({"status": "awaiting_payment", "due": None}, "chờ nộp tiền", "paused"),
        ({"status": "completed", "timeliness": "on_time"}, "có kết quả", "done"),
        ({"status": "completed", "timeliness": "late"}, "có kết quả, trễ", "done"),
        ({"status": "returned", "timeliness": "late"}, "đã trả, trễ", "closed"),
        ({"status": "withdrawn"}, "đã đóng", "closed"),
        ({"due": None}, "chưa tính hạn", "paused"),
    ],
)
def test_a_due_state_is_a_word_and_a_mark(values, text, mark):
    found = due(**values)
    assert (found.text, found.mark) == (text, mark)


@pytest.mark.parametrize(
    ("birth_date", "told"),
    [("", ("Giới tính", "Nữ")), ("1992", ("Ngày sinh", "1992 · Nữ"))],
)
def test_the_label_says_what_stands_beside_it(qapp, birth_date, told):
    facts = make_facts(make_row(), birth_date=birth_date)
    words = re.sub("<[^>]+>", "|", facts_html(facts))
    assert "|".join(told) in re.sub(r"\|+", "|", words)


def test_each_label_of_the_facts_stands_in_one_line(qapp):
    named = dict.fromkeys(
        ("subject_name", "helped_unit", "received_unit", "competent_unit", "content"), "x"
    )
    facts = make_facts(make_row(), submitter_name="Lê An", submitter_id="045192007778", **named)
    apply_theme(qapp)
    measure, html = QFontMetrics(theme().font()), facts_html(facts)
    cells = re.findall(r'<td width="(\d+)"[^>]*padding:0 (\d+)px[^>]*>([^<]+)</td>', html)
    assert len(cells) > 8
    for width, edge, label in cells:
        assert measure.horizontalAdvance(label) <= int(width) - int(edge), label


def test_an_earlier_lateness_is_never_washed_away_by_a_new_promise():
    assert due(due=datetime(2026, 12, 1, 17), late_due_at=LATE_BEFORE).tone == "danger"
    waiting = due(status="awaiting_supplement", due=None, late_due_at=LATE_BEFORE)
    assert waiting.text == "chờ bổ sung, đã trễ"


def test_the_boundary_by_minute_is_late_in_the_same_day():
    at_noon = {"due": datetime(2026, 11, 23, 11, 30), "now": datetime(2026, 11, 23, 14)}
    assert due(**at_noon).text == "hôm nay"
    assert due(**at_noon, boundary="minute").text == "quá hạn hôm nay"


def test_every_mark_has_a_shape_of_its_own(qapp):
    drawn = set()
    for mark in ("late", "today", "soon", "ahead", "done", "paused", "closed"):
        image = QImage(12, 12, QImage.Format.Format_ARGB32)
        image.fill(0)
        painter = QPainter(image)
        draw_mark(painter, mark, QRectF(1, 1, 10, 10), "#000000")
        painter.end()
        drawn.add(bytes(image.constBits()))
    assert len(drawn) == 7


def test_a_person_stands_with_the_year_of_birth_whatever_is_known():
    assert with_year("Lê An", "1992-12-30") == "Lê An (1992)"
    assert with_year("Lê An", "1992") == "Lê An (1992)"
    assert with_year("Lê An", None) == "Lê An"


def test_numbers_are_read_in_groups():
    assert group_digits("045192007777") == "045 192 007777"
    assert group_digits("0905123456") == "0905 123 456"
    assert group_digits("B1234567") == "B1234567"


def test_a_greyed_act_says_why_in_few_words():
    facts = make_facts(make_row(status="processing"))
    assert short_reason(facts, NextAct(Move.RETURN, "", "chỉ làm được khi: …")) == "chưa có kết quả"
    twice = make_facts(make_row(), reschedules=1)
    again = NextAct(Move.RESCHEDULE, "", "đã hẹn lại một lần")
    assert short_reason(twice, again) == "đã hẹn lại một lần"
    other = NextAct(Move.RETURN, "", "ngoài việc của cán bộ thụ lý; nhờ: …", is_beyond_role=True)
    assert short_reason(facts, other) == "ngoài vai trò"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("01/12", date(2026, 12, 1)),
        ("0112", date(2026, 12, 1)),
        ("5-1", date(2027, 1, 5)),
        ("01122026", date(2026, 12, 1)),
        ("23/11", date(2026, 11, 23)),
    ],
)
def test_a_coming_day_may_be_typed_without_its_year(text, day):
    assert parse_coming_day(text, today=NOW.date()) == day


@pytest.mark.parametrize("text", ["31/11", "mai", "99/99", "1"])
def test_what_is_no_day_is_refused_in_words(text):
    with pytest.raises(DayError):
        parse_coming_day(text, today=NOW.date())


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("08:15", datetime(2026, 11, 23, 8, 15)),
        ("8g15", datetime(2026, 11, 23, 8, 15)),
        ("16:00 20/11", datetime(2026, 11, 20, 16)),
        ("20/11/2026 16:00", datetime(2026, 11, 20, 16)),
    ],
)
def test_a_past_moment_may_be_typed_in_either_order(text, moment):
    assert parse_past_moment(text, now=NOW) == moment


def test_a_moment_without_its_hour_is_refused():
    with pytest.raises(DayError, match="giờ và phút"):
        parse_past_moment("20/11", now=NOW)


def test_the_new_due_moment_is_the_closing_of_that_day():
    assert closing_of(CALENDAR, date(2026, 12, 1)) == datetime(2026, 12, 1, 17)
    assert closing_of(CALENDAR, date(2026, 11, 24)) is None


def test_a_day_field_names_weekday_and_distance_while_typing_and_refuses_days_off(desk, qtbot):
    field = ComingDayField(
        calendar=lambda: CALENDAR, today=NOW.date(), later_than=date(2026, 11, 23)
    )
    desk(field)
    qtbot.keyClicks(field, "01/12")
    assert field.note().tone == HINT
    assert "Thứ Ba 01/12/2026" in field.note().text
    assert "còn 5 ngày làm việc" in field.note().text
    field.setText("24/11")
    assert not field.validate()
    assert field.note().tone == ERROR
    assert "Ngày Văn hóa Việt Nam" in field.note().text
    assert "Thứ Tư 25/11/2026" in field.note().text
    field.setText("23/11")
    assert not field.validate()
