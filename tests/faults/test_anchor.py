"""Damage that SQLite itself calls fine is found by what stands in another folder."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.errors import DataFileError
from counter_app.services import chain, checks, moves, reception
from counter_app.services.settings import set_setting
from counter_app.storage.backup import check_whole

ROOT = Path(__file__).parent.parent.parent
NOW = datetime(2026, 11, 23, 9)
ANCHOR = "dữ liệu khớp với neo ở thư mục khác"
REQUEST = ReceiveRequest(procedure_code="1.004873", applicant_name="Nguyễn Văn Đức")
_DYING = """
import os, sys
from datetime import datetime
from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.services import reception
app = open_app(data=sys.argv[1], environment={})
for number in range(int(sys.argv[2])):
    request = ReceiveRequest(procedure_code="1.004873", applicant_name=f"Người {number}")
    reception.receive_dossier(app.store, request, now=datetime(2026, 11, 23, 9), issue_receipt=True)
os.kill(os.getpid(), 9)
"""


def _open(folder, anchors=None):
    chosen = {} if anchors is None else {"COUNTER_APP_ANCHOR": str(anchors)}
    return open_app(data=str(folder), environment=chosen)


def _fill(folder, count=5, **options):
    app = _open(folder, **options)
    for _ in range(count):
        received = reception.receive_dossier(app.store, REQUEST, now=NOW, issue_receipt=True)
        moves.forward(app.store, received.code, to="Tư pháp", by="Hoa", now=NOW)
    return app


def _problems(folder, name=ANCHOR, **options):
    app = _open(folder, **options)
    try:
        (found,) = [check for check in checks.run_checks(app.store) if check.check == name]
        return [problem["what"] for problem in found.problems]
    finally:
        app.store.close()


def _named(folder):
    """Return the names of the checks that find something, or the sentence of the gate."""
    try:
        app = _open(folder)
    except DataFileError as error:
        return {error.message}
    try:
        return {check.check for check in checks.run_checks(app.store) if not check.ok}
    except DataFileError as error:
        return {error.message}
    finally:
        app.store.close()


def _killed_while_saving(folder, count):
    done = subprocess.run(
        [sys.executable, "-c", _DYING, str(folder), str(count)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
        capture_output=True,
    )
    assert done.returncode == -9, done.stderr


def test_a_sealed_file_opens_and_every_check_holds_before_and_after_the_next_save(tmp_path):
    app = _fill(tmp_path)
    assert app.store.seal()
    app.store.close()
    assert _named(tmp_path) == set()
    app = _open(tmp_path)
    assert app.store.anchor.is_sealed
    reception.receive_dossier(app.store, REQUEST, now=NOW)
    assert not app.store.anchor.is_sealed
    app.store.close()
    assert _named(tmp_path) == set()


def test_a_setting_breaks_the_seal_too(tmp_path):
    app = _fill(tmp_path)
    assert app.store.seal()
    set_setting(app.store, key="hotline", value="0233 123")
    app.store.close()
    assert _named(tmp_path) == set()


def test_any_turned_byte_of_a_sealed_file_is_named(tmp_path):
    """Thirty bytes in thirty places, among them what is in no table and in no event."""
    app = _fill(tmp_path)
    assert app.store.seal()
    app.store.close()
    path = tmp_path / "counter.db"
    whole = path.read_bytes()
    chance = random.Random(20261127)
    silent = 0
    for _ in range(30):
        place = chance.randrange(100, len(whole))
        damaged = bytearray(whole)
        damaged[place] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        silent += check_whole(path) == []
        assert _named(tmp_path), f"byte {place}"
        path.write_bytes(whole)
    assert silent > 10, "SQLite itself finds nearly all of these, so the test proves nothing"
    assert _named(tmp_path) == set()


def test_a_text_whose_bytes_are_no_text_any_more_is_named_by_each_check_that_meets_it(tmp_path):
    app = _fill(tmp_path)
    app.store.execute("UPDATE dossier SET uuid = CAST(x'ff' || uuid AS TEXT) WHERE id % 2")
    app.store.execute("UPDATE dossier SET code = CAST(x'fe' || code AS TEXT)")
    found = {check.check for check in checks.run_checks(app.store) if not check.ok}
    app.store.close()
    assert "hồ sơ khớp với lịch sử" in found


@pytest.mark.parametrize("kept", [0, 32, 0.3, 0.6, 0.9])
def test_a_log_that_was_cut_off_is_named_with_what_was_lost(tmp_path, kept):
    app = _fill(tmp_path, 1)
    app.store.close()
    _killed_while_saving(tmp_path, 8)
    wal = tmp_path / "counter.db-wal"
    size = wal.stat().st_size
    os.truncate(wal, kept if isinstance(kept, int) else int(size * kept))
    assert any("sự kiện cuối đã lưu" in what for what in _problems(tmp_path))


def test_a_turned_byte_in_the_log_is_named(tmp_path):
    app = _fill(tmp_path, 1)
    app.store.close()
    _killed_while_saving(tmp_path, 8)
    wal = tmp_path / "counter.db-wal"
    content = bytearray(wal.read_bytes())
    content[len(content) // 2] ^= 1
    wal.write_bytes(content)
    assert any("sự kiện cuối đã lưu" in what for what in _problems(tmp_path))


def test_a_log_that_was_cut_off_before_anything_was_folded_in_is_named_too(tmp_path):
    _killed_while_saving(tmp_path, 4)
    os.truncate(tmp_path / "counter.db-wal", 40_000)
    # The gate may refuse what is left of it; if it opens, the check names the loss.
    assert _named(tmp_path)


def test_a_kill_alone_is_no_damage(tmp_path):
    app = _fill(tmp_path, 1)
    assert app.store.seal()
    app.store.close()
    _killed_while_saving(tmp_path, 3)
    assert _named(tmp_path) == set()


def test_an_older_file_put_in_its_place_by_hand_is_named_even_after_more_saves(tmp_path):
    app = _fill(tmp_path, 2)
    app.store.seal()
    app.store.close()
    older = (tmp_path / "counter.db").read_bytes()
    app = _fill(tmp_path, 2)
    app.store.close()
    (tmp_path / "counter.db").write_bytes(older)
    assert _problems(tmp_path) == ["mất 6 sự kiện cuối đã lưu"]
    # The chain grows again, over the place where the lost events stood.
    app = _fill(tmp_path, 4)
    app.store.close()
    assert _problems(tmp_path) == ["lịch sử khác với neo ghi lúc lưu"]


def test_an_edit_between_two_starts_is_named_though_no_event_tells_of_it(tmp_path):
    app = _fill(tmp_path)
    set_setting(app.store, key="hotline", value="0233 123")
    app.store.seal()
    app.store.close()
    path = tmp_path / "counter.db"
    content = path.read_bytes()
    assert b"0233 123" in content
    path.write_bytes(content.replace(b"0233 123", b"0233 129"))
    assert check_whole(path) == []
    assert any("đang đóng" in what for what in _problems(tmp_path))


def test_what_another_user_s_program_saved_is_no_damage(tmp_path):
    """It keeps an anchor in its own folder and knows nothing of our seal."""
    app = _fill(tmp_path / "data", anchors=tmp_path / "ours")
    app.store.seal()
    app.store.close()
    app = _fill(tmp_path / "data", 1, anchors=tmp_path / "theirs")
    set_setting(app.store, key="hotline", value="0233 123")
    app.store.close()
    assert _problems(tmp_path / "data", anchors=tmp_path / "ours") == []


def test_a_new_start_in_an_emptied_folder_is_no_loss(tmp_path):
    app = _fill(tmp_path / "data")
    app.store.seal()
    app.store.close()
    for file in (tmp_path / "data").iterdir():
        file.unlink()
    app = _fill(tmp_path / "data", 1)
    app.store.close()
    assert _named(tmp_path / "data") == set()


def test_a_folder_of_the_anchor_that_is_a_file_refuses_no_save_and_is_told(tmp_path):
    (tmp_path / "anchors").write_text("")
    app = _fill(tmp_path / "data", 1, anchors=tmp_path / "anchors")
    assert app.store.row("SELECT count(*) FROM dossier") == (1,)
    app.store.close()
    app = _fill(tmp_path / "data", 1, anchors=tmp_path / "anchors")
    found = {check.check for check in checks.run_checks(app.store) if not check.ok}
    app.store.close()
    assert found == {ANCHOR}


def test_a_torn_mark_leaves_the_one_before(tmp_path):
    anchors = tmp_path / "anchors"
    app = _fill(tmp_path / "data", 2, anchors=anchors)
    app.store.close()
    (file,) = anchors.glob("*.marks")
    content = bytearray(file.read_bytes())
    newest = app.store.anchor.marks()[0].sequence
    content[newest % 2 * 512 + 60] ^= 255
    file.write_bytes(content)
    assert app.store.anchor.marks()[0].sequence == newest - 1
    assert _problems(tmp_path / "data", anchors=anchors) == []


# The chain's checkpoint


def test_a_quick_look_begins_at_the_sealed_checkpoint_and_a_full_one_at_the_beginning(tmp_path):
    app = _fill(tmp_path)
    assert all(check.ok for check in checks.run_checks(app.store))
    app.store.execute("UPDATE event SET body = replace(body, 'Đức', 'Dức') WHERE sequence = 1")
    quick = {check.check for check in checks.run_checks(app.store, is_quick=True) if not check.ok}
    full = {check.check for check in checks.run_checks(app.store) if not check.ok}
    app.store.close()
    assert quick == set()
    assert "chuỗi sự kiện không bị sửa" in full


def test_what_came_after_the_checkpoint_is_followed_by_a_quick_look(tmp_path):
    app = _fill(tmp_path, 1)
    checks.run_checks(app.store)
    moves.forward(
        app.store,
        reception.receive_dossier(app.store, REQUEST, now=NOW).code,
        to="Tư pháp",
        by="Hoa",
        now=NOW,
    )
    app.store.execute("UPDATE event SET body = '{}' WHERE sequence = 5")
    quick = {check.check for check in checks.run_checks(app.store, is_quick=True) if not check.ok}
    app.store.close()
    assert quick == {"chuỗi sự kiện không bị sửa"}


@pytest.mark.parametrize("edit", [b"x", b"heads", b"1"])
def test_a_checkpoint_whose_seal_is_wrong_is_none(tmp_path, edit):
    app = _fill(tmp_path, 1)
    checks.run_checks(app.store)
    assert chain.sealed(app.store) == chain.heads_of(app.store)
    path = app.store.anchor.stem.with_suffix(".checkpoint")
    content = path.read_bytes()
    path.write_bytes(content.replace(edit, b"7") if edit != b"x" else b"x")
    assert chain.sealed(app.store) is None
    app.store.close()


def test_what_a_printed_list_says_of_the_chain_can_be_held_against_the_data(tmp_path, capsys):
    from counter_app.__main__ import main

    app = _fill(tmp_path, 2)
    shown = chain.shown_head(app.store)
    reception.receive_dossier(app.store, REQUEST, now=NOW)
    app.store.close()
    words = ["--data", str(tmp_path), "check", "--printed"]
    assert main([*words, shown]) == 0
    assert main([*words, shown[:-1] + ("0" if shown[-1] != "0" else "1")]) == 1
    assert main([*words, "1.99-" + "0" * 16]) == 1
    assert main([*words, "x"]) == 2
    assert "Dấu chuỗi" in capsys.readouterr().out
    # Who rewrites the history and every link after it can't rewrite the paper.
    app = _open(tmp_path)
    for statement in ("DROP TRIGGER event_is_never_changed", "UPDATE event SET head_hash = x'00'"):
        app.store.execute(statement)
    app.store.close()
    assert main([*words, shown]) == 1
