from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_app.domain.dossier import Channel, Status
from counter_app.domain.lists import HEADINGS, ListRow
from counter_app.tabular.cells import CellError, read_amount, read_moment, read_usual_moment
from counter_app.tabular.columns import Mapping
from counter_app.tabular.rows import RowParser

BASE = {
    "Mã hồ sơ": "H50.1-261123-0001",
    "Chủ hồ sơ": "Nguyễn Văn Đức",
    "Ngày giờ tiếp nhận": "23/11/2026 08:15",
}
AT = datetime(2026, 11, 23, 8, 15)


def parse(mapping=None, *, workbook=False, **cells):
    """Parse one row, its cells named by heading with underscores for spaces."""
    told = BASE | {name.replace("_", " "): text for name, text in cells.items()}
    headings = list(told)
    parser = RowParser(headings, mapping, from_workbook=workbook)
    return parser.parse(7, list(told.values()))


def row_of(*args, **cells):
    parsed = parse(*args, **cells)
    assert not parsed.errors
    return parsed.row


def reasons(parsed):
    return [(error.line, error.column, error.message) for error in parsed.errors]


def test_a_full_row_fills_every_field():
    cells = [
        "H50.1-261123-0001", "1.004873", "Cấp Giấy xác nhận", "Hộ tịch", "Nguyễn Văn Đức",
        "'045090001234", "'0101248141", "Thôn Tân Hòa", "'0912345678", "Để kết hôn", "Trực tuyến",
        "23/11/2026 08:15", "26/11/2026 17:00", "27/11/2026 17:00", "25/11/2026 09:00",
        "25/11/2026 10:00", "Đã trả kết quả", "UBND xã", "Trần Thị B", "Lê Văn C", "15.000",
        "15000", "Trả tại nhà",
    ]  # fmt: skip
    parsed = RowParser(HEADINGS).parse(1, cells)
    assert not parsed.errors
    assert not parsed.notes
    assert parsed.row == ListRow(
        code="H50.1-261123-0001",
        procedure_code="1.004873",
        procedure_name="Cấp Giấy xác nhận",
        sector="Hộ tịch",
        applicant_name="Nguyễn Văn Đức",
        citizen_id="045090001234",
        tax_code="0101248141",
        address="Thôn Tân Hòa",
        phone="0912345678",
        content="Để kết hôn",
        channel=Channel.ONLINE,
        received_at=AT,
        due_at=datetime(2026, 11, 26, 17),
        rescheduled_due_at=datetime(2026, 11, 27, 17),
        completed_at=datetime(2026, 11, 25, 9),
        returned_at=datetime(2026, 11, 25, 10),
        status=Status.RETURNED,
        resolving_unit="UBND xã",
        reception_officer="Trần Thị B",
        handling_officer="Lê Văn C",
        fee=15000,
        fee_paid=15000,
        note="Trả tại nhà",
    )


# ----------------------------------------------------------------------- moments


@pytest.mark.parametrize(
    "text",
    [
        "23/11/2026 08:15", "23/11/2026 8:15", "23-11-2026 08:15:59", "23.11.2026, 08:15",
        "08:15 23/11/2026", "08:15:20 - 23/11/2026", "23/11/2026 8h15", "23/11/2026 08 giờ 15 phút",
        "23/11/2026 08:15:00 SA", "23/11/2026 08:15 AM", "2026-11-23 08:15",
        "2026-11-23T08:15:30+07:00", "2026-11-23T01:15:00Z", "2026-11-23 08:15:20.123",
        "2026/11/23 08:15", "'23/11/2026 08:15", " 23/11/2026  08:15 ",
    ],
)  # fmt: skip
def test_moments_are_read_as_people_and_systems_write_them(text):
    row = row_of(Ngày_giờ_tiếp_nhận=text)
    assert (row.received_at, row.date_only) == (AT, frozenset())


