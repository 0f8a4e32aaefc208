"""The queue of papers: kept before a printer is asked, never twice, never lost by a crash."""

from __future__ import annotations

from datetime import datetime

import pytest
from counter_desk import CLERK, NOW

from counter_app.domain.print_profiles import (
    PaperGroup,
    PrintProfile,
    group_of,
    read_profiles,
    write_profile,
)
from counter_app.errors import InputError
from counter_app.services import print_queue, settings
from counter_app.services.print_queue import JobState
from counter_app.storage.database import open_store

PDF = b"%PDF-1.7 \x00\xff the page"


def add(store, *, at=NOW, title="Giấy tiếp nhận"):
    return print_queue.add(store, PDF, title=title, group=PaperGroup.RECEIPT, now=at)


def test_a_job_is_taken_once_with_its_bytes(store):
    uuid = add(store)
    assert print_queue.take(store, uuid) == PDF
    assert print_queue.take(store, uuid) is None
    assert [job.state for job in print_queue.jobs(store)] == [JobState.PRINTING]
    print_queue.done(store, uuid)
    assert print_queue.jobs(store) == []
    assert print_queue.pdf_of(store, uuid) is None
    assert print_queue.take(store, uuid) is None


def test_what_no_printer_took_waits_with_why_and_in_its_order(store):
    first = add(store)
    second = add(store, at=datetime(2026, 11, 23, 9, 5))
    print_queue.take(store, first)
    print_queue.put_back(store, first, reason="Máy in không phản hồi.")
    jobs = print_queue.jobs(store)
    assert [job.uuid for job in jobs] == [first, second]
    assert (jobs[0].state, jobs[0].reason, jobs[0].tries) == (
        JobState.WAITING,
        "Máy in không phản hồi.",
        1,
    )
    assert jobs[0].since == NOW
    assert print_queue.take(store, first) == PDF


def test_a_crash_loses_nothing_and_prints_nothing_twice(store, tmp_path):
    waiting, taken = add(store), add(store)
    print_queue.take(store, taken)
    print_queue.hand_over(store, taken)
    store.close()  # the machine stops here
    store = open_store(store.path, backup_folder=tmp_path, stamp="again")
    print_queue.settle(store)
    states = {job.uuid: job.state for job in print_queue.jobs(store)}
    assert states == {waiting: JobState.WAITING, taken: JobState.DOUBTFUL}
    assert print_queue.take(store, taken) is None
    assert print_queue.take(store, taken, doubtful_too=True) == PDF
    assert print_queue.take(store, waiting) == PDF
    store.close()


def test_what_no_printer_system_has_got_waits_again_without_a_doubt(store, tmp_path):
    taken = add(store)
    print_queue.take(store, taken)
    store.close()  # the machine stops while printers are asked
    store = open_store(store.path, backup_folder=tmp_path, stamp="again")
    print_queue.settle(store)
    (job,) = print_queue.jobs(store)
    assert (job.state, job.reason) == (JobState.WAITING, "")
    store.close()


def test_what_an_older_version_was_printing_is_doubtful(store):
    taken = add(store)
    print_queue.take(store, taken)
    store.execute(
        "UPDATE draft SET body = json_remove(body, '$.handed') WHERE key GLOB 'print-job:*'"
    )
    print_queue.settle(store)
    assert [job.state for job in print_queue.jobs(store)] == [JobState.DOUBTFUL]


def test_a_job_is_dropped_only_with_a_reason_and_who_stays_on_record(store):
    uuid = add(store)
    with pytest.raises(InputError, match="lý do"):
        print_queue.drop(store, uuid, reason=" ", by=CLERK)
    assert len(print_queue.jobs(store)) == 1
    print_queue.drop(store, uuid, reason="in ở máy khác", by=CLERK)
    assert print_queue.jobs(store) == []
    (told,) = print_queue.dropped(store)
    assert (told["reason"], told["by"], told["title"]) == ("in ở máy khác", CLERK, "Giấy tiếp nhận")
    assert print_queue.pdf_of(store, uuid) is None


def test_a_draft_of_the_reception_is_no_job(store):
    from counter_app.services import at_hand

    at_hand.save_draft(store, key="reception", body={"name": "x"}, now=NOW)
    assert print_queue.jobs(store) == []


def test_papers_go_out_by_their_group(desk):
    desk.receive(issue_receipt=True)
    (receipt,) = desk.store.row("SELECT uuid FROM paper")
    assert print_queue.group_of_papers(desk.store, [receipt]) is PaperGroup.RECEIPT
    assert print_queue.group_of_papers(desk.store, []) is PaperGroup.LIST
    assert group_of(["receipt", "apology"]) is PaperGroup.LIST
    assert group_of(["stop", "refusal"]) is PaperGroup.SLIP


def test_a_group_without_a_printer_takes_the_office_s(store):
    settings.set_setting(store, key="printer", value="Canon")
    wanted = PrintProfile("HP khay 2", "Lower", is_two_sided=True, copies=2)
    line = write_profile(PaperGroup.LETTER, wanted)
    settings.set_setting(store, key="print_profiles", value=line)
    assert print_queue.profile(store, PaperGroup.LETTER) == wanted
    assert print_queue.profile(store, PaperGroup.RECEIPT) == PrintProfile("Canon")


@pytest.mark.parametrize(
    "line",
    ["receipt", "receipt|||hai mặt|0", "receipt|||hai mặt|x", "thư|||một mặt|1", "list|||2|1"],
)
def test_a_line_that_is_no_profile_is_refused(store, line):
    with pytest.raises(InputError):
        settings.set_setting(store, key="print_profiles", value=line)


def test_a_name_with_the_separators_in_it_is_written_without_them():
    odd = PrintProfile("HP | 2; tầng", "", is_two_sided=False, copies=1)
    read = read_profiles([write_profile(PaperGroup.LIST, odd)])[PaperGroup.LIST]
    assert "|" not in read.printer
    assert ";" not in read.printer
