"""What a clerk typed, tidied and checked field by field before anything is saved."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.days import parse_birth
from counter_app.domain.deadlines import parse_limit
from counter_app.domain.dossier import Channel
from counter_app.domain.fees import fee_for
from counter_app.domain.identity import (
    WARNING_TEXTS,
    Sex,
    check_citizen_id,
    check_old_id,
    check_passport,
    check_phone,
    check_tax_code,
)
from counter_app.domain.moments import to_epoch, to_minute
from counter_app.domain.numbering import check_official_code, parse_office_paper
from counter_app.domain.vietnamese import clean_line, clean_text, unsupported_characters
from counter_app.errors import InputError, NotFoundError, UserError
from counter_app.services import catalogue
from counter_app.services.settings import get_setting

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from counter_app.domain.catalogue import Procedure
    from counter_app.domain.facts import ReceiveRequest
    from counter_app.storage.database import Store

_LONGEST = {
    "applicant_name": 150,
    "submitter_name": 150,
    "subject_name": 150,
    "address": 250,
    "content": 500,
    "email": 100,
    "received_reason": 200,
    "limit_reason": 200,
    "competent_unit": 150,
    "received_unit": 150,
    "helped_unit": 150,
    "paper_number": 40,
    "note": 500,
    "by": 150,
}
_LABELS = {
    "applicant_name": "Họ tên",
    "submitter_name": "Tên người nộp",
    "subject_name": "Tên người được khai",
    "address": "Địa chỉ",
    "content": "Nội dung",
    "email": "Email",
    "received_reason": "Lý do lùi giờ nhận",
    "limit_reason": "Lý do đổi thời hạn",
    "competent_unit": "Cơ quan có thẩm quyền",
    "received_unit": "Nơi tiếp nhận",
    "helped_unit": "Nơi hỗ trợ nộp",
    "paper_number": "Số giấy",
    "note": "Ghi chú",
    "by": "Tên công chức tiếp nhận",
}
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_MOST_SETS = 999
_MOST_DOCUMENTS = 60
_LONGEST_BIRTH_NUMBER = 30
# A form that was begun some minutes ago isn't entered late.
LATE_ENTRY_SECONDS = 900
_ID_KINDS = ("citizen", "old", "passport", "birth", "none")
_OTHER_IDS = {"old": check_old_id, "passport": check_passport}
_SEXES: dict[str, Sex] = {"male": "male", "female": "female"}
_OWNER_KINDS = ("person", "organisation")
_CHANNELS = tuple(channel.value for channel in Channel)
_RESULT_TO = ("counter", "post", "online")


class Tidied(NamedTuple):
    """A request as it can be saved: values by state key, the procedure, errors and warnings."""

    values: dict[str, Any]
    procedure: Procedure | None
    received_at: datetime
    errors: list[InputError]
    warnings: list[str]


class _Desk:
    """Collects errors, so that all fields that need the clerk are shown at once."""

    def __init__(self) -> None:
        self.errors: list[InputError] = []
        self.warnings: list[str] = []

    def fail(self, field: str, sentence: str) -> None:
        self.errors.append(InputError(sentence, field=field))

    def line(self, request: ReceiveRequest, field: str, *, is_text: bool = False) -> str:
        raw = getattr(request, field)
        if not raw:
            return ""
        value = clean_text(raw) if is_text else clean_line(raw)
        if len(value) > _LONGEST[field]:
            self.fail(
                field,
                f"{_LABELS[field]} dài {len(value)} ký tự, tối đa {_LONGEST[field]}. "
                "Viết gọn lại rồi lưu.",
            )
        strange = unsupported_characters(value)
        if strange:
            self.fail(
                field,
                f"{_LABELS[field]} có ký tự không in được: {' '.join(strange[:3])}. "
                "Xóa ký tự đó rồi lưu.",
            )
        return value

    def name(self, request: ReceiveRequest, field: str, label: str = "") -> str:
        """Read a name; digits and signs alone are a number in the wrong field."""
        value = self.line(request, field)
        if value and not any(map(str.isalpha, value)):
            self.fail(field, f"{label or _LABELS[field]} cần có chữ, không chỉ có số.")
        return value

    def read(self, field: str, reader: Callable[[], Any], default: object = None) -> Any:  # noqa: ANN401
        try:
            return reader()
        except UserError as error:
            self.fail(field, error.message)
        except ValueError as error:
            self.fail(field, str(error))
        return default


def tidy(store: Store, request: ReceiveRequest, *, now: datetime) -> Tidied:
    """Check every field of a request; nothing is saved here."""
    desk = _Desk()
    received_at = to_minute(request.received_at or now)
    if received_at > now:
        desk.fail(
            "received_at",
            f"Giờ nhận {received_at:%H:%M %d/%m/%Y} ở sau giờ hiện tại. "
            "Sửa giờ nhận hoặc xem lại đồng hồ máy.",
        )
        received_at = to_minute(now)
    procedure = _procedure(store, request, received_at, desk)
    values: dict[str, Any] = {
        "channel": _channel(desk, request),
        "result_to": _choice(desk, "result_to", request.result_to, _RESULT_TO),
        "content": desk.line(request, "content", is_text=True),
        "note": desk.line(request, "note", is_text=True),
        "subject_name": desk.name(request, "subject_name"),
        **_bodies(desk, request),
        "group": request.group,
        "paper_number": _paper_number(store, desk, request),
        "copies": request.copies,
        "documents": _documents(desk, request),
        "received_at": to_epoch(received_at),
        "recorded_at": to_epoch(now),
        "entered_late": int((now - received_at).total_seconds() > LATE_ENTRY_SECONDS),
        "reception_officer": desk.line(request, "by"),
    }
    if not 1 <= request.copies <= _MOST_SETS:
        desk.fail("copies", f"Số bộ hồ sơ phải từ 1 đến {_MOST_SETS}.")
    if values["entered_late"] and not request.received_reason.strip() and not request.paper_number:
        desk.warnings.append("Hồ sơ được ghi sau giờ nhận; hệ thống đánh dấu là nhập sau.")
    values["received_reason"] = desk.line(request, "received_reason")
    values.update(_owner(desk, request, today=received_at.date()))
    values.update(_submitter(desk, request, values))
    values["official_code"] = _official(store, desk, request)
    values.update(_moments(desk, request, received_at, now=now))
    if procedure is not None:
        values.update(
            procedure_code=procedure.code,
            procedure_name=procedure.name,
            sector=procedure.sector,
            fee_text=procedure.fee.describe(),
            fee=_fee(procedure, request),
            fee_pages=request.fee_pages,
            fee_copies=request.fee_copies,
            resolving_unit=values["competent_unit"] or procedure.unit,
        )
    return Tidied(values, procedure, received_at, desk.errors, desk.warnings)


def _fee(procedure: Procedure, request: ReceiveRequest) -> int | None:
    """Count the fee where the tariff is certain; one by the page waits for their number."""
    if "fee" in procedure.unconfirmed and not request.fee_copies:
        return None
    return fee_for(procedure.fee, pages=request.fee_pages, copies=request.fee_copies or 1)


def _bodies(desk: _Desk, request: ReceiveRequest) -> dict[str, str]:
    """Check the three bodies of a dossier: helped at, received at, competent (phi địa giới).

    NĐ 118/2025 Điều 14.4 as amended by NĐ 309/2026 Điều 7. An empty one is this office.
    """
    competent = desk.line(request, "competent_unit")
    received = desk.line(request, "received_unit")
    if competent and received:
        desk.fail(
            "received_unit",
            "Hồ sơ nhận ở nơi khác và thuộc thẩm quyền nơi khác thì không ghi ở đơn vị này. "
            "Bỏ một trong hai ô rồi lưu.",
        )
    return {
        "competent_unit": competent,
        "received_unit": received,
        "helped_unit": desk.line(request, "helped_unit"),
    }


def _moments(
    desk: _Desk, request: ReceiveRequest, received_at: datetime, *, now: datetime
) -> dict[str, int]:
    """Check the moments beside that of receipt: sent, received by the competent body, promised."""
    values = {}
    if request.submitted_at is not None:
        if to_minute(request.submitted_at) > now:
            desk.fail("submitted_at", "Giờ nộp ở sau giờ hiện tại. Sửa lại giờ nộp.")
        values["submitted_at"] = to_epoch(to_minute(request.submitted_at))
    if request.competent_at is not None:
        at = to_minute(request.competent_at)
        if not request.competent_unit.strip():
            desk.fail("competent_unit", "Có giờ cơ quan có thẩm quyền nhận mà chưa ghi cơ quan đó.")
        if at > now:
            desk.fail("competent_at", "Giờ cơ quan có thẩm quyền nhận ở sau giờ hiện tại.")
        elif at < received_at:
            desk.fail("competent_at", "Cơ quan có thẩm quyền không thể nhận trước giờ tiếp nhận.")
        values["competent_at"] = to_epoch(at)
    if request.promised_due is not None:
        if to_minute(request.promised_due) < received_at:
            desk.fail("promised_due", "Ngày hẹn trên giấy ở trước giờ nhận hồ sơ.")
        values["promised_due"] = to_epoch(to_minute(request.promised_due))
    return values


def _channel(desk: _Desk, request: ReceiveRequest) -> str:
    """What another unit took in came from there, whatever the form's field still says."""
    given = _choice(desk, "channel", request.channel, _CHANNELS)
    return Channel.TRANSFER.value if request.received_unit.strip() else given


