"""Settings of the office: what may be set, what it may hold, what holds until it is set."""

from __future__ import annotations

import json
import re
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.attached import FILE_TYPES
from counter_app.domain.books import parse_book_line
from counter_app.domain.numbering import check_code_pattern
from counter_app.domain.web_profile import DEFAULT_PROFILE, parse_profile
from counter_app.errors import InputError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable

    from counter_app.storage.database import Store


_FORM_SET = re.compile(r"[a-z0-9][a-z0-9-]{1,30}", re.ASCII)


class Spec(NamedTuple):
    """One setting: its default, how a typed value is read, what a person is told it may be."""

    default: Any
    read: Callable[[str], Any]
    expects: str


def _one_of(*words: str) -> tuple[Callable[[str], str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError
        return text

    return read, "một trong: " + ", ".join(words)


def _yes_no(text: str) -> bool:
    if text not in {"yes", "no"}:
        raise ValueError
    return text == "yes"


def _form_set(text: str) -> str:
    """Read the name of a form set; which there are stands in the wordings, not here."""
    if not _FORM_SET.fullmatch(text):
        raise ValueError
    return text


def _hours(text: str) -> str:
    from counter_app.domain.calendar import parse_hours  # reading what holds needs no rules

    parse_hours(text)
    return text.strip()


def _limit(text: str) -> str:
    from counter_app.domain.deadlines import parse_limit

    return str(parse_limit(text))


def _number(lowest: int, highest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        value = int(text)
        if not lowest <= value <= highest:
            raise ValueError
        return value

    return read


def _clock_time(text: str) -> str:
    return time.fromisoformat(text.strip()).isoformat("minutes")


def _text(text: str) -> str:
    return text.strip()


def _folder(text: str) -> str:
    folder = text.strip()
    if folder and not Path(folder).is_absolute():
        raise ValueError
    return folder


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split(";") if line.strip()]


def _file_types(text: str) -> list[str]:
    types = _lines(text)
    if not types or any(one not in FILE_TYPES for one in types):
        raise ValueError
    return types


def _books(text: str) -> list[str]:
    lines = _lines(text)
    try:
        for line in lines:
            parse_book_line(line)
    except InputError as error:
        raise ValueError from error
    return lines


def _filters(text: str) -> list[str]:
    from counter_app.domain.list_filter import parse_filter_line

    lines = _lines(text)
    for line in lines:
        parse_filter_line(line)
    return lines


def _profiles(text: str) -> list[str]:
    from counter_app.domain.print_profiles import read_profiles

    lines = _lines(text)
    read_profiles(lines)
    return lines


def _mends(text: str) -> list[str]:
    from counter_app.domain.trial_print import read_mends

    lines = _lines(text)
    read_mends(lines)
    return lines


_HOURS_WORDS = "giờ làm việc, ví dụ 07:30-11:30,13:30-17:00"
_LIMIT_WORDS = "một thời hạn, ví dụ 2wd, 15cd, 4h"

# The lead time and the days after which an unanswered supplement may be closed are the practice
# that one decree names (law.md 2.2, 2.3); each office sets its own.
SPECS: dict[str, Spec] = {
    "counting": Spec("day", *_one_of("day", "hour")),
    "boundary": Spec("day", *_one_of("day", "minute")),
    "weekday_hours": Spec("07:30-11:30,13:30-17:00", _hours, _HOURS_WORDS),
    "saturday_hours": Spec("", _hours, _HOURS_WORDS + ", để trống nếu nghỉ"),
    "saturday_counts": Spec(default=False, read=_yes_no, expects="yes hoặc no"),
    "paper": Spec("a4-2up", *_one_of("a4-2up", "a5", "a4")),
    "form_set": Spec("auto", _form_set, "auto hoặc một bộ biểu mẫu, ví dụ tt03-2025"),
    "apology_lead": Spec("2wd", _limit, _LIMIT_WORDS),
    "supplement_close": Spec("15wd", _limit, _LIMIT_WORDS),
    "official_code_pattern": Spec(
        r"^[0-9A-Z]+(\.[0-9A-Z]+)*-\d{6}-\d{4,7}$",
        check_code_pattern,
        "một mã đã cấp làm mẫu, ví dụ H15.50.05.13-261008-0975",
    ),
    "letter_number": Spec("registry", *_one_of("registry", "typed", "series")),
    "apology_title": Spec("", _text, "tên văn bản xin lỗi, để trống: theo bộ biểu mẫu"),
    "letter_symbol": Spec("", _text, "ký hiệu văn bản, ví dụ TB-UBND"),
    "letter_agency": Spec("", _text, "tên cơ quan ban hành văn bản xin lỗi"),
    "letter_parent": Spec("", _text, "tên cơ quan chủ quản của cơ quan ban hành"),
    "signers": Spec([], _lines, "danh sách “Chức vụ|Họ tên”, cách nhau bằng dấu ;"),
    "units": Spec([], _lines, "danh sách đơn vị, cách nhau bằng dấu ;"),
    "place": Spec("", _text, "địa danh ghi trên giấy tờ, ví dụ Cam Lộ"),
    "hotline": Spec("", _text, "số điện thoại đường dây nóng"),
    "result_place": Spec("", _text, "nơi trả kết quả"),
    "other_units": Spec([], _lines, "danh sách đơn vị khác, cách nhau bằng dấu ;"),
    "uncollected_days": Spec(7, _number(0, 365), "số ngày từ 0 đến 365"),
    "attachment_megabytes": Spec(20, _number(1, 200), "số megabyte từ 1 đến 200"),
    "attachment_types": Spec(
        ["pdf", "jpeg", "png"], _file_types, "các loại pdf, jpeg, png, cách nhau bằng dấu ;"
    ),
    # Whether F9 leaves the receipt to the strip that brings the official code back.
    "web_entry": Spec(default=False, read=_yes_no, expects="yes hoặc no"),
    "web_profile": Spec(
        list(DEFAULT_PROFILE), _lines, "các dòng “trường | tên trên trang | cách viết”"
    ),
    "web_profile_verified": Spec(default=False, read=_yes_no, expects="yes hoặc no"),
    "web_strip_place": Spec("", _text, "vị trí thanh gõ một lần"),
    # Whether the window asks at closing for a kit, when none is in stock for the next day.
    "outage_at_close": Spec(default=False, read=_yes_no, expects="yes hoặc no"),
    "outage_receipts": Spec(20, _number(1, 200), "số tờ từ 1 đến 200"),
    # Where the quarter of the statistics begins; practice says the 15th, no act that was read does.
    "statistics_day": Spec(15, _number(1, 28), "ngày đầu quý thống kê, từ 1 đến 28"),
    "jam_minutes": Spec(10, _number(0, 120), "số phút từ 0 đến 120"),
    # NĐ 118/2025 Điều 18.2 (NĐ 309/2026 Điều 9): taken in after it, a dossier leaves next morning.
    "handover_cutoff": Spec("15:00", _clock_time, "một giờ trong ngày, ví dụ 15:00"),
    "books": Spec([], _books, "danh sách “Ký hiệu|Tên sổ|mã thủ tục, mã”, cách nhau bằng dấu ;"),
    # After so many days without an exchange the window reminds; 0 never does. No act sets it.
    "sync_days": Spec(3, _number(0, 60), "số ngày từ 0 đến 60, 0 là không nhắc"),
    "sync_folder": Spec("", _text, "thư mục chép gói đồng bộ, để trống nếu dùng USB"),
    "saved_filters": Spec([], _filters, "danh sách “Tên | điều kiện”, cách nhau bằng dấu ;"),
    "favourites": Spec([], _lines, "mã các thủ tục ghim, cách nhau bằng dấu ;"),
    # How many promises a day may hold before the card says so; 0 says nothing.
    "day_load": Spec(0, _number(0, 999), "số hồ sơ từ 0 đến 999, 0 là không báo"),
    "backup_hours": Spec(2, _number(1, 24), "số giờ từ 1 đến 24"),
    "backup_folder": Spec("", _folder, "một thư mục có sẵn, ghi đủ đường dẫn, hoặc để trống"),
    "backup_stick": Spec("", _folder, "một thư mục trên thẻ nhớ, ghi đủ đường dẫn, hoặc để trống"),
    "print_profiles": Spec(
        [], _profiles, "các dòng “loại | máy in | khay | một mặt hoặc hai mặt | số bản”"
    ),
    "printer": Spec("", _text, "tên máy in"),
    # What a test print showed that a printer must be sent differently.
    "printer_mends": Spec(
        [],
        _mends,
        "các dòng “máy in | không quay hoặc quay 90 độ | cỡ của máy in hoặc đúng cỡ”",
    ),
    "scanner_port": Spec("", _text, "tên cổng của máy quét, để trống nếu máy quét gõ như bàn phím"),
    "scanner_speed": Spec("9600", *_one_of("9600", "19200", "38400", "57600", "115200")),
    "scale": Spec(100, _number(100, 150), "cỡ chữ từ 100 đến 150"),
    "palette": Spec("light", *_one_of("light", "dark", "system")),
    # The rail of pages; automatic folds it where the window is narrow.
    "rail": Spec("auto", *_one_of("auto", "open", "folded")),
    # Numbers of persons are hidden in the middle in lists and beside the table until asked for.
    "mask_numbers": Spec(default=True, read=_yes_no, expects="yes hoặc no"),
    # For how many years after its end a dossier keeps personal data; which period holds is the
    # archive's to say, so none is set until the office does.
    "retention_years": Spec(0, _number(0, 100), "số năm từ 0 đến 100, 0 là chưa quy định"),
    # Minutes without a key or a click after which the screen locks, where people sign in.
    "lock_minutes": Spec(10, _number(0, 240), "số phút từ 0 đến 240, 0 là không tự khóa"),
    "current_clerk": Spec("", _text, "tên công chức đang trực quầy"),
    "usual_reasons": Spec(
        [
            "Cần thêm thời gian thẩm tra, xác minh hồ sơ",
            "Chờ ý kiến của cơ quan phối hợp",
            "Hệ thống cơ sở dữ liệu gián đoạn",
            "Số lượng hồ sơ tăng đột biến",
        ],
        _lines,
        "danh sách lý do, cách nhau bằng dấu ;",
    ),
}


# What is this PC's own: whoever works at it may set it, and no other desk gets it.
OWN_KEYS = frozenset(
    {
        "printer",
        "printer_mends",
        "scale",
        "palette",
        "current_clerk",
        "scanner_port",
        "scanner_speed",
        "web_strip_place",
        "rail",
        "favourites",
        "sync_folder",
    }
)
# Other hours are another calendar: promises say by which version they were made.
_CALENDAR_KEYS = ("weekday_hours", "saturday_hours", "saturday_counts")
_VERSION = "_calendar_version"


def get_settings(store: Store) -> dict[str, Any]:
    """Return every setting, what was set or its default."""
    known: dict[str, Any] | None = store.cache.get("settings")
    if known is None:
        known = {key: spec.default for key, spec in SPECS.items()}
        for key, value in store.rows("SELECT key, value FROM setting"):
            if key in SPECS:
                known[key] = json.loads(value)
        store.cache["settings"] = known
    return known


def get_setting(store: Store, key: str) -> Any:  # noqa: ANN401 - a setting holds any JSON value
    """Return one setting.

    Raises:
        NotFoundError: there is no setting of that name.
    """
    if key not in SPECS:
        raise NotFoundError(
            f"Không có cài đặt “{key}”. Các cài đặt: {', '.join(SPECS)}.", field="key"
        )
    return get_settings(store)[key]


def act_of(key: str) -> str:
    """Return which act of the table of rights it is to change a setting, or the office's facts."""
    from counter_app.domain.rights import Act  # reading what holds needs it not

    if key in OWN_KEYS:
        return Act.DESK
    return Act.SETTINGS if key in SPECS else Act.SET_UP


def set_setting(store: Store, *, key: str, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Set one setting from its text (or an already read value) and return what holds now.

    Raises:
        InputError: the text isn't what this setting may hold; nothing changed.
    """
    get_setting(store, key)
    spec = SPECS[key]
    if isinstance(value, str):
        try:
            value = spec.read(value)
        except ValueError as error:
            raise InputError(
                f"Giá trị “{value}” không dùng được cho “{key}”: cần {spec.expects}.", field=key
            ) from error
    _check_opens(store, key, value)
    if key == "form_set":
        _check_form_set(store, value)
    _check_profile(key, value)
    from counter_app.services import audit  # reading what holds needs it not

    with store.transaction():
        audit.record(store, act_of(key), target=key, was=get_settings(store)[key], now=value)
        store.execute(
            "INSERT INTO setting (key, value) VALUES (?, ?) "
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (key, json.dumps(value, ensure_ascii=False)),
        )
        if key in _CALENDAR_KEYS:
            bump_calendar(store)
        store.cache.clear()
    return value


def _check_opens(store: Store, key: str, value: object) -> None:
    """Refuse a week without a single opening: nothing could be promised."""
    other = {"weekday_hours": "saturday_hours", "saturday_hours": "weekday_hours"}.get(key)
    if other is not None and not value and not get_setting(store, other):
        raise InputError("Cần ít nhất một khung giờ làm việc trong tuần.", field=key)


def _check_form_set(store: Store, name: str) -> None:
    """Refuse a form set that isn't here: nothing could be printed."""
    from counter_app.services.paper_events import wordings

    known = sorted({form.form_set for form in wordings(store).forms.values()})
    if name not in {"auto", *known}:
        raise InputError(
            f"Không có bộ biểu mẫu “{name}”. Chọn: auto, {', '.join(known)}.", field="form_set"
        )


def _check_profile(key: str, value: object) -> None:
    """Refuse a profile of the web form that the strip couldn't read."""
    if key != "web_profile":
        return
    try:
        parse_profile(value if isinstance(value, list) else [])
    except ValueError as error:
        raise InputError(str(error), field=key) from error


def calendar_version(store: Store) -> int:
    """Return the number of the office's calendar, which every change moves on."""
    row = store.row("SELECT value FROM setting WHERE key = ?", (_VERSION,))
    return int(row[0]) if row else 0


def bump_calendar(store: Store) -> None:
    """Move the calendar's number on; part of the running transaction."""
    store.execute(
        "INSERT INTO setting (key, value) VALUES (?, '1') "
        "ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1",
        (_VERSION,),
    )
