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
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.moments import from_epoch, to_json
from counter_app.domain.vietnamese import nfc
from counter_app.errors import BundleError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

FORMAT = "counter-app/1"
MANIFEST, EVENTS, DESKS = "manifest.json", "events.csv", "desks.csv"
_LARGEST = 4 * 1024**3
_LARGEST_MANIFEST = 4 * 1024**2
_LARGEST_FIELD = 16 * 1024**2
# Events repeat much, but not a thousandfold: a file that promises more is made to fill the disk.
_HIGHEST_RATIO, _SMALL = 400, 16 * 1024**2
_PROGRESS_ROWS = 1000
_HEX = re.compile(r"(?:[0-9a-f]{2})*\Z")
_HEAD = re.compile(r"[0-9a-f]{64}\Z")
_MARK = re.compile(r"[0-9a-f]{16}\Z")
_LONGEST_NAME = 200
_CHAIN = re.compile(r"(?:log:)?[0-9a-f]{32}/[0-9]{1,9}\Z")
_UUID = re.compile(r"[0-9a-f]{32}\Z")
_WHOLE = "Cả gói không được nhận, dữ liệu không thay đổi."
_AGAIN = "Xuất lại gói ở quầy gửi rồi chép sang lần nữa."


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


class FileFacts(NamedTuple):
    """What the manifest says of a file in the bundle."""

    name: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a bundle says of itself; chains are named ``origin/epoch``."""

    office: str
    office_name: str
    origin: str
    epoch: int
    counter: str
    counter_number: int
    created_at: str
    ranges: dict[str, list[int]]
    acknowledged: dict[str, int]
    # Where chains stand at the maker's desk (sequence, last link): each keeps the others'.
    heads: dict[str, list[int | str]] = field(default_factory=dict)
    # What the maker's desk works by, entry by entry as marks: others notice what differs.
    marks: dict[str, dict[str, str]] = field(default_factory=dict)
    files: tuple[FileFacts, ...] = ()
    format: str = FORMAT


_KNOWN = frozenset(one.name for one in fields(Manifest))


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
    progress: Callable[[int], object] = lambda _done: None,
) -> Manifest:
    """Write a bundle and return its manifest with the files' rows and hashes.

    Args:
        target: a file opened for writing, that can be moved about in.
        manifest: everything but the files.
        events: in any order; ``progress`` is told how many were written, now and then.
        desks: the chains that the events stand in or rest on.
        progress: may raise, to cancel.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        files = (
            _write_rows(archive, EVENTS, EventRow._fields, map(_event_cells, events), progress),
            _write_rows(archive, DESKS, DeskRow._fields, map(_desk_cells, desks), progress),
        )
        whole = Manifest(**{**_shallow(manifest), "files": files})
        archive.writestr(_entry(MANIFEST), manifest_text(whole))
    return whole


def _entry(name: str) -> zipfile.ZipInfo:
    """Return an entry without a clock: the same content makes the same file."""
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _shallow(manifest: Manifest) -> dict[str, Any]:
    return {one.name: getattr(manifest, one.name) for one in fields(manifest)}


def manifest_text(manifest: Manifest) -> str:
    """Return a manifest as the JSON document that stands in the bundle."""
    told = asdict(manifest)
    told["files"] = [facts._asdict() for facts in manifest.files]
    return json.dumps(told, ensure_ascii=False, indent=1)


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


def open_bundle(stream: IO[bytes]) -> Bundle:
    """Open a bundle that isn't sealed (any more) and check it whole.

    Raises:
        BundleError: it isn't one, or is damaged, cut off, hostile or of an unknown form.
    """
    try:
        archive = zipfile.ZipFile(stream)
        _check_names(archive)
        manifest = _read_manifest(archive)
        for facts in manifest.files:
            _check_file(archive, facts)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise _refusal("tệp không phải gói đồng bộ, hoặc bị cắt cụt, hỏng") from error
    except RuntimeError as error:  # zipfile's word for a file with a password
        raise _refusal("gói có mật khẩu lạ") from error
    return Bundle(archive, manifest)


def _refusal(why: str) -> BundleError:
    return BundleError(f"Không nhận gói đồng bộ: {why}. {_WHOLE} {_AGAIN}")


