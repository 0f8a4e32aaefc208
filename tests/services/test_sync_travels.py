"""What goes from desk to desk with a bundle, kind by kind; what stays is said and harms nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.domain.visits import VisitKind
from counter_app.errors import NotFoundError
from counter_app.services import (
    attachments,
    checks,
    fees,
    lookup,
    moves,
    opinions,
    outage,
    surveys,
    sync_overview,
    visits,
)
from counter_app.services.sync_export import fingerprint
from counter_app.storage.backup import back_up
from tests.sync_house import CLERK, NOW, receive, send, take


def healthy(store):
    return [check.check for check in checks.run_checks(store) if not check.ok] == []


def minutes(count):
    return NOW + timedelta(minutes=count)


def state(store, uuid):
    return lookup.show(store, uuid, now=minutes(99)).state


def test_a_visit_travels_without_becoming_a_dossier(desks, tmp_path):
    one, two = desks
    request = ReceiveRequest(
        procedure_code="1.004873",
        applicant_name="Trần Văn Bảy",
        citizen_id="045192004321",
        by=CLERK,
    )
    kind = next(iter(VisitKind))
    made = visits.record_visit(one, request, kind=kind, reason="Thiếu giấy tờ", now=NOW).visit
    report = take(two, send(one, tmp_path / "a.zip"))
    assert (report.new, report.new_dossiers) == (1, 0)
    found = visits.find_visit(two, made.code)
    assert (found.code, found.kind, found.at) == (made.code, made.kind, made.at)
    assert two.row("SELECT count(*) FROM dossier") == (0,)
    # The person who comes back is received at the other desk, and both know.
    later = minutes(5)
    visits.receive_from_visit(two, found.code, visits.request_of(found, by=CLERK), now=later)
    take(one, send(two, tmp_path / "b.zip", now=later), now=later)
    assert visits.find_visit(one, made.code).dossier_uuid
    assert fingerprint(one) == fingerprint(two)
    assert healthy(one)
    assert healthy(two)


def test_fees_opinions_and_surveys_travel(desks, tmp_path):
    one, two = desks
    uuid = receive(one)
    fees.record_fee(one, uuid, amount=15_000, reason="theo biểu", by=CLERK, now=minutes(1))
    fees.record_fee(one, uuid, paid=True, receipt_number="BL-7", by=CLERK, now=minutes(2))
    moves.forward(one, uuid, to="Tư pháp", by=CLERK, now=minutes(3))
    opinions.ask_opinion(
        one, uuid, unit="Công an xã", what="xác minh cư trú", limit="2wd", by=CLERK, now=minutes(4)
    )
    take(two, send(one, tmp_path / "a.zip", now=minutes(5)), now=minutes(5))
    here, there = state(one, uuid), state(two, uuid)
    assert there == here
    assert (there["fee_paid"], there["fee_receipt"]) == (15_000, "BL-7")
    [asked] = opinions.waiting(there)
    assert asked["unit"] == "Công an xã"
    opinions.opinion_received(two, uuid, unit="Công an xã", by=CLERK, now=minutes(6))
    moves.complete(two, uuid, by=CLERK, now=minutes(7))
    moves.return_result(two, uuid, collected_by="Trần Văn Bảy", by=CLERK, now=minutes(8))
    surveys.survey(two, uuid, scores={"1": 2}, by=CLERK, now=minutes(9))
    take(one, send(two, tmp_path / "b.zip", now=minutes(9)), now=minutes(10))
    assert state(one, uuid) == state(two, uuid)
    assert fingerprint(one) == fingerprint(two)
    assert healthy(one)
    assert healthy(two)


def test_what_is_attached_travels_as_name_and_hash_and_the_file_stays(desks, tmp_path):
    one, two = desks
    uuid = receive(one)
    scan = tmp_path / "to-khai.pdf"
    scan.write_bytes(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")
    attachments.attach(one, uuid, files=[scan], by=CLERK, now=minutes(1))
    take(two, send(one, tmp_path / "a.zip", now=minutes(2)), now=minutes(2))
    [here], [there] = state(one, uuid)["attachments"], state(two, uuid)["attachments"]
    assert there == here
    assert attachments.attached_file(one, here["sha256"], here["type"]).is_file()
    with pytest.raises(NotFoundError, match="Bản quét nằm ở Quầy 1"):
        attachments.attached_file(two, there["sha256"], there["type"])
    # A file that never was here is no damage, also after files of one's own stand beside it.
    assert healthy(two)
    scan.write_bytes(scan.read_bytes() + b"%%EOF\n")
    attachments.attach(two, uuid, files=[scan], by=CLERK, now=minutes(3))
    assert healthy(two)
    mine = state(two, uuid)["attachments"][-1]
    attachments.attached_file(two, mine["sha256"], mine["type"]).unlink()
    assert not healthy(two)
    with pytest.raises(NotFoundError, match="Chép lại từ bản sao lưu"):
        attachments.attached_file(two, mine["sha256"], mine["type"])


def test_numbers_reserved_for_an_outage_stay_at_the_desk_that_printed_them(desks, tmp_path):
    one, two = desks
    receive(one)
    outage.make_kit(one, count=3, by=CLERK, now=NOW)
    take(two, send(one, tmp_path / "a.zip"))
    assert len(outage.reserved(one)) == 3
    assert outage.reserved(two) == []
    assert healthy(one)
    assert healthy(two)


def test_a_restored_copy_never_gives_a_visit_the_number_of_one_that_was_lost(desks, tmp_path):
    one, two = desks
    request = ReceiveRequest(
        procedure_code="1.004873", applicant_name="Trần Văn Bảy", citizen_id="045192004321"
    )
    kind = next(iter(VisitKind))
    (tmp_path / "cu").mkdir()
    back_up(one.database, tmp_path / "cu" / "counter.db")
    lost = visits.record_visit(one, request, kind=kind, reason="Thiếu", now=NOW).visit
    take(two, send(one, tmp_path / "a.zip"))
    back = open_app(data=str(tmp_path / "cu"), environment={}).store
    # It hears first that more is known of it than it knows, then what that is.
    take(back, send(two, tmp_path / "b.zip"))
    before = visits.record_visit(back, request, kind=kind, reason="Thiếu", now=minutes(1)).visit
    gaps = sync_overview.overview(back, now=minutes(1)).number_gaps
    assert [(gap.kind, gap.day, gap.last) for gap in gaps] == [("dossier", NOW.date(), 500)]
    number = receive(back, now=minutes(1))
    [code] = back.row("SELECT code FROM dossier WHERE uuid = ?", (number,))
    assert int(code.split("-")[-1]) == gaps[0].last + 1
    assert sync_overview.overview(back, now=NOW + timedelta(days=31)).number_gaps == ()
    assert sync_overview.overview(two, now=NOW).number_gaps == ()
    take(two, send(back, tmp_path / "c.zip", now=minutes(2)), now=minutes(2))
    take(back, send(two, tmp_path / "d.zip", now=minutes(3)), now=minutes(3))
    assert visits.find_visit(back, lost.code).uuid == lost.uuid
    after = visits.record_visit(back, request, kind=kind, reason="Thiếu", now=minutes(4)).visit
    assert len({lost.code, before.code, after.code}) == 3
    back.close()
