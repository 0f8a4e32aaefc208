"""Printing what belongs to no single dossier: the yearly register, the notice board's lists."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from counter_app.atomic import atomically
from counter_app.cli.output import show
from counter_app.cli.parser import Verb, path
from counter_app.cli.values import by_name
from counter_app.errors import InputError
from counter_app.given import read_given
from counter_app.services import form_versions, posting, register

if TYPE_CHECKING:
    import argparse

    from counter_app.cli.parser import Desk

BOOKS = ("register", "posting")
_LARGEST = 2_000_000  # bytes of a circular's data


def book_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what a register and the notice board's lists are chosen by."""
    add = parser.add_argument
    add("--year", type=int, metavar="Y", help="năm của sổ theo dõi; mặc định năm nay")
    add("--volume", type=int, default=0, metavar="N", help="chỉ in quyển này của sổ")
    add("--sector", default="", metavar="S", help="lĩnh vực của sổ hoặc của danh mục niêm yết")
    add("--procedure", default="", metavar="CODE", help="bản đầy đủ của một thủ tục để niêm yết")


def print_book(desk: Desk, options: argparse.Namespace) -> None:
    """Print a register or what hangs on the notice board."""
    if options.codes:
        raise InputError(
            f"print {options.kind} không nhận mã hồ sơ. Chưa làm gì. Bỏ các mã rồi chạy lại.",
            field="codes",
        )
    if options.kind == "posting" and options.procedure and options.sector:
        raise InputError(
            "Chỉ chọn một trong --sector và --procedure. Chưa làm gì.", field="procedure"
        )
    with atomically(options.output) as temporary:  # the place is tried before the log tells of it
        temporary.write_bytes(_book(desk, options))
    show(options, {"output": options.output}, [f"Đã ghi vào {options.output}."])


def _book(desk: Desk, options: argparse.Namespace) -> bytes:
    if options.kind == "register":
        return register.register_pdf(
            desk.store,
            year=options.year or desk.now.year,
            sector=options.sector,
            volume=options.volume,
            now=desk.now,
        )
    if options.procedure:
        return posting.procedure_pdf(desk.store, options.procedure, now=desk.now)
    return posting.posting_pdf(desk.store, sector=options.sector, now=desk.now)


def _forms_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("act", choices=("list", "import"), help="xem các bộ biểu mẫu, hoặc nhập bộ mới")
    add("file", nargs="?", type=path, metavar="FILE.json", help="tệp lời văn biểu mẫu")
    add("--by", default="", metavar="NAME", help="công chức làm việc này")


def _forms(desk: Desk, options: argparse.Namespace) -> None:
    if options.act == "import":
        name = form_versions.import_forms(
            desk.store, _read(options.file), by=by_name(desk, options.by), now=desk.now
        )
        show(options, {"version": name}, [f"Đã nhập lời văn biểu mẫu {name}."])
        return
    found = form_versions.versions(desk.store)
    data = [
        {
            "version": one.version,
            "name": one.name,
            "valid_from": None if one.valid_from == date.min else one.valid_from.isoformat(),
            "source": one.source,
            "own": one.is_own,
        }
        for one in found
    ]
    show(options, data, [f"{row['version']}  từ {row['valid_from'] or '–'}" for row in data])


def _read(name: str | None) -> str:
    if not name:
        raise InputError("forms import cần tên tệp. Chưa nhập gì.", field="file")
    file = Path(name)
    try:
        if file.stat().st_size > _LARGEST:
            raise InputError(f"Tệp {name} quá lớn để là lời văn biểu mẫu.", field="file")
        return read_given(file, most=_LARGEST).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"Không đọc được tệp {name}. Chưa nhập gì. Kiểm tra tên tệp và bảng mã UTF-8.",
            field="file",
        ) from error


VERBS = (
    Verb(
        "forms",
        "Các bộ biểu mẫu và lời văn",
        _forms_arguments,
        _forms,
        saves=lambda options: options.act == "import",
    ),
)
