"""Each form filled with made-up facts, so that its wording can be looked at while it is edited."""

from __future__ import annotations

from datetime import date, datetime

from counter_app.documents.form_words import SlipWording
from counter_app.documents.render import render_apology, render_receipt, render_slips
from counter_app.documents.render_tables import (
    render_postings,
    render_procedure,
    render_register,
)
from counter_app.documents.wording import PROCEDURE_FIELDS, FormWording, Wordings
from counter_app.domain.papers import (
    ApologyFacts,
    ApologyKind,
    PaperDocument,
    PaperHandover,
    ReceiptFacts,
    SlipFacts,
)
from counter_app.domain.register import Notice, Posting, RegisterRow, RegisterVolume

_OFFICE = "Trung tâm Phục vụ hành chính công"
_PARENT = "Ủy ban nhân dân xã Mẫu"
_TITLE = f"{_OFFICE} xã Mẫu"
_NAME, _ADDRESS = "Nguyễn Văn Mẫu", "Thôn Mẫu, xã Mẫu, tỉnh Mẫu"
_CODE = "H00.00.00-261123-0001"
_PROCEDURE = "Cấp Giấy xác nhận tình trạng hôn nhân"
_UNIT = "Phòng Văn hóa – Xã hội"
_RECEIVED, _DUE = datetime(2026, 11, 23, 9, 12), datetime(2026, 11, 27, 17, 0)
_NEW_DUE = datetime(2026, 12, 2, 17, 0)
_REASON = "Phải xác minh thời gian cư trú trước đây"
_DOCUMENTS = (
    PaperDocument("Tờ khai cấp Giấy xác nhận tình trạng hôn nhân", 1),
    PaperDocument("Thẻ căn cước", kind="Xuất trình"),
)


def sample_pdf(form: FormWording, place: str, *, paper: str = "a5") -> bytes:
    """Return one form with the words of a version and made-up facts as a PDF.

    Raises:
        PaperError: it can't be laid out.
    """
    words = Wordings([form])
    shared = {
        "form_set": form.form_set,
        "wording_version": form.version,
        "place": "Mẫu",
        "issued_on": date(2026, 11, 23),
        "hotline": "0233 000 000",
    }
    if place == "receipt":
        return render_receipt(_receipt(shared), paper, wordings=words)
    if place == "apology":
        return render_apology(_apology(shared), wordings=words)
    kind = place.removeprefix("slips/")
    slip = form.slip(kind)
    if slip.words is not None:
        return render_slips([_slip(shared, kind, slip)], paper, wordings=words)
    return _table(form, slip, words)


def _receipt(shared: dict[str, object]) -> ReceiptFacts:
    return ReceiptFacts.from_json(
        {
            **_plain(shared),
            "office_parent": _PARENT,
            "office_name": _OFFICE,
            "office_title": _TITLE,
            "code": _CODE,
            "owner_name": _NAME,
            "owner_id": "001090000001",
            "address": _ADDRESS,
            "phone": "0900 000 000",
            "procedure_code": "1.004873",
            "procedure_name": _PROCEDURE,
            "documents": [document.to_json() for document in _DOCUMENTS],
            "limit_text": "3 ngày làm việc",
            "received_at": _RECEIVED.isoformat(),
            "due_at": _DUE.isoformat(),
            "fee_text": "8.000 đồng",
            "officer_name": "Lê Thị Mẫu",
            "counter_name": "Quầy số 1",
        }
    )


def _apology(shared: dict[str, object]) -> ApologyFacts:
    return ApologyFacts.from_json(
        {
            **_plain(shared),
            "kind": ApologyKind.RESCHEDULE.value,
            "agency_name": _PARENT,
            "office_title": _TITLE,
            "symbol": "UBND",
            "addressee_name": _NAME,
            "address": _ADDRESS,
            "phone": "0900 000 000",
            "procedure_name": _PROCEDURE,
            "procedure_code": "1.004873",
            "code": _CODE,
            "received_at": _RECEIVED.isoformat(),
            "original_due_at": _DUE.isoformat(),
            "new_due_at": _NEW_DUE.isoformat(),
            "reason": _REASON,
            "resolving_unit": _UNIT,
        }
    )


def _slip(shared: dict[str, object], kind: str, slip: SlipWording) -> SlipFacts:
    return SlipFacts.from_json(
        {
            **_plain(shared),
            "kind": kind,
            "variant": slip.after[0] if slip.after else "",
            "office_parent": _PARENT,
            "office_name": _OFFICE,
            "office_title": _TITLE,
            "agency_parent": _PARENT,
            "agency_name": _OFFICE,
            "code": _CODE,
            "owner_name": _NAME,
            "owner_id": "001090000001",
            "address": _ADDRESS,
            "phone": "0900 000 000",
            "procedure_code": "1.004873",
            "procedure_name": _PROCEDURE,
            "limit_text": "3 ngày làm việc",
            "received_at": _RECEIVED.isoformat(),
            "due_at": _DUE.isoformat(),
            "decided_on": "2026-11-24",
            "stage": "Đang xử lý",
            "reason": _REASON,
            "requirements": ["Tờ khai có chữ ký (01 bản chính)", "Trích lục (01 bản sao)"],
            "handovers": [
                PaperHandover(_UNIT, "", _TITLE, _RECEIVED, "Lê Thị Mẫu").to_json(),
            ],
            "resolving_unit": _UNIT,
            "contact_name": "Lê Thị Mẫu",
            "contact_phone": "0233 000 000",
            "officer_name": "Lê Thị Mẫu",
            "counter_name": "Quầy số 1",
        }
    )


def _plain(shared: dict[str, object]) -> dict[str, object]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in shared.items()
    }


def _table(form: FormWording, slip: SlipWording, words: Wordings) -> bytes:
    day = date(2026, 11, 23)
    if slip.data["layout"] == "procedure":
        fields = dict.fromkeys(PROCEDURE_FIELDS, "(mẫu)") | {
            "number": "",
            "procedure_code": "1.004873",
            "procedure": _PROCEDURE,
            "office_parent": _PARENT,
            "office_name": _OFFICE,
            "issued": "ngày 23 tháng 11 năm 2026",
        }
        return render_procedure(fields, _DOCUMENTS, form.version, wordings=words)
    house = (form.version, _PARENT, _OFFICE, _TITLE, "Mẫu")
    if slip.data["layout"] == "posting":
        documents = ("Tờ khai (01 bản chính)",)
        row = Notice("1.004873", _PROCEDURE, documents, "3 ngày làm việc", "", _UNIT, unsure=True)
        posting = Posting(
            *house,
            is_rehearsal=False,
            issued_on=day,
            sector="Hộ tịch",
            hours="07:30-11:30",
            hotline="0233 000 000",
            rows=(row,),
        )
        return render_postings([posting], wordings=words)
    line = RegisterRow(
        1, _CODE, _PROCEDURE, 1, _NAME, _ADDRESS, _UNIT, day, _DUE.date(), None, "counter", ""
    )
    volume = RegisterVolume(
        *house,
        is_rehearsal=False,
        year=2026,
        volume=1,
        sector="",
        opened_on=date(2026, 1, 1),
        closed_on=None,
        printed_on=day,
        rows=(line,),
    )
    return render_register([volume], total=1, wordings=words)
