"""Verbs for piles and for who doesn't come: results that are there, handed over, called about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counter_app.atomic import atomically
from counter_app.cli.into_file import act_into
from counter_app.cli.move_verbs import CODE_HELP, show_moved
from counter_app.cli.output import show
from counter_app.cli.parser import Verb, always, day, moment, path
from counter_app.cli.values import by_name
from counter_app.domain.contacts import Outcome
from counter_app.domain.moments import to_json
from counter_app.errors import InputError, MoveRefusedError
from counter_app.services import handing, lookup, moves, papers
from counter_app.services.returns import WAYS

if TYPE_CHECKING:
    import argparse

    from counter_app.cli.parser import Desk
    from counter_app.domain.facts import DossierFacts
    from counter_app.services.handing import Outcomes


def _codes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("codes", nargs="+", metavar="CODE", help=f"{CODE_HELP}; một hay nhiều")


def _common(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--at", type=moment, metavar="MOMENT", help="lúc việc xảy ra; mặc định là bây giờ")
    add("--by", default="", metavar="NAME", help="công chức làm việc này")


def _show_pile(options: argparse.Namespace, found: Outcomes, *, output: str = "") -> None:
    """Print what went through; what was refused is told last and makes the verb fail.

    Raises:
        MoveRefusedError: some were refused; the others are done and stay done.
    """
    data: dict[str, Any] = {
        "done": [lookup.dossier_json(facts) for facts in found.done],
        "refused": [{"code": code, "reason": why} for code, why in found.refused],
    }
    if found.number:
        data["handover"] = found.number
    lines = [f"{facts.shown_code}  {facts.events[-1].text}" for facts in found.done]
    if found.number:
        where = f", đã ghi vào {output}" if output else ""
        lines.append(f"Danh sách bàn giao {found.number}: {len(found.done)} hồ sơ{where}.")
    if found.done or not found.refused:
        show(options, data, lines)
    if found.refused:
        told = " ".join(f"{code}: {why}" for code, why in found.refused)
        done = f"{len(found.done)} hồ sơ khác đã xong. " if found.done else "Chưa làm gì. "
        raise MoveRefusedError(f"{len(found.refused)} hồ sơ không làm được. {done}{told}")


def _complete_arguments(parser: argparse.ArgumentParser) -> None:
    _codes(parser)
    reason = "lý do; bắt buộc khi ghi lùi qua hạn trả"
    parser.add_argument("--reason", default="", metavar="TEXT", help=reason)
    _common(parser)


def _complete(desk: Desk, options: argparse.Namespace) -> None:
    by = by_name(desk, options.by)

    def one(code: str) -> DossierFacts:
        return moves.complete(
            desk.store, code, at=options.at, reason=options.reason, by=by, now=desk.now
        )

    if len(options.codes) == 1:
        show_moved(options, one(options.codes[0]))
        return
    found = handing.complete_many(
        desk.store, options.codes, at=options.at, reason=options.reason, by=by, now=desk.now
    )
    _show_pile(options, found)


def _return_arguments(parser: argparse.ArgumentParser) -> None:
    _codes(parser)
    add = parser.add_argument
    add("--collected-by", required=True, metavar="NAME", help="họ tên người nhận")
    add("--proxy-id", default="", metavar="N", help="số giấy tờ của người nhận thay")
    add("--authorisation", default="", metavar="TEXT", help="giấy ủy quyền, giới thiệu")
    add("--receipt-lost", action="store_true", help="người nhận làm mất giấy hẹn")
    add("--identity", default="", metavar="N", help="số giấy tờ đã xem khi mất giấy hẹn")
    add("--via", choices=WAYS, default="counter", help="cách trả: tại quầy, bưu chính, trực tuyến")
    add("--fee-paid", action="store_true", help="đã thu đủ phí, lệ phí còn nợ")
    add("--fee-receipt", default="", metavar="N", help="số biên lai thu phí, lệ phí")
    add(
        "-o",
        "--output",
        type=path,
        metavar="FILE.pdf",
        help="tệp PDF của danh sách bàn giao một người nhận ký một lần",
    )
    _common(parser)


_RETURN_OPTIONS = (
    "collected_by",
    "proxy_id",
    "authorisation",
    "receipt_lost",
    "identity",
    "via",
    "fee_paid",
    "fee_receipt",
    "at",
)


def _return(desk: Desk, options: argparse.Namespace) -> None:
    values = {name: getattr(options, name) for name in _RETURN_OPTIONS}
    by = by_name(desk, options.by)
    if len(options.codes) == 1 and not options.output:
        facts = moves.return_result(desk.store, options.codes[0], by=by, now=desk.now, **values)
        show_moved(options, facts)
        return
    if not options.collected_by.strip():
        raise InputError("Chưa ghi họ tên người nhận kết quả.", field="collected_by")

    def hand_over() -> Outcomes:
        return handing.return_many(desk.store, options.codes, by=by, now=desk.now, **values)

    if not options.output:
        _show_pile(options, hand_over())
        return
    found = act_into(
        options.output,
        hand_over,
        lambda found: papers.paper_pdf(desk.store, [found.paper_uuid]) if found.done else None,
        _handed_over,
    )
    _show_pile(options, found, output=options.output)


def _handed_over(found: Outcomes) -> str:
    codes = ", ".join(facts.shown_code for facts in found.done)
    refused = "".join(f" Không làm được {code}: {why}" for code, why in found.refused)
    return (
        f"Đã ghi trả kết quả {codes}, không cần trả lại; "
        f"lấy tệp bằng lệnh handover {found.number} -o.{refused}"
    )


def _contact_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("code", metavar="CODE", help=CODE_HELP)
    add(
        "--outcome",
        required=True,
        choices=tuple(map(str, Outcome)),
        help="đã báo, hẹn đến nhận, không nghe máy, số không đúng",
    )
    add("--until", type=day, metavar="DAY", help="ngày người dân hẹn đến nhận")
    add("--note", default="", metavar="TEXT", help="ghi chú ngắn")
    _common(parser)


def _contact(desk: Desk, options: argparse.Namespace) -> None:
    facts = moves.contact(
        desk.store,
        options.code,
        outcome=options.outcome,
        until=options.until,
        note=options.note,
        at=options.at,
        by=by_name(desk, options.by),
        now=desk.now,
    )
    show_moved(options, facts)


def _no_arguments(_parser: argparse.ArgumentParser) -> None:
    """Take no options."""


def _uncollected(desk: Desk, options: argparse.Namespace) -> None:
    rows = handing.uncollected(desk.store, now=desk.now)
    data = [
        {
            "uuid": row.uuid,
            "code": row.code,
            "applicant_name": row.applicant_name,
            "phone": row.phone,
            "procedure_name": row.procedure_name,
            "completed_at": to_json(row.completed_at),
            "days": row.days,
            "contacts": row.contacts,
            "contacted_at": to_json(row.contacted_at),
            "outcome": row.outcome,
            "until": None if row.until is None else row.until.isoformat(),
            "note": row.note,
        }
        for row in rows
    ]
    lines = [
        f"{r.code}  {r.applicant_name}  {r.phone or 'không có điện thoại'}  "
        f"{r.days} ngày  {r.last_call or 'chưa gọi'}"
        for r in rows
    ]
    show(options, data, lines)


def _handovers(desk: Desk, options: argparse.Namespace) -> None:
    found = handing.list_of(desk.store, options.number)
    with atomically(options.output) as temporary:
        again = handing.reprint_list(desk.store, found)
        temporary.write_bytes(papers.paper_pdf(desk.store, [again]))
    show(
        options,
        {"output": options.output, "papers": [found]},
        [f"Đã ghi danh sách bàn giao {options.number} vào {options.output}."],
    )


def _handovers_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", metavar="NUMBER", help="số danh sách, dạng BG-01-261127-0001")
    parser.add_argument(
        "-o", "--output", required=True, type=path, metavar="FILE.pdf", help="tệp PDF được ghi"
    )


VERBS = (
    Verb("complete", "Ghi đã có kết quả", _complete_arguments, _complete, saves=always),
    Verb("return", "Trả kết quả", _return_arguments, _return, saves=always),
    Verb("contact", "Ghi cuộc gọi cho người dân", _contact_arguments, _contact, saves=always),
    Verb("uncollected", "Kết quả lâu chưa ai đến nhận", _no_arguments, _uncollected),
    Verb(
        "handover",
        "In lại danh sách bàn giao kết quả",
        _handovers_arguments,
        _handovers,
        saves=always,
    ),
)
