"""Checks of the data: the file, the chain of events, the rows against their events."""

from __future__ import annotations

import contextlib
import json
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from counter_app.domain.dossier import Move
from counter_app.domain.doubts import DOUBT
from counter_app.domain.erasing import ERASE
from counter_app.domain.facts import CheckResult
from counter_app.domain.history import BROKEN
from counter_app.domain.merge import RESOLVE
from counter_app.domain.unit_sheet import LISTED
from counter_app.domain.visits import VISIT
from counter_app.errors import DataFileError, UserError
from counter_app.services import (
    board,
    chain,
    decisions,
    given_numbers,
    journal,
    outside,
    search_index,
    standings,
)
from counter_app.services.merged import expected_state
from counter_app.storage import dossiers
from counter_app.storage.backup import integrity
from counter_app.storage.faults import errors, translated
from counter_app.storage.seal_key import LOG

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from counter_app.domain.history import State
    from counter_app.storage.database import Store

    Problem = dict[str, str]

_MOST_PROBLEMS = 100
FILES = "tệp đính kèm còn nguyên"
_CHAIN = "chuỗi sự kiện không bị sửa"
_LOG = "nhật ký không bị sửa"
_DECIDED = "cài đặt, danh mục, danh sách và sổ không bị sửa từ bên ngoài"
_MEND = "Khôi phục từ bản sao lưu gần nhất hoặc gọi người hỗ trợ."
_MEND_LOG = "Giữ nguyên tệp dữ liệu và báo người phụ trách: có người sửa từ bên ngoài."
_MEND_SEARCH = "Lập lại chỉ mục: lệnh check --rebuild-search. Hồ sơ không bị động đến."


def run_checks(
    store: Store, *, is_quick: bool = False, leave_out: Collection[str] = ()
) -> list[CheckResult]:
    """Run every check; each names what doesn't hold, where, and how to mend it.

    Args:
        store: the open data.
        is_quick: follow the chain from its sealed checkpoint on and leave out what adds every
            history up again; for a look in the background.
        leave_out: checks that would look for what isn't there, as the files beside a copy.
    """
    # Before the moment that is read: what was saved since is longer than the anchor says.
    anchor = outside.read(store)
    sealed = chain.sealed(store)
    start = sealed if is_quick else None
    with store.snapshot():
        found = [
            _run("dữ liệu khớp với neo ở thư mục khác", lambda s: _anchored(s, anchor), store),
            _run(_CHAIN, lambda s: _chain(s, start, sealed), store),
            _run(_LOG, lambda s: _audit(s, start), store),
            _run(_DECIDED, lambda s: _decisions(s, anchor), store),
        ]
        checks = _QUICK_CHECKS if is_quick else _CHECKS
        found += [_run(name, check, store) for name, check in checks if name not in leave_out]
        heads = chain.heads_of(store) if all(result.ok for result in found) else None
    if heads:
        with contextlib.suppress(UserError, OSError):
            # What can't be sealed is followed from its beginning again, and the first check has
            # told about the folder.
            chain.seal(store, heads)
    return found


def _anchored(store: Store, anchor: outside.Outside) -> Iterator[Problem]:
    """The data hold what the last save left, and no page changed while the program was closed."""
    if anchor.problem:
        what = f"không ghi được neo: {anchor.problem}"
        yield _problem(what, "thư mục neo", outside.MEND_FOLDER)
    for what, where in outside.differing(store, anchor):
        yield _problem(what, where)


def _run(name: str, check: Callable[[Store], Iterator[Problem]], store: Store) -> CheckResult:
    problems: list[Problem] = []
    try:
        with translated(store.path):
            problems += islice(check(store), _MOST_PROBLEMS)
    except DataFileError as error:
        # A damaged page is what a check is there to find; the other checks go on.
        problems.append(_problem(error.message, "tệp dữ liệu"))
    except errors():
        # A text whose bytes were turned over is no text any more; the driver says so without code.
        problems.append(_problem("có chữ hoặc số không đọc được", "tệp dữ liệu"))
    except BROKEN:
        problems.append(_problem("có giá trị không đúng dạng", "tệp dữ liệu"))
    return CheckResult(name, ok=not problems, problems=tuple(problems))


def _problem(what: str, where: str, mend: str = _MEND) -> Problem:
    return {"what": what.rstrip("."), "where": where, "mend": mend}


def _file(store: Store) -> Iterator[Problem]:
    for text in integrity(store.path, store.key):
        yield _problem(f"cấu trúc tệp hỏng: {text}", "tệp dữ liệu")


def _references(store: Store) -> Iterator[Problem]:
    for row in store.rows("PRAGMA foreign_key_check"):
        yield _problem(f"dòng {row[1]} trỏ tới dòng không có", str(row[0]))
    for where in given_numbers.other_ids(store):
        yield _problem("số nội bộ không phải của sự kiện", where)