@pytest.mark.parametrize(
    "text", ["23/11/2026", "2026-11-23", "23/11/2026 00:00:00", "2026-11-23T00:00:00", "23-11-2026"]
)
def test_a_day_without_a_time_is_marked(text):
    row = row_of(Ngày_giờ_tiếp_nhận=text, Ngày_giờ_hẹn_trả="26/11/2026 17:00")
    assert row.received_at == datetime(2026, 11, 23)
    assert row.date_only == {"received_at"}


def test_midnight_to_the_minute_is_a_time():
    row = row_of(Ngày_giờ_tiếp_nhận="23/11/2026 00:00")
    assert (row.received_at, row.date_only) == (datetime(2026, 11, 23), frozenset())


def test_afternoon_by_the_clock_of_twelve_hours():
    assert row_of(Ngày_giờ_tiếp_nhận="23/11/2026 3:05 CH").received_at.hour == 15
    assert row_of(Ngày_giờ_tiếp_nhận="23/11/2026 12:05 SA").received_at.hour == 0


def test_the_order_of_day_and_month_is_the_mapping_s():
    mapping = Mapping(date_order="mdy")
    row = row_of(
        mapping, Ngày_giờ_tiếp_nhận="11/23/2026 08:15", Ngày_giờ_hẹn_trả="12/01/2026 17:00"
    )
    assert (row.received_at, row.due_at) == (AT, datetime(2026, 12, 1, 17))


@pytest.mark.parametrize(
    "text",
    [
        "31/02/2026 08:00", "23/13/2026 08:00", "11/23/2026 08:15", "23/11/2026 24:01",
        "23/11/2026 08:61", "23/11/26", "hôm qua", "23/11/2026 sáng", "45985", "2026",
        "23/11/0026 08:15", "23/11/9999 08:15", "2026-02-30", "2026-11-23T25:00", "1/23/11/2026",
        "23/11/2026 08+07", "٢٣/١١/٢٠٢٦ 08:15", "4,5E+4", "23/11/2026 23/11/2026",
    ],
)  # fmt: skip
def test_a_moment_that_can_not_be_rejects_the_row_at_its_heading(text):
    parsed = parse(Ngày_giờ_hẹn_trả=text)
    assert parsed.row is None
    assert [(line, column) for line, column, _ in reasons(parsed)] == [(7, "Ngày giờ hẹn trả")]


@pytest.mark.parametrize(
    ("text", "at", "day"),
    [
        ("46349", datetime(2026, 11, 23), True),
        ("46349.34375", AT, False),
        ("46349,34375", AT, False),
        ("46349.3437499", AT, False),
    ],
)
def test_day_numbers_are_read_in_workbooks(text, at, day):
    assert read_moment(text, serials=True) == (at, day)


@pytest.mark.parametrize("text", ["2026", "00001", "99999999", "10000"])
def test_small_and_large_numbers_are_no_days(text):
    with pytest.raises(CellError):
        read_moment(text, serials=True)


@given(at=st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31)))
def test_every_form_of_a_moment_means_the_same(at):
    at = at.replace(second=0, microsecond=0)
    usual = f"{at:%d/%m/}{at.year:04} {at:%H:%M}"
    assert read_moment(usual) == (at, False)
    assert read_usual_moment(usual) == at
    assert read_moment(at.isoformat(timespec="minutes")) == (at, False)
    assert read_moment(f"{at.day}/{at.month}/{at.year} {at:%H:%M}:59")[0] == at
    if at >= datetime(1950, 1, 1):
        serial = (at - datetime(1899, 12, 30)) / timedelta(days=1)
        assert read_moment(repr(serial), serials=True)[0] == at


# ----------------------------------------------------------------------- numbers


def test_a_number_of_eleven_digits_gets_its_zero_back_with_a_note():
    parsed = parse(Số_định_danh="45090001234")
    assert parsed.row.citizen_id == "045090001234"
    assert [(note.line, note.column) for note in parsed.notes] == [(7, "Số định danh")]
    assert row_of(Số_định_danh="45090001234.0").citizen_id == "045090001234"
    assert row_of(Số_định_danh="45.090.001.234").citizen_id == "045090001234"


