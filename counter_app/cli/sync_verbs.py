"""Verbs for the exchange between desks: invite, export, take an import back, conflicts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from counter_app.cli.output import show
from counter_app.cli.parser import Verb, always, path, whole
from counter_app.cli.values import by_name
from counter_app.errors import InputError
from counter_app.services import (
    list_export,
    sync_conflicts,
    sync_export,
    sync_import,
    sync_office,
    sync_undo,
)

if TYPE_CHECKING:
    import argparse

    from counter_app.cli.parser import Desk


def _invite_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--counter-number", type=whole, required=True, metavar="N", help="số của quầy mới, 1 đến 99"
    )
    add("-o", "--output", type=path, required=True, metavar="FILE", help="tệp mời")
    add("--by", default="", metavar="NAME", help="công chức làm việc này")


def _invite(desk: Desk, options: argparse.Namespace) -> None:
    made = sync_office.invite(
        desk.store,
        Path(options.output),
        counter_number=options.counter_number,
        by=by_name(desk, options.by),
        now=desk.now,
    )
    told = (
        f"Đã ghi tệp mời {made['file']} cho quầy số {made['counter_number']:02d}. "
        "Tệp có khóa của đơn vị: giao tận tay, thiết lập xong thì xóa."
    )
    show(options, made, [told])


def _export_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument(
        "-o",
        "--output",
        type=path,
        metavar="FILE.zip|.csv|.xlsx",
        help="tệp gói đồng bộ, hoặc tệp danh sách",
    )
    where.add_argument(
        "--plain", type=path, metavar="DIR", help="ghi các tệp CSV của gói vào thư mục, không khóa"
    )
    add("--list", action="store_true", help="xuất danh sách hồ sơ dạng CSV hoặc Excel")
    add("--delimiter", default=",", choices=(",", ";"), help="dấu phân cách của tệp CSV")
    add("--since", type=whole, metavar="N", help="gửi lại từ sau sự kiện số N của quầy này")
    add("--open", action="store_true", help="không khóa gói: ai cầm tệp cũng đọc được")
    add(
        "--files",
        action="store_true",
        help="kèm tệp đính kèm của các sự kiện trong gói, và của bảy ngày qua",
    )
    add("--by", default="", metavar="NAME", help="công chức làm việc này")


def _export(desk: Desk, options: argparse.Namespace) -> None:
    if options.plain is not None:
        _export_plain(desk, options)
        return
    if options.list:
        target = Path(options.output)
        rows = list_export.export_list(desk.store, target, delimiter=options.delimiter)
        show(options, {"rows": rows}, [f"Đã ghi {rows} hồ sơ vào {target.name}."])
        return
    report = sync_export.export_bundle(
        desk.store,
        Path(options.output),
        by=by_name(desk, options.by),
        now=desk.now,
        since=options.since,
        is_open=options.open,
        with_files=options.files,
    )
    told = "" if report.is_sealed else " Gói không khóa: chứa dữ liệu cá nhân, giữ cẩn thận."
    files = f" và {report.files} tệp đính kèm" if options.files else ""
    lines = [f"Đã xuất {report.events} sự kiện{files} vào {Path(options.output).name}.{told}"]
    show(options, report._asdict(), lines)


def _export_plain(desk: Desk, options: argparse.Namespace) -> None:
    folder = Path(options.plain)
    if options.files:
        raise InputError(
            "Tệp đính kèm chỉ đi trong gói (-o), không ghi bằng --plain. Chưa ghi gì.",
            field="files",
        )
    if options.list:
        raise InputError(
            "Danh sách ghi bằng -o, không ghi bằng --plain. Chưa ghi gì.", field="list"
        )
    report = sync_export.export_plain(
        desk.store, folder, by=by_name(desk, options.by), now=desk.now, since=options.since
    )
    told = "Các tệp không khóa: chứa dữ liệu cá nhân, giữ cẩn thận."
    lines = [f"Đã ghi {report.events} sự kiện vào thư mục {folder.name}. {told}"]
    show(options, report._asdict(), lines)


def import_bundle(desk: Desk, options: argparse.Namespace) -> None:
    """Take a bundle in for the verb ``import``."""
    report = sync_import.import_bundle(
        desk.store,
        Path(options.file),
        by=by_name(desk, options.by),
        now=desk.now,
        dry_run=options.dry_run,
    )
    gaps = f" {report.gaps} sự kiện chờ gói còn thiếu." if report.gaps else ""
    files = f" {report.files} tệp đính kèm đi cùng." if report.files else ""
    told = (
        f"Gói của {report.counter}: {report.rows} sự kiện, {report.new} mới, "
        f"{report.unchanged} đã có, {report.conflicts} mâu thuẫn mới.{gaps}{files}"
    )
    show(options, sync_import.bundle_json(report), [told, *report.differs])


def _import_undo_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", type=whole, metavar="ID", help="số của lần nhận gói")
    parser.add_argument("--by", default="", metavar="NAME", help="công chức làm việc này")


def _import_undo(desk: Desk, options: argparse.Namespace) -> None:
    count = sync_undo.undo_import(
        desk.store, options.id, by=by_name(desk, options.by), now=desk.now
    )
    data = {"import_id": options.id, "voided": count}
    show(options, data, [f"Đã hoàn tác lần nhận gói số {options.id}: {count} sự kiện."])


def _conflicts_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("action", choices=("list", "resolve"), metavar="list|resolve", help="việc cần làm")
    add("id", nargs="?", default="", metavar="ID", help="mâu thuẫn cần quyết định")
    add("--keep", default="", metavar="EVENT_UUID", help="bên được giữ")
    add("--value", metavar="TEXT", help="giá trị khác, thay cho cả hai bên")
    add("--by", default="", metavar="NAME", help="người quyết định")


def _conflicts(desk: Desk, options: argparse.Namespace) -> None:
    if options.action == "resolve":
        if not options.id:
            raise InputError(
                "Thiếu mã mâu thuẫn. Chưa thay đổi gì. Viết: conflicts resolve ID --keep …",
                field="id",
            )
        sync_conflicts.resolve(
            desk.store,
            options.id,
            keep=options.keep,
            value=options.value,
            by=by_name(desk, options.by),
            now=desk.now,
        )
    found = sync_conflicts.show_conflicts(desk.store)
    lines = [
        f"{c.id}  {c.code}  {c.field}: “{c.first.value}” ({c.first.counter}, {c.first.by}) "
        f"hay “{c.second.value}” ({c.second.counter}, {c.second.by})"
        for c in found
    ]
    show(
        options,
        [sync_conflicts.conflict_json(c) for c in found],
        lines or ["Không có mâu thuẫn nào."],
    )


def _fingerprint(desk: Desk, options: argparse.Namespace) -> None:
    told = sync_export.fingerprint(desk.store)
    show(options, told, [told["total"]])


def _no_arguments(_parser: argparse.ArgumentParser) -> None:
    """Take nothing but the common options."""


VERBS = (
    Verb("invite", "Mời thêm một quầy của đơn vị", _invite_arguments, _invite, saves=always),
    Verb(
        "export",
        "Xuất gói đồng bộ cho các quầy khác, hoặc danh sách hồ sơ",
        _export_arguments,
        _export,
        saves=lambda options: not options.list,
    ),
    Verb(
        "import-undo",
        "Hoàn tác một lần nhận gói đồng bộ",
        _import_undo_arguments,
        _import_undo,
        saves=always,
    ),
    Verb(
        "conflicts",
        "Xem và quyết định chỗ các quầy khác nhau",
        _conflicts_arguments,
        _conflicts,
        saves=lambda options: options.action == "resolve",
    ),
    Verb("fingerprint", "Dấu vân của dữ liệu, để so hai quầy", _no_arguments, _fingerprint),
)
