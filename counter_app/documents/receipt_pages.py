"""The receipt's pages: sizes, margins and how tightly a body may be set, step by step."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from counter_app.documents.typeset import MM


class Step(NamedTuple):
    """How tightly a body is set."""

    size: float
    leading: float  # times the size
    gap: float  # between paragraphs, in points
    sign_room: float  # to sign in, in points
    is_run_in: bool = False  # papers in a running list, short fields two to a line


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """One copy's page: size, margins and type sizes, in points."""

    width: float
    height: float
    side: float
    top: float
    bottom: float
    small: float
    nation: float
    title: float
    code: float
    qr_side: float
    bar_height: float
    column: float  # the agency's share of the width
    steps: tuple[Step, ...]
    tight: ReceiptPage | None = None  # the same page for what doesn't fit at any of these steps


_A5 = ReceiptPage(
    width=148.5 * MM,
    height=210 * MM,
    side=10 * MM,
    top=8 * MM,
    bottom=8 * MM,
    small=8,
    nation=9.5,
    title=13,
    code=11,
    qr_side=15.5 * MM,
    bar_height=7.5 * MM,
    column=0.41,
    steps=(
        Step(11, 1.34, 2.8, 20 * MM),
        Step(10.5, 1.32, 2.4, 19 * MM),
        Step(10.5, 1.27, 1.8, 18 * MM),
        Step(10, 1.25, 1.5, 17 * MM),
        Step(9.5, 1.22, 1.2, 16 * MM),
        Step(9, 1.2, 1, 15 * MM),
        Step(8.5, 1.18, 0.8, 14 * MM),
        Step(8, 1.16, 0.6, 13 * MM),
    ),
)
A5 = replace(
    _A5,
    tight=replace(
        _A5,
        side=9 * MM,
        top=6.5 * MM,
        bottom=6.5 * MM,
        small=7.2,
        nation=9,
        title=11.5,
        code=10,
        qr_side=14 * MM,
        bar_height=6 * MM,
        steps=(
            Step(8.5, 1.15, 0.6, 12 * MM),
            Step(8, 1.15, 0.5, 12 * MM),
            Step(9.5, 1.2, 1, 14 * MM, is_run_in=True),
            Step(9, 1.18, 0.8, 13 * MM, is_run_in=True),
            Step(8.5, 1.15, 0.5, 12 * MM, is_run_in=True),
            Step(8, 1.13, 0.3, 11 * MM, is_run_in=True),
            Step(8, 1.1, 0, 9 * MM, is_run_in=True),
            Step(8, 1.06, 0, 8 * MM, is_run_in=True),
        ),
    ),
)
_A4 = ReceiptPage(
    width=210 * MM,
    height=297 * MM,
    side=18 * MM,
    top=14 * MM,
    bottom=14 * MM,
    small=9.5,
    nation=12,
    title=15,
    code=13,
    qr_side=20 * MM,
    bar_height=10 * MM,
    column=0.41,
    steps=(
        Step(13, 1.4, 4.5, 28 * MM),
        Step(13, 1.32, 3.5, 26 * MM),
        Step(12.5, 1.28, 2.5, 24 * MM),
        Step(12, 1.25, 2, 22 * MM),
        Step(11.5, 1.22, 1.5, 21 * MM),
        Step(11, 1.2, 1, 20 * MM),
        Step(10.5, 1.18, 1, 19 * MM),
        Step(10, 1.16, 0.8, 18 * MM),
    ),
)
A4 = replace(
    _A4,
    tight=replace(
        _A4,
        side=17 * MM,
        small=9,
        steps=(
            Step(10, 1.15, 0.5, 17 * MM, is_run_in=True),
            Step(9.5, 1.12, 0.3, 16 * MM, is_run_in=True),
            Step(9, 1.1, 0, 14 * MM, is_run_in=True),
        ),
    ),
)
