"""Plain lists of dossiers (danh sách hồ sơ): what a row can say, and its columns.

A list comes from, or goes to, another system or a spreadsheet. The columns are those of the
contract for plain lists; a system's own headings and words are matched to them in ``tabular``.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from counter_app.domain.dossier import CHANNEL_LABELS, STATUS_LABELS, Channel, Status


class CellKind(StrEnum):
    """How a column's cells are read and written."""

    CODE = "code"  # one line, kept as it stands
    TEXT = "text"  # one line
    PROSE = "prose"  # may hold line breaks
    CITIZEN = "citizen"
    TAX = "tax"
    IDENTITY = "identity"  # one column for citizen numbers and tax codes, as some systems have it
    PHONE = "phone"
    MOMENT = "moment"
    STATUS = "status"
    CHANNEL = "channel"
    AMOUNT = "amount"
    PAID = "paid"


class ListColumn(NamedTuple):
    """A column (cột) of a plain list; ``name`` is the field of ``ListRow`` and the JSON name."""

    name: str
    heading: str
    kind: CellKind
    limit: int = 200  # letters; longer is no such thing, but a broken file


class ListRow(NamedTuple):
    """What one row of a plain list says (dòng danh sách); text is empty where it is silent."""

    code: str = ""
    procedure_code: str = ""
    procedure_name: str = ""
    sector: str = ""
    applicant_name: str = ""
    citizen_id: str = ""
    tax_code: str = ""
    address: str = ""
    phone: str = ""
    content: str = ""
    channel: Channel | None = None
    received_at: datetime | None = None
    due_at: datetime | None = None
    rescheduled_due_at: datetime | None = None
    completed_at: datetime | None = None
    returned_at: datetime | None = None
    status: Status | None = None
    resolving_unit: str = ""
    reception_officer: str = ""
    handling_officer: str = ""
    fee: int | None = None
    fee_paid: int | None = None
    note: str = ""
    official_code: str = ""
    date_only: frozenset[str] = frozenset()
    """Names of the moments that came as a day without a time; they stand at 00:00 here."""


class RowError(NamedTuple):
    """Why a row, or one cell of it, can't be taken: line, heading and reason (lý do)."""

    line: int
    column: str
    message: str


class RowNote(NamedTuple):
    """What was mended or left out in a row that is taken (ghi chú)."""

    line: int
    column: str
    message: str


class DoubtError(Exception):
    """What a row tells only a person can decide about; the message is a Vietnamese sentence."""

    def __init__(self, column: str, message: str) -> None:
        """Name the column in doubt and say what stands against what."""
        super().__init__(message)
        self.column = column
        self.message = message


LIST_COLUMNS: tuple[ListColumn, ...] = (
    ListColumn("code", "Mã hồ sơ", CellKind.CODE, 100),
    ListColumn("procedure_code", "Mã TTHC", CellKind.CODE, 100),
    ListColumn("procedure_name", "Tên TTHC", CellKind.TEXT, 1000),
    ListColumn("sector", "Lĩnh vực", CellKind.TEXT, 300),
    ListColumn("applicant_name", "Chủ hồ sơ", CellKind.TEXT, 300),
    ListColumn("citizen_id", "Số định danh", CellKind.CITIZEN, 50),
    ListColumn("tax_code", "Mã số thuế", CellKind.TAX, 50),
    ListColumn("address", "Địa chỉ", CellKind.TEXT, 500),
    ListColumn("phone", "Số điện thoại", CellKind.PHONE, 100),
    ListColumn("content", "Nội dung", CellKind.PROSE, 2000),
    ListColumn("channel", "Hình thức tiếp nhận", CellKind.CHANNEL),
    ListColumn("received_at", "Ngày giờ tiếp nhận", CellKind.MOMENT),
    ListColumn("due_at", "Ngày giờ hẹn trả", CellKind.MOMENT),
    ListColumn("rescheduled_due_at", "Ngày giờ hẹn lại", CellKind.MOMENT),
    ListColumn("completed_at", "Ngày giờ có kết quả", CellKind.MOMENT),
    ListColumn("returned_at", "Ngày giờ trả", CellKind.MOMENT),
    ListColumn("status", "Trạng thái", CellKind.STATUS),
    ListColumn("resolving_unit", "Cơ quan giải quyết", CellKind.TEXT, 300),
    ListColumn("reception_officer", "Cán bộ tiếp nhận", CellKind.TEXT),
    ListColumn("handling_officer", "Cán bộ thụ lý", CellKind.TEXT),
    ListColumn("fee", "Phí, lệ phí", CellKind.AMOUNT),
    ListColumn("fee_paid", "Đã nộp phí", CellKind.PAID),
    ListColumn("note", "Ghi chú", CellKind.PROSE, 2000),
)

READ_ONLY_COLUMNS: tuple[ListColumn, ...] = (
    # A list that was kept here carries both codes: our provisional one and the official one.
    ListColumn("official_code", "Mã hồ sơ chính thức", CellKind.CODE, 100),
    ListColumn("citizen_or_tax", "Số định danh/Mã số thuế", CellKind.IDENTITY, 50),
)
"""Columns that are understood in a list, though a list written here doesn't have them."""

