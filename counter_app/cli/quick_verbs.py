"""Verbs for same-day work: a line of the quick register, the books and their numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_app.cli.money_verbs import day
from counter_app.cli.output import show
from counter_app.cli.parser import Verb, whole
from counter_app.cli.values import by_name
from counter_app.domain.vietnamese import format_amount
from counter_app.errors import InputError, NotFoundError
from counter_app.services import quick

if TYPE_CHECKING:
    import argparse

    from counter_app.cli.parser import Desk


def _quick_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "action", choices=("add", "list", "undo"), metavar="add|list|undo",
        help="ghi một dòng, xem các dòng trong ngày, lấy lại dòng cuối",
    )  # fmt: skip
    add("--procedure", default="", metavar="CODE", help="mã thủ tục làm ngay trong ngày")
    add("--applicant", default="", metavar="NAME", help="họ tên người yêu cầu")
    add("--citizen-id", default="", metavar="N", help="số định danh, không bắt buộc")
    add("--content", default="", metavar="TEXT", help="giấy tờ gì")
    add("--pages", type=whole, default=0, metavar="N", help="số trang của một bản")
    add("--copies", type=whole, default=1, metavar="N", help="số bản hoặc số trường hợp")
    add("--unpaid", action="store_true", help="chưa thu phí")
    add("--receipt-number", default="", metavar="N", help="số biên lai thu phí")
    add("--receipt", action="store_true", help="người dân cần giấy tiếp nhận: phát hành luôn")
    add("--day", default="", metavar="D", help="ngày cần xem; mặc định hôm nay")
    add("--reason", default="", metavar="TEXT", help="lý do lấy lại dòng cuối")
    add("--by", default="", metavar="NAME", help="công chức làm việc này")


def _quick(desk: Desk, options: argparse.Namespace) -> None:
    if options.action == "list":
        found = quick.lines_of(desk.store, day(options.day) if options.day else desk.now.date())
        show(options, [quick.line_json(line) for line in found], map(_told, found))
        return
    if options.action == "undo":
        last = quick.last_line(desk.store, now=desk.now)
        if last is None:
            raise NotFoundError("Hôm nay chưa ghi dòng nào để lấy lại. Chưa thay đổi gì.")
        line = quick.take_back_line(
            desk.store, last.uuid, reason=options.reason, by=by_name(desk, options.by), now=desk.now
        )
    else:
        line = quick.enter_line(
            desk.store,
            quick.QuickRequest(
                procedure_code=options.procedure.strip(),
                applicant_name=options.applicant,
                citizen_id=options.citizen_id,
                content=options.content,
                pages=options.pages,
                copies=options.copies,
                is_paid=not options.unpaid,
                receipt_number=options.receipt_number,
            ),
            by=by_name(desk, options.by),
            now=desk.now,
            issue_receipt=options.receipt,
        )
    show(options, quick.line_json(line), [_told(line)])


def _told(line: quick.QuickLine) -> str:
    number = line.code if line.entry is None else f"Số {line.entry}"
    fee = "" if line.fee is None else f"  {format_amount(line.fee)}"
    cancelled = f"  ĐÃ HỦY: {line.cancelled}" if line.cancelled else ""
    return f"{number}  {line.applicant_name}{fee}{cancelled}"


def _books_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "action", choices=("list", "start"), metavar="list|start", help="việc cần làm"
    )
    parser.add_argument("symbol", nargs="?", default="", metavar="SYMBOL", help="ký hiệu sổ")
    parser.add_argument("number", nargs="?", type=whole, metavar="N", help="số tiếp theo")
    parser.add_argument("--year", type=whole, metavar="YEAR", help="năm; mặc định năm nay")
    parser.add_argument("--by", default="", metavar="NAME", help="công chức làm việc này")


def _books(desk: Desk, options: argparse.Namespace) -> None:
    year = options.year or desk.now.year
    if options.action == "start":
        if not options.symbol or options.number is None:
            raise InputError(
                "Thiếu ký hiệu sổ hoặc số. Chưa thay đổi gì. Viết: books start SCT/BS 1235.",
                field="number",
            )
        quick.start_book(
            desk.store,
            options.symbol,
            number=options.number,
            year=year,
            by=by_name(desk, options.by),
            now=desk.now,
        )
    data = [
        {
            "symbol": book.symbol,
            "name": book.name,
            "procedures": list(book.procedures),
            "confirmed": book.confirmed,
            "year": year,
            "next": quick.next_number(desk.store, book.symbol, year=year),
        }
        for book in quick.books(desk.store)
    ]
    lines = (f"{b['symbol']}  {b['name']}: số tiếp theo {b['next']}/{year}" for b in data)
    show(options, data, lines)


VERBS = (
    Verb(
        "quick",
        "Sổ nhanh: việc làm ngay trong ngày",
        _quick_arguments,
        _quick,
        saves=lambda options: options.action != "list",
    ),
    Verb(
        "books",
        "Các sổ chứng thực và số tiếp theo",
        _books_arguments,
        _books,
        saves=lambda options: options.action == "start",
    ),
)
