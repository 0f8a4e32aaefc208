"""Checks of the data: the file, the chain of events, the rows against their events."""

from __future__ import annotations

import contextlib
import json
from itertools import islice
from typing import TYPE_CHECKING, Any

from counter_app.domain.facts import CheckResult
from counter_app.domain.history import Event
from counter_app.errors import DataFileError, UserError
from counter_app.services import board, journal, search_index, standings
from counter_app.services.merged import expected_state
from counter_app.storage import dossiers
from counter_app.storage.backup import integrity
from counter_app.storage.faults import translated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from counter_app.domain.history import State
    from counter_app.storage.database import Store

    Problem = dict[str, str]

_MOST_PROBLEMS = 100
_MEND = "Khôi phục từ bản sao lưu gần nhất hoặc gọi người hỗ trợ."
_MEND_SEARCH = "Lập lại chỉ mục: lệnh check --rebuild-search. Hồ sơ không bị động đến."
# What adding up a history that somebody has edited may stumble over.
_BROKEN = (ValueError, KeyError, TypeError, IndexError, AttributeError)


def run_checks(store: Store) -> list[CheckResult]:
    """Run every check; each names what doesn't hold, where, and how to mend it."""
    with store.snapshot():
        return [_run(name, check, store) for name, check in _CHECKS]


def _run(name: str, check: Callable[[Store], Iterator[Problem]], store: Store) -> CheckResult:
    problems: list[Problem] = []
    try:
        with translated(store.path):
            problems += islice(check(store), _MOST_PROBLEMS)
    except DataFileError as error:
        # A damaged page is what a check is there to find; the other checks go on.
        problems.append(_problem(error.message, "tệp dữ liệu"))
    return CheckResult(name, ok=not problems, problems=tuple(problems))


def _problem(what: str, where: str, mend: str = _MEND) -> Problem:
    return {"what": what.rstrip("."), "where": where, "mend": mend}


def _file(store: Store) -> Iterator[Problem]:
    for text in integrity(store.path):
        yield _problem(f"cấu trúc tệp hỏng: {text}", "tệp dữ liệu")


def _references(store: Store) -> Iterator[Problem]:
    for row in store.rows("PRAGMA foreign_key_check"):
        yield _problem(f"dòng {row[1]} trỏ tới dòng không có", str(row[0]))


def _chain(store: Store) -> Iterator[Problem]:
    """Follow each chain from its beginning and compare every link."""
    heads = {
        (origin, epoch): base
        for origin, epoch, base in store.rows("SELECT origin, epoch, base_hash FROM knownchain")
    }
    sequence: dict[tuple[str, int], int] = {}
    rows = store.execute(
        'SELECT uuid, origin, epoch, sequence, lamport, kind, at, recorded_at, "by", counter, '
        "body, salt, body_hash, head_hash, dossier_uuid, seen FROM event "
        "ORDER BY origin, epoch, sequence"
    )
    for row in rows:
        text, salt, hashed, head, dossier_uuid, seen = row[10:]
        event = Event._make((*row[:10], {}))
        place = (event.origin, event.epoch)
        if event.sequence != sequence.get(place, 0) + 1:
            yield _problem("thiếu sự kiện trong chuỗi", f"{event.origin}/{event.sequence}")
        if journal.body_hash(salt, text) != hashed:
            yield _problem("nội dung sự kiện bị sửa từ bên ngoài", event.uuid)
        told = journal.head_text(event, dossier_uuid, seen)
        if journal.head_hash(heads.get(place, bytes(32)), told, hashed) != head:
            yield _problem("mắt xích của chuỗi bị sửa từ bên ngoài", event.uuid)
        heads[place] = head
        sequence[place] = event.sequence
    here = store.row("SELECT uuid, epoch, head_hash FROM installation WHERE is_self = 1")
    if here is not None and heads.get(here[:2], bytes(32)) != here[2]:
        yield _problem("mất các sự kiện cuối của chuỗi", here[0])


def _rows(store: Store) -> Iterator[Problem]:
    """Add every history up again and compare it with the row."""
    for dossier_id, uuid, code in store.rows("SELECT id, uuid, code FROM dossier ORDER BY id"):
        try:
            wrong = _differences(store, dossier_id, uuid)
        except _BROKEN:
            yield _problem("không đọc lại được lịch sử của hồ sơ", code)
            continue
        if wrong:
            yield _problem(f"dòng hiện tại khác lịch sử ở: {', '.join(wrong)}", code)
    lost = store.rows(
        "SELECT DISTINCT dossier_uuid FROM event "
        "WHERE dossier_uuid NOT IN (SELECT uuid FROM dossier) "
        "AND dossier_uuid NOT IN (SELECT uuid FROM visit) LIMIT ?",
        (_MOST_PROBLEMS,),
    )
    for (uuid,) in lost:
        yield _problem("có lịch sử nhưng mất dòng hồ sơ", uuid)


