"""Filters that combine find what a plain loop over all dossiers finds, and come back by name."""

from __future__ import annotations

import html
import re
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pytest
import python_calamine
from counter_desk import NOW, Desk
from hypothesis import given
from hypothesis import strategies as st

from counter_app.domain.dossier import OPEN
from counter_app.domain.list_filter import (
    DUE_WORDS,
    ListFilter,
    filter_line,
    parse_filter_line,
)
from counter_app.domain.vietnamese import fold
from counter_app.errors import InputError, NotFoundError
from counter_app.services import browse, filters, list_files, lookup, settings
from counter_app.storage import dossiers

WEEK = {"late", "today", "tomorrow", "week", "soon"}
LINES = st.builds(
    ListFilter,
    status=st.sampled_from(["", "open", "processing"]),
    due=st.sampled_from(["", *DUE_WORDS]),
    received_from=st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    unit=st.text(max_size=20),
    officer=st.text(max_size=20),
    text=st.text(max_size=20),
)


@pytest.fixture(scope="module")
def week(copies):
    """A week of dossiers in all states, at two units, with two officers."""
    desk = copies()
    for number in range(24):
        desk.set_clock(16 + number // 5)
        code = desk.receive(
            applicant_name=("Trần Thị Bưởi", "Lê Văn Cam", "Võ Mận")[number % 3],
            limit=("1wd", "3wd", "8wd")[number // 3 % 3],
            limit_reason="quyết định",
            channel=("counter", "online")[number % 2],
            phone=f"09051234{number:02d}",
        )
        if number % 4 == 1:
            desk.act("forward", code, to="Tư pháp", officer=("Hoa", "Bình")[number % 3 == 0])
        if number % 4 == 2:
            desk.act("forward", code, to="Địa chính")
        if number % 6 == 5:
            desk.act("supplement", code, reason="thiếu")
        elif number % 8 == 3:
            desk.act("complete", code)
    return desk.set_clock(20, 10)


def holds(desk, state, chosen: ListFilter) -> bool:
    """Tell whether a dossier belongs to a list, by its state alone."""
    facts = lookup.show(desk.store, state["code"], now=desk.now)
    due, today = facts.moment("due_at"), desk.now.date()
    is_open = facts.status in OPEN
    spans = {
        "today": (today, today),
        "tomorrow": (date(2026, 11, 23),) * 2,
        "week": (today, date(2026, 11, 22)),
        "soon": (today + timedelta(days=1), date(2026, 11, 25)),
    }
    if chosen.due in spans:
        first, last = spans[chosen.due]
        if not is_open or due is None or not first <= due.date() <= last:
            return False
    received = facts.moment("received_at").date()
    words = " " + dossiers.search_text(state)
    return all(
        (
            chosen.due != "late" or facts.timeliness == "pending_late",
            chosen.due != "paused" or (is_open and due is None),
            chosen.status in ("", facts.status) or (chosen.status == "open" and is_open),
            chosen.unit in ("", state["resolving_unit"]),
            chosen.officer in ("", state["handling_officer"] or state["reception_officer"]),
            chosen.procedure in ("", state["procedure_code"], state["procedure_name"]),
            chosen.sector in ("", state["sector"]),
            chosen.channel in ("", state["channel"]),
            chosen.received_from is None or received >= chosen.received_from,
            chosen.received_until is None or received <= chosen.received_until,
            chosen.due_from is None or (due is not None and due.date() >= chosen.due_from),
            chosen.due_until is None or (due is not None and due.date() <= chosen.due_until),
            all(f" {word}" in words for word in fold(chosen.text).split()),
        )
    )


CHOICES = {
    "status": ["open", "processing", "awaiting_supplement", "completed"],
    "due": list(DUE_WORDS),
    "due_from": [date(2026, 11, 19)],
    "due_until": [date(2026, 11, 25)],
    "received_from": [date(2026, 11, 17)],
    "received_until": [date(2026, 11, 18)],
    "unit": ["Tư pháp", "không có"],
    "officer": ["Hoa", "Lê Thị A"],
    "procedure": ["1.004873"],
    "sector": ["Hộ tịch"],
    "channel": ["online"],
    "text": ["tran buoi", "1234"],
}


@pytest.mark.parametrize("pair", list(combinations(CHOICES, 2)), ids="-".join)
def test_conditions_hold_together(week, pair):
    states = [state for _, _, state in dossiers.all_states(week.store)]
    for first in CHOICES[pair[0]]:
        for second in CHOICES[pair[1]]:
            chosen = replace(ListFilter(), **{pair[0]: first, pair[1]: second})
            ids = filters.ids_of(week.store, chosen, now=week.now)
            found = {row.code for row in browse.rows_of(week.store, ids)}
            assert len(ids) == len(found)
            assert found == {s["code"] for s in states if holds(week, s, chosen)}, chosen


def test_nothing_chosen_shows_all_newest_first_and_due_ones_by_their_due_moment(week):
    rows = browse.rows_of(week.store, filters.ids_of(week.store, ListFilter(), now=week.now))
    assert [row.received_at for row in rows] == sorted((r.received_at for r in rows), reverse=True)
    assert len(rows) == 24
    due = browse.rows_of(week.store, filters.ids_of(week.store, ListFilter(due="week"), now=NOW))
    assert [row.due_at for row in due] == sorted(row.due_at for row in due)


def test_a_running_filter_can_be_stopped(week):
    def stop(_done, _total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        filters.ids_of(week.store, ListFilter(), now=week.now, progress=stop)


@given(LINES)
def test_a_filter_comes_back_from_its_line(chosen):
    assert parse_filter_line(filter_line("Sáng thứ Hai", chosen)) == ("Sáng thứ Hai", chosen)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "không có gì",
        'a | {"status": "nowhere"}',
        'a | {"color": "red"}',
        'a | {"status": 1}',
        ' | {"status": "open"}',
        "a | []",
        "a | x",
    ],
)
def test_a_line_that_is_no_filter_is_refused(line):
    with pytest.raises(ValueError, match=r".*") as told:
        parse_filter_line(line)
    assert issubclass(told.type, ValueError)


def test_filters_are_saved_replaced_and_forgotten_by_name(desk: Desk):
    def save(name, chosen):
        filters.save_filter(desk.store, name, chosen, now=NOW)

    save("Tư pháp", ListFilter(unit="Tư pháp", status="open"))
    save("Trễ", ListFilter(due="late"))
    save("Tư pháp", ListFilter(unit="Tư pháp; Hộ tịch & khác"))
    assert filters.saved_filters(desk.store) == {
        "Tư pháp": ListFilter(unit="Tư pháp; Hộ tịch & khác"),
        "Trễ": ListFilter(due="late"),
    }
    text = "; ".join(settings.get_setting(desk.store, "saved_filters"))
    settings.set_setting(desk.store, key="saved_filters", value=text)
    assert len(filters.saved_filters(desk.store)) == 2
    filters.forget_filter(desk.store, "Trễ")
    assert list(filters.saved_filters(desk.store)) == ["Tư pháp"]
    with pytest.raises(NotFoundError, match="Trễ"):
        filters.saved_filter(desk.store, "Trễ")


@pytest.mark.parametrize(
    ("name", "chosen", "told"),
    [
        ("", ListFilter(due="late"), "Tên bộ lọc"),
        ("a|b", ListFilter(due="late"), "Tên bộ lọc"),
        ("a", ListFilter(), "chưa có điều kiện"),
        ("a", ListFilter(status="nowhere"), "trạng thái"),
        ("a", ListFilter(due="yesterday"), "mốc hạn"),
        (
            "a",
            ListFilter(due_from=date(2026, 2, 1), due_until=date(2026, 1, 1)),
            "đứng sau",
        ),
    ],
)
def test_what_makes_no_filter_is_not_saved(desk, name, chosen, told):
    with pytest.raises(InputError, match=told):
        filters.save_filter(desk.store, name, chosen, now=NOW)
    assert filters.saved_filters(desk.store) == {}


def test_a_filter_says_itself_in_words():
    chosen = ListFilter(
        status="open",
        due="late",
        received_from=date(2026, 11, 2),
        due_until=date(2026, 11, 20),
        unit="Tư pháp",
        channel="online",
        text="anh",
    )
    assert chosen.words == (
        "đang giải quyết; quá hạn; nhận từ 02/11/2026; hẹn trả đến 20/11/2026; Tư pháp; "
        "Trực tuyến; có “anh”"
    )
    one = date(2026, 11, 2)
    assert ListFilter(received_from=one, received_until=one).words == "nhận ngày 02/11/2026"


@pytest.mark.parametrize("kind", list_files.KINDS)
def test_what_a_list_shows_is_written_in_its_order(week, tmp_path, kind):
    ids = filters.ids_of(week.store, ListFilter(status="open"), now=week.now)
    target = tmp_path / f"list{kind}"
    count = list_files.write_list(week.store, ids, target, words="tuần này", now=week.now)
    assert count == len(ids) > 2
    assert target.stat().st_size > 500


def test_a_list_on_paper_names_every_dossier_and_what_it_is(week, tmp_path):
    import pypdfium2

    ids = filters.ids_of(week.store, ListFilter(), now=week.now)
    told = []
    data = list_files.list_pdf(
        week.store, ids, words="mọi hồ sơ", now=week.now, progress=lambda *n: told.append(n)
    )
    document = pypdfium2.PdfDocument(data)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    flat = "".join(text.split())
    rows = browse.rows_of(week.store, ids)
    assert all(row.code in flat for row in rows)
    assert "mọi hồ sơ" in text
    assert "24 hồ sơ" in text
    assert told[-1] == (24, 24)
    document.close()


def test_a_workbook_says_by_which_conditions_its_rows_were_found(week, tmp_path):
    chosen = ListFilter(status="open", text="lê & trần " * 30)
    ids = filters.ids_of(week.store, ListFilter(status="open"), now=week.now)
    target = tmp_path / "list.xlsx"
    list_files.write_list(week.store, ids, target, words=chosen.words, now=week.now)
    book = python_calamine.CalamineWorkbook.from_path(target)
    about = dict(book.get_sheet_by_name("Điều kiện").to_python())
    assert about["Điều kiện"] == chosen.words
    assert about["Số hồ sơ"] == str(len(ids))
    assert about["Lập lúc"].endswith(f"{week.now:%d/%m/%Y}")
    with zipfile.ZipFile(target) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
    assert re.search(r'<row r="1"[^>]* ht="30"', sheet)  # headings of two lines
    header = re.search("<oddHeader>(.*)</oddHeader>", sheet)
    assert "Điều kiện: đang giải quyết; có “lê &amp;&amp; trần" in header[1]
    assert len(html.unescape(header[1])) <= 255
    # Rows alone are on the first sheet, as import reads them.
    assert len(book.get_sheet_by_index(0).to_python()) == len(ids) + 1


def test_a_list_on_paper_says_its_conditions(week):
    import pypdfium2

    chosen = ListFilter(status="open", sector="Hộ tịch")
    data = list_files.list_pdf(week.store, [], words=chosen.words, now=week.now)
    document = pypdfium2.PdfDocument(data)
    assert "Điều kiện: đang giải quyết; Hộ tịch." in document[0].get_textpage().get_text_range()
    document.close()


def test_too_long_a_list_is_no_paper(week, monkeypatch):
    monkeypatch.setattr(list_files, "MOST_ON_PAPER", 5)
    with pytest.raises(InputError, match="lưu Excel"):
        list_files.list_pdf(week.store, list(range(6)), now=week.now)


def test_another_kind_of_file_is_refused(week, tmp_path):
    with pytest.raises(InputError, match=r"\.pdf"):
        list_files.write_list(week.store, [], tmp_path / "a.doc", now=week.now)
    assert list(tmp_path.iterdir()) == []
