# ruff: noqa: INP001 - a script for developers, no package
"""Count the keys and clicks of ten everyday tasks on the real window, for the README.

    python build_spec/count_keys.py            # writes the table between its marks in the README
    python build_spec/count_keys.py --print    # only says it

Each task starts where a clerk stands, on Tiếp nhận, in a fresh copy of the demo week. Every key
pressed counts, letters and digits too, and a key with Ctrl counts once. What a scanner types is no
key. A question the window asks counts the key that answers it. No task clicks: all of them are done
by keyboard, and a task that didn't reach its end is an error and not a short count.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, Qt  # noqa: E402 - the platform is chosen above
from PySide6.QtGui import QKeyEvent  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

from counter_app import bootstrap  # noqa: E402
from counter_app.domain.facts import ReceiveRequest  # noqa: E402
from counter_app.services import catalogue, demo, lookup, moves, reception  # noqa: E402
from counter_app.ui import app as window_app  # noqa: E402
from counter_app.ui.desk import Desk  # noqa: E402
from counter_app.ui.interaction import QtInteraction  # noqa: E402
from counter_app.ui.theme import apply_theme  # noqa: E402

README = ROOT / "README.md"
NOW = datetime(2026, 11, 23, 9, 40)
CLERK = "Lê Thị Hồng Lan"
CARD = (
    "045192007777|191234567|Nguyễn Thị Ngọc Ánh|30121992|Nữ|"
    "Thôn Nghĩa Hy, xã Cam Lộ, tỉnh Quảng Trị|10052021"
)
RUNNER = "045192004321||Lê Thị Ngọc Ánh|02031992|Nữ|Khu phố 2, Cam Lộ, Quảng Trị|28042021"
PROCEDURE = "1.004873"
UNIT = "Công chức Tư pháp – Hộ tịch"
PATIENCE = 20
NONE = Qt.KeyboardModifier.NoModifier


class TaskFailedError(Exception):
    """A task didn't come to its end, so its count says nothing."""


class Answers(QtInteraction):
    """Answers each question with the key that a clerk would press, and counts it."""

    def __init__(self, desk: CountedDesk) -> None:
        """``desk`` keeps the count."""
        super().__init__(None)
        self._desk = desk
        self.file: Path | None = None

    def confirm(self, question: str, *, yes: str, no: str = "", detail: str = "") -> bool:
        """Say yes with one key; a printer that is missing is no question of the task."""
        del yes, no, detail
        if "máy in" in question:
            return False
        self._desk.keys += 1
        return True

    def inform(self, text: str, *, detail: str = "") -> None:
        """Stop: a task that goes well is told nothing in a dialog."""
        raise TaskFailedError(f"{text} {detail}")

    def choose_file_open(
        self, title: str, *, folder: Path | None = None, kinds: str
    ) -> Path | None:
        """Take the newest file with Enter."""
        del title, folder, kinds
        self._desk.keys += 1
        return self.file


