"""Lists that leave and come back: nothing changes, nothing is lost on the way."""

from __future__ import annotations

import pytest
from counter_desk import CLERK, NOW

from counter_app.errors import InputError, UserError
from counter_app.services import list_export, lists


@pytest.fixture
def busy(desk):
    """A desk with dossiers in several states, one of them taken back."""
    first = desk.receive(
        citizen_id="045192004321",
        phone="0905123456",
        content="=1+1",
        official_code="000.00.01.H50-261123-0002",
    )
    desk.receive(
        applicant_name="Trần Quốc Ưu", official_code="000.00.01.H50-261123-0001", channel="online"
    )
    desk.act("forward", first, to="Tư pháp", officer="Trần Văn B")
    desk.wait(days=1).act("complete", first)
    desk.wait(hours=1).act("return", first, collected_by="Nguyễn Thị Ánh")
    gone = desk.receive(applicant_name="Lê Văn Nhầm")
    desk.act("undo", gone, reason="nhầm người")
    return desk


@pytest.mark.parametrize("name", ["hồ sơ.csv", "hồ sơ.xlsx"])
def test_a_list_taken_in_again_changes_nothing(busy, tmp_path, name):
    target = tmp_path / name
    assert list_export.export_list(busy.store, target) == 2
    report = lists.import_list(busy.store, target, name=name, by=CLERK, now=busy.now)
    assert (report.rows, report.unchanged, report.new, report.updated) == (2, 2, 0, 0)
    assert report.errors == []


@pytest.mark.parametrize("name", ["x.csv", "x.xlsx"])
def test_another_office_reads_states_and_dates_as_they_were(busy, copies, tmp_path, name):
    target = tmp_path / name
    list_export.export_list(busy.store, target)
    other = copies()
    other.now = busy.now
    report = lists.import_list(other.store, target, name=name, by=CLERK, now=busy.now)
    assert (report.new, report.rejected) == (2, 0)
    for here in list_export.list_rows(busy.store):
        there = next(
            row
            for row in list_export.list_rows(other.store)
            if row.applicant_name == here.applicant_name
        )
        for field in ("status", "received_at", "due_at", "completed_at", "returned_at", "content"):
            assert getattr(there, field) == getattr(here, field), field


def test_some_dossiers_are_written_in_the_order_they_are_shown(busy, tmp_path):
    ids = [row[0] for row in busy.store.rows("SELECT id FROM dossier ORDER BY id DESC")]
    names = [row.applicant_name for row in list_export.list_rows(busy.store, ids)]
    assert names == ["Trần Quốc Ưu", "Nguyễn Thị Ánh"]


def test_a_spreadsheet_reads_no_formula_and_keeps_long_numbers(busy, tmp_path):
    target = tmp_path / "x.csv"
    list_export.export_list(busy.store, target, delimiter=";")
    text = target.read_text("utf-8-sig")
    assert ";'=1+1;" in text
    assert ";'045192004321;" in text


def test_another_ending_and_a_gone_folder_are_said(busy, tmp_path):
    with pytest.raises(InputError, match=r"\.csv hoặc \.xlsx"):
        list_export.export_list(busy.store, tmp_path / "x.doc")
    with pytest.raises(UserError, match="không còn thư mục"):
        list_export.export_list(busy.store, tmp_path / "gone/x.csv")


def test_a_cancelled_list_leaves_no_file(busy, tmp_path, monkeypatch):
    class StopError(Exception):
        pass

    def stop(done, total):
        raise StopError

    monkeypatch.setattr(list_export, "_TOLD_EVERY", 1)
    with pytest.raises(StopError):
        list_export.export_list(busy.store, tmp_path / "x.csv", progress=stop)
    assert list(tmp_path.glob("*.csv")) == []
    assert busy.now > NOW
