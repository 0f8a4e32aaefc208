"""Verbs for dossiers: receive, look up, every move."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from counter_app.cli.parser import Verb, moment, show, warn
from counter_app.domain.dossier import Status
from counter_app.domain.facts import DocumentFacts, DossierFacts, ReceiveRequest
from counter_app.domain.identity import WARNING_TEXTS, parse_card
from counter_app.domain.words import format_moment
from counter_app.errors import InputError
from counter_app.services import browse, lookup, moves, reception, settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable

    from counter_app.cli.parser import Desk

_DOCUMENT = re.compile(r"^(?P<name>.+)=(?P<originals>\d{1,3})/(?P<copies>\d{1,3})$")
_FIELDS = (
    "address",
    "phone",
    "email",
    "content",
    "official_code",
    "limit",
    "limit_reason",
    "paper_number",
    "submitter_id",
)


def _receive_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--procedure", required=True, metavar="CODE")
    add("--applicant", metavar="NAME")
    add("--card-qr", metavar="TEXT")
    add("--organisation", metavar="NAME")
    add("--tax-code", metavar="N")
    add("--id-kind", choices=("citizen", "old", "passport", "birth", "none"))
    add("--citizen-id", metavar="N")
    add("--birth-date", metavar="D|YYYY")
    add("--sex", choices=("male", "female"))
    for name in _FIELDS:
        add(f"--{name.replace('_', '-')}", default="", metavar="TEXT")
    add("--submitter", default="", metavar="NAME")
    add("--subject", default="", metavar="NAME")
    add("--copies", type=int, default=1, metavar="N")
    add("--document", action="append", default=[], metavar="NAME=ORIGINALS/COPIES")
    add("--result-to", choices=("counter", "post", "online"), default="counter")
    add("--channel", choices=("counter", "online", "post", "transfer"), default="counter")
    add("--submitted-at", type=moment, metavar="MOMENT")
    add("--received-at", type=moment, metavar="MOMENT")
    add("--competent", default="", metavar="UNIT")
    add("--competent-at", type=moment, metavar="MOMENT")
    add("--promised-due", type=moment, metavar="MOMENT")
    add("--by", default="", metavar="NAME")


def _receive(desk: Desk, options: argparse.Namespace) -> None:
    values, warnings = _applicant(options)
    values.update({name: getattr(options, name) for name in _FIELDS})
    request = ReceiveRequest(
        procedure_code=options.procedure,
        submitter_name=options.submitter,
        subject_name=options.subject,
        copies=options.copies,
        documents=tuple(_document(text) for text in options.document),
        result_to=options.result_to,
        channel=options.channel,
        submitted_at=options.submitted_at,
        received_at=options.received_at,
        competent_unit=options.competent,
        competent_at=options.competent_at,
        promised_due=options.promised_due,
        by=_by(desk, options),
        **values,
    )
    received = reception.receive_dossier(desk.store, request, now=desk.now)
    warn((*warnings, *received.warnings))
    if received.provisional:
        warn(["Ngày hẹn dựa trên lịch chưa được xác nhận chính thức."])
    facts = lookup.show(desk.store, received.uuid, now=desk.now)
    due = (
        "chưa có hạn trả"
        if received.due_at is None
        else f"hẹn trả {format_moment(received.due_at)}"
    )
    show(options, lookup.dossier_json(facts), [f"{facts.shown_code}  {due}"])


def _applicant(options: argparse.Namespace) -> tuple[dict[str, Any], list[str]]:
    """Return the owner's fields; an option wins over the card, with a warning."""
    if options.organisation:
        if options.applicant or options.card_qr:
            raise InputError(
                "Chỉ chọn một: --applicant, --card-qr hoặc --organisation.", field="applicant"
            )
        return {
            "owner_kind": "organisation",
            "applicant_name": options.organisation,
            "tax_code": options.tax_code or "",
        }, []
    typed = {
        "applicant_name": options.applicant,
        "citizen_id": options.citizen_id,
        "birth_date": options.birth_date,
        "sex": options.sex,
        "address": options.address or None,
    }
    warnings: list[str] = []
    values = {key: value or "" for key, value in typed.items()}
    values["tax_code"] = options.tax_code or ""
    if options.card_qr:
        values.update(_card(options.card_qr, typed, warnings))
        options.address = values["address"]
    elif not options.applicant:
        raise InputError("Cần --applicant, --card-qr hoặc --organisation.", field="applicant_name")
    values["id_kind"] = options.id_kind or "citizen"
    return values, warnings


