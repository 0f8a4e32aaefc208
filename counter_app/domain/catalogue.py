"""The catalogue of procedures (danh mục thủ tục hành chính): frozen facts, read from plain data.

Limits, cut-offs and fees are law and practice, so they are data with a source and a date. What is
not certain is named in ``unconfirmed``: the first use asks the office for the value and the number
of the decision it stands in, once; ``confirm`` then makes the office's own version.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from counter_app.domain.catalogue_search import CatalogueIndex, match_procedures
from counter_app.domain.cells import (
    Entry,
    read_date,
    read_flag,
    read_list,
    read_number,
    read_object,
    read_objects,
    read_text,
)
from counter_app.errors import InputError, InputErrors

__all__ = [
    "CUTOFF_PATTERN",
    "DOCUMENT_KINDS",
    "FREE",
    "LIMIT_PATTERN",
    "CatalogueIndex",
    "Fee",
    "LinkedStep",
    "Procedure",
    "RequiredDocument",
    "Sector",
    "base_code",
    "confirm",
    "in_force",
    "latest",
    "match_procedures",
    "parse_procedures",
    "parse_sectors",
    "to_dict",
]

LIMIT_PATTERN = re.compile(r"0wd|[1-9]\d{0,3}(?:wd|cd|mo|h|m|ch)", re.ASCII)
CUTOFF_PATTERN = re.compile(
    r"none|next-day-(?:result|start)(?:@(?:[01]\d|2[0-3]):[0-5]\d)?", re.ASCII
)
# Wider than the national form d.dddddd: provinces add suffixes and own codes, kept as they are.
_CODE_PATTERN = re.compile(r"[0-9A-Z][0-9A-Z.\-]{0,39}")
_LOCAL_SUFFIX = re.compile(r"^(\d\.\d{6})\.[0-9A-Z.]+$")

DOCUMENT_KINDS = {
    "form": "Tờ khai, đơn theo mẫu",
    "submit": "Nộp",
    "present": "Xuất trình",  # shown and given back; needs no scan (TT 03/2025 Điều 5)
}
ASKED_FIELDS = ("limit", "cutoff", "fee", "steps")  # what the first use asks the office for
FREE = "Không thu"
_PROMISE_FIELDS = frozenset({"limit", "cutoff"})
_KNOWN_FIELDS = ("name", "sector", "unit", "limit", "cutoff", "fee", "required_documents", "steps")
_DEFAULT_FROM = date(2025, 7, 1)  # two-level local government begins; older shipped facts are none


class RequiredDocument(NamedTuple):
    """One paper that a procedure asks for (thành phần hồ sơ)."""

    name: str
    kind: str = "submit"
    originals: int = 0
    copies: int = 0
    required: bool = True

    @property
    def kind_label(self) -> str:
        """What a clerk reads; a list from elsewhere may bring words of its own."""
        return DOCUMENT_KINDS.get(self.kind, self.kind)


class LinkedStep(NamedTuple):
    """One step of linked procedures (liên thông): whose it is and how long it may take.

    Its limit runs from the end of the step before, or from receipt where ``is_parallel``. An empty
    limit isn't known: the step has no date of its own, only the whole has.
    """

    name: str
    unit: str = ""
    limit: str = ""
    is_parallel: bool = False
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Fee:
    """What a procedure costs (phí, lệ phí) in đồng; ``amount`` None is unknown, 0 is free.

    ``source`` and ``valid_from`` name the act that sets it, where that isn't the procedure's own.
    """

    amount: int | None = None
    per: str = ""
    cap: int | None = None
    exemptions: tuple[str, ...] = ()
    further_from: int | None = None
    further_amount: int | None = None
    note: str = ""
    source: str = ""
    valid_from: date | None = None

    def total(self, count: int = 1) -> int | None:
        """Return the sum for ``count`` pages, copies or cases of one set, never above the cap.

        >>> Fee(2000, "trang", 200_000, further_from=3, further_amount=1000).total(4)
        6000
        """
        if self.amount is None:
            return None
        first, rest = count, 0
        if self.further_from is not None and self.further_amount is not None:
            first = min(count, max(0, self.further_from - 1))
            rest = (count - first) * self.further_amount
        total = first * self.amount + rest
        return total if self.cap is None else min(total, self.cap)

    def describe(self) -> str:
        """Say the fee as a notice board does; empty when the amount is unknown."""
        if self.amount is None:
            return ""
        if self.amount == 0:
            return FREE
        per = f"/{self.per}" if self.per else ""
        text = f"{_money(self.amount)}{per}"
        if self.further_from is not None and self.further_amount is not None:
            text += f", từ {self.per} thứ {self.further_from}: {_money(self.further_amount)}{per}"
        if self.cap is not None:
            text += f", tối đa {_money(self.cap)}"
        return text


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure (thủ tục hành chính) as it holds from ``valid_from`` on.

    ``limit`` and ``cutoff`` are in the syntax of the command line (``3wd``, ``next-day-result``);
    an empty limit is not known yet. ``extension`` is the longest extra time the law gives for
    verification. ``unit`` is the unit that usually resolves it (cơ quan giải quyết). ``subject``
    says whom it is about where that is never who applies (trẻ được khai sinh): he is asked for.
    """

    code: str
    name: str
    short_name: str = ""
    aliases: tuple[str, ...] = ()
    sector: str = ""
    unit: str = ""
    limit: str = ""
    cutoff: str = "none"
    extension: str = ""
    fee: Fee = field(default_factory=Fee)
    required_documents: tuple[RequiredDocument, ...] = ()
    steps: tuple[LinkedStep, ...] = ()
    subject: str = ""
    confirmed: bool = False
    unconfirmed: tuple[str, ...] = ("limit",)
    note: str = ""
    source: str = ""
    valid_from: date = _DEFAULT_FROM
    valid_to: date | None = None

    @property
    def label(self) -> str:
        """The name for lists and narrow columns; papers print ``name``."""
        return self.short_name or self.name

    @property
    def to_ask(self) -> tuple[str, ...]:
        """What the first use asks the office for, in the order a form asks."""
        return tuple(name for name in ASKED_FIELDS if name in self.unconfirmed)


