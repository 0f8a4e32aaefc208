"""The filter and the file of the page of dossiers, on a real data folder."""

from __future__ import annotations

import csv
import shutil
from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Event

import pytest
import python_calamine

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.domain.list_filter import ListFilter
from counter_app.errors import UserError
from counter_app.services import filters, moves, reception
from counter_app.ui.dossier_calls import DossierQuery, dossier_calls
from counter_app.ui.dossiers_page import DossiersPage
from tests.ui.fakes import FakeInteraction
from tests.ui.patience import PATIENCE

NOW = datetime(2026, 11, 23, 9, 0)


@pytest.fixture(scope="module")
def sixty(tmp_path_factory):
    """A file of sixty dossiers, filled once and copied for each test."""
    app = open_app(data=str(tmp_path_factory.mktemp("sixty")), environment={})
    for number in range(60):
        name = "Trần Thị Bưởi" if number % 2 else "Lê Văn Cam"
        request = ReceiveRequest(
            procedure_code="1.004873",
            applicant_name=name,
            channel=("counter", "online")[number % 3 == 0],
        )
        at = NOW + timedelta(minutes=number)
        code = reception.receive_dossier(app.store, request, now=at).code
        if number % 10 == 0:
            moves.forward(app.store, code, to="Tư pháp", by="Hoa", now=at)
    app.store.close()
    return app.store.path


@pytest.fixture
def store(tmp_path, sixty):
    (tmp_path / "data").mkdir()
    shutil.copy(sixty, tmp_path / "data")
    app = open_app(data=str(tmp_path / "data"), environment={})
    yield app.store
    app.store.close()


@pytest.fixture
def make_page(qtbot, store, runner):
    def make(*answers: object) -> DossiersPage:
        calls = dossier_calls(
            store,
            clock=lambda: NOW + timedelta(hours=2),
            clerk=lambda: "Hoa",
            print_papers=lambda _papers: None,
        )
        page = DossiersPage(calls, runner=runner, interaction=FakeInteraction(*answers))
        qtbot.addWidget(page)
        page.resize(1100, 640)
        page.show()
        page.activated(refresh=True)
        qtbot.waitUntil(lambda: not runner.is_busy)
        return page

    return make


def filtered(qtbot, page, **values) -> DossiersPage:
    page.tools.open_filter()
    dialog = page.tools.dialog
    for name, value in values.items():
        field = dialog.days.get(name) or getattr(dialog, name)
        setter = getattr(field, "set_parsed", field.set_value)
        setter(value)
    with qtbot.waitSignal(page.tools.list_wanted):
        dialog.apply()
    return page


def test_conditions_make_a_list_that_says_what_it_is(qtbot, make_page):
    page = filtered(qtbot, make_page(), unit="Tư pháp", status="processing", text="cam")
    assert page.list.query.title == "Đang xử lý; Tư pháp; có “cam”"
    assert page.list.found_label.text() == "6 hồ sơ"
    assert {row.applicant_name for row in page.table.rows_model.rows()} == {"Lê Văn Cam"}


def test_nothing_is_loaded_that_is_not_shown_and_the_rest_follows(qtbot, make_page):
    page = make_page()
    asked = []
    read = page._calls.page
    page.list._calls = type(page._calls)(
        **{
            **{name: getattr(page._calls, name) for name in page._calls.__slots__},
            "page": lambda query, after, count: asked.append(count) or read(query, after, count),
        }
    )
    page.list.show_query(DossierQuery(ids=tuple(range(1, 5001)), title="nhiều"))
    assert len(asked) == 1
    assert page.list.found_label.text() == "5.000 hồ sơ"


def test_filters_are_kept_by_name_and_shown_by_it(qtbot, make_page, store):
    page = make_page()
    page.tools.open_filter()
    dialog = page.tools.dialog
    dialog.due.set_value("week")
    dialog.save()
    assert "Tên bộ lọc" in dialog.right_form._rows["name"][2].text()
    dialog.name.set_value("Trong tuần")
    dialog.save()
    assert filters.saved_filters(store) == {"Trong tuần": ListFilter(due="week")}
    dialog.saved.set_value("")
    assert dialog.due.value() == ""
    dialog.saved.set_value("Trong tuần")
    assert dialog.due.value() == "week"
    with qtbot.waitSignal(page.tools.list_wanted):
        dialog.main_button.click()
    assert page.list.query.title == "Trong tuần"
    page.tools.open_filter()
    assert page.tools.dialog.due.value() == "week"
    page.tools.dialog.saved.set_value("Trong tuần")
    page.tools.dialog.forget()
    assert filters.saved_filters(store) == {}
    page.tools.dialog.reject()


