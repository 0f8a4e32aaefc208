"""Visits that ended with a slip and no dossier: recorded, printed, looked up, and received later.

A visit's facts are events under a uuid of their own, so that they travel and are audited as a
dossier's are; the row of its table is what they add up to.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.facts import PLAIN_FIELDS, DocumentFacts, ReceiveRequest
from counter_app.domain.moments import to_epoch, to_json, to_minute
from counter_app.domain.numbering import visit_code
from counter_app.domain.papers import SlipFacts
from counter_app.domain.vietnamese import clean_line
from counter_app.domain.visits import SLIP_OF, VISIT, VISIT_LABELS, VisitFacts, VisitKind, add_up
from counter_app.errors import InputError, InputErrors, MoveRefusedError, NotFoundError
from counter_app.services import journal, reception
from counter_app.services.intake import tidy
from counter_app.services.slips import visit_slip, visit_slip_pdf
from counter_app.services.turns import check_line, check_words
from counter_app.storage import dossiers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from counter_app.domain.facts import Received
    from counter_app.storage.database import Store

_INSERT = (
    "INSERT INTO visit (uuid, office_id, code, kind, at, number, applicant_name, procedure_code, "
    "dossier_uuid) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_PERSON = ("owner_kind", *PLAIN_FIELDS, "procedure_code", "procedure_name", "sector")
# What the catalogue says of the procedure, and what is read one by one.
_NOT_ASKED = frozenset({"documents", "procedure_name", "sector"})
# What only a promise needs: a visit promises nothing.
_NOT_NEEDED = frozenset({"limit", "limit_reason", "official_code", "promised_due"})
_LONGEST_REASON = 500
_LONGEST_LINE = 300


class Recorded(NamedTuple):
    """A visit as it was saved, and what a person should look at."""

    visit: VisitFacts
    warnings: tuple[str, ...]


def record_visit(
    store: Store,
    request: ReceiveRequest,
    *,
    kind: VisitKind,
    reason: str = "",
    requirements: Sequence[str] = (),
    now: datetime,
) -> Recorded:
    """Record a visit and freeze its slip; no dossier is made and nothing is promised.

    Raises:
        InputErrors: fields can't be used; nothing is saved.
        ClockError: the clock stands before the last saved moment.
    """
    with store.transaction():
        journal.check_clock(store, now)
        person, warnings = _person(store, request, now=now)
        asked, why = _asked(requirements, reason)
        earlier = earlier_visits(store, person)
        here = journal.desk(store)
        at = to_minute(request.received_at or now)
        number = journal.take_number(store, kind=VISIT, period=f"{at:%y%m%d}")
        code = visit_code(here.counter_number, at.date(), number)
        by = clean_line(request.by)
        slip = visit_slip(
            store,
            person,
            kind=SLIP_OF[kind],
            visit_code=code,
            requirements=asked,
            reason=why,
            by=by,
            now=now,
        )
        held = {
            "code": code,
            "kind": kind.value,
            "reason": why,
            "requirements": asked,
            "person": person,
            "slip": slip.to_json(),
        }
        uuid = journal.new_uuid()
        _append(store, uuid, {"visit": held}, at=at, by=by, now=now)
        project(store, uuid)
        found = _facts(store, uuid)
    return Recorded(found, (*warnings, *(_earlier_words(one) for one in earlier)))


def _person(
    store: Store, request: ReceiveRequest, *, now: datetime
) -> tuple[dict[str, Any], list[str]]:
    known = tidy(store, replace(request, official_code=""), now=now)
    wrong = [e for e in known.errors if e.field not in _NOT_NEEDED]
    if wrong:
        raise InputErrors(wrong)
    person = {key: known.values[key] for key in _PERSON if known.values.get(key)}
    return person, [w for w in known.warnings if "Thời hạn" not in w]


def _asked(requirements: Sequence[str], reason: str) -> tuple[list[str], str]:
    asked = [
        line
        for one in requirements
        if (
            line := check_line(
                one, field="requirements", label="Mục cần bổ sung", longest=_LONGEST_LINE
            )
        )
    ]
    why = check_words(reason, field="reason", label="Lý do", longest=_LONGEST_REASON)
    if not why and not asked:
        raise InputError("Cần ghi lý do hoặc mục cần bổ sung. Chưa lưu gì.", field="reason")
    return asked, why


def _append(
    store: Store, uuid: str, body: dict[str, Any], *, at: datetime, by: str, now: datetime
) -> None:
    journal.append(
        store,
        journal.desk(store),
        dossier_uuid=uuid,
        kind=VISIT,
        at=to_epoch(at),
        now=to_epoch(now),
        by=by,
        body=body,
    )


def is_visit(store: Store, uuid: str) -> bool:
    """Tell whether the events under a uuid are a visit's."""
    row = store.row("SELECT 1 FROM event WHERE dossier_uuid = ? AND kind = ?", (uuid, VISIT))
    return row is not None


