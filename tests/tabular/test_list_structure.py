import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_app.errors import ListFileError
from counter_app.tabular.list_reading import preview, read_list
from counter_app.tabular.reading import MAX_LINE, read_csv

HEAD = "Mã hồ sơ,Chủ hồ sơ,Ngày giờ tiếp nhận\r\n"


def read(text, **chosen):
    errors = []
    rows = list(read_csv(text.encode(), "utf-8", ",", errors=errors, **chosen))
    return rows, [(error.line, error.message) for error in errors]


def outcome(text):
    reading = read_list(text.encode())
    good = [parsed.line for parsed in reading if parsed.row]
    return good, {error.line: error.message for error in reading.report.errors}


def test_rows_carry_the_line_they_begin_on():
    rows, errors = read('a,b\r\n"1\n2",x\n\r\ny,z\r')
    assert rows == [(1, ["a", "b"]), (2, ["1\n2", "x"]), (5, ["y", "z"])]
    assert not errors


def test_cells_come_in_one_normal_form():
    rows, _ = read("Nguye\u0302\u0303n,\u01a0\u0301\n")
    assert rows == [(1, ["Nguyễn", "Ớ"])]


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ('2,"Trần,23/11/2026', "không được đóng"),
        ('"2" x,Trần,23/11/2026', "phải viết đôi"),
        ("2,Trần\0,23/11/2026", "NUL"),
        ("2,Trần", "2 ô, tiêu đề có 3"),
        ("2,Trần,23/11/2026,thừa", "4 ô, tiêu đề có 3"),
    ],
)
def test_a_broken_row_is_named_and_the_others_go_in(bad, words):
    text = HEAD + f"1,Lê,23/11/2026\n{bad}\n3,Ngô,24/11/2026\n4,Hồ,24/11/2026\n"
    good, errors = outcome(text)
    assert good == [2, 4, 5]
    assert list(errors) == [3]
    assert words in errors[3]


def test_a_broken_row_at_the_end_is_named():
    good, errors = outcome(HEAD + '1,Lê,23/11/2026\n2,"Trần,23/11/2026')
    assert (good, list(errors)) == ([2], [3])


def test_two_quotes_that_swallow_rows_between_them_are_found():
    text = HEAD + '1,"Lê,23/11/2026\n2,Trần,24/11/2026\n3,"Ngô",24/11/2026\n4,Hồ,24/11/2026\n'
    good, errors = outcome(text)
    assert good == [3, 4, 5]
    assert list(errors) == [2]


def test_without_a_list_for_errors_the_first_one_ends_the_reading():
    with pytest.raises(ListFileError, match="Dòng 2"):
        list(read_csv(b'a,b\n"1,2\n', "utf-8", ","))


def test_empty_cells_beyond_the_headings_are_no_matter():
    good, errors = outcome("Mã hồ sơ,Chủ hồ sơ,Ngày giờ tiếp nhận,,\n1,Lê,23/11/2026,,,\n,,,\n")
    assert (good, errors) == ([2], {})


class EndlessLine(io.RawIOBase):
    """A file of one line without end; it counts what was asked of it."""

    taken = 0

    def readable(self):
        return True

    def seekable(self):
        return True

    def seek(self, offset, whence=0):
        return 0

    def readinto(self, buffer):
        buffer[:] = b"a" * len(buffer)
        EndlessLine.taken += len(buffer)
        return len(buffer)


def test_a_line_without_end_is_refused_early():
    EndlessLine.taken = 0
    with pytest.raises(ListFileError, match="dài quá"):
        list(read_csv(io.BufferedReader(EndlessLine()), "utf-8", ","))
    assert EndlessLine.taken < 10 * MAX_LINE


def test_a_file_of_broken_rows_is_given_up():
    text = HEAD + '"x" y,2,3\n' * 2000
    with pytest.raises(ListFileError, match="Quá nhiều"):
        list(read_list(text.encode()))


def test_an_open_quote_before_a_long_list_is_cheap_and_costs_one_row():
    text = HEAD + '0,"Lê,23/11/2026\n' + "".join(f"{n},Hồ,23/11/2026\n" for n in range(20_000))
    good, errors = outcome(text)
    assert len(good) == 20_000
    assert list(errors) == [2]


def test_a_stream_that_was_handed_in_stays_open():
    stream = io.BytesIO(b"a,b\n1,2\n")
    assert len(list(read_csv(stream))) == 2
    assert len(list(read_csv(stream))) == 2


@pytest.mark.parametrize("name", ["nowhere.csv", ""])
def test_a_missing_file_and_a_folder_are_told(tmp_path, name):
    with pytest.raises(ListFileError, match=r"Không tìm thấy|thư mục"):
        read_list(tmp_path / name)


def test_a_list_without_headings_is_refused_with_an_example():
    with pytest.raises(ListFileError, match="Chủ hồ sơ"):
        read_list(b"1,2,3\n4,5,6\n")


def test_doubled_headings_are_named():
    reading = read_list(("Mã hồ sơ," + HEAD + "1,2,Lê,23/11/2026\n").encode())
    with pytest.raises(ListFileError, match="“Mã hồ sơ”"):
        list(reading)


def test_missing_columns_are_named():
    reading = read_list("Mã hồ sơ,Lĩnh vực,Trạng thái\n1,Hộ tịch,Từ chối\n".encode())
    with pytest.raises(ListFileError, match="“Chủ hồ sơ”, “Ngày giờ tiếp nhận”"):
        list(reading)


def test_lines_that_are_no_dossiers_are_noted_and_not_counted():
    text = (
        HEAD
        + "(1),(2),(3)\n1,Lê,23/11/2026\nLĩnh vực: Hộ tịch,,\n2,Hồ,23/11/2026\n"
        + HEAD
        + "Tổng cộng: 2\n,,\n"
    )
    reading = read_list(text.encode())
    assert [parsed.line for parsed in reading] == [3, 5]
    report = reading.report
    assert (report.total, report.rejected, report.skipped) == (2, 0, 4)
    assert {note.line for note in report.notes} == {2, 4, 7}


def test_a_preview_reads_the_start_only():
    text = HEAD + "".join(f"{n},Hồ,23/11/2026\n" for n in range(500))
    report, rows = preview(text.encode(), rows=20)
    assert (len(rows), report.total) == (20, 20)
    assert report.columns[report.headings.index("Chủ hồ sơ")] == "applicant_name"


CELLS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\0\ufeff"),
    max_size=12,
)


@given(rows=st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1))
def test_what_the_standard_writer_wrote_is_read_back(rows):
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([["x", "y"], *rows])
    read_back = [cells for _, cells in read_csv(buffer.getvalue().encode(), "utf-8", ",")]
    wanted = [[unicodedata.normalize("NFC", cell) for cell in row] for row in rows]
    assert read_back == [["x", "y"], *wanted]
