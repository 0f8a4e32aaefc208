"""Checks of the data: the file, the chain of events, the rows against their events."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from counter_app.domain.facts import CheckResult
from counter_app.domain.history import Event, rebuild
from counter_app.services import journal
from counter_app.storage import dossiers

if TYPE_CHECKING:
    from collections.abc import Callable

    from counter_app.storage.database import Store

_MOST_PROBLEMS = 100
_MEND = "Khôi phục từ bản sao lưu gần nhất hoặc gọi người hỗ trợ."


def run_checks(store: Store) -> list[CheckResult]:
    """Run every check; each names what doesn't hold, where, and how to mend it."""
    return [_run(name, check, store) for name, check in _CHECKS]


def _run(name: str, check: Callable[[Store], list[dict[str, str]]], store: Store) -> CheckResult:
    problems = check(store)[:_MOST_PROBLEMS]
    return CheckResult(name, ok=not problems, problems=tuple(problems))


def _problem(what: str, where: str, mend: str = _MEND) -> dict[str, str]:
    return {"what": what, "where": where, "mend": mend}


def _file(store: Store) -> list[dict[str, str]]:
    rows = store.rows("PRAGMA integrity_check")
    return [_problem(text, "tệp dữ liệu") for (text,) in rows if text != "ok"]


def _references(store: Store) -> list[dict[str, str]]:
    rows = store.rows("PRAGMA foreign_key_check")
    return [_problem(f"dòng {row[1]} trỏ tới dòng không có", str(row[0])) for row in rows]


def _chain(store: Store) -> list[dict[str, str]]:
    """Follow each origin's chain from its first event and compare every link."""
    problems = []
    before: dict[str, bytes] = {}
    sequence: dict[tuple[str, int], int] = {}
    rows = store.execute(
        'SELECT uuid, origin, epoch, sequence, lamport, kind, at, recorded_at, "by", counter, '
        "body, salt, body_hash, head_hash, dossier_uuid FROM event "
        "ORDER BY origin, epoch, sequence"
    )
    for row in rows:
        text, salt, hashed, head, dossier_uuid = row[10:]
        event = Event._make((*row[:10], {}))
        origin = event.origin
        place = (origin, event.epoch)
        if event.sequence != sequence.get(place, 0) + 1:
            problems.append(_problem("thiếu sự kiện trong chuỗi", f"{origin}/{event.sequence}"))
        if journal.body_hash(salt, text) != hashed:
            problems.append(_problem("nội dung sự kiện bị sửa từ bên ngoài", event.uuid))
        expected = journal.head_hash(
            before.get(origin, bytes(32)), journal.head_text(event, dossier_uuid), hashed
        )
        if expected != head:
            problems.append(_problem("mắt xích của chuỗi bị sửa từ bên ngoài", event.uuid))
        before[origin] = head
        sequence[place] = event.sequence
    here = store.row("SELECT uuid, head_hash FROM installation WHERE is_self = 1")
    if here is not None and before.get(here[0], bytes(32)) != here[1]:
        problems.append(_problem("mất các sự kiện cuối của chuỗi", here[0]))
    return problems


def _rows(store: Store) -> list[dict[str, str]]:
    """Add every history up again and compare it with the row."""
    problems = []
    for _, uuid, state in dossiers.all_states(store):
        expected = rebuild(dossiers.events_of(store, uuid))
        wrong = [key for key in expected if expected[key] != state[key]]
        if wrong:
            problems.append(
                _problem(f"dòng hiện tại khác lịch sử ở: {', '.join(wrong)}", state["code"])
            )
    return problems


def _search(store: Store) -> list[dict[str, str]]:
    """Every dossier stands in the search index, and nothing else does."""
    missing = store.rows(
        "SELECT code FROM dossier WHERE id NOT IN (SELECT rowid FROM dossier_search) LIMIT ?",
        (_MOST_PROBLEMS,),
    )
    extra = store.rows(
        "SELECT rowid FROM dossier_search WHERE rowid NOT IN (SELECT id FROM dossier) LIMIT ?",
        (_MOST_PROBLEMS,),
    )
    return [_problem("chưa có trong chỉ mục tìm kiếm", code) for (code,) in missing] + [
        _problem("thừa trong chỉ mục tìm kiếm", str(rowid)) for (rowid,) in extra
    ]


def _papers(store: Store) -> list[dict[str, str]]:
    """Every issued paper's frozen text is the one its event holds."""
    problems = []
    rows = store.execute(
        "SELECT p.uuid, p.facts, e.body FROM paper p LEFT JOIN event e ON e.uuid = p.event_uuid"
    )
    for uuid, facts, body in rows:
        paper = {} if body is None else json.loads(body).get("paper", {})
        if paper.get("facts") != json.loads(facts):
            problems.append(_problem("giấy tờ khác với lúc phát hành", uuid))
    return problems


_CHECKS: tuple[tuple[str, Callable[[Store], list[dict[str, str]]]], ...] = (
    ("tệp dữ liệu nguyên vẹn", _file),
    ("liên kết giữa các bảng", _references),
    ("chuỗi sự kiện không bị sửa", _chain),
    ("hồ sơ khớp với lịch sử", _rows),
    ("chỉ mục tìm kiếm đầy đủ", _search),
    ("giấy tờ khớp lúc phát hành", _papers),
)
