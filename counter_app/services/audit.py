"""The audit log (nhật ký): what no dossier's event tells, each line chained to the one before.

It holds no personal data: a dossier or a person is named by what only these data can resolve.
"""

from __future__ import annotations

import hashlib
import json
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.dossier import MOVE_LABELS, Move
from counter_app.domain.moments import from_epoch, to_epoch
from counter_app.domain.rights import ACT_LABELS, ROLE_LABELS, Act, Role
from counter_app.services import journal, rights
from counter_app.services.giving_way import giving_way
from counter_app.services.seals import Seals
from counter_app.storage.anchor import Mark
from counter_app.storage.seal_key import LOG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from counter_app.storage.database import Store

    Progress = Callable[[int, int], object]

_ROW = "id, at, act, by, counter, origin, target, detail"
_INSERT = (
    "INSERT INTO auditentry (id, at, act, by, counter, origin, target, detail, head_hash, seal) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_MOST = 200
PIECE = 1000  # lines of the file, between two looks at whether it is still wanted
OTHER_THAN_SEALED = "nhật ký khác với lần niêm phong trước"


class Entry(NamedTuple):
    """One line: when, what, who, where, about what, with the values before and after."""

    number: int
    at: datetime
    act: str
    by: str
    counter: str
    target: str
    detail: dict[str, Any]

    @property
    def label(self) -> str:
        """Return what was done, in the words of the office."""
        return label_of(self.act)

    @property
    def words(self) -> str:
        """Return the details in one line: before and after, then what else is known."""
        told = []
        for key, value in self.detail.items():
            if key == "was" or (value == "" and key != "now"):
                continue
            text = self._said(value)
            if key == "now":
                before = self._said(self.detail.get("was"))
                told.append(f"{before or '(trống)'} → {text or '(trống)'}")
            else:
                told.append(f"{_WORDS.get(key, key)}: {text}")
        return "; ".join(told)

    def _said(self, value: object) -> str:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        is_role = self.act == Act.USERS and text in set(Role)
        return ROLE_LABELS[Role(text)].lower() if is_role else text


def label_of(act: str) -> str:
    """Return an act of the table of rights, a step of a dossier too, in the words of the office.

    >>> label_of("forward"), label_of("backup")
    ('Chuyển xử lý', 'Sao lưu')
    """
    known = ACT_LABELS.get(act)
    return known or (MOVE_LABELS[Move(act)] if act in set(Move) else act)


_WORDS = {
    "count": "số lượng",
    "file": "tệp",
    "report": "báo cáo",
    "role": "vai trò",
    "sha256": "mã băm",
    "missing": "đã mất",
    "what": "việc",
    "why": "lý do",
}


def quietly(_done: int, _total: int) -> None:
    """Tell nobody how far it has come."""


def note(
    store: Store, act: str, *, target: str = "", by: str | None = None, **detail: object
) -> None:
    """Write one line; part of the running transaction, so that neither is kept without the other.

    Args:
        store: the data; who is signed in and the clock come from it.
        act: of ``domain.rights``.
        target: what it was about: a setting, a dossier's uuid, a file's name; no person's name.
        by: who, where nobody is signed in yet.
        detail: ``was`` and ``now`` for a change, and what else an inspector would ask.
    """
    with store.transaction():
        here = store.row(
            "SELECT uuid, epoch, counter_name FROM installation WHERE is_self = 1"
        ) or ("", 0, "")
        last = store.row("SELECT last, head_hash FROM audithead WHERE id = 1") or (0, bytes(32))
        who = store.user or current_clerk(store) or _unnamed() if by is None else by
        row = (
            last[0] + 1,
            to_epoch(store.now()),
            str(act),
            who,
            here[2],
            f"{here[0]}/{here[1]}",
            target,
            json.dumps(detail, ensure_ascii=False, separators=(",", ":"), default=str),
        )
        told = line_text(row)
        head = link(last[1], told)
        seal = journal.sealed(store, LOG, row[0], told)
        store.execute(_INSERT, (*row, head, seal))
        store.execute(
            "INSERT INTO audithead (id, last, head_hash) VALUES (1, ?, ?) ON CONFLICT (id) "
            "DO UPDATE SET last = excluded.last, head_hash = excluded.head_hash",
            (row[0], head),
        )
        if here[0]:
            store.note_log(Mark(here[0], here[1], row[0], row[1], head))


def record(store: Store, act: str, *, target: str = "", **detail: object) -> None:
    """Ask whether who is signed in may do this, and write the line; part of the transaction.

    Raises:
        RightsError: he may not; what the transaction did is undone with it.
    """
    rights.demand(store, act)
    note(store, act, target=target, by=None, **detail)


def current_clerk(store: Store) -> str:
    """Return who stands at the desk where nobody signs in."""
    from counter_app.services.settings import get_setting  # it writes lines itself

    return str(get_setting(store, "current_clerk"))


def _unnamed() -> str:
    """Say under which user of the PC somebody works who has given no name."""
    import getpass  # hardly ever needed

    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):  # a user without a name
        name = "?"
    return f"{name} (người dùng máy, chưa đăng nhập)"


