"""Verbs for money: what a dossier costs, that it was paid or exempted, the till of a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from counter_app.atomic import atomically
from counter_app.cli.move_verbs import CODE_HELP
from counter_app.cli.output import show
from counter_app.cli.parser import Verb, always, moment, path, whole
from counter_app.cli.values import by_name
from counter_app.domain.fees import FeeStanding
from counter_app.domain.vietnamese import format_amount
from counter_app.errors import InputError
from counter_app.services import fees, lookup, till

if TYPE_CHECKING:
    import argparse

    from counter_app.cli.parser import Desk
    from counter_app.services.store import Store


def _fee_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("code", metavar="CODE", help=CODE_HELP)
    add("--pages", type=whole, metavar="N", help="số trang của một bản")
    add("--copies", type=whole, metavar="N", help="số bản hoặc số trường hợp")
    add("--amount", type=whole, metavar="N", help="số tiền khác biểu phí, kèm lý do")
    add("--paid", action="store_true", help="đã thu đủ")
    add("--receipt-number", default="", metavar="N", help="số biên lai thu phí, lệ phí")
    add("--exempt", action="store_true", help="được miễn, kèm lý do và giấy tờ đã xem")
    add("--reason", default="", metavar="TEXT", help="lý do miễn hoặc thu khác biểu phí")
    add("--proof", default="", metavar="TEXT", help="giấy tờ chứng minh đã xem")
    add("--at", type=moment, metavar="MOMENT", help="lúc thu; mặc định là bây giờ")
    add("--by", default="", metavar="NAME", help="người thu")


def _fee(desk: Desk, options: argparse.Namespace) -> None:
    facts = fees.record_fee(
        desk.store,
        options.code,
        pages=options.pages,
        copies=options.copies,
        amount=options.amount,
        paid=options.paid,
        receipt_number=options.receipt_number,
        exempt=options.exempt,
        reason=options.reason,
        proof=options.proof,
        at=options.at,
        by=by_name(desk, options.by),
        now=desk.now,
    )
    words = FeeStanding.of(facts.state).words
    show(options, lookup.dossier_json(facts), [f"{facts.shown_code}  {words}"])


def day(text: str) -> date:
    """Read a day of the command line.

    Raises:
        InputError: the text is no ISO day.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            f"“{text}” không phải ngày dạng 2026-11-24. Chưa làm gì.", field="day"
        ) from error


def _till_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--day", default="", metavar="D", help="ngày cần xem; mặc định hôm nay")
    parser.add_argument(
        "-o", "--output", type=path, metavar="FILE.pdf|.csv", help="ghi ra tệp PDF hoặc CSV"
    )


def _till(desk: Desk, options: argparse.Namespace) -> None:
    found = till.till_day(desk.store, day(options.day) if options.day else desk.now.date())
    if options.output:
        _write(desk.store, found, options.output)
    lines = [
        f"{row.at:%H:%M}  {row.code}  {row.applicant_name}  {format_amount(row.amount)}  "
        f"{row.receipt_number or '(chưa ghi số biên lai)'}  {row.note}".rstrip()
        for row in found.rows
    ]
    lines.append(f"Cộng ngày {found.day:%d/%m/%Y}: {format_amount(found.total)}")
    show(options, till.till_json(found), lines)


def _write(store: Store, found: till.TillDay, name: str) -> None:
    kind = Path(name).suffix.lower()
    if kind not in {".pdf", ".csv"}:
        raise InputError(
            "Tệp bảng kê cần có đuôi .pdf hoặc .csv. Chưa ghi gì. Đổi tên tệp rồi làm lại.",
            field="output",
        )
    with atomically(name) as temporary:
        temporary.write_bytes(till.till_file(store, found, kind))


VERBS = (
    Verb("fee", "Phí, lệ phí của một hồ sơ", _fee_arguments, _fee, saves=always),
    Verb("till", "Bảng kê thu phí, lệ phí trong ngày", _till_arguments, _till),
)
