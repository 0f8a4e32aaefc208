"""The wording of the forms (lời văn biểu mẫu): dated data, so that a new circular is a new file.

A file holds one version of one form set. A version that has been used to issue a paper is never
changed: papers are made again from it, word for word. A changed sentence is a new version.

Sentences are templates: ``{field}`` is filled from the facts, ``**…**`` is bold. A template that
names a field which is empty for this paper is left out, unless it asks for a leader to write on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

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

NO_BREAK = "\u00a0"
"""A space at which no line is broken; on paper a space like others."""

Fields = Mapping[str, str]


class Run(NamedTuple):
    """A stretch of text in one weight."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence with named fields, already taken apart."""

    pieces: tuple[tuple[str, bool, bool], ...]  # text or field name, is it a field, is it bold
    needs: frozenset[str]

    def fill(self, fields: Fields) -> tuple[Run, ...]:
        """Return the filled sentence, or nothing if a field it needs is empty."""
        if not self.pieces or not all(fields[name] for name in self.needs):
            return ()
        return tuple(
            Run(fields[text] if is_field else text, bold) for text, is_field, bold in self.pieces
        )

    def plain(self, fields: Fields) -> str:
        """Return the filled sentence without weights."""
        return "".join(run.text for run in self.fill(fields))


class Item(NamedTuple):
    """A label and what stands behind it."""

    label: str
    text: Template
    suffix: Template
    leader: bool  # an empty one shows dots to write on
    unless: str  # left out when this field is filled
    is_kept: bool  # its text stands on one line, below the label if need be


class Line(NamedTuple):
    """One line of a form's body, of one or more items."""

    kind: Literal["line", "documents", "remark"]
    items: tuple[Item, ...]


class Signature(NamedTuple):
    """A place to sign."""

    title: str
    note: str
    name: Template


@dataclass(frozen=True, slots=True)
class ReceiptWording:
    """The words of a receipt (giấy tiếp nhận hồ sơ và hẹn trả kết quả)."""

    form_label: str
    copies: tuple[str, str]
    number: Item
    place_date: Template
    title: tuple[str, ...]
    code_lines: tuple[Template, ...]
    marks: tuple[Template, ...]
    rehearsal: str
    lines: tuple[Line, ...]
    columns: tuple[str, str, str, str]
    original: str
    copy: str
    result_places: dict[str, str]
    signatures: tuple[Signature, ...]
    notes: tuple[tuple[Template, ...], ...]  # each of some sentences


@dataclass(frozen=True, slots=True)
class ApologyWording:
    """The words of an apology letter (văn bản xin lỗi)."""

    form_label: str
    number: Item
    place_date: Template
    title: tuple[str, ...]
    marks: tuple[Template, ...]
    rehearsal: str
    address_label: str
    addressee: Template
    addressee_lines: tuple[Template, ...]
    default_addressee_title: str
    basis: Template
    paragraphs: dict[str, tuple[Template, ...]]
    default_signer_titles: tuple[str, ...]
    signer_note: str
    recipients_label: str
    recipients: tuple[Template, ...]


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
    receipt: ReceiptWording
    apology: ApologyWording

    def legal_basis(self, day: date) -> str:
        """Return the acts in force on this day."""
        return max(row for row in self.legal_bases if row.valid_from <= day).text


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
        # An office may choose a set before its day; then its first version is meant.
        rank = max if in_force else min
        return rank(in_force or chosen, key=lambda form: (form.valid_from, form.version))


def load_wordings(folder: Path) -> Wordings:
    """Read every version in a folder.

    Raises:
        PaperError: a file can't be read, or a sentence names a field that papers don't have.
    """
    return Wordings(
        form_from_json(file.read_text(encoding="utf-8"), file.name)
        for file in sorted(folder.glob("*.json"))
    )


@lru_cache(maxsize=1)
def shipped_wordings() -> Wordings:
    """Return the wordings that come with the application, read once."""
    return load_wordings(resources() / "forms")


def form_from_json(text: str, name: str = "") -> FormWording:
    """Read one version from its JSON text; ``name`` is the file's, for the error.

    Raises:
        PaperError: as ``load_wordings``.
    """
    try:
        return _form(json.loads(text))
    except (KeyError, TypeError, ValueError) as error:
        raise PaperError(
            f"Tệp lời văn biểu mẫu {name} bị hỏng ({error}). Hãy cài lại phần mềm; dữ liệu vẫn"
            " nguyên."
        ) from error