def line_text(row: tuple[Any, ...]) -> bytes:
    """Return one line as the chain hashes it."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()


def link(before: bytes, told: bytes) -> bytes:
    """Hash one line with the hash of the line before."""
    return hashlib.sha256(before + told).digest()


def head(store: Store) -> tuple[int, str]:
    """Return how many lines there are and the hash of the last one, to be kept elsewhere."""
    row = store.row("SELECT last, head_hash FROM audithead WHERE id = 1")
    return (int(row[0]), bytes(row[1]).hex()) if row else (0, bytes(32).hex())


def entries(
    store: Store,
    *,
    text: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = _MOST,
    progress: Progress = quietly,
) -> list[Entry]:
    """Return the newest lines that hold a text in their act, person, target or detail.

    ``progress`` is told how many lines were looked at, of nobody knows how many (0).

    Raises:
        RightsError: who is signed in may not read the log.
    """
    rights.demand(store, "audit")
    wanted = text.strip().casefold()
    sql = f"SELECT {_ROW} FROM auditentry WHERE at >= ? AND at <= ? ORDER BY id DESC"  # noqa: S608
    first = 0 if since is None else to_epoch(since)
    last = 2**62 if until is None else to_epoch(until)
    found: list[Entry] = []
    for count, row in enumerate(store.execute(sql, (first, last)), 1):
        entry = _entry(row)
        if count % PIECE == 0:
            progress(count, 0)
        if not wanted or wanted in _searched(entry):
            found.append(entry)
            if len(found) >= limit:
                break
    return found


def _entry(row: tuple[Any, ...]) -> Entry:
    number, at, act, by, counter, _, target, detail = row[:8]
    return Entry(number, from_epoch(at), act, by, counter, target, json.loads(detail))


def _searched(entry: Entry) -> str:
    told = (entry.act, entry.label, entry.by, entry.counter, entry.target, entry.words)
    return "\n".join(told).casefold()


_HEADINGS = ("Số", "Lúc", "Việc", "Mã việc", "Người", "Quầy", "Đối tượng", "Chi tiết", "Mã băm")


def export_csv(store: Store, *, progress: Progress = quietly) -> Iterator[bytes]:
    """Return the whole log for an inspector piece by piece, with every line's hash.

    That is a line of its own, once the last piece was taken.

    Args:
        store: the open data.
        progress: told how many lines are done, of how many.

    Raises:
        RightsError: who is signed in may not read the log.
    """
    rights.demand(store, "audit")
    return _pieces(store, progress)


def _pieces(store: Store, progress: Progress) -> Iterator[bytes]:
    total, _ = head(store)
    sql = f"SELECT {_ROW}, head_hash FROM auditentry WHERE id <= ? ORDER BY id"  # noqa: S608
    lines = (cells_of(_entry(row), bytes(row[8])) for row in store.execute(sql, (total,)))
    yield as_csv([_HEADINGS]).encode("utf-8-sig")
    done = 0
    while some := list(islice(lines, PIECE)):
        yield as_csv(some).encode()
        done += len(some)
        progress(done, total)
    note(store, "audit", what="csv", count=done)


def as_csv(rows: Iterable[Iterable[object]]) -> str:
    """Return rows as lines of the file."""
    import csv
    import io

    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def cells_of(one: Entry, head: bytes) -> list[object]:
    """Return a line of the file: what was done, and the hash that chains it."""
    cells = (one.label, one.act, one.by, one.counter, one.target, one.words)
    safe = (f"'{cell}" if cell[:1] in _FORMULAS and cell else cell for cell in cells)
    return [one.number, f"{one.at:%d/%m/%Y %H:%M:%S}", *safe, head.hex()]


_FORMULAS = ("=", "+", "-", "@", "\t", "\r")  # a worksheet would run what begins so


def broken(
    store: Store, *, start: tuple[int, bytes] = (0, bytes(32)), seals: Seals | None = None
) -> Iterator[tuple[str, str]]:
    """Name each line that was changed from outside: what is wrong, and which line.

    Args:
        store: the data.
        start: the line up to which the log was found whole before, and its hash.
        seals: what the installation's key says.
    """
    seals = seals or Seals(store)
    number, before = start
    if number:
        kept = store.row("SELECT head_hash FROM auditentry WHERE id = ?", (number,))
        if kept is None or kept[0] != before:
            yield OTHER_THAN_SEALED, f"dòng {number}"
    sql = f"SELECT {_ROW}, head_hash, seal FROM auditentry WHERE id > ? OR id < 1 ORDER BY id"  # noqa: S608
    known = accepted(store)
    for row in giving_way(store.execute(sql, (number,))):
        if row[0] < 1:
            yield "dòng nhật ký bị thêm từ bên ngoài", _place(row)
            continue
        number += 1
        has_gap = row[0] != number
        if has_gap:
            gap = (f"thiếu dòng {number} của nhật ký", f"dòng {row[0]}")
            number = row[0]
            if gap not in known:
                yield gap
        told = line_text(row[:8])
        # What a line behind a gap was linked to isn't there any more.
        if not has_gap and link(before, told) != row[8]:
            yield "dòng nhật ký bị sửa từ bên ngoài", _place(row)
        if seals.are_wrong(LOG, number, told, row[9]):
            yield "dòng nhật ký không đúng với niêm phong", _place(row)
        before = row[8]
    yield from seals.strange()
    last = store.row("SELECT last, head_hash FROM audithead WHERE id = 1") or (0, bytes(32))
    if tuple(last) != (number, before):
        yield "mất các dòng cuối của nhật ký", f"sau dòng {number}"


def accepted(store: Store) -> set[tuple[str, str]]:
    """Return the losses that an administrator has taken note of, as the checks name them."""
    known: set[tuple[str, str]] = set()
    for (text,) in store.rows("SELECT detail FROM auditentry WHERE act = ?", (Act.ACCEPT_LOSS,)):
        known |= {(what, where) for what, where in json.loads(text).get("missing", ())}
    return known


def _place(row: tuple[Any, ...]) -> str:
    """Say which line it is: its number, when it was written and what it is about."""
    label = ACT_LABELS.get(row[2], row[2])
    return f"dòng {row[0]} lúc {from_epoch(row[1]):%H:%M %d/%m/%Y}, {label}"


def json_of(entry: Entry) -> dict[str, Any]:
    """Return a line as the verb prints it."""
    return {
        "number": entry.number,
        "at": entry.at.isoformat() + "+07:00",
        "act": entry.act,
        "by": entry.by,
        "counter": entry.counter,
        "target": entry.target,
        "detail": entry.detail,
    }
