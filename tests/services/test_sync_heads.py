"""Desks hold each other's last links: who makes one desk's chain anew is found by the others."""

from __future__ import annotations

import hashlib
import json

import pytest

from counter_app.errors import BundleError
from counter_app.services import audit, checks, journal, sync_heads
from counter_app.services.settings import set_setting
from counter_app.sync.bundle import open_bundle
from counter_app.sync.manifest import manifest_text
from counter_app.sync.sealing import unseal
from tests.sync_house import receive, send, take

ANCHOR = "dữ liệu khớp với neo ở thư mục khác"


def _exchange(desks, tmp_path):
    one, two = desks
    take(two, send(one, tmp_path / "1.goi"))
    take(one, send(two, tmp_path / "2.goi"))


def _rewrite_log(store):
    """Edit a line of the log, hash all anew, and take away what stands outside the data."""
    store.execute("DROP TRIGGER auditentry_is_never_changed")
    store.execute("UPDATE auditentry SET by = 'X' WHERE id = 2")
    head = bytes(32)
    lines = "SELECT id, at, act, by, counter, origin, target, detail FROM auditentry ORDER BY id"
    for row in store.rows(lines):
        head = hashlib.sha256(head + audit.line_text(row)).digest()
        store.execute(
            "UPDATE auditentry SET head_hash = ?, seal = x'' WHERE id = ?", (head, row[0])
        )
    store.execute("UPDATE audithead SET head_hash = ?", (head,))
    _forget_outside(store)


def _forget_outside(store):
    store.anchor.close()
    for path in store.anchor.stem.parent.glob(f"{store.anchor.stem.name}.*"):
        path.unlink()
    store.anchor.key.load()


def _problems(store, name=ANCHOR):
    (found,) = [check for check in checks.run_checks(store) if check.check == name]
    return [(problem["what"], problem["where"]) for problem in found.problems]


def test_each_desk_keeps_the_other_s_last_links_and_says_them_back(desks, tmp_path):
    one, two = desks
    receive(one)
    set_setting(one, key="hotline", value="0233 1")
    _exchange(desks, tmp_path)
    own = f"log:{journal.desk(one).uuid}/1"
    assert own in sync_heads.told(two)
    assert [
        chain for chain, holder in one.rows("SELECT chain, holder FROM heldhead") if chain == own
    ]
    assert _problems(one) == _problems(two) == []


def test_a_log_made_anew_with_everything_outside_it_gone_is_told_by_the_other_desk(desks, tmp_path):
    one, _ = desks
    receive(one)
    set_setting(one, key="hotline", value="0233 1")
    _exchange(desks, tmp_path)
    _rewrite_log(one)
    assert _problems(one, "nhật ký không bị sửa") == []  # by itself it is whole
    ((what, where),) = _problems(one)
    assert what == "quầy khác giữ dấu chuỗi khác"
    assert "nhật ký, dòng" in where
    assert "Quầy 2" in where


def test_a_history_made_anew_is_refused_by_a_desk_that_holds_the_old_one(desks, tmp_path):
    one, two = desks
    receive(one)
    _exchange(desks, tmp_path)
    one.execute("DROP TRIGGER event_is_never_changed")
    one.execute("UPDATE event SET head_hash = randomblob(32)")
    with pytest.raises(BundleError, match="khác với lịch sử"):
        take(two, send(one, tmp_path / "3.goi"))


def test_an_older_file_that_comes_last_takes_no_word_back(desks, tmp_path):
    one, two = desks
    receive(one)
    early = send(one, tmp_path / "1.goi")
    set_setting(one, key="hotline", value="0233 1")
    take(two, send(one, tmp_path / "2.goi"))
    last = two.rows("SELECT chain, sequence FROM heldhead ORDER BY chain")
    take(two, early)
    assert two.rows("SELECT chain, sequence FROM heldhead ORDER BY chain") == last


def test_a_bundle_of_before_is_read_and_one_with_strange_links_is_refused(desks, tmp_path):
    import io
    import zipfile

    from counter_app.services.sync_office import shared

    one, two = desks
    receive(one)
    sealed = send(one, tmp_path / "1.goi")
    plain = io.BytesIO()
    with sealed.open("rb") as stream:
        unseal(stream, plain, shared(one).key)
    told = json.loads(manifest_text(open_bundle(plain).manifest))

    def changed(name, **values):
        kept = {key: value for key, value in {**told, **values}.items() if value is not None}
        target = tmp_path / name
        with zipfile.ZipFile(plain) as source, zipfile.ZipFile(target, "w") as out:
            for entry in source.namelist():
                is_told = entry == "manifest.json"
                out.writestr(entry, json.dumps(kept) if is_told else source.read(entry))
        return target

    for number, heads in enumerate(({"x": [1, "0" * 64]}, {"0" * 32 + "/1": [1, "zz"]}, {"a": 1})):
        with pytest.raises(BundleError, match="bảng kê"):
            take(two, changed(f"bad-{number}.zip", heads=heads))
    assert take(two, changed("old.zip", heads=None)).new > 0
