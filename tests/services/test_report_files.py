"""A report ready to hand in: the official table adds up, paper and workbook say the same."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pypdfium2
import pytest

from counter_app.documents import report
from counter_app.domain.figures import Against, By, Figures, Period
from counter_app.domain.report_words import decimal, paragraph, period_name
from counter_app.errors import InputError
from counter_app.services import register, report_files, reports

python_calamine = pytest.importorskip("python_calamine")

PERIOD = Period(date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture
def busy(desk):
    """A month with every kind of end, two of them after the due day."""
    late, refused, stopped, kept, _open = (
        desk.receive(channel="online" if n % 2 else "counter") for n in range(5)
    )
    desk.act("forward", late, to="Phòng Tư pháp", officer="Trần Văn B")
    desk.set_clock(24)
    desk.act("complete", kept)
    desk.set_clock(26)
    desk.act("refuse", refused, reason="không đủ điều kiện")
    desk.set_clock(30)
    desk.act("explain", late, reason="Chờ xác minh", expected=datetime(2026, 12, 2, 17))
    desk.act("stop", stopped, reason="theo đề nghị")
    desk.act("complete", late)
    desk.set_clock(1, month=12)
    return desk


def _material(desk, period=PERIOD):
    return report_files.gather(desk.store, period, against=Against.DUE, now=desk.now)


def test_the_official_columns_add_up_whatever_way_dossiers_ended(busy):
    line = _material(busy).total
    assert line.received == line.online + line.counter_and_post + line.carried_over == 5
    assert line.resolved == line.early + line.on_time + line.late == 4
    assert line.pending == line.pending_in_time + line.pending_late == 1
    assert line.received == line.resolved + line.pending
    # Refused before its due day stands on time, stopped after it and the late one stand late.
    assert (line.early, line.on_time, line.late) == (1, 1, 2)


def test_the_notes_say_where_the_other_ends_went_and_how_days_are_counted(busy):
    notes = " ".join(_material(busy).notes)
    assert "từ chối (1), rút (0) và dừng giải quyết (1)" in notes
    assert "riêng 1 hồ sơ kết thúc sau khi đã quá hạn tính vào cột 10" in notes
    assert "không thể trước hạn" in notes


def test_late_dossiers_are_named_with_delay_officer_reason_and_letter(busy):
    lines = {line.reason: line for line in _material(busy).late}
    assert lines["Chờ xác minh"].delay_days == 3
    assert lines["Chờ xác minh"].officer == "Trần Văn B"
    assert lines["Chờ xác minh"].letter == "chưa phát hành"
    assert dict(_material(busy).causes)["Chờ xác minh"] == 1


def test_the_paragraph_is_written_from_the_figures_with_the_period_before(busy):
    made = reports.make(busy.store, PERIOD, now=busy.now)
    before = made.figures._replace(resolved=1)
    text = paragraph("Trung tâm", made, before)
    assert text.startswith("Trong tháng 11 năm 2026, Trung tâm tiếp nhận 5 hồ sơ")
    assert "quá hạn 1; tỷ lệ trước hạn và đúng hạn đạt 50 %" in text
    assert "Kỳ trước (tháng 10 năm 2026)" in text
    assert "tăng 1 hồ sơ (100 %)" in text


def test_what_is_published_says_nothing_of_a_rate_that_there_is_not(busy):
    made = reports.make(busy.store, PERIOD, now=busy.now)
    one = Figures(carried_over=1, pending_in_time=1)
    text = paragraph("Trung tâm", replace(made, figures=one), one)
    assert "–" not in text
    assert "quá hạn 0. Đang giải quyết" in text
    assert "0 hồ sơ trực tuyến, 0 hồ sơ trực tiếp" in text
    assert text.endswith("giải quyết 0; số hồ sơ đã giải quyết kỳ này bằng kỳ trước.")


def test_the_paper_holds_the_table_the_charts_and_the_lists(busy):
    data = report_files.render(busy.store, ".pdf", _material(busy))
    document = pypdfium2.PdfDocument(data)
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    for words in ("TÌNH HÌNH", "Tổng cộng", "Hồ sơ tiếp nhận theo thứ", "Chờ xác minh"):
        assert words in text


@pytest.mark.parametrize(
    ("period", "told"),
    [
        (PERIOD, "Kỳ báo cáo: tháng 11 năm 2026 (từ ngày 01/11/2026 đến ngày 30/11/2026)"),
        (
            Period(date(2026, 11, 3), date(2026, 12, 5)),
            "Kỳ báo cáo: từ ngày 03/11/2026 đến ngày 05/12/2026",
        ),
        (Period(date(2026, 11, 23), date(2026, 11, 23)), "Kỳ báo cáo: ngày 23/11/2026"),
    ],
)
def test_the_days_of_a_period_stand_once_under_the_title(busy, period, told):
    words = _words(report_files.render(busy.store, ".pdf", _material(busy, period)))[0]
    assert told in " ".join(words.split())
    assert words.count(f"{period.first:%d/%m/%Y}") == 1


def test_the_official_headings_stand_in_levels_with_numbers_and_sums_on_every_page(busy):
    material = _material(busy)
    pages = _words(report.render_report(replace(material, lines=material.lines * 40)))
    headed = [" ".join(text.split()) for text in pages if "Số lượng hồ sơ đã giải quyết" in text]
    assert len(headed) > 1
    for text in headed:
        assert text.count("Tổng số") == 3
        assert "Trực tiếp, dịch vụ bưu chính" in text
        assert "(3) = (4) + (5) + (6)" in text
        assert "(13)" in text


def test_the_official_headings_are_merged_cells_of_the_workbook(busy):
    data = report_files.render(busy.store, ".xlsx", _material(busy))
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
        names = packed.read("xl/workbook.xml").decode()
    merged = set(re.findall(r'mergeCell ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"', sheet))
    # TT and the sectors over three rows; what came in, of it in the period; resolved; pending.
    assert {"A7:A9", "B7:B9", "C7:F7", "D8:E8", "G7:J7", "K7:M7"} <= merged
    assert "'Biểu báo cáo'!$7:$10" in names  # printed on every page
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    rows = book.get_sheet_by_name("Biểu báo cáo").to_python()
    assert rows[9][:4] == ["(1)", "(2)", "(3) = (4) + (5) + (6)", "(4)"]
    assert rows[8][3:5] == ["Trực tuyến", "Trực tiếp, dịch vụ bưu chính"]
    assert rows[10][0] == 1


def _words(data):
    document = pypdfium2.PdfDocument(data)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def test_the_register_of_the_period_is_an_annex_of_paper_and_workbook(busy):
    register.number_register(busy.store, year=2026, now=busy.now)
    material = _material(busy)
    pages = _words(report_files.render(busy.store, ".pdf", material, with_register=True))
    annex = next(text for text in pages if "PHỤ LỤC" in text)
    assert "TRÍCH SỔ THEO DÕI HỒ SƠ" in annex
    assert "tháng 11 năm 2026" in annex
    assert " ".join(annex.split()).count("Sổ năm 2026") == 5
    data = report_files.render(busy.store, ".xlsx", material, with_register=True)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    rows = book.get_sheet_by_name("Sổ theo dõi").to_python()
    assert rows[0][0] == "STT"
    assert [row[0] for row in rows[1:]] == [1, 2, 3, 4, 5]
    assert rows[1][7] == date(2026, 11, 23)
    assert rows[1][10] == "Trực tiếp"


@pytest.mark.parametrize("kind", [".csv", report_files.CHARTS])
def test_what_has_no_annex_reads_no_register(busy, monkeypatch, kind):
    monkeypatch.setattr(report_files, "_annex", lambda *_: pytest.fail("nobody asked for it"))
    assert report_files.render(busy.store, kind, _material(busy), with_register=True)


def test_an_annex_of_many_pages_repeats_its_headings_and_goes_on_with_the_numbers(busy):
    material = _material(busy)
    annex = report_files._annex(busy.store, material)
    rows = list(annex.rows) * 20
    told = []
    data = report.render_report(
        material,
        annex=annex._replace(rows=rows, total=len(rows)),
        progress=lambda done, total: told.append((done, total)),
    )
    every = _words(data)
    pages = [text for text in every if "Ký nhận" in text]
    assert len(pages) > 3
    first = every.index(pages[0])
    assert all(str(first + 1 + n) in text.split() for n, text in enumerate(pages))
    assert (100, 100) in told


def test_a_report_that_nobody_wants_any_more_stops_while_its_pages_are_set(busy):
    class StoppedError(Exception):
        pass

    def stop(_done, _total):
        raise StoppedError

    material = _material(busy)
    annex = report_files._annex(busy.store, material)
    many = annex._replace(rows=list(annex.rows) * 20, total=100)
    with pytest.raises(StoppedError):
        report.render_report(material, annex=many, progress=stop)
    assert report.render_report(material).startswith(b"%PDF-")  # nothing is left locked


def test_notes_and_signatures_stay_together(busy):
    material = _material(busy)
    for count in range(1, 24):
        lines = (material.lines[0],) * count
        pages = _words(report.render_report(replace(material, lines=lines)))
        signed = next(text for text in pages if "THỦ TRƯỞNG" in text)
        assert "Ghi chú" in signed


def test_the_offices_own_indicators_are_numbers_in_the_workbook(busy):
    data = report_files.render(busy.store, ".xlsx", _material(busy))
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    rows = {row[0]: row[1] for row in book.get_sheet_by_name("Số liệu").to_python()}
    assert rows["Hồ sơ mới nộp trực tuyến"] == 40
    assert rows["Phiếu đánh giá hài lòng / phiếu thu về"] == "–"


def test_a_heading_never_stands_without_its_first_row(busy):
    material = _material(busy)
    late = material.late[0]._replace(applicant="Nguyễn Hoàng Thị Phương Anh " * 4)
    for count in range(1, 30):
        causes = tuple((f"nguyên nhân {n}", 1) for n in range(count))
        data = report.render_report(replace(material, causes=causes, late=(late,)))
        page = next(text for text in _words(data) if "Hồ sơ quá hạn" in text)
        assert late.code in "".join(page.split())


def test_a_period_without_dossiers_is_told_in_one_sentence_and_has_its_papers(busy):
    nothing = Period(date(2025, 1, 1), date(2025, 1, 31))
    material = _material(busy, nothing)
    assert material.paragraph.startswith("Trong tháng 1 năm 2025, ")
    assert "không tiếp nhận hồ sơ thủ tục hành chính nào" in material.paragraph
    assert "–" not in material.paragraph
    data = report_files.render(busy.store, ".pdf", material, with_register=True)
    assert "Trong kỳ không tiếp nhận hồ sơ nào." in " ".join(_words(data))
    for kind in (".xlsx", ".csv"):
        assert report_files.render(busy.store, kind, material)


def test_the_workbook_holds_numbers_and_every_dossier(busy):
    data = report_files.render(busy.store, ".xlsx", _material(busy))
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    form = book.get_sheet_by_name("Biểu báo cáo").to_python()
    total = next(row for row in form if row[1] == "Tổng cộng")
    assert total[2:] == [5, 2, 3, 0, 4, 1, 1, 2, 1, 0, 1]
    rows = book.get_sheet_by_name("Hồ sơ").to_python()
    assert len(rows) == 6
    assert isinstance(rows[1][5], datetime)


def test_a_row_of_the_workbook_is_as_high_as_its_longest_text(busy):
    reason = "Chờ cơ quan cư trú trước đây trả lời văn bản xác minh tình trạng hôn nhân"
    material = _material(busy)
    late = [one._replace(reason=reason) for one in material.late]
    data = report_files.render(busy.store, ".xlsx", replace(material, late=late))
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    number = book.sheet_names.index("Quá hạn") + 1
    sheet = zipfile.ZipFile(io.BytesIO(data)).read(f"xl/worksheets/sheet{number}.xml").decode()
    heights = re.findall(r'<row r="\d+"[^>]* ht="([\d.]+)"', sheet)
    assert heights == ["45", *["60"] * len(late)]


def test_csv_has_one_line_a_group_and_the_whole_last(busy):
    split = reports.make(busy.store, PERIOD, by=By.CHANNEL, now=busy.now)
    data = report_files.render(busy.store, ".csv", _material(busy), groups=split)
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["Trực tiếp", "Trực tuyến", "Tổng cộng"]
    assert int(rows[-1][1]) == sum(int(row[1]) for row in rows[1:-1]) == 5


def test_a_report_of_one_day_lists_what_came_in(busy):
    late = busy.receive(
        applicant_name="Phan Văn Sơn",
        received_at=datetime(2026, 11, 25, 9),
        received_reason="mất điện",
    )
    day = Period(date(2026, 11, 25), date(2026, 11, 25))
    material = _material(busy, day)
    assert [line.code for line in material.intake] == [late]
    document = pypdfium2.PdfDocument(report_files.render(busy.store, ".pdf", material))
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    assert "Hồ sơ tiếp nhận trong ngày" in text
    assert "Phan Văn Sơn" in text
    assert _material(busy).intake == ()


def test_no_form_is_made_of_figures_that_do_not_add_up(busy):
    period = Period(date(2026, 11, 25), date(2026, 11, 30))
    busy.store.execute("DELETE FROM standing WHERE ended_at IS NULL AND until_at < 1099511627776")
    with pytest.raises(InputError, match="Chưa lập biểu"):
        _material(busy, period)


def test_another_ending_of_the_name_is_refused_with_what_is_possible():
    with pytest.raises(InputError, match=r"\.xlsx"):
        report_files.check_kind(Path("bao-cao.doc"))


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        (date(2023, 1, 1), date(2023, 9, 30), "9 tháng đầu năm 2023"),
        (date(2024, 1, 1), date(2024, 12, 31), "năm 2024"),
        (date(2024, 2, 1), date(2024, 2, 29), "tháng 2 năm 2024"),
        (date(2024, 2, 5), date(2024, 2, 5), "ngày 05/02/2024"),
        (date(2024, 7, 1), date(2024, 9, 30), "quý III năm 2024"),
        (date(2024, 1, 15), date(2024, 3, 14), "kỳ từ ngày 15/01/2024 đến ngày 14/03/2024"),
    ],
)
def test_a_period_is_named_as_people_name_it(first, last, name):
    assert period_name(Period(first, last)) == name


@pytest.mark.parametrize(("value", "text"), [(99.9, "99,9 %"), (100.0, "100 %"), (None, "–")])
def test_a_rate_is_written_as_in_vietnam(value, text):
    assert decimal(value) == text
