"""What a start leaves for later: every module before the first paint is time a clerk waits."""

from __future__ import annotations

import subprocess
import sys

_START = """
import sys
from counter_app import __main__, bootstrap
from counter_app.ui import app, reception_desk, reception_page
from counter_app.services import at_hand
print(*sorted(sys.modules))
"""
_NOT_YET = (
    "peewee",
    "reportlab",
    "segno",
    "argon2",
    "counter_app.cli",
    "counter_app.documents",
    "counter_app.domain.catalogue",
    "counter_app.domain.deadlines",
    "counter_app.domain.facts",
    "counter_app.domain.papers",
    "counter_app.services.catalogue",
    "counter_app.services.encryption",
    "counter_app.services.kept_files",
    "counter_app.services.lookup",
    "counter_app.services.reception",
    "counter_app.services.salvage",
    "counter_app.services.seals",
    "counter_app.services.users",
    "counter_app.storage.convert",
    "counter_app.storage.key_files",
    "counter_app.tabular",
    "counter_app.ui.rescue",
    "counter_app.ui.sign_in",
    "counter_app.ui.unlock_dialog",
)
_PLAIN_IMPORT = """
import builtins
from counter_app.ui import page
print(builtins.__import__ is builtins.__orig_import__)
"""


def _run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout


def test_a_start_loads_no_module_that_the_first_page_does_without():
    loaded = set(_run(_START).split())
    assert "counter_app.ui.reception_page" in loaded
    assert loaded.isdisjoint(_NOT_YET), sorted(loaded & set(_NOT_YET))


def test_pyside_reads_no_source_of_our_modules():
    assert _run(_PLAIN_IMPORT).strip() == "True"
