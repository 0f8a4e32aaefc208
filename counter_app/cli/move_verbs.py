"""Verbs that are one move of a dossier each: their options are the service's arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counter_app.cli.output import show
from counter_app.cli.parser import Verb, always, moment
from counter_app.cli.values import by_name
from counter_app.cli.visit_options import is_visit_code, undo_visit
from counter_app.services import lookup, moves, opinions

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from counter_app.cli.parser import Desk
    from counter_app.domain.facts import DossierFacts

    Option = tuple[str, dict[str, Any]]

CODE_HELP = "mã của ta, mã chính thức hoặc uuid"


def _move(
    name: str,
    text: str,
    act: Callable[..., DossierFacts],
    *options: Option,
) -> Verb:
    """Declare a verb that is one move: its options have the names of the service's arguments."""

    def arguments(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("code", metavar="CODE", help=CODE_HELP)
        for flag, how in options:
            parser.add_argument(flag, **how)
        parser.add_argument(
            "--at", type=moment, metavar="MOMENT", help="lúc việc xảy ra; mặc định là bây giờ"
        )
        parser.add_argument("--by", default="", metavar="NAME", help="công chức làm việc này")

    names = [how.get("dest") or flag.strip("-").replace("-", "_") for flag, how in options]

    def run(desk: Desk, given: argparse.Namespace) -> None:
        if name == "undo" and is_visit_code(given.code):
            undo_visit(desk, given)
            return
        values = {key: getattr(given, key) for key in ("at", *names)}
        facts = act(desk.store, given.code, by=by_name(desk, given.by), now=desk.now, **values)
        show_moved(given, facts)

    return Verb(name, text, arguments, run, saves=always)


def show_moved(options: argparse.Namespace, facts: DossierFacts) -> None:
    """Print a dossier after a move, with the sentence of its last event."""
    show(options, lookup.dossier_json(facts), [f"{facts.shown_code}  {facts.events[-1].text}"])


def _text(flag: str, text: str, metavar: str = "TEXT") -> Option:
    return flag, {"default": "", "metavar": metavar, "help": text}


def _needed(flag: str, text: str, metavar: str = "TEXT") -> Option:
    return flag, {"required": True, "metavar": metavar, "help": text}


_REASON = _needed("--reason", "lý do")
_MAYBE_REASON = _text("--reason", "lý do; bắt buộc khi ghi lùi qua hạn trả")

VERBS = (
    _move(
        "forward",
        "Chuyển xử lý",
        moves.forward,
        _needed("--to", "đơn vị giải quyết", "UNIT"),
        _text("--officer", "công chức thụ lý", "NAME"),
        _MAYBE_REASON,
    ),
    _move(
        "reschedule",
        "Ghi ý kiến hẹn lại của đơn vị giải quyết",
        moves.reschedule,
        _REASON,
        (
            "--new-due",
            {"required": True, "type": moment, "metavar": "MOMENT", "help": "ngày hẹn lại"},
        ),
        _text("--unit", "đơn vị giải quyết", "NAME"),
    ),
    _move(
        "explain",
        "Ghi lý do trễ hạn",
        moves.explain,
        _REASON,
        ("--expected", {"type": moment, "metavar": "MOMENT", "help": "ngày dự kiến trả"}),
    ),
    _move(
        "supplement",
        "Yêu cầu bổ sung",
        moves.supplement,
        _text("--reason", "lý do; không ghi thì là các mục cần bổ sung"),
        (
            "--item",
            {
                "action": "append",
                "default": [],
                "metavar": "TEXT",
                "dest": "requirements",
                "help": "một mục cần bổ sung, mỗi mục một lần",
            },
        ),
        _text("--again", "lý do yêu cầu lần nữa", "REASON"),
    ),
    _move("resubmit", "Nhận bổ sung", moves.resubmit, _MAYBE_REASON),
    _move("close", "Đóng hồ sơ không bổ sung", moves.close, _REASON),
    _move("await-payment", "Chờ thực hiện nghĩa vụ tài chính", moves.await_payment, _MAYBE_REASON),
    _move("paid", "Đã thực hiện nghĩa vụ tài chính", moves.paid, _MAYBE_REASON),
    _move(
        "extend",
        "Gia hạn để xác minh",
        moves.extend,
        _needed("--limit", "thời gian thêm, tính từ hạn hiện nay", "LIMIT"),
        _REASON,
    ),
    _move(
        "competent-received",
        "Ghi lúc cơ quan có thẩm quyền nhận hồ sơ",
        moves.competent_received,
        _MAYBE_REASON,
    ),
    _move(
        "ask-opinion",
        "Hỏi ý kiến đơn vị khác",
        opinions.ask_opinion,
        _needed("--unit", "đơn vị được hỏi", "UNIT"),
        _needed("--what", "nội dung cần ý kiến"),
        _needed("--limit", "thời hạn trả lời", "LIMIT"),
    ),
    _move(
        "opinion-received",
        "Ghi ý kiến trả lời",
        opinions.opinion_received,
        _text("--unit", "đơn vị đã trả lời, khi chờ nhiều đơn vị", "UNIT"),
        ("--answer", {"default": "", "metavar": "TEXT", "help": "ý kiến", "dest": "text"}),
    ),
    _move("refuse", "Từ chối giải quyết", moves.refuse, _REASON),
    _move("withdraw", "Rút hồ sơ", moves.withdraw, _MAYBE_REASON),
    _move("stop", "Dừng giải quyết theo đề nghị", moves.stop, _REASON),
    _move("undo", "Hoàn tác bước gần nhất", moves.undo, _REASON),
)