def _check_names(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if sorted(entry.filename for entry in entries) != sorted([MANIFEST, EVENTS, DESKS]):
        raise _refusal("gói có tệp lạ, thiếu tệp hoặc tệp trùng tên")
    for entry in entries:
        ratio = entry.file_size / max(entry.compress_size, 1)
        is_bomb = entry.file_size > _SMALL and ratio > _HIGHEST_RATIO
        largest = _LARGEST_MANIFEST if entry.filename == MANIFEST else _LARGEST
        if entry.file_size > largest or is_bomb:
            raise _refusal("gói khai kích thước không thể có thật")


def _read_manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        told = json.loads(archive.read(MANIFEST).decode())
        # A later program tells more: what it says there may matter, so nothing is guessed.
        if told.get("format") != FORMAT or told.keys() - _KNOWN:
            raise BundleError(
                "Gói đồng bộ do bản chương trình khác làm, bản này chưa đọc được. "
                f"{_WHOLE} Cập nhật chương trình ở quầy này rồi nhận lại."
            )
        if not _is_sound(told):
            raise _refusal("bảng kê trong gói không đúng dạng")
        files = tuple(FileFacts(**facts) for facts in told["files"])
        return Manifest(**{**told, "files": files})
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise _refusal("bảng kê trong gói không đọc được") from error


def _is_sound(told: dict[str, Any]) -> bool:
    texts = ("office", "office_name", "origin", "counter", "created_at")
    return (
        all(isinstance(told[name], str) for name in texts)
        and _UUID.match(told["origin"]) is not None
        and _are_counts([told["epoch"], told["counter_number"], *told["acknowledged"].values()])
        and all(_are_counts(ends) for ends in told["ranges"].values())
        and all(_is_head(chain, *head) for chain, head in told.get("heads", {}).items())
        and all(_are_marks(marks) for marks in told.get("marks", {}).values())
        and sorted(facts["name"] for facts in told["files"]) == sorted([EVENTS, DESKS])
        and _are_counts(facts["rows"] for facts in told["files"])
    )


def _is_head(chain: str, sequence: object, head: object) -> bool:
    return (
        _CHAIN.match(chain) is not None
        and _are_counts([sequence])
        and isinstance(head, str)
        and _HEAD.match(head) is not None
    )


def _are_marks(marks: dict[str, object]) -> bool:
    return all(
        0 < len(name) <= _LONGEST_NAME
        and _text(name).isprintable()
        and isinstance(mark, str)
        and _MARK.match(mark) is not None
        for name, mark in marks.items()
    )


def _are_counts(values: Iterable[object]) -> bool:
    return all(
        isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 62
        for value in values
    )


def _check_file(archive: zipfile.ZipFile, facts: FileFacts) -> None:
    """Read a file through once: its hash is right and its length is what the archive said."""
    hashed = hashlib.sha256()
    with archive.open(facts.name) as stream:
        while piece := stream.read(1 << 20):
            hashed.update(piece)
    if hashed.hexdigest() != facts.sha256:
        raise _refusal(f"nội dung tệp {facts.name} không khớp mã kiểm tra")
    rows = sum(1 for _ in _read_rows(archive, facts.name, _HEADINGS[facts.name]))
    if rows != facts.rows:
        raise _refusal(f"tệp {facts.name} có {rows} dòng, bảng kê ghi {facts.rows}")


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
                raise _refusal(f"tệp {name} thiếu cột hoặc sai thứ tự cột")
            for cells in reader:
                if len(cells) != len(headings):
                    raise _refusal(f"tệp {name}, dòng {reader.line_num}: sai số cột")
                yield reader.line_num, cells
    except (csv.Error, UnicodeDecodeError) as error:
        raise _refusal(f"tệp {name} không đọc được") from error
    finally:
        csv.field_size_limit(limit)


def _row_of(name: str, line: int, cells: list[str], make: Callable[[list[str]], Any]) -> Any:  # noqa: ANN401 - one of the rows above
    try:
        return make(cells)
    except (ValueError, OverflowError) as error:
        raise _refusal(f"tệp {name}, dòng {line}: {error}") from error


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
    if not _UUID.match(text):
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
        is_object = isinstance(json.loads(text), dict)
    except RecursionError:
        is_object = False
    if not is_object:
        msg = "nội dung sự kiện không đúng dạng"
        raise ValueError(msg)
    return text


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
