"""Printing what belongs to no single dossier: the yearly register, the notice board's lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_app.atomic import write_atomically
from counter_app.cli.output import show
from counter_app.errors import InputError
from counter_app.services import posting, register

if TYPE_CHECKING:
    import argparse

    from counter_app.cli.parser import Desk

BOOKS = ("register", "posting")


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
    if options.kind == "posting":
        if options.procedure and options.sector:
            raise InputError(
                "Chỉ chọn một trong --sector và --procedure. Chưa làm gì.", field="procedure"
            )
        if options.procedure:
            data = posting.procedure_pdf(desk.store, options.procedure, now=desk.now)
        else:
            data = posting.posting_pdf(desk.store, sector=options.sector, now=desk.now)
    else:
        data = register.register_pdf(
            desk.store,
            year=options.year or desk.now.year,
            sector=options.sector,
            volume=options.volume,
            now=desk.now,
        )
    write_atomically(options.output, data)
    show(options, {"output": options.output}, [f"Đã ghi vào {options.output}."])
