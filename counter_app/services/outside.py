"""What stands outside the data held against them: the anchor's marks, other desks' words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from counter_app.domain.moments import from_epoch
from counter_app.storage.anchor import DECIDED
from counter_app.storage.anchor import LOG as LOG_MARKS
from counter_app.storage.seal_key import LOG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counter_app.storage.anchor import Mark
    from counter_app.storage.database import Store

LOST_END, LOST = "sự kiện cuối đã lưu", "mất sự kiện mà neo ghi là đã lưu"
OTHER_HISTORY = "lịch sử khác với neo ghi lúc lưu"
LOST_LINES, OTHER_LOG = "dòng nhật ký cuối đã lưu", "nhật ký khác với neo ghi lúc lưu"
OTHER_HEAD = "quầy khác giữ dấu chuỗi khác"
MEND_FOLDER = "Nhờ người quản trị máy cấp quyền ghi cho thư mục đó."
_LINK = "SELECT head_hash FROM event WHERE origin = ? AND epoch = ? AND sequence = ?"
_LAST = "SELECT coalesce(max(sequence), 0) FROM event WHERE origin = ? AND epoch = ?"
_LINE = "SELECT head_hash FROM auditentry WHERE id = ?"


class Outside(NamedTuple):
    """What the anchor says, read before the moment of the data that it is held against."""

    marks: list[Mark]
    log_marks: list[Mark]
    decided_marks: list[Mark]
    pages: list[int]
    problem: str


def read(store: Store) -> Outside:
    """Read the anchor; what is saved after this is longer than it says."""
    if store.anchor is None:
        return Outside([], [], [], [], "")
    marks = (store.anchor.marks(), store.anchor.marks(LOG_MARKS), store.anchor.marks(DECIDED))
    return Outside(*marks, store.changed_pages(), store.anchor.problem)


def differing(store: Store, outside: Outside) -> Iterator[tuple[str, str]]:
    """Yield what the data lack of what the last save left, and pages changed while closed."""
    for mark in outside.marks:
        row = store.row(_LINK, (mark.origin, mark.epoch, mark.sequence))
        where = f"sự kiện {mark.sequence} lúc {from_epoch(mark.moment):%H:%M %d/%m/%Y}"
        if row is None:
            last = store.row(_LAST, (mark.origin, mark.epoch))
            lost = mark.sequence - (last[0] if last else 0)
            yield f"mất {lost} {LOST_END}" if lost > 0 else LOST, where
        elif row[0] != mark.head:
            yield OTHER_HISTORY, where
    for mark in outside.log_marks:
        row = store.row(_LINE, (mark.sequence,))
        where = f"dòng {mark.sequence} lúc {from_epoch(mark.moment):%H:%M %d/%m/%Y}"
        if row is None:
            last = store.row("SELECT coalesce(max(id), 0) FROM auditentry")
            yield f"mất {mark.sequence - (last[0] if last else 0)} {LOST_LINES}", where
        elif row[0] != mark.head:
            yield OTHER_LOG, where
    for page in outside.pages:
        yield "tệp bị đổi khi chương trình đang đóng", f"trang {page} của tệp dữ liệu"
    yield from _as_others_say(store)


def _as_others_say(store: Store) -> Iterator[tuple[str, str]]:
    """Yield where another desk holds another last link of this desk's chains than stand here."""
    here = store.row("SELECT uuid, epoch FROM installation WHERE is_self = 1") or ("", 0)
    rows = store.rows(
        "SELECT h.chain, h.sequence, h.head_hash, coalesce(max(k.counter_name), h.holder) "
        "FROM heldhead h LEFT JOIN knownchain k ON k.origin = h.holder "
        "WHERE h.chain GLOB ? GROUP BY h.holder, h.chain",
        (f"*{here[0]}/*",),
    )
    for chain, sequence, head, holder in rows:
        name, _, epoch = chain.rpartition("/")
        if name.startswith(f"{LOG}:"):
            row = store.row(_LINE, (sequence,))
            # What an earlier epoch wrote may have been lost with it, which was told then.
            is_other = (row is None or row[0] != head) and int(epoch) == here[1]
            what = f"nhật ký, dòng {sequence}"
        else:
            row = store.row(_LINK, (name, int(epoch), sequence))
            is_other = row is not None and row[0] != head
            what = f"sự kiện {sequence}"
        if is_other:
            yield OTHER_HEAD, f"{what}, theo {holder}"
