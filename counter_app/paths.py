"""Where data, backups and resources live, frozen by an installer or not."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

DATABASE_NAME = "counter.db"
DATA_VARIABLE = "COUNTER_APP_DATA"
DATABASE_VARIABLE = "COUNTER_APP_DATABASE"
ANCHOR_VARIABLE = "COUNTER_APP_ANCHOR"
PASSPHRASE_VARIABLE = "COUNTER_APP_PASSPHRASE"  # noqa: S105 - its name
NEW_PASSPHRASE_VARIABLE = "COUNTER_APP_NEW_PASSPHRASE"  # noqa: S105 - its name
# How the folders in the data folder begin in which something lies for as long as it is made.
ASIDE = "counter-app-"
NOW_VARIABLE = "COUNTER_APP_NOW"


def resources() -> Path:
    """Return the folder of shipped data, beside the package or inside a frozen program."""
    frozen = getattr(sys, "_MEIPASS", None)
    return Path(frozen or Path(__file__).resolve().parent.parent) / "resources"


def data_folder(argument: str | None, environment: Mapping[str, str]) -> Path:
    """Return the data folder: the option, else the variable, else the platform's own.

    On Windows it is the one for all users of the PC, because clerks share a counter.
    """
    chosen = argument or environment.get(DATA_VARIABLE)
    if chosen:
        return Path(os.path.expanduser(chosen)).absolute()  # noqa: PTH111 - never raises
    import platformdirs

    if os.name == "nt":
        return Path(platformdirs.site_data_dir("CounterApp", appauthor=False))
    return Path(platformdirs.user_data_dir("counter-app", appauthor=False))


def backups(data: Path) -> Path:
    """Return the folder of backups beside the database."""
    return data / "backups"


def anchors(environment: Mapping[str, str]) -> Path:
    """Return the folder of anchors: never the data's own, so that one damage can't take both.

    On Windows it is one for all users of the PC, as the data are.
    """
    chosen = environment.get(ANCHOR_VARIABLE)
    if chosen:
        return Path(os.path.expanduser(chosen)).absolute()  # noqa: PTH111 - never raises
    import platformdirs

    if os.name == "nt":
        return Path(platformdirs.site_data_dir("CounterApp Anchor", appauthor=False))
    return Path(platformdirs.user_state_dir("counter-app", appauthor=False))


def attachments(data: Path) -> Path:
    """Return the folder of attached files, each under its hash or, sealed, a keyed one."""
    return data / "attachments"


def logs(data: Path) -> Path:
    """Return the folder of log files."""
    return data / "logs"
