"""What the page of exchanges says: columns of its tables, and an import in plain words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PySide6.QtCore import QCoreApplication

from counter_app.domain.words import format_moment, format_number
from counter_app.ui.sync_calls import BundleFile, BundleReport, Overview, RunFacts, ScanSum
from counter_app.ui.tables import Column


def _tr(text: str) -> str:
    return QCoreApplication.translate("sync_words", text)


def desk_columns() -> list[Column]:
    """Return what is told of each desk."""
    return [
        Column(_tr("Quầy"), _desk_name, width=150),
        Column(_tr("Nhận gói lần cuối"), lambda row: _when(row.received_at), width=142),
        Column(
            _tr("Còn thiếu"),
            lambda row: _events(row.lacks),
            tone=lambda row: "warning" if row.lacks else None,
        ),
    ]


def file_columns() -> list[Column]:
    """Return what is told of each bundle in the chosen place."""
    tones = {"new": "accent", "copying": "warning", "refused": "danger"}
    return [
        Column(_tr("Gói"), lambda row: _short(row.path.name), width=198),
        Column(
            _tr("Tình trạng"),
            _standing,
            width=198,
            tone=lambda row: tones.get(row.standing, "muted"),
        ),
        Column(_tr("Chép lúc"), "changed_at", format_moment, figures=True),
    ]


def run_columns() -> list[Column]:
    """Return what is told of each export and import."""
    return [
        Column(_tr("Lúc"), "at", format_moment, width=145, figures=True),
        Column(_tr("Việc"), _run_kind, width=160),
        Column(_tr("Quầy"), "counter_name", width=100),
        Column(_tr("Kết quả"), _run_words, width=280),
        Column(_tr("Người làm"), "by", width=130),
        Column(_tr("Gói"), lambda row: _short(row.name)),
    ]


def _short(name: str) -> str:
    """Leave out what all bundles' names begin with, so that what tells them apart is seen."""
    return name.removeprefix("goi-dong-bo-").removesuffix(".zip")


def _desk_name(row: Any) -> str:
    return f"{row.counter_name} ({row.counter_number:02d})"


def _when(at: datetime | None) -> str:
    return format_moment(at) if at else _tr("chưa nhận gói nào")


def _events(count: int) -> str:
    if not count:
        return _tr("đã có đủ")
    return _tr("{count} sự kiện").format(count=format_number(count))


def _standing(row: BundleFile) -> str:
    words = {
        "copying": _tr("đang chép dở, chờ"),
        "new": _tr("mới, chưa nhận"),
        "taken": _tr("đã nhận lúc {at}"),
        "own": _tr("quầy này xuất {at}"),
        "refused": _tr("không nhận được, chép lại"),
    }
    return words[row.standing].format(at=row.told)


def _run_kind(row: RunFacts) -> str:
    if row.kind == "export":
        return _tr("Xuất gói không khóa") if row.counts.get("open") else _tr("Xuất gói")
    return _tr("Nhận, đã hoàn tác") if row.undone_at else _tr("Nhận gói")


def _run_words(row: RunFacts) -> str:
    if row.kind == "export":
        words = _tr("{count} sự kiện").format(count=format_number(row.counts.get("events", 0)))
        return _with_files(words, row)
    words = _tr("{new} mới, {unchanged} đã có").format(
        new=format_number(row.counts.get("new", 0)),
        unchanged=format_number(row.counts.get("unchanged", 0)),
    )
    if row.counts.get("conflicts"):
        words += _tr(", {count} chỗ khác nhau").format(count=row.counts["conflicts"])
    if row.counts.get("gaps"):
        words += _tr(", {count} sự kiện chờ gói thiếu").format(count=row.counts["gaps"])
    return _with_files(words, row)


def _with_files(words: str, row: RunFacts) -> str:
    files = row.counts.get("files", 0)
    return words + (_tr(", {count} tệp").format(count=format_number(files)) if files else "")


