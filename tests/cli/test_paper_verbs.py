"""Papers, apology letters and lists by verbs: what is committed, what is written, what is said."""

from __future__ import annotations

import json
import os
from contextlib import closing
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as driver

from counter_app import bootstrap, paths
from counter_app.errors import DataFileError, PaperError
from counter_app.services import papers
from counter_app.storage.anchor import Anchor

LISTS = Path(__file__).parent.parent / "data" / "lists"


def _printed(desk, code):
    return desk.done("show", code)["papers"]


def test_a_receipt_is_issued_once_and_printed_again(desk, tmp_path):
    code = desk.receive()["code"]
    first, again = tmp_path / "a.pdf", tmp_path / "b.pdf"
    said = desk.done("print", "receipt", code, "-o", first)
    assert len(said["papers"]) == 1
    assert first.read_bytes().startswith(b"%PDF")
    assert desk.done("print", "receipt", code, "-o", again)["papers"] == said["papers"]
    # Within the minutes of a paper jam the copy is the same, byte for byte.
    assert again.read_bytes() == first.read_bytes()
    desk.at("2026-11-23T11:00")
    desk.done("print", "receipt", code, "-o", again)
    assert again.read_bytes() != first.read_bytes()
    assert [paper["copies"] for paper in _printed(desk, code)] == [1]
    assert desk.checks_hold


def test_several_receipts_are_one_file_and_one_act(desk, tmp_path):
    codes = [desk.receive(name)["code"] for name in ("A", "B")]
    assert (
        len(desk.done("print", "receipt", *codes, codes[0], "-o", tmp_path / "a.pdf")["papers"])
        == 2
    )
    other = desk.receive("C")["code"]
    desk.refused("print", "receipt", other, "TAM-01-261123-9999", "-o", tmp_path / "b.pdf")
    assert _printed(desk, other) == []
    assert not (tmp_path / "b.pdf").exists()


@pytest.mark.parametrize("place", ["", "no/such/folder/a.pdf", "x" * 300, "file/a.pdf"])
def test_a_place_that_cannot_be_written_is_told_before_anything_is_issued(desk, tmp_path, place):
    (tmp_path / "file").write_text("")
    code = desk.receive()["code"]
    desk.refused("print", "receipt", code, "-o", f"{tmp_path}/{place}")
    assert _printed(desk, code) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "file"]


def test_a_paper_whose_file_fails_is_issued_and_can_be_had_again(desk, tmp_path, monkeypatch):
    def fail(*_args, **_options):
        raise PaperError("Không vẽ được giấy tờ.")

    code = desk.receive()["code"]
    with monkeypatch.context() as patch:
        patch.setattr(papers, "paper_pdf", fail)
        line = desk.refused("print", "receipt", code, "-o", tmp_path / "a.pdf")
    assert "đã được ghi nhận phát hành" in line
    assert len(_printed(desk, code)) == 1
    assert not (tmp_path / "a.pdf").exists()
    desk.done("print", "receipt", code, "-o", tmp_path / "a.pdf")
    assert len(_printed(desk, code)) == 1


def test_a_full_place_for_the_file_keeps_the_issue_and_says_so(desk, tmp_path):
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full here")
    code = desk.receive()["code"]
    # The name is taken by a link, so that the paper would be written beside the device itself.
    said = desk("print", "receipt", code, "-o", full / "a.pdf")
    assert said.status == 2
    assert _printed(desk, code) == []


def test_an_apology_is_issued_with_its_reason_and_only_once(desk, tmp_path):
    late = desk.receive("Người Trễ")["code"]
    silent = desk.receive("Không Lý Do")["code"]
    desk.at("2026-11-30T09:00")
    rows = desk.done("apologies", "--as-of", "2026-11-30T09:00")
    assert {(row["code"], row["kind"], row["too_late"]) for row in rows} == {
        (late, "late", True),
        (silent, "late", True),
    }
    desk.refused("print", "apology", late, "-o", tmp_path / "a.pdf")
    desk.done("explain", late, "--reason", "Đông hồ sơ", "--expected", "2026-12-03T17:00")
    letters = tmp_path / "letters.pdf"
    said = desk(
        "apologies", "--issue", "--signer", "CHỦ TỊCH|Trần Văn Nam", "-o", letters, "--json"
    )
    assert said.status == 0, said.err
    assert silent in said.err
    issued = {row["code"]: row["issued_number"] for row in said.json}
    assert issued[late] is not None
    assert issued[silent] is None
    assert letters.read_bytes().startswith(b"%PDF")
    assert [row["code"] for row in desk.done("apologies")] == [silent]
    again = tmp_path / "again.pdf"
    desk.done("print", "apology", late, "-o", again)
    assert len(_printed(desk, late)) == 1
    assert desk.checks_hold


def test_issuing_nothing_leaves_no_file(desk, tmp_path):
    desk.receive()
    name = tmp_path / "a.pdf"
    assert desk.done("apologies", "--issue", "--signer", "A|B", "-o", name) == []
    assert not name.exists()


