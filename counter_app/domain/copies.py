"""The names of copies of the data: when each was made, and in which order.

A clock may be set back; how far the data had come tells which copy is the later one all the same.
"""

from __future__ import annotations

import re
from datetime import datetime

_NAME = re.compile(r"sao-luu-(\d{8}-\d{6})(?:-(\d{1,9})-(\d{1,18}))?\.db", re.ASCII)
_FORM = "%Y%m%d-%H%M%S"

Order = tuple[int, int]  # the epoch of the data and the last line of their log


def copy_name(moment: datetime, order: Order) -> str:
    """Return the name of a copy made at this moment, when the data had come so far.

    >>> copy_name(datetime(2026, 11, 27, 16, 30), (1, 204))
    'sao-luu-20261127-163000-1-204.db'
    """
    epoch, line = order
    return f"sao-luu-{moment:{_FORM}}-{epoch}-{line}.db"


def copy_order(name: str) -> Order:
    """Return how far the data had come in a copy; those of the first releases don't tell.

    >>> copy_order("sao-luu-20261127-163000-1-204.db"), copy_order("sao-luu-20261127-163000.db")
    ((1, 204), (0, 0))
    """
    found = _NAME.fullmatch(name)
    return (int(found[2]), int(found[3])) if found is not None and found[2] else (0, 0)


def copy_moment(name: str) -> datetime | None:
    """Return when a copy was made by its name, None for any other file.

    >>> copy_moment("sao-luu-20261127-163000-1-204.db")
    datetime.datetime(2026, 11, 27, 16, 30)
    >>> copy_moment("truoc-khoi-phuc-20261127-163000.db")
    """
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    try:
        return datetime.strptime(found[1], _FORM)
    except ValueError:
        return None
