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
# The program's own start until all pages are made ahead; each piece tells what it has loaded.
_AHEAD = """
import gc, os, sys
from datetime import timedelta
from counter_app import __main__, bootstrap
bootstrap.zone_offset = lambda: timedelta(hours=7)
from counter_app.ui import page_builder
do = page_builder.PageBuilder._do_piece
def piece(self, key):
    before = set(sys.modules)
    pieces = self._pieces.get(key)
    is_last = bool(pieces) and len(pieces) <= 2
    do(self, key)
    loaded = [one for one in sys.modules if one.startswith("counter_app") and one not in before]
    print(key, "made" if is_last else "loaded", *loaded, sep="|")
    if len(self.opened.holders) == len(self._specs):
        self.all_made.connect(leave)
def leave():
    print("frozen", gc.get_freeze_count() > 0, flush=True)
    os._exit(0)
page_builder.PageBuilder._do_piece = piece
__main__.main(["--data", sys.argv[1]])
"""
_MOST_AT_A_TURN = 10  # modules; a module of ours takes a millisecond, or four where it is compiled
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


def test_what_a_page_loads_is_loaded_before_it_is_made_and_never_much_at_a_turn(tmp_path):
    _run(_START, str(tmp_path))  # the very first makes the file
    *lines, frozen = _run(_AHEAD, str(tmp_path)).splitlines()
    pieces = [line.split("|") for line in lines]
    later = [piece for piece in pieces if piece[0] != "reception"]
    assert {key for key, *_ in later} >= {"dossiers", "reports", "sync", "settings"}
    for key, what, *loaded in later:
        if what == "made":
            assert loaded == [], key
        assert len(loaded) <= _MOST_AT_A_TURN, key
    assert frozen == "frozen True", "a full collection would look through all of it again"
