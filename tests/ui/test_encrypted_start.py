"""The program's own start on encrypted data: it asks first, and then it is the usual window."""

from __future__ import annotations

import gc
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from counter_app import bootstrap
from counter_app.__main__ import main
from counter_app.bootstrap import alone, open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.domain.moments import utc_now
from counter_app.services import encryption, reception
from counter_app.storage import key_files
from counter_app.storage.keys import KeyRing, is_plain
from counter_app.ui.frame import MainWindow
from counter_app.ui.unlock_dialog import UnlockDialog

WORDS = "con trau di truoc"


@pytest.fixture
def closed(tmp_path, monkeypatch):
    """Return the folder of an encrypted office that nobody has open."""
    monkeypatch.setattr(key_files, "_COST", {"time": 1, "memory": 64, "lanes": 1})
    monkeypatch.setattr(gc, "disable", lambda: None)  # the other tests want it at work
    monkeypatch.setattr(bootstrap, "zone_offset", lambda: timedelta(hours=7))
    names = (
        "--office",
        "Trung tâm",
        "--parent",
        "UBND xã",
        "--counter",
        "Quầy 1",
        "--counter-number",
        "1",
    )
    assert main(["--data", str(tmp_path / "data"), "setup", *names]) == 0
    app = open_app(data=str(tmp_path / "data"), environment={})
    an_hour_ago = utc_now() - timedelta(hours=1)
    prepared = encryption.prepare(app.store, WORDS, now=an_hour_ago)
    encryption.switch_on(app.store, prepared, now=an_hour_ago, progress=lambda *_: None)
    app.store.close()
    return app.folder


def receive(folder):
    keys = KeyRing(lambda path: encryption.unlock(path, WORDS))
    app = open_app(data=str(folder), environment={}, keys=keys)
    request = ReceiveRequest(procedure_code="1.004873", applicant_name="Nguyễn Thị Hạnh")
    reception.receive_dossier(app.store, request, now=utc_now(), issue_receipt=True)
    app.store.close()


class Person:
    """Types one secret after another, leaves when there is none, closes the window at last."""

    def __init__(self, *secrets):
        self.left, self.told, self.banners = list(secrets), [], []
        self.timer = QTimer(interval=20)
        self.timer.timeout.connect(self.look)
        self.timer.start()

    def look(self):
        asked = QApplication.activeModalWidget()
        if isinstance(asked, UnlockDialog):
            self.told.append(asked.message.text())
            if not self.left:
                self.timer.stop()
                asked.reject()
                return
            QTest.keyClicks(asked.secret, self.left.pop(0))
            QTest.keyClick(asked.secret, Qt.Key.Key_Return)
            return
        if asked is not None:
            self.told.append(f"{asked} is open")
            asked.reject()
        for window in QApplication.topLevelWidgets():
            if isinstance(window, MainWindow) and window.isVisible():
                self.timer.stop()
                self.banners += [label.text() for label in window.findChildren(QLabel)]
                window.close()


def test_the_window_opens_after_the_right_one_and_its_last_copy_is_closed_too(closed, qapp):
    backups = closed / "backups"
    before = set(backups.glob("*.db"))
    receive(closed)
    person = Person("con trau", WORDS)
    assert main(["--data", str(closed)]) == 0
    assert person.left == []
    assert person.told[0] == ""
    assert "không đúng" in person.told[1]
    made = set(backups.glob("*.db")) - before
    assert len(made) == 1
    assert not is_plain(closed / "counter.db")
    assert not any(is_plain(copy) for copy in made)
    with alone(closed):
        """The lock was given back."""


def test_whoever_leaves_the_question_leaves_the_data_locked(closed, qapp):
    before = (closed / "counter.db").read_bytes()
    person = Person()
    assert main(["--data", str(closed)]) == 0
    assert person.told == [""]
    assert person.banners == []
    assert (closed / "counter.db").read_bytes() == before


def test_a_second_window_is_asked_too_and_only_looks(closed, qapp):
    person = Person(WORDS)
    with alone(closed):
        assert main(["--data", str(closed)]) == 0
        assert any("cửa sổ này chỉ để xem" in text for text in person.banners)
