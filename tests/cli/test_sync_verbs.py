"""Three desks by verbs alone: invited, apart for a day, and the same in the evening."""

from __future__ import annotations

import pytest

from tests.cli.conftest import OFFICE, Terminal


@pytest.fixture
def desks(tmp_path, monkeypatch, capsys, terminal):
    """The terminal of a first desk and that of one it invited."""
    terminal.done("setup", *OFFICE, "--rehearsal")
    terminal.done("invite", "--counter-number", "2", "-o", tmp_path / "moi.json")
    second = Terminal(tmp_path / "quay-2", monkeypatch, capsys)
    second.done("setup", "--join", tmp_path / "moi.json", "--counter", "Quầy tiếp dân")
    return terminal, second


def test_what_two_desks_did_apart_stands_at_both(desks, tmp_path):
    one, two = desks
    codes = [one.receive("Nguyễn Văn Đức")["code"], two.receive("Lê Thị Hoa")["code"]]
    assert [code[:7] for code in codes] == ["TAM-01-", "TAM-02-"]
    for number, desk in enumerate(desks, 1):
        assert desk.done("export", "-o", tmp_path / f"{number}.zip")["events"] == 1
    told = one.done("import", tmp_path / "2.zip")
    assert (told["rows"], told["new"], told["gaps"], told["errors"]) == (1, 1, 0, [])
    two.done("import", tmp_path / "1.zip")
    assert one.done("fingerprint") == two.done("fingerprint")
    assert one.done("show", codes[1])["applicant_name"] == "Lê Thị Hoa"
    assert one.checks_hold
    assert two.checks_hold


def test_a_conflict_is_listed_and_decided_by_verbs(desks, tmp_path):
    one, two = desks
    code = one.receive()["code"]
    one.done("export", "-o", tmp_path / "1.zip")
    two.done("import", tmp_path / "1.zip")
    one.done("complete", code)
    two.done("withdraw", code, "--reason", "đổi ý")
    two.done("export", "-o", tmp_path / "2.zip")
    assert one.done("import", tmp_path / "2.zip")["conflicts"] == 1
    [conflict] = one.done("conflicts", "list")
    assert conflict["code"] == code
    assert one.done("conflicts", "resolve", conflict["id"], "--keep", conflict["in_force"]) == []
    assert "Không còn mâu thuẫn" in one.refused(
        "conflicts", "resolve", conflict["id"], "--value", "x"
    )
    assert "Thiếu mã" in one.refused("conflicts", "resolve")


def test_an_import_is_taken_back_by_its_number(desks, tmp_path):
    one, two = desks
    code = one.receive()["code"]
    one.done("export", "-o", tmp_path / "1.zip", "--open")
    number = two.done("import", tmp_path / "1.zip")["import_id"]
    assert two.done("import-undo", str(number))["voided"] == 1
    assert two.done("show", code)["is_void"]
    assert "đã được hoàn tác" in two.refused("import-undo", str(number))
    assert "Không có lần nhận gói" in two.refused("import-undo", "99")


def test_damaged_and_foreign_files_are_refused_in_one_line(desks, tmp_path):
    one, two = desks
    one.receive()
    one.done("export", "-o", tmp_path / "1.zip")
    data = (tmp_path / "1.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(data[: len(data) // 2])
    assert "bị hỏng" in two.refused("import", tmp_path / "cut.zip")
    assert "tệp mời" in two.refused("setup", "--join", tmp_path / "1.zip")
    assert "đã có trong tệp mời" in two.refused("setup", "--join", tmp_path / "moi.json", *OFFICE)
    assert "không còn thư mục" in one.refused("export", "-o", tmp_path / "gone/1.zip")


def test_a_dry_run_says_what_would_come(desks, tmp_path):
    one, two = desks
    one.receive()
    one.done("export", "-o", tmp_path / "1.zip")
    assert two.done("import", tmp_path / "1.zip", "--dry-run")["new"] == 1
    assert two.done("list") == []


def test_plain_files_are_written_apart_and_by_an_explicit_choice(desks, tmp_path):
    one, _ = desks
    one.receive("Lê Thị Hoa")
    folder = tmp_path / "roi"
    assert "không còn thư mục" in one.refused("export", "--plain", folder)
    folder.mkdir()
    told = one.done("export", "--plain", folder)
    assert (told["events"], told["is_sealed"]) == (1, False)
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["desks.csv", "events.csv", "manifest.json"]
    assert "Lê Thị Hoa" in (folder / "events.csv").read_text("utf-8-sig")
    assert "không ghi bằng --plain" in one.refused("export", "--list", "--plain", folder)


def test_csv_files_beside_a_bundle_leave_the_bundle_alone(terminal, tmp_path):
    terminal.receive()
    kept = tmp_path / "goi-dong-bo.zip"
    kept.write_bytes(b"somebody's")
    terminal.done("export", "--plain", tmp_path)
    assert kept.read_bytes() == b"somebody's"
    assert [line["detail"]["file"] for line in terminal.done("audit", kept.name)] == [kept.name]
    made = {path.name for path in tmp_path.iterdir() if path.is_file()}
    assert made == {kept.name, "events.csv", "desks.csv", "manifest.json"}
