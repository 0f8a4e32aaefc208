"""Two desks, a stick between them and the page of exchanges on one of them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from counter_app.services.settings import set_setting
from counter_app.ui import stick_row
from counter_app.ui.import_calls import import_calls
from counter_app.ui.import_page import ImportPage
from counter_app.ui.sync_calls import sync_calls
from counter_app.ui.sync_desks import DesksPane
from counter_app.ui.sync_page import SyncPage
from counter_app.ui.task_runner import TaskRunner
from tests.sync_house import CLERK, two_desks
from tests.ui.fakes import FakeInteraction
from tests.ui.sync.exchange import LATER


@pytest.fixture
def stores(tmp_path):
    with two_desks(tmp_path) as both:
        yield both


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "USB"
    folder.mkdir()
    return folder


@pytest.fixture
def runner(qapp, stores):
    def close_all() -> None:
        for store in stores:
            store.close()

    runner = TaskRunner(after_task=close_all)
    yield runner
    runner.close()


@pytest.fixture
def make(qtbot, runner, stick, monkeypatch):
    monkeypatch.setattr(stick_row, "_LOOK_MS", 40)

    def make_page(store, *answers):
        printed, viewed = [], []
        calls = sync_calls(
            store,
            clock=lambda: LATER,
            clerk=lambda: CLERK,
            print_pdf=lambda make: printed.append(make()),
            view_paper=lambda paper, code, again: viewed.append((paper, code)),
            print_papers=lambda papers: None,
        )
        set_setting(store, key="sync_folder", value=str(stick))
        asked = FakeInteraction(*answers)
        pane = DesksPane(calls, runner=runner, interaction=asked)
        lists = ImportPage(
            import_calls(store, clock=lambda: LATER, clerk=lambda: CLERK),
            runner=runner,
            interaction=asked,
        )
        page = SyncPage(pane, lambda: lists)
        for piece in page.pieces():
            piece()
        qtbot.addWidget(page)
        page.show()
        page.activated(refresh=True)
        return SimpleNamespace(
            page=page, pane=pane, asked=asked, calls=calls, printed=printed, viewed=viewed
        )

    return make_page
