"""From facts to the named fields of the wording: dates in words, numbers, what goes where."""

from __future__ import annotations

from datetime import date, datetime

from counter_app.documents.form_words import LetterWording, SheetWording
from counter_app.documents.templates import NO_BREAK
from counter_app.documents.wording import FormWording
from counter_app.domain.papers import ApologyFacts, ApologyKind, IdKind, ReceiptFacts, SlipFacts
from counter_app.errors import PaperError

_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
_BLANK_DATE = "ngày        tháng        năm          ".replace(" ", NO_BREAK)
_ID_FIELDS = {
    IdKind.CITIZEN: "citizen_id",
    IdKind.OLD: "old_id",
    IdKind.PASSPORT: "passport",
    IdKind.BIRTH: "birth_id",
    IdKind.TAX: "tax_code",
}


def day_in_words(day: date | None) -> str:
    """Write a day as documents do: a zero before days below 10 and before months 1 and 2.

    Nghị định 30/2020/NĐ-CP, Phụ lục I. Without a day there is room for a pen.

    >>> [day_in_words(day).split() for day in (date(2026, 2, 5), date(2026, 3, 15))]
    [['ngày', '05', 'tháng', '02', 'năm', '2026'], ['ngày', '15', 'tháng', '3', 'năm', '2026']]
    """
    if day is None:
        return _BLANK_DATE
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)  # noqa: PLR2004
    return f"ngày{NO_BREAK}{day.day:02d} tháng {month} năm{NO_BREAK}{day.year}"


def moment_in_words(moment: datetime | None) -> str:
    """Write a moment as the receipt's form has it; nothing for none.

    >>> moment_in_words(datetime(2026, 11, 26, 17, 0)).replace(NO_BREAK, " ")
    '17 giờ 00 phút, ngày 26 tháng 11 năm 2026'
    """
    if moment is None:
        return ""
    hour = f"{moment:%H}{NO_BREAK}giờ {moment:%M}{NO_BREAK}phút"
    return f"{hour}, {day_in_words(moment.date())}"


def number_in_words(number: str | None) -> str:
    """Write a document's number, 01 to 09 with their zero."""
    text = (number or "").strip()
    return f"{int(text):02d}" if text.isdecimal() else text


def _weekday(moment: datetime | None) -> str:
    return _WEEKDAYS[moment.weekday()].replace(" ", NO_BREAK) if moment else ""


def _count(number: int) -> str:
    return f"{number:02d}" if number else ""


def receipt_fields(facts: ReceiptFacts, words: SheetWording) -> dict[str, str]:
    """Return what the wording of a receipt may name."""
    title = facts.office_title or facts.office_name
    code = facts.printed_code
    expected = facts.expected_due_at if facts.due_at is None else None
    promised = facts.due_at or expected
    request = facts.content or facts.procedure_name
    same = facts.procedure_name in ("", request)
    place = words.result_places.get(facts.result_to, "").replace("{office_title}", title)
    # An organisation doesn't sign by its own name; who stands at the desk writes it.
    signing = "" if facts.owner_id_kind is IdKind.TAX else facts.owner_name
    return {
        **{name: getattr(facts, name) for name in _RECEIPT_TEXTS},
        **_id_fields(facts),
        "number": number_in_words(facts.number),
        "issued": day_in_words(facts.issued_on),
        "office_title": title,
        "dossier_code": "" if facts.shows_provisional_code else code,
        "provisional_code": code if facts.shows_provisional_code else "",
        "reprint_count": str(facts.reprint_count or ""),
        "request": request,
        "procedure": "" if same else _with_code(facts.procedure_name, facts.procedure_code),
        "procedure_code_alone": facts.procedure_code if same else "",
        "sets": _count(facts.sets),
        "received": moment_in_words(facts.received_at),
        "due": moment_in_words(facts.due_at),
        "due_weekday": _weekday(facts.due_at),
        "expected_due": moment_in_words(expected),
        "expected_due_weekday": _weekday(expected),
        "provisional_year": str(promised.year) if promised and facts.is_provisional_due else "",
        "result_place": facts.result_place or place,
        "signing_name": facts.submitter_name or signing,
    }


def _id_fields(facts: ReceiptFacts | SlipFacts) -> dict[str, str]:
    """Return the owner's number under the name of what kind it is; the others are empty."""
    numbers = dict.fromkeys(_ID_FIELDS.values(), "")
    if facts.owner_id_kind in _ID_FIELDS:
        numbers[_ID_FIELDS[facts.owner_id_kind]] = facts.owner_id
    return numbers