COLUMNS_BY_NAME: dict[str, ListColumn] = {c.name: c for c in LIST_COLUMNS + READ_ONLY_COLUMNS}
HEADINGS: tuple[str, ...] = tuple(column.heading for column in LIST_COLUMNS)

STATUS_WORDS: dict[str, Status] = {label: status for status, label in STATUS_LABELS.items()} | {
    "Mới tiếp nhận": Status.RECEIVED,
    "Tiếp nhận": Status.RECEIVED,
    "Đã tiếp nhận hồ sơ": Status.RECEIVED,
    "Chờ xử lý": Status.RECEIVED,
    "Đang giải quyết": Status.PROCESSING,
    "Đang thụ lý": Status.PROCESSING,
    "Đang thẩm định": Status.PROCESSING,
    "Chuyển xử lý": Status.PROCESSING,
    "Đã chuyển xử lý": Status.PROCESSING,
    "Trình duyệt": Status.PROCESSING,
    "Đang trình duyệt": Status.PROCESSING,
    "Trình ký": Status.PROCESSING,
    "Đang trình ký": Status.PROCESSING,
    "Chờ phê duyệt": Status.PROCESSING,
    "Bổ sung": Status.AWAITING_SUPPLEMENT,
    "Bổ sung hồ sơ": Status.AWAITING_SUPPLEMENT,
    "Chờ bổ sung": Status.AWAITING_SUPPLEMENT,
    "Chờ bổ sung hồ sơ": Status.AWAITING_SUPPLEMENT,
    "Đang bổ sung": Status.AWAITING_SUPPLEMENT,
    "Yêu cầu bổ sung hồ sơ": Status.AWAITING_SUPPLEMENT,
    "Yêu cầu bổ sung giấy tờ": Status.AWAITING_SUPPLEMENT,
    "Chờ nghĩa vụ tài chính": Status.AWAITING_PAYMENT,
    "Thực hiện nghĩa vụ tài chính": Status.AWAITING_PAYMENT,
    "Chờ thanh toán": Status.AWAITING_PAYMENT,
    "Đã có kết quả": Status.COMPLETED,
    "Có kết quả": Status.COMPLETED,
    "Chờ trả": Status.COMPLETED,
    "Đã xử lý xong": Status.COMPLETED,
    "Đã trả": Status.RETURNED,
    "Trả kết quả": Status.RETURNED,
    "Đã trả kết quả cho công dân": Status.RETURNED,
    "Đã từ chối": Status.REFUSED,
    "Từ chối giải quyết": Status.REFUSED,
    "Không giải quyết": Status.REFUSED,
    "Rút": Status.WITHDRAWN,
    "Xin rút": Status.WITHDRAWN,
    "Đã rút": Status.WITHDRAWN,
    "Đã rút hồ sơ": Status.WITHDRAWN,
    "Công dân rút hồ sơ": Status.WITHDRAWN,
    "Công dân xin rút": Status.WITHDRAWN,
    "Công dân yêu cầu rút hồ sơ": Status.WITHDRAWN,
    "Dừng giải quyết": Status.STOPPED,
    "Đã dừng xử lý": Status.STOPPED,
    "Hủy hồ sơ": Status.STOPPED,
}
"""What official systems write for a state. "Tạm dừng" is missing on purpose: it is a pause."""

NOT_YET_RECEIVED_WORDS: tuple[str, ...] = (
    "Chờ tiếp nhận",
    "Chưa tiếp nhận",
    "Chờ tiếp nhận trực tuyến",
    "Đăng ký trực tuyến",
)
"""States of an online submission that nobody has received: it has no promise and is no dossier."""

CHANNEL_WORDS: dict[str, Channel] = {
    label: channel for channel, label in CHANNEL_LABELS.items()
} | {
    "Nộp trực tiếp": Channel.COUNTER,
    "Tiếp nhận trực tiếp": Channel.COUNTER,
    "Tại quầy": Channel.COUNTER,
    "Một cửa": Channel.COUNTER,
    "Tại bộ phận một cửa": Channel.COUNTER,
    "Nộp trực tuyến": Channel.ONLINE,
    "Tiếp nhận trực tuyến": Channel.ONLINE,
    "Online": Channel.ONLINE,
    "Qua mạng": Channel.ONLINE,
    "Trực tuyến toàn trình": Channel.ONLINE,
    "Trực tuyến một phần": Channel.ONLINE,
    "Toàn trình": Channel.ONLINE,
    "Một phần": Channel.ONLINE,
    "Dịch vụ công trực tuyến": Channel.ONLINE,
    "Cổng DVCQG": Channel.ONLINE,
    "Cổng Dịch vụ công quốc gia": Channel.ONLINE,
    "Qua bưu chính": Channel.POST,
    "Bưu chính công ích": Channel.POST,
    "Dịch vụ bưu chính công ích": Channel.POST,
    "Qua dịch vụ bưu chính công ích": Channel.POST,
    "BCCI": Channel.POST,
    "Bưu điện": Channel.POST,
    "Qua bưu điện": Channel.POST,
    "Nơi khác chuyển đến": Channel.TRANSFER,
    "Chuyển đến": Channel.TRANSFER,
    "Liên thông": Channel.TRANSFER,
}
