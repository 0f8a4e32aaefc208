"""The real window on real data: every page opens, every key leads somewhere, nothing is lost."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from counter_app.bootstrap import open_app, open_for_window
from counter_app.domain.facts import ReceiveRequest
from counter_app.domain.visits import VisitKind
from counter_app.services import board, browse, lists, lookup, outage, visits
from counter_app.services.settings import set_setting
from counter_app.ui.desk import Desk
from counter_app.ui.desk_pages import page_specs
from counter_app.ui.dossier_calls import DossierQuery
from counter_app.ui.print_list_dialog import PrintListDialog
from counter_app.ui.printing import PrintOutcome
from tests.ui.fakes import FakeInteraction

NOW = datetime(2026, 11, 23, 9, 0)
PAGES = {"F2": "reception", "F3": "dossiers", "F4": "today", "F6": "apologies", "F8": "sync"}


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def make_desk(qtbot, tmp_path, week):
    kept = []

    def make(*answers: object, is_second: bool = False) -> tuple[Desk, FakeInteraction, Clock]:
        data = tmp_path / "data"
        if not data.exists():
            data.mkdir()
            (data / "counter.db").write_bytes(week.read_bytes())
        opened = open_app(data=str(data), environment={}, read_only=is_second)
        interaction, clock = FakeInteraction(*answers), Clock()
        desk = Desk(
            opened.store,
            folder=opened.folder,
            clock=clock,
            is_second=is_second,
            interaction=interaction,
        )
        qtbot.addWidget(desk.window)
        desk.start()
        kept.append((desk, opened))
        return desk, interaction, clock

    yield make
    for desk, opened in kept:
        desk.close()
        opened.store.close()


@pytest.mark.parametrize(("key", "page"), PAGES.items())
def test_each_key_brings_its_page(qtbot, make_desk, key, page):
    desk, interaction, _ = make_desk()
    desk.window.show_page("settings" if page != "settings" else "reception")
    qtbot.keyClick(desk.window, getattr(Qt.Key, f"Key_{key}"))
    assert desk.window.current_key == page
    assert desk.window.current_page().isVisibleTo(desk.window)
    assert interaction.informed == []


@pytest.mark.parametrize("key", ["dossiers", "reports", "sync"])
def test_the_largest_pages_are_made_in_pieces(qtbot, make_desk, key):
    desk, _, _ = make_desk()
    page = desk._make_page(key)
    qtbot.addWidget(page)
    assert page.pieces()


def test_the_window_says_that_it_is_for_practice(qtbot, make_desk):
    desk, _, _ = make_desk()
    assert any("thực hành" in label.text() for label in desk.window.findChildren(QLabel))


def test_a_scanned_receipt_opens_its_dossier(qtbot, make_desk):
    desk, _, _ = make_desk()
    row = browse.page(desk._store, now=NOW, count=1)[0]
    desk.window.scans.take_code(row.shown_code)
    assert desk.window.current_key == "dossiers"
    qtbot.waitUntil(
        lambda: any(
            row.applicant_name in label.text() for label in desk.window.findChildren(QLabel)
        )
    )


def test_a_visits_number_is_found_while_it_is_typed_and_opens_its_form(qtbot, make_desk):
    desk, _, _ = make_desk()
    request = ReceiveRequest(
        procedure_code="1.004873", applicant_name="Hồ Thị Lượt", citizen_id="045192007777", by="A"
    )
    visit = visits.record_visit(
        desk._store, request, kind=VisitKind.GUIDANCE, requirements=("Tờ khai",), now=NOW
    ).visit
    (found,) = desk.finding.matches(visit.code[:12].lower())
    assert (found.value, found.detail) == (visit.code, "lượt ngày 23/11/2026, chưa nhận hồ sơ")
    assert "Hồ Thị Lượt" in found.text
    for ask in (desk.finding.open_match, desk.finding.search):
        desk.window.show_page("dossiers")
        ask(visit.code)
        assert desk.window.current_key == "reception"
        form = desk.window.current_page().form
        assert form.value("applicant_name") == "Hồ Thị Lượt"
        form.clear()


def test_the_search_box_says_no_other_words_than_the_list_was_found_by(qtbot, make_desk):
    desk, _, _ = make_desk()
    window, box = desk.window, desk.window._top.search_box()
    row = browse.page(desk._store, now=NOW, count=1)[0]
    window.activateWindow()
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    box.setText(row.applicant_name)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    page = window.page("dossiers")
    qtbot.waitUntil(lambda: "Tìm thấy" in page.list.found_label.text())
    assert page.search.text() == box.text() == row.applicant_name
    window.show_page("reports")
    window.show_page("dossiers", DossierQuery(ids=(row.id,), title="Quá hạn, Tháng 11/2026"))
    assert (page.search.text(), box.text()) == ("", "")
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    box.setText("nguyen")
    page.refresh()
    assert box.text() == "nguyen", "what is being typed isn't touched"


def test_the_number_of_an_outages_paper_is_found_and_begins_its_dossier(qtbot, make_desk):
    desk, interaction, _ = make_desk()
    outage.make_kit(desk._store, count=2, by="A", now=NOW)
    numbers = [one.value for one in desk.finding.matches("giay-")]
    assert len(numbers) == 2
    desk.finding.open_match(numbers[0])
    assert desk.window.current_key == "reception"
    form = desk.window.current_page().form
    assert form.value("paper_number") == numbers[0]
    assert interaction.informed == []
    form.clear()


def test_a_second_window_looks_and_saves_nothing(qtbot, make_desk):
    first, _, _ = make_desk()
    second, _, _ = make_desk(is_second=True)
    assert any("chỉ để xem" in label.text() for label in second.window.findChildren(QLabel))
    before = lists.dossier_count(first._store)
    second._on_clerk_chosen("Người khác")
    assert second._interaction.informed
    assert lists.dossier_count(first._store) == before


def test_the_lock_tells_the_first_window_from_the_second(tmp_path):
    options = {"data": str(tmp_path / "d"), "database": None, "environment": {}}
    opened, lock = open_for_window(**options)
    other, none = open_for_window(**options)
    assert lock is not None
    assert none is None
    assert other.store.read_only
    other.store.close()
    opened.store.close()
    lock.release()
    third, again = open_for_window(**options)
    assert again is not None
    third.store.close()
    again.release()


def test_without_a_printer_the_paper_waits_and_the_bottom_line_says_so(
    qtbot, make_desk, monkeypatch, tmp_path
):
    target = tmp_path / "giay.pdf"
    desk, interaction, _ = make_desk(target, "đã in ở máy khác")
    outcomes = [PrintOutcome(is_printed=False, message="Chưa in được.")]
    monkeypatch.setattr("counter_app.ui.printing.print_pdf", lambda *_a, **_k: outcomes[0])
    (paper,) = desk._store.row("SELECT uuid FROM paper WHERE kind = 'receipt'")
    desk.papers.print_papers([paper])
    bottom = desk.window._bottom
    qtbot.waitUntil(lambda: "1 giấy chờ in" in bottom.state_text())
    assert "Chưa in được." in bottom.state_text()
    assert not interaction.asked
    desk.prints.open_list(desk.window)
    listed = desk.window.findChild(PrintListDialog)
    assert "Chưa in được." in listed.message.text()
    listed.save()
    assert target.read_bytes().startswith(b"%PDF")
    listed.drop()
    assert desk.prints.jobs() == []
    qtbot.waitUntil(lambda: bottom.state_text().startswith("Dữ liệu lưu trên máy này."))


def test_a_paper_that_was_put_off_is_never_called_printed(qtbot, make_desk, monkeypatch):
    desk, interaction, _ = make_desk()
    monkeypatch.setattr(
        "counter_app.ui.printing.print_pdf",
        lambda *_a, **_k: PrintOutcome(is_printed=False, message="Chưa in được."),
    )
    desk.window.show_page("dossiers")
    page = desk.window.page("dossiers")
    (code,) = desk._store.row("SELECT code FROM dossier JOIN paper ON dossier_id = dossier.id")
    facts = lookup.show(desk._store, code, now=NOW)
    page.acts.reprint(facts.papers[0], facts)
    bottom = desk.window._bottom
    qtbot.waitUntil(lambda: bottom.state_text().startswith("1 giấy chờ in"))
    assert "in lại" not in bottom.page_text().casefold()
    assert "đã in" not in bottom.page_text().casefold()
    assert not interaction.asked


def test_a_waiting_paper_says_whose_it_is_by_code_and_never_by_name(qtbot, make_desk, monkeypatch):
    desk, _, _ = make_desk()
    monkeypatch.setattr(
        "counter_app.ui.printing.print_pdf",
        lambda *_a, **_k: PrintOutcome(is_printed=False, message="Chưa in được."),
    )
    rows = desk._store.rows(
        "SELECT p.uuid, coalesce(d.official_code, d.code) FROM paper p JOIN dossier d "
        "ON d.id = p.dossier_id WHERE p.kind = 'receipt' ORDER BY 2 LIMIT 3"
    )
    papers, codes = [uuid for uuid, _ in rows], [code for _, code in rows]
    desk.papers.print_papers(papers[:1])
    qtbot.waitUntil(lambda: len(desk.prints.jobs()) == 1)
    desk.papers.print_papers(papers)
    qtbot.waitUntil(lambda: len(desk.prints.jobs()) == 2)
    titles = [job.title for job in desk.prints.jobs()]
    assert titles[0] == f"Giấy tiếp nhận và hẹn trả {codes[0]}"
    assert titles[1].endswith(f"{codes[0]} và 2 hồ sơ khác")


def test_the_top_line_follows_the_day(qtbot, make_desk):
    desk, _, clock = make_desk()
    clock.now += timedelta(days=2)
    desk.day.check()
    assert any("25/11/2026" in label.text() for label in desk.window.findChildren(QLabel))


def test_closing_keeps_one_copy_a_day(qtbot, make_desk):
    desk, _, _ = make_desk()
    folder = desk.keeper.folder
    desk.closing.back_up()
    desk.closing.back_up()
    assert len(list(folder.glob("sao-luu-*.db"))) == 1


def test_a_window_whose_file_was_replaced_leaves_and_copies_nothing(make_desk, monkeypatch):
    desk, interaction, _ = make_desk()
    left = []
    # The real one would end the loops of the tests behind this one too.
    monkeypatch.setattr("counter_app.ui.closing.QApplication", SimpleNamespace(exit=left.append))
    desk.settings.data_replaced.emit()
    desk.closing.back_up()
    assert left == [0]
    assert list(desk.keeper.folder.glob("sao-luu-*.db")) == []
    assert interaction.informed == []


def test_data_are_turned_when_the_window_is_closed_for_it_and_not_when_one_stays(
    make_desk, monkeypatch
):
    turned = []

    class Turning:
        def __init__(self, conversion, *, close_store):
            turned.append(conversion)

        def exec(self):
            turned.append("done")

    monkeypatch.setattr("counter_app.ui.converting.ConvertingDialog", Turning)
    desk, _, _ = make_desk()
    page = desk.window.current_page()
    monkeypatch.setattr(page, "has_unsaved_work", lambda: True)
    desk.window._interaction.answers = [False]
    desk.settings.conversion_asked.emit("how")
    assert desk.window.isVisible(), "somebody stayed with what isn't saved"
    desk.closing.turn_data()
    assert turned == []
    monkeypatch.setattr(page, "has_unsaved_work", lambda: False)
    desk.settings.conversion_asked.emit("how")
    assert not desk.window.isVisible()
    desk.closing.turn_data()
    assert turned == ["how", "done"]
    desk.closing.back_up()
    assert list(desk.keeper.folder.glob("sao-luu-*.db")) == [], "turning makes its own copy"


def _silent(page: QWidget) -> list[str]:
    """Return what one can reach with Tab and no screen reader can name."""
    return [
        type(w).__name__
        for w in page.findChildren(QWidget)
        if w.focusPolicy() & Qt.FocusPolicy.TabFocus
        and w.isVisibleTo(page)
        and not (w.accessibleName() or getattr(w, "text", str)())
    ]


@pytest.mark.parametrize("key", [*PAGES.values(), "settings"])
def test_no_page_leaves_a_widget_without_a_name_for_screen_readers(qtbot, make_desk, key):
    desk, _, _ = make_desk()
    desk.window.show_page(key)
    page = desk.window.current_page()
    # Some names hold figures, which come from a task.
    qtbot.waitUntil(lambda: _silent(page) == [])


def test_what_presses_is_said_once_in_a_line_and_only_in_office_hours(qtbot, make_desk):
    desk, interaction, clock = make_desk()
    clock.now = NOW.replace(day=27, hour=14)
    expected = board.quiet_alert(desk._store, now=clock.now)
    assert "đến hạn trước 17:00" in expected
    said = []
    desk.window.say = said.append
    for hour in (14, 14, 12, 14):
        clock.now = clock.now.replace(hour=hour)
        desk.alerts.look()
        qtbot.waitUntil(lambda: not desk._runner.is_busy)
    # After the pause at noon it is news again.
    assert said == [f"{expected}.", f"{expected}."]
    assert interaction.informed == []


def test_the_rail_shows_a_key_for_every_page(qtbot, make_desk):
    desk, _, _ = make_desk()
    names = {
        spec.key: desk.window._rail.button(spec.key).accessibleName()
        for spec in page_specs(desk._pages.make)
    }
    without = [key for key, name in names.items() if not re.search(r"(F[0-9]+|Ctrl\+[0-9])$", name)]
    assert without == []
    assert names["board"].endswith("Ctrl+8")
    assert names["settings"].endswith("Ctrl+9")  # or nobody without a mouse gets there


def test_a_rail_that_was_folded_is_folded_the_next_day(make_desk):
    desk, _, _ = make_desk()
    desk.start()
    desk.window._rail.set_folded(False)
    desk.window._on_fold_asked()
    assert desk.window._rail.is_folded
    again, _, _ = make_desk()
    again.window.resize(2000, 900)
    again.start()
    assert again.window._rail.is_folded


def test_that_nobody_is_chosen_stands_over_every_page_until_somebody_is(make_desk):
    desk, _, _ = make_desk()
    set_setting(desk._store, key="current_clerk", value="")
    desk.start()
    told = desk.window._notices
    assert "Ctrl+L" in told.text()
    desk.window.clerk_chosen.emit(desk._clerks()[0].value)
    assert "Ctrl+L" not in told.text()
