"""Receiving a dossier (tiếp nhận hồ sơ): what is promised, what is checked, what is saved."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from counter_app.domain.dossier import Move, PromiseKind
from counter_app.domain.facts import PERSON_FACTS, PersonFacts, Quote, Received
from counter_app.domain.history import day_number
from counter_app.domain.identity import check_phone
from counter_app.domain.moments import from_epoch, to_epoch, to_minute
from counter_app.domain.numbering import provisional_code
from counter_app.errors import ConfirmationNeededError, InputError, InputErrors
from counter_app.services import calendars, catalogue, journal, promises
from counter_app.services.intake import Tidied, tidy
from counter_app.services.settings import get_setting, set_setting
from counter_app.storage import dossiers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from counter_app.domain.catalogue import Procedure
    from counter_app.domain.facts import DossierRow, ReceiveRequest
    from counter_app.storage.database import Store

_OPEN = (
    "status IN ('received','processing','awaiting_supplement','awaiting_payment') AND is_void = 0"
)
_SAME_CITIZEN, _SAME_FIRM = (
    f"SELECT {dossiers.ROW_COLUMNS} FROM dossier WHERE office_id = 1 AND {column} = ? "  # noqa: S608
    f"AND procedure_code = ? AND {_OPEN} ORDER BY id DESC LIMIT 5"
    for column in ("citizen_id", "tax_code")
)
_DAYS_AFTER = 2  # the due day, beside which it is shown how full they are


def quote(
    store: Store,
    *,
    procedure_code: str,
    received_at: datetime,
    limit: str = "",
    competent: bool = False,
) -> Quote:
    """Answer what would be promised for a procedure at a moment, with its proof; saves nothing.

    Raises:
        NotFoundError: no such procedure.
        InputError: no limit is known, or it can't be counted.
    """
    found = catalogue.procedure(store, procedure_code, on=received_at.date())
    if not (limit or found.limit):
        raise InputError(
            "Thủ tục này chưa có thời hạn trong danh mục. Nhập thời hạn theo quyết định công bố.",
            field="limit",
        )
    held = promises.terms(store, limit=limit or found.limit, cutoff=found.cutoff)
    given = promises.answer(store, held, to_minute(received_at))
    around = () if given.due_at is None else _promised_around(store, given.due_at, received_at)
    return Quote(
        due_at=given.due_at,
        limit_words=held.limit.in_words(),
        counting=held.counting.value,
        provisional=given.provisional or competent,
        steps=given.steps,
        promised_that_day=next(
            (n for day, n in around if given.due_at is not None and day == given.due_at.date()), 0
        ),
        promised_around=around,
        day_load=get_setting(store, "day_load"),
        fee_text=found.fee.describe(),
        linked=_linked(store, found, received_at, given.due_at),
        needs_confirmation=bool({"limit", "cutoff"} & set(found.to_ask)) and not limit,
    )


def _promised_around(
    store: Store, due_at: datetime, received_at: datetime
) -> tuple[tuple[date, int], ...]:
    """Return what is promised for a day and the working days beside it, none before today."""
    calendar, due = calendars.calendar(store), due_at.date()
    days = [due]
    before = due - timedelta(days=1)
    while before > received_at.date() and not calendar.is_working_day(before):
        before -= timedelta(days=1)
    if before > received_at.date():
        days.insert(0, before)
    for _ in range(_DAYS_AFTER):
        days.append(calendar.next_working_day(days[-1]))
    first = day_number(to_epoch(due_at)) - (due - days[0]).days
    numbers = [first + (day - days[0]).days for day in days]
    counted = dict(
        store.rows(
            f"SELECT due_day, count(*) FROM dossier WHERE office_id = 1 "  # noqa: S608 - own words
            f"AND due_day BETWEEN ? AND ? AND {_OPEN} GROUP BY due_day",
            (numbers[0], numbers[-1]),
        )
    )
    return tuple((day, counted.get(number, 0)) for day, number in zip(days, numbers, strict=True))


def _linked(
    store: Store, found: Procedure, received_at: datetime, due_at: datetime | None
) -> tuple[str, ...]:
    if not found.steps:
        return ()
    from counter_app.domain.linked import outrun, standings
    from counter_app.services import linked

    steps = linked.plan_steps(
        store, found.steps, received_at=to_minute(received_at), cutoff=found.cutoff
    )
    state = {"steps": steps, "completed_at": None}
    told = [one.words for one in standings(state, now=to_epoch(received_at), boundary="day")]
    doubt = outrun(steps, None if due_at is None else to_epoch(due_at))
    return (*told, doubt) if doubt else tuple(told)


def check(store: Store, request: ReceiveRequest, *, now: datetime) -> list[InputError]:
    """Return what stands in the way of saving, field by field."""
    return tidy(store, request, now=now).errors


@lru_cache(maxsize=8)
def _period(day: date) -> str:
    return f"{day:%y%m%d}"


def receive_dossier(
    store: Store,
    request: ReceiveRequest,
    *,
    now: datetime,
    issue_receipt: bool = False,
    clock_confirmed: bool = False,
    also: Mapping[str, Any] | None = None,
) -> Received:
    """Receive a dossier: number, promise, event, row and, if asked, the receipt, all or nothing.

    ``also`` are values of the state that no request holds: the quick register's number.

    Raises:
        InputErrors: fields can't be used; nothing is saved.
        ConfirmationNeededError: the promise differs from the one that was on screen.
        ClockError: the clock stands before the last saved moment.
    """
    with store.transaction():
        if not clock_confirmed:
            journal.check_clock(store, now)
        known = tidy(store, request, now=now)
        if known.errors:
            raise InputErrors(known.errors)
        body, due_at, provisional = _promise(store, request, known)
        warnings = known.warnings + _duplicate_warnings(store, known.values)
        here = journal.desk(store)
        day = known.received_at.date()
        number = journal.take_number(store, kind="dossier", period=_period(day))
        code = provisional_code(here.counter_number, day, number)
        known.values.update(code=code, counter_name=here.counter_name, status="received")
        if also:
            known.values.update(also)
        body["set"] = {key: value for key, value in known.values.items() if value}
        boundary = get_setting(store, "boundary")
        if boundary != "day":
            body["boundary"] = boundary
        dossier_id, uuid, _, state = journal.begin_dossier(
            store,
            kind=Move.RECEIVE.value,
            at=known.values["received_at"],
            now=known.values["recorded_at"],
            by=known.values["reception_officer"],
            body=body,
        )
        remember_person(store, known.values, known.values["recorded_at"])
        _remember_units(store, known.values)
        if known.values["paper_number"]:
            from counter_app.services import outage  # only after an outage

            outage.use_number(
                store,
                known.values["paper_number"],
                dossier_id=dossier_id,
                by=known.values["reception_officer"],
                now=now,
            )
        paper_uuid = None
        if issue_receipt:
            from counter_app.services import papers  # the papers' facts aren't needed at a start

            paper_uuid, state = papers.issue_receipt_event(
                store, dossier_id=dossier_id, dossier_uuid=uuid, state=state, now=now
            )
    return Received(
        id=dossier_id,
        uuid=uuid,
        code=code,
        official_code=known.values["official_code"],
        due_at=due_at,
        provisional=provisional,
        warnings=tuple(warnings),
        paper_uuid=paper_uuid,
    )


def _promise(
    store: Store, request: ReceiveRequest, known: Tidied
) -> tuple[dict[str, Any], datetime | None, bool]:
    """Return the event's body with its promise, the due moment and whether it is provisional."""
    found = known.procedure
    if found is None:
        raise InputErrors(known.errors)
    held = promises.terms(store, limit=request.limit or found.limit, cutoff=found.cutoff)
    known.values.update(held.state)
    if found.steps:
        from counter_app.services import linked  # few procedures have steps

        known.values["steps"] = linked.plan_steps(
            store, found.steps, received_at=known.received_at, cutoff=found.cutoff
        )
    elsewhere, promised = known.values["competent_unit"], known.values.get("promised_due")
    competent_at = known.values.get("competent_at")
    base_at = known.received_at if competent_at is None else from_epoch(competent_at)
    given = promises.answer(store, held, base_at)
    if given.due_at is None:
        raise InputError("Chưa tính được ngày hẹn trả cho thủ tục này.", field="limit")
    if elsewhere and competent_at is None and promised is None:
        # Phi địa giới: the limit runs from the competent unit's receipt (NĐ 118/2025 Điều 17.3
        # as amended by NĐ 309/2026); until then the date is expected, not promised.
        known.values["expected_due_at"] = to_epoch(given.due_at)
        return {}, None, given.provisional
    due_at, own_due_at = given.due_at, None
    if promised is not None:  # the citizen holds it on paper
        due_at, own_due_at = from_epoch(promised), given.due_at
    _check_shown(request, due_at)
    body = promises.promise_body(
        store,
        PromiseKind.FIRST.value,
        due_at,
        base_at=base_at,
        provisional=given.provisional,
        reason=request.limit_reason,
        limit=held.state["limit"],
        own_due_at=own_due_at,
    )
    return {"promise": body}, due_at, given.provisional


