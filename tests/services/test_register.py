"""The yearly register gives numbers once, in order, without gaps; the board lists by sector."""

from __future__ import annotations

import pypdfium2
import pytest
from counter_desk import CLERK

from counter_app.errors import InputError, NotFoundError
from counter_app.services import posting, register


def numbers(desk, book=""):
    rows = desk.store.rows(
        "SELECT r.number, d.code FROM registerentry r JOIN dossier d ON d.id = r.dossier_id "
        "WHERE r.book = ? ORDER BY r.number",
        (book,),
    )
    return [tuple(row) for row in rows]


def words(content):
    document = pypdfium2.PdfDocument(content)
    text = [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
    document.close()
    return text


def test_numbers_run_on_and_a_dossier_recorded_later_never_moves_them(desk):
    first, second = desk.receive(), desk.wait(minutes=5).receive(applicant_name="Hồ Thị Ly")
    assert register.number_register(desk.store, year=2026, now=desk.now) == 2
    late = desk.wait(days=1).receive(
        received_at=desk.now.replace(day=20), received_reason="mất điện"
    )
    third = desk.receive(applicant_name="Trần Đức")
    assert register.number_register(desk.store, year=2026, now=desk.now) == 4
    assert numbers(desk) == [(1, first), (2, second), (3, late), (4, third)]
    assert register.number_register(desk.store, year=2026, now=desk.now) == 4


def test_a_sector_s_book_has_numbers_of_its_own(desk):
    desk.receive(procedure_code="2.000815")
    code = desk.receive()
    sector = desk.state(code)["sector"]
    assert register.number_register(desk.store, year=2026, sector=sector, now=desk.now) == 1
    assert numbers(desk, sector) == [(1, code)]
    assert numbers(desk) == []


def test_a_printed_register_tells_each_dossier_s_end(desk):
    returned, refused, void = desk.receive(), desk.receive(), desk.receive()
    desk.act("complete", returned)
    desk.act("return", returned, collected_by="Hồ Thị Ly")
    desk.act("refuse", refused, reason="không đủ điều kiện")
    desk.act("undo", void, reason="nhầm")
    pages = words(register.register_pdf(desk.store, year=2026, now=desk.now))
    table = pages[2]
    assert "Hồ Thị Ly" in table
    assert "Từ chối" in table
    assert "Đã hoàn tác" in table
    assert "Đến ngày 23 tháng 11 năm 2026 đã ghi 03 hồ sơ" in pages[-1]


def test_a_full_volume_is_closed_and_the_next_goes_on(desk, monkeypatch):
    monkeypatch.setattr(register, "VOLUME_ROWS", 2)
    for _ in range(3):
        desk.receive()
    heard = []
    register.register_pdf(
        desk.store,
        year=2026,
        now=desk.now,
        progress=lambda done, total: heard.append((done, total)),
    )
    assert heard == [(1, 2), (2, 2)]
    first = words(register.register_pdf(desk.store, year=2026, volume=1, now=desk.now))
    second = words(register.register_pdf(desk.store, year=2026, volume=2, now=desk.now))
    assert "từ số thứ tự 01 đến số thứ tự 02" in first[-1]
    assert "khóa ngày" in first[-1]
    assert "từ số thứ tự 03 đến số thứ tự 03" in second[-1]
    with pytest.raises(InputError, match="có 2 quyển, không có quyển 3"):
        register.register_pdf(desk.store, year=2026, volume=3, now=desk.now)


@pytest.mark.parametrize("year", [1999, 2027])
def test_a_year_without_a_register_is_refused(desk, year):
    with pytest.raises(InputError, match=f"năm {year}"):
        register.register_pdf(desk.store, year=year, now=desk.now)


def test_a_number_that_was_given_is_never_changed_or_taken_away(desk):
    desk.receive()
    register.number_register(desk.store, year=2026, now=desk.now)
    for sql in ("UPDATE registerentry SET number = 9", "DELETE FROM registerentry"):
        with pytest.raises(Exception, match="only added"), desk.store.transaction():
            desk.store.execute(sql)
    assert len(numbers(desk)) == 1


def test_the_notice_board_lists_a_sector_or_all_and_one_procedure_in_full(desk):
    (*_, last) = words(posting.posting_pdf(desk.store, sector="hộ tịch", now=desk.now))
    assert "Lĩnh vực" in words(posting.posting_pdf(desk.store, sector="hộ tịch", now=desk.now))[0]
    assert "Giờ làm việc: thứ Hai đến thứ Sáu 07:30-11:30, 13:30-17:00" in last
    every = " ".join(words(posting.posting_pdf(desk.store, now=desk.now)))
    assert every.count("Lĩnh vực:") > 1
    (sheet,) = words(posting.procedure_pdf(desk.store, "1.004873", now=desk.now))
    assert "Cấp Giấy xác nhận tình trạng hôn nhân" in sheet
    assert "3 ngày làm việc" in sheet
    with pytest.raises(NotFoundError, match="Không có thủ tục nào thuộc lĩnh vực “xe”"):
        posting.posting_pdf(desk.store, sector="xe", now=desk.now)
    assert CLERK not in sheet


def test_a_gap_in_the_register_is_named_by_the_check(desk):
    for _ in range(3):
        desk.receive()
    register.number_register(desk.store, year=2026, now=desk.now)
    assert desk.problems() == []
    with desk.store.transaction():
        desk.store.execute("DROP TRIGGER registerentry_is_never_removed")
        desk.store.execute("DELETE FROM registerentry WHERE number = 2")
    (problem,) = desk.problems()
    assert "không liên tục" in problem
    assert "năm 2026" in problem
