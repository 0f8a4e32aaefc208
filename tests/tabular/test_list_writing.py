import csv
import io
import unicodedata
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_app.domain.dossier import Channel, Status
from counter_app.domain.lists import COLUMNS_BY_NAME, HEADINGS, LIST_COLUMNS, CellKind, ListRow
from counter_app.domain.vietnamese import clean_line, clean_text
from counter_app.errors import ListFileError
from counter_app.tabular.list_reading import read_list
from counter_app.tabular.reading import read_csv
from counter_app.tabular.writing import guard, list_pieces, write_list, write_rejected

ROW = ListRow(
    code="TAM-01-261123-0001",
    procedure_code="1.004873",
    procedure_name="Cấp Giấy xác nhận tình trạng hôn nhân",
    applicant_name="Nguyễn Văn Đức",
    citizen_id="045090001234",
    phone="0912345678",
    content="dòng một\ndòng hai",
    channel=Channel.TRANSFER,
    received_at=datetime(2026, 11, 23, 8, 15),
    due_at=datetime(2026, 11, 26, 17),
    status=Status.AWAITING_PAYMENT,
    fee=15000,
    fee_paid=0,
    note='=HYPERLINK("http://x")',
    date_only=frozenset(),
)


def read_back(data, **chosen):
    reading = read_list(data, **chosen)
    rows = [parsed.row for parsed in reading]
    assert not reading.report.errors
    assert not reading.report.guessed
    return rows


def test_a_list_is_what_a_spreadsheet_wants():
    data = write_list([ROW])
    assert data.startswith(b"\xef\xbb\xbf")
    text = data.decode("utf-8-sig")
    assert text.endswith("\r\n")
    head, cells = csv.reader(io.StringIO(text, newline=""), strict=True)
    told = dict(zip(head, cells, strict=True))
    assert tuple(head) == HEADINGS
    assert told["Số định danh"] == "'045090001234"
    assert told["Số điện thoại"] == "'0912345678"
    assert told["Ghi chú"].startswith("'=HYPERLINK")
    assert told["Ngày giờ tiếp nhận"] == "23/11/2026 08:15"
    assert told["Trạng thái"] == "Chờ thực hiện nghĩa vụ tài chính"
    assert told["Phí, lệ phí"] == "15000"
    assert told["Lĩnh vực"] == ""


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+84912345678", "-1", "@SUM(A1)", "'x", "\tx", "\rx",
        "045090001234", "123456789", "0912 345 678", "(0233) 3871234", "0101248141-001"],
)  # fmt: skip
def test_what_a_spreadsheet_would_change_gets_one_guard(text):
    assert guard(text) == "'" + text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12345678",
        "H50.1-261123-0001",
        "1.004873",
        "Lê = Hoa",
        "23/11/2026 08:15",
        "Thôn 045090001234",
    ],
)
def test_other_cells_stay_as_they_are(text):
    assert guard(text) == text


def test_no_cell_of_a_written_list_starts_like_a_formula():
    texts = [f"{sign}x" for sign in "=+-@\t\r'"]
    rows = [ListRow(code=t, applicant_name=t, note=t, address=t) for t in texts]
    for _, cells in list(read_csv(write_list(rows)))[1:]:
        assert all(not cell or cell[0] not in "=+-@\t\r" for cell in cells)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_list_comes_back_as_it_went(delimiter):
    data = write_list(
        [ROW, ROW._replace(code="x;y", note="a,b\tc".replace("\t", " "))], delimiter=delimiter
    )
    assert read_back(data) == [ROW, ROW._replace(code="x;y", note="a,b c")]


def test_an_unknown_delimiter_is_refused():
    with pytest.raises(ListFileError):
        write_list([ROW], delimiter="|")


def test_columns_can_be_chosen():
    data = write_list([ROW], columns=["applicant_name", "received_at", "code"])
    (row,) = read_back(data)
    assert row == ListRow(
        code=ROW.code, applicant_name=ROW.applicant_name, received_at=ROW.received_at
    )


def test_a_long_list_comes_in_pieces():
    pieces = list(list_pieces(ROW for _ in range(5000)))
    assert len(pieces) == 4
    assert len(read_back(b"".join(pieces))) == 5000


def test_a_greek_question_mark_makes_no_new_cell():
    (row,) = read_back(write_list([ROW._replace(note="a\u037eb")], delimiter=";"))
    assert row.note == "a;b"


