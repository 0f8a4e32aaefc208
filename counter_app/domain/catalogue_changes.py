"""What an import would change in the catalogue: entry by entry, field by field, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.catalogue import in_force, to_dict
from counter_app.domain.words import format_date

if TYPE_CHECKING:
    from counter_app.domain.catalogue import Procedure

FIELD_LABELS = {
    "name": "Tên",
    "short_name": "Tên ngắn",
    "aliases": "Tên gọi khác",
    "sector": "Lĩnh vực",
    "unit": "Cơ quan giải quyết",
    "limit": "Thời hạn",
    "cutoff": "Mốc giờ nhận",
    "extension": "Thời gian xác minh thêm",
    "fee": "Phí, lệ phí",
    "required_documents": "Thành phần hồ sơ",
    "steps": "Các bước liên thông",
    "confirmed": "Đã xác nhận",
    "unconfirmed": "Còn phải hỏi",
    "subject": "Người được khai",
    "note": "Ghi chú",
    "source": "Nguồn",
    "valid_from": "Áp dụng từ",
    "valid_to": "Áp dụng đến",
}


class ChangeKind(StrEnum):
    """What becomes of one entry."""

    NEW = "new"  # a code that wasn't known
    VERSION = "version"  # a new dated version beside the old ones
    EDIT = "edit"  # a version that is there is written over
    SAME = "same"


KIND_LABELS = {
    ChangeKind.NEW: "thủ tục mới",
    ChangeKind.VERSION: "phiên bản mới",
    ChangeKind.EDIT: "sửa phiên bản đang có",
    ChangeKind.SAME: "không đổi",
}


class FieldChange(NamedTuple):
    """One field that differs, as a person reads it."""

    name: str
    before: str
    after: str

    @property
    def label(self) -> str:
        """What the field is called."""
        return FIELD_LABELS.get(self.name, self.name)


class CatalogueChange(NamedTuple):
    """One entry of an import and what it does.

    ``open_count`` dossiers under its code are being resolved; they stay as they were promised.
    """

    code: str
    name: str
    valid_from: date
    kind: ChangeKind
    fields: tuple[FieldChange, ...] = ()
    open_count: int = 0

    @property
    def words(self) -> str:
        """Say it in one line, without the fields."""
        told = f"{self.code}  {self.name}: {KIND_LABELS[self.kind]}"
        if self.kind is not ChangeKind.SAME:
            told += f", áp dụng từ {format_date(self.valid_from)}"
        if self.open_count and self.kind in {ChangeKind.VERSION, ChangeKind.EDIT}:
            told += f"; {self.open_count} hồ sơ đang giải quyết giữ nguyên thời hạn đã hẹn"
        return told


def changes(
    known: Iterable[Procedure], incoming: Iterable[Procedure], open_counts: Mapping[str, int]
) -> list[CatalogueChange]:
    """Return what each incoming entry does to the known versions, in the file's order.

    A new version is held against the one in force on its first day.
    """
    versions: dict[str, list[Procedure]] = {}
    for one in known:
        versions.setdefault(one.code, []).append(one)
    found = []
    for new in incoming:
        same_code = versions.setdefault(new.code, [])
        over = next((p for p in same_code if p.valid_from == new.valid_from), None)
        before = over or in_force(same_code, new.code, new.valid_from)
        fields = () if before is None else differences(before, new)
        if over is not None:
            kind = ChangeKind.EDIT if fields else ChangeKind.SAME
            same_code.remove(over)
        else:
            kind = ChangeKind.VERSION if same_code else ChangeKind.NEW
        same_code.append(new)
        count = open_counts.get(new.code, 0)
        found.append(CatalogueChange(new.code, new.name, new.valid_from, kind, fields, count))
    return found


def differences(before: Procedure, after: Procedure) -> tuple[FieldChange, ...]:
    """Return the fields in which two versions differ."""
    old, new = to_dict(before), to_dict(after)
    return tuple(
        FieldChange(name, _spoken(before, name, old[name]), _spoken(after, name, new[name]))
        for name in FIELD_LABELS
        if old[name] != new[name]
    )


def _spoken(procedure: Procedure, name: str, value: Any) -> str:  # noqa: ANN401 - of JSON
    match name:
        case "fee":
            fee = procedure.fee
            told = [fee.describe() or "chưa rõ", *fee.exemptions, fee.note, fee.source]
            if fee.valid_from:
                told.append(f"từ {format_date(fee.valid_from)}")
            return "; ".join(filter(None, told))
        case "required_documents":
            return "; ".join(
                f"{d.name} {d.originals}/{d.copies}{'' if d.required else ' (nếu có)'}"
                f" [{d.kind_label}]"
                for d in procedure.required_documents
            )
        case "steps":
            return "; ".join(
                " ".join(filter(None, (s.name, s.unit, s.limit))) for s in procedure.steps
            )
        case "confirmed":
            return "có" if value else "chưa"
        case _:
            return "; ".join(value) if isinstance(value, list) else str(value or "")
