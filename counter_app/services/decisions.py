"""What has no events, held against its seal: what was edited from outside, by name."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from counter_app.domain.words import format_date
from counter_app.services.seals import Seals
from counter_app.storage import decided

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from counter_app.storage.anchor import Mark
    from counter_app.storage.database import Store

EDITED, ADDED, GONE = (
    f"quyết định của cơ quan bị {how} từ bên ngoài" for how in ("sửa", "thêm", "xóa")
)
ROW_EDITED, ROW_ADDED, ROW_GONE = (
    f"dòng đã ghi bị {how} từ bên ngoài" for how in ("sửa", "thêm", "xóa")
)
ROW_KINDS = (ROW_EDITED, ROW_ADDED, ROW_GONE)
NO_SEAL = "mất dấu niêm phong các quyết định của cơ quan"
OTHER_SEAL = "dấu niêm phong các quyết định của cơ quan không đúng"
PUT_BACK = "các quyết định của cơ quan bị đưa về lúc trước"
MEND = (
    "Giữ nguyên tệp dữ liệu và báo người phụ trách. Xem Nhật ký để biết giá trị đã đặt, đặt lại "
    "trong chương trình rồi kiểm tra lại."
)
KINDS = (EDITED, ADDED, GONE, *ROW_KINDS, NO_SEAL, OTHER_SEAL, PUT_BACK)
_HOW = {"edited": (EDITED, ROW_EDITED), "added": (ADDED, ROW_ADDED), "gone": (GONE, ROW_GONE)}
_ALL = "cài đặt, tài khoản, lịch, danh mục, danh sách, số đã cấp"


def differing(store: Store, marks: Sequence[Mark] = ()) -> Iterator[tuple[str, str]]:
    """Yield what isn't as it was decided through the program: what is wrong, and which row.

    Args:
        store: the data.
        marks: how far the decisions had come by the other folder, read before this moment.
    """
    here = store.row("SELECT uuid FROM installation WHERE is_self = 1") or ("",)
    chain, seals = decided.chain_of(here[0]), Seals(store)
    connection = store.database.connection()
    kept = decided.read(connection)
    if kept is None:
        if seals.has_begun(chain):
            yield NO_SEAL, _ALL
        return
    if seals.are_wrong(chain, kept.times, kept.content, kept.seal):
        yield OTHER_SEAL, _ALL
    for mark in marks:
        is_older = kept.times < mark.sequence
        if mark.origin == here[0] and (
            is_older or (kept.times == mark.sequence and kept.head != mark.head)
        ):
            yield PUT_BACK, f"lần ghi {mark.sequence}, nay là lần {kept.times}"
    for how, kind, name in decided.differing(connection, kept):
        if how == "unsealed":
            yield OTHER_SEAL, _MANY[kind]
        else:
            yield _HOW[how][kind in _MANY], _named(store, kind, name)


def _named(store: Store, kind: str, name: str) -> str:
    """Name a row as the office does, and the dossier that it speaks of."""
    first, _, rest = name.partition(" ")
    if kind == "procedure":
        return f"thủ tục {first} áp dụng từ {_day(rest)}"
    if kind == "calendarday":
        return f"ngày {_day(first)} trong lịch"
    if kind == "registerentry":
        year, number, book = rest.split(" ", 2)
        told = f"số {number} trong sổ theo dõi năm {year}{f', {book}' if book else ''}"
    elif kind == "sheetrow":
        part, position = rest.split(" ")
        code = store.row("SELECT code FROM officepaper WHERE id = ?", (int(first),))
        told = f"dòng {position} {_PARTS[part]} của {code[0] if code else f'tờ số {first}'}"
    elif kind in _NAMES:
        told = _NAMES[kind].format(name)
    else:
        told = f"{_MANY[kind]}, {name}"
    return f"{told}{_dossier_of(store, kind, name)}"


def _dossier_of(store: Store, kind: str, name: str) -> str:
    if kind not in _OF_DOSSIERS:
        return ""
    parts = name.split(" ", _OF_DOSSIERS[kind].count("?") - 1)
    row = store.row(f"{_CODE} {_OF_DOSSIERS[kind]}", parts)
    return f", hồ sơ {row[0]}" if row else ""


def _day(text: str) -> str:
    try:
        return format_date(date.fromisoformat(text))
    except ValueError:
        return text


_NAMES = {
    "office": "tên và mã của cơ quan",
    "installation": "tên và số của quầy",
    "setting": "cài đặt {}",
    "account": "tài khoản {}",
    "officer": "cán bộ {}",
    "calendaryear": "lịch năm {}",
    "formversion": "lời văn biểu mẫu {}",
    "listmapping": "cách đọc tệp {}",
    "reservednumber": "số giấy giữ trước {}",
    "importrun": "lần nhập danh sách số {}",
    "syncrun": "lần gửi hoặc nhận gói số {}",
    "invitation": "tệp mời quầy số {}",
}
_MANY = {
    "officepaper": "giấy tờ của bộ phận (danh sách bàn giao, tờ 15 giờ, bộ giấy mất điện)",
    "reservednumber": "số giấy giữ trước",
    "sheetrow": "dòng của tờ 15 giờ",
    "series": "số cuối đã cấp của dãy",
    "registerentry": "số thứ tự sổ theo dõi",
    "frozenreport": "báo cáo đã chốt",
    "importrun": "lần nhập danh sách",
    "syncrun": "lần gửi hoặc nhận gói",
    "syncrunevent": "sự kiện mà một lần nhận gói mang đến",
    "invitation": "tệp mời đã cấp",
    "knownchain": "chuỗi sự kiện đã biết",
    "heldevent": "sự kiện chờ gói còn thiếu",
    "heldhead": "dấu chuỗi mà quầy khác giữ",
    "acknowledged": "điều quầy khác báo đã nhận",
    "waitingevent": "sự kiện chờ quyết định",
    "openconflict": "mâu thuẫn chưa quyết định",
}
_PARTS = {"handed": "phần bàn giao", "due": "phần đến hạn"}
_CODE = "SELECT coalesce(d.official_code, d.code) FROM dossier d"
_OF_DOSSIERS = {
    "reservednumber": "JOIN reservednumber r ON r.dossier_id = d.id WHERE r.number = ?",
    "registerentry": (
        "JOIN registerentry r ON r.dossier_id = d.id "
        "WHERE r.office_id = ? AND r.year = ? AND r.number = ? AND r.book = ?"
    ),
    "sheetrow": (
        "JOIN sheetrow r ON r.dossier_id = d.id "
        "WHERE r.paper_id = ? AND r.part = ? AND r.position = ?"
    ),
    "openconflict": "JOIN openconflict r ON r.dossier_uuid = d.uuid WHERE r.id = ?",
    "waitingevent": "JOIN event e ON e.dossier_uuid = d.uuid WHERE e.uuid = ?",
}
