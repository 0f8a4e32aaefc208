"""The pages of the window and the dialogs that open from them: for tests that walk over all."""

from __future__ import annotations

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


def open_forms(desk):
    desk.window.show_page("settings")
    desk.settings.edit_forms(desk.window.current_page())


def open_sheet(desk):
    papers = desk.papers.of_office()
    papers.open_sheet(papers._calls.make_sheets()[0])


def open_slip(desk):
    desk.window.show_page("reception")
    page = desk.window.current_page()
    page.form.fill({"applicant_name": "Nguyễn Thị Ánh"})
    page.form.set_procedure(page._desk.match("1.004873")[0])
    page.not_today()


def on_page(key, act):
    def opener(desk):
        desk.window.show_page(key)
        act(desk.window.current_page())

    return opener


DESK_DIALOGS = {
    "pile": on_page("dossiers", lambda page: page.windows.open_pile()),
    "reminders": on_page("dossiers", lambda page: page.windows.open_reminders()),
    "handover": on_page("dossiers", lambda page: page.windows.open_handover()),
    "till": on_page("quick", lambda page: page.open_till()),
    "forms": open_forms,
    "books": lambda desk: desk.settings.open_books(),
    "batch": on_page("dossiers", lambda page: page.open_batch()),
    "slip": open_slip,
    "filter": on_page("dossiers", lambda page: page.tools.open_filter()),
    "prints": lambda desk: desk.prints.open_list(desk.window),
    "procedure": on_page("settings", lambda page: page.groups["catalogue"].add()),
    "calendar": on_page("settings", lambda page: page.groups["calendar"].confirm_waiting()),
    "outage": lambda desk: desk.papers.of_office().open_kit(),
    "sheet": open_sheet,
    "trial": on_page("settings", lambda page: page.groups["papers"].test_button.click()),
    "encryption": lambda desk: desk.settings.open_encryption(),
    "scanner": lambda desk: desk.scanning.open_test(),
}