def _check_shown(request: ReceiveRequest, due_at: datetime) -> None:
    """Nothing is promised that wasn't on screen."""
    shown = request.expected_due_at
    if shown is not None and shown != due_at:
        raise ConfirmationNeededError(
            f"Ngày hẹn trả vừa đổi từ {shown:%H:%M %d/%m/%Y} thành {due_at:%H:%M %d/%m/%Y}. "
            "Chưa lưu. Xem lại ngày hẹn rồi lưu lần nữa.",
            field="due",
        )


def _duplicate_warnings(store: Store, values: dict[str, Any]) -> list[str]:
    same = find_open_duplicates(
        store,
        citizen_id=values["citizen_id"] or "",
        tax_code=values["tax_code"] or "",
        procedure_code=values["procedure_code"],
    )
    return [
        f"Người này đang có hồ sơ {row.shown_code} cùng thủ tục, chưa xong "
        f"(nhận {row.received:%d/%m/%Y})."
        for row in same
    ]


def find_open_duplicates(
    store: Store, *, citizen_id: str, tax_code: str = "", procedure_code: str
) -> list[DossierRow]:
    """Return open dossiers of the same citizen or organisation for the same procedure."""
    found: list[DossierRow] = []
    for sql, number in ((_SAME_CITIZEN, citizen_id), (_SAME_FIRM, tax_code)):
        if number and not found:
            found = [dossiers.to_row(row) for row in store.rows(sql, (number, procedure_code))]
    return found


