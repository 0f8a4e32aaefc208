"""Where the window's own files lie (icons, translations), frozen or not."""

from __future__ import annotations

import sys
from pathlib import Path


def resource_folder(name: str) -> Path:
    """Return one folder under ``resources/``."""
    frozen = getattr(sys, "_MEIPASS", None)
    root = Path(frozen) if frozen else Path(__file__).resolve().parents[2]
    return root / "resources" / name