class Sector(NamedTuple):
    """A field of work (lĩnh vực) and the unit that usually resolves it."""

    name: str
    unit: str
    confirmed: bool = False
    source: str = ""


def base_code(code: str) -> str:
    """Cut a province's suffix off.

    >>> base_code("1.001193.000.00.00.H50")
    '1.001193'
    """
    found = _LOCAL_SUFFIX.match(code.strip())
    return found[1] if found else code.strip()


def in_force(procedures: Iterable[Procedure], code: str, on: date) -> Procedure | None:
    """Return the version of ``code`` that holds on a day, or None if there is none (any more).

    A day before the oldest version takes the oldest: a dossier entered late needs some answer, and
    nothing older is known here.
    """
    wanted = {code.strip(), base_code(code)}
    versions = sorted(
        (p for p in procedures if p.code in wanted),
        key=lambda p: (p.code == code.strip(), p.valid_from),
    )
    if not versions:
        return None
    started = [p for p in versions if p.valid_from <= on]
    chosen = started[-1] if started else versions[0]
    return None if chosen.valid_to is not None and chosen.valid_to < on else chosen


def latest(procedures: Iterable[Procedure], on: date) -> list[Procedure]:
    """Return what is in force on a day, one version of each code, in the catalogue's order."""
    versions: dict[str, list[Procedure]] = {}
    for procedure in procedures:
        versions.setdefault(procedure.code, []).append(procedure)
    chosen = (in_force(same, code, on) for code, same in versions.items())
    return [p for p in chosen if p is not None]


def confirm(
    procedure: Procedure,
    *,
    decision: str,
    valid_from: date,
    limit: str | None = None,
    cutoff: str | None = None,
    fee: Fee | None = None,
    steps: Sequence[str] = (),
) -> Procedure:
    """Return the office's own version after it gave the values and its decision's number.

    ``steps`` are the limits of linked procedures' steps in their order, empty where not known.

    Raises:
        InputError: a value can't be read, or no decision is named.
    """
    if not decision.strip():
        message = "Chưa ghi số quyết định công bố thủ tục. Hãy nhập số quyết định rồi xác nhận lại."
        raise InputError(message, field="source")
    given = {"limit": limit, "cutoff": cutoff, "fee": fee}
    values: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if "limit" in values:
        values["limit"] = _limit(values["limit"], "Thời hạn giải quyết", "limit")
    if "cutoff" in values:
        values["cutoff"] = _cutoff(values["cutoff"], "Mốc giờ nhận hồ sơ")
    if any(steps):
        values["steps"] = _limited(procedure.steps, steps)
    known = set(values)
    if not all(step.confirmed for step in values.get("steps", ())):
        known.discard("steps")
    left = tuple(name for name in procedure.unconfirmed if name not in known)
    return replace(
        procedure,
        **values,
        unconfirmed=left,
        confirmed=not _PROMISE_FIELDS & set(left),
        source=decision.strip(),
        valid_from=valid_from,
    )


