"""What a start leaves for later: every module before the first paint is time a clerk waits."""

from __future__ import annotations

import os
import subprocess
import sys

# The program's own start, gone when the first picture stands; enumerations are noted by name.
_START = """
import enum, os, sys
make, made = enum.EnumType._create_, set()
def note(kind, name, *given, **options):
    made.add(name)
    return make(kind, name, *given, **options)
enum.EnumType._create_ = note
from counter_app import __main__
from counter_app.ui import after_paint
def leave(self):
    print(*sorted(sys.modules))
    print(*sorted(made), flush=True)
    os._exit(0)
after_paint.AfterPaint.painted = leave
__main__.main(["--data", sys.argv[1]])
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
# Of widgets that no first page has: PySide makes them all when it has to guess what a widget is.
_FOREIGN = {"WizardStyle", "DockOption", "FileMode", "ColorDialogOption", "TickPosition"}
_PLAIN_IMPORT = """
import builtins
from counter_app.ui import page
print(builtins.__import__ is builtins.__orig_import__)
"""


def _run(code: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    return done.stdout


def test_a_start_loads_and_makes_nothing_that_the_first_page_does_without(tmp_path):
    _run(_START, str(tmp_path))  # the very first makes the file, which takes more
    modules, enumerations = (set(line.split()) for line in _run(_START, str(tmp_path)).splitlines())
    assert "counter_app.ui.reception_page" in modules
    assert modules.isdisjoint(_NOT_YET), sorted(modules & set(_NOT_YET))
    assert "FocusPolicy" in enumerations
    assert enumerations.isdisjoint(_FOREIGN), sorted(enumerations & _FOREIGN)


def test_pyside_reads_no_source_of_our_modules():
    assert _run(_PLAIN_IMPORT).strip() == "True"