LETTERS = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"])
TRICKY = st.sampled_from(
    ["'", "''", "=", "+", "-1", "@", '"', '""', ",", ";", "\t", "\n", "\r\n",
     "Nguye\u0302\u0303n", "\u0110u\u031b\u0301c", "123456789", "4.5E+10", "\u037e", "=\u0338",
     "_x0041_"]
)  # fmt: skip
RAW = st.lists(st.one_of(TRICKY, st.text(LETTERS, max_size=4)), max_size=4).map("".join)
LINES = RAW.map(lambda text: clean_line(clean_line(text)))
PROSE = RAW.map(lambda text: clean_text(clean_text(text)))
MOMENTS = st.datetimes(datetime(1901, 1, 1), datetime(2199, 12, 31)).map(
    lambda at: at.replace(second=0, microsecond=0)
)
CITIZENS = st.one_of(
    st.just(""), st.from_regex(r"[0-9]{12}|[0-9]{9}|[A-Z][0-9]{7}", fullmatch=True)
)
PHONES = st.one_of(st.just(""), st.from_regex(r"0[0-9]{9}|\+84[0-9]{9}", fullmatch=True))
OF_KIND = {
    CellKind.CODE: LINES,
    CellKind.TEXT: LINES,
    CellKind.PROSE: PROSE,
    CellKind.CITIZEN: CITIZENS,
    CellKind.TAX: st.one_of(st.just(""), st.from_regex(r"[0-9]{10}(-[0-9]{3})?", fullmatch=True)),
    CellKind.PHONE: PHONES,
    CellKind.MOMENT: st.one_of(st.none(), MOMENTS),
    CellKind.STATUS: st.one_of(st.none(), st.sampled_from(Status)),
    CellKind.CHANNEL: st.one_of(st.none(), st.sampled_from(Channel)),
    CellKind.AMOUNT: st.one_of(st.none(), st.integers(0, 10**11)),
    CellKind.PAID: st.one_of(st.none(), st.integers(0, 10**11)),
}


@st.composite
def list_rows(draw):
    values = {column.name: draw(OF_KIND[column.kind]) for column in LIST_COLUMNS}
    values["code"] = "H50." + values["code"]
    values["applicant_name"] = "A" + values["applicant_name"]
    values["received_at"] = values["received_at"] or datetime(2026, 11, 23)
    values["procedure_name"] = "Thủ tục " + values["procedure_name"]
    for name in ("code", "applicant_name", "procedure_name"):
        values[name] = clean_line(values[name])
    days = draw(st.sets(st.sampled_from(["received_at", "due_at", "completed_at"])))
    days = {name for name in days if values[name]}
    for name in days:
        values[name] = values[name].replace(hour=0, minute=0)
    return ListRow(**values, date_only=frozenset(days))


@given(rows=st.lists(list_rows(), max_size=3), delimiter=st.sampled_from([",", ";", "\t"]))
def test_any_rows_come_back_as_they_went(rows, delimiter):
    assert read_back(write_list(rows, delimiter=delimiter)) == rows


@given(raw=st.lists(RAW, min_size=3, max_size=3))
def test_any_cells_come_back_in_their_tidy_form(raw):
    row = ListRow(
        code="H50-1",
        applicant_name="A" + raw[0],
        content=raw[1],
        address=raw[2],
        received_at=datetime(2026, 11, 23, 8),
    )
    once = read_back(write_list([row]))
    assert read_back(write_list(once)) == once
    assert once[0].applicant_name == clean_line("A" + raw[0])


# ----------------------------------------------------------------------- rejected rows


def test_rejected_rows_keep_their_cells_and_say_why():
    headings = ["STT", "Số hồ sơ", "Người nộp", "Ngày nhận", "Số CCCD"]
    source = [
        ["1", "H50-1", "Lê Văn A", "31/02/2026", "'045090001234"],
        ["2", "H50-2", "=cmd", "hôm qua", "4E+10"],
    ]
    text = io.StringIO(newline="")
    csv.writer(text).writerows([headings, *source])
    rejected = [(p.cells, p.errors) for p in read_list(text.getvalue().encode())]
    data = write_rejected(headings, rejected)
    (_, head), (_, first), (_, second) = read_csv(data)
    assert head == [*headings, "Lý do"]
    assert first[:-1] == source[0]
    assert "Dòng 2, Ngày nhận: " in first[-1]
    assert second[2] == "'=cmd"
    assert "Số CCCD" in second[-1]


def test_a_mended_list_of_rejected_rows_goes_in_as_it_is():
    headings = ["Mã hồ sơ", "Chủ hồ sơ", "Ngày giờ tiếp nhận", "Số định danh"]
    source = ["H50-1", "'=x", "31/02/2026", "045090001234"]
    errors = parse_errors(headings, source)
    data = write_rejected(headings, [(source, errors), ((), errors), (source[:2], errors)])
    mended = data.decode("utf-8-sig").replace("31/02/2026", "28/02/2026", 1)
    reading = read_list(mended.encode())
    row = next(iter(reading)).row
    assert (row.applicant_name, row.citizen_id) == ("=x", "045090001234")
    assert reading.report.unmatched == ()


def parse_errors(headings, cells):
    text = io.StringIO(newline="")
    csv.writer(text).writerows([headings, cells])
    (parsed,) = read_list(text.getvalue().encode())
    assert parsed.row is None
    return parsed.errors


def test_every_kind_of_cell_can_be_written():
    assert {column.kind for column in LIST_COLUMNS} <= set(OF_KIND)
    assert unicodedata.is_normalized("NFC", write_list([ROW]).decode())
    assert set(COLUMNS_BY_NAME) >= {column.name for column in LIST_COLUMNS}