_BODIES = ("competent_unit", "received_unit", "helped_unit")
_MOST_UNITS = 30


def _remember_units(store: Store, values: dict[str, Any]) -> None:
    """Offer an office that was named once from then on (phi địa giới); the newest first."""
    named = [values[key] for key in _BODIES if values[key]]
    if not named:
        return
    known = list(get_setting(store, "other_units"))
    newest = list(dict.fromkeys([*named, *known]))[:_MOST_UNITS]
    if newest != known:
        set_setting(store, key="other_units", value=newest)


def remember_person(store: Store, values: Mapping[str, Any], now: int) -> None:
    """Know who came, for the next time: the number is the key."""
    number = values["citizen_id"] or values["tax_code"]
    if not number or values["id_kind"] == "birth":
        return
    facts = {key: values[key] for key in PERSON_FACTS if values[key]}
    store.execute(
        dossiers.UPSERT_PERSON,
        (number, values["phone"], values["applicant_name"], dossiers.dump(facts), now),
    )


def _person(name: str, facts: str) -> PersonFacts:
    return PersonFacts(name=name, **json.loads(facts))


def known_person(store: Store, *, number: str) -> PersonFacts | None:
    """Return who came before with this number."""
    row = store.row("SELECT name, facts FROM person WHERE number = ?", (number.strip(),))
    return None if row is None else _person(*row)


def people_by_phone(store: Store, *, phone: str) -> list[PersonFacts]:
    """Return who came before with this phone: a list to choose from, never filled in by itself."""
    try:
        phone = check_phone(phone)
    except ValueError:  # half typed: nobody yet
        return []
    rows = store.rows(
        "SELECT name, facts FROM person WHERE phone = ? ORDER BY seen_at DESC LIMIT 8",
        (phone,),
    )
    return [_person(*row) for row in rows]
