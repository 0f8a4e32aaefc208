"""The words of one form, by the way it is laid out: a sheet as the receipt, or a letter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from counter_app.documents.templates import Item, Line, Reader, Signature, Template
from counter_app.errors import PaperError


@dataclass(frozen=True, slots=True)
class SheetWording:
    """The words of a form of one page: the receipt, the slips for supplement and refusal."""

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
class LetterWording:
    """The words of an outgoing document: the apology letter, the stop notice."""

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
    subject: Template  # what it is about (trích yếu), under the title


@dataclass(frozen=True, slots=True)
class TableWording:
    """The words of a table over pages: routing slip, register, posting list.

    ``group`` is the heading over the columns from ``group_from`` to before ``group_to``.
    """

    form_label: str
    title: tuple[str, ...]
    columns: tuple[str, ...]
    shares: tuple[float, ...]
    group: str
    group_from: int
    group_to: int
    labels: dict[str, str]
    texts: dict[str, tuple[Template, ...]]


_OTHERWISE = (
    "Mẫu “{name}” trong bộ biểu mẫu đang dùng không có bố cục cần để in; dữ liệu vẫn nguyên. Hãy "
    "chọn bộ biểu mẫu khác trong Cài đặt rồi in lại."
)


@dataclass(frozen=True, slots=True)
class SlipWording:
    """One more form of a set (phiếu, thông báo): its name, when it is printed, its words.

    ``after`` names the moves one of which it goes with; without any it may always be printed.
    ``not_a_form`` says what to tell the clerk where the circular has no such form.
    """

    name: str
    after: tuple[str, ...]
    not_a_form: str
    sheet: SheetWording | None
    letter: LetterWording | None
    table: TableWording | None
    data: dict[str, Any]

    def as_table(self) -> TableWording:
        """Return the words of its table.

        Raises:
            PaperError: the office's or a circular's wording laid it out otherwise.
        """
        if self.table is None:
            raise PaperError(_OTHERWISE.format(name=self.name))
        return self.table

    def as_sheet(self) -> SheetWording:
        """Return the words of its page; raises as ``as_table``."""
        if self.sheet is None:
            raise PaperError(_OTHERWISE.format(name=self.name))
        return self.sheet

    @property
    def words(self) -> SheetWording | LetterWording | None:
        """The words of a paper about one dossier, whichever way it is laid out; else none."""
        is_of_dossier = self.data["layout"] in {"sheet", "letter", "routing"}
        return (self.sheet or self.letter) if is_of_dossier else None


def slip_from(reader: Reader, data: dict[str, Any]) -> SlipWording:
    """Read one of a set's further forms."""
    layout = data["layout"]
    if layout not in LAYOUTS:
        msg = f"{reader.place}: unknown layout {layout}"
        raise ValueError(msg)
    return SlipWording(
        name=data["name"],
        after=tuple(data.get("after", ())),
        not_a_form=data.get("not_a_form", ""),
        sheet=sheet_from(reader, data) if layout in _SHEETS else None,
        letter=letter_from(reader, data) if layout == "letter" else None,
        table=table_from(reader, data) if layout in _TABLES else None,
        data=data,
    )


LAYOUTS = ("sheet", "letter", "routing", "register", "posting", "procedure")
_SHEETS = frozenset({"sheet", "routing", "procedure"})
_TABLES = frozenset({"routing", "register", "posting"})


def table_from(reader: Reader, data: dict[str, Any]) -> TableWording:
    """Read the words of a table over pages."""
    table = data["table"]
    columns = tuple(column["heading"] for column in table["columns"])
    group = table.get("group", {"heading": "", "from": 0, "to": 0})
    return TableWording(
        form_label=data["form_label"],
        title=tuple(data["title"].split("\n")),
        columns=columns,
        shares=tuple(float(column["share"]) for column in table["columns"]),
        group=group["heading"],
        group_from=group["from"],
        group_to=group["to"],
        labels=dict(table.get("labels", {})),
        texts={
            name: reader.at("table", "texts", name).templates(rows)
            for name, rows in table.get("texts", {}).items()
        },
    )


def sheet_from(reader: Reader, data: dict[str, Any]) -> SheetWording:
    """Read the words of a form of one page."""
    first, second = data["copies"]
    documents = data.get("documents", _NO_TABLE)
    number, name, kind, amount = documents["columns"]
    lines, signatures = enumerate(data["lines"]), enumerate(data["signatures"])
    return SheetWording(
        form_label=data["form_label"],
        copies=(first, second),
        number=reader.at("number").item(data["number"]),
        place_date=reader.at("place_date").template(data["place_date"]),
        title=tuple(data["title"].split("\n")),
        code_lines=reader.at("code_lines").templates(data["code_lines"]),
        marks=reader.at("marks").templates(data["marks"]),
        rehearsal=data["rehearsal"],
        lines=tuple(reader.at("lines", place).line(line) for place, line in lines),
        columns=(number, name, kind, amount),
        original=documents["original"],
        copy=documents["copy"],
        result_places=dict(data.get("result_places", {})),
        signatures=tuple(
            Signature(
                row["title"],
                row["note"],
                reader.at("signatures", place, "name").template(row["name"]),
            )
            for place, row in signatures
        ),
        notes=tuple(
            tuple(
                reader.at("notes", place, part, "text").template(row["text"], row.get("needs", ()))
                for part, row in enumerate(note)
            )
            for place, note in enumerate(data["notes"])
        ),
    )


_NO_TABLE = {"columns": ("", "", "", ""), "original": "bản chính", "copy": "bản sao"}


def letter_from(reader: Reader, data: dict[str, Any]) -> LetterWording:
    """Read the words of an outgoing document."""
    return LetterWording(
        form_label=data["form_label"],
        number=reader.at("number").item(data["number"]),
        place_date=reader.at("place_date").template(data["place_date"]),
        title=tuple(data["title"].split("\n")),
        subject=reader.at("subject").template(data.get("subject", "")),
        marks=reader.at("marks").templates(data["marks"]),
        rehearsal=data["rehearsal"],
        address_label=data["address_label"],
        addressee=reader.at("addressee").template(data["addressee"]),
        addressee_lines=reader.at("addressee_lines").templates(data["addressee_lines"]),
        default_addressee_title=data["default_addressee_title"],
        basis=reader.at("basis").template(data["basis"]),
        paragraphs={
            name: reader.at("paragraphs", name).templates(rows)
            for name, rows in data["paragraphs"].items()
        },
        default_signer_titles=tuple(data["default_signer_titles"]),
        signer_note=data["signer_note"],
        recipients_label=data["recipients_label"],
        recipients=reader.at("recipients").templates(data["recipients"]),
    )
