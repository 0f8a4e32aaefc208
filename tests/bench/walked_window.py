"""The real window on a data folder, walked through; tells how long each act held it up.

Run as ``python -m tests.bench.walked_window FOLDER NOTES WALK``, a process of its own; NOTES is
the file that is written.

A beat asks for its next turn as soon as it had one. What lies between two of them is a time in
which no key would have been answered and nothing painted; beside it stands the processor time of
the window's thread, which other programs don't lengthen.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from counter_app.bootstrap import open_app
from counter_app.domain.dossier import Move
from counter_app.ui.app import load_the_rest, make_application
from counter_app.ui.desk import Desk
from counter_app.ui.theme import apply_theme, dress
from tests.bench import data
from tests.ui.fakes import FakeInteraction
from tests.ui.hands import key_of, press
from tests.ui.reception_hands import here
from tests.ui.window_walk import DESK_DIALOGS, PAGES, OnPage

_BEAT_MS = 1
_LOOK_MS = 20
_REST = 0.12  # seconds without work after which an act is over
_LONGEST = 20.0
_BUSY = 0.004
Act = Callable[[], object]
Step = tuple[str, Act]


class Agreeing(FakeInteraction):
    """Says yes to every question, and gives nothing to those that want more."""

    def _answer(self, question: str) -> Any:
        del question

    def confirm(self, question: str, **words: Any) -> bool:
        del question, words
        return True


class Beat:
    """Notes the longest time between two turns of the event loop, act by act."""

    def __init__(self) -> None:
        self.found: dict[str, tuple[float, float]] = {}
        self.name = ""
        self.busy_at = 0.0
        self._at = self._used = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_BEAT_MS)
        self._timer.timeout.connect(self._on_timeout)

    def begin(self) -> None:
        """Begin to note."""
        self._at, self._used = time.perf_counter(), time.thread_time()
        self._timer.start()

    def _on_timeout(self) -> None:
        at, used = time.perf_counter(), time.thread_time()
        gap = (at - self._at, used - self._used)
        self._at, self._used = at, used
        if gap[1] > _BUSY:
            self.busy_at = at
        known = self.found.get(self.name, (0.0, 0.0))
        # Each for itself: the longest by the clock may be another program's doing.
        self.found[self.name] = (max(known[0], gap[0]), max(known[1], gap[1]))


class Walk:
    """Does one act after the other, each when the one before has come to rest."""

    def __init__(self, desk: Desk, beat: Beat, steps: Iterator[Step]) -> None:
        self._desk, self._beat, self._steps = desk, beat, steps
        self._begun = 0.0
        self._timer = QTimer()
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._on_timeout)

    def begin(self) -> None:
        """Do the first act soon."""
        self._timer.start()

    def _on_timeout(self) -> None:
        now = time.perf_counter()
        is_busy = self._desk.means.runner.is_busy or now - self._beat.busy_at < _REST
        if now - self._begun < _REST or (is_busy and now - self._begun < _LONGEST):
            return
        self._beat.name = ""
        step = next(self._steps, None)
        if step is None:
            self._timer.stop()
            QApplication.quit()
            return
        self._begun = now
        # In a turn of its own: what the walk does itself isn't counted.
        QTimer.singleShot(3, lambda: self._do(*step))

    def _do(self, name: str, act: Act) -> None:
        self._begun = time.perf_counter()
        self._beat.name = name
        act()


# What is done


def hurried(desk: Desk) -> Iterator[Step]:
    """Open every page before anything was made ahead."""
    yield "after the first paint", lambda: None
    for key in PAGES[1:]:
        yield f"opening at once: {key}", lambda key=key: desk.window.show_page(key)


def day(desk: Desk) -> Iterator[Step]:
    """Do what a clerk does in a day, after a quiet moment."""
    window = desk.window
    while len(window.pages.opened.pages()) < len(PAGES):
        yield "after the start: pages made ahead", lambda: None
    for time_of_day in ("first", "second"):
        for key in (*PAGES[1:], "reception"):
            yield f"{time_of_day} opening: {key}", lambda key=key: window.show_page(key)
    yield from _receiving(desk)
    yield from rows(desk)
    yield from _opening(desk)
    yield from _reporting(desk)
    sheets: dict[str, int] = {}
    yield "", lambda: sheets.update(_sheets(desk))
    yield "", lambda: window.show_page("settings")
    chips: Any = window.current_page().chips  # type: ignore[union-attr]
    for key in tuple(chips.keys()):
        yield f"settings: {key}", lambda key=key: chips.choose(key)
    for name, opener in DESK_DIALOGS.items():
        act = partial(opener, desk)
        if isinstance(opener, OnPage):  # nobody opens a page and a window of it with one key
            yield f"second opening: {opener.key}", partial(window.show_page, opener.key)
        if name == "sheet":  # of the unit with the fewest rows: nobody prints a thousand a day
            least = min(sheets, key=sheets.__getitem__)
            act = partial(desk.papers.of_office().open_sheet, least)
        yield f"window: {name}", act
        yield "closing a window", _close_dialogs


def rows(desk: Desk) -> Iterator[Step]:
    """Look through a long list."""
    window = desk.window
    yield "", lambda: window.show_page("dossiers", "filter:all")
    page: Any = window.page("dossiers")
    view = page.table.viewport()
    for _ in range(60):
        yield "list: a turn of the wheel", lambda: wheel(view)
    for key in ("due_today", "due_soon", "late", "waiting", "without_official_code", "all"):
        yield "list: another filter", lambda key=key: page.chips.choose(key)
    yield "", page.search.setFocus
    for letter in "nguyen thi anh":
        yield "list: a letter in the search", lambda letter=letter: type_letter(letter)
    yield "list: out of the search", page.step_back


def _receiving(desk: Desk) -> Iterator[Step]:
    page: Any = desk.window.page("reception")
    for number, name in (("045192000018", "Nguyễn Thị Ánh"), ("045092000016", "Trần Văn Bình")):
        yield "", lambda: page.form.go_to("citizen_id")
        for text in (number, name, "30121992", "", "Xã Cam Lộ", "0905123456", "doc than"):
            for letter in text:
                yield "reception: a letter", lambda letter=letter: type_letter(letter)
            yield "reception: Enter", lambda: QTest.keyClick(here(), Qt.Key.Key_Return)
        yield "reception: saving", page.main_action


def _opening(desk: Desk) -> Iterator[Step]:
    page: Any = desk.window.page("dossiers")
    for _ in range(4):
        yield "list: to the next row", lambda: QTest.keyClick(page.table, Qt.Key.Key_Down)
        yield "list: opening a dossier", lambda: QTest.keyClick(page.table, Qt.Key.Key_Return)
    yield "", lambda: QTest.keyClick(page.table, Qt.Key.Key_Return)
    yield "list: the acts of a dossier", page.request_more
    yield "closing a window", _close_dialogs
    yield "list: an act", lambda: page.request_act(Move.FORWARD)
    yield "closing a window", _close_dialogs


def _reporting(desk: Desk) -> Iterator[Step]:
    for key in ("today", "board"):
        yield "", lambda key=key: desk.window.show_page(key)
        yield f"counting anew: {key}", lambda: _current(desk).activated(refresh=True)
    yield "", lambda: desk.window.show_page("reports")
    row: Any = desk.window.page("reports").period_row  # type: ignore[union-attr]
    for box in (row.preset_choice, row.by_choice, row.against_choice):
        for number in range(box.count()):
            yield "another report", lambda box=box, number=number: box.setCurrentIndex(number)


def _sheets(desk: Desk) -> dict[str, int]:
    """Make a sheet for each unit; return how many rows they have."""
    calls = desk.papers.of_office()._calls
    return {code: len(calls.sheet(code)[1]) for code in calls.make_sheets()}


def _current(desk: Desk) -> Any:
    return desk.window.current_page()


def type_letter(letter: str) -> None:
    """Type a letter where the focus is, as slowly as a hand does."""
    press(here(), key_of(letter), letter, at=time.monotonic() * 1e3)


def wheel(view: QWidget) -> None:
    """Turn the wheel over a widget as far as a finger does at once: three notches."""
    at = QPointF(view.width() / 2, view.height() / 2)
    event = QWheelEvent(
        at, QPointF(view.mapToGlobal(at.toPoint())), QPoint(), QPoint(0, -360),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
        False,
    )  # fmt: skip
    QApplication.sendEvent(view, event)


def _close_dialogs() -> None:
    for window in QApplication.topLevelWidgets():
        if isinstance(window, QDialog):
            window.close()


WALKS = {walk.__name__: walk for walk in (hurried, day, rows)}


def main() -> int:
    """Open the window as the program does, walk, and write down what was found."""
    folder, notes, walk = sys.argv[1:]
    gc.disable()
    app = make_application(sys.argv[:1])
    opened = open_app(data=folder, environment={})
    apply_theme(app, is_dressed=False)
    desk = Desk(
        opened.store,
        folder=opened.folder,
        clock=lambda: data.NOW,
        is_second=False,
        interaction=Agreeing(),
    )
    desk.start(dress=lambda: dress(app))
    desk.window.showNormal()
    desk.window.resize(1366, 768)
    desk.window.pages.all_made.connect(gc.freeze)
    beat = Beat()
    walker = Walk(desk, beat, WALKS[walk](desk))
    for act in (gc.enable, load_the_rest, beat.begin, walker.begin):
        desk.window.after_paint.add(act)
    app.exec()
    beat.found.pop("", None)
    Path(notes).write_text(json.dumps(beat.found), "utf-8")
    os._exit(0)  # a copy of a large file at the end is not what is measured here


if __name__ == "__main__":
    sys.exit(main())