def _limited(steps: Sequence[LinkedStep], limits: Sequence[str]) -> tuple[LinkedStep, ...]:
    """Give steps the limits that the office named; the others stay as they were."""
    return tuple(
        step._replace(limit=_limit(text, f"Thời hạn bước “{step.name}”", "steps"), confirmed=True)
        if text
        else step
        for step, text in zip(steps, limits, strict=True)
    )


def parse_procedures(
    data: Iterable[Mapping[str, Any]], *, valid_from: date = _DEFAULT_FROM
) -> list[Procedure]:
    """Read entries with the fields of ``to_dict``; cells of a table may hold them as text.

    Args:
        data: one mapping per procedure; only ``code`` and ``name`` must be there.
        valid_from: the day from which an entry without its own holds.

    Raises:
        InputErrors: entries can't be read; each sentence names the entry and the field.
    """
    procedures: list[Procedure] = []
    errors: list[InputError] = []
    seen: set[tuple[str, date]] = set()
    for number, values in enumerate(data, start=1):
        try:
            procedure = _parse(Entry.of(number, values), valid_from)
            key = (procedure.code, procedure.valid_from)
            if key in seen:
                message = f"Mục {number} ({procedure.code}): mã này đã có, cùng ngày áp dụng."
                raise InputError(message, field="code")
        except InputError as error:
            errors.append(error)
        else:
            seen.add(key)
            procedures.append(procedure)
    if errors:
        raise InputErrors(errors)
    return procedures


def parse_sectors(data: Iterable[Mapping[str, Any]]) -> list[Sector]:
    """Read sectors and the units that usually handle them."""
    sectors = []
    for number, values in enumerate(data, start=1):
        entry = Entry.of(number, values)
        sectors.append(
            Sector(
                name=read_text(entry, "name", required=True),
                unit=read_text(entry, "unit"),
                confirmed=read_flag(entry, "confirmed", default=False),
                source=read_text(entry, "source"),
            )
        )
    return sectors


def to_dict(procedure: Procedure) -> dict[str, Any]:
    """Return the fields as JSON has them; ``parse_procedures`` reads them back to an equal fact."""
    fee = procedure.fee
    return {
        "code": procedure.code,
        "name": procedure.name,
        "short_name": procedure.short_name,
        "aliases": list(procedure.aliases),
        "sector": procedure.sector,
        "unit": procedure.unit,
        "limit": procedure.limit,
        "cutoff": procedure.cutoff,
        "extension": procedure.extension,
        "fee": {
            "amount": fee.amount,
            "per": fee.per,
            "cap": fee.cap,
            "exemptions": list(fee.exemptions),
            "further_from": fee.further_from,
            "further_amount": fee.further_amount,
            "note": fee.note,
            "source": fee.source,
            "valid_from": fee.valid_from.isoformat() if fee.valid_from else None,
        },
        "required_documents": [d._asdict() for d in procedure.required_documents],
        "steps": [s._asdict() for s in procedure.steps],
        "subject": procedure.subject,
        "confirmed": procedure.confirmed,
        "unconfirmed": list(procedure.unconfirmed),
        "note": procedure.note,
        "source": procedure.source,
        "valid_from": procedure.valid_from.isoformat(),
        "valid_to": procedure.valid_to.isoformat() if procedure.valid_to else None,
    }