def test_a_refusal_that_no_field_answers_to_is_said_all_the_same(make_page):
    def refuse(_name, _chosen):
        raise UserError("Ổ đĩa đầy nên chưa lưu bộ lọc.")

    page = make_page()
    page.tools.open_filter()
    dialog = page.tools.dialog
    dialog._calls = replace(dialog._calls, save=refuse)
    dialog.name.set_value("Trong tuần")
    dialog.save()
    assert dialog.right_form._rows["name"][2].text() == "Ổ đĩa đầy nên chưa lưu bộ lọc."
    dialog.reject()


def test_days_in_the_wrong_order_stay_in_the_dialog(qtbot, make_page):
    page = make_page()
    page.tools.open_filter()
    dialog = page.tools.dialog
    dialog.days["received_from"].set_parsed(date(2026, 11, 20))
    dialog.days["received_until"].set_parsed(date(2026, 11, 2))
    with qtbot.assertNotEmitted(page.tools.list_wanted):
        dialog.apply()
    assert "đứng sau" in dialog.left_form._rows["received_until"][2].text()
    assert dialog.isVisible()
    dialog.reject()


def test_no_condition_shows_everything(qtbot, make_page):
    page = filtered(qtbot, make_page(), due="week")
    filtered(qtbot, page, due="")
    assert page.list.query == DossierQuery()


@pytest.mark.parametrize("what", ["chip", "filter", "search", "long search"])
def test_the_file_holds_what_the_list_shows(qtbot, make_page, tmp_path, what):
    target = tmp_path / "list.csv"
    page = make_page(target)
    wanted = {"chip": 60, "filter": 6, "search": 30, "long search": 60}[what]
    if what == "filter":
        filtered(qtbot, page, unit="Tư pháp")
    elif "search" in what:
        with qtbot.waitSignal(page.search.found):
            page.search.search_for("buoi" if what == "search" else "1.004873")
    page.list.write()
    qtbot.waitUntil(target.exists)
    qtbot.waitUntil(lambda: page.tools._job is None)
    rows = list(csv.reader(target.read_text("utf-8-sig").splitlines()))
    assert len(rows) == wanted + 1


def test_a_file_of_a_saved_filter_says_its_name_and_its_conditions(qtbot, make_page, tmp_path):
    target = tmp_path / "list.xlsx"
    page = make_page(target)
    chosen = ListFilter(status="processing", unit="Tư pháp", text="cam", sector="Hộ tịch")
    with qtbot.waitSignal(page.tools.list_wanted):
        page.tools.show_filter(chosen, "Của Tư pháp")
    assert page.list.query.title == "Của Tư pháp"
    page.list.write()
    qtbot.waitUntil(target.exists)
    qtbot.waitUntil(lambda: page.tools._job is None)
    book = python_calamine.CalamineWorkbook.from_path(target)
    about = dict(book.get_sheet_by_name("Điều kiện").to_python())
    assert about["Điều kiện"] == "Của Tư pháp: Đang xử lý; Tư pháp; Hộ tịch; có “cam”"


def test_a_search_says_later_how_many_there_are_in_all(qtbot, make_page):
    page = make_page()
    with qtbot.waitSignal(page.search.found):
        page.search.search_for("1.004873")
    qtbot.waitUntil(lambda: "trong 60" in page.list.found_label.text())
    assert page.list.found_label.text() == "50 hồ sơ mới nhất trong 60; gõ thêm để thu hẹp"


def test_writing_can_be_stopped_and_leaves_no_file(qtbot, make_page, tmp_path, runner):
    target = tmp_path / "list.xlsx"
    page = make_page(target)
    release = Event()
    runner.run(lambda _job: release.wait(PATIENCE))
    page.list.write()
    assert page.tools.write_button.text().startswith("Ngừng ghi")
    said = []
    page.state_text_changed.connect(said.append)
    page.list.write()
    release.set()
    qtbot.waitUntil(lambda: not runner.is_busy)
    assert said == ["Đã ngừng. Tệp dở không được giữ."]
    assert not target.exists()


def test_a_file_that_is_no_list_is_said_in_words(qtbot, make_page, tmp_path):
    page = make_page(tmp_path / "list.doc")
    page.list.write()
    qtbot.waitUntil(lambda: page._interaction.informed != [])
    assert "phải kết thúc bằng" in str(page._interaction.informed[0])
    assert page.tools.write_button.text().startswith("Lưu danh sách")