def test_a_day_s_list_goes_in_and_the_same_again_changes_nothing(desk, tmp_path):
    source = LISTS / "provincial-utf8-bom.csv"
    desk.at("2030-01-02T09:00")
    tried = desk.done("import", source, "--dry-run")
    assert desk.done("list") == []
    taken = desk.done("import", source, "--rejected", tmp_path / "rejected.csv")
    assert (taken["new"], taken["rejected"]) == (tried["new"], tried["rejected"])
    assert taken["new"] > 0
    assert len(desk.done("list")) == taken["new"]
    again = desk.done("import", source)
    assert (again["new"], again["updated"], again["unchanged"]) == (0, 0, taken["new"])
    assert desk.checks_hold


def test_catalogue_and_calendar_go_in_from_json_csv_and_excel(desk, tmp_path):
    import xlsxwriter

    heading = ["code", "name", "limit", "aliases", "cutoff"]
    cells = ["9.000001", "Thủ tục thử", "5wd", "thử;nháp", "none"]
    as_json = tmp_path / "a.json"
    entry = dict(zip(heading, cells, strict=True), aliases=["thử", "nháp"])
    as_json.write_text(json.dumps([entry], ensure_ascii=False), "utf-8")
    as_csv = tmp_path / "a.csv"
    as_csv.write_text(
        f"{','.join(heading)}\n{','.join(cells)}\n".replace("9.000001", "9.000002"), "utf-8"
    )
    as_excel = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(as_excel) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, heading)
        sheet.write_row(1, 0, ["9.000003", *cells[1:]])
    for number, path in enumerate((as_json, as_csv, as_excel), start=1):
        assert desk.done("procedures", "import", path)["imported"] == 1
        known = desk.done("procedures", "show", f"9.00000{number}")
        assert (known["limit"], known["aliases"]) == ("5wd", ["thử", "nháp"])
    days = tmp_path / "days.csv"
    days.write_text("date,kind,name,hours\n2026-12-31,special,Nghỉ sớm,07:30-11:30\n", "utf-8")
    before = desk.done("calendar", "show", "2026")
    assert desk.done("calendar", "import", days)["imported"] == 1
    after = desk.done("calendar", "show", "2026")
    assert after["working_days"] == before["working_days"]
    assert after["days"][-1]["hours"] == "07:30-11:30"
    assert desk.done("due", "--received", "2026-12-30T09:00", "--limit", "1wd")["due_at"] == (
        "2026-12-31T11:30:00+07:00"
    )


def test_what_the_calendar_shows_can_be_taken_in_again(desk, tmp_path):
    shown = desk.done("calendar", "show", "2026")
    path = tmp_path / "2026.json"
    path.write_text(json.dumps(shown["days"], ensure_ascii=False), "utf-8")
    desk.done("calendar", "import", path)
    assert desk.done("calendar", "show", "2026") == shown
    catalogue = desk.done("procedures", "list")
    path.write_text(json.dumps(catalogue, ensure_ascii=False), "utf-8")
    desk.done("procedures", "import", path)
    assert desk.done("procedures", "list") == catalogue


def test_letters_that_went_out_before_a_failure_are_named(desk, tmp_path, monkeypatch):
    codes = [desk.receive(name)["code"] for name in ("A", "B")]
    desk.at("2026-11-30T09:00")
    for code in codes:
        desk.done("explain", code, "--reason", "Đông hồ sơ", "--expected", "2026-12-03T17:00")
    issue = papers.issue_apology
    calls = []

    def fail_second(store, code, **options):
        calls.append(code)
        if len(calls) > 1:
            raise DataFileError("Ổ đĩa đã đầy.")
        return issue(store, code, **options)

    letters = tmp_path / "a.pdf"
    words = ("apologies", "--issue", "--signer", "CHỦ TỊCH|Trần Văn Nam", "-o", letters)
    with monkeypatch.context() as patch:
        patch.setattr(papers, "issue_apology", fail_second)
        line = desk.refused(*words)
    assert "Ổ đĩa đã đầy." in line
    assert sum(code in line for code in codes) == 1
    assert not letters.exists()
    assert sum(len(_printed(desk, code)) for code in codes) == 1
    assert desk(*words).status == 0
    assert [len(_printed(desk, code)) for code in codes] == [1, 1]


def test_rejected_rows_that_cannot_be_written_take_nothing_back(desk, tmp_path):
    content = (LISTS / "provincial-utf8-bom.csv").read_text("utf-8")
    source = tmp_path / "list.csv"
    source.write_text(content.rstrip() + "\n" + "hỏng," * 3 + "\n", "utf-8")
    desk.at("2030-01-02T09:00")
    tried = desk.done("import", source, "--dry-run")
    assert tried["rejected"] > 0
    said = desk("import", source, "--rejected", tmp_path / "no" / "rejected.csv")
    assert said.status == 2
    assert "đã được xử lý xong" in said.err
    assert len(desk.done("list")) == tried["new"]
    desk.done("import", source, "--rejected", tmp_path / "rejected.csv")
    assert (tmp_path / "rejected.csv").stat().st_size > 0


