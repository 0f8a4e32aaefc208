"""Sync bundles (gói đồng bộ): a zip of CSV files with a manifest, refused whole if anything is off.

A bundle carries events, as its maker holds them, and the desks they come from. Reading trusts
nothing: names, sizes, counts, hashes and forms are checked before a single row is handed out.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
import zlib
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.attached import FILE_TYPES
from counter_app.domain.moments import from_epoch, to_json
from counter_app.domain.vietnamese import nfc
from counter_app.sync.manifest import (
    DESKS,
    EVENTS,
    MANIFEST,
    UUID,
    FileFacts,
    Manifest,
    manifest_text,
    read_manifest,
    refusal,
    scan_name,
    scan_of,
    with_files,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_LARGEST = 4 * 1024**3
_LARGEST_MANIFEST = 4 * 1024**2
_LARGEST_FIELD = 16 * 1024**2
# Events repeat much, but not a thousandfold: a file that promises more is made to fill the disk.
_HIGHEST_RATIO, _SMALL = 400, 16 * 1024**2
# Attached files are read whole, one after the other, and only so much fits in a bundle.
LARGEST_SCANS = 200_000_000
# What zipfile says of a directory that lies about its places is a ValueError.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    ValueError,
)
PLAIN_FILES = 2  # the events and the desks; what is told beyond these are attached files
_PROGRESS_ROWS = 1000
_HEX = re.compile(r"(?:[0-9a-f]{2})*\Z")


class EventRow(NamedTuple):
    """One event as it travels: the event, its dossier, what its desk had seen, its links.

    ``at`` and ``recorded_at`` are UTC seconds; ``seen`` and ``body`` are JSON text exactly as they
    were hashed; ``salt``, ``body_hash`` and ``head_hash`` are bytes.
    """

    event_uuid: str
    dossier_uuid: str
    origin: str
    epoch: int
    sequence: int
    lamport: int
    seen: str
    kind: str
    at: int
    recorded_at: int
    by: str
    counter: str
    body: str
    salt: bytes
    body_hash: bytes
    head_hash: bytes


class DeskRow(NamedTuple):
    """A chain of events and the desk it belongs to; ``base_hash`` is where the chain begins."""

    origin: str
    epoch: int
    counter_number: int
    counter_name: str
    base_hash: bytes


class Scan(NamedTuple):
    """An attached file as it travels, named by the hash of what it holds."""

    sha256: str
    kind: str
    data: bytes


class _Counted:
    """Passes bytes on, counting and hashing them."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target = target
        self._hash = hashlib.sha256()
        self.rows = -1  # the headings are no row

    def write(self, text: str) -> None:
        data = text.encode()
        self._hash.update(data)
        self._target.write(data)

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