def _choice(desk: _Desk, field: str, value: str, words: tuple[str, ...]) -> str:
    if value not in words:
        desk.fail(field, f"Giá trị “{value}” không dùng được: cần một trong {', '.join(words)}.")
        return words[0]
    return str(value)


def _procedure(
    store: Store, request: ReceiveRequest, received_at: datetime, desk: _Desk
) -> Procedure | None:
    code = request.procedure_code.strip()
    if not code:
        desk.fail("procedure_code", "Chưa chọn thủ tục. Gõ vài chữ của tên thủ tục rồi chọn.")
        return None
    try:
        found = catalogue.procedure(store, code, on=received_at.date())
    except NotFoundError as error:
        desk.fail("procedure_code", error.message)
        return None
    if request.limit:
        desk.read("limit", lambda: parse_limit(request.limit))
        if not desk.line(request, "limit_reason"):
            desk.fail("limit_reason", "Đổi thời hạn so với danh mục thì phải ghi lý do.")
    elif not found.limit:
        desk.fail(
            "limit",
            "Thủ tục này chưa có thời hạn giải quyết trong danh mục. "
            "Nhập thời hạn theo quyết định công bố rồi lưu.",
        )
    elif "limit" in found.unconfirmed:
        desk.warnings.append(
            "Thời hạn của thủ tục này chưa được đơn vị xác nhận theo quyết định công bố."
        )
    return found