def _card(text: str, typed: dict[str, str | None], warnings: list[str]) -> dict[str, str]:
    try:
        card = parse_card(text)
    except ValueError as error:
        raise InputError(str(error), field="card_qr") from error
    warnings += [WARNING_TEXTS[code] for code in card.warnings]
    read = {
        "applicant_name": card.full_name,
        "citizen_id": card.citizen_id,
        "birth_date": card.birth_date.isoformat(),
        "sex": card.sex,
        "address": card.address,
    }
    for key, value in typed.items():
        if value and value != read[key]:
            warnings.append(f"Giá trị nhập “{value}” được dùng thay cho “{read[key]}” trên thẻ.")
            read[key] = value
    return read


def _document(text: str) -> DocumentFacts:
    found = _DOCUMENT.match(text.strip())
    if found is None:
        raise InputError(
            f"Giấy tờ “{text}” cần dạng TÊN=SỐ BẢN CHÍNH/SỐ BẢN SAO, ví dụ “Tờ khai=1/0”.",
            field="document",
        )
    return DocumentFacts(found["name"].strip(), int(found["originals"]), int(found["copies"]))


def _by(desk: Desk, options: argparse.Namespace) -> str:
    return options.by or str(settings.get_setting(desk.store, "current_clerk"))


def _code_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", metavar="CODE")


def _show(desk: Desk, options: argparse.Namespace) -> None:
    facts = lookup.show(desk.store, options.code, now=desk.now)
    state = facts.state
    lines = [
        f"{facts.shown_code}  {state['applicant_name']}",
        f"{state['procedure_code']}  {state['procedure_name']}",
    ]
    lines += [f"{event.at:%d/%m/%Y %H:%M}  {event.text}" for event in facts.events]
    show(options, lookup.dossier_json(facts, full=True), lines)


def _history(desk: Desk, options: argparse.Namespace) -> None:
    facts = lookup.show(desk.store, options.code, now=desk.now)
    data = lookup.dossier_json(facts, full=True)["events"]
    show(options, data, (f"{e.at:%d/%m/%Y %H:%M}  {e.text}" for e in facts.events))


def _list_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--status", choices=tuple(Status), default="")
    parser.add_argument("--due-before", type=moment, metavar="MOMENT")
    parser.add_argument("--late", action="store_true")
    parser.add_argument("--without-official-code", action="store_true")
    parser.add_argument("--as-of", type=moment, metavar="MOMENT")
    parser.add_argument("--limit", type=int, default=-1, metavar="N")


def _list(desk: Desk, options: argparse.Namespace) -> None:
    found = browse.list_dossiers(
        desk.store,
        status=options.status,
        due_before=options.due_before,
        late_only=options.late,
        without_official_code=options.without_official_code,
        as_of=options.as_of or desk.now,
        limit=options.limit,
    )
    _print_dossiers(options, found)


def _print_dossiers(options: argparse.Namespace, found: Iterable[DossierFacts]) -> None:
    known = list(found)
    lines = (
        f"{f.shown_code}  {f.state['applicant_name']}  {f.state['procedure_name']}" for f in known
    )
    show(options, [lookup.dossier_json(f) for f in known], lines)


def _search_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", metavar="TEXT")
    parser.add_argument("--limit", type=int, default=50, metavar="N")


def _search(desk: Desk, options: argparse.Namespace) -> None:
    rows = browse.search(desk.store, options.text, limit=options.limit)
    _print_dossiers(options, lookup.facts_of(desk.store, [row.id for row in rows], now=desk.now))


def _official_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", metavar="CODE")
    parser.add_argument("official", metavar="OFFICIAL")
    parser.add_argument("--by", default="", metavar="NAME")


