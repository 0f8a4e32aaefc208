"""What the verbs' sound lines don't reach, done once each through the services."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from counter_app.bootstrap import open_app
from counter_app.domain.calendar import CalendarDay, DayKind
from counter_app.domain.facts import ReceiveRequest
from counter_app.domain.list_filter import ListFilter
from counter_app.domain.print_profiles import PaperGroup
from counter_app.domain.rights import Role
from counter_app.domain.trial_print import CameOut
from counter_app.domain.visits import VisitKind
from counter_app.errors import SignInError
from counter_app.services import (
    at_hand,
    backups,
    batches,
    calendar_edits,
    catalogue,
    catalogue_edits,
    catalogue_files,
    demo,
    encryption,
    erasing,
    filters,
    form_versions,
    group,
    handing,
    letters,
    linked,
    lists,
    losses,
    office,
    office_papers,
    outage,
    paper_events,
    papers,
    print_queue,
    privacy,
    search_index,
    settings,
    slips,
    sync_conflicts,
    sync_undo,
    terms_moves,
    trial_prints,
    unit_sheets,
    users,
    visits,
    web_entry,
)
from counter_app.tabular.columns import Mapping
from tests.services.counter_desk import CLERK, Desk
from tests.sync_house import further_desk, send, take

if TYPE_CHECKING:
    from pathlib import Path


CIRCULAR = {
    "version": "tt09-2027/1",
    "extends": "tt03-2025/2",
    "form_set": "tt09-2027",
    "name": "Biểu mẫu của một thông tư mới",
    "valid_from": "2027-03-01",
    "source": "Thông tư mới",
    "receipt": {"form_label": "Mẫu số 1A"},
}
SIGNER = "Chủ tịch|Hoàng Văn Chủ"
SECRET = "mot cua 2026"
HOLIDAY = calendar_edits.CalendarEdit(
    days=(CalendarDay(date(2026, 12, 24), DayKind.HOLIDAY, "Nghỉ của xã"),)
)
LINKED = {
    "code": "9.000001",
    "name": "Liên thông",
    "limit": "12wd",
    "steps": [{"name": "Khai sinh", "unit": "Tư pháp", "limit": "2wd"}, {"name": "Cư trú"}],
}


def of_papers(desk: Desk, _folder: Path) -> None:
    """Print, print again, and take a paper off the queue."""
    store = desk.store
    means = {"by": CLERK, "now": desk.now}
    one, two = desk.receive(), desk.receive(applicant_name="Trần Văn Bê")
    batches.print_many(store, [one, two], kind="receipt", **means)
    paper = papers.print_receipt(store, one, **means)
    desk.wait(hours=1)
    paper_events.reprint_paper(store, paper, by=CLERK, now=desk.now)
    desk.act("supplement", one, reason="Tờ khai có chữ ký")
    slips.print_slip(store, one, kind="supplement", by=CLERK, now=desk.now)
    web_entry.attach(store, two, official="H50.19-261123-0009", by=CLERK, now=desk.now)
    trial_prints.answer(store, CameOut.TURNED, printer="Máy in 1", group=PaperGroup.RECEIPT)
    for _ in range(2):
        job = print_queue.add(store, b"%PDF", title="Giấy", group=PaperGroup.RECEIPT, now=desk.now)
        print_queue.take(store, job)
        print_queue.put_back(store, job, reason="Máy in không phản hồi.")
    print_queue.take(store, job)
    print_queue.hand_over(store, job)
    print_queue.settle(store)
    print_queue.drop(store, job, reason="In tay rồi", by=CLERK)
    print_queue.done(store, print_queue.jobs(store)[0].uuid)
    privacy.note_number_shown(store, desk.show(one).uuid)
    at_hand.save_draft(store, key="nháp", body="{}", now=desk.now)
    at_hand.drop_draft(store, key="nháp")


def of_letters(desk: Desk, _folder: Path) -> None:
    """Apologise for what is late, and answer for it on a unit's sheet."""
    code = desk.receive()
    desk.set_clock(27, 15, 5)
    (sheet,) = unit_sheets.make_sheets(desk.store, by=CLERK, now=desk.now)
    _, rows = unit_sheets.rows_of(desk.store, sheet)
    due = next(row.position for row in rows if row.part == "due")
    unit_sheets.answer_row(desk.store, sheet, due, answer="kept", by=CLERK, now=desk.now)
    desk.set_clock(30)
    desk.act("explain", code, reason="Chờ phòng")
    letters.print_apology(desk.store, code, signer=SIGNER, by=CLERK, now=desk.now)


