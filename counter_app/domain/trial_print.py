"""What a test print showed, and what each printer is sent differently because of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from counter_app.domain.print_profiles import PrintProfile

_PARTS = 3
_STRAIGHT, _TURNED = "không quay", "quay 90 độ"
_USUAL, _TRUE_SIZE = "cỡ của máy in", "đúng cỡ"
RULER_MM = 100


class CameOut(StrEnum):
    """Which picture a person chose."""

    RIGHT = "right"
    TURNED = "turned"
    SHRUNK = "shrunk"
    TWO_SIDED = "two-sided"
    NOTHING = "nothing"


class PrinterMend(NamedTuple):
    """What a printer is sent differently: pages turned by 90 degrees, never scaled."""

    is_turned: bool = False
    is_true_size: bool = False


class Mended(NamedTuple):
    """How a printer and its papers go on after an answer."""

    mend: PrinterMend
    profile: PrintProfile


def mended(came_out: CameOut, mend: PrinterMend, profile: PrintProfile) -> Mended:
    """Return what holds after an answer; what was tried in vain is taken back.

    A sheet still turned after it was turned here is the driver's doing: it goes straight again.

    >>> mended(CameOut.TURNED, PrinterMend(), PrintProfile()).mend.is_turned
    True
    """
    if came_out is CameOut.TURNED:
        mend = mend._replace(is_turned=not mend.is_turned)
    elif came_out is CameOut.SHRUNK:
        mend = mend._replace(is_true_size=True)
    elif came_out is CameOut.TWO_SIDED:
        profile = profile._replace(is_two_sided=False, copies=1)
    return Mended(mend, profile)


def write_mends(mends: Mapping[str, PrinterMend]) -> list[str]:
    """Write what printers need as a setting's lines; one that needs nothing has no line."""
    return [
        " | ".join(
            (
                _name(name),
                _TURNED if mend.is_turned else _STRAIGHT,
                _TRUE_SIZE if mend.is_true_size else _USUAL,
            )
        )
        for name, mend in mends.items()
        if mend != PrinterMend()
    ]


def read_mends(lines: Iterable[str]) -> dict[str, PrinterMend]:
    """Read a setting's lines.

    Raises:
        ValueError: a line is none.
    """
    found = {}
    for line in lines:
        parts = [part.strip() for part in line.split("|")]
        is_known = len(parts) == _PARTS and bool(parts[0])
        if (
            not is_known
            or parts[1] not in {_STRAIGHT, _TURNED}
            or parts[2] not in {_USUAL, _TRUE_SIZE}
        ):
            msg = f"“{line}” không phải: máy in | {_STRAIGHT} hoặc {_TURNED} | cỡ."
            raise ValueError(msg)
        found[parts[0]] = PrinterMend(parts[1] == _TURNED, parts[2] == _TRUE_SIZE)
    return found


def mend_of(mends: Mapping[str, PrinterMend], printer: str) -> PrinterMend:
    """Return what a printer needs, by the name it was written down with."""
    return mends.get(_name(printer), PrinterMend())


def put_mend(
    mends: Mapping[str, PrinterMend], printer: str, mend: PrinterMend
) -> dict[str, PrinterMend]:
    """Return what printers need once this one needs that."""
    return {**mends, _name(printer): mend}


def _name(printer: str) -> str:
    """Return a printer's name without what parts a setting's line."""
    return " ".join(printer.replace("|", " ").replace(";", " ").split())
