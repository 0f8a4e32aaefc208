"""Verbs for dossiers: receive, attach the official code, look up, list, search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counter_app.cli.filter_options import chosen_filter, filter_arguments, write_found
from counter_app.cli.group_options import group_arguments, others_of
from counter_app.cli.move_verbs import CODE_HELP, show_moved
from counter_app.cli.output import show, wants_json, warn
from counter_app.cli.parser import Verb, always, moment, whole
from counter_app.cli.values import by_name, document, read_card
from counter_app.cli.visit_options import (
    check_options,
    from_visit,
    is_visit_code,
    kind_of,
    print_visit,
    record,
    visit_arguments,
)
from counter_app.domain.dossier import Status
from counter_app.domain.facts import DossierFacts, ReceiveRequest
from counter_app.domain.fees import FeeStanding
from counter_app.domain.timeliness import Timeliness
from counter_app.domain.words import format_moment
from counter_app.errors import InputError
from counter_app.services import browse, group, lookup, moves, privacy, reception, visits

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from counter_app.cli.parser import Desk

# Options that are fields of the request as they stand: name, what it is.
_FIELDS = {
    "address": "địa chỉ",
    "phone": "điện thoại",
    "email": "email",
    "content": "nội dung yêu cầu",
    "official_code": "mã hồ sơ chính thức, nếu đã có",
    "limit": "thời hạn khác danh mục",
    "limit_reason": "lý do đổi thời hạn",
    "paper_number": "số giấy hẹn viết tay khi mất mạng, mất điện",
    "submitter_id": "số giấy tờ của người nộp",
}


def _receive_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--procedure", default="", metavar="CODE", help="mã thủ tục")
    group_arguments(parser)
    visit_arguments(parser)
    add("--applicant", metavar="NAME", help="họ tên chủ hồ sơ")
    add("--card-qr", metavar="TEXT", help="chuỗi đọc từ mã QR của thẻ căn cước")
    add("--organisation", metavar="NAME", help="tên tổ chức là chủ hồ sơ")
    add("--tax-code", metavar="N", help="mã số thuế")
    add(
        "--id-kind",
        choices=("citizen", "old", "passport", "birth", "none"),
        help="loại giấy tờ tùy thân",
    )
    add("--citizen-id", metavar="N", help="số định danh hoặc số giấy tờ")
    add("--birth-date", metavar="D|YYYY", help="ngày sinh hoặc năm sinh")
    add("--sex", choices=("male", "female"), help="giới tính")
    for name, text in _FIELDS.items():
        add(f"--{name.replace('_', '-')}", default="", metavar="TEXT", help=text)
    add("--submitter", default="", metavar="NAME", help="họ tên người đến nộp")
    add("--subject", default="", metavar="NAME", help="họ tên người được khai (trẻ, người mất)")
    add("--copies", type=whole, default=1, metavar="N", help="số bộ hồ sơ")
    add(
        "--document",
        action="append",
        default=[],
        metavar="NAME=ORIGINALS/COPIES",
        help="một giấy tờ đã nộp: tên=số bản chính/số bản sao",
    )
    add(
        "--result-to",
        choices=("counter", "post", "online"),
        default="counter",
        help="nơi nhận kết quả",
    )
    add(
        "--channel",
        choices=("counter", "online", "post", "transfer"),
        default="counter",
        help="hình thức nộp",
    )
    add("--submitted-at", type=moment, metavar="MOMENT", help="lúc nộp trực tuyến hoặc gửi đi")
    add("--received-at", type=moment, metavar="MOMENT", help="lúc nhận, nếu đã qua")
    add("--competent", default="", metavar="UNIT", help="cơ quan khác có thẩm quyền giải quyết")
    add("--received-unit", default="", metavar="UNIT", help="nơi đã tiếp nhận rồi chuyển đến đây")
    add("--helped-unit", default="", metavar="UNIT", help="nơi hỗ trợ người dân nộp hồ sơ")
    add("--competent-at", type=moment, metavar="MOMENT", help="lúc cơ quan đó nhận")
    add("--promised-due", type=moment, metavar="MOMENT", help="ngày hẹn đã ghi trên giấy viết tay")
    add("--fee-pages", type=whole, default=0, metavar="N", help="số trang một bản, để tính phí")
    add("--fee-copies", type=whole, default=0, metavar="N", help="số bản hoặc số trường hợp")
    add("--by", default="", metavar="NAME", help="công chức tiếp nhận")


def _receive(desk: Desk, options: argparse.Namespace) -> None:
    check_options(options)
    values = {name: getattr(options, name) for name in _FIELDS}
    owner, warnings = ({}, []) if _is_told_by_visit(options) else _applicant(options)
    values.update(owner)
    values.update(
        procedure_code=options.procedure.strip(),
        submitter_name=options.submitter,
        subject_name=options.subject,
        copies=options.copies,
        documents=tuple(document(text) for text in options.document),
        result_to=options.result_to,
        channel=options.channel,
        submitted_at=options.submitted_at,
        received_at=options.received_at,
        competent_unit=options.competent,
        competent_at=options.competent_at,
        received_unit=options.received_unit,
        helped_unit=options.helped_unit,
        promised_due=options.promised_due,
        fee_pages=options.fee_pages,
        fee_copies=options.fee_copies,
        by=by_name(desk, options.by),
    )
    kind = kind_of(options)
    if kind is not None:
        record(desk, options, ReceiveRequest(**values), kind)
        warn(warnings)
        return
    others = others_of(ReceiveRequest(**values), options)
    if others:
        _receive_group(desk, options, [ReceiveRequest(**values), *others], warnings)
        return
    if options.from_visit:
        received = visits.receive_from_visit(
            desk.store, options.from_visit, from_visit(desk, options, values), now=desk.now
        )
    else:
        received = reception.receive_dossier(desk.store, ReceiveRequest(**values), now=desk.now)
    facts = lookup.show(desk.store, received.uuid, now=desk.now)
    due = (
        "chưa có hạn trả"
        if received.due_at is None
        else f"hẹn trả {format_moment(received.due_at)}"
    )
    show(options, lookup.dossier_json(facts), [f"{facts.shown_code}  {due}"])
    warn((*warnings, *received.warnings))
    if received.provisional:
        warn(["Ngày hẹn dựa trên lịch chưa được xác nhận chính thức."])


def _receive_group(
    desk: Desk, options: argparse.Namespace, requests: list[ReceiveRequest], warnings: list[str]
) -> None:
    if options.from_visit:
        raise InputError(
            "Một lượt tiếp chỉ thành một hồ sơ nên --from-visit không đi cùng nhóm. Chưa lưu gì.",
            field="from_visit",
        )
    received = group.receive_group(desk.store, requests, now=desk.now)
    found = [lookup.show(desk.store, one.uuid, now=desk.now) for one in received]
    lines = [
        f"{f.shown_code}  {f.state['applicant_name']}  {f.state['procedure_name']}  {standing(f)}"
        for f in found
    ]
    show(options, [lookup.dossier_json(facts) for facts in found], lines)
    warn((*warnings, *(told for one in received for told in one.warnings)))


def _is_told_by_visit(options: argparse.Namespace) -> bool:
    """Tell whether the owner is the one of an earlier visit."""
    told = (options.applicant, options.organisation, options.card_qr)
    return bool(options.from_visit) and all(one is None for one in told)


def _applicant(options: argparse.Namespace) -> tuple[dict[str, Any], list[str]]:
    """Return the owner's fields; an option wins over the card, with a warning."""
    if options.organisation is not None:
        _only_organisation(options)
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
    if options.card_qr is not None:
        values.update(read_card(options.card_qr, typed, warnings))
    elif options.applicant is None:
        raise InputError(
            "Cần --applicant, --card-qr hoặc --organisation. Chưa lưu gì.", field="applicant_name"
        )
    values["tax_code"] = options.tax_code or ""
    values["id_kind"] = options.id_kind or "citizen"
    return values, warnings


