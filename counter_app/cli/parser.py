"""Arguments: how verbs are declared, how values are read, what a wrong one is told."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from counter_app.domain.moments import parse_moment
from counter_app.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path

    from counter_app.services.journal import Store


class Desk(NamedTuple):
    """What a verb works with: the open data, its folder, one moment for the whole verb."""

    store: Store
    folder: Path
    now: datetime
    doubts: tuple[str, ...] = ()
    # Holds the folder for a verb that nothing else may work beside; refused while a window is open.
    alone: Callable[[], AbstractContextManager[None]] = nullcontext


if TYPE_CHECKING:
    Opener = Callable[[argparse.Namespace], Desk]
    Arguments = Callable[[argparse.ArgumentParser], None]
    Runner = Callable[[Any, argparse.Namespace], int | None]


class Verb(NamedTuple):
    """One verb: its name, its help, its options, what it does."""

    name: str
    help: str
    arguments: Arguments
    run: Runner
    needs_data: bool = True


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one Vietnamese line and leaves the exit to the caller."""

    def error(self, message: str) -> NoReturn:
        raise InputError(_said(message, self.prog))


_SAID = (
    ("the following arguments are required: ", "Thiếu tham số: {rest}."),
    ("unrecognized arguments: ", "Không hiểu tham số: {rest}."),
    ("one of the arguments ", "Cần một trong các tham số: {rest}."),
    ("argument ", "Tham số không dùng được: {rest}."),
)


def _said(message: str, prog: str) -> str:
    for start, sentence in _SAID:
        if message.startswith(start):
            rest = message.removeprefix(start)
            for english, vietnamese in (
                ("invalid choice:", "giá trị không có:"),
                ("(choose from", "(chọn trong"),
                ("invalid int value:", "không phải số nguyên:"),
                ("expected one argument", "cần một giá trị"),
                ("expected at least one argument", "cần ít nhất một giá trị"),
                ("not allowed with argument", "không dùng cùng"),
                (" is required", ""),
                ("invalid moment value:", "không phải thời điểm dạng 2026-11-24T09:00:"),
            ):
                rest = rest.replace(english, vietnamese)
            return f"{sentence.format(rest=rest)} Xem “{prog} --help”."
    return f"Câu lệnh không đúng. Xem “{prog} --help”."


def moment(text: str) -> datetime:
    """Read a moment of the command line."""
    return parse_moment(text)


def make_parser(verbs: Iterable[Verb]) -> argparse.ArgumentParser:
    """Build the parser of all verbs."""
    parser = _Parser(
        prog="counter-app",
        description="Chương trình bộ phận một cửa cấp xã. Không có lệnh thì mở cửa sổ.",
        allow_abbrev=False,
    )
    parser.add_argument("--data", metavar="DIR", help="thư mục dữ liệu")
    parser.add_argument("--database", metavar="URL", help="cơ sở dữ liệu")
    parser.add_argument(
        "--clock-confirmed",
        action="store_true",
        help="đã kiểm tra: đồng hồ máy đúng dù lùi so với lần lưu cuối",
    )
    parser.add_argument("--json", action="store_true", dest="json_first", help=argparse.SUPPRESS)
    commands = parser.add_subparsers(dest="verb_name", metavar="LỆNH", required=True)
    for verb in verbs:
        command = commands.add_parser(
            verb.name, help=verb.help, description=verb.help, allow_abbrev=False
        )
        command.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
        command.add_argument(
            "--clock-confirmed",
            action="store_true",
            dest="clock_confirmed_here",
            help=argparse.SUPPRESS,
        )
        verb.arguments(command)
        command.set_defaults(verb=verb)
    return parser


def wants_json(options: argparse.Namespace) -> bool:
    """Tell whether JSON was asked for, before or behind the verb."""
    return bool(options.json or options.json_first)


def show(options: argparse.Namespace, data: object, lines: Iterable[str] = ()) -> None:
    """Print the answer: one JSON document, or lines for people."""
    if wants_json(options):
        json.dump(data, sys.stdout, ensure_ascii=False, indent=1)
        print()
        return
    for line in lines:
        print(line)


def warn(sentences: Iterable[str]) -> None:
    """Print what a person should look at, away from the answer."""
    for sentence in sentences:
        print(sentence, file=sys.stderr)
