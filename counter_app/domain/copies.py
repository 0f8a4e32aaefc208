"""The names of copies of the data: when each was made."""

from __future__ import annotations

import re
from datetime import datetime

_NAME = re.compile(r"sao-luu-(\d{8}-\d{6})\.db", re.ASCII)
_FORM = "%Y%m%d-%H%M%S"


def copy_name(moment: datetime) -> str:
    """Return the name of a copy made at this moment.

    >>> copy_name(datetime(2026, 11, 27, 16, 30))
    'sao-luu-20261127-163000.db'
    """
    return f"sao-luu-{moment:{_FORM}}.db"


def copy_moment(name: str) -> datetime | None:
    """Return when a copy was made by its name, None for any other file.

    >>> copy_moment("sao-luu-20261127-163000.db")
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
