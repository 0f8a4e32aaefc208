"""A dossier that came by stick shows its scans, its lists and its sheets, and where they lie."""

from __future__ import annotations

from datetime import datetime

import pytest
from sync_house import CLERK, first_desk, further_desk, receive, send
from sync_house import take as take_bundle

from counter_app.errors import NotFoundError
from counter_app.services import (
    attachments,
    checks,
    handing,
    handover,
    journal,
    lookup,
    moves,
    projection,
    unit_sheets,
)
from counter_app.services.sync_export import fingerprint

NOW = datetime(2026, 11, 23, 10, 0)
PDF = b"%PDF-1.7\nDon dang ky\n%%EOF\n"
UNIT = "Công chức Tư pháp – Hộ tịch"


@pytest.fixture
def desks(tmp_path):
    first = first_desk(tmp_path / "1")
    further = further_desk(first, tmp_path / "2")
    yield first, further
    for store in (first, further):
        store.close()


def travel(one, two, tmp_path):
    number = len(list(tmp_path.glob("*.zip")))
    report = take_bundle(two, send(one, tmp_path / f"{number}.zip", now=NOW), now=NOW)
    assert fingerprint(one) == fingerprint(two)
    return report


def scan(store, tmp_path, uuid, name="don.pdf", data=PDF):
    path = tmp_path / name
    path.write_bytes(data)
    attachments.attach(store, uuid, files=[path], by=CLERK, now=NOW)


def test_a_scan_is_told_with_its_desk_and_not_opened_here(desks, tmp_path):
    one, two = desks
    uuid = receive(one, now=NOW)
    scan(one, tmp_path, uuid)
    travel(one, two, tmp_path)
    here = lookup.show(one, uuid, now=NOW)
    there = lookup.show(two, uuid, now=NOW)
    counter = journal.desk(one).counter_name
    [told] = lookup.dossier_json(there, full=True)["attachments"]
    assert (told["name"], told["type"], told["size"]) == ("don.pdf", "pdf", len(PDF))
    assert told["kept_at"] == counter
    assert here.files_at == {}
    with pytest.raises(NotFoundError, match=f"Bản quét nằm ở {counter}"):
        attachments.attached_file(two, told["sha256"], "pdf")


def test_the_list_a_runner_signed_is_told_with_number_day_and_who_to_whom(desks, tmp_path):
    one, two = desks
    uuid = receive(one, now=NOW)
    moves.complete(one, uuid, by=CLERK, now=NOW)
    number = handing.return_many(
        one, [uuid], collected_by="Trưởng thôn An Hòa", by=CLERK, now=NOW
    ).number
    travel(one, two, tmp_path)
    [ours] = [p for p in lookup.show(one, uuid, now=NOW).papers if p.kind == "handover"]
    [theirs] = [p for p in lookup.show(two, uuid, now=NOW).papers if p.kind == "handover"]
    assert (ours.number, ours.to, ours.kept_at) == (number, "Trưởng thôn An Hòa", "")
    assert (theirs.number, theirs.to, theirs.officer) == (number, "Trưởng thôn An Hòa", CLERK)
    assert theirs.issued_at == NOW
    assert theirs.kept_at == journal.desk(one).counter_name
    assert theirs.uuid == ""


def test_a_sheet_to_the_unit_and_its_answer_are_told_at_every_desk(desks, tmp_path):
    one, two = desks
    uuid = receive(one, now=NOW)
    moves.forward(one, uuid, to=UNIT, by=CLERK, now=NOW)
    [sheet] = unit_sheets.make_sheets(one, by=CLERK, now=NOW)
    travel(one, two, tmp_path)
    told = [p for p in lookup.show(two, uuid, now=NOW).papers if p.kind == "sheet"]
    assert [(p.number, p.to) for p in told] == [(sheet, f"{UNIT}, chưa ghi nhận bàn giao")]
    assert told[0].kept_at == journal.desk(one).counter_name
    text = lookup.show(two, uuid, now=NOW).events[-1].text
    assert text == f"{CLERK} đưa vào tờ bàn giao {sheet} gửi {UNIT}"
    handover.accept(two, uuid, officer="Hồ Thị Lý", by=CLERK, now=NOW)
    [told] = [p for p in lookup.show(two, uuid, now=NOW).papers if p.kind == "sheet"]
    assert told.to == f"{UNIT}, Hồ Thị Lý đã nhận bàn giao"
    assert [check.check for check in checks.run_checks(two) if not check.ok] == []


def test_the_units_answer_travels_and_a_place_on_a_sheet_is_no_step_to_undo(desks, tmp_path):
    one, two = desks
    late = datetime(2026, 11, 25, 15, 0)
    uuid = receive(one, now=NOW)
    moves.forward(one, uuid, to=UNIT, by=CLERK, now=NOW)
    [sheet] = unit_sheets.make_sheets(one, by=CLERK, now=late)
    unit_sheets.answer_row(one, sheet, 1, answer="kept", by=CLERK, now=late)
    report = take_bundle(two, send(one, tmp_path / "x.zip", now=late), now=late)
    assert report.new
    [told] = [p for p in lookup.show(two, uuid, now=late).papers if p.kind == "sheet"]
    assert told.to == f"{UNIT}, đơn vị trả lời kịp"
    last = lookup.last_live_event(two, uuid)
    assert last is not None
    assert last.kind == "forward"


def test_what_a_later_program_wrote_is_kept_passed_on_and_told_as_unknown(desks, tmp_path):
    one, two = desks
    uuid = receive(one, now=NOW)
    for target in (uuid, "0" * 31 + "7"):
        with one.transaction():
            journal.append(
                one,
                journal.desk(one),
                dossier_uuid=target,
                kind="from-the-future",
                at=1_795_000_000,
                now=1_795_000_000,
                by=CLERK,
                body={"set": {}, "future": {"a": 1}},
            )
            projection.project(one, [target], now=1_795_000_000)
    report = travel(one, two, tmp_path)
    assert report.rejected == 0
    kinds = "SELECT count(*) FROM event WHERE kind = 'from-the-future'"
    assert [store.row(kinds) for store in desks] == [(2,), (2,)]
    for store in desks:
        shown = lookup.show(store, uuid, now=NOW)
        assert "bản chương trình này chưa biết" in shown.events[-1].text
        assert [check for check in checks.run_checks(store) if not check.ok] == []
    three = further_desk(one, tmp_path / "3", 3)
    try:
        take_bundle(two, send(three, tmp_path / "first.zip", now=NOW), now=NOW)
        take_bundle(three, send(two, tmp_path / "on.zip", now=NOW), now=NOW)
        assert fingerprint(three) == fingerprint(one)
        assert three.row(kinds) == (2,)
    finally:
        three.close()
