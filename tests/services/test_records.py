"""Papers in, slips back, opinions asked: what is noted at a dossier and moves none of its dates."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from counter_desk import CLERK, DUE

from counter_app.domain.attached import has_result_file, is_input_digitised
from counter_app.errors import DataFileError, InputError, MoveRefusedError, NotFoundError
from counter_app.services import attachments, backups, dated_rules, opinions, settings

PDF = b"%PDF-1.7\n1 0 obj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
DOCUMENTS = (
    {"name": "Tờ khai", "originals": 1},
    {"name": "Căn cước", "copies": 1},
)


@pytest.fixture
def file(tmp_path):
    def make(name="scan.pdf", data=PDF):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return make


@pytest.fixture
def papers_in(desk):
    from counter_app.domain.facts import DocumentFacts

    return desk.receive(documents=tuple(DocumentFacts(**one) for one in DOCUMENTS))


def kept(desk):
    folder = desk.store.path.parent / "attachments"
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


# --------------------------------------------------------------------------------------- files


def test_a_file_is_kept_under_its_hash_and_opened_by_it(desk, file):
    code = desk.receive()
    facts = desk.act("attach", code, files=[file()], kind="output")
    (one,) = facts.state["attachments"]
    assert kept(desk) == [f"{one['sha256']}.pdf"]
    path = attachments.attached_file(desk.store, one["sha256"], one["type"])
    assert path.read_bytes() == PDF
    assert has_result_file(facts.state)
    assert facts.events[-1].text == f"{CLERK} đính kèm 1 tệp của kết quả"
    assert desk.problems() == []


def test_all_papers_scanned_or_exempt_make_a_dossier_digitised(desk, file, papers_in):
    facts = desk.act("attach", papers_in, files=[file()], document="tờ khai")
    assert not is_input_digitised(facts.state)
    facts = desk.act("attach", papers_in, files=[], document="Căn cước", exempt="shown")
    assert is_input_digitised(facts.state)
    assert facts.events[-1].text == f"{CLERK} ghi giấy tờ không phải số hóa: Căn cước"
    desk.act("undo", papers_in, reason="nhầm")
    assert not is_input_digitised(desk.state(papers_in))


def test_one_file_of_the_whole_dossier_is_enough_and_what_came_online_needs_none(desk, file):
    code = desk.receive()
    assert not is_input_digitised(desk.state(code))
    assert is_input_digitised(desk.act("attach", code, files=[file()]).state)
    assert is_input_digitised(desk.state(desk.receive(channel="online")))


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("scan.pdf", PNG, "không phải PDF"),
        ("scan.png", PDF, "không phải PNG"),
        ("scan.jpg", b"", "không phải JPEG"),
        ("scan.exe", PDF, "không thuộc loại"),
        ("scan", PDF, "không thuộc loại"),
    ],
)
def test_a_file_that_isn_t_what_it_claims_is_refused(desk, file, name, data, why):
    code = desk.receive()
    with pytest.raises(InputError, match=why) as refused:
        desk.act(
            "attach",
            code,
            files=[file("good.pdf"), file(name, data)],
        )
    assert refused.value.field == "files"
    assert kept(desk) == [], "a refused act leaves no file"
    assert desk.state(code)["events_count"] == 1


def test_size_and_kinds_are_settings(desk, file):
    settings.set_setting(desk.store, key="attachment_megabytes", value="1")
    settings.set_setting(desk.store, key="attachment_types", value="pdf")
    code = desk.receive()
    with pytest.raises(InputError, match="lớn quá 1 MB"):
        desk.act("attach", code, files=[file(data=PDF + b" " * 1_000_001)])
    with pytest.raises(InputError, match="không thuộc loại"):
        desk.act("attach", code, files=[file("a.png", PNG)])
    with pytest.raises(InputError):
        settings.set_setting(desk.store, key="attachment_types", value="exe")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"document": "Giấy lạ"}, "document"),
        ({"kind": "other"}, "kind"),
        ({"files": []}, "files"),
        ({"exempt": "shown"}, "files"),
        ({"files": [], "exempt": "lazy"}, "exempt"),
        ({"files": [], "exempt": "shown", "kind": "output"}, "kind"),
    ],
)
def test_what_can_t_be_attached_is_named(desk, file, papers_in, values, field):
    with pytest.raises(InputError) as refused:
        desk.act("attach", papers_in, **{"files": [file()], **values})
    assert refused.value.field == field
    assert kept(desk) == []


def test_the_same_file_is_attached_once_and_kept_once(desk, file):
    first, second = desk.receive(), desk.receive(applicant_name="Lê B")
    desk.act("attach", first, files=[file()])
    with pytest.raises(InputError, match="đã được ghi"):
        desk.act("attach", first, files=[file()])
    desk.act("attach", second, files=[file()])
    assert len(kept(desk)) == 1


def test_the_check_finds_a_file_that_has_gone_or_was_changed(desk, file):
    code = desk.receive()
    desk.act("attach", code, files=[file(), file("b.png", PNG)])
    pdf, png = (
        attachments.attached_file(desk.store, one["sha256"], one["type"])
        for one in desk.state(code)["attachments"]
    )
    pdf.unlink()
    png.write_bytes(PNG + b"x")
    problems = " ".join(desk.problems())
    assert "mất tệp đính kèm: scan.pdf" in problems
    assert "bị sửa từ bên ngoài: b.png" in problems
    for one in desk.state(code)["attachments"]:
        with pytest.raises(NotFoundError):
            attachments.attached_file(desk.store, one["sha256"], one["type"])


def test_a_backup_elsewhere_takes_the_files_along_and_a_restore_brings_them_back(
    desk, file, tmp_path
):
    code = desk.receive()
    desk.act("attach", code, files=[file()])
    stick = tmp_path / "usb"
    stick.mkdir()
    # The data of this test lie in tmp_path itself, so the stick stands beside it.
    stick = tmp_path.parent / f"{tmp_path.name}-usb"
    made = backups.make_backup(desk.store, folder=stick, now=desk.now)
    (copied,) = (stick / "attachments").rglob("*.pdf")
    assert copied.read_bytes() == PDF
    (lost,) = (desk.store.path.parent / "attachments").rglob("*.pdf")
    lost.unlink()
    backups.restore(desk.store, made, folder=tmp_path / "backups", now=desk.now)
    assert lost.read_bytes() == PDF


def test_a_place_that_can_t_take_the_files_is_said_and_the_copy_is_kept(desk, file, tmp_path):
    desk.act("attach", desk.receive(), files=[file()])
    stick = tmp_path.parent / f"{tmp_path.name}-full"
    stick.mkdir()
    (stick / "attachments").write_text("in the way")
    with pytest.raises(DataFileError, match="Tệp đính kèm chưa chép được hết"):
        backups.make_backup(desk.store, folder=stick, now=desk.now)
    assert list(stick.glob("sao-luu-*.db"))


# --------------------------------------------------------------------------------------- slips


def test_a_slip_is_recorded_by_key_or_place_and_says_whether_it_is_satisfied(desk):
    code = desk.receive()
    facts = desk.act("survey", code, scores={"1": 2, "conduct": 1}, comment="nhanh")
    assert facts.state["survey"] == {
        "version": "nd61-2018",
        "scores": {"time": 2, "conduct": 1},
        "satisfied": True,
        "comment": "nhanh",
    }
    assert facts.events[-1].text == f"{CLERK} ghi phiếu đánh giá: hài lòng"
    with pytest.raises(MoveRefusedError, match="mỗi hồ sơ một phiếu"):
        desk.act("survey", code, scores={"1": 0})
    desk.act("undo", code, reason="ghi nhầm phiếu")
    assert desk.state(code)["survey"] is None
    facts = desk.act("survey", code, scores={"time": 2, "q5": 0})
    assert facts.state["survey"]["satisfied"] is False
    assert desk.problems() == []


@pytest.mark.parametrize("scores", [{}, {"time": 3}, {"time": -1}, {"weather": 2}, {"10": 2}])
def test_what_isn_t_on_the_slip_is_refused(desk, scores):
    code = desk.receive()
    with pytest.raises(InputError) as refused:
        desk.act("survey", code, scores=scores)
    assert refused.value.field == "score"


def test_a_question_answered_twice_is_refused(desk):
    with pytest.raises(InputError, match="hai lần"):
        desk.act("survey", desk.receive(), scores={"time": 1, "1": 2})


def test_rules_are_dated_and_name_their_source():
    assert dated_rules.questions(date(2026, 11, 23)).source
    assert dict(dated_rules.exemptions(date(2026, 11, 23)).kinds)["shown"]
    assert dated_rules.exemptions(date(2020, 1, 1)).kinds == ()
    with pytest.raises(NotFoundError):
        dated_rules.questions(date(2010, 1, 1))


# ------------------------------------------------------------------------------------ opinions


def test_an_opinion_has_its_own_limit_and_moves_no_promise(desk):
    code = desk.receive()
    before = desk.show(code)
    facts = desk.act("ask-opinion", code, unit="Công an xã", what="tình trạng cư trú", limit="2wd")
    (asked,) = facts.state["opinions"]
    assert asked["unit"] == "Công an xã"
    assert datetime(2026, 11, 26, 17) == opinions.opinion_due(desk.store, limit="2wd", at=desk.now)
    assert (facts.status, facts.promises) == (before.status, before.promises)
    assert not opinions.is_late(asked, now=desk.now, boundary="day")
    desk.set_clock(27)
    assert opinions.is_late(asked, now=desk.now, boundary="day")
    facts = desk.act("opinion-received", code, text="đủ điều kiện")
    (answered,) = facts.state["opinions"]
    assert answered["answer"] == "đủ điều kiện"
    assert opinions.is_late(answered, now=desk.now, boundary="day"), "a late answer stays late"
    assert opinions.waiting(facts.state) == []
    assert facts.moment("due_at") == DUE
    assert desk.problems() == []


def test_an_answer_names_its_unit_only_when_several_are_waited_for(desk):
    code = desk.receive()
    for unit in ("Công an xã", "Phòng Tư pháp"):
        desk.act("ask-opinion", code, unit=unit, what="ý kiến", limit="2wd")
    with pytest.raises(InputError, match="nhiều đơn vị"):
        desk.act("opinion-received", code)
    with pytest.raises(InputError, match="Không chờ ý kiến"):
        desk.act("opinion-received", code, unit="Sở Y tế")
    facts = desk.act("opinion-received", code, unit="công an XÃ")
    assert [one["unit"] for one in opinions.waiting(facts.state)] == ["Phòng Tư pháp"]
    desk.act("opinion-received", code)
    with pytest.raises(MoveRefusedError, match="không chờ ý kiến"):
        desk.act("opinion-received", code)


def test_an_answer_can_come_after_the_end_but_none_is_asked_then(desk):
    code = desk.receive()
    desk.act("ask-opinion", code, unit="Công an xã", what="ý kiến", limit="2wd")
    desk.act("complete", code)
    desk.act("opinion-received", code)
    with pytest.raises(MoveRefusedError):
        desk.act("ask-opinion", code, unit="Công an xã", what="ý kiến", limit="2wd")


@pytest.mark.parametrize(
    ("field", "value"), [("unit", " "), ("what", ""), ("limit", "x"), ("what", "x" * 501)]
)
def test_a_question_says_whom_what_and_until_when(desk, field, value):
    code = desk.receive()
    asked = {"unit": "Công an xã", "what": "ý kiến", "limit": "2wd", field: value}
    with pytest.raises(InputError) as refused:
        desk.act("ask-opinion", code, **asked)
    assert refused.value.field == field
    assert desk.state(code)["opinions"] == []
