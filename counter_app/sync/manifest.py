"""The manifest (bảng kê) of a bundle: what it says of itself, written and read with suspicion."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.attached import FILE_TYPES
from counter_app.domain.vietnamese import nfc
from counter_app.errors import BundleError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FORMAT = "counter-app/1"
MANIFEST, EVENTS, DESKS = "manifest.json", "events.csv", "desks.csv"
_HEAD = re.compile(r"[0-9a-f]{64}\Z")
_MARK = re.compile(r"[0-9a-f]{16}\Z")
_LONGEST_NAME = 200
_CHAIN = re.compile(r"(?:log:)?[0-9a-f]{32}/[0-9]{1,9}\Z")
UUID = re.compile(r"[0-9a-f]{32}\Z")
_ENDINGS = {one.endings[0]: name for name, one in FILE_TYPES.items()}
_SCAN = re.compile(
    rf"files/(?P<sha256>[0-9a-f]{{64}})(?P<ending>{'|'.join(map(re.escape, _ENDINGS))})\Z"
)
_WHOLE = "Cả gói không được nhận, dữ liệu không thay đổi."
_AGAIN = "Xuất lại gói ở quầy gửi rồi chép sang lần nữa."


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


def refusal(why: str) -> BundleError:
    """Return the refusal of a whole bundle."""
    return BundleError(f"Không nhận gói đồng bộ: {why}. {_WHOLE} {_AGAIN}")


def scan_name(sha256: str, kind: str) -> str:
    """Return the name of an attached file within a bundle."""
    return f"files/{sha256}{FILE_TYPES[kind].endings[0]}"


def scan_of(name: str) -> tuple[str, str] | None:
    """Return hash and kind of the attached file of this name; None if it is none.

    >>> scan_of("files/../x.pdf") is None
    True
    """
    found = _SCAN.match(name)
    return None if found is None else (found["sha256"], _ENDINGS[found["ending"]])


def with_files(manifest: Manifest, files: Sequence[FileFacts]) -> Manifest:
    """Return a manifest with the facts of the files that were written."""
    told = {one.name: getattr(manifest, one.name) for one in fields(manifest)}
    return Manifest(**{**told, "files": tuple(files)})


def manifest_text(manifest: Manifest) -> str:
    """Return a manifest as the JSON document that stands in the bundle."""
    told = asdict(manifest)
    told["files"] = [facts._asdict() for facts in manifest.files]
    return json.dumps(told, ensure_ascii=False, indent=1)


def read_manifest(data: bytes) -> Manifest:
    """Read a manifest.

    Raises:
        BundleError: it isn't one, or a later program's.
    """
    try:
        told = json.loads(data.decode())
        # A later program tells more: what it says there may matter, so nothing is guessed.
        if told.get("format") != FORMAT or told.keys() - _KNOWN:
            raise BundleError(
                "Gói đồng bộ do bản chương trình khác làm, bản này chưa đọc được. "
                f"{_WHOLE} Cập nhật chương trình ở quầy này rồi nhận lại."
            )
        if not _is_sound(told):
            raise refusal("bảng kê trong gói không đúng dạng")
        files = tuple(FileFacts(**facts) for facts in told["files"])
        return Manifest(**{**told, "files": files})
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise refusal("bảng kê trong gói không đọc được") from error


def _is_sound(told: dict[str, Any]) -> bool:
    texts = ("office", "office_name", "origin", "counter", "created_at")
    return (
        all(isinstance(told[name], str) and told[name].encode() is not None for name in texts)
        and UUID.match(told["origin"]) is not None
        and _are_counts([told["epoch"], told["counter_number"], *told["acknowledged"].values()])
        and all(_are_counts(ends) for ends in told["ranges"].values())
        and all(_is_head(chain, *head) for chain, head in told.get("heads", {}).items())
        and all(_are_marks(marks) for marks in told.get("marks", {}).values())
        and _are_files([facts["name"] for facts in told["files"]])
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
        and nfc(name) == name
        and name.isprintable()
        and isinstance(mark, str)
        and _MARK.match(mark) is not None
        for name, mark in marks.items()
    )


def _are_files(names: list[str]) -> bool:
    scans = [name for name in names if name not in {EVENTS, DESKS}]
    return len(set(names)) == len(names) == len(scans) + 2 and all(
        scan_of(name) is not None for name in scans
    )


def _are_counts(values: Iterable[object]) -> bool:
    return all(
        isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 62
        for value in values
    )