class CountedDesk:
    """The real window on the demo week, and hands that are counted."""

    def __init__(self, app: QApplication, folder: Path) -> None:
        """Open the window as it stands in the morning."""
        self.keys = self.scans = self.clicks = 0
        self.folder = folder
        self._app = app
        self._at = 10_000
        self._opened = bootstrap.open_app(data=str(folder), environment={})
        self.store = self._opened.store
        self.answers = Answers(self)
        self.printed: list[str] = []
        demo.fill(self.store, "week", now=NOW)
        catalogue.confirm_procedure(
            self.store, code=PROCEDURE, decision="QĐ 01/QĐ-UBND (ví dụ)", on=NOW.date()
        )
        self.desk = Desk(
            self.store, folder=folder, clock=lambda: NOW, is_second=False, interaction=self.answers
        )
        self.desk.papers.print_papers = self._print  # type: ignore[method-assign]
        self.desk.papers.print_made = self._print_made  # type: ignore[method-assign]
        self.window = self.desk.window
        # The detector reads these hands' own clock, so a busy machine changes nothing.
        self.desk._scanner._clock = lambda _event: self._at  # noqa: SLF001 - it has no other door

    def _print(self, papers: list[str]) -> None:
        self.printed += papers

    def _print_made(self, make: Callable[[], bytes]) -> None:
        if not make().startswith(b"%PDF"):
            raise TaskFailedError
        self.printed.append("made")

    def open(self) -> None:
        """Show the window with the page that a morning begins on."""
        self.window.resize(1366, 768)
        self.window.show()
        self.window.show_page("reception")
        self.window.activateWindow()
        self.settle()
        self.keys = self.scans = 0

    def close(self) -> None:
        """Leave without a question."""
        self.window.hide()
        self.desk.close()
        self.store.close()

    def wait(self, until: Callable[[], Any]) -> None:
        """Wait for what the window does by itself."""
        end = time.monotonic() + PATIENCE
        while not until():
            self._app.processEvents()
            time.sleep(0.002)
            if time.monotonic() > end:
                raise TaskFailedError
        self.settle()

    def settle(self) -> None:
        """Let the window do what it has begun."""
        end = time.monotonic() + PATIENCE
        while True:
            for _ in range(5):
                self._app.processEvents()
                time.sleep(0.02)
            if not self.desk._runner.is_busy or time.monotonic() > end:  # noqa: SLF001
                break
        front = self._app.activeModalWidget()
        if front is not None and not front.isActiveWindow():
            front.activateWindow()
            self._app.processEvents()

    @property
    def target(self) -> QWidget:
        """Return where a key goes."""
        return (
            self._app.activePopupWidget()
            or self._app.focusWidget()
            or self._app.activeModalWidget()
            or self.window
        )

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        """Press one key, and count it."""
        self.keys += 1
        self._at += 1000
        QTest.keyClick(self.target, key, held)
        self._at += 1000
        self.settle()

    def ctrl(self, key: Qt.Key) -> None:
        """Press a key with Ctrl."""
        self.key(key, Qt.KeyboardModifier.ControlModifier)

    def type(self, text: str) -> None:
        """Type letters at a hand's speed."""
        for letter in text:
            self.keys += 1
            self._letter(letter, 90)
        self._at += 1000
        self.settle()

    def scan(self, text: str) -> None:
        """Read a code: letters faster than a hand, and Enter."""
        self.scans += 1
        for letter in text:
            self._letter(letter, 4)
        self._press(Qt.Key.Key_Return, "\r")
        self._at += 1000
        self.desk._scanner.finish()  # noqa: SLF001 - the silence behind a scan
        self.settle()

    def _letter(self, letter: str, gap: int) -> None:
        code = ord(letter.upper()) if len(letter.upper()) == 1 else 0
        self._press(code, letter)
        self._at += gap

    def _press(self, key: int, text: str) -> None:
        for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, int(key), NONE, text)
            event.setTimestamp(self._at)
            if kind == QEvent.Type.ShortcutOverride:
                event.ignore()
            self._app.sendEvent(self.target, event)

    def receive(self, name: str, *, has_result: bool = False) -> str:
        """Take a dossier in beforehand; no key of the task."""
        request = ReceiveRequest(
            procedure_code=PROCEDURE,
            applicant_name=name,
            citizen_id="045192007777",
            birth_date="1992-12-30",
            sex="female",
            address="Thôn Nghĩa Hy, xã Cam Lộ, tỉnh Quảng Trị",
            phone="0905123456",
            by=CLERK,
        )
        code = reception.receive_dossier(self.store, request, now=NOW).code
        if has_result:
            moves.complete(self.store, code, by=CLERK, now=NOW)
        return code

    def status(self, code: str) -> str:
        """Return a dossier's state."""
        return str(lookup.show(self.store, code, now=NOW).state["status"])

    def choose_procedure(self) -> None:
        """Choose by three letters and tick the two papers that are required."""
        self.type("doc")
        self.key(Qt.Key.Key_Return)
        for key in (Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_Space):
            self.key(key)

    def save(self) -> None:
        """Press F9 and see the receipt go to the printer."""
        before = len(self.printed)
        self.key(Qt.Key.Key_F9)
        self.wait(lambda: len(self.printed) > before)