def _chain(
    store: Store, start: chain.Heads | None, sealed: chain.Heads | None
) -> Iterator[Problem]:
    """Follow each chain and compare every link, and the last sealed ones by themselves."""
    if start is None:
        for what, where in chain.differing(store, sealed or {}):
            yield _problem(what, where)
    for what, where in chain.follow(store, start=start):
        yield _problem(what, where)


def _key_file(store: Store) -> Iterator[Problem]:
    """Encrypted data have the file by which they can be unlocked, and their files lie as they do.

    Without it the next start would find data that nobody can open any more.
    """
    if store.key is None:
        return
    from counter_app.services import encryption

    try:
        left = encryption.status(store).other_files
    except DataFileError:
        yield _problem(
            "tệp khóa của dữ liệu mã hóa mất hoặc hỏng",
            "tệp khoa-….key",
            "Chép lại tệp đó từ thư mục sao lưu trước khi đóng chương trình.",
        )
        return
    if left:
        yield _problem(
            f"{left} tệp đính kèm không được mã hóa như dữ liệu",
            "attachments",
            "Mở Cài đặt, mục Dữ liệu, Mã hóa dữ liệu để mã hóa nốt; hoặc chạy lệnh encrypt on.",
        )


def _erasures(store: Store) -> Iterator[Problem]:
    """What was to be removed of a person is gone."""
    from counter_app.services import erased_files
    from counter_app.services.erasing import Erased

    for sha256, _ in sorted(erased_files.waiting(store)):
        yield _problem(
            "còn tệp của người đã xóa dữ liệu", sha256, "Đóng chương trình đang mở tệp rồi mở lại."
        )
    for uuid in Erased(store).left(store):
        yield _problem("còn dữ liệu cá nhân phải xóa", uuid, "Gọi người hỗ trợ.")


def _audit(store: Store, start: chain.Heads | None) -> Iterator[Problem]:
    """Follow the audit log from its first line, or its sealed one, and compare every link."""
    from counter_app.services import audit  # only a check reads it whole

    sealed = (start or {}).get((LOG, 0), (0, bytes(32)))
    try:
        for what, where in audit.broken(store, start=sealed):
            yield _problem(what, f"nhật ký, {where}", _MEND_LOG)
    except BROKEN:
        yield _problem("không đọc lại được nhật ký", "nhật ký", _MEND_LOG)


def _decisions(store: Store, anchor: outside.Outside) -> Iterator[Problem]:
    """What has no events stands as it was written through the program."""
    for what, where in decisions.differing(store, anchor.decided_marks):
        yield _problem(what, where, _MEND_LOG if what in decisions.ROW_KINDS else decisions.MEND)


def _people(store: Store) -> Iterator[Problem]:
    """Who is known is as his dossiers told, and nobody is missing."""
    from counter_app.services import known_people  # only a check reads them whole

    for what, where in known_people.differing(store):
        yield _problem(what, where, known_people.MEND)


_KINDS = (*(move.value for move in Move), DOUBT, ERASE, LISTED, RESOLVE, VISIT)


