"""What a verb says: its answer on standard output, everything else in lines on standard error."""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from typing import TYPE_CHECKING, TextIO

from counter_app.errors import UserError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

_LONGEST_LINE = 1500


class OutputError(UserError):
    """The answer can't be written to where standard output goes."""


def wants_json(options: argparse.Namespace) -> bool:
    """Tell whether JSON was asked for, before or behind the verb."""
    return bool(options.json or options.json_first)


def show(options: argparse.Namespace, data: object, lines: Iterable[str] = ()) -> None:
    """Print the answer: one JSON document, or lines for people.

    Raises:
        OutputError: standard output goes to a full disk or the like.
    """
    say(_json_lines(data) if wants_json(options) else lines)


def say(lines: Iterable[str]) -> None:
    """Print lines and bring them out.

    Raises:
        OutputError: as ``show``.
    """
    try:
        for line in lines:
            print(line)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(
            "Không in được kết quả: nơi nhận đầu ra báo lỗi hoặc đã đầy. Việc của lệnh đã làm "
            "xong và được giữ; xem lại bằng lệnh list hoặc show."
        ) from error


def _json_lines(data: object) -> Iterable[str]:
    """Write one document; an array has one element a line, which is quick and easy to look at."""
    if not isinstance(data, list):
        yield json.dumps(data, ensure_ascii=False, indent=1)
        return
    if not data:
        yield "[]"
        return
    last = len(data) - 1
    for number, one in enumerate(data):
        start = "[" if number == 0 else " "
        yield start + json.dumps(one, ensure_ascii=False) + ("]" if number == last else ",")


def warn(sentences: Iterable[str]) -> None:
    """Print what a person should look at, away from the answer."""
    for sentence in sentences:
        tell(sentence)


def tell(sentence: str) -> None:
    """Print one line on standard error; where that takes nothing, nobody can be told."""
    try:
        print(one_line(sentence), file=sys.stderr, flush=True)
    except OSError:
        drop(sys.stderr)


def drop(stream: TextIO) -> None:
    """Let what is left of a stream go nowhere, or the interpreter would try again at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def one_line(text: str) -> str:
    """Return a sentence as one line of a terminal: no breaks, no control codes, not endless."""
    visible = "".join(c if unicodedata.category(c) not in {"Cc", "Cs"} else " " for c in text)
    line = " ".join(visible.split())
    if len(line) <= _LONGEST_LINE:
        return line
    half = _LONGEST_LINE // 2
    return f"{line[:half]} … {line[-half:]}"
