"""The catalogue as files: a preview that tells what changes, and exports that come back whole."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from counter_app.domain.catalogue import Fee, LinkedStep, Procedure, RequiredDocument, to_dict
from counter_app.domain.catalogue_changes import ChangeKind
from counter_app.errors import InputError, InputErrors, UserError
from counter_app.services import catalogue, catalogue_files, data_files, moves
from counter_app.services.fees import record_fee

TODAY = date(2026, 11, 23)
ODD = Procedure(
    "9.000300",
    "Cấp “giấy”; có dấu, và\u00a0nhiều thứ",
    aliases=("=1+1", "a;b"),
    fee=Fee(2000, "trang", 200_000, ("hộ nghèo",), 3, 1000, "mỗi bản", "NQ 1", date(2026, 1, 1)),
    required_documents=(
        RequiredDocument("Tờ khai=mẫu", "form", 1),
        RequiredDocument("Ảnh", copies=2),
    ),
    steps=(LinkedStep("Khai sinh", "UBND xã", "1wd", confirmed=True), LinkedStep("BHYT", "BHXH")),
    limit="3wd",
    confirmed=True,
    unconfirmed=("fee",),
    valid_from=date(2026, 1, 1),
    valid_to=date(2030, 12, 31),
)


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json"])
def test_an_exported_catalogue_comes_back_unchanged(desk, tmp_path, ending):
    catalogue.import_procedures(desk.store, [to_dict(ODD)], on=TODAY)
    before = catalogue.all_versions(desk.store)
    path = tmp_path / f"danh-muc.{ending}"
    count = catalogue_files.export(desk.store, path, on=TODAY, all_versions=True)
    assert count == len(before)
    found = catalogue_files.import_entries(desk.store, data_files.read_entries(path), on=TODAY)
    assert [c for c in found if c.kind is not ChangeKind.SAME] == []
    assert catalogue.all_versions(desk.store) == before


def test_another_ending_is_refused_and_writes_nothing(desk, tmp_path):
    with pytest.raises(InputError):
        catalogue_files.export(desk.store, tmp_path / "danh-muc.doc", on=TODAY)
    assert list(tmp_path.glob("danh-muc*")) == []


def look(desk, *entries):
    return catalogue_files.preview_import(desk.store, list(entries), on=TODAY)


def test_a_preview_tells_new_changed_and_equal_entries_apart_and_saves_nothing(desk):
    known = to_dict(catalogue.procedure(desk.store, "1.004873", on=TODAY))
    desk.receive()
    before = catalogue.all_versions(desk.store)
    new, version, edit = look(
        desk,
        {"code": "9.000001", "name": "Thủ tục mới", "limit": "1wd"},
        {**known, "limit": "2wd", "valid_from": "2026-12-01"},
        {**known, "name": "Tên khác"},
    )
    assert [change.kind.value for change in (new, version, edit)] == ["new", "version", "edit"]
    assert {f.name: (f.before, f.after) for f in version.fields}["limit"] == ("3wd", "2wd")
    assert [f.label for f in edit.fields] == ["Tên"]
    assert version.open_count == 1
    assert "1 hồ sơ đang giải quyết giữ nguyên" in version.words
    assert catalogue.all_versions(desk.store) == before
    assert look(desk, known)[0].kind is ChangeKind.SAME


def test_headings_in_vietnamese_and_codes_a_spreadsheet_spoilt_are_mended(desk, tmp_path):
    path = tmp_path / "danh-muc.csv"
    path.write_text("Mã TTHC;Tên TTHC;Thời hạn;Phí, lệ phí\n1.0003;Cấp giấy;3wd;8.000\n", "utf-8")
    (found,) = catalogue_files.import_entries(desk.store, data_files.read_entries(path), on=TODAY)
    assert (found.code, found.kind) == ("1.000300", ChangeKind.NEW)
    assert catalogue.procedure(desk.store, "1.000300", on=TODAY).fee.amount == 8000


def test_an_entry_that_can_t_be_read_leaves_the_catalogue_as_it_was(desk):
    before = catalogue.all_versions(desk.store)
    good = {"code": "9.000001", "name": "Thủ tục", "limit": "1wd"}
    with pytest.raises((InputError, InputErrors)):
        catalogue_files.import_entries(desk.store, [good, {"code": "9.000002"}], on=TODAY)
    assert catalogue.all_versions(desk.store) == before


def test_an_old_dossier_keeps_the_version_it_came_under(desk):
    code = desk.receive(procedure_code="2.000884")
    old = desk.receive()
    catalogue_files.import_entries(
        desk.store,
        [
            {"code": "2.000884", "name": "Tên mới", "limit": "9wd", "fee": "99000"},
            {"code": "1.004873", "name": "Tên mới", "limit": "9wd"},
        ],
        on=TODAY + timedelta(days=1),
    )
    desk.now = datetime(2026, 11, 25, 9)
    moves.supplement(desk.store, old, reason="Thiếu ảnh", by="A", now=desk.now)
    facts = moves.resubmit(desk.store, old, by="A", now=desk.wait(hours=1).now)
    assert facts.state["procedure_name"] == "Cấp Giấy xác nhận tình trạng hôn nhân"
    assert facts.state["limit"] == "3wd"
    assert facts.promises[-1].due_at == datetime(2026, 11, 30, 17)  # three days, not nine
    paid = record_fee(desk.store, code, copies=2, paid=True, by="A", now=desk.now)
    assert paid.state["fee_paid"] == 20_000
    assert desk.state(desk.receive())["limit"] == "9wd"


def test_a_row_too_long_for_a_sheet_is_a_sentence(desk, tmp_path):
    long = {"code": "9.000001", "name": "Thủ tục", "aliases": [f"tên {i}" for i in range(9000)]}
    catalogue.import_procedures(desk.store, [long], on=TODAY)
    with pytest.raises(UserError, match="CSV"):
        catalogue_files.export(desk.store, tmp_path / "danh-muc.xlsx", on=TODAY)
