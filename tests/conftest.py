"""What holds for every test: no screen, a quiet log, hypothesis without a stopwatch."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Before the first QApplication. COUNTER_APP_XVFB=1 lets the tests draw on the real display; without
# one they draw on the smallest screen that is promised, not on the 800×800 that Qt would take.
if os.environ.get("COUNTER_APP_XVFB") != "1":
    _screen = Path(__file__).parent / "ui" / "small_screen.json"
    _told = "" if ":" in str(_screen) else f":configfile={_screen}"  # a drive's colon parts options
    os.environ["QT_QPA_PLATFORM"] = f"offscreen{_told}"

# No test leaves an anchor in the home folder, nor finds one there.
_anchors = tempfile.TemporaryDirectory(prefix="counter-app-anchors-")
os.environ["XDG_STATE_HOME"] = _anchors.name

# A slow machine isn't a defect, so nothing is timed; in CI the same examples are drawn every time.
settings.register_profile(
    "counter-app",
    deadline=None,
    max_examples=60,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("counter-app")


def pytest_collection_modifyitems(items):
    """Mark the tests that need a Qt application."""
    for item in items:
        if {"qtbot", "qapp"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.gui)


class _Warnings(logging.Handler):
    """Keeps what was logged at WARNING or above."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def _quiet_log(request):
    """Fail a test that logs a warning nobody expected.

    Expected ones are named by ``@pytest.mark.allow_log("regex")``; a test that asks for ``caplog``
    reads the log itself.
    """
    handler = _Warnings()
    root = logging.getLogger()
    root.addHandler(handler)
    yield
    root.removeHandler(handler)
    if "caplog" in request.fixturenames:
        return
    allowed = [mark.args[0] for mark in request.node.iter_markers("allow_log")]
    unexpected = [line for line in handler.lines if not any(re.search(p, line) for p in allowed)]
    if unexpected:
        pytest.fail("unexpected in the log: " + " | ".join(unexpected), pytrace=False)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of three megabytes, where the machine lets us have one."""
    place = tmp_path / "disk"
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=3m", "counter-app-test", str(place)]
    try:
        mounted = subprocess.run(words, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("no mount here")
    if mounted.returncode:
        pytest.skip("a small disk can't be mounted here")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture
def cheap_passwords(monkeypatch):
    """A hash of a password that costs nothing; what it costs in the office is its purpose."""
    from counter_app.services import users

    monkeypatch.setattr(users, "_COST", {"time_cost": 1, "memory_cost": 8, "parallelism": 1})
    users._hasher.cache_clear()
    yield
    users._hasher.cache_clear()


@pytest.fixture
def cheap_keys(monkeypatch):
    """A passphrase stretched by a thousandth: what is tested is what opens what."""
    from counter_app.storage import key_files

    monkeypatch.setattr(key_files, "_COST", {"time": 1, "memory": 64, "lanes": 1})