def project(store: Store, uuid: str) -> None:
    """Bring a visit's row in line with its events; part of the running transaction."""
    office_id = journal.desk(store).office_id
    store.execute("DELETE FROM visit WHERE uuid = ?", (uuid,))
    store.execute(_INSERT, (uuid, office_id, *row_of(_facts(store, uuid))))


def row_of(visit: VisitFacts) -> tuple[Any, ...]:
    """Return what the table keeps of a visit."""
    return (
        visit.code,
        visit.kind.value,
        to_epoch(visit.at),
        visit.number,
        visit.person["applicant_name"],
        visit.person["procedure_code"],
        visit.dossier_uuid,
    )


def _facts(store: Store, uuid: str) -> VisitFacts:
    return add_up(uuid, dossiers.events_of(store, uuid))


def earlier_visits(store: Store, person: dict[str, Any]) -> list[VisitFacts]:
    """Return visits of the same person for the same procedure that became no dossier yet."""
    number = person.get("citizen_id") or person.get("tax_code") or ""
    rows = store.rows(
        "SELECT uuid FROM visit WHERE office_id = 1 AND number = ? AND procedure_code = ? "
        "AND dossier_uuid = '' ORDER BY at DESC, id DESC LIMIT 20",
        (number, person["procedure_code"]),
    )
    found = [one for (uuid,) in rows if not (one := _facts(store, uuid)).void_reason]
    if number:
        return found
    # Without a number the name and the phone together say who it was.
    same = ("applicant_name", "phone")
    return [v for v in found if all(v.person.get(k, "") == person.get(k, "") for k in same)]


def _earlier_words(visit: VisitFacts) -> str:
    asked = "; ".join(visit.requirements) or visit.reason
    return (
        f"Người này đã có phiếu {visit.code} ngày {visit.at:%d/%m/%Y} cho cùng thủ tục, ghi: "
        f"{asked}. Chỉ được yêu cầu một lần, đầy đủ: xem lại phiếu cũ."
    )


def find_visit(store: Store, code: str) -> VisitFacts:
    """Return the visit with this number.

    Raises:
        NotFoundError: there is none.
    """
    text = clean_line(code).upper()
    row = store.row("SELECT uuid FROM visit WHERE code = ? ORDER BY id LIMIT 1", (text,))
    if row is None:
        raise NotFoundError(f"Không tìm thấy lượt tiếp có số “{text}”. Kiểm tra lại.", field="code")
    return _facts(store, row[0])


def visits_like(store: Store, text: str, *, limit: int) -> list[VisitFacts]:
    """Return the newest visits whose number begins like this, as it is typed."""
    wanted = clean_line(text).upper()
    rows = store.rows(
        "SELECT uuid FROM visit WHERE office_id = 1 AND code >= ? AND code < ? "
        "ORDER BY at DESC, id DESC LIMIT ?",
        (wanted, f"{wanted}~", limit),
    )
    return [_facts(store, uuid) for (uuid,) in rows]


def last_open_visit(store: Store, *, number: str) -> VisitFacts | None:
    """Return who-was-here-before's last visit that became no dossier yet."""
    rows = store.rows(
        "SELECT uuid FROM visit WHERE office_id = 1 AND number = ? AND number <> '' "
        "AND dossier_uuid = '' ORDER BY at DESC, id DESC LIMIT 20",
        (number.strip(),),
    )
    found = (_facts(store, uuid) for (uuid,) in rows)
    return next((one for one in found if not one.void_reason), None)


def print_visit(store: Store, code: str, *, kind: str = "", by: str, now: datetime) -> VisitFacts:
    """Record that a visit's slip is printed again.

    Raises:
        InputError: the visit ended with the other slip.
    """
    with store.transaction():
        journal.check_clock(store, now)
        visit = find_visit(store, code)
        if visit.void_reason:
            _check_stands(visit)
        if kind and kind != SLIP_OF[visit.kind]:
            raise InputError(
                f"Lượt {visit.code} có {VISIT_LABELS[visit.kind].lower()}: in bằng lệnh print "
                f"{SLIP_OF[visit.kind]}. Chưa in gì.",
                field="kind",
            )
        _append(
            store,
            visit.uuid,
            {"copy": visit.copies + 1},
            at=to_minute(now),
            by=clean_line(by),
            now=now,
        )
        return _facts(store, visit.uuid)