@lru_cache(maxsize=1024)
def _document_name(text: str) -> tuple[str, bool]:
    """Tidy the name of a paper; nearly all are the catalogue's, the same at each save."""
    name = clean_line(text)
    return name, bool(unsupported_characters(name))


def _documents(desk: _Desk, request: ReceiveRequest) -> list[dict[str, Any]]:
    documents = []
    for one in request.documents:
        name, is_strange = _document_name(one.name)
        if not name:
            continue
        if len(name) > _LONGEST["content"] or is_strange:
            desk.fail("documents", f"Tên giấy tờ “{name[:40]}…” quá dài hoặc có ký tự lạ.")
        if not (0 <= one.originals <= _MOST_SETS and 0 <= one.copies <= _MOST_SETS):
            desk.fail("documents", f"Số bản của “{name[:40]}” phải từ 0 đến {_MOST_SETS}.")
        documents.append(
            {"name": name, "originals": one.originals, "copies": one.copies, "kind": one.kind}
        )
    if len(documents) > _MOST_DOCUMENTS:
        desk.fail("documents", f"Một hồ sơ ghi tối đa {_MOST_DOCUMENTS} giấy tờ.")
    return documents


def _owner(desk: _Desk, request: ReceiveRequest, *, today: date) -> dict[str, Any]:
    is_organisation = _choice(desk, "owner_kind", request.owner_kind, _OWNER_KINDS) == (
        "organisation"
    )
    label = "Tên tổ chức" if is_organisation else "Họ tên"
    name = desk.name(request, "applicant_name", label)
    if not name:
        what = "tên tổ chức" if is_organisation else "họ tên người nộp"
        desk.fail("applicant_name", f"Chưa có {what}. Nhập {what} rồi lưu.")
    birth_text, year = "", None
    if request.birth_date.strip():
        birth = desk.read("birth_date", lambda: parse_birth(request.birth_date, today=today))
        if birth is not None:
            year = birth.year
            birth_text = birth.date.isoformat() if birth.date else str(birth.year)
    sex = _SEXES.get(request.sex)
    if request.sex and sex is None:
        desk.fail("sex", "Giới tính cần là nam (male) hoặc nữ (female).")
    kind, number = _number(desk, request, birth_year=year, sex=sex)
    tax = request.tax_code.strip()
    tax_code = desk.read("tax_code", lambda: check_tax_code(tax)) if tax else None
    phone = request.phone.strip()
    email = desk.line(request, "email")
    if email and not _EMAIL.match(email):
        desk.fail("email", "Email không đúng dạng ten@noi.vn. Sửa lại hoặc để trống.")
    return {
        "owner_kind": "organisation" if is_organisation else "person",
        "applicant_name": name,
        "id_kind": kind,
        "citizen_id": number,
        "tax_code": tax_code,
        "birth_date": birth_text or None,
        "sex": sex,
        "address": desk.line(request, "address"),
        "phone": desk.read("phone", lambda: check_phone(phone), "") if phone else "",
        "email": email,
    }