def _only_organisation(options: argparse.Namespace) -> None:
    person = ("applicant", "card_qr", "citizen_id", "birth_date", "sex", "id_kind")
    given = [f"--{name.replace('_', '-')}" for name in person if getattr(options, name) is not None]
    if given:
        raise InputError(
            f"--organisation không đi cùng {', '.join(given)}. Chưa lưu gì. Người đến nộp thay tổ "
            "chức ghi ở --submitter và --submitter-id.",
            field="applicant_name",
        )


def _code_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", metavar="CODE", help=CODE_HELP)


def standing(facts: DossierFacts) -> str:
    """Say a dossier's state and due moment in a few words."""
    due = facts.moment("due_at")
    words = facts.status_label
    if due is not None:
        words += f", hẹn trả {format_moment(due)}"
    verdict = Timeliness(facts.timeliness) if facts.timeliness else None
    return f"{words}, trễ hạn" if verdict is not None and verdict.is_late else words


def _more_lines(facts: DossierFacts) -> list[str]:
    """Say by when it must leave the desk, its linked steps and its fee, where there is any."""
    told = [words for words, _ in facts.steps]
    if facts.leave_by is not None:
        late = "quá giờ chuyển, " if facts.should_have_left else ""
        told.append(f"{late}phải chuyển trước {format_moment(facts.leave_by)}")
    fee = FeeStanding.of(facts.state).words
    return [*told, f"Phí, lệ phí: {fee}"] if fee else told


