"""The wording of the forms (lời văn biểu mẫu): dated data, so that a new circular is a new file.

A file holds one version of one form set. A version that has been used to issue a paper is never
changed: papers are made again from it, word for word. A changed sentence is a new version.

A version may rest on another (``extends``) and say only what differs: tables are merged, lists
and texts replaced, ``null`` takes a part away, and ``set`` gives one text at its place.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from counter_app.documents.form_words import (
    LetterWording,
    SheetWording,
    SlipWording,
    letter_from,
    sheet_from,
    slip_from,
)
from counter_app.documents.templates import Reader
from counter_app.errors import PaperError
from counter_app.paths import resources

RECEIPT_FIELDS = frozenset(
    "number place issued office_parent office_name office_title dossier_code provisional_code "
    "replaces_code paper_number reprint_count owner_name citizen_id old_id passport birth_id "
    "tax_code submitter_name submitter_id subject_name address phone email request procedure "
    "procedure_code_alone sets limit_text received due due_weekday expected_due "
    "expected_due_weekday competent_unit provisional_year due_note result_place fee_text "
    "register_volume register_number signing_name officer_name counter_name hotline".split()
)
APOLOGY_FIELDS = frozenset(
    "number symbol place issued agency_parent agency_name office_title dossier_code "
    "provisional_code reprint_count addressee_title addressee_name address phone procedure "
    "received_day original_due new_due completed reason resolver legal_basis hotline "
    "signer_name".split()
)
SLIP_FIELDS = frozenset(
    "number symbol place issued office_parent office_name office_title agency_parent agency_name "
    "dossier_code provisional_code visit_code reprint_count owner_name addressee_title "
    "addressee_name citizen_id old_id passport birth_id tax_code submitter_name address phone "
    "email request procedure procedure_code limit_text received received_day due decided_day stage "
    "reason money contact_name contact_phone signing_name officer_name counter_name legal_basis "
    "resolver hotline signer_name".split()
)


REGISTER_FIELDS = frozenset(
    "office_parent office_name office_title place year volume sector first last count pages opened "
    "closed printed".split()
)
POSTING_FIELDS = frozenset(
    "office_parent office_name office_title place issued number sector hours hotline count".split()
)
PROCEDURE_FIELDS = frozenset(
    "office_parent office_name office_title place issued number procedure_code procedure sector "
    "unit limit_text cutoff_text extension_text fee_text exemptions steps source valid_from hours "
    "hotline note unconfirmed".split()
)
_FIELDS_OF = {
    "register": REGISTER_FIELDS,
    "posting": POSTING_FIELDS,
    "procedure": PROCEDURE_FIELDS,
}


class LegalBasis(NamedTuple):
    """The act that a letter rests on, from a day on."""

    valid_from: date
    text: str
    confirmed: bool
    source: str


@dataclass(frozen=True, slots=True)
class FormWording:
    """One version of a form set (bộ biểu mẫu)."""

    version: str
    form_set: str
    name: str
    valid_from: date
    confirmed: bool
    unconfirmed_because: str
    source: str
    legal_bases: tuple[LegalBasis, ...]
    receipt: SheetWording
    apology: LetterWording
    slips: dict[str, SlipWording]
    data: dict[str, Any] = field(compare=False, repr=False)
    rank: int = 0  # of two versions valid from one day, the later made wins

    def legal_basis(self, day: date) -> str:
        """Return the acts in force on this day."""
        return max(row for row in self.legal_bases if row.valid_from <= day).text

    def slip(self, kind: str) -> SlipWording:
        """Return the words of one of the set's slips and notices.

        Raises:
            PaperError: the set has no such form.
        """
        try:
            return self.slips[kind]
        except KeyError:
            raise PaperError(
                f"{self.name} không có mẫu “{kind}”. Các mẫu có: {', '.join(self.slips)}."
            ) from None


class Wordings:
    """All versions of all form sets."""

    def __init__(self, forms: Iterable[FormWording]) -> None:
        """Keep the forms by version."""
        self.forms = {form.version: form for form in forms}

    def version(self, version: str) -> FormWording:
        """Return the wording that a paper was issued with.

        Raises:
            PaperError: it isn't among the installed ones.
        """
        try:
            return self.forms[version]
        except KeyError:
            raise PaperError(
                f"Không có lời văn biểu mẫu “{version}” mà giấy này đã được cấp theo; dữ liệu vẫn"
                " nguyên. Hãy cài lại hoặc cập nhật phần mềm rồi in lại."
            ) from None

    def pick(self, day: date, setting: str = "auto") -> FormWording:
        """Return the wording for a paper issued on this day.

        ``setting`` is the office's choice: a form set, or "auto" for the newest one in force.

        Raises:
            PaperError: there is no such form set.
        """
        if setting != "auto" and all(form.form_set != setting for form in self.forms.values()):
            raise PaperError(
                f"Không có bộ biểu mẫu “{setting}”. Hãy chọn lại bộ biểu mẫu trong Cài đặt."
            )
        chosen = [form for form in self.forms.values() if setting in ("auto", form.form_set)]
        in_force = [form for form in chosen if form.valid_from <= day]
        if in_force:
            return max(in_force, key=lambda form: (form.valid_from, form.rank))
        # An office may choose a set before its day; then its first day's wording is meant.
        return min(chosen, key=lambda form: (form.valid_from, -form.rank))


def load_wordings(folder: Path) -> Wordings:
    """Read every version in a folder.

    Raises:
        PaperError: a file can't be read, or a sentence names a field that papers don't have.
    """
    known: dict[str, FormWording] = {}
    waiting = [
        (file.name, file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.json"))
    ]
    while waiting:
        # One that rests on another is read after it.
        later = [(name, text) for name, text in waiting if not _stands(text, known)]
        ready = [one for one in waiting if one not in later] or waiting[:1]
        for name, text in ready:
            form = form_from_json(text, name, bases=known.get)
            known[form.version] = form
        waiting = [one for one in waiting if one not in ready]
    return Wordings(known.values())


def _stands(text: str, known: Mapping[str, FormWording]) -> bool:
    """Tell whether what a version rests on has been read; a broken one is told when it is read."""
    named = _EXTENDS.search(text)
    return named is None or named.group(1) in known


_EXTENDS = re.compile(r'"extends":\s*"([^"]+)"')


@lru_cache(maxsize=1)
def shipped_wordings() -> Wordings:
    """Return the wordings that come with the application, read once."""
    return load_wordings(resources() / "forms")


Bases = Callable[[str], FormWording | None]


def form_from_json(text: str, name: str = "", *, bases: Bases = lambda _: None) -> FormWording:
    """Read one version from its JSON text; ``name`` is the file's, for the error.

    ``bases`` finds the version that this one rests on.

    Raises:
        PaperError: as ``load_wordings``.
    """
    try:
        return form_from(json.loads(text), bases)
    except (
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
        IndexError,
        RecursionError,
    ) as error:
        raise PaperError(
            f"Tệp lời văn biểu mẫu {name} bị hỏng ({error}). Hãy cài lại phần mềm; dữ liệu vẫn"
            " nguyên."
            if name
            else f"Lời văn biểu mẫu trong tệp không đọc được ({error}). Chưa nhập gì. Kiểm tra "
            "lại tệp hoặc xin lại nơi cấp."
        ) from error


def form_from(data: dict[str, Any], bases: Bases) -> FormWording:
    """Read one version from its data; raises what a broken one leads to."""
    data = dict(data)
    extended = data.pop("extends", None)
    if extended is not None:
        base = bases(extended)
        if base is None:
            msg = f"{data['version']} rests on {extended}, which isn't there"
            raise ValueError(msg)
        data = merged(base.data, data)
    data = with_texts(data, data.pop("set", {}))
    version = _text(data["version"])
    number = version.rpartition("/")[2]
    return FormWording(
        version=version,
        form_set=_text(data["form_set"]),
        name=_text(data["name"]),
        valid_from=_day(data["valid_from"]),
        confirmed=data["confirmed"],
        unconfirmed_because=data["unconfirmed_because"],
        source=_text(data["source"]),
        legal_bases=tuple(
            LegalBasis(_day(row["valid_from"]), row["text"], row["confirmed"], row["source"])
            for row in data["legal_bases"]
        ),
        receipt=sheet_from(Reader(version, RECEIPT_FIELDS, "receipt"), data["receipt"]),
        apology=letter_from(Reader(version, APOLOGY_FIELDS, "apology"), data["apology"]),
        slips={
            kind: slip_from(Reader(version, fields_of(slip), f"slips/{kind}"), slip)
            for kind, slip in data.get("slips", {}).items()
        },
        data=data,
        rank=data.get("rank", int(number) if number.isdecimal() else 0),
    )


def fields_of(slip: Mapping[str, Any]) -> frozenset[str]:
    """Return the fields that the texts of a further form may name, by its layout."""
    return _FIELDS_OF.get(slip["layout"], SLIP_FIELDS)


def merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the base with what differs: tables are merged, all else is replaced or, null, gone."""
    result = dict(base)  # the parts are shared: nothing changes them in place
    for key, value in changes.items():
        if value is None and key != "valid_from":
            result.pop(key, None)
        elif isinstance(value, dict) and isinstance(result.get(key), dict):
            result[key] = merged(result[key], value)
        else:
            result[key] = value
    return result


def with_texts(data: dict[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    """Return the data with some texts given by their place, as "receipt/lines/3/items/0/label"."""
    if not texts:
        return data
    data = copy.deepcopy(data)
    for place, text in texts.items():
        *steps, last = place.split("/")
        part: Any = data
        for step in steps:
            part = part[int(step)] if isinstance(part, list) else part[step]
        key: Any = int(last) if isinstance(part, list) else last
        if not isinstance(part[key], str):
            msg = f"{place} is no text"
            raise TypeError(msg)
        part[key] = text
    return data


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        msg = f"{value!r} is no text"
        raise ValueError(msg)
    return value


def _day(text: str | None) -> date:
    """Read a day; none means since ever."""
    return date.min if text is None else date.fromisoformat(text)
