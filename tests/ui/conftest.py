"""The window's tests draw with the real theme, on a window that has the focus."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from counter_app.bootstrap import open_app
from counter_app.services import demo
from counter_app.ui.confirm_procedure_dialog import ProcedureAnswer
from counter_app.ui.frame import HeaderFacts, MainWindow
from counter_app.ui.page import PageSpec
from counter_app.ui.reception_page import ReceptionPage
from counter_app.ui.task_runner import TaskRunner
from counter_app.ui.theme import apply_theme
from tests.ui.fakes import FakeInteraction
from tests.ui.patience import PATIENCE, PatientBot
from tests.ui.reception_house import MORNING, House


@pytest.fixture(scope="session")
def qapp(qapp_args, qapp_cls):
    """One themed application for all of the window's tests."""
    app = QApplication.instance() or qapp_cls(qapp_args)
    apply_theme(app)
    return app


@pytest.fixture
def qtbot(qapp, request):
    """Hands and eyes that wait as long as a slow machine needs."""
    return PatientBot(request)


@pytest.fixture
def desk(qtbot):
    """Return a function that shows widgets one under another in an active window."""
    kept = []

    def show(*widgets: QWidget) -> QWidget:
        window = QWidget()
        kept.append(window)
        layout = QVBoxLayout(window)
        for widget in widgets:
            layout.addWidget(widget)
        qtbot.addWidget(window)
        window.resize(700, 500)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        if widgets:
            widgets[0].setFocus()
        return window

    return show


@pytest.fixture
def runner(qapp, store):
    """Tasks on the ``store`` of the module, beside the window as in the program."""
    runner = TaskRunner(after_task=store.close)
    yield runner
    runner.close()


@pytest.fixture(autouse=True)
def quick_hands(monkeypatch):
    """Let keys act at once: the tests of scanners put the wait back that scanners need."""
    monkeypatch.setattr("counter_app.ui.scanner.HOLD_MS", 0)


@pytest.fixture(scope="session", autouse=True)
def patient_end():
    """Let what is under way come to its end when a window closes, however slow the machine is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("counter_app.ui.task_runner._SHUTDOWN_MS", PATIENCE * 1000)
        yield


@pytest.fixture
def house():
    """A house for the reception page; a module that needs another makes its own."""
    return House()


@pytest.fixture
def open_window(qtbot, house):
    """Return a function that opens reception in the real window, the number having the focus."""
    kept = []

    def show(*answers, ask=lambda _parent, _procedure: ProcedureAnswer()):
        interaction = FakeInteraction(*answers)
        page = ReceptionPage(house.desk(), interaction=interaction, ask=ask)
        spec = PageSpec("reception", "Tiếp nhận", "reception", lambda: page, "F2", 1)
        header = HeaderFacts("Một cửa", "Quầy 1", "Lê Thị A", MORNING.date())
        window = MainWindow([spec], header, interaction=interaction)
        kept.append(window)
        # A window asks before it closes over unsaved work.
        qtbot.addWidget(window, before_close_func=lambda _window: page.form.clear())
        window.resize(1366, 768)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        window.show_page("reception")
        page.form.go_to("citizen_id")
        page.interaction = interaction
        return page

    return show


@pytest.fixture(scope="session")
def week(tmp_path_factory):
    """The file of a practice week that ends on Monday at nine; each test opens a copy."""
    app = open_app(data=str(tmp_path_factory.mktemp("week")), environment={})
    demo.fill(app.store, "week", now=datetime(2026, 11, 23, 9))
    app.store.close()
    return app.store.path


@pytest.fixture
def store(tmp_path):
    """The store of a new folder."""
    app = open_app(data=str(tmp_path / "data"), environment={})
    yield app.store
    app.store.close()