@pytest.mark.parametrize("text", ["4.509E+10", "4,50901E+11", "'4.509E+10", "4E10", "45E+9"])
def test_a_number_in_e_notation_rejects_the_row(text):
    parsed = parse(Số_định_danh=text)
    assert parsed.row is None
    assert "Excel" in parsed.errors[0].message


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("045090001234", "045090001234"),
        ("'045090001234", "045090001234"),
        ("''045090001234", "'045090001234"),
        ("045 090 001 234", "045090001234"),
        ("045090001234.0", "045090001234"),
        ("191.234.567", "191234567"),
        ("191234567", "191234567"),
        ("12.34", "12.34"),
        ("B1234567", "B1234567"),
        ("-", ""),
    ],
)
def test_other_numbers_stay_as_they_are(text, number):
    assert row_of(Số_định_danh=text).citizen_id == number


def test_a_hidden_number_is_of_no_use():
    assert parse(Số_định_danh="0450****1234").row is None


def test_a_shared_column_is_parted_by_the_form_of_the_number():
    person = row_of(**{"Số định danh/MST": "045090001234"})
    branch = row_of(**{"Số định danh/MST": "0101248141-001"})
    assert (person.citizen_id, person.tax_code) == ("045090001234", "")
    assert (branch.citizen_id, branch.tax_code) == ("", "0101248141-001")


def test_a_phone_gets_its_zero_back_and_is_never_worth_a_dossier():
    assert row_of(Số_điện_thoại="912345678").phone == "0912345678"
    assert row_of(Số_điện_thoại="0912 345 678 (con trai)").phone == "0912 345 678 (con trai)"
    parsed = parse(Số_điện_thoại="9.12E+8")
    assert (parsed.row.phone, len(parsed.errors)) == ("", 1)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("15.000", 15000), ("15,000", 15000), ("15000", 15000), ("15000 đ", 15000),
        ("15.000 đồng", 15000), ("15.000 VNĐ", 15000), ("1.500.000₫", 1500000),
        ("15.000,00", 15000), ("15000.0", 15000), ("15 000", 15000), ("0", 0), ("Miễn phí", 0),
        ("Không", 0), ("-", None),
        ("8.000 đồng/bản", 8000),
    ],
)  # fmt: skip
def test_amounts_are_read(text, amount):
    assert read_amount(text) == amount


@pytest.mark.parametrize(
    "text", ["15.5", "mười nghìn", "15.00.000", "-15000", "1e4", "15.000 + 5.000"]
)
def test_a_doubtful_amount_is_reported_and_left_empty(text):
    parsed = parse(**{"Phí, lệ phí": text})
    assert parsed.row.fee is None
    assert parsed.errors[0].column == "Phí, lệ phí"


@pytest.mark.parametrize(
    ("paid", "amount"),
    [
        ("Có", 15000),
        ("Đã thanh toán", 15000),
        ("15.000", 15000),
        ("5000", 5000),
        ("Chưa", 0),
        ("", None),
    ],
)
def test_what_was_paid_is_an_amount(paid, amount):
    assert row_of(**{"Phí, lệ phí": "15000", "Đã nộp phí": paid}).fee_paid == amount


def test_a_payment_of_an_unknown_fee_is_reported():
    parsed = parse(**{"Đã nộp phí": "Có"})
    assert parsed.row.fee_paid is None
    assert len(parsed.errors) == 1


# ----------------------------------------------------------------------- words and text


def test_unknown_words_reject_the_row_and_are_counted():
    headings = [*BASE, "Trạng thái", "Hình thức tiếp nhận"]
    parser = RowParser(headings)
    for _ in range(3):
        assert parser.parse(2, [*BASE.values(), "Tạm dừng", "Zalo"]).row is None
    assert parser.unknown_words == {"status": {"Tạm dừng": 3}, "channel": {"Zalo": 3}}


def test_a_mapping_gives_unknown_words_a_meaning():
    mapping = Mapping(statuses={"HOÀN THÀNH": "returned"}, procedures={"KS-TE": "1.001193"})
    row = row_of(mapping, Trạng_thái="Hoàn thành", Mã_TTHC="KS-TE")
    assert (row.status, row.procedure_code) == (Status.RETURNED, "1.001193")