def _differences(store: Store, dossier_id: int, uuid: str) -> list[str]:
    """Name the columns of a row, and its promises, that its events say otherwise."""
    row = store.row(dossiers.SELECT_STATE + "WHERE id = ?", (dossier_id,))
    events = dossiers.events_of(store, uuid)
    state = dossiers.state_of(row or ())[2]
    expected = expected_state(store, uuid)
    wrong = [key for key in expected if expected[key] != state[key]]
    promised = [
        (e.uuid, e.body["promise"]["kind"], e.body["promise"]["due_at"])
        for e in events
        if e.body.get("promise")
    ]
    stored = store.rows(
        "SELECT event_uuid, kind, due_at FROM promise WHERE dossier_id = ?", (dossier_id,)
    )
    return wrong if sorted(promised) == sorted(stored) else [*wrong, "lời hẹn"]


def _numbers(store: Store) -> Iterator[Problem]:
    """No number that was given stands above its series, or it would be given again."""
    rows = store.rows(
        "SELECT d.code FROM dossier d JOIN installation i ON i.is_self = 1 "
        "LEFT JOIN series s ON s.installation_id = i.id AND s.kind = 'dossier' "
        "AND s.period = substr(d.code, 8, 6) "
        "WHERE d.code GLOB printf('TAM-%02d-[0-9][0-9][0-9][0-9][0-9][0-9]-*', i.counter_number) "
        "AND CAST(substr(d.code, 15) AS INTEGER) > coalesce(s.last, 0) LIMIT ?",
        (_MOST_PROBLEMS,),
    )
    for (code,) in rows:
        yield _problem("số này có thể bị cấp lại lần nữa", code)


def _reserved(store: Store) -> Iterator[Problem]:
    """Every number reserved for an outage is open, closed with its reason, or its dossier's."""
    rows = store.rows(
        "SELECT r.number FROM reservednumber r LEFT JOIN dossier d ON d.id = r.dossier_id "
        "WHERE (r.state = 'used') <> (d.id IS NOT NULL) "
        "OR (r.state = 'closed' AND r.reason = '') "
        "OR (r.state = 'used' AND json_extract(d.details, '$.paper_number') <> r.number) LIMIT ?",
        (_MOST_PROBLEMS,),
    )
    for (number,) in rows:
        yield _problem("số giấy giữ trước không khớp với hồ sơ của nó", number)


def _search(store: Store) -> Iterator[Problem]:
    """Every dossier stands in the search index under its own words, and nothing else does."""
    missing = store.rows(
        "SELECT code FROM dossier WHERE id NOT IN (SELECT rowid FROM dossier_search) LIMIT ?",
        (_MOST_PROBLEMS,),
    )
    extra = store.rows(
        "SELECT rowid FROM dossier_search WHERE rowid NOT IN (SELECT id FROM dossier) LIMIT ?",
        (_MOST_PROBLEMS,),
    )
    for (code,) in missing:
        yield _problem("chưa có trong chỉ mục tìm kiếm", code, _MEND_SEARCH)
    for (rowid,) in extra:
        yield _problem("thừa trong chỉ mục tìm kiếm", str(rowid), _MEND_SEARCH)
    if missing or extra:
        return
    for code in search_index.differing(store):
        yield _problem("chỉ mục tìm kiếm ghi khác hồ sơ", code, _MEND_SEARCH)
    for code in search_index.missing_name_words(store):
        yield _problem("thiếu chữ trong bảng tên để tìm khi gõ nhầm", code, _MEND_SEARCH)


def _load(store: Store) -> Iterator[Problem]:
    """The sums of open dossiers by day, unit and officer equal a recount."""
    for place in board.differing_load(store):
        yield _problem("số đang giải quyết khác khi đếm lại", place)


def _papers(store: Store) -> Iterator[Problem]:
    """Every issued paper's frozen text is the one its event holds, and none has gone."""
    rows = store.execute(
        "SELECT p.uuid, p.facts, e.body FROM paper p LEFT JOIN event e ON e.uuid = p.event_uuid"
    )
    for uuid, facts, body in rows:
        try:
            same = body is not None and _paper_of(body).get("facts") == json.loads(facts)
        except _BROKEN:
            same = False
        if not same:
            yield _problem("giấy tờ khác với lúc phát hành", uuid)
    # The papers that were issued, by the events that issued them.
    issuing = store.execute(
        "SELECT e.uuid, e.body FROM event e LEFT JOIN paper p ON p.event_uuid = e.uuid "
        "WHERE e.kind = 'print' AND p.uuid IS NULL"
    )
    for uuid, body in issuing:
        try:
            is_gone = "facts" in _paper_of(body)
        except _BROKEN:
            is_gone = True
        if is_gone:
            yield _problem("giấy tờ đã phát hành không còn trong dữ liệu", uuid)


