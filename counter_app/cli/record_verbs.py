"""Verbs that put right or add to a dossier: correct, attach, survey."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from counter_app.cli.move_verbs import CODE_HELP, show_moved
from counter_app.cli.output import warn
from counter_app.cli.parser import Verb, always, moment, path
from counter_app.cli.values import by_name
from counter_app.errors import InputError
from counter_app.services import attachments, corrections, surveys
from counter_app.services.dated_rules import questions

if TYPE_CHECKING:
    import argparse

    from counter_app.cli.parser import Desk


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--at", type=moment, metavar="MOMENT", help="lúc việc xảy ra; mặc định là bây giờ"
    )
    parser.add_argument("--by", default="", metavar="NAME", help="công chức làm việc này")


def pairs(texts: list[str], *, option: str, example: str) -> dict[str, str]:
    """Read NAME=VALUE of an option that may stand several times.

    Raises:
        InputError: one has another shape, or a name stands twice.
    """
    found: dict[str, str] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise InputError(
                f"“{text}” ở {option} cần dạng {example}. Chưa lưu gì.", field=option.strip("-")
            )
        if name.strip() in found:
            raise InputError(
                f"“{name.strip()}” ở {option} có hai lần. Chưa lưu gì.", field=option.strip("-")
            )
        found[name.strip()] = value
    return found


def _correct_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("code", metavar="CODE", help=CODE_HELP)
    add(
        "--set",
        nargs="+",
        action="extend",
        required=True,
        metavar="FIELD=VALUE",
        help="mục cần sửa và giá trị đúng",
    )
    add("--reason", required=True, metavar="TEXT", help="lý do sửa")
    _common(parser)


def _correct(desk: Desk, options: argparse.Namespace) -> None:
    facts = corrections.correct(
        desk.store,
        options.code,
        values=pairs(options.set, option="--set", example="MỤC=GIÁ TRỊ"),
        reason=options.reason,
        at=options.at,
        by=by_name(desk, options.by),
        now=desk.now,
    )
    show_moved(options, facts)
    if facts.state["receipt_issued"]:
        warn(["Giấy tiếp nhận đã in trước đó không còn đúng: in giấy mới bằng lệnh print receipt."])


def _attach_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("code", metavar="CODE", help=CODE_HELP)
    add("files", nargs="*", type=path, metavar="FILE", help="tệp PDF, JPEG hoặc PNG")
    add(
        "--kind",
        choices=attachments.KINDS,
        required=True,
        help="giấy tờ đầu vào hoặc kết quả giải quyết",
    )
    add("--document", default="", metavar="NAME", help="giấy tờ mà tệp này là bản quét")
    add(
        "--exempt",
        default="",
        metavar="KIND",
        help="ghi giấy tờ không phải số hóa: online, shown, internal, secret",
    )
    _common(parser)


def _attach(desk: Desk, options: argparse.Namespace) -> None:
    facts = attachments.attach(
        desk.store,
        options.code,
        files=[Path(one) for one in options.files],
        kind=options.kind,
        document=options.document,
        exempt=options.exempt,
        at=options.at,
        by=by_name(desk, options.by),
        now=desk.now,
    )
    show_moved(options, facts)


def _survey_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("code", metavar="CODE", help=CODE_HELP)
    add(
        "--score",
        nargs="+",
        action="extend",
        required=True,
        metavar="Q=N",
        help="câu hỏi (tên hoặc số thứ tự) và điểm",
    )
    add("--comment", default="", metavar="TEXT", help="ý kiến khác trên phiếu")
    _common(parser)


def _survey(desk: Desk, options: argparse.Namespace) -> None:
    texts = pairs(options.score, option="--score", example="CÂU=ĐIỂM")
    facts = surveys.survey(
        desk.store,
        options.code,
        scores={name: _score(name, text) for name, text in texts.items()},
        comment=options.comment,
        at=options.at,
        by=by_name(desk, options.by),
        now=desk.now,
    )
    show_moved(options, facts)
    form = questions((options.at or desk.now).date())
    if not form.is_confirmed:
        warn([f"Mẫu phiếu theo {form.source}, chưa được đơn vị xác nhận."])


def _score(name: str, text: str) -> int:
    if not (text.strip().isascii() and text.strip().isdigit()):
        raise InputError(f"Điểm “{text}” của câu “{name}” cần là một số. Chưa lưu gì.")
    return int(text)


VERBS = (
    Verb("correct", "Sửa thông tin đã ghi", _correct_arguments, _correct, saves=always),
    Verb("attach", "Đính kèm tệp quét hoặc kết quả", _attach_arguments, _attach, saves=always),
    Verb("survey", "Ghi phiếu đánh giá của người dân", _survey_arguments, _survey, saves=always),
)