def _rows(store: Store) -> Iterator[Problem]:
    """Add every history up again and compare it with the row."""
    for dossier_id, uuid, code in store.rows("SELECT id, uuid, code FROM dossier ORDER BY id"):
        try:
            wrong = _differences(store, dossier_id, uuid)
        except BROKEN:
            yield _problem("không đọc lại được lịch sử của hồ sơ", code)
            continue
        if wrong:
            yield _problem(f"dòng hiện tại khác lịch sử ở: {', '.join(wrong)}", code)
    lost = store.rows(
        "SELECT DISTINCT dossier_uuid FROM event "  # noqa: S608 - marks only
        "WHERE dossier_uuid NOT IN (SELECT uuid FROM dossier) "
        "AND dossier_uuid NOT IN (SELECT uuid FROM visit) "
        # What only a later program knows is kept for it, and no dossier here.
        f"AND kind IN ({','.join('?' * len(_KINDS))}) LIMIT ?",
        (*_KINDS, _MOST_PROBLEMS),
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
    promised = [journal.promise_row(1, dossier_id, e) for e in events if e.body.get("promise")]
    stored = store.rows(dossiers.SELECT_PROMISES, (dossier_id,))
    by_event = itemgetter(1)
    promised = sorted((row[1:] for row in promised), key=by_event)
    return wrong if promised == sorted(stored, key=by_event) else [*wrong, "lời hẹn"]


def differing_dossiers(store: Store) -> list[str]:
    """Return the dossiers whose row isn't what their history says, by uuid."""
    found = []
    for dossier_id, uuid in store.rows("SELECT id, uuid FROM dossier ORDER BY id"):
        try:
            differs = bool(_differences(store, dossier_id, uuid))
        except BROKEN:
            differs = True
        if differs:
            found.append(uuid)
    return found


def _numbers(store: Store) -> Iterator[Problem]:
    """No number that was given stands above its series, or it would be given again."""
    for code in given_numbers.above_series(store):
        yield _problem("số này có thể bị cấp lại lần nữa", code)
    for what, where in given_numbers.wrong_ends(store):
        yield _problem(what, where)


def _reserved(store: Store) -> Iterator[Problem]:
    """Every number reserved for an outage is open, closed with its reason, or its dossier's."""
    for number in given_numbers.wrongly_reserved(store):
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
    """Every issued paper is the one its event holds, printed as often, and none has gone."""
    copies: dict[str, int] = {}
    # The papers that were issued, and the further copies, by the events that tell of them.
    for uuid, body in store.execute(
        "SELECT e.uuid, e.body FROM event e LEFT JOIN paper p ON p.event_uuid = e.uuid "
        "WHERE e.kind = 'print' AND p.uuid IS NULL"
    ):
        try:
            paper = _paper_of(body)
            is_gone = "facts" in paper
            if "copy" in paper:
                copies[paper["uuid"]] = max(paper["copy"], copies.get(paper["uuid"], 0))
        except BROKEN:
            is_gone = True
        if is_gone:
            yield _problem("giấy tờ đã phát hành không còn trong dữ liệu", uuid)
    for uuid, code, facts, body, *kept in store.execute(_PAPERS):
        try:
            paper = _paper_of(body)
            told = [paper["kind"], paper.get("letter", ""), paper.get("number", "")]
            told += [copies.get(paper["uuid"], 0), True, True, True]
            same = kept == told and json.loads(facts) == paper["facts"] and uuid == paper["uuid"]
        except BROKEN:
            same = False
        if not same:
            yield _problem("giấy tờ khác với lúc phát hành", f"{uuid}, hồ sơ {code}")


_PAPERS = (
    "SELECT p.uuid, d.code, p.facts, e.body, p.kind, p.letter, p.number, p.copies, "
    'p.issued_at = e.recorded_at, p.officer = e."by", d.uuid = e.dossier_uuid '
    "FROM paper p LEFT JOIN event e ON e.uuid = p.event_uuid "
    "LEFT JOIN dossier d ON d.id = p.dossier_id"
)


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
    for where in given_numbers.broken_registers(store):
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
        except BROKEN:
            same = False
        if not same:
            yield _problem("lượt tiếp khác với lịch sử", str(kept[0]))


def _files(store: Store) -> Iterator[Problem]:
    """Every attached file is there and is the one its hash names."""
    from counter_app.services.attachments import damaged_files

    holding = (state for state in readable_states(store) if state["attachments"])
    for what, code in damaged_files(store, holding):
        yield _problem(what, code, "Chép lại tệp từ bản sao lưu hoặc quét lại giấy tờ.")


def readable_states(store: Store) -> Iterator[State]:
    """Yield the rows that can be read; the others are told by their own check."""
    for row in store.execute(dossiers.SELECT_STATE + "ORDER BY id"):
        with contextlib.suppress(*BROKEN):
            yield dossiers.state_of(row)[2]


def _paper_of(body: str | None) -> dict[str, Any]:
    paper = json.loads(body or "{}").get("paper", {})
    return paper if isinstance(paper, dict) else {}


def _frozen(store: Store) -> Iterator[Problem]:
    """Every report that was handed in is as it was, its figures those of its lists."""
    from counter_app.services import frozen_reports

    for what, where in frozen_reports.broken(store):
        yield _problem(what, where)


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
    ("tệp khóa của dữ liệu mã hóa", _key_file),
    ("liên kết giữa các bảng", _references),
    ("dữ liệu cá nhân phải xóa đã xóa", _erasures),
    ("hồ sơ khớp với lịch sử", _rows),
    ("số hồ sơ không cấp hai lần", _numbers),
    ("số giấy giữ trước không mất, không dùng hai lần", _reserved),
    ("chỉ mục tìm kiếm đầy đủ", _search),
    ("giấy tờ khớp lúc phát hành", _papers),
    ("lời văn của giấy tờ còn đủ", _wordings),
    ("số thứ tự sổ theo dõi liên tục", _register),
    (FILES, _files),
    ("người đã biết khớp với hồ sơ", _people),
    ("lượt không nhận hồ sơ khớp với lịch sử", _visits),
    ("số liệu báo cáo khớp với lịch sử", _pieces),
    ("số cộng dồn theo tháng khớp khi đếm lại", _sums),
    ("số đang giải quyết khớp khi đếm lại", _load),
    ("báo cáo đã chốt còn nguyên", _frozen),
)
_QUICK = (_file, _references, _numbers, _reserved)
_QUICK_CHECKS = tuple((name, check) for name, check in _CHECKS if check in _QUICK)
