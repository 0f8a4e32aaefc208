"""What the page of exchanges tells: who holds what, what is missing, when it is time."""

from __future__ import annotations

from datetime import timedelta

import pypdfium2
import pytest

from counter_app.errors import NotFoundError
from counter_app.services import corrections, lookup, sync_overview, sync_undo
from counter_app.services.settings import set_setting
from counter_app.services.sync_export import export_bundle
from counter_app.services.sync_office import invitations, next_number
from counter_app.services.sync_overview import files_in, next_look, overview, reminder, run_pdf
from tests.sync_house import CLERK, NOW, first_desk, further_desk, receive, send, take

LATER = NOW + timedelta(minutes=5)


def test_what_another_desk_lacks_ends_with_its_own_word(desks, tmp_path):
    one, two = desks
    receive(one)
    take(two, send(one, tmp_path / "a.zip"))
    take(one, send(two, tmp_path / "b.zip"))
    [seen] = overview(one, now=NOW).desks
    assert (seen.counter_number, seen.counter_name, seen.lacks) == (2, "Quầy 2", 0)
    assert seen.received_at == NOW
    receive(one, now=LATER)
    found = overview(one, now=LATER)
    assert found.desks[0].lacks == found.outgoing == 2


def test_a_gap_is_named_with_its_desk_and_how_much_is_missing(desks, tmp_path):
    one, two = desks
    receive(one)
    receive(one)
    export_bundle(one, tmp_path / "late.zip", by=CLERK, now=NOW, since=2)
    take(two, tmp_path / "late.zip")
    found = overview(two, now=NOW)
    assert found.missing == ["Quầy 1: thiếu 2 sự kiện, 2 sự kiện đang chờ"]
    take(two, send(one, tmp_path / "all.zip"))
    assert overview(two, now=NOW).missing == []


def test_a_dossier_tells_what_of_it_does_not_count_yet(desks, tmp_path):
    one, two = desks
    uuid = receive(one)
    take(two, send(one, tmp_path / "a.zip"))
    receive(one, now=LATER)  # travels in a bundle that is missing
    for store, phone in ((one, "0905111111"), (two, "0905222222")):
        values = {"phone": phone}
        corrections.correct(store, uuid, values=values, reason="gõ nhầm", by=CLERK, now=LATER)
    assert lookup.show(two, uuid, now=LATER).doubts == ()
    export_bundle(one, tmp_path / "late.zip", by=CLERK, now=LATER, since=4)
    take(two, tmp_path / "late.zip", now=LATER)
    facts = lookup.show(two, uuid, now=LATER)
    assert facts.state["phone"] == "0905222222"
    [told] = lookup.dossier_json(facts, full=True)["doubts"]
    assert told == "1 sự kiện của Quầy 1 chờ gói đồng bộ còn thiếu, chưa tính."
    take(two, send(one, tmp_path / "all.zip", now=LATER), now=LATER)
    [told] = lookup.show(two, uuid, now=LATER).doubts
    assert told.startswith("1 chỗ ghi khác nhau")


def test_a_reminder_comes_after_the_set_days_and_never_to_a_lone_desk(tmp_path):
    one = first_desk(tmp_path / "1")
    receive(one)
    assert overview(one, now=NOW + timedelta(days=90)).idle_days is None
    two = further_desk(one, tmp_path / "2")
    assert reminder(overview(one, now=NOW + timedelta(days=2))) == ""
    assert reminder(overview(one, now=NOW + timedelta(days=3))).startswith("Đã 3 ngày")
    send(one, tmp_path / "a.zip", now=NOW + timedelta(days=3))
    assert reminder(overview(one, now=NOW + timedelta(days=4))) == ""
    set_setting(one, key="sync_days", value="0")
    assert reminder(overview(one, now=NOW + timedelta(days=40))) == ""
    # The desk that joined knows no other yet, and is reminded all the same.
    receive(two)
    assert overview(two, now=NOW + timedelta(days=3)).is_overdue
    for store in (one, two):
        store.close()


def test_files_of_a_place_are_told_apart_once_they_lie_still(desks, tmp_path):
    one, two = desks
    stick = tmp_path / "usb"
    stick.mkdir()
    receive(one)
    send(one, stick / "a.zip")
    send(two, stick / "b.zip")
    (stick / ".c.zip").write_bytes(b"x")
    (stick / "notes.txt").write_text("x")
    first = files_in(two, stick, {})
    assert {one.path.name: one.standing for one in first} == {
        "a.zip": "copying",
        "b.zip": "copying",
    }
    marks = next_look(first)
    assert {f.path.name: f.standing for f in files_in(two, stick, marks)} == {
        "a.zip": "new",
        "b.zip": "own",
    }
    take(two, stick / "a.zip")
    standings = {f.path.name: f.standing for f in files_in(two, stick, marks)}
    assert standings["a.zip"] == "taken"
    with (stick / "b.zip").open("ab") as stream:
        stream.write(b"more")
    standings = {f.path.name: f.standing for f in files_in(two, stick, marks)}
    assert standings["b.zip"] == "copying"


def test_an_open_zip_without_its_end_waits(desks, tmp_path):
    one, two = desks
    stick = tmp_path / "usb"
    stick.mkdir()
    receive(one)
    export_bundle(one, stick / "a.zip", by=CLERK, now=NOW, is_open=True)
    data = (stick / "a.zip").read_bytes()
    (stick / "a.zip").write_bytes(data[:-30])
    marks = next_look(files_in(two, stick, {}))
    assert [f.standing for f in files_in(two, stick, marks)] == ["copying"]
    (stick / "a.zip").write_bytes(data)
    marks = next_look(files_in(two, stick, marks))
    assert [f.standing for f in files_in(two, stick, marks)] == ["new"]


def test_a_pulled_stick_holds_nothing(desks, tmp_path):
    assert files_in(desks[0], tmp_path / "gone", {}) == []


def test_the_report_of_an_import_tells_what_came_and_names_the_dossiers(desks, tmp_path):
    one, two = desks
    receive(one, "Trần Thị Ngọc Ánh")
    report = take(two, send(one, tmp_path / "a.zip"))
    text = _text(run_pdf(two, report.import_id))
    for words in (
        "a.zip của Quầy 1",
        "2 sự kiện: 2 mới",
        "Trần Thị Ngọc Ánh",
        "Không có tệp đính kèm nào đi cùng",
    ):
        assert words in text
    sync_undo.undo_import(two, report.import_id, by=CLERK, now=LATER)
    assert "đã hoàn tác lúc 09:05 23/11/2026" in _text(run_pdf(two, report.import_id))


def _text(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return " ".join(document[0].get_textpage().get_text_range().split())


def test_an_export_has_no_report(desks, tmp_path):
    send(desks[0], tmp_path / "a.zip")
    [run] = sync_overview.runs(desks[0])
    assert run.kind == "export"
    with pytest.raises(NotFoundError, match="số 1"):
        run_pdf(desks[0], run.id)


def test_the_next_number_is_one_that_nobody_has(desks, tmp_path):
    one, two = desks
    assert next_number(one) == 3
    assert [number for number, _, _ in invitations(one)] == [2]
    # The joined desk hears of the first one by its bundle.
    take(two, send(one, tmp_path / "a.zip"))
    assert next_number(two) == 3
