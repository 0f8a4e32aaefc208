"""A dossier's story: one Vietnamese sentence for each event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counter_app.domain.contacts import OUTCOME_LABELS, Outcome
from counter_app.domain.dossier import MOVE_LABELS, Move, PromiseKind
from counter_app.domain.doubts import DOUBT
from counter_app.domain.erasing import ERASE
from counter_app.domain.moments import from_epoch
from counter_app.domain.unit_sheet import ANSWER_LABELS, LISTED, SheetAnswer
from counter_app.domain.words import format_amount

if TYPE_CHECKING:
    from collections.abc import Callable

    from counter_app.domain.history import Event

_RESOLVE = "resolve"
_DECIDED = "quyết định chỗ ghi khác nhau"
_NEWER = "làm một việc mà bản chương trình này chưa biết (cập nhật để xem)"
_PAPER_NAMES = {
    "receipt": "giấy tiếp nhận và hẹn trả",
    "apology": "văn bản xin lỗi",
    "supplement": "phiếu yêu cầu bổ sung, hoàn thiện hồ sơ",
    "refusal": "phiếu từ chối tiếp nhận giải quyết hồ sơ",
    "stop": "thông báo dừng giải quyết hồ sơ",
    "routing-slip": "phiếu kiểm soát quá trình giải quyết hồ sơ",
}


def sentence(event: Event) -> str:
    """Say what happened, by whom, in the words of the desk."""
    teller = _TELLERS.get(event.kind)
    told = teller(event.body) if teller else act_name(event.kind)
    who = event.by or "Máy"
    due = _due(event.body.get("promise"))
    source = " (theo danh sách nhập)" if event.body.get("source") == "list" else ""
    return f"{who} {told}{due}{source}"


def act_name(kind: str) -> str:
    """Name an act of the history: a step, or a decision about what was written differently.

    >>> act_name("resolve")
    'quyết định chỗ ghi khác nhau'
    """
    if kind == _RESOLVE:
        return _DECIDED
    return MOVE_LABELS[Move(kind)].lower() if kind in set(Move) else _NEWER


def _due(promise: dict[str, Any] | None) -> str:
    if promise is None:
        return ""
    due = from_epoch(promise["due_at"])
    if promise["kind"] == PromiseKind.RESCHEDULE:
        return (
            f", hẹn lại {due:%H:%M %d/%m/%Y}" if promise["counts"] else f", dự kiến {due:%d/%m/%Y}"
        )
    return f", hẹn trả {due:%H:%M %d/%m/%Y}"


def _because(body: dict[str, Any]) -> str:
    reason = body.get("reason")
    return f": {reason}" if reason else ""


def _value(body: dict[str, Any], key: str) -> str:
    return str(body.get("set", {}).get(key) or body.get("was", {}).get(key) or "")


def _forward(body: dict[str, Any]) -> str:
    officer = _value(body, "handling_officer")
    unit = body.get("to") or _value(body, "resolving_unit") or "đơn vị giải quyết"
    told = f"chuyển cho {unit}" + (f", {officer} thụ lý" if officer else "")
    if body.get("from_officer"):  # given to another hand within the unit, with why
        told = f"giao lại từ {body['from_officer']} cho {officer or unit}{_because(body)}"
    return told


def _reschedule(body: dict[str, Any]) -> str:
    counts = body["promise"]["counts"]
    head = "ghi ý kiến hẹn lại" if counts else "ghi thông báo trễ (đã quá lúc được hẹn lại)"
    return head + _because(body)


def _return(body: dict[str, Any]) -> str:
    what = "trả kết quả" if "status" in body.get("set", {}) else "trả lại giấy tờ"
    extra = [f", {_VIA[via]}" for via in (body.get("set", {}).get("returned_via"),) if via in _VIA]
    if body.get("receipt_lost"):
        extra.append(", không còn giấy hẹn")
    if body.get("handover"):
        extra.append(f", danh sách bàn giao {body['handover']}")
    return f"{what} cho {_value(body, 'collected_by')}{''.join(extra)}"


_VIA = {"post": "qua bưu chính", "online": "trực tuyến"}


def _contact(body: dict[str, Any]) -> str:
    call = body["call"]
    told = f"gọi cho người dân: {OUTCOME_LABELS[Outcome(call['outcome'])].lower()}"
    until = call.get("until")
    if until:
        year, month, day = until.split("-")
        told += f" {day}/{month}/{year}"
    return f"{told} ({call['note']})" if call.get("note") else told


def _undo(body: dict[str, Any]) -> str:
    if "import" in body:
        return f"hoàn tác lần nhận gói đồng bộ số {body['import']}"
    if "revives" in body:
        return f"nhận lại gói đồng bộ số {body['revives']}"
    return f"hoàn tác bước “{act_name(body['undoes'])}”{_because(body)}"


def _print(body: dict[str, Any]) -> str:
    paper = body["paper"]
    name = _PAPER_NAMES.get(paper["kind"]) or paper.get("name") or paper["kind"]
    if paper.get("jam"):
        return f"in lại {name} vì kẹt giấy"
    if paper.get("copy"):
        return f"in lại {name} lần {paper['copy']}"
    return f"phát hành {name}"


def _for_whom(body: dict[str, Any]) -> str:
    return f", {body['officer']} thụ lý" if body.get("officer") else ""


def _fee(body: dict[str, Any]) -> str:
    after, number = body.get("set", {}), body.get("receipt_number", "")
    if body.get("payment"):
        told = f"thu {format_amount(body['payment'])}"
        return told + (f", biên lai {number}" if number else ", chưa ghi số biên lai")
    if after.get("fee_exempt_reason"):
        return f"ghi miễn phí, lệ phí: {after['fee_exempt_reason']}"
    if number:
        return f"ghi số biên lai {number}"
    amount = after.get("fee")
    return "tính phí, lệ phí" + (f" {format_amount(amount)}" if amount is not None else "")


FIELD_NAMES: dict[str, str] = {
    "applicant_name": "họ tên",
    "owner_kind": "loại chủ hồ sơ",
    "id_kind": "loại giấy tờ tùy thân",
    "citizen_id": "số định danh",
    "tax_code": "mã số thuế",
    "birth_date": "ngày sinh",
    "sex": "giới tính",
    "address": "địa chỉ",
    "phone": "điện thoại",
    "email": "email",
    "submitter_name": "người nộp",
    "submitter_id": "số định danh người nộp",
    "subject_name": "người được khai",
    "content": "nội dung",
    "copies": "số bộ",
    "documents": "thành phần hồ sơ",
    "result_to": "nơi nhận kết quả",
    "channel": "hình thức nộp",
    "note": "ghi chú",
    "procedure_code": "thủ tục",
    "limit": "thời hạn",
    "received_at": "giờ tiếp nhận",
}


def _correct(body: dict[str, Any]) -> str:
    changed = dict(body.get("set", {}))
    if changed.get("submitter_name") == changed.get("applicant_name"):
        changed.pop("submitter_name", None)  # the owner stood here: one person, one mention
    names = [FIELD_NAMES[key] for key in changed if key in FIELD_NAMES]
    what = ", ".join(names)
    return f"sửa {what or 'thông tin'}{_because(body)}"


def _erase(body: dict[str, Any]) -> str:
    count = len(body.get("files", ()))
    files = f" và {count} tệp đính kèm" if count else ""
    return f"xóa dữ liệu cá nhân{files} hết hạn lưu{_because(body)}"


def _attach(body: dict[str, Any]) -> str:
    files = [one for one in body["files"] if one.get("sha256")]
    if not files:
        names = ", ".join(one["document"] or "hồ sơ" for one in body["files"])
        return f"ghi giấy tờ không phải số hóa: {names}"
    what = "kết quả" if files[0]["kind"] == "output" else files[0]["document"] or "hồ sơ"
    return f"đính kèm {len(files)} tệp của {what}"


def _listed(body: dict[str, Any]) -> str:
    said = body["listed"]
    answer = ANSWER_LABELS[SheetAnswer(said["answer"])]
    if not answer:
        return f"đưa vào tờ bàn giao {said['code']} gửi {said['unit']}"
    return f"ghi {answer} ở tờ bàn giao {said['code']} ({said['unit']}){_because(said)}"


def _satisfaction(body: dict[str, Any]) -> str:
    return "hài lòng" if body["survey"]["satisfied"] else "chưa hài lòng"


def _ask_opinion(body: dict[str, Any]) -> str:
    asked = body["opinion"]
    due = from_epoch(asked["due_at"])
    return f"hỏi ý kiến {asked['unit']}: {asked['what']}; cần trả lời trước {due:%H:%M %d/%m/%Y}"


def _plain(text: str) -> Callable[[dict[str, Any]], str]:
    return lambda body: text + _because(body)


_TELLERS: dict[str, Callable[[dict[str, Any]], str]] = {
    ERASE: _erase,
    _RESOLVE: lambda _body: _DECIDED,
    LISTED: _listed,
    DOUBT: lambda body: f"đọc danh sách {body['doubt']['list']} ghi khác, chờ người quyết định",
    Move.RECEIVE: lambda _body: "tiếp nhận hồ sơ",
    Move.FORWARD: _forward,
    Move.SUPPLEMENT: _plain("yêu cầu bổ sung"),
    Move.RESUBMIT: lambda _body: "nhận bổ sung, tính hạn lại từ đầu",
    Move.CLOSE: _plain("đóng hồ sơ vì không bổ sung"),
    Move.AWAIT_PAYMENT: lambda _body: "tạm dừng tính hạn, chờ nghĩa vụ tài chính",
    Move.PAID: lambda _body: "ghi đã nộp nghĩa vụ tài chính",
    Move.EXTEND: _plain("gia hạn để xác minh"),
    Move.RESCHEDULE: _reschedule,
    Move.COMPLETE: _plain("ghi đã có kết quả"),
    Move.REFUSE: _plain("từ chối giải quyết"),
    Move.WITHDRAW: _plain("cho rút hồ sơ"),
    Move.STOP: _plain("dừng giải quyết theo đề nghị"),
    Move.RETURN: _return,
    Move.UNDO: _undo,
    Move.CORRECT: _correct,
    Move.ATTACH: _attach,
    Move.SURVEY: lambda body: f"ghi phiếu đánh giá: {_satisfaction(body)}",
    Move.ASK_OPINION: _ask_opinion,
    Move.OPINION_RECEIVED: lambda body: f"ghi ý kiến trả lời của {body['answer']['unit']}",
    Move.EXPLAIN: _plain("ghi lý do trễ hạn"),
    Move.SET_OFFICIAL_CODE: lambda body: f"gắn mã chính thức {_value(body, 'official_code')}",
    Move.COMPETENT_RECEIVED: lambda _body: "ghi cơ quan có thẩm quyền đã nhận hồ sơ",
    Move.PRINT: _print,
    Move.FEE: _fee,
    Move.CONTACT: _contact,
    Move.ACCEPT: lambda body: f"nhận bàn giao hồ sơ{_for_whom(body)}",
    Move.STEP: lambda body: f"ghi xong bước “{body['step']}”",
    Move.CALENDAR: _plain("tính lại ngày hẹn theo lịch làm việc"),
}