def undo_visit(store: Store, code: str, *, reason: str, by: str, now: datetime) -> VisitFacts:
    """Take a visit that was recorded by mistake back in the open; its number stays used.

    Raises:
        InputError: no reason was given.
        MoveRefusedError: it has become a dossier, or was taken back before.
    """
    with store.transaction():
        journal.check_clock(store, now)
        visit = find_visit(store, code)
        why = check_words(reason, field="reason", label="Lý do", longest=_LONGEST_REASON)
        if not why:
            raise InputError("Cần ghi lý do. Nhập lý do rồi làm lại.", field="reason")
        _check_stands(visit)
        _append(store, visit.uuid, {"void": why}, at=to_minute(now), by=clean_line(by), now=now)
        return _facts(store, visit.uuid)


def _check_stands(visit: VisitFacts) -> None:
    """Refuse a visit that was taken back or has become a dossier."""
    if visit.void_reason:
        raise MoveRefusedError(f"Lượt {visit.code} đã được hoàn tác: {visit.void_reason}.")
    if visit.dossier_uuid:
        raise MoveRefusedError(
            f"Lượt {visit.code} đã được nhận thành hồ sơ. Mở hồ sơ đó thay vì làm tiếp với lượt."
        )


def visit_pdf(store: Store, visits: Sequence[VisitFacts], *, size: str = "") -> bytes:
    """Make the PDF of visits' slips from their frozen facts."""
    slips = [replace(SlipFacts.from_json(one.slip), reprint_count=one.copies) for one in visits]
    return visit_slip_pdf(store, slips, size=size)


def request_of(visit: VisitFacts, **values: Any) -> ReceiveRequest:  # noqa: ANN401 - request fields
    """Return the request that a visit was about, with what is known better now."""
    held = {k: v for k, v in visit.person.items() if k not in _NOT_ASKED}
    held = {k: (str(v) if k in {"birth_date", "sex"} else v) for k, v in held.items()}
    documents = tuple(DocumentFacts(**one) for one in visit.person.get("documents", ()))
    known = {k: v for k, v in values.items() if v not in ("", None, ())}
    return ReceiveRequest(**{"documents": documents, **held, **known})


def receive_from_visit(
    store: Store,
    code: str,
    request: ReceiveRequest,
    *,
    now: datetime,
    issue_receipt: bool = False,
    clock_confirmed: bool = False,
) -> Received:
    """Receive the dossier that a visit has become; both say so."""
    with store.transaction():
        visit = find_visit(store, code)
        _check_stands(visit)
        received = reception.receive_dossier(
            store,
            request,
            now=now,
            issue_receipt=issue_receipt,
            clock_confirmed=clock_confirmed,
            also={"visit_code": visit.code},
        )
        _append(
            store,
            visit.uuid,
            {"became": received.uuid},
            at=to_minute(now),
            by=clean_line(request.by),
            now=now,
        )
        project(store, visit.uuid)
    return received


def tally(
    store: Store, *, first_at: int, last_at: int, key: str | None = None
) -> dict[str, dict[str, int]]:
    """Count visits of a period by kind, in groups as a report's: all in one without a key.

    ``key`` is ``sector``, ``procedure``, ``officer``, ``channel`` or ``office``; moments are UTC
    seconds, both included.
    """
    rows = store.rows(
        'SELECT v.kind, v.office_id, v.procedure_code, e."by", e.body, v.uuid FROM visit v '
        "JOIN event e ON e.dossier_uuid = v.uuid WHERE v.office_id = 1 AND v.at BETWEEN ? AND ?",
        (first_at, last_at),
    )
    bodies = [(*row[:4], json.loads(row[4]), row[5]) for row in rows]
    undone = {uuid for *_, body, uuid in bodies if "void" in body}
    found: dict[str, dict[str, int]] = {}
    for kind, office_id, procedure_code, by, body, uuid in bodies:
        held = body.get("visit")
        if held is None or uuid in undone:  # a reprint, or what it became
            continue
        person = held["person"]
        group = {
            None: "",
            "sector": person.get("sector", ""),
            "procedure": procedure_code,
            "officer": by,
            "channel": person.get("channel", ""),
            "office": str(office_id),
        }[key]
        counts = found.setdefault(group, {})
        counts[kind] = counts.get(kind, 0) + 1
    return found


def visit_json(store: Store, visit: VisitFacts) -> dict[str, Any]:
    """Return a visit as the command line prints it."""
    row = store.row("SELECT code FROM dossier WHERE uuid = ?", (visit.dossier_uuid,))
    data = {
        "uuid": visit.uuid,
        "code": visit.code,
        "kind": visit.kind.value,
        "at": to_json(visit.at),
        "recorded_at": to_json(visit.recorded_at),
        "by": visit.by,
        "counter": visit.counter,
        "reason": visit.reason,
        "requirements": list(visit.requirements),
        "copies": visit.copies,
        "void_reason": visit.void_reason,
        "dossier_code": None if row is None else row[0],
    }
    names = ("procedure_code", "procedure_name", "applicant_name", "citizen_id", "phone")
    return data | {key: visit.person.get(key) for key in names}
