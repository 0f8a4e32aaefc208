"""Wording is dated data: chosen by day and office, never edited once papers rest on it."""

from __future__ import annotations

import doctest
import hashlib
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from counter_app.documents import fields
from counter_app.documents.wording import form_from_json, load_wordings, shipped_wordings
from counter_app.errors import PaperError

FORMS = Path(__file__).resolve().parents[2] / "resources" / "forms"


@pytest.mark.parametrize(
    ("day", "setting", "version"),
    [
        (date(2025, 9, 14), "auto", "tt01-2018/2"),
        (date(2025, 9, 15), "auto", "tt03-2025/2"),
        (date(2026, 11, 23), "auto", "tt03-2025/2"),
        (date(2026, 11, 23), "tt01-2018", "tt01-2018/2"),
        (date(2025, 1, 1), "tt03-2025", "tt03-2025/2"),
    ],
)
def test_the_form_set_follows_the_day_unless_the_office_chose(day, setting, version) -> None:
    assert shipped_wordings().pick(day, setting).version == version


def test_titles_are_those_of_the_circulars() -> None:
    forms = shipped_wordings()
    new, old = forms.version("tt03-2025/2"), forms.version("tt01-2018/1")
    new_title, old_title = " ".join(new.apology.title), " ".join(old.apology.title)
    assert new_title == "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT"
    assert old_title == "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ"
    assert {form.apology.form_label for form in (new, old)} == {"Mẫu số 04"}
    assert {form.receipt.form_label for form in (new, old)} == {"Mẫu số 01"}


def test_what_was_not_checked_against_the_circular_says_so() -> None:
    for form in shipped_wordings().forms.values():
        assert form.confirmed or form.unconfirmed_because
    assert not shipped_wordings().version("tt03-2025/1").confirmed


@pytest.mark.parametrize(
    ("day", "named", "unnamed"),
    [
        (date(2025, 6, 30), "61/2018/NĐ-CP", "118/2025"),
        (date(2026, 8, 4), "118/2025/NĐ-CP", "309/2026"),
        (date(2026, 8, 5), "309/2026/NĐ-CP", "61/2018"),
    ],
)
def test_the_legal_basis_follows_the_day(day, named, unnamed) -> None:
    basis = shipped_wordings().version("tt03-2025/1").legal_basis(day)
    assert named in basis
    assert unnamed not in basis


def test_an_unknown_field_is_named() -> None:
    text = (FORMS / "tt03-2025.1.json").read_text(encoding="utf-8")
    with pytest.raises(PaperError, match="owner_nmae"):
        form_from_json(text.replace("{owner_name}", "{owner_nmae}"))


@pytest.mark.parametrize("broken", ["{", "[]", "{}", '{"version": 1}'])
def test_a_broken_file_is_named(tmp_path, broken) -> None:
    (tmp_path / "tt99-2030.1.json").write_text(broken, encoding="utf-8")
    with pytest.raises(PaperError, match="tt99-2030"):
        load_wordings(tmp_path)


def test_an_unknown_version_or_form_set_is_refused() -> None:
    with pytest.raises(PaperError, match="tt03-2025/99"):
        shipped_wordings().version("tt03-2025/99")
    with pytest.raises(PaperError, match="tt04"):
        shipped_wordings().pick(date(2026, 1, 1), "tt04")


def test_a_later_version_of_a_set_takes_over_on_its_day(tmp_path) -> None:
    data = json.loads((FORMS / "tt03-2025.1.json").read_text(encoding="utf-8"))
    (tmp_path / "1.json").write_text(json.dumps(data), encoding="utf-8")
    data |= {"version": "tt03-2025/2", "valid_from": "2027-03-01"}
    (tmp_path / "2.json").write_text(json.dumps(data), encoding="utf-8")
    forms = load_wordings(tmp_path)
    assert forms.pick(date(2027, 2, 28)).version == "tt03-2025/1"
    assert forms.pick(date(2027, 3, 1), "tt03-2025").version == "tt03-2025/2"


@pytest.mark.parametrize(
    ("file", "digest"),
    [
        ("tt01-2018.1.json", "ab640f649544d54c"),
        ("tt03-2025.1.json", "c1181cf31c57fb7a"),
        ("tt01-2018.2.json", "c6bdb7b694447a0c"),
        ("tt03-2025.2.json", "9dff94c44d9a97bc"),
    ],
)
def test_a_version_in_use_is_never_edited(file, digest) -> None:
    """Papers are printed again from it word for word: a changed sentence is a new version."""
    data = json.loads((FORMS / file).read_text(encoding="utf-8"))
    said = json.dumps(data, ensure_ascii=False, sort_keys=True).encode()
    assert hashlib.sha256(said).hexdigest()[:16] == digest


def test_dates_and_moments_are_written_as_documents_write_them() -> None:
    result = doctest.testmod(fields)
    assert result.attempted > 0
    assert result.failed == 0


def test_choosing_a_wording_does_not_load_the_printing() -> None:
    code = "import sys, counter_app.documents.wording as w; w.shipped_wordings();"
    code += "sys.exit('reportlab' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=FORMS.parents[1], check=False)
    assert done.returncode == 0


def test_a_version_says_only_what_differs_from_the_one_it_rests_on(tmp_path) -> None:
    """Files are read whatever their names' order; a part may be taken away with null."""
    for file in FORMS.glob("tt03-2025.*.json"):
        (tmp_path / f"z{file.name}").write_bytes(file.read_bytes())
    data = {"version": "tt03-2025/10", "extends": "tt03-2025/2", "slips": {"stop": None}}
    data["set"] = {"receipt/title": "PHIẾU"}
    (tmp_path / "a.json").write_text(json.dumps(data), encoding="utf-8")
    forms = load_wordings(tmp_path)
    newest = forms.pick(date(2026, 1, 1))
    assert newest.version == "tt03-2025/10", "the tenth comes after the second"
    assert newest.receipt.title == ("PHIẾU",)
    assert "stop" not in newest.slips
    assert "stop" in forms.version("tt03-2025/2").slips
    assert forms.version("tt03-2025/1").receipt.title[0] == "GIẤY TIẾP NHẬN HỒ SƠ"


@pytest.mark.parametrize("data", [{"extends": "tt99/1"}, {"extends": "tt03-2025/2"}])
def test_a_version_on_one_that_is_not_there_is_refused(tmp_path, data) -> None:
    text = json.dumps({"version": "tt03-2025/9"} | data)
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    with pytest.raises(PaperError, match=r"a\.json"):
        load_wordings(tmp_path)