def dry_words(report: BundleReport) -> str:
    """Say what an import would do, in lines."""
    made = datetime.fromisoformat(report.created_at).replace(tzinfo=None)
    lines = [
        _tr("Gói của {counter}, xuất lúc {at}: {new} sự kiện mới, {unchanged} đã có ở đây.").format(
            counter=report.counter,
            at=format_moment(made),
            new=format_number(report.new),
            unchanged=format_number(report.unchanged),
        ),
        _tr("{new} hồ sơ mới, {changed} hồ sơ có thêm bước.").format(
            new=format_number(report.new_dossiers),
            changed=format_number(max(0, len(report.dossiers) - report.new_dossiers)),
        ),
    ]
    if report.conflicts:
        words = _tr("{count} chỗ ghi khác nhau: cả hai bên được giữ, chờ người quyết định.")
        lines.append(words.format(count=report.conflicts))
    if report.gaps:
        words = _tr("{count} sự kiện còn phải chờ một gói thiếu; chưa tính vào hồ sơ nào.")
        lines.append(words.format(count=format_number(report.gaps)))
    if report.files:
        lines.append(
            _tr("{count} tệp đính kèm đi cùng sẽ được chép vào máy này.").format(
                count=format_number(report.files)
            )
        )
    lines.extend(report.differs)
    if report.differs:
        lines.append(
            _tr("Những mục này không đi trong gói: thống nhất rồi sửa giống nhau ở các quầy.")
        )
    return "\n".join(lines)


def files_words(found: ScanSum) -> str:
    """Say what goes along when attached files do, and which don't."""
    words = _tr(
        "Tệp đi trong gói đã khóa và được so lại từng byte ở quầy nhận. Không kèm thì quầy nhận "
        "vẫn thấy tên, cỡ tệp và tệp nằm ở quầy nào."
    )
    if found.away:
        words += " " + _tr("{count} tệp nằm ở quầy khác nên không kèm được.").format(
            count=format_number(found.away)
        )
    return words


def out_words(found: Overview) -> str:
    """Say what leaves."""
    words = _tr("Mọi quầy đã biết đều báo có đủ sự kiện của quầy này.")
    if not found.desks:
        words = _tr("Chưa biết quầy nào khác.")
        if found.outgoing:
            words += " " + _tr("Gói sẽ có {count} sự kiện.").format(
                count=format_number(found.outgoing)
            )
    elif found.outgoing:
        words = _tr("{count} sự kiện quầy khác chưa báo là đã có.").format(
            count=format_number(found.outgoing)
        )
    last = format_moment(found.exported_at) if found.exported_at else _tr("chưa lần nào")
    return f"{words}\n" + _tr("Xuất lần cuối: {at}").format(at=last)


def in_words(found: Overview | None, new: int) -> str:
    """Say what came."""
    words = _tr("Không có gói mới ở nơi đã chọn.")
    if new:
        words = _tr("{count} gói mới ở nơi đã chọn.").format(count=new)
    at = found.imported_at if found else None
    last = format_moment(at) if at else _tr("chưa lần nào")
    return f"{words}\n" + _tr("Nhận lần cuối: {at}").format(at=last)


def person_words(found: Overview) -> str:
    """Say what needs a person: what differs, and which bundles are missing."""
    words = _tr("Không có chỗ nào ghi khác nhau.")
    if found.conflicts:
        words = _tr("{count} chỗ ghi khác nhau.").format(count=format_number(found.conflicts))
    if found.missing:
        words += "\n" + _tr("Xin lại gói của {desks}").format(desks="; ".join(found.missing))
    if found.differing:
        words += "\n" + _tr("Đang dùng khác quầy này: {desks}").format(
            desks="; ".join(found.differing)
        )
    return words


def gap_words(found: Overview) -> str:
    """Say which numbers stay empty because this desk's data came back from an older copy."""
    return "\n".join(
        _tr(
            "Dữ liệu quầy này được mở lại từ bản sao: {what} ngày {day} không dùng từ {first} đến "
            "{last}, để không trùng số đã phát mà máy này không còn biết. Không cần làm gì."
        ).format(
            what=_tr("số hồ sơ") if gap.kind == "dossier" else _tr("số lượt tiếp"),
            day=f"{gap.day:%d/%m/%Y}",
            first=f"{gap.first:04d}",
            last=f"{gap.last:04d}",
        )
        for gap in found.number_gaps
    )
