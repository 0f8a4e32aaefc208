"""Printing through CUPS, where the computer has it: the PDF itself goes, and its job is named.

Qt hands a page to CUPS and says nothing when the queue refuses it: that paper would be lost without
a word. The command ``lp`` answers with the job or with why there is none.
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
from typing import NamedTuple

log = logging.getLogger(__name__)

_PATIENCE = 20  # seconds
_A4_LONG, _A5_LONG, _NEAR = 842, 595, 5  # points
_SLOT = "InputSlot/"


class Sent(NamedTuple):
    """What ``lp`` answered: the job's name, or why there is none."""

    job: str
    problem: str = ""


def is_here() -> bool:
    """Tell whether this computer prints through CUPS."""
    return shutil.which("lp") is not None


def send(
    data: bytes,
    *,
    printer: str,
    copies: int,
    tray: str,
    is_two_sided: bool,
    title: str,
    size: tuple[float, float],
    is_turned: bool = False,
    is_true_size: bool = False,
) -> Sent:
    """Hand a PDF to a queue; it is passed on unchanged, at its own scale.

    A page's own turn in its PDF is undone by CUPS, so that ``is_turned`` asks for it; otherwise the
    queue's own landscape setting must not turn it. ``is_true_size`` also takes back what the queue
    itself was told to fit to its paper.
    """
    side = "two-sided-long-edge" if is_two_sided else "one-sided"
    direction = "orientation-requested=4" if is_turned else "orientation-requested=3"
    options = [f"sides={side}", "print-scaling=none", direction, *_media(size)]
    if is_true_size:
        options += ["fit-to-page=false", "fitplot=false", "number-up=1"]
    if tray:
        options.append(f"InputSlot={tray}")
    command = ["lp", "-d", printer, "-n", str(copies), "-t", title or "Counter App"]
    for option in options:
        command += ["-o", option]
    try:
        answer = subprocess.run(  # noqa: S603 - a list of arguments, no shell
            command,
            input=data,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
            env=_environment(),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        log.warning("lp did not answer: %s", type(error).__name__)
        return Sent("", "no answer")
    said = answer.stdout.decode("utf-8", "replace").strip()
    if answer.returncode != 0:
        log.warning("lp refused with status %s", answer.returncode)
        return Sent("", answer.stderr.decode("utf-8", "replace").strip() or "refused")
    # "request id is Queue-12 (1 file(s))", in the system's language: the name has the number.
    return Sent(next((word for word in said.split() if word.startswith(f"{printer}-")), said))


def _environment() -> dict[str, str]:
    """Return the environment without the libraries of a packed program: lp has its own."""
    known = dict(os.environ)
    original = known.pop("LD_LIBRARY_PATH_ORIG", None)
    if original is not None:
        known["LD_LIBRARY_PATH"] = original
    elif getattr(sys, "frozen", False):
        known.pop("LD_LIBRARY_PATH", None)
    return known


def _media(size: tuple[float, float]) -> list[str]:
    longer = max(size)
    if abs(longer - _A4_LONG) < _NEAR:
        return ["media=A4"]
    return ["media=A5"] if abs(longer - _A5_LONG) < _NEAR else []


def trays(printer: str) -> list[str]:
    """Return the trays that a queue's driver names; empty when it names none."""
    if shutil.which("lpoptions") is None:
        return []
    try:
        answer = subprocess.run(  # noqa: S603 - a list of arguments, no shell
            ["lpoptions", "-p", printer, "-l"],  # noqa: S607 - wherever the system has it
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
            env=_environment(),
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return read_trays(answer.stdout.decode("utf-8", "replace"))


def read_trays(listed: str) -> list[str]:
    """Read the trays in what ``lpoptions -l`` lists.

    >>> read_trays("InputSlot/Media Source: *Auto Upper Lower")
    ['Auto', 'Upper', 'Lower']
    """
    for line in listed.splitlines():
        if line.startswith(_SLOT):
            return [word.lstrip("*") for word in line.split(":", 1)[-1].split()]
    return []
