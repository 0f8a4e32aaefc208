"""Bundles: what is written is read back; what was damaged, cut or made up is refused whole."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import random
import warnings
import zipfile
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from counter_app.errors import BundleError
from counter_app.sync import bundle as bundles
from counter_app.sync.bundle import DeskRow, EventRow, Scan, open_bundle, write_bundle
from counter_app.sync.manifest import Manifest
from counter_app.sync.sealing import MAGIC, is_sealed, key_mark, new_key, seal, unseal

ORIGIN = "a" * 32
MANIFEST = Manifest(
    office="1" * 32,
    office_name="Trung tâm Phục vụ hành chính công xã Cam Lộ",
    origin=ORIGIN,
    epoch=1,
    counter="Quầy 1",
    counter_number=1,
    created_at="2026-11-24T17:00:00+07:00",
    ranges={f"{ORIGIN}/1": [1, 2]},
    acknowledged={f"{ORIGIN}/1": 2},
)
DESK = DeskRow(ORIGIN, 1, 1, "Quầy 1", bytes(32))


def event(number=1, **values):
    row = EventRow(
        event_uuid=f"{number:032x}",
        dossier_uuid="d" * 32,
        origin=ORIGIN,
        epoch=1,
        sequence=number,
        lamport=number,
        seen="{}",
        kind="receive",
        at=1_795_000_000,
        recorded_at=1_795_000_060,
        by="Lê Thị Hồng Vân",
        counter="Quầy 1",
        body=json.dumps({"set": {"applicant_name": 'Trần "Ổn", Đức\r\n=1+1'}}, ensure_ascii=False),
        salt=b"\x00\xff",
        body_hash=bytes(32),
        head_hash=bytes(range(32)),
    )
    return row._replace(**values)


def written(events=None, scans=()):
    target = io.BytesIO()
    events = [event(1), event(2)] if events is None else events
    write_bundle(target, MANIFEST, events=events, desks=[DESK], scans=scans)
    return target.getvalue()


def rewritten(change, scans=()):
    """Return a bundle whose files were changed by ``change(name, data)``; None leaves one out."""
    source, target = zipfile.ZipFile(io.BytesIO(written(scans=scans))), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            data = change(name, source.read(name))
            if data is not None:
                archive.writestr(name, data)
    return target.getvalue()


def read(data):
    bundle = open_bundle(io.BytesIO(data))
    return list(bundle.events()), bundle.desks()


def refused(data):
    with pytest.raises(BundleError) as refusal:
        read(data)
    return refusal.value.message


def test_what_is_written_is_read_back():
    bundle = open_bundle(io.BytesIO(written()))
    assert list(bundle.events()) == [event(1), event(2)]
    assert bundle.desks() == [DESK]
    assert replace(bundle.manifest, files=()) == MANIFEST
    assert [(f.name, f.rows) for f in bundle.manifest.files] == [
        ("events.csv", 2),
        ("desks.csv", 1),
    ]


def test_the_same_content_makes_the_same_file():
    assert written() == written()


def test_the_csv_files_open_in_a_spreadsheet():
    archive = zipfile.ZipFile(io.BytesIO(written()))
    data = archive.read("events.csv")
    assert data.startswith(b"\xef\xbb\xbfevent_uuid,dossier_uuid,")
    assert b"2026-11-18T" in data
    assert b"+07:00" in data


_texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)


@given(st.lists(st.dictionaries(_texts, _texts, max_size=3), max_size=5))
def test_any_body_survives_the_journey(bodies):
    events = [
        event(n, body=json.dumps(body, ensure_ascii=False)) for n, body in enumerate(bodies, 1)
    ]
    assert list(open_bundle(io.BytesIO(written(events))).events()) == events


@given(st.integers(0, 5000))
def test_a_bundle_that_was_cut_off_is_refused(length):
    data = written()
    if length < len(data):
        assert "dữ liệu không thay đổi" in refused(data[:length]).lower()


@given(st.integers(0, 5000), st.integers(1, 255))
@example(3407, 1)  # a directory that says it begins before the file does
def test_a_flipped_byte_is_refused_or_changes_nothing(place, mask):
    data = bytearray(written())
    data[place % len(data)] ^= mask
    with contextlib.suppress(BundleError):
        assert read(bytes(data)) == ([event(1), event(2)], [DESK])


@given(st.binary(max_size=400))
def test_random_bytes_are_refused(data):
    refused(data)


def test_a_changed_row_is_refused_by_its_hash():
    data = rewritten(lambda name, data: data.replace(b"receive", b"correct"))
    assert "không khớp mã kiểm tra" in refused(data)


def _with_manifest(**values):
    def change(name, data):
        if name != "manifest.json":
            return data
        return json.dumps({**json.loads(data), **values})

    return rewritten(change)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"format": "counter-app/9"}, "bản chương trình khác"),
        ({"files": []}, "không đúng dạng"),
        ({"origin": "../../etc"}, "không đúng dạng"),
        ({"epoch": -1}, "không đúng dạng"),
        ({"acknowledged": {"a/1": "x"}}, "không đúng dạng"),
        ({"acknowledged": [1]}, "không đọc được"),
        ({"ranges": None}, "không đọc được"),
        ({"surprise": 1}, "Cập nhật chương trình ở quầy này"),
    ],
)
def test_a_manifest_that_lies_about_its_form_is_refused(values, told):
    assert told in refused(_with_manifest(**values))


def test_a_wrong_count_of_rows_is_refused():
    def change(name, data):
        return data.replace(b'"rows": 2', b'"rows": 3')

    assert "có 2 dòng, bảng kê ghi 3" in refused(rewritten(change))


@pytest.mark.parametrize("name", ["../evil.csv", "/etc/passwd", "C:\\evil.csv", "events.csv"])
def test_a_foreign_or_doubled_name_is_refused(name):
    data = io.BytesIO(written())
    with zipfile.ZipFile(data, "a") as archive:
        if name == "events.csv":
            with pytest.warns(UserWarning, match="Duplicate"):
                archive.writestr(name, "x")
        else:
            archive.writestr(name, "x")
    assert "tệp lạ" in refused(data.getvalue())


def test_a_missing_file_is_refused():
    assert "thiếu tệp" in refused(rewritten(lambda n, d: None if n == "desks.csv" else d))


def test_a_file_that_would_fill_the_disk_is_refused_before_it_is_unpacked():
    bomb = b"\0" * (64 * 1024**2)
    data = rewritten(lambda n, d: bomb if n == "events.csv" else d)
    assert len(data) < 1024**2
    assert "kích thước không thể có thật" in refused(data)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda data: data.replace(b"receive", b"rec\0eive", 1), "dòng 2: chữ không ở dạng chuẩn"),
        (lambda data: data.decode("utf-8-sig").encode("utf-16"), "không đọc được"),
        (lambda data: data.decode("utf-8-sig").encode("cp1258", "replace"), "không đọc được"),
        (lambda data: data.replace(b"dossier_uuid", b"event_uuid", 1), "sai thứ tự cột"),
        (lambda data: data.replace(b"receive", b'"receive', 1), "không đọc được"),
        (lambda data: data.split(b"\r\n", 1)[0] + b"\r\n" + endless_line(), "không đọc được"),
    ],
    ids=["NUL", "UTF-16", "Windows-1258", "heading twice", "open quote", "endless line"],
)
def test_a_table_of_another_dress_is_refused_even_where_its_hash_was_made_anew(change, told):
    source, target = zipfile.ZipFile(io.BytesIO(written())), io.BytesIO()
    data = change(source.read("events.csv"))
    manifest = json.loads(source.read("manifest.json"))
    manifest["files"][0]["sha256"] = hashlib.sha256(data).hexdigest()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("events.csv", data)
        archive.writestr("desks.csv", source.read("desks.csv"))
        archive.writestr("manifest.json", json.dumps(manifest))
    assert told in refused(target.getvalue())


def endless_line() -> bytes:
    """Return a line longer than any cell may be, of what can't be packed small."""
    return random.Random(1).randbytes(9 * 1024**2).hex().encode()