class _Reader:
    """Takes templates apart and knows the fields they may name."""

    def __init__(self, version: str, known: frozenset[str]) -> None:
        self.version = version
        self.known = known

    def template(self, text: str, needs: Iterable[str] = ()) -> Template:
        pieces = []
        bold = False
        for part in re.split(r"(\*\*|\{\w*\})", text):
            if part == "**":
                bold = not bold
            elif part.startswith("{"):
                pieces.append((part[1:-1], True, bold))
            elif part:
                pieces.append((part, False, bold))
        named = {piece for piece, is_field, _ in pieces if is_field} | set(needs)
        for field in sorted(named - self.known):
            raise PaperError(
                f"Lời văn biểu mẫu “{self.version}” dùng trường “{field}” mà giấy tờ này không có."
                " Hãy sửa lại tên trường trong tệp lời văn."
            )
        return Template(tuple(pieces), frozenset(named))

    def templates(self, texts: Iterable[str]) -> tuple[Template, ...]:
        return tuple(self.template(text) for text in texts)

    def item(self, data: dict[str, Any]) -> Item:
        unless = data.get("unless", "")
        self.template("", [unless] if unless else [])
        return Item(
            data.get("label", ""),
            self.template(data.get("text", ""), data.get("needs", ())),
            self.template(data.get("suffix", "")),
            data.get("empty") == "leader",
            unless,
            data.get("keep", False),
        )

    def line(self, data: dict[str, Any]) -> Line:
        return Line(data.get("kind", "line"), tuple(self.item(item) for item in data["items"]))


def _form(data: dict[str, Any]) -> FormWording:
    return FormWording(
        version=data["version"],
        form_set=data["form_set"],
        name=data["name"],
        valid_from=_day(data["valid_from"]),
        confirmed=data["confirmed"],
        unconfirmed_because=data["unconfirmed_because"],
        source=data["source"],
        legal_bases=tuple(
            LegalBasis(_day(row["valid_from"]), row["text"], row["confirmed"], row["source"])
            for row in data["legal_bases"]
        ),
        receipt=_receipt(_Reader(data["version"], RECEIPT_FIELDS), data["receipt"]),
        apology=_apology(_Reader(data["version"], APOLOGY_FIELDS), data["apology"]),
    )


def _receipt(reader: _Reader, data: dict[str, Any]) -> ReceiptWording:
    first, second = data["copies"]
    number, name, kind, amount = data["documents"]["columns"]
    return ReceiptWording(
        form_label=data["form_label"],
        copies=(first, second),
        number=reader.item(data["number"]),
        place_date=reader.template(data["place_date"]),
        title=tuple(data["title"].split("\n")),
        code_lines=reader.templates(data["code_lines"]),
        marks=reader.templates(data["marks"]),
        rehearsal=data["rehearsal"],
        lines=tuple(reader.line(line) for line in data["lines"]),
        columns=(number, name, kind, amount),
        original=data["documents"]["original"],
        copy=data["documents"]["copy"],
        result_places=dict(data["result_places"]),
        signatures=tuple(
            Signature(row["title"], row["note"], reader.template(row["name"]))
            for row in data["signatures"]
        ),
        notes=tuple(
            tuple(reader.template(row["text"], row.get("needs", ())) for row in note)
            for note in data["notes"]
        ),
    )


def _apology(reader: _Reader, data: dict[str, Any]) -> ApologyWording:
    return ApologyWording(
        form_label=data["form_label"],
        number=reader.item(data["number"]),
        place_date=reader.template(data["place_date"]),
        title=tuple(data["title"].split("\n")),
        marks=reader.templates(data["marks"]),
        rehearsal=data["rehearsal"],
        address_label=data["address_label"],
        addressee=reader.template(data["addressee"]),
        addressee_lines=reader.templates(data["addressee_lines"]),
        default_addressee_title=data["default_addressee_title"],
        basis=reader.template(data["basis"]),
        paragraphs={name: reader.templates(rows) for name, rows in data["paragraphs"].items()},
        default_signer_titles=tuple(data["default_signer_titles"]),
        signer_note=data["signer_note"],
        recipients_label=data["recipients_label"],
        recipients=reader.templates(data["recipients"]),
    )


def _day(text: str | None) -> date:
    """Read a day; none means since ever."""
    return date.min if text is None else date.fromisoformat(text)
