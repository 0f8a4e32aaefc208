"""The pages of the window and the dialogs that open from them: for tests that walk over all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from PySide6.QtWidgets import QApplication, QDialog

from counter_app.bootstrap import open_app
from counter_app.services import catalogue
from counter_app.ui.confirm_procedure_dialog import ask_about_procedure
from counter_app.ui.desk import Desk
from counter_app.ui.interaction import Interaction

PAGES = (
    "reception",
    "dossiers",
    "today",
    "apologies",
    "reports",
    "board",
    "quick",
    "sync",
    "settings",
)


@contextmanager
def shown_desk(folder: Path, *, now: datetime, interaction: Interaction) -> Iterator[Desk]:
    """Show the whole window on a folder's data, and leave nothing of it behind."""
    opened = open_app(data=str(folder), environment={})
    desk = Desk(
        opened.store,
        folder=opened.folder,
        clock=lambda: now,
        is_second=False,
        interaction=interaction,
    )
    desk.window.resize(1366, 768)
    desk.window.show()
    try:
        yield desk
    finally:
        for window in QApplication.topLevelWidgets():
            if isinstance(window, QDialog):
                window.close()
        desk.window.hide()
        desk.close()
        opened.store.close()
        desk.window.deleteLater()
        QApplication.processEvents()


def open_sheet(desk):
    papers = desk.papers.of_office()
    papers.open_sheet(papers._calls.make_sheets()[0])


def open_slip(page):
    page.form.fill({"applicant_name": "Nguyễn Thị Ánh"})
    page.form.set_procedure(page._desk.match("1.004873")[0])
    page.not_today()


def open_more(page):
    page.acts.more(page._calls.show(page.table.rows_model.row_at(0).uuid))


def open_confirmation(desk):
    known = catalogue.procedures(desk._store, on=desk._clock().date())
    ask_about_procedure(desk.window, next(one for one in known if not one.confirmed))


class OnPage:
    """Opens a dialog from a page; the page can be shown before."""

    def __init__(self, key, act):
        self.key, self._act = key, act

    def __call__(self, desk):
        desk.window.show_page(self.key)
        self._act(desk.window.current_page())


DESK_DIALOGS = {
    "pile": OnPage("dossiers", lambda page: page.windows.open_pile()),
    "reminders": OnPage("dossiers", lambda page: page.windows.open_reminders()),
    "handover": OnPage("dossiers", lambda page: page.windows.open_handover()),
    "till": OnPage("quick", lambda page: page.open_till()),
    "forms": OnPage("settings", lambda page: page.forms_edit_requested.emit()),
    "books": lambda desk: desk.settings.open_books(),
    "batch": OnPage("dossiers", lambda page: page.open_batch()),
    "slip": OnPage("reception", open_slip),
    "filter": OnPage("dossiers", lambda page: page.tools.open_filter()),
    "prints": lambda desk: desk.prints.open_list(desk.window),
    "procedure": OnPage("settings", lambda page: page.groups["catalogue"].add()),
    "calendar": OnPage("settings", lambda page: page.groups["calendar"].confirm_waiting()),
    "outage": lambda desk: desk.papers.of_office().open_kit(),
    "sheet": open_sheet,
    "trial": OnPage("settings", lambda page: page.groups["papers"].test_button.click()),
    "days": OnPage("settings", lambda page: page.groups["calendar"].add_days()),
    "users": lambda desk: desk.settings._open_users(),
    "audit": lambda desk: desk.settings._open_audit(),
    "person": lambda desk: desk.settings._open_person(),
    "conflicts": lambda desk: desk.exchange.open_conflicts(),
    "more": OnPage("dossiers", open_more),
    "confirmation": open_confirmation,
    "help": OnPage("reception", lambda page: page.window().show_help()),
    "encryption": lambda desk: desk.settings.open_encryption(),
    "scanner": lambda desk: desk.scanning.open_test(),
}