# The tasks. What is there beforehand comes first; it is done before the window opens.


def _nothing(desk: CountedDesk) -> None:
    del desk


def _was_here(desk: CountedDesk) -> None:
    code = desk.receive("Nguyễn Thị Ngọc Ánh", has_result=True)
    moves.return_result(desk.store, code, collected_by="Nguyễn Thị Ngọc Ánh", by=CLERK, now=NOW)


def known_citizen(desk: CountedDesk, _there: None) -> None:
    """Scan the card; number, name, address and phone are there."""
    desk.scan(CARD)
    desk.choose_procedure()
    desk.save()


def new_citizen(desk: CountedDesk, _there: None) -> None:
    """Scan the card and type the phone number."""
    desk.scan(CARD)
    desk.type("0905123456")
    desk.key(Qt.Key.Key_Return)
    desk.choose_procedure()
    desk.save()


def same_person(desk: CountedDesk, _there: None) -> None:
    """Take the person of the last receipt into the next form."""
    desk.ctrl(Qt.Key.Key_D)
    desk.choose_procedure()
    desk.save()


def _one_at_the_unit(desk: CountedDesk) -> str:
    code = desk.receive("Hồ Thị Sáu")
    moves.forward(desk.store, code, to=UNIT, by=CLERK, now=NOW)
    return code


def result_arrives(desk: CountedDesk, code: str) -> None:
    """Scan the receipt and say that the result is here."""
    desk.scan(code)
    desk.key(Qt.Key.Key_F9)
    desk.wait(lambda: desk.status(code) == "completed")


def _one_with_a_result(desk: CountedDesk) -> str:
    return desk.receive("Hồ Thị Sáu", has_result=True)


def result_goes(desk: CountedDesk, code: str) -> None:
    """Scan the receipt and give the result to its owner."""
    desk.scan(code)
    desk.key(Qt.Key.Key_F9)
    desk.wait(lambda: desk.status(code) == "returned")


def _twelve(desk: CountedDesk) -> list[str]:
    return [desk.receive(f"Người {letter}", has_result=True) for letter in "ABCDEGHIKLMN"]


def runner(desk: CountedDesk, codes: list[str]) -> None:
    """Scan the runner's card, type the authorisation seen, scan twelve receipts."""
    desk.key(Qt.Key.Key_F3)
    desk.ctrl(Qt.Key.Key_S)
    desk.scan(RUNNER)
    desk.type("GGT 15/26")
    for code in codes:
        desk.scan(code)
    desk.key(Qt.Key.Key_F9)
    desk.wait(lambda: len(desk.printed) == 1)
    if {desk.status(code) for code in codes} != {"returned"}:
        raise TaskFailedError


def apology(desk: CountedDesk, _there: None) -> None:
    """Issue and print the letter that the unit's word has made ready."""
    desk.key(Qt.Key.Key_F6)
    desk.key(Qt.Key.Key_F9)
    desk.wait(lambda: desk.printed)


def quick_line(desk: CountedDesk, _there: None) -> None:
    """Enter a certified copy: the name, the pages."""
    desk.key(Qt.Key.Key_F12)
    desk.type("Lê An")
    desk.key(Qt.Key.Key_Return)
    desk.type("2")
    desk.key(Qt.Key.Key_F9)
    page: Any = desk.window.current_page()
    desk.wait(lambda: len(page.model.rows()) == 1)


def jam(desk: CountedDesk, _there: None) -> None:
    """Print the last receipt again."""
    desk.ctrl(Qt.Key.Key_R)
    desk.wait(lambda: desk.printed)


