"""A list taken in some hundred rows at a time leaves what the same acts leave one by one."""

from __future__ import annotations

import csv
import hashlib
import shutil
from datetime import datetime, timedelta

import pytest
from counter_desk import CLERK
from hypothesis import given, settings
from hypothesis import strategies as st

from counter_app.domain.facts import ReceiveRequest
from counter_app.services import (
    checks,
    journal,
    list_rows,
    lists,
    moves,
    reception,
    terms_moves,
)
from counter_app.services import settings as office_settings
from counter_app.services.journal_batch import Held
from tests.services.conftest import open_copy

NOW = datetime(2026, 11, 23, 10)
HEAD = (
    "Mã hồ sơ,Mã hồ sơ chính thức,Mã TTHC,Tên TTHC,Chủ hồ sơ,Số định danh,Mã số thuế,Địa chỉ,"
    "Số điện thoại,Nội dung,Hình thức tiếp nhận,Ngày giờ tiếp nhận,Ngày giờ hẹn trả,"
    "Ngày giờ hẹn lại,Ngày giờ có kết quả,Ngày giờ trả,Trạng thái,Cơ quan giải quyết,"
    "Cán bộ thụ lý,Ghi chú"
).split(",")
PEOPLE = ("045192007777", "045192008888", "")
DAYS = ("20/11/2026 08:00", "20/11/2026 09:15", "12/11/2026 14:00", "02/10/2026", "")
STATES = (
    "Đã tiếp nhận", "Đang xử lý", "Yêu cầu bổ sung", "Chờ thực hiện nghĩa vụ tài chính",
    "Chờ trả kết quả", "Đã trả kết quả", "Từ chối", "Rút hồ sơ", "Dừng xử lý", "",
)  # fmt: skip
CODES = (
    *(f"H50.1-261120-{number:04d}" for number in range(1, 6)),
    "TAM-01-261120-0001", "TAM-01-261120-0003", "TAM-01-261112-0001", "TAM-07-261120-0001",
    "TAM-01-261399-0001", "sai mã", "",
)  # fmt: skip


class OneByOne:
    """The batch's promise kept in the plainest way: every act goes through the journal at once."""

    def __init__(self, store, *, by, now):
        self.store, self.by, self.now = store, by, now

    def take_number(self, *, kind, period):
        return journal.take_number(self.store, kind=kind, period=period)

    def begin(self, *, kind, at, body):
        dossier_id, uuid, _, state = journal.begin_dossier(
            self.store, kind=kind, at=at, now=self.now, by=self.by, body=body
        )
        return Held(dossier_id, uuid, state, is_new=True)

    def add(self, held, *, kind, at, body):
        _, after = journal.add_event(
            self.store,
            dossier_id=held.dossier_id,
            dossier_uuid=held.uuid,
            before=journal.copy_of(held.state),
            kind=kind,
            at=at,
            now=self.now,
            by=self.by,
            body=body,
        )
        held.state.update(after)

    def flush(self):
        pass


@pytest.fixture(scope="module")
def lived(prepared, tmp_path_factory):
    """Return a file of a desk with dossiers in several states."""
    folder = tmp_path_factory.mktemp("lived")
    store = open_copy(prepared, folder)
    begun = datetime(2026, 11, 20, 8)

    def receive(number, at=begun, **values):
        request = ReceiveRequest(
            procedure_code="1.004873",
            applicant_name=f"Nguyễn Văn {number}",
            by=CLERK,
            received_at=at,
            **values,
        )
        return reception.receive_dossier(store, request, now=begun).code

    receive(1, citizen_id=PEOPLE[0])
    receive(2, citizen_id=PEOPLE[1], official_code=CODES[0])
    waits = receive(3, citizen_id=PEOPLE[1])
    receive(4, begun - timedelta(days=8), citizen_id=PEOPLE[0])
    done = receive(5, tax_code="0100109106", official_code=CODES[1])
    later = receive(6, citizen_id=PEOPLE[0], official_code=CODES[2])
    now = begun + timedelta(hours=1)
    terms_moves.supplement(store, waits, reason="thiếu", by=CLERK, now=now)
    moves.complete(store, done, by=CLERK, now=now)
    terms_moves.reschedule(
        store, later, new_due=datetime(2026, 12, 3, 17), reason="thẩm tra", by=CLERK, now=now
    )
    store.close()
    return store.path