def test_a_mapping_can_name_procedures_by_their_title():
    mapping = Mapping(procedures={"Khai sinh cho trẻ": "1.001193"})
    assert row_of(mapping, Tên_TTHC="khai sinh  cho trẻ").procedure_code == "1.001193"


def test_an_online_submission_nobody_received_is_no_dossier():
    parsed = parse(Trạng_thái="Chờ tiếp nhận")
    assert parsed.row is None
    assert "chưa được tiếp nhận" in parsed.errors[0].message


def test_a_code_before_the_name_of_a_procedure_is_taken():
    row = row_of(Tên_TTHC="1.001193.000.00.00.H50 - Đăng ký khai sinh")
    assert (row.procedure_code, row.procedure_name) == (
        "1.001193.000.00.00.H50",
        "Đăng ký khai sinh",
    )


@pytest.mark.parametrize(
    "text",
    [
        "Nguye\u0302\u0303n Va\u0306n \u0110u\u031b\u0301c",
        "  Nguyễn\u00a0 Văn\tĐức ",
        "Nguyễn Văn \u00d0ức",
        "Nguyễn\u200b Văn\nĐức",
        "'Nguyễn Văn Đức",
    ],
)
def test_names_are_tidied(text):
    assert row_of(Chủ_hồ_sơ=text).applicant_name == "Nguyễn Văn Đức"


def test_line_breaks_stay_where_they_mean_something():
    row = row_of(Nội_dung="một\r\n hai  ba\n", Địa_chỉ="Thôn 1\nxã Cam Lộ")
    assert row.content == "một\nhai ba"
    assert row.address == "Thôn 1 xã Cam Lộ"


@pytest.mark.parametrize("text", ["Nguyễn\x00", "Nguyễn\x07", "Nguy\x8an", "Nguyễn\udce1"])
def test_control_characters_are_named(text):
    parsed = parse(Chủ_hồ_sơ=text)
    assert parsed.row is None
    assert [error.column for error in parsed.errors] == ["Chủ hồ sơ"]


def test_emoji_and_a_lost_letter_are_no_reason_to_reject():
    assert row_of(Ghi_chú="xong 👍").note == "xong 👍"
    parsed = parse(Chủ_hồ_sơ="Nguy\ufffdn")
    assert parsed.row
    assert len(parsed.notes) == 1


@pytest.mark.parametrize(
    "heading", ["Chủ hồ sơ", "Ghi chú", "Mã hồ sơ", "Số định danh", "Trạng thái"]
)
def test_an_endless_cell_is_named(heading):
    parsed = parse(**{heading: "x" * 5000})
    assert parsed.row is None
    assert "5000" in parsed.errors[0].message


def test_a_name_of_two_hundred_letters_goes_in():
    assert row_of(Chủ_hồ_sơ="Ă" * 200).applicant_name == "Ă" * 200


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("Chủ hồ sơ", "tên chủ hồ sơ"),
        ("Ngày giờ tiếp nhận", "ngày tiếp nhận"),
        ("Mã hồ sơ", "mã hồ sơ"),
    ],
)
def test_what_a_dossier_needs_is_asked_for(heading, words):
    parsed = parse(Lĩnh_vực="Hộ tịch", Địa_chỉ="Thôn 1", **{heading: " "})
    assert parsed.row is None
    assert parsed.errors[0].column == heading
    assert words in parsed.errors[0].message


def test_a_procedure_stands_in_for_a_missing_code():
    assert row_of(Mã_hồ_sơ="", Tên_TTHC="Đăng ký khai sinh").code == ""


def test_all_that_is_wrong_with_a_row_is_said_at_once():
    parsed = parse(Ngày_giờ_hẹn_trả="31/02/2026", Trạng_thái="?", Số_định_danh="4E+10")
    assert {error.column for error in parsed.errors} == {
        "Ngày giờ hẹn trả",
        "Trạng thái",
        "Số định danh",
    }


def test_an_empty_row_is_nothing():
    assert RowParser(HEADINGS).parse(3, [" "] * len(HEADINGS)) is None