def _show(desk: Desk, options: argparse.Namespace) -> None:
    if is_visit_code(options.code):
        print_visit(desk, options, visits.find_visit(desk.store, options.code))
        return
    facts = lookup.show(desk.store, options.code, now=desk.now)
    privacy.note_number_shown(desk.store, facts.uuid)
    state = facts.state
    lines = [
        f"{facts.shown_code}  {state['applicant_name']}",
        f"{state['procedure_code']}  {state['procedure_name']}",
        standing(facts),
    ]
    lines += _more_lines(facts)
    lines += facts.doubts
    lines += [f"{event.at:%d/%m/%Y %H:%M}  {event.text}" for event in facts.events]
    show(options, lookup.dossier_json(facts, full=True), lines)


def _history(desk: Desk, options: argparse.Namespace) -> None:
    facts = lookup.show(desk.store, options.code, now=desk.now)
    if wants_json(options):
        privacy.note_number_shown(desk.store, facts.uuid)
    data = lookup.dossier_json(facts, full=True)["events"]
    show(options, data, (f"{e.at:%d/%m/%Y %H:%M}  {e.text}" for e in facts.events))


def _list_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--status", choices=tuple(map(str, Status)), default="", help="trạng thái")
    add("--due-before", type=moment, metavar="MOMENT", help="hạn trả trước lúc này")
    add("--late", action="store_true", help="chỉ hồ sơ trễ hạn")
    add("--without-official-code", action="store_true", help="chưa có mã chính thức")
    add("--as-of", type=moment, metavar="MOMENT", help="xét đúng hạn, trễ hạn vào lúc này")
    add("--limit", type=whole, metavar="N", help="nhiều nhất bao nhiêu hồ sơ; mặc định tất cả")
    filter_arguments(parser)


def _list(desk: Desk, options: argparse.Namespace) -> None:
    chosen = chosen_filter(desk, options)
    found = browse.list_dossiers(
        desk.store,
        status=options.status,
        due_before=options.due_before,
        late_only=options.late,
        without_official_code=options.without_official_code,
        chosen=chosen,
        as_of=options.as_of or desk.now,
        limit=-1 if options.limit is None else options.limit,
    )
    if options.output:
        write_found(desk, options, [facts.id for facts in found], chosen)
        return
    _print_dossiers(desk, options, found)


def _print_dossiers(desk: Desk, options: argparse.Namespace, found: Iterable[DossierFacts]) -> None:
    known = list(found)
    if wants_json(options) and known:  # the lines for people have no numbers
        privacy.note_numbers_shown(desk.store, len(known))
    lines = (
        f"{f.shown_code}  {f.state['applicant_name']}  {f.state['procedure_name']}  {standing(f)}"
        for f in known
    )
    show(options, [lookup.dossier_json(f) for f in known], lines)


def _search_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", metavar="TEXT", help="họ tên, mã, số định danh, điện thoại…")
    parser.add_argument(
        "--limit", type=whole, default=50, metavar="N", help="nhiều nhất bao nhiêu hồ sơ"
    )


def _search(desk: Desk, options: argparse.Namespace) -> None:
    rows = browse.search(desk.store, options.text, limit=options.limit)
    found = lookup.facts_of(desk.store, [row.id for row in rows], now=desk.now)
    _print_dossiers(desk, options, found)


def _official_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", metavar="CODE", help=CODE_HELP)
    parser.add_argument("official", metavar="OFFICIAL", help="mã do hệ thống chính thức cấp")
    parser.add_argument(
        "--at", type=moment, metavar="MOMENT", help="lúc việc xảy ra; mặc định là bây giờ"
    )
    parser.add_argument("--by", default="", metavar="NAME", help="công chức làm việc này")


def _official(desk: Desk, options: argparse.Namespace) -> None:
    facts = moves.set_official_code(
        desk.store,
        options.code,
        official=options.official,
        at=options.at,
        by=by_name(desk, options.by),
        now=desk.now,
    )
    show_moved(options, facts)


VERBS = (
    Verb("receive", "Tiếp nhận hồ sơ", _receive_arguments, _receive, saves=always),
    Verb(
        "set-official-code",
        "Gắn mã hồ sơ chính thức",
        _official_arguments,
        _official,
        saves=always,
    ),
    Verb("show", "Xem một hồ sơ", _code_argument, _show),
    Verb("history", "Lịch sử một hồ sơ", _code_argument, _history),
    Verb(
        "list",
        "Danh sách hồ sơ",
        _list_arguments,
        _list,
        saves=lambda options: bool(options.save or options.forget),
    ),
    Verb("search", "Tìm hồ sơ", _search_arguments, _search),
)