def _official(desk: Desk, options: argparse.Namespace) -> None:
    facts = moves.set_official_code(
        desk.store,
        options.code,
        official=options.official,
        by=_by(desk, options),
        now=desk.now,
    )
    _moved(options, facts)


def _moved(options: argparse.Namespace, facts: DossierFacts) -> None:
    last = facts.events[-1]
    show(options, lookup.dossier_json(facts), [f"{facts.shown_code}  {last.text}"])


def _move(
    name: str,
    text: str,
    act: Callable[..., DossierFacts],
    *options: tuple[str, dict[str, Any]],
    timed: bool = True,
) -> Verb:
    """Declare a verb that is one move: its options have the names of the service's arguments."""

    def arguments(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("code", metavar="CODE")
        for flag, how in options:
            parser.add_argument(flag, **how)
        if timed:
            parser.add_argument("--at", type=moment, metavar="MOMENT")
        parser.add_argument("--by", default="", metavar="NAME")

    names = [how.get("dest") or flag.strip("-").replace("-", "_") for flag, how in options]

    def run(desk: Desk, given: argparse.Namespace) -> None:
        values = {key: getattr(given, key) for key in names}
        if timed:
            values["at"] = given.at
        facts = act(desk.store, given.code, by=_by(desk, given), now=desk.now, **values)
        _moved(given, facts)

    return Verb(name, text, arguments, run)


_REASON = ("--reason", {"required": True, "metavar": "TEXT"})
_MAYBE_REASON = ("--reason", {"default": "", "metavar": "TEXT"})
_TEXT: dict[str, Any] = {"default": "", "metavar": "TEXT"}

VERBS = (
    Verb("receive", "Tiếp nhận hồ sơ", _receive_arguments, _receive),
    Verb("set-official-code", "Gắn mã hồ sơ chính thức", _official_arguments, _official),
    Verb("show", "Xem một hồ sơ", _code_argument, _show),
    Verb("history", "Lịch sử một hồ sơ", _code_argument, _history),
    Verb("list", "Danh sách hồ sơ", _list_arguments, _list),
    Verb("search", "Tìm hồ sơ", _search_arguments, _search),
    _move(
        "forward",
        "Chuyển xử lý",
        moves.forward,
        ("--to", {"required": True, "metavar": "UNIT"}),
        ("--officer", _TEXT),
    ),
    _move("complete", "Ghi đã có kết quả", moves.complete, _MAYBE_REASON),
    _move(
        "return",
        "Trả kết quả",
        moves.return_result,
        ("--collected-by", {"required": True, "metavar": "NAME"}),
        ("--proxy-id", _TEXT),
        ("--authorisation", _TEXT),
        ("--receipt-lost", {"action": "store_true"}),
    ),
    _move(
        "reschedule",
        "Ghi ý kiến hẹn lại của đơn vị giải quyết",
        moves.reschedule,
        _REASON,
        ("--new-due", {"required": True, "type": moment, "metavar": "MOMENT"}),
        ("--unit", _TEXT),
    ),
    _move(
        "explain",
        "Ghi lý do trễ hạn",
        moves.explain,
        _REASON,
        ("--expected", {"type": moment, "metavar": "MOMENT"}),
    ),
    _move(
        "supplement",
        "Yêu cầu bổ sung",
        moves.supplement,
        _REASON,
        ("--again", _TEXT),
    ),
    _move("resubmit", "Nhận bổ sung", moves.resubmit),
    _move("close", "Đóng hồ sơ không bổ sung", moves.close, _REASON),
    _move("await-payment", "Chờ thực hiện nghĩa vụ tài chính", moves.await_payment),
    _move("paid", "Đã thực hiện nghĩa vụ tài chính", moves.paid),
    _move(
        "extend",
        "Gia hạn để xác minh",
        moves.extend,
        ("--limit", {"required": True, "metavar": "LIMIT"}),
        _REASON,
    ),
    _move("refuse", "Từ chối giải quyết", moves.refuse, _REASON),
    _move("withdraw", "Rút hồ sơ", moves.withdraw, _MAYBE_REASON),
    _move("stop", "Dừng giải quyết theo đề nghị", moves.stop, _REASON),
    _move("undo", "Hoàn tác bước gần nhất", moves.undo, _REASON, timed=False),
)