def _parse(entry: Entry, valid_from: date) -> Procedure:
    code = read_text(entry, "code", required=True).upper()
    if not _CODE_PATTERN.fullmatch(code):
        raise entry.error("code", f"mã “{code}” không đúng dạng; ví dụ 1.004873")
    limit = read_text(entry, "limit")
    unconfirmed = _unconfirmed(entry, limit)
    return Procedure(
        code=code,
        name=read_text(entry, "name", required=True),
        short_name=read_text(entry, "short_name"),
        aliases=read_list(entry, "aliases"),
        sector=read_text(entry, "sector"),
        unit=read_text(entry, "unit"),
        limit=_limit(limit, entry.where("limit"), "limit") if limit else "",
        cutoff=_cutoff(read_text(entry, "cutoff") or "none", entry.where("cutoff")),
        extension=_extension(entry),
        fee=_fee(entry),
        required_documents=_documents(entry),
        steps=_steps(entry),
        subject=read_text(entry, "subject"),
        confirmed=not _PROMISE_FIELDS & set(unconfirmed),
        unconfirmed=unconfirmed,
        note=read_text(entry, "note"),
        source=read_text(entry, "source"),
        valid_from=read_date(entry, "valid_from") or valid_from,
        valid_to=read_date(entry, "valid_to"),
    )


def _unconfirmed(entry: Entry, limit: str) -> tuple[str, ...]:
    """Bring the list and the mark into step: confirmed says that nothing of a promise is open."""
    names = read_list(entry, "unconfirmed")
    for name in names:
        if name not in _KNOWN_FIELDS:
            raise entry.error("unconfirmed", f"không có trường “{name}”")
    if not limit and "limit" not in names:
        names = ("limit", *names)
    is_open = bool(_PROMISE_FIELDS & set(names))
    confirmed = read_flag(entry, "confirmed", default=not is_open)
    if confirmed and is_open:
        problem = "ghi là đã xác nhận nhưng thời hạn hoặc mốc giờ còn chưa xác nhận hoặc còn trống"
        raise entry.error("confirmed", problem)
    return names if confirmed or is_open else ("limit", *names)


def _limit(text: str, where: str, name: str) -> str:
    cleaned = text.strip().lower()
    if LIMIT_PATTERN.fullmatch(cleaned):
        return cleaned
    message = (
        f"{where}: không đọc được thời hạn “{text}”. Viết 3wd (ngày làm việc), 15cd (ngày), "
        "2mo (tháng), 4h, 90m (giờ, phút làm việc), 12ch (giờ) hoặc 0wd (trong ngày)."
    )
    raise InputError(message, field=name)


def _cutoff(text: str, where: str) -> str:
    cleaned = text.strip().lower()
    if CUTOFF_PATTERN.fullmatch(cleaned):
        return cleaned
    message = (
        f"{where}: không đọc được mốc giờ “{text}”. Viết none (không có), next-day-result (trả "
        "kết quả ngày làm việc sau) hoặc next-day-start (tính từ ngày làm việc sau), kèm @15:00 "
        "nếu cần."
    )
    raise InputError(message, field="cutoff")


def _extension(entry: Entry) -> str:
    text = read_text(entry, "extension")
    return _limit(text, entry.where("extension"), "extension") if text else ""


def _fee(entry: Entry) -> Fee:
    part = read_object(entry, "fee", short="amount")
    if part is None:
        return Fee()
    return Fee(
        amount=read_number(part, "amount"),
        per=read_text(part, "per"),
        cap=read_number(part, "cap"),
        exemptions=read_list(part, "exemptions"),
        further_from=read_number(part, "further_from"),
        further_amount=read_number(part, "further_amount"),
        note=read_text(part, "note"),
        source=read_text(part, "source"),
        valid_from=read_date(part, "valid_from"),
    )


def _documents(entry: Entry) -> tuple[RequiredDocument, ...]:
    return tuple(
        RequiredDocument(
            name=read_text(part, "name", required=True),
            kind=read_text(part, "kind") or "submit",
            originals=read_number(part, "originals") or 0,
            copies=read_number(part, "copies") or 0,
            required=read_flag(part, "required", default=True),
        )
        for part in read_objects(entry, "required_documents")
    )


def _money(amount: int) -> str:
    return f"{amount:,} đ".replace(",", ".")


def _steps(entry: Entry) -> tuple[LinkedStep, ...]:
    steps = []
    for part in read_objects(entry, "steps"):
        limit = read_text(part, "limit")
        steps.append(
            LinkedStep(
                name=read_text(part, "name", required=True),
                unit=read_text(part, "unit"),
                limit=_limit(limit, part.where("limit"), "steps") if limit else "",
                is_parallel=read_flag(part, "is_parallel", default=False),
                confirmed=read_flag(part, "confirmed", default=False),
            )
        )
    return tuple(steps)