def _bare_day(day: date | None) -> str:
    """Write a day without the word "ngày", for a sentence that has it; nothing for none."""
    return day_in_words(day).removeprefix(f"ngày{NO_BREAK}") if day else ""


def _sentence(text: str) -> str:
    """End a text with its full stop; nothing stays nothing."""
    text = text.strip()
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."


_RECEIPT_TEXTS = (
    "place office_parent office_name replaces_code paper_number owner_name submitter_name "
    "submitter_id subject_name address phone email limit_text competent_unit due_note fee_text "
    "register_volume register_number officer_name counter_name hotline"
).split()
_APOLOGY_TEXTS = (
    "symbol place agency_parent agency_name addressee_name address phone reason hotline signer_name"
).split()


def _with_code(name: str, code: str) -> str:
    return f"{name} (mã {code})" if name and code else name or code


def apology_fields(facts: ApologyFacts, form: FormWording) -> dict[str, str]:
    """Return what the wording of an apology letter may name."""
    words: LetterWording = form.apology
    basis_day = facts.issued_on or facts.original_due_at.date()
    return {
        **{name: getattr(facts, name) for name in _APOLOGY_TEXTS},
        "number": number_in_words(facts.number),
        "issued": day_in_words(facts.issued_on),
        "office_title": facts.office_title or facts.agency_name,
        "dossier_code": "" if facts.is_provisional_code else facts.code,
        "provisional_code": facts.code if facts.is_provisional_code else "",
        "reprint_count": str(facts.reprint_count or ""),
        "addressee_title": facts.addressee_title or words.default_addressee_title,
        "procedure": _with_code(facts.procedure_name, facts.procedure_code),
        "received_day": _bare_day(facts.received_at.date()),
        "original_due": moment_in_words(facts.original_due_at),
        "new_due": moment_in_words(facts.new_due_at),
        "completed": moment_in_words(facts.completed_at),
        "reason": _sentence(facts.reason),
        "resolver": facts.resolving_unit or facts.agency_name,
        "legal_basis": facts.legal_basis or form.legal_basis(basis_day),
    }


def slip_fields(facts: SlipFacts, form: FormWording) -> dict[str, str]:
    """Return what the wording of a further form may name."""
    words = form.slip(facts.kind).words
    title = words.default_addressee_title if isinstance(words, LetterWording) else "Ông/Bà"
    day = facts.issued_on or facts.decided_on
    is_organisation = facts.owner_id_kind is IdKind.TAX
    return {
        **{name: getattr(facts, name) for name in _SLIP_TEXTS},
        **_id_fields(facts),
        "number": number_in_words(facts.number),
        "issued": day_in_words(facts.issued_on),
        "office_title": facts.office_title or facts.office_name,
        "agency_name": facts.agency_name or facts.office_name,
        "dossier_code": "" if facts.is_provisional_code else facts.code,
        "provisional_code": facts.code if facts.is_provisional_code else "",
        "reprint_count": str(facts.reprint_count or ""),
        "addressee_name": facts.owner_name,
        "addressee_title": facts.addressee_title or title,
        "request": facts.content or facts.procedure_name,
        "procedure": _with_code(facts.procedure_name, facts.procedure_code),
        "received": moment_in_words(facts.received_at),
        "due": moment_in_words(facts.due_at),
        "received_day": _bare_day(facts.received_at.date() if facts.received_at else None),
        "decided_day": _bare_day(facts.decided_on),
        "reason": _sentence(facts.reason),
        "resolver": facts.resolving_unit,
        "signing_name": facts.submitter_name or ("" if is_organisation else facts.owner_name),
        "legal_basis": facts.legal_basis or (form.legal_basis(day) if day else ""),
    }


_SLIP_TEXTS = (
    "symbol place office_parent office_name agency_parent visit_code owner_name submitter_name "
    "address phone email procedure_code stage money contact_name contact_phone officer_name "
    "counter_name hotline signer_name limit_text"
).split()


def apology_variant(facts: ApologyFacts) -> str:
    """Return which of the wording's middle parts this letter takes.

    Raises:
        PaperError: a letter in time that names no new date.
    """
    if facts.kind is ApologyKind.RESCHEDULE:
        if facts.new_due_at is None:
            raise PaperError(
                f"Văn bản hẹn lại của hồ sơ {facts.code} chưa có ngày trả kết quả mới. Hãy ghi ngày"
                " hẹn mới rồi in lại."
            )
        return "reschedule"
    if facts.completed_at:
        return "late_completed"
    return "late" if facts.new_due_at else "late_undated"
