"""The shape of official codes, learnt from one code that was given: nobody writes an expression."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

AGENCY = r"[0-9A-Z]+(\.[0-9A-Z]+)*"
_SAMPLE_AGENCY = "H15.50.05.13"
_SAMPLES = {4: "2026", 6: "261008"}
_GROWTH = 3  # digits that the last number of a code may gain over the years
_CODE = re.compile(r"[0-9A-Z]+(?:[.\-/][0-9A-Z]+)*", re.ASCII)
_RUNS = re.compile(r"\d+|\D+", re.ASCII)
_PIECES = re.compile(
    rf"(?P<agency>{re.escape(AGENCY)})|\\d\{{(?P<least>\d+)(?:,(?P<most>\d+))?\}}"
    r"|(?P<text>(?:[A-Z/\-]|\\\.)+)",
    re.ASCII,
)


class Piece(NamedTuple):
    """A part of a code: the agency's own, so many digits, or letters as they stand."""

    kind: Literal["agency", "digits", "text"]
    least: int = 0
    most: int = 0
    text: str = ""


def is_example(text: str) -> bool:
    r"""Tell a code that was given from an expression.

    >>> [is_example(one) for one in ("H50.19.57-261123-0109", r"[0-9A-Z]+-\d{6}")]
    [True, False]
    """
    return _CODE.fullmatch(text) is not None


def pattern_of(example: str) -> str | None:
    r"""Return the pattern of codes like this one, None where no number of a dossier ends it.

    Any agency's code may begin it; its last number may have more digits than the example's.

    >>> pattern_of("H50.19.57-261123-0109")
    '[0-9A-Z]+(\\.[0-9A-Z]+)*-\\d{6}-\\d{4,7}'
    """
    if not is_example(example) or not re.search(r"\d{3}\Z", example, re.ASCII):
        return None
    first = re.match(r"[^\-/]+(?=[\-/])", example) or re.match(r".+(?=\.)", example)
    rest = example[first.end() :] if first else example
    runs = _RUNS.findall(rest)
    middle = [rf"\d{{{len(run)}}}" if run.isdigit() else re.escape(run) for run in runs[:-1]]
    last = len(runs[-1])
    pattern = "".join([AGENCY if first else "", *middle, rf"\d{{{last},{last + _GROWTH}}}"])
    return pattern.replace(r"\-", "-").replace(r"\/", "/")


def pieces_of(pattern: str) -> list[Piece] | None:
    """Take a pattern apart, None where it wasn't made of an example."""
    bare = pattern.removeprefix("^").removesuffix("$")
    pieces, end = [], 0
    while end < len(bare):
        found = _PIECES.match(bare, end)
        if found is None:
            return None
        end = found.end()
        if found["agency"]:
            pieces.append(Piece("agency"))
        elif found["least"]:
            least = int(found["least"])
            pieces.append(Piece("digits", least, int(found["most"] or least)))
        else:
            pieces.append(Piece("text", text=found["text"].replace("\\", "")))
    return pieces if pieces and pattern_of(_sample(pieces)) == bare else None


def example_of(pattern: str) -> str | None:
    r"""Return a code that has a pattern, None where it wasn't made of an example.

    >>> example_of(r"^[0-9A-Z]+(\.[0-9A-Z]+)*-\d{6}-\d{4,7}$")
    'H15.50.05.13-261008-0975'
    """
    pieces = pieces_of(pattern)
    return None if pieces is None else _sample(pieces)


def _sample(pieces: list[Piece]) -> str:
    words = []
    for number, piece in enumerate(pieces, 1):
        if piece.kind == "agency":
            words.append(_SAMPLE_AGENCY)
        elif piece.kind == "text":
            words.append(piece.text)
        elif number == len(pieces):
            words.append("975".zfill(piece.least)[-piece.least :])
        else:
            words.append(_SAMPLES.get(piece.least, "1" * piece.least))
    return "".join(words)
