"""Arguments: how verbs are declared, how values are read, what a wrong one is told."""

from __future__ import annotations

import argparse
import re
from contextlib import nullcontext
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from counter_app.cli.output import say
from counter_app.domain.days import FIRST_YEAR, LAST_YEAR
from counter_app.domain.moments import parse_moment
from counter_app.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path

    from counter_app.services.store import Store


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
    Asked = Callable[[argparse.Namespace], bool]


def always(_options: argparse.Namespace) -> bool:
    """Answer yes whatever the options are."""
    return True


def never(_options: argparse.Namespace) -> bool:
    """Answer no whatever the options are."""
    return False


class Verb(NamedTuple):
    """One verb: its name, its help, its options, what it does.

    ``saves`` tells whether it writes, so that the clock is looked at first; ``practises`` whether
    it makes a folder to practise in; ``needs_data`` whether the data folder is opened at all.
    """

    name: str
    help: str
    arguments: Arguments
    run: Runner
    saves: Asked = never
    practises: Asked = never
    needs_data: Asked = always


_HEADINGS = {
    "positional arguments": "Tham số",
    "options": "Tùy chọn",
    "optional arguments": "Tùy chọn",
}


class _Formatter(argparse.HelpFormatter):
    """Help with Vietnamese headings."""

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, "Cách dùng: " if prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        super().start_section(_HEADINGS.get(heading or "", heading))


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one Vietnamese line and leaves the exit to the caller."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - argparse's own
        kwargs.setdefault("formatter_class", _Formatter)
        super().__init__(**kwargs, add_help=False, allow_abbrev=False)
        self.add_argument("-h", "--help", action="help", help="xem trợ giúp này rồi thoát")

    def error(self, message: str) -> NoReturn:
        raise InputError(f"{_said(message)} Chưa làm gì. Xem “{self.prog} --help”.")

    def _print_message(self, message: str, file: object = None) -> None:  # noqa: ARG002 - argparse's
        """Print the help as answers are printed; argparse would pass over a disk that is full."""
        say([message.rstrip("\n")])

    def _check_value(self, action: argparse.Action, value: object) -> None:
        """Name the words that may stand here; the versions of argparse word it differently."""
        if action.choices is None or value in action.choices:
            return
        if action.dest == "verb_name":
            raise InputError(f"Không có lệnh “{value}”. Xem “{self.prog} --help” để biết các lệnh.")
        words = ", ".join(str(choice) for choice in action.choices)
        raise argparse.ArgumentError(action, f"giá trị “{value}” không có, chọn trong: {words}")


_SAID = (
    ("the following arguments are required: ", "Thiếu tham số: {rest}."),
    ("unrecognized arguments: ", "Không hiểu tham số: {rest}."),
    ("one of the arguments ", "Cần một trong các tham số: {rest}."),
    ("argument ", "Tham số không dùng được: {rest}."),
)
_ENGLISH = (
    ("expected one argument", "cần một giá trị"),
    ("expected at least one argument", "cần ít nhất một giá trị"),
    ("not allowed with argument", "không dùng cùng"),
    ("ignored explicit argument", "không nhận giá trị"),
    (" is required", ""),
)


def _said(message: str) -> str:
    for start, sentence in _SAID:
        if message.startswith(start):
            rest = message.removeprefix(start)
            for english, vietnamese in _ENGLISH:
                rest = rest.replace(english, vietnamese)
            return sentence.format(rest=rest)
    return "Câu lệnh không đúng."


def moment(text: str) -> datetime:
    """Read a moment of the command line."""
    try:
        found = parse_moment(text)
    except (ValueError, OverflowError) as error:
        msg = f"“{text}” không phải thời điểm dạng 2026-11-24T09:00"
        raise argparse.ArgumentTypeError(msg) from error
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        msg = f"năm của “{text}” phải từ {FIRST_YEAR} đến {LAST_YEAR}"
        raise argparse.ArgumentTypeError(msg)
    return found


def day(text: str) -> date:
    """Read a day of the command line."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        msg = f"“{text}” không phải ngày dạng 2026-11-24"
        raise argparse.ArgumentTypeError(msg) from error


def whole(text: str) -> int:
    """Read a whole number that isn't negative."""
    if not re.fullmatch(r"[0-9]{1,9}", text.strip()):
        msg = f"“{text}” không phải số nguyên không âm"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


_LONGEST_PART, _LONGEST_PATH = 255, 4095  # bytes, on every file system the program runs on


def path(text: str) -> str:
    """Take the name of a file or folder that a file system could hold."""
    parts = re.split(r"[/\\]", text)
    if not text.strip():
        msg = "tên tệp hoặc thư mục trống"
        raise argparse.ArgumentTypeError(msg)
    if len(text.encode()) > _LONGEST_PATH or any(len(p.encode()) > _LONGEST_PART for p in parts):
        msg = f"tên “{text[:40]}…” quá dài"
        raise argparse.ArgumentTypeError(msg)
    return text


def make_parser(verbs: Iterable[Verb]) -> argparse.ArgumentParser:
    """Build the parser of all verbs."""
    parser = _Parser(
        prog="counter-app",
        description="Chương trình bộ phận một cửa cấp xã. Không có lệnh thì mở cửa sổ.",
        epilog=(
            "Kết quả in ra đầu ra chuẩn, lời nhắn in ra đầu ra lỗi. Trạng thái: 0 xong, "
            "1 kiểm tra thấy lỗi, 2 dữ liệu vào hoặc việc bị từ chối, 3 lỗi của chương trình."
        ),
    )
    parser.add_argument("--data", type=path, metavar="DIR", help="thư mục dữ liệu")
    parser.add_argument("--database", metavar="URL", help="cơ sở dữ liệu, dạng sqlite:///đường-dẫn")
    parser.add_argument(
        "--clock-confirmed",
        action="store_true",
        help="đã kiểm tra: đồng hồ máy đúng dù lùi so với lần lưu cuối",
    )
    parser.add_argument(
        "--user", default="", metavar="NAME", help="người đăng nhập, nơi có tài khoản"
    )
    parser.add_argument("--json", action="store_true", dest="json_first", help=argparse.SUPPRESS)
    commands = parser.add_subparsers(
        dest="verb_name", metavar="LỆNH", required=True, help="một trong các lệnh dưới đây"
    )
    for verb in verbs:
        command = commands.add_parser(verb.name, help=verb.help, description=f"{verb.help}.")
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


def parse(verbs: Sequence[Verb], arguments: Sequence[str]) -> argparse.Namespace:
    """Read a command line.

    Only the verbs whose names stand in it are built: all of them take longer than most verbs do.

    Raises:
        InputError: it can't be read.
        SystemExit: help was asked for and is printed.
    """
    named = [verb for verb in verbs if verb.name in arguments]
    asks_first = arguments and arguments[0] in {"-h", "--help"}
    return make_parser(verbs if asks_first or not named else named).parse_args(arguments)
