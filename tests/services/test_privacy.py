"""Personal data: hidden until asked for, handed out whole, never in codes, names or logs."""

from __future__ import annotations

import logging
import re
import sys

import pytest
from counter_desk import NOW

from counter_app import app_log
from counter_app.errors import NotFoundError
from counter_app.services import audit, papers, privacy, users
from counter_app.services.settings import get_setting, set_setting

NUMBER, NAME, PHONE = "045192007777", "Nguyễn Thị Ngọc Ánh", "0905123456"
PERSON = {
    "applicant_name": NAME,
    "id_kind": "citizen",
    "citizen_id": NUMBER,
    "phone": PHONE,
    "address": "Thôn Nghĩa Hy",
}
HELD = (NUMBER, NAME, PHONE, "Nghĩa Hy", "Ánh")


@pytest.fixture
def known(desk):
    desk.store.clock = lambda: NOW
    desk.codes = [desk.receive(**PERSON, issue_receipt=True), desk.receive(**PERSON)]
    desk.other = desk.receive(submitter_name=NAME, submitter_id=NUMBER)
    desk.receive()
    return desk


def test_numbers_are_masked_by_default_and_showing_one_is_noted(known):
    assert get_setting(known.store, "mask_numbers") is True
    uuid = known.show(known.codes[0]).uuid
    privacy.note_number_shown(known.store, uuid)
    entry = audit.entries(known.store)[0]
    assert (entry.act, entry.target) == ("show-number", uuid)


def test_a_person_gets_all_that_is_kept_of_him(known):
    told = []
    data = privacy.person_data(
        known.store, NUMBER, now=NOW, progress=lambda *step: told.append(step)
    )
    assert told == [(0, 3), (1, 3), (2, 3)]
    assert [one["code"] for one in data["dossiers"]] == [*known.codes, known.other]
    assert all(one["events"] for one in data["dossiers"])
    assert data["remembered"]["name"] == NAME
    assert audit.entries(known.store)[0].act == "person-export"


def test_of_a_stranger_there_is_nothing(known):
    with pytest.raises(NotFoundError):
        privacy.person_data(known.store, "001099000001", now=NOW)


def test_the_log_holds_no_personal_data(known):
    privacy.person_data(known.store, NUMBER, now=NOW)
    set_setting(known.store, key="place", value="Cam Lộ")
    text = b"".join(audit.export_csv(known.store)).decode("utf-8-sig")
    assert [word for word in HELD if word in text] == []


def test_no_code_on_a_paper_holds_personal_data(known, monkeypatch):
    """What a QR code or a bar code says is read by every telephone."""
    from counter_app.documents import codes

    drawn = []
    for place, name in ((codes, "_values"), (codes.segno, "make_qr")):
        monkeypatch.setattr(place, name, _kept(getattr(place, name), drawn))
    for kept in (codes._qr_rows, codes.barcode_modules):
        getattr(kept, "cache_clear", lambda: None)()
    uuid = papers.print_receipt(known.store, known.codes[0], by="Lê Thị A", now=NOW)
    assert papers.paper_pdf(known.store, [uuid]).startswith(b"%PDF")
    assert drawn
    facts = known.store.row("SELECT facts FROM paper WHERE uuid = ?", (uuid,))[0]
    assert NUMBER in facts  # the form itself needs it
    code = known.show(known.codes[0]).shown_code
    assert re.fullmatch(r"TAM-\d{2}-\d{6}-\d{4}", code)
    assert [word for word in HELD if word in "".join(drawn)] == []


def _kept(made, drawn):
    def keep(text, **values):
        drawn.append(text)
        return made(text, **values)

    return keep


def test_a_defect_that_quotes_a_person_is_logged_without_him(tmp_path):
    handler = app_log.start_log(tmp_path)
    logger = logging.getLogger("counter_app.test")
    try:
        try:
            raise ValueError(f"{NAME} {NUMBER} {PHONE}")
        except ValueError:
            record = logger.makeRecord(logger.name, logging.ERROR, __file__, 1, "failed", (), True)
            record.exc_info = sys.exc_info()
            handler.handle(record)
    finally:
        app_log.stop_log(handler)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    for path in files:
        text = path.name + path.read_text("utf-8")
        assert "ValueError" in text
        assert [word for word in HELD if word in text] == []


def test_names_of_files_made_here_hold_no_person(known, tmp_path):
    from counter_app.services import backups

    made = backups.make_backup(known.store, folder=tmp_path, now=NOW)
    assert [word for word in HELD if word in str(made)] == []
    assert users.RECOVERY_FILE.isascii()
