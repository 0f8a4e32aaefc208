from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_app.domain.dossier import Channel, Status
from counter_app.errors import ListFileError
from counter_app.tabular.list_reading import read_list
from counter_app.tabular.reading import read_csv, sniff

LISTS = Path(__file__).parents[1] / "data" / "lists"
HEAD = "Mã hồ sơ;Chủ hồ sơ;Ngày giờ tiếp nhận\r\n"
ROW = "H50-261123-0001;Nguyễn Văn Đức;23/11/2026 08:15\r\n"
SAMPLES = {
    "provincial-utf8-bom.csv": ("utf-8-sig", ","),
    "provincial-nfd.csv": ("utf-8-sig", ","),
    "provincial-utf16-tab.txt": ("utf-16", "\t"),
    "provincial-cp1258-semicolon.csv": ("cp1258", ";"),
    "provincial-tcvn3.csv": ("tcvn3", ","),
    "provincial-vni.csv": ("vni", ";"),
}


@given(
    name=st.sampled_from(sorted(SAMPLES)),
    at=st.floats(0, 1),
    gone=st.integers(0, 60),
    put=st.sampled_from([b"", b'"', b"\0", b"\r", b"\n", b"\xff", b",", b"'", b'"\n"']),
)
def test_a_damaged_list_is_read_or_refused_and_every_row_is_counted(name, at, gone, put):
    data = (LISTS / name).read_bytes()
    place = int(len(data) * at)
    try:
        reading = read_list(data[:place] + put + data[place + gone :])
        parsed = list(reading)
    except ListFileError:
        return
    report = reading.report
    assert report.total == report.ok + report.rejected == len(parsed)
    assert all(row.row is not None or row.errors for row in parsed)


def rows_of(source, **chosen):
    return [parsed.row for parsed in read_list(source, **chosen)]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_provincial_export_says_the_same_in_every_encoding(name):
    reading = read_list(LISTS / name)
    rows = [parsed.row for parsed in reading]
    report = reading.report
    assert (report.encoding, report.delimiter) == SAMPLES[name]
    assert (report.doubtful, report.heading_line) == (False, 6)
    assert (report.total, report.ok, report.rejected, report.skipped) == (5, 5, 0, 3)
    assert rows == rows_of(LISTS / "provincial-utf8-bom.csv")


def test_a_provincial_export_is_understood_without_a_mapping():
    reading = read_list(LISTS / "provincial-cp1258-semicolon.csv")
    first, second, _third, fourth, _fifth = [parsed.row for parsed in reading]
    assert first.applicant_name == "Nguyễn Văn Đức"
    assert first.procedure_code == "1.004873"
    assert first.procedure_name == "Cấp Giấy xác nhận tình trạng hôn nhân"
    assert (first.channel, first.status) == (Channel.ONLINE, Status.PROCESSING)
    assert (first.fee, first.fee_paid) == (15000, 15000)
    assert second.citizen_id == "045190004321"
    assert fourth.note == 'Thiếu trích lục "bản đồ" thửa đất'
    assert any("thêm lại" in note.message for note in reading.report.notes)
    assert reading.report.guessed["Tên chủ hồ sơ"] == "applicant_name"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_needs_no_second_look(codec):
    found = sniff((HEAD + ROW).encode(codec))
    assert (found.delimiter, found.doubtful) == (";", False)


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_unicode_of_two_bytes_without_a_mark_is_read_and_doubted(codec):
    data = (HEAD + ROW).encode(codec)
    found = sniff(data)
    assert (found.encoding, found.doubtful) == (codec, True)
    assert [cells for _, cells in read_csv(data)][1][1] == "Nguyễn Văn Đức"


def test_a_sample_may_end_within_a_letter():
    data = (HEAD + ROW * 3).encode()
    for size in range(len(data) - 40, len(data)):
        assert sniff(data[:size]).encoding == "utf-8-sig"


def test_old_letters_under_foreign_headings_are_recognised_and_doubted():
    data = (LISTS / "provincial-tcvn3.csv").read_bytes().split(b"\n")
    body = b"\n".join([b"code,procedure_name,applicant_name,received_at", *data[7:12]])
    found = sniff(body)
    assert (found.encoding, found.doubtful) == ("tcvn3", True)
    assert "xem trước" in found.note


def test_old_letters_that_were_saved_again_as_unicode_are_recognised():
    data = (LISTS / "provincial-tcvn3.csv").read_bytes().decode("latin-1").encode()
    reading = read_list(data)
    assert reading.report.encoding == "utf-8+tcvn3"
    assert reading.report.doubtful
    assert [p.row for p in reading] == rows_of(LISTS / "provincial-utf8-bom.csv")


def test_a_chosen_encoding_is_not_doubted():
    data = (LISTS / "provincial-vni.csv").read_bytes()
    found = sniff(data, encoding="VNI", delimiter=";")
    assert (found.encoding, found.delimiter, found.doubtful) == ("vni", ";", False)


def test_letters_of_no_known_page_are_doubted():
    assert sniff("a;b\r\nGr\u00f6\u00dfe;\u00fcber\u00df\r\n".encode("cp1252")).doubtful


@pytest.mark.parametrize(("encoding", "delimiter"), [("koi8-r", None), (None, "|")])
def test_an_unknown_choice_is_refused(encoding, delimiter):
    with pytest.raises(ListFileError):
        sniff(b"a,b", encoding=encoding, delimiter=delimiter)


@pytest.mark.parametrize(
    "data", [b"", b" \r\n", b"\xef\xbb\xbf\r\n", (HEAD + ROW).encode("utf-32")]
)
def test_no_text_is_refused(data):
    with pytest.raises(ListFileError):
        sniff(data)


def test_a_program_is_no_list():
    with pytest.raises(ListFileError, match="không phải danh sách"):
        sniff(b"\x7fELF\x02\x01\x01" + b"\0\0\0\x01" * 500)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_under_which_headings_are_known_wins(delimiter):
    head = delimiter.join(["Mã hồ sơ", "Chủ hồ sơ", "Ngày giờ tiếp nhận", "Phí lệ phí"])
    row = delimiter.join(["1", "A", "23/11/2026", "a,b;c,d;e,f;g"])
    assert sniff(f"{head}\n{row}\n".encode()).delimiter == delimiter


def test_excels_hint_of_a_delimiter_is_followed_and_keeps_the_lines():
    data = ("sep=;\r\n" + HEAD + ROW).encode("utf-8-sig")
    reading = read_list(data)
    assert [parsed.line for parsed in reading] == [3]
    assert reading.report.heading_line == 2


def test_a_damaged_letter_rejects_its_row_only():
    broken = (HEAD + ROW).encode() + b"H50-2;Tr\xe1\xba Th;23/11/2026\r\n" + ROW.encode()
    reading = read_list(broken)
    assert [parsed.row is not None for parsed in reading] == [True, False, True]
    assert [error.line for error in reading.report.errors] == [3]


def test_a_cut_file_of_two_bytes_breaks_off_with_a_sentence():
    data = (HEAD + ROW).encode("utf-16")[:-1]
    with pytest.raises(ListFileError, match="không đọc được"):
        list(read_csv(data))
