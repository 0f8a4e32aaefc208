"""What the office has decided, held against its seal: what was edited from outside, by name."""

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
NO_SEAL = "mất dấu niêm phong các quyết định của cơ quan"
OTHER_SEAL = "dấu niêm phong các quyết định của cơ quan không đúng"
PUT_BACK = "các quyết định của cơ quan bị đưa về lúc trước"
MEND = (
    "Giữ nguyên tệp dữ liệu và báo người phụ trách. Xem Nhật ký để biết giá trị đã đặt, đặt lại "
    "trong chương trình rồi kiểm tra lại."
)
KINDS = (EDITED, ADDED, GONE, NO_SEAL, OTHER_SEAL, PUT_BACK)
_HOW = {"edited": EDITED, "added": ADDED, "gone": GONE}
_ALL = "cài đặt, tài khoản, lịch, danh mục"


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
        yield _HOW[how], _named(kind, name)


def _named(kind: str, name: str) -> str:
    """Name a row as the office does."""
    first, _, rest = name.partition(" ")
    if kind == "procedure":
        return f"thủ tục {first} áp dụng từ {_day(rest)}"
    if kind == "calendarday":
        return f"ngày {_day(first)} trong lịch"
    return _NAMES[kind].format(name)


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
}