def test_a_backup_is_made_and_brought_back_by_verbs(desk, tmp_path):
    code = desk.receive()["code"]
    made = desk.done("backup", tmp_path / "copies")["file"]
    assert Path(made).is_file()
    desk.at("2026-11-23T09:30")
    desk.done("forward", code, "--to", "Tư pháp")
    restored = desk.done("restore", made)
    assert Path(restored["kept"]).is_file()
    assert desk.done("show", code)["status"] == "received"
    assert desk.checks_hold
    assert "bị hỏng" in desk.refused("restore", __file__)


@pytest.mark.parametrize("has_its_own_past", [False, True])
def test_a_copy_from_another_pc_is_whole_where_it_is_restored(
    has_its_own_past, desk, tmp_path, monkeypatch
):
    code = desk.receive()["code"]
    made = desk.done("backup", tmp_path / "copies")["file"]
    anchor = Anchor(desk.folder / "counter.db", lambda: paths.anchors(os.environ))
    anchor.stem.with_suffix(".key").unlink()  # it stays on that PC
    monkeypatch.setattr(bootstrap, "machine_mark", lambda _path: "the machine that came after it")
    desk.folder = tmp_path / "after"
    if has_its_own_past:
        desk.done("setup", "--office", "Một", "--parent", "Hai", "--rehearsal")
        desk.receive("Người Nộp Ở Máy Mới")
    else:
        monkeypatch.delenv("COUNTER_APP_NOW")  # an empty folder isn't one to practise in
    desk.done("restore", made)
    assert desk.checks_hold
    desk.done("forward", code, "--to", "Tư pháp")
    assert desk.checks_hold
    with closing(driver.connect(str(desk.folder / "counter.db"))) as file:
        file.execute("DROP TRIGGER event_is_never_changed")
        file.execute("UPDATE event SET \"by\" = 'X' WHERE kind = 'forward'")
        file.commit()
    assert desk("check").status == 1


def test_slips_are_printed_by_verb_with_the_act_they_go_with(desk, tmp_path):
    code = desk.receive()["code"]
    name = tmp_path / "a.pdf"
    line = desk.refused("print", "refusal", code, "-o", name)
    assert "chưa có bước “từ chối”" in line
    assert not name.exists()
    desk.done("refuse", code, "--reason", "Không thuộc thẩm quyền")
    assert len(desk.done("print", "refusal", code, "-o", name)["papers"]) == 1
    assert name.read_bytes().startswith(b"%PDF")
    assert "supplement, refusal, stop" in desk.refused("print", "nothing", code, "-o", name)
    desk.done("settings", "set", "form_set", "tt01-2018")
    other = desk.receive()["code"]
    desk.done("stop", other, "--reason", "theo đề nghị")
    said = desk("print", "stop", other, "-o", name)
    assert said.status == 0
    assert "không có mẫu thông báo dừng" in said.err
    assert desk.checks_hold


def test_register_and_notice_board_are_printed_by_verb(desk, tmp_path):
    desk.receive()
    name = tmp_path / "a.pdf"
    for words in (
        ("register", "--year", "2026"),
        ("register", "--sector", "Hộ tịch", "--volume", "1"),
        ("posting",),
        ("posting", "--sector", "Hộ tịch"),
        ("posting", "--procedure", "1.004873"),
    ):
        name.unlink(missing_ok=True)
        assert desk.done("print", *words, "-o", name) == {"output": str(name)}
        assert name.read_bytes().startswith(b"%PDF")
    assert "không nhận mã hồ sơ" in desk.refused("print", "register", "X", "-o", name)
    assert "năm 2030" in desk.refused("print", "register", "--year", "2030", "-o", name)
    both = ("--sector", "Hộ tịch", "--procedure", "1.004873")
    assert "Chỉ chọn một" in desk.refused("print", "posting", *both, "-o", name)
    assert desk.checks_hold


def test_a_new_form_set_comes_in_from_a_file(desk, tmp_path):
    file = tmp_path / "forms.json"
    data = {"version": "tt09-2027/1", "extends": "tt03-2025/2", "form_set": "tt09-2027"}
    file.write_text(json.dumps(data | {"valid_from": "2027-03-01"}), "utf-8")
    assert desk.done("forms", "import", file) == {"version": "tt09-2027/1"}
    assert desk.done("forms", "list")[0]["version"] == "tt09-2027/1"
    desk.done("settings", "set", "form_set", "tt09-2027")
    assert "đã có" in desk.refused("forms", "import", file)
    assert "Không đọc được" in desk.refused("forms", "import", tmp_path / "no.json")
    assert "cần tên tệp" in desk.refused("forms", "import")