def of_other_lives(desk: Desk, _folder: Path) -> None:
    """Groups, linked steps, another unit's dossiers, visits, reserved numbers."""
    store = desk.store
    person = {"procedure_code": "1.004873", "applicant_name": "Lê Văn Cê", "by": CLERK}
    group.receive_group(store, [ReceiveRequest(**person)] * 2, now=desk.now)
    catalogue_files.import_entries(store, [LINKED], on=desk.now.date())
    step = desk.receive(procedure_code="9.000001")
    linked.finish_step(store, step, step=1, by=CLERK, now=desk.now)
    theirs = desk.receive(competent_unit="Ủy ban nhân dân xã Gio Linh")
    terms_moves.competent_received(store, theirs, by=CLERK, now=desk.now)
    request = ReceiveRequest(**person, citizen_id="045185001234", id_kind="citizen")
    kinds = {"kind": VisitKind.GUIDANCE, "reason": "Thiếu giấy"}
    first, second = (visits.record_visit(store, request, **kinds, now=desk.now) for _ in "12")
    visits.print_visit(store, first.visit.code, by=CLERK, now=desk.now)
    visits.receive_from_visit(store, first.visit.code, request, now=desk.now)
    visits.undo_visit(store, second.visit.code, reason="Nhầm", by=CLERK, now=desk.now)
    kit = outage.make_kit(store, count=2, by=CLERK, now=desk.now)
    office_papers.print_again(store, kit, now=desk.now)
    number = outage.reserved(store)[0].number
    outage.close_numbers(store, [number], reason="Hỏng giấy", by=CLERK, now=desk.now)
    outage.reopen_number(store, number, reason="Tìm thấy", by=CLERK, now=desk.now)
    handing.take_list_number(store, now=desk.now)
    search_index.tidy_some(store)


def of_the_office(desk: Desk, _folder: Path) -> None:
    """Change what the office has decided: catalogue, calendar, people, filters, forms."""
    store, today = desk.store, desk.now.date()
    office.save_officer(store, name=CLERK, position="Công chức")
    office.save_officer(store, name=CLERK, position="Công chức", unit="Tư pháp")
    catalogue.pin(store, "1.004873", is_pinned=True)
    catalogue.confirm_procedure(store, code="1.004873", decision="QĐ 1", on=today, limit="4wd")
    entry = {"code": "9.000002", "name": "Thủ tục mới", "limit": "3wd"}
    catalogue_edits.save(store, entry, on=today, is_new=True)
    before = catalogue_edits.save(store, entry | {"limit": "5wd"}, on=today)
    catalogue_edits.put_back(store, before)
    catalogue_edits.retire(store, "9.000002", last_day=date(2027, 1, 1), on=today)
    back = calendar_edits.inverse(store, HOLIDAY)
    calendar_edits.take_in(store, HOLIDAY)
    calendar_edits.take_back(store, back)
    calendar_edits.confirm(store, HOLIDAY, decision="QĐ 2", by=CLERK, now=desk.now)
    filters.save_filter(store, "Đất đai", ListFilter(unit="Tư pháp"), now=desk.now)
    filters.forget_filter(store, "Đất đai")
    for field in ("note", "phone"):
        mapping = Mapping(headings={"Ghi chú": field})
        lists.keep_mapping(store, name="Hệ thống tỉnh", mapping=mapping)


