"""The catalogue as files: what an import would change, and an export that comes back unchanged."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counter_app.atomic import write_atomically
from counter_app.domain.catalogue import Procedure, RequiredDocument, to_dict
from counter_app.domain.catalogue_changes import (
    FIELD_LABELS,
    KIND_LABELS,
    CatalogueChange,
    ChangeKind,
    changes,
)
from counter_app.domain.rights import Act
from counter_app.domain.text import fold
from counter_app.domain.words import format_date
from counter_app.errors import InputError
from counter_app.services import audit, catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from counter_app.storage.database import Store

_OPEN = "('received','processing','awaiting_supplement','awaiting_payment')"
_HEADINGS = ("code", *FIELD_LABELS)
_BY_LABEL = {fold(label): name for name, label in FIELD_LABELS.items()} | {
    fold("Mã"): "code",
    fold("Mã thủ tục"): "code",
    fold("Mã TTHC"): "code",
    fold("Tên thủ tục"): "name",
    fold("Tên TTHC"): "name",
}
# A spreadsheet that took a code for a number drops its last zeros or its point.
_CUT_CODE = re.compile(r"(\d)[.,](\d{1,6})", re.ASCII)
_POINTLESS_CODE = re.compile(r"([1-9])(\d{6})", re.ASCII)


def mended(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return entries with the contract's field names and codes as they were before a spreadsheet.

    >>> mended([{"Mã": "1.0003", "Tên": "Thủ tục"}])
    [{'code': '1.000300', 'name': 'Thủ tục'}]
    """
    found = []
    for entry in entries:
        known = {(k if k in _HEADINGS else _BY_LABEL.get(fold(k), k)): v for k, v in entry.items()}
        code = known.get("code")
        if isinstance(code, str | int | float) and not isinstance(code, bool):
            known["code"] = _code(str(code).strip().removeprefix("'"))
        found.append(known)
    return found


def _code(text: str) -> str:
    if cut := _CUT_CODE.fullmatch(text):
        return f"{cut[1]}.{cut[2]:0<6}"
    if pointless := _POINTLESS_CODE.fullmatch(text):
        return f"{pointless[1]}.{pointless[2]}"
    return text


def preview_import(store: Store, data: list[dict[str, Any]], *, on: date) -> list[CatalogueChange]:
    """Return what an import would change; nothing is saved.

    Raises:
        InputError: an entry can't be read.
    """
    incoming = catalogue.parse_entries(mended(data), on=on)
    counts = dict(
        store.rows(
            "SELECT procedure_code, count(*) FROM dossier WHERE office_id = 1 "  # noqa: S608
            f"AND status IN {_OPEN} AND is_void = 0 GROUP BY 1"
        )
    )
    return changes(catalogue.all_versions(store), incoming, counts)


def import_entries(store: Store, data: list[dict[str, Any]], *, on: date) -> list[CatalogueChange]:
    """Take entries in and return what they changed, all or nothing.

    Raises:
        InputError: an entry can't be read; nothing was taken in.
    """
    with store.transaction():
        found = preview_import(store, data, on=on)
        catalogue.import_procedures(store, mended(data), on=on)
        for one in found:
            if one.kind is not ChangeKind.SAME:
                _note(store, one)
    return found


def _note(store: Store, change: CatalogueChange) -> None:
    after = "; ".join(f"{field.label}: {field.after}" for field in change.fields)
    audit.note(
        store,
        Act.CATALOGUE,
        target=change.code,
        what=f"{KIND_LABELS[change.kind]}, áp dụng từ {format_date(change.valid_from)}",
        was="; ".join(f"{field.label}: {field.before}" for field in change.fields),
        now=after or change.name,
    )


def changes_json(found: list[CatalogueChange]) -> dict[str, Any]:
    """Return changes as the command line prints them."""
    counts = {kind.value: sum(1 for c in found if c.kind is kind) for kind in ChangeKind}
    told = [
        {
            "code": c.code,
            "name": c.name,
            "kind": c.kind.value,
            "valid_from": c.valid_from.isoformat(),
            "open_dossiers": c.open_count,
            "fields": [f._asdict() for f in c.fields],
        }
        for c in found
        if c.kind is not ChangeKind.SAME
    ]
    return {**counts, "changes": told}


def export(store: Store, path: Path, *, on: date, all_versions: bool = False) -> int:
    """Write the catalogue to a file by its ending: JSON, CSV or XLSX; returns how many entries.

    Raises:
        InputError: another ending.
    """
    found = catalogue.all_versions(store) if all_versions else catalogue.procedures(store, on=on)
    match path.suffix.lower():
        case ".json":
            lines = ",\n".join(json.dumps(to_dict(p), ensure_ascii=False) for p in found)
            data = f"[\n{lines}\n]\n".encode()
        case ".csv":
            from counter_app.tabular.tables import table_csv

            data = table_csv(_HEADINGS, map(_cells, found))
        case ".xlsx":
            from counter_app.tabular.tables import table_workbook

            data = table_workbook("Danh mục thủ tục", _HEADINGS, map(_cells, found))
        case _:
            raise InputError(
                "Tệp danh mục cần có đuôi .csv, .xlsx hoặc .json. Chưa ghi gì. Đổi tên tệp rồi "
                "làm lại.",
                field="output",
            )
    write_atomically(path, data)
    audit.note(store, Act.CATALOGUE, what="xuất", file=path.name, count=len(found))
    return len(found)


def _cells(procedure: Procedure) -> list[str]:
    """Write an entry as a table's row: plain words where they say all, JSON where they don't."""
    values = to_dict(procedure)
    cells = {name: _cell(values[name]) for name in _HEADINGS}
    fee = procedure.fee
    if values["fee"] == to_dict(Procedure("", "", fee=type(fee)(fee.amount)))["fee"]:
        cells["fee"] = "" if fee.amount is None else str(fee.amount)
    if all(_is_plain(d) for d in procedure.required_documents):
        cells["required_documents"] = "; ".join(
            f"{d.name}={d.originals}/{d.copies}" for d in procedure.required_documents
        )
    return [cells[name] for name in _HEADINGS]


def _is_plain(document: RequiredDocument) -> bool:
    short = RequiredDocument(document.name, originals=document.originals, copies=document.copies)
    return document == short and not set("=;[{") & set(document.name)


def _cell(value: Any) -> str:  # noqa: ANN401 - of JSON
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, list):
        is_plain = all(isinstance(v, str) and not set(";[{") & set(v) for v in value)
        return "; ".join(value) if is_plain else json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value or "")
