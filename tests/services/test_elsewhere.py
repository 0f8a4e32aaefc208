"""A dossier that came by stick shows its scans, its lists and its sheets, and where they lie."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pytest
from sync_house import CLERK, further_desk, receive, send
from sync_house import take as take_bundle

from counter_app.errors import BundleError, InputError, NotFoundError
from counter_app.services import (
    attachments,
    checks,
    handing,
    handover,
    journal,
    kept_files,
    lookup,
    moves,
    projection,
    scan_travel,
    unit_sheets,
)
from counter_app.services.sync_export import export_bundle, files_to_send, fingerprint
from counter_app.services.sync_import import import_bundle
from counter_app.services.sync_office import shared
from counter_app.sync.bundle import open_bundle
from counter_app.sync.sealing import unseal

NOW = datetime(2026, 11, 23, 10, 0)
PDF = b"%PDF-1.7\nDon dang ky\n%%EOF\n"
UNIT = "Công chức Tư pháp – Hộ tịch"


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


def export(store, tmp_path, *, with_files=True, name="kem.zip"):
    path = tmp_path / name
    return path, export_bundle(store, path, by=CLERK, now=NOW, with_files=with_files)


def test_a_scan_goes_along_by_choice_is_told_before_and_opens_at_the_other_desk(desks, tmp_path):
    one, two = desks
    uuid = receive(one, now=NOW)
    scan(one, tmp_path, uuid)
    told = files_to_send(one, now=NOW)
    assert (told.files, told.size, told.away) == (1, len(PDF), 0)
    path, report = export(one, tmp_path)
    assert report.files == 1
    assert import_bundle(two, path, by=CLERK, now=NOW, dry_run=True).files == 1
    assert not list((tmp_path / "2" / "attachments").glob("*/*"))
    assert import_bundle(two, path, by=CLERK, now=NOW).files == 1
    [file] = lookup.show(two, uuid, now=NOW).state["attachments"]
    assert attachments.attached_file(two, file["sha256"], "pdf").read_bytes() == PDF
    assert lookup.show(two, uuid, now=NOW).files_at == {}
    again = import_bundle(two, path, by=CLERK, now=NOW)
    assert (again.new, again.files) == (0, 0)
    assert [check for check in checks.run_checks(two) if not check.ok] == []


def test_files_follow_within_a_week_where_bundles_without_them_went_before(desks, tmp_path):
    one, two = desks
    uuid = receive(one, now=NOW)
    scan(one, tmp_path, uuid)
    travel(one, two, tmp_path)
    travel(two, one, tmp_path)  # it has said that it holds all
    later = NOW + timedelta(days=6)
    path = tmp_path / "sau.zip"
    report = export_bundle(one, path, by=CLERK, now=later, with_files=True)
    assert (report.events, report.files) == (0, 1)
    assert import_bundle(two, path, by=CLERK, now=later).files == 1
    assert lookup.show(two, uuid, now=later).files_at == {}
    assert files_to_send(one, now=NOW + timedelta(days=8)).files == 0


def test_a_file_that_no_dossier_names_or_that_went_with_a_person_is_not_kept(desks, tmp_path):
    one, two = desks
    uuid = receive(one, now=NOW)
    scan(one, tmp_path, uuid)
    path, _ = export(one, tmp_path)
    import_bundle(two, path, by=CLERK, now=NOW)
    [file] = lookup.show(two, uuid, now=NOW).state["attachments"]
    gone = attachments.attached_file(two, file["sha256"], "pdf")
    gone.unlink()
    with two.transaction():
        two.execute("UPDATE event SET body = replace(body, ?, '(đã xóa)')", (file["sha256"],))
    assert scan_travel.missing(two, open_bundle(plain_of(one, path))) == 0


def plain_of(store, path):
    plain = io.BytesIO()
    with path.open("rb") as stream:
        unseal(stream, plain, shared(store).key)
    plain.seek(0)
    return plain


def test_a_full_disk_refuses_the_bundle_whole_and_leaves_no_file(desks, tmp_path, monkeypatch):
    one, two = desks
    uuid = receive(one, now=NOW)
    scan(one, tmp_path, uuid)
    scan(one, tmp_path, uuid, name="hai.pdf", data=PDF + b"2")
    path, report = export(one, tmp_path)
    assert report.files == 2
    real, kept = kept_files.keep, []

    def full_at_the_second(*args):
        if kept:
            raise OSError(28, "No space left on device")
        kept.append(real(*args))
        return kept[0]

    monkeypatch.setattr(kept_files, "keep", full_at_the_second)
    before = fingerprint(two)
    with pytest.raises(BundleError, match="Dọn chỗ trống rồi nhận lại"):
        import_bundle(two, path, by=CLERK, now=NOW)
    assert fingerprint(two) == before
    assert not kept[0].exists()
    monkeypatch.undo()
    assert import_bundle(two, path, by=CLERK, now=NOW).files == 2


def test_more_than_a_bundle_takes_is_refused_before_anything_is_written(
    desks, tmp_path, monkeypatch
):
    one, _ = desks
    uuid = receive(one, now=NOW)
    scan(one, tmp_path, uuid)
    monkeypatch.setattr(scan_travel, "LARGEST_SCANS", 10)
    with pytest.raises(InputError, match="Chưa xuất gì"):
        export(one, tmp_path)
    assert not (tmp_path / "kem.zip").exists()
    assert export(one, tmp_path, with_files=False)[1].files == 0


def test_a_file_that_lies_elsewhere_or_was_changed_is_left_out_and_its_facts_travel(
    desks, tmp_path
):
    one, two = desks
    uuid = receive(one, now=NOW)
    scan(one, tmp_path, uuid)
    [file] = lookup.show(one, uuid, now=NOW).state["attachments"]
    place = attachments.attached_file(one, file["sha256"], "pdf")
    place.unlink()
    told = files_to_send(one, now=NOW)
    assert (told.files, told.away) == (0, 1)
    place.write_bytes(PDF + b"more")
    path, report = export(one, tmp_path)
    assert report.files == 0
    assert import_bundle(two, path, by=CLERK, now=NOW).files == 0


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