def _number(
    desk: _Desk, request: ReceiveRequest, *, birth_year: int | None, sex: Sex | None
) -> tuple[str, str | None]:
    text = request.citizen_id.strip()
    kind = _choice(desk, "id_kind", request.id_kind, _ID_KINDS)
    if not text:
        return "none", None
    if kind in _OTHER_IDS:
        other = desk.read("citizen_id", lambda: _OTHER_IDS[kind](text))
        return kind, None if other is None else other.value
    if kind == "none":
        desk.fail("citizen_id", "Đã chọn không có giấy tờ nên để trống số giấy tờ.")
        return kind, None
    if kind == "birth":
        number = clean_line(text)
        if len(number) > _LONGEST_BIRTH_NUMBER:
            desk.fail("citizen_id", f"Số giấy khai sinh tối đa {_LONGEST_BIRTH_NUMBER} ký tự.")
        return kind, number
    found = desk.read("citizen_id", lambda: check_citizen_id(text, birth_year=birth_year, sex=sex))
    if found is None:
        return kind, None
    desk.warnings.extend(WARNING_TEXTS[w] for w in found.warnings)
    return kind, found.value


def _submitter(desk: _Desk, request: ReceiveRequest, values: dict[str, Any]) -> dict[str, Any]:
    name = desk.name(request, "submitter_name")
    number = request.submitter_id.strip()
    submitter_id = None
    if number:
        found = desk.read("submitter_id", lambda: check_citizen_id(number))
        submitter_id = None if found is None else found.value
    if not name and values["owner_kind"] == "organisation" and request.channel == "counter":
        desk.warnings.append("Chưa ghi người đến nộp thay cho tổ chức.")
    return {"submitter_name": name or values["applicant_name"], "submitter_id": submitter_id}


def _paper_number(store: Store, desk: _Desk, request: ReceiveRequest) -> str | None:
    """Read the number of a paper receipt; a reserved one can be used once."""
    number = desk.line(request, "paper_number")
    if not number:
        return None
    own = parse_office_paper(number)
    if own is not None:
        from counter_app.services import outage  # only after an outage

        number = own[1]
        why_not = outage.why_unusable(store, number)
        if why_not:
            desk.fail("paper_number", why_not)
    return number


def _official(store: Store, desk: _Desk, request: ReceiveRequest) -> str | None:
    text = request.official_code.strip()
    if not text:
        return None
    pattern = get_setting(store, "official_code_pattern")
    code: str | None = desk.read("official_code", lambda: check_official_code(text, pattern))
    if code is not None:
        taken = store.row(
            "SELECT code FROM dossier WHERE official_code = ? AND is_void = 0", (code,)
        )
        if taken is not None:
            desk.fail("official_code", f"Mã {code} đã gắn cho hồ sơ {taken[0]}. Kiểm tra lại mã.")
    return code