@pytest.mark.parametrize(
    "values",
    [
        {"event_uuid": "1"},
        {"origin": "../" + "a" * 29},
        {"sequence": -1},
        {"seen": "[]"},
        {"body": "không phải JSON"},
        {"body": "[" * 100_000},
        {"kind": "a\x00b"},
        {"by": "Nguye\u0302\u0303n"},
    ],
    ids=lambda values: next(iter(values)),
)
def test_a_row_of_another_form_is_refused_with_its_line(values):
    assert "dòng 3" in refused(written([event(1), event(2, **values)]))


def test_progress_is_told_and_may_cancel():
    class StopError(Exception):
        pass

    def stop(done):
        raise StopError

    with pytest.raises(StopError):
        write_bundle(
            io.BytesIO(), MANIFEST, events=map(event, range(1, 2002)), desks=[], progress=stop
        )


def test_the_field_limit_of_the_csv_module_is_left_as_it_was():
    import csv

    before = csv.field_size_limit()
    refused(b"")
    open_bundle(io.BytesIO(written()))
    assert csv.field_size_limit() == before


# Sealing


def sealed(data, key):
    target = io.BytesIO()
    seal(io.BytesIO(data), target, key)
    return target.getvalue()


def unsealed(data, key):
    target = io.BytesIO()
    unseal(io.BytesIO(data), target, key)
    return target.getvalue()