def _wordings(store: Store) -> Iterator[Problem]:
    """Every issued paper's wording is here and whole, so that it can be printed again."""
    from counter_app.services.paper_events import wordings

    try:
        known = wordings(store).forms
    except UserError as error:
        yield _problem(error.message, "lời văn biểu mẫu")
        return
    used = store.rows(
        "SELECT json_extract(facts, '$.wording_version'), count(*) FROM paper "
        "WHERE json_valid(facts) GROUP BY 1"
    )
    for version, count in used:
        if version not in known:
            yield _problem(f"{count} giấy tờ dùng lời văn không còn trong dữ liệu", str(version))


def _register(store: Store) -> Iterator[Problem]:
    """A register's numbers run from 1 on without a gap."""
    rows = store.rows(
        "SELECT book, year, min(number), max(number), count(*) FROM registerentry "
        "GROUP BY office_id, book, year"
    )
    for book, year, first, last, count in rows:
        if (first, last) != (1, count):
            where = f"sổ theo dõi năm {year}{f', {book}' if book else ''}"
            yield _problem("số thứ tự trong sổ không liên tục", where)


def _visits(store: Store) -> Iterator[Problem]:
    """Every visit's row is what its events add up to."""
    from counter_app.domain.visits import add_up
    from counter_app.services.visits import row_of

    rows = store.rows(
        "SELECT uuid, code, kind, at, number, applicant_name, procedure_code, dossier_uuid "
        "FROM visit ORDER BY id"
    )
    for uuid, *kept in rows:
        try:
            same = tuple(kept) == row_of(add_up(uuid, dossiers.events_of(store, uuid)))
        except _BROKEN:
            same = False
        if not same:
            yield _problem("lượt tiếp khác với lịch sử", str(kept[0]))


def _files(store: Store) -> Iterator[Problem]:
    """Every attached file is there and is the one its hash names."""
    from counter_app.services.attachments import damaged_files

    holding = (state for state in _readable_states(store) if state["attachments"])
    for what, code in damaged_files(store, holding):
        yield _problem(what, code, "Chép lại tệp từ bản sao lưu hoặc quét lại giấy tờ.")


def _readable_states(store: Store) -> Iterator[State]:
    """Yield the rows that can be read; the others are told by their own check."""
    for row in store.execute(dossiers.SELECT_STATE + "ORDER BY id"):
        with contextlib.suppress(*_BROKEN):
            yield dossiers.state_of(row)[2]


def _paper_of(body: str) -> dict[str, Any]:
    paper = json.loads(body).get("paper", {})
    return paper if isinstance(paper, dict) else {}


def _pieces(store: Store) -> Iterator[Problem]:
    """Every piece of a life that figures count is what its events say."""
    for code in standings.differing_lives(store):
        yield _problem("cách tính trong báo cáo khác lịch sử", code)


def _sums(store: Store) -> Iterator[Problem]:
    """The monthly sums equal a recount."""
    for place in standings.differing_sums(store):
        yield _problem("số cộng dồn khác khi đếm lại", place)


_CHECKS: tuple[tuple[str, Callable[[Store], Iterator[Problem]]], ...] = (
    ("tệp dữ liệu nguyên vẹn", _file),
    ("liên kết giữa các bảng", _references),
    ("chuỗi sự kiện không bị sửa", _chain),
    ("hồ sơ khớp với lịch sử", _rows),
    ("số hồ sơ không cấp hai lần", _numbers),
    ("số giấy giữ trước không mất, không dùng hai lần", _reserved),
    ("chỉ mục tìm kiếm đầy đủ", _search),
    ("giấy tờ khớp lúc phát hành", _papers),
    ("lời văn của giấy tờ còn đủ", _wordings),
    ("số thứ tự sổ theo dõi liên tục", _register),
    ("tệp đính kèm còn nguyên", _files),
    ("lượt không nhận hồ sơ khớp với lịch sử", _visits),
    ("số liệu báo cáo khớp với lịch sử", _pieces),
    ("số cộng dồn theo tháng khớp khi đếm lại", _sums),
    ("số đang giải quyết khớp khi đếm lại", _load),
)
