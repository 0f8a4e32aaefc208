"""PySide6 6.12.0 loses a reference to None on every void call and dies of it on Python 3.11."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from PySide6.QtWidgets import QLabel

ROOT = Path(__file__).resolve().parents[1]


def test_twenty_thousand_calls_into_qt_keep_the_process_alive(qtbot):
    label = QLabel()
    qtbot.addWidget(label)
    for _ in range(20_000):
        label.setText("Hồ sơ")
    assert label.text() == "Hồ sơ"


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal: its count says nothing")
def test_calls_into_qt_leave_the_references_to_none_as_they_were(qtbot):
    label = QLabel()
    qtbot.addWidget(label)
    before = sys.getrefcount(None)
    for _ in range(1_000):
        label.setText("Hồ sơ")
    assert abs(sys.getrefcount(None) - before) < 100


def test_the_broken_release_is_neither_asked_for_nor_locked():
    # On a Python where None is immortal the two tests above would pass with any release.
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    qt = next(Requirement(line) for line in project["dependencies"] if "PySide6" in line)
    assert not qt.specifier.contains("6.12.0")
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    locked = re.search(r"^pyside6-essentials==(\S+)", lock, re.MULTILINE)
    assert locked is not None
    assert qt.specifier.contains(locked[1])