@pytest.mark.parametrize("length", [0, 1, 65535, 65536, 65537, 131072, 200_001])
def test_what_is_sealed_can_be_opened_with_the_key(length):
    key, data = new_key(), bytes(range(256)) * (length // 256 + 1)
    closed = sealed(data[:length], key)
    assert is_sealed(io.BytesIO(closed))
    assert unsealed(closed, key) == data[:length]


def test_nothing_of_the_content_or_the_key_shows():
    key = new_key()
    closed = sealed(written(), key)
    assert b"manifest" not in closed
    assert key not in closed


def test_another_key_is_said_plainly_and_no_key_too():
    closed = sealed(b"abc", new_key())
    with pytest.raises(BundleError, match="khóa của đơn vị khác"):
        unsealed(closed, new_key())
    with pytest.raises(BundleError, match="chưa có khóa"):
        unsealed(closed, None)


@given(st.data())
def test_a_sealed_file_that_was_changed_or_cut_off_is_refused(data):
    key = b"k" * 32
    closed = bytearray(sealed(b"x" * 70_000, key))
    if data.draw(st.booleans()):
        place = data.draw(st.integers(0, len(closed) - 1))
        closed[place] ^= data.draw(st.integers(1, 255))
    else:
        del closed[data.draw(st.integers(0, len(closed) - 1)) :]
    with pytest.raises(BundleError):
        unsealed(bytes(closed), key)


def test_pieces_put_together_anew_are_refused():
    key = new_key()
    closed = sealed(b"a" * 65536 + b"b" * 65536 + b"c", key)
    header, size = len(MAGIC) + 8 + 7, 65536 + 16
    first, second = closed[header : header + size], closed[header + size : header + 2 * size]
    swapped = closed[:header] + second + first + closed[header + 2 * size :]
    with pytest.raises(BundleError, match="hỏng"):
        unsealed(swapped, key)


def test_a_key_mark_is_short_and_its_own():
    one, other = new_key(), new_key()
    assert key_mark(one) != key_mark(other)
    assert len(key_mark(one)) == 8


def test_the_module_offers_a_hostile_zip_no_way_out(tmp_path, monkeypatch):
    """Nothing is ever unpacked to the disk by a name that stands in the archive."""
    monkeypatch.setattr(zipfile.ZipFile, "extract", lambda *a, **k: pytest.fail("extracted"))
    monkeypatch.setattr(zipfile.ZipFile, "extractall", lambda *a, **k: pytest.fail("extracted"))
    list(bundles.open_bundle(io.BytesIO(written())).events())


PDF = b"%PDF-1.7\nTo khai\n%%EOF\n"
SCAN = Scan(hashlib.sha256(PDF).hexdigest(), "pdf", PDF)


def test_attached_files_go_along_and_come_out_as_they_were():
    bundle = open_bundle(io.BytesIO(written(scans=[SCAN])))
    assert list(bundle.scans()) == [SCAN]
    assert list(bundle.events()) == [event(1), event(2)]
    assert written(scans=[SCAN]) == written(scans=[SCAN])


def hostile(name=None, data=PDF, *, told=None, packed=zipfile.ZIP_STORED, twice=False):
    """Return a bundle with one attached file more than an honest one, as a liar would write it."""
    digest = hashlib.sha256(data).hexdigest()
    name = name or f"files/{digest}.pdf"
    source, target = zipfile.ZipFile(io.BytesIO(written())), io.BytesIO()
    manifest = json.loads(source.read("manifest.json"))
    if told != "":
        manifest["files"].append({"name": name, "rows": 0, "sha256": told or digest})
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in ("events.csv", "desks.csv"):
            archive.writestr(each, source.read(each))
        archive.writestr("manifest.json", json.dumps(manifest))
        archive.writestr(name, data, packed)
        if twice:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)
                archive.writestr(name, data, packed)
    return target.getvalue()


@pytest.mark.parametrize(
    ("lie", "why"),
    [
        ({"data": b"MZ\x90\x00 no pdf at all"}, "không phải PDF như tên"),
        ({"name": f"files/{'0' * 64}.pdf"}, "không phải PDF như tên"),
        ({"told": "0" * 64}, "không khớp mã kiểm tra"),
        ({"told": ""}, "không khớp các tệp"),
        ({"packed": zipfile.ZIP_DEFLATED}, "bị nén lạ"),
        ({"name": "files/../../counter.db"}, "tệp lạ"),
        ({"name": f"files/{SCAN.sha256}.exe"}, "tệp lạ"),
        ({"name": f"files/{SCAN.sha256.upper()}.pdf"}, "tệp lạ"),
        ({"name": f"FILES/{SCAN.sha256}.pdf"}, "tệp lạ"),
        ({"twice": True}, "trùng tên"),
    ],
)
def test_an_attached_file_that_lies_is_refused_with_its_whole_bundle(lie, why):
    assert why in refused(hostile(**lie))


def test_an_honest_one_more_is_read():
    bundle = open_bundle(io.BytesIO(hostile()))
    assert list(bundle.scans()) == [SCAN]


def test_more_attached_files_than_a_bundle_takes_are_refused_before_one_is_read(monkeypatch):
    monkeypatch.setattr(bundles, "LARGEST_SCANS", len(PDF) - 1)
    assert "lớn quá mức cho phép" in refused(written(scans=[SCAN]))


def test_an_attached_file_that_was_cut_or_changed_is_refused():
    def changed(name, data):
        return data[:-1] + b"X" if name.startswith("files/") else data

    assert refused(rewritten(changed, scans=[SCAN]))