def write_bundle(
    target: IO[bytes],
    manifest: Manifest,
    *,
    events: Iterable[EventRow],
    desks: Iterable[DeskRow],
    scans: Iterable[Scan] = (),
    progress: Callable[[int], object] = lambda _done: None,
) -> Manifest:
    """Write a bundle and return its manifest with the files' rows and hashes.

    Args:
        target: a file opened for writing, that can be moved about in.
        manifest: everything but the files.
        events: in any order; ``progress`` is told how many were written, now and then.
        desks: the chains that the events stand in or rest on.
        scans: attached files that go along, each once.
        progress: may raise, to cancel.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        files = [
            _write_rows(archive, EVENTS, EventRow._fields, map(_event_cells, events), progress),
            _write_rows(archive, DESKS, DeskRow._fields, map(_desk_cells, desks), progress),
        ]
        for scan in scans:
            entry = _entry(scan_name(scan.sha256, scan.kind))
            entry.compress_type = zipfile.ZIP_STORED  # what is stored can't be made to burst
            archive.writestr(entry, scan.data)
            files.append(FileFacts(entry.filename, 0, scan.sha256))
        whole = with_files(manifest, files)
        archive.writestr(_entry(MANIFEST), manifest_text(whole))
    return whole


def _entry(name: str) -> zipfile.ZipInfo:
    """Return an entry without a clock: the same content makes the same file."""
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _write_rows(
    archive: zipfile.ZipFile,
    name: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    progress: Callable[[int], object],
) -> FileFacts:
    with archive.open(_entry(name), "w", force_zip64=True) as stream:
        counted = _Counted(stream)
        counted.write("\ufeff")
        writer = csv.writer(counted, lineterminator="\r\n")
        writer.writerow(headings)
        done = 0
        for done, cells in enumerate(rows, 1):
            writer.writerow(cells)
            if done % _PROGRESS_ROWS == 0:
                progress(done)
    return FileFacts(name, done, counted.sha256)


def _event_cells(row: EventRow) -> list[str]:
    told = row._asdict()
    for name in ("at", "recorded_at"):
        told[name] = to_json(from_epoch(told[name]))
    for name in ("salt", "body_hash", "head_hash"):
        told[name] = told[name].hex()
    return [str(value) for value in told.values()]


def _desk_cells(row: DeskRow) -> list[str]:
    return [str(value) for value in (*row[:-1], row.base_hash.hex())]


class Bundle:
    """A bundle whose names, sizes, counts and hashes have been checked; rows are read on demand."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        """Use ``open_bundle`` instead of calling this."""
        self.manifest = manifest
        self._archive = archive

    def events(self) -> Iterator[EventRow]:
        """Yield the events.

        Raises:
            BundleError: a row is not of the form it must have.
        """
        for line, cells in _read_rows(self._archive, EVENTS, EventRow._fields):
            yield _row_of(EVENTS, line, cells, _event_row)

    def desks(self) -> list[DeskRow]:
        """Return the chains the bundle tells of.

        Raises:
            BundleError: a row is not of the form it must have.
        """
        rows = _read_rows(self._archive, DESKS, DeskRow._fields)
        return [_row_of(DESKS, line, cells, _desk_row) for line, cells in rows]

    def scan_names(self) -> list[tuple[str, str]]:
        """Return hash and kind of the attached files that came along."""
        return [found for facts in self.manifest.files if (found := scan_of(facts.name))]

    def scans(self) -> Iterator[Scan]:
        """Yield the attached files that came along, read as they are asked for."""
        for sha256, kind in self.scan_names():
            yield Scan(sha256, kind, self._archive.read(scan_name(sha256, kind)))


def open_bundle(stream: IO[bytes]) -> Bundle:
    """Open a bundle that isn't sealed (any more) and check it whole.

    Raises:
        BundleError: it isn't one, or is damaged, cut off, hostile or of an unknown form.
    """
    try:
        archive = zipfile.ZipFile(stream)
        _check_names(archive)
        manifest = read_manifest(archive.read(MANIFEST))
        told = {MANIFEST, *(facts.name for facts in manifest.files)}
        if told != set(archive.namelist()):
            raise refusal("bảng kê không khớp các tệp trong gói")
        for facts in manifest.files:
            _check_file(archive, facts)
    except _DAMAGED as error:
        raise refusal("tệp không phải gói đồng bộ, hoặc bị cắt cụt, hỏng") from error
    except RuntimeError as error:  # zipfile's word for a file with a password
        raise refusal("gói có mật khẩu lạ") from error
    return Bundle(archive, manifest)


def _check_names(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    scans = [entry for entry in entries if scan_of(entry.filename) is not None]
    others = sorted(entry.filename for entry in entries if scan_of(entry.filename) is None)
    names = {entry.filename for entry in entries}
    if others != sorted([MANIFEST, EVENTS, DESKS]) or len(names) != len(entries):
        raise refusal("gói có tệp lạ, thiếu tệp hoặc tệp trùng tên")
    is_packed = any(entry.compress_type != zipfile.ZIP_STORED for entry in scans)
    if is_packed or sum(entry.file_size for entry in scans) > LARGEST_SCANS:
        raise refusal("tệp đính kèm trong gói lớn quá mức cho phép hoặc bị nén lạ")
    for entry in entries:
        ratio = entry.file_size / max(entry.compress_size, 1)
        is_bomb = entry.file_size > _SMALL and ratio > _HIGHEST_RATIO
        largest = _LARGEST_MANIFEST if entry.filename == MANIFEST else _LARGEST
        if entry.file_size > largest or is_bomb:
            raise refusal("gói khai kích thước không thể có thật")


def _check_file(archive: zipfile.ZipFile, facts: FileFacts) -> None:
    """Read a file through once: its hash is right and its length is what the archive said."""
    hashed = hashlib.sha256()
    with archive.open(facts.name) as stream:
        while piece := stream.read(1 << 20):
            hashed.update(piece)
    if hashed.hexdigest() != facts.sha256:
        raise refusal(f"nội dung tệp {facts.name} không khớp mã kiểm tra")
    scan = scan_of(facts.name)
    if scan is not None:
        _check_scan(archive, facts, *scan)
        return
    rows = sum(1 for _ in _read_rows(archive, facts.name, _HEADINGS[facts.name]))
    if rows != facts.rows:
        raise refusal(f"tệp {facts.name} có {rows} dòng, bảng kê ghi {facts.rows}")


def _check_scan(archive: zipfile.ZipFile, facts: FileFacts, sha256: str, kind: str) -> None:
    """Let a file be what its name says: of this hash, and of this type."""
    with archive.open(facts.name) as stream:
        head = stream.read(64)
    if facts.sha256 != sha256 or not FILE_TYPES[kind].is_start_of(head):
        raise refusal(f"tệp đính kèm {facts.name} không phải {kind.upper()} như tên của nó")


_HEADINGS = {EVENTS: EventRow._fields, DESKS: DeskRow._fields}


def _read_rows(
    archive: zipfile.ZipFile, name: str, headings: Sequence[str]
) -> Iterator[tuple[int, list[str]]]:
    """Yield line numbers and cells of a CSV file whose headings are as they must be."""
    limit = csv.field_size_limit(_LARGEST_FIELD)
    try:
        with archive.open(name) as stream:
            text = io.TextIOWrapper(stream, "utf-8-sig", newline="")
            reader = csv.reader(text, strict=True)
            if tuple(next(reader, ())) != tuple(headings):
                raise refusal(f"tệp {name} thiếu cột hoặc sai thứ tự cột")
            for cells in reader:
                if len(cells) != len(headings):
                    raise refusal(f"tệp {name}, dòng {reader.line_num}: sai số cột")
                yield reader.line_num, cells
    except (csv.Error, UnicodeDecodeError) as error:
        raise refusal(f"tệp {name} không đọc được") from error
    finally:
        csv.field_size_limit(limit)


def _row_of(name: str, line: int, cells: list[str], make: Callable[[list[str]], Any]) -> Any:  # noqa: ANN401 - one of the rows above
    try:
        return make(cells)
    except (ValueError, OverflowError) as error:
        raise refusal(f"tệp {name}, dòng {line}: {error}") from error


def _event_row(cells: list[str]) -> EventRow:
    told = dict(zip(EventRow._fields, cells, strict=True))
    return EventRow(
        event_uuid=_uuid(told["event_uuid"]),
        dossier_uuid=_uuid(told["dossier_uuid"]) if told["dossier_uuid"] else "",
        origin=_uuid(told["origin"]),
        epoch=_count(told["epoch"]),
        sequence=_count(told["sequence"]),
        lamport=_count(told["lamport"]),
        seen=_json_object(told["seen"]),
        kind=_text(told["kind"]),
        at=_moment(told["at"]),
        recorded_at=_moment(told["recorded_at"]),
        by=_text(told["by"]),
        counter=_text(told["counter"]),
        body=_json_object(told["body"]),
        salt=_bytes(told["salt"]),
        body_hash=_bytes(told["body_hash"]),
        head_hash=_bytes(told["head_hash"]),
    )


def _desk_row(cells: list[str]) -> DeskRow:
    origin, epoch, number, name, base = cells
    return DeskRow(_uuid(origin), _count(epoch), _count(number), _text(name), _bytes(base))


def _uuid(text: str) -> str:
    if not UUID.match(text):
        msg = "mã định danh không đúng dạng"
        raise ValueError(msg)
    return text


def _count(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", text):
        msg = "số thứ tự không đúng dạng"
        raise ValueError(msg)
    return int(text)


def _text(text: str) -> str:
    if nfc(text) != text or "\x00" in text:
        msg = "chữ không ở dạng chuẩn"
        raise ValueError(msg)
    return text


def _json_object(text: str) -> str:
    """Check that a text is a JSON object; it is kept as it stands, because it was hashed so."""
    try:
        told = json.loads(text, parse_constant=_no_number)
        if "\\u" in text:  # half a letter, which no database and no file can hold
            json.dumps(told, ensure_ascii=False).encode()
        is_object = isinstance(told, dict)
    except (ValueError, RecursionError):
        is_object = False
    if not is_object:
        msg = "nội dung sự kiện không đúng dạng"
        raise ValueError(msg)
    return text


def _no_number(name: str) -> object:
    raise ValueError(name)


def _bytes(text: str) -> bytes:
    if not _HEX.match(text):
        msg = "mã kiểm tra không đúng dạng"
        raise ValueError(msg)
    return bytes.fromhex(text)


def _moment(text: str) -> int:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        msg = "thời điểm thiếu múi giờ"
        raise ValueError(msg)
    return int(found.timestamp())
