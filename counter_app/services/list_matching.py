"""Which dossier a row of a list is about: looked up for many rows at once, by code or by person."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from counter_app.domain.history import day_number
from counter_app.domain.moments import to_epoch
from counter_app.domain.numbering import CodeError, check_official_code, parse_provisional
from counter_app.domain.text import fold
from counter_app.errors import InputError, UserError
from counter_app.services.journal_batch import Held
from counter_app.services.settings import get_setting
from counter_app.storage import dossiers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from counter_app.domain.history import State
    from counter_app.domain.lists import ListRow
    from counter_app.services.list_doubts import Doubts
    from counter_app.storage.database import Store

_DAY = 86_400
_FEW = 3  # as many as a person is told of
_NUMBERS = ("citizen_id", "tax_code")
_IN_LIST = "IN (SELECT value FROM json_each(?))"
_BY_OFFICIAL = (
    f"{dossiers.SELECT_STATE}WHERE office_id = 1 AND official_code {_IN_LIST} AND is_void = 0"
)
_BY_OWN = f"{dossiers.SELECT_STATE}WHERE office_id = 1 AND code {_IN_LIST}"
# The list's persons lead; each is found by the index of numbers, never by all that came that day.
_BY_PERSON = (
    dossiers.SELECT_STATE.replace("SELECT id", "SELECT d.id").replace(
        "FROM dossier ", "FROM json_each(?) k CROSS JOIN dossier d "
    )
    + "WHERE d.office_id = 1 AND d.{} = k.value ->> 0 AND d.procedure_code = k.value ->> 1 "
    f"AND +d.received_at >= k.value ->> 2 AND +d.received_at < (k.value ->> 2) + {_DAY} "
    "AND d.is_void = 0"
)
# A row without a number: whoever came that day for that procedure; the name is compared folded.
_THAT_DAY = (
    dossiers.SELECT_STATE.replace("SELECT id", "SELECT d.id").replace(
        "FROM dossier ", "FROM json_each(?) k CROSS JOIN dossier d "
    )
    + "WHERE d.office_id = 1 AND d.procedure_code = k.value ->> 0 "
    f"AND d.received_at >= k.value ->> 1 AND d.received_at < (k.value ->> 1) + {_DAY} "
    "AND d.is_void = 0"
)


class _Person(NamedTuple):
    """By what a row without a code is matched; ``day`` is its first UTC second."""

    column: str
    number: str
    procedure_code: str
    day: int


class Matcher:
    """Finds the dossiers of rows, those included that rows before them began or changed.

    ``prepare`` reads what stands in the data for some rows at once; until ``forget`` every dossier
    is held once, so that two rows about the same one see what the other did.
    """

    def __init__(
        self, store: Store, doubts: Doubts, *, procedure_code: Callable[[ListRow], str]
    ) -> None:
        """Keep how codes are read; ``procedure_code`` tells which procedure a row means."""
        self._store = store
        self._doubts = doubts
        self._pattern = get_setting(store, "official_code_pattern")
        self._procedure_code = procedure_code
        self.forget()

    def forget(self) -> None:
        """Let go of what was read, because it was written or others may have changed it."""
        self._codes: dict[int, tuple[str, str] | UserError] = {}
        self._held: dict[int, Held] = {}
        self._official: dict[str, Held] = {}
        self._own: dict[str, Held] = {}
        self._days: dict[tuple[str, int], dict[int, Held]] = {}
        self._people: dict[str, dict[str, dict[int, Held]]] = {name: {} for name in _NUMBERS}

    # ------------------------------------------------------------------ reading

    def prepare(self, rows: Iterable[tuple[int, ListRow]]) -> None:
        """Read the dossiers that some rows may be about."""
        chosen = list(rows)
        for line, row in chosen:
            try:
                self._codes[line] = self._codes_of(row)
            except UserError as error:
                self._codes[line] = error
        told = [told for told in self._codes.values() if not isinstance(told, UserError)]
        self._read(_BY_OFFICIAL, [official for _, official in told if official])
        self._read(_BY_OWN, [own for own, _ in told if own])
        people: dict[str, list[_Person]] = {name: [] for name in _NUMBERS}
        for line, row in chosen:
            if not self._is_known(line) and (person := self._person(row)):
                people[person[0]].append(person)
        self._read(_THAT_DAY, [key for line, row in chosen if (key := self._nameless(line, row))])
        for name, some in people.items():
            self._read(_BY_PERSON.format(name), [person[1:] for person in some])

    def _codes_of(self, row: ListRow) -> tuple[str, str]:
        """Return our code and the official one that a row holds, in whichever column."""
        own = official = ""
        for text in (row.code, row.official_code):
            if not text:
                continue
            if parse_provisional(text) is not None:
                own = text.upper()
            else:
                official = self._official_of(text)
        return own, official

    def _official_of(self, text: str) -> str:
        try:
            return check_official_code(text, self._pattern)
        except CodeError as error:
            raise InputError(str(error), field="Mã hồ sơ") from error

    def _read(self, sql: str, keys: Sequence[object]) -> None:
        if not keys:
            return
        for row in self._store.rows(sql, (dossiers.dump(list(dict.fromkeys(keys))),)):
            if row[0] not in self._held:
                self.note(Held(*dossiers.state_of(row)))

    def note(self, held: Held) -> None:
        """Find a dossier from now on as it stands now."""
        state = held.state
        self._held[held.dossier_id] = held
        self._own[state["code"]] = held
        if state["official_code"] and not state["is_void"]:
            self._official[state["official_code"]] = held
        day = (state["procedure_code"], day_number(state["received_at"]))
        self._days.setdefault(day, {})[held.dossier_id] = held
        for name in _NUMBERS:
            if state[name]:
                self._people[name].setdefault(state[name], {})[held.dossier_id] = held

    # ------------------------------------------------------------------ finding

    def _is_known(self, line: int) -> bool:
        codes = self._codes[line]
        return not isinstance(codes, UserError) and (
            codes[1] in self._official or codes[0] in self._own
        )

    def find(self, line: int, row: ListRow) -> tuple[Held | None, str]:
        """Return the dossier of a row that was prepared, if there is one, and its official code.

        Raises:
            DoubtError: only a person can say which it is.
            UserError: the row's code can't be used.
        """
        codes = self._codes[line]
        if isinstance(codes, UserError):
            raise codes
        own, official = codes
        by_official = self._official.get(official) if official else None
        by_own = self._own.get(own) if own else None
        if by_official and by_own and by_official is not by_own:
            self._doubts.ask(
                by_own,
                "official_code",
                official,
                column="Mã hồ sơ",
                message=f"Mã {official} đang gắn cho hồ sơ {by_official.state['code']}, không "
                f"phải {own}. Chưa ghi dòng này.",
            )
            return by_own, ""
        if by_official or by_own:
            return by_official or by_own, official
        if own:
            raise InputError(f"Không có hồ sơ mã {own} trong dữ liệu.", field="Mã hồ sơ")
        if row.citizen_id or row.tax_code:
            return self._by_person(row, official), official
        return self._by_name(row, official), official

    def _person(self, row: ListRow) -> _Person | None:
        """Return who brought what on which day, None if the row doesn't tell all of it."""
        number, column = row.citizen_id, "citizen_id"
        if not number:
            number, column = row.tax_code, "tax_code"
        if not number or row.received_at is None or not row.procedure_code:
            return None
        day = _first_second(row.received_at)
        return _Person(column, number, self._procedure_code(row), day)

    def _nameless(self, line: int, row: ListRow) -> tuple[str, int] | None:
        """Return procedure and day of a row that tells neither a known code nor a number."""
        if row.citizen_id or row.tax_code or row.received_at is None or self._is_known(line):
            return None
        code = self._procedure_code(row)
        return (code, _first_second(row.received_at)) if code else None

    def _by_name(self, row: ListRow, official: str) -> Held | None:
        """Match by name where a row tells no number; that alone is never certain.

        Only what this very row once began is known again: the same person at the same moment.
        """
        if row.received_at is None:
            return None
        name = fold(row.applicant_name)
        day = day_number(to_epoch(row.received_at))
        that_day = self._days.get((self._procedure_code(row), day), {})
        same = [
            held
            for held in that_day.values()
            if fold(held.state["applicant_name"]) == name
            and not held.state["is_void"]
            and not (official and held.state["official_code"])
        ]
        same = sorted(same, key=attrgetter("dossier_id"))[:_FEW]
        again = [held for held in same if _began(held.state, row)]
        if len(again) == 1:
            return again[0]
        if not same:
            return None
        codes = ", ".join(held.state["official_code"] or held.state["code"] for held in same)
        message = (
            f"Dòng không có số định danh; cùng tên, cùng thủ tục, cùng ngày nhận đã có hồ sơ "
            f"{codes}. Cần người xem có phải một không; chưa ghi dòng này."
        )
        return self._doubts.choose(same, row, official, message=message)

    def _by_person(self, row: ListRow, official: str) -> Held | None:
        """Match by procedure, citizen and day of receipt; a doubtful match is for a person."""
        person = self._person(row)
        known = person and self._people[person.column].get(person.number)
        if not person or not known:
            return None
        same = [held for held in known.values() if _is_of(held.state, person)]
        same = sorted(same, key=attrgetter("dossier_id"))[:_FEW]
        free = [held for held in same if not held.state["official_code"] or not official]
        if not free:
            return None
        if len(free) > 1:
            codes = ", ".join(held.state["code"] for held in free)
            message = (
                f"Có {len(free)} hồ sơ cùng người, cùng thủ tục, cùng ngày nhận ({codes}). "
                "Cần người chọn; chưa ghi dòng này."
            )
            return self._doubts.choose(free, row, official, message=message)
        return free[0]


def _first_second(moment: datetime) -> int:
    return to_epoch(moment.replace(hour=0, minute=0, second=0))


def _began(state: State, row: ListRow) -> bool:
    """Tell whether a dossier was begun by this row, or one just like it."""
    return (
        state["source"] == "list"
        and row.received_at is not None
        and state["received_at"] == to_epoch(row.received_at)
        and state["content"] == row.content
    )


def _is_of(state: State, person: _Person) -> bool:
    return (
        state[person.column] == person.number
        and state["procedure_code"] == person.procedure_code
        and person.day <= state["received_at"] < person.day + _DAY
        and not state["is_void"]
    )