def moments(*more):
    return st.sampled_from((*DAYS[:3], "24/11/2026 17:00", "26/11/2026 17:00", *more, ""))


@st.composite
def rows(draw):
    choose = lambda *words: draw(st.sampled_from(words))
    return [
        choose(*CODES), choose("", "", *CODES[:3]), choose("1.004873", "1.004873", "9.999999", ""),
        choose("Thủ tục lạ", ""), choose("Lê Văn Đức", "Trần Thị Ơn", "Y Thơm Niê", ""),
        choose(*PEOPLE), choose("0100109106", "", ""), choose("Xã Cam Lộ", ""),
        choose("0905123456", ""), choose("cấp lại", ""), choose("Trực tiếp", "Bưu chính", ""),
        choose(*DAYS), draw(moments("30/11/2026")), draw(moments("02/12/2026")), draw(moments()),
        draw(moments()), choose(*STATES), choose("Phòng Tư pháp", ""), choose("Lê B", ""),
        choose("ghi", ""),
    ]  # fmt: skip


class Drawn:
    """Chance that comes again: the same acts in the same order draw the same bytes."""

    def __init__(self):
        self.count = 0

    def __call__(self, size):
        self.count += 1
        return hashlib.sha256(b"%d" % self.count).digest()[:size]


def bring(lived, folder, tables, *, at_once, batch, boundary):
    """Take lists in, one after the other, and return all that is stored and what was reported."""
    path = folder / "counter.db"
    shutil.copyfile(lived, path)
    store = open_copy(lived, folder)
    with pytest.MonkeyPatch.context() as patched:
        office_settings.set_setting(store, key="boundary", value=boundary)
        patched.setattr("os.urandom", Drawn())
        patched.setattr(list_rows, "Batch", batch)
        patched.setattr(lists, "_WRITTEN_AT_ONCE", at_once)
        told = []
        for number, table in enumerate(tables):
            source = folder / f"{number}.csv"
            with source.open("w", encoding="utf-8-sig", newline="") as stream:
                csv.writer(stream).writerows([HEAD, *table])
            now = NOW + timedelta(days=number * 2)
            report = lists.import_list(store, source, name=source.name, by=CLERK, now=now)
            told.append((lists.report_json(report), report.notes, lists.rejected_csv(report)))
    assert [c.check for c in checks.run_checks(store) if not c.ok] == []
    stored = {
        name: sorted(store.rows(f'SELECT * FROM "{name}"'), key=repr)
        for (name,) in store.rows(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%' "
            "AND name NOT LIKE 'dossier_search%' AND name <> 'tally'"
        )
    }
    # A sum that went up and down again may stand there as nothing, or not at all.
    stored["tally"] = [row for row in store.rows("SELECT * FROM tally") if any(row[5:])]
    store.execute("CREATE VIRTUAL TABLE temp.found USING fts5vocab(main, dossier_search, instance)")
    stored["search"] = sorted(store.rows("SELECT term, doc FROM temp.found"))
    store.close()
    for left in folder.iterdir():
        left.unlink()
    return stored, told


@settings(max_examples=25)
@given(
    tables=st.lists(st.lists(rows(), min_size=1, max_size=9), min_size=1, max_size=2),
    at_once=st.sampled_from([2, 3, 500]),
    boundary=st.sampled_from(["day", "minute"]),
)
def test_a_batch_stores_what_acts_one_by_one_store(
    lived, tmp_path_factory, tables, at_once, boundary
):
    folder = tmp_path_factory.mktemp("b")
    one_by_one = bring(lived, folder, tables, at_once=1, batch=OneByOne, boundary=boundary)
    batched = bring(
        lived, folder, tables, at_once=at_once, batch=list_rows.Batch, boundary=boundary
    )
    for name, stored in one_by_one[0].items():
        assert batched[0][name] == stored, name
    assert batched[1] == one_by_one[1]