def find(desk: CountedDesk, _there: None) -> None:
    """Find a dossier by three letters of a name, from anywhere."""
    desk.ctrl(Qt.Key.Key_K)
    desk.type("loi")
    desk.key(Qt.Key.Key_Down)
    desk.key(Qt.Key.Key_Return)
    page: Any = desk.window.current_page()
    desk.wait(lambda: "Thái Văn Lợi" in page.panel.name_label.text())


class Task(NamedTuple):
    """One everyday task: what it is, what is there before it, how it is done, the most keys."""

    words: str
    before: Callable[[CountedDesk], Any]
    act: Callable[[CountedDesk, Any], None]
    most: int | None = None


class Count(NamedTuple):
    """What a task took."""

    task: Task
    keys: int
    scans: int
    clicks: int


TASKS: dict[str, Task] = {
    "known": Task(
        "a citizen who was here before, with a card, to the receipt", _was_here, known_citizen, 8
    ),
    "new": Task(
        "a citizen here for the first time, with a card and a phone", _nothing, new_citizen
    ),
    "same": Task("one more dossier of the same person", _nothing, same_person),
    "arrives": Task("a result comes from its unit", _one_at_the_unit, result_arrives),
    "goes": Task("a result goes to its owner", _one_with_a_result, result_goes),
    "runner": Task("twelve results go to one runner, with one list to sign", _twelve, runner, 20),
    "apology": Task("a confirmed apology, issued and printed", _nothing, apology, 6),
    "quick": Task("a certified copy in the quick register", _nothing, quick_line),
    "jam": Task("the last receipt again after a paper jam", _nothing, jam),
    "find": Task("a dossier found by a name", _nothing, find),
}


def count(app: QApplication, name: str, folder: Path) -> Count:
    """Do one task in a new folder and return what it took."""
    task = TASKS[name]
    desk = CountedDesk(app, folder)
    try:
        there = task.before(desk)
        desk.open()
        task.act(desk, there)
        return Count(task, desk.keys, desk.scans, desk.clicks)
    finally:
        desk.close()


def table(counts: list[Count]) -> str:
    """Return the table as the README shows it."""
    lines = ["| task | keys | clicks | scans | goal |", "|---|---|---|---|---|"]
    for one in counts:
        goal = "" if one.task.most is None else f"≤ {one.task.most}"
        lines.append(f"| {one.task.words} | {one.keys} | {one.clicks} | {one.scans} | {goal} |")
    return "\n".join(lines)


def count_apart(name: str) -> Count:
    """Do one task in a process of its own: no window before it can have left a key behind."""
    done = subprocess.run(  # noqa: S603 - this very file
        [sys.executable, __file__, "--task", name], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise TaskFailedError(f"{name}: {done.stderr}")
    keys, scans, clicks = map(int, done.stdout.split()[-3:])
    return Count(TASKS[name], keys, scans, clicks)


def main(arguments: list[str]) -> int:
    """Count all tasks; return 1 if one takes more keys than it may."""
    parser = argparse.ArgumentParser(description="Count keys and clicks of everyday tasks.")
    parser.add_argument("--print", action="store_true", dest="only_print")
    parser.add_argument("--task", choices=list(TASKS), help="do one task and say its three numbers")
    options = parser.parse_args(arguments)
    if options.task:
        app = window_app.make_application(["count_keys"])
        apply_theme(app)
        with tempfile.TemporaryDirectory() as folder:
            one = count(app, options.task, Path(folder) / "data")
        print(one.keys, one.scans, one.clicks)  # noqa: T201 - read by the caller
        return 0
    counts = [count_apart(name) for name in TASKS]
    told = table(counts)
    print(told)  # noqa: T201 - told to whoever ran it
    if not options.only_print:
        from refresh_readme import refreshed

        README.write_text(refreshed(README.read_text("utf-8"), told, "keys"), "utf-8")
    return int(any(one.task.most is not None and one.keys > one.task.most for one in counts))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
