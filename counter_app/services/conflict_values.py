"""The values of fields that desks disagree on: how they are called, shown and written anew."""

from __future__ import annotations

from counter_app.domain.dossier import CHANNEL_LABELS, STATUS_LABELS, Channel, Status
from counter_app.domain.moments import from_epoch
from counter_app.domain.text import fold
from counter_app.errors import InputError
from counter_app.services.turns import check_line

FIELD_LABELS = {
    "address": "Địa chỉ",
    "applicant_name": "Chủ hồ sơ",
    "birth_date": "Ngày sinh",
    "book": "Sổ",
    "channel": "Hình thức tiếp nhận",
    "citizen_id": "Số định danh",
    "code": "Mã hồ sơ",
    "collected_by": "Người nhận kết quả",
    "competent_unit": "Cơ quan có thẩm quyền",
    "content": "Nội dung",
    "copies": "Số bộ",
    "documents": "Thành phần hồ sơ",
    "due_at": "Ngày hẹn trả",
    "email": "Thư điện tử",
    "fee": "Mức phí, lệ phí",
    "fee_copies": "Số bản tính phí",
    "fee_exempt_reason": "Lý do miễn phí",
    "fee_pages": "Số trang tính phí",
    "fee_paid": "Phí đã nộp",
    "fee_paid_at": "Giờ nộp phí",
    "fee_receipt": "Số biên lai",
    "fee_text": "Phí, lệ phí",
    "handling_officer": "Cán bộ thụ lý",
    "id_kind": "Loại giấy tờ",
    "late_reason": "Lý do chậm",
    "limit": "Thời hạn",
    "note": "Ghi chú",
    "official_code": "Mã chính thức",
    "phone": "Số điện thoại",
    "procedure_code": "Mã thủ tục",
    "procedure_name": "Tên thủ tục",
    "received_at": "Giờ nhận",
    "reception_officer": "Cán bộ tiếp nhận",
    "rescheduled_due_at": "Ngày hẹn lại",
    "resolving_unit": "Cơ quan giải quyết",
    "result_to": "Nơi nhận kết quả",
    "returned_at": "Giờ trả kết quả",
    "returned_via": "Cách trả kết quả",
    "sector": "Lĩnh vực",
    "sex": "Giới tính",
    "status": "Trạng thái",
    "subject_name": "Người được khai",
    "submitter_id": "Số định danh người nộp",
    "submitter_name": "Người nộp",
    "tax_code": "Mã số thuế",
}
# Plain lines of text; what has a form of its own is put right by a correction afterwards.
WRITABLE = frozenset(
    {
        "address",
        "applicant_name",
        "content",
        "email",
        "note",
        "handling_officer",
        "phone",
        "subject_name",
        "submitter_name",
    }
)
_WAYS = {"counter": "Tại quầy", "post": "Qua bưu chính", "online": "Trực tuyến"}
CHOICES: dict[str, dict[str, str]] = {
    "channel": {channel.value: CHANNEL_LABELS[channel] for channel in Channel},
    "result_to": _WAYS,
    "returned_via": _WAYS,
    "sex": {"female": "Nữ", "male": "Nam"},
}
"""What a field may hold where it is chosen and not written: the value with its words."""
TAKING = WRITABLE | CHOICES.keys()
"""Fields for which a third value can be given."""


def shown(field: str, value: object) -> str:
    """Write a field's value as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, int) and field.endswith("_at"):
        return f"{from_epoch(value):%H:%M %d/%m/%Y}"
    if isinstance(value, list):
        return "; ".join(
            str(one.get("name", one)) if isinstance(one, dict) else str(one) for one in value
        )
    if field == "status" and value in set(Status):
        return STATUS_LABELS[Status(str(value))]
    return CHOICES.get(field, {}).get(str(value), str(value))


def written(field: str, value: str) -> str:
    """Return a third value as it is stored; of a field with choices its words will do.

    Raises:
        InputError: the field can't be written so, or has no such choice.
    """
    if field not in TAKING:
        raise InputError(
            f"“{FIELD_LABELS.get(field, field)}” chỉ chọn giữ một trong hai bên; cần giá trị "
            "khác thì giữ một bên rồi sửa thông tin hồ sơ. Chưa thay đổi gì.",
            field="value",
        )
    text = check_line(value, field="value", label="Giá trị")
    known = CHOICES.get(field)
    if known is None:
        return text
    found = next((v for v, words in known.items() if fold(text) in {v, fold(words)}), None)
    if found is None:
        raise InputError(
            f"“{FIELD_LABELS[field]}” chỉ nhận: {', '.join(known.values())}. Chưa thay đổi gì.",
            field="value",
        )
    return found