def of_people(desk: Desk, folder: Path) -> None:
    """Accounts, signing in, a lost administrator."""
    store, now = desk.store, desk.now
    store.clock = lambda: now
    users.add_user(store, name="Quản Trị", role=Role.ADMIN, secret=SECRET, now=now)
    users.sign_in(store, name="Quản Trị", secret=SECRET, now=now)
    users.add_user(store, name="Hoa", role=Role.CLERK, secret=SECRET, now=now)
    users.set_role(store, name="Hoa", role=Role.HEAD)
    users.set_secret(store, name="Hoa", secret="mat khau khac", now=now)
    users.disable_user(store, name="Hoa")
    with pytest.raises(SignInError):
        users.sign_in(store, name="Quản Trị", secret="sai", now=now)
    told = users.ask_recovery(store, name="Quản Trị", folder=folder).read_text("utf-8")
    means = {"name": "Quản Trị", "secret": SECRET, "folder": folder, "now": now}
    users.recover(store, code=told.split()[-1], **means)
    users.sign_in(store, name="Quản Trị", secret=SECRET, now=now + timedelta(hours=1))


def of_an_end(desk: Desk, folder: Path) -> None:
    """Remove a person whose time is over, with a file, also from an older copy."""
    person = {"citizen_id": "045185001234", "id_kind": "citizen"}
    code = desk.receive(**person)
    settings.set_setting(desk.store, key="retention_years", value="5")
    desk.wait(hours=1).act("complete", code)
    desk.act("return", code, collected_by="Lê Văn Cê")
    folder.mkdir(exist_ok=True)
    (folder / "scan.pdf").write_bytes(b"%PDF-1.7")
    desk.act("attach", code, files=[folder / "scan.pdf"])
    copy = backups.make_backup(desk.store, folder=folder, now=desk.now)
    desk.now += timedelta(days=6 * 365)
    why = {"reason": "Hết hạn lưu", "by": CLERK}
    erasing.remove_person(desk.store, person["citizen_id"], now=desk.now, **why)
    backups.restore(desk.store, copy, folder=folder, now=desk.now)


def of_two_desks(first: Desk, folder: Path) -> None:
    """Move a dossier apart, exchange, decide, and take an import back."""
    one, two = first.store, further_desk(first.store, folder / "2")
    second = Desk(two)
    try:
        code = first.receive()
        take(two, send(one, folder / "a.zip"))
        first.wait(minutes=5).act("complete", code)
        second.wait(minutes=5).act("withdraw", code, reason="Đổi ý")
        late = datetime(2026, 11, 23, 10)
        take(two, send(one, folder / "b.zip", now=late), now=late)
        (found,) = sync_conflicts.open_conflicts(two)
        sync_conflicts.resolve(two, found.id, keep=found.second.event_uuid, by=CLERK, now=late)
        last = take(one, send(two, folder / "c.zip", now=late), now=late)
        sync_undo.undo_import(one, last.import_id, by=CLERK, now=late)
    finally:
        two.close()


def quiet(*_told: object) -> None:
    """Hear what is told and say nothing."""


def of_a_key(desk: Desk, _folder: Path) -> None:
    """Encrypt the data and turn them back."""
    prepared = encryption.prepare(desk.store, "con trau di truoc", now=desk.now)
    encryption.switch_on(desk.store, prepared, now=desk.now, progress=quiet)
    encryption.switch_off(desk.store, now=desk.now, progress=quiet)


def of_a_loss(desk: Desk, _folder: Path) -> None:
    """Take note of what is missing."""
    desk.receive()
    for table in ("event", "auditentry"):
        desk.store.execute(f"DROP TRIGGER {table}_is_never_removed")
    desk.receive()
    desk.store.execute("DELETE FROM event WHERE sequence = 1")
    losses.accept(desk.store, reason="Cứu từ tệp hỏng", by=CLERK, now=desk.now)


def of_new_forms(desk: Desk, _folder: Path) -> None:
    """Change a text of the papers, and take a new circular's in."""
    forms = form_versions.edited_forms(desk.store, now=desk.now)
    text = next(text for form in forms for text in form.texts if text.text)
    means = {"by": CLERK, "now": desk.now}
    changed = {text.place: f"{text.text} (mới)"}
    form_versions.save_texts(
        desk.store, changed, valid_from=desk.now.date(), source="CV 12/UBND", **means
    )
    form_versions.import_forms(desk.store, json.dumps(CIRCULAR), **means)


def of_practice(desk: Desk, folder: Path) -> None:
    """Fill an empty folder to practise in."""
    store = open_app(data=str(folder / "tập"), environment={}).store
    try:
        demo.fill(store, "week", now=desk.now)
    finally:
        store.close()
