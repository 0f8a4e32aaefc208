"""Verbs for papers of the office: the kit for an outage, the sheets handed to units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_app.cli.into_file import act_into
from counter_app.cli.output import show
from counter_app.cli.parser import Verb, moment, path, whole
from counter_app.cli.values import by_name
from counter_app.domain.moments import to_json
from counter_app.domain.outage import STATE_LABELS
from counter_app.domain.unit_sheet import SheetAnswer
from counter_app.domain.words import format_date
from counter_app.errors import InputError
from counter_app.services import office_papers, outage, settings, unit_sheets

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from counter_app.cli.parser import Desk

_NEEDS = {
    "make": ("output",),
    "print": ("codes", "output"),
    "close": ("codes", "reason"),
    "reopen": ("codes", "reason"),
    "show": ("codes",),
    "answer": ("codes", "row"),
}


def into(output: str, make: Callable[[], Sequence[str]], desk: Desk) -> Sequence[str]:
    """Make papers and write their PDF; a place that can't be written is told before they are made.

    Raises:
        UserError: nothing was made, or only the file is missing.
    """
    return act_into(
        output,
        make,
        lambda codes: office_papers.pdf(desk.store, codes),
        lambda codes: (
            f"Giấy đã được ghi nhận và không mất: {', '.join(codes)}; in lại theo mã để lấy tệp."
        ),
    )


def _check(options: argparse.Namespace) -> None:
    """Refuse an act that lacks what it needs, before anything is done."""
    words = {
        "codes": "mã giấy",
        "output": "-o FILE.pdf",
        "reason": "--reason LÝ DO",
        "row": "--row DÒNG",
    }
    missing = [words[n] for n in _NEEDS.get(options.act, ()) if not getattr(options, n)]
    if missing:
        raise InputError(
            f"{options.verb_name} {options.act} cần {', '.join(missing)}. Chưa làm gì.",
            field=options.act,
        )


def _kit_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    acts = ("make", "list", "print", "close", "reopen")
    add("act", choices=acts, metavar="|".join(acts), help="việc cần làm")
    add("codes", nargs="*", metavar="CODE", help="mã bộ giấy (print), số giấy (close, reopen)")
    add("--count", type=whole, metavar="N", help="số tờ giấy tiếp nhận để trống")
    add("--state", choices=tuple(STATE_LABELS), default="", help="chỉ các số ở trạng thái này")
    add("--reason", default="", metavar="TEXT", help="vì sao đóng hay mở lại")
    add("-o", "--output", type=path, metavar="FILE.pdf", help="tệp PDF được ghi")
    add("--by", default="", metavar="NAME", help="công chức làm việc này")


def _kit(desk: Desk, options: argparse.Namespace) -> None:
    _check(options)
    by = by_name(desk, options.by)
    if options.act == "make":
        usual = settings.get_setting(desk.store, "outage_receipts")
        count = usual if options.count is None else options.count

        def make() -> list[str]:
            return [outage.make_kit(desk.store, count=count, by=by, now=desk.now)]

        (code,) = into(options.output, make, desk)
        numbers = [r.number for r in outage.reserved(desk.store) if r.kit == code]
        line = f"{code}: giữ {len(numbers)} số, đã ghi vào {options.output}."
        show(options, {"code": code, "numbers": numbers, "output": options.output}, [line])
    elif options.act == "print":
        _print_again(desk, options)
    elif options.act == "list":
        found = outage.reserved(desk.store, state=options.state)
        data = [
            {
                "number": r.number,
                "state": r.state,
                "kit": r.kit,
                "reserved_at": to_json(r.reserved_at),
                "dossier": r.dossier_code or None,
                "reason": r.reason,
            }
            for r in found
        ]
        lines = [
            f"{r.number}  {STATE_LABELS[r.state]}  {r.dossier_code or r.reason}".rstrip()
            for r in found
        ]
        show(options, data, lines or ["Chưa giữ số nào."])
    elif options.act == "close":
        closed = outage.close_numbers(
            desk.store, options.codes, reason=options.reason, by=by, now=desk.now
        )
        show(options, {"closed": closed}, [f"Đã đóng {len(closed)} số."])
    else:
        with desk.store.transaction():
            for number in options.codes:
                outage.reopen_number(desk.store, number, reason=options.reason, by=by, now=desk.now)
        count = len(options.codes)
        show(options, {"reopened": options.codes}, [f"Đã mở lại {count} số."])


def _print_again(desk: Desk, options: argparse.Namespace) -> None:
    def make() -> list[str]:
        with desk.store.transaction():
            return [
                office_papers.print_again(desk.store, code, now=desk.now).code
                for code in options.codes
            ]

    codes = into(options.output, make, desk)
    line = f"Đã ghi {len(codes)} giấy vào {options.output}."
    show(options, {"codes": list(codes), "output": options.output}, [line])


def print_handover(desk: Desk, options: argparse.Namespace) -> None:
    """Make a sheet for each unit (``print handover``), or print the named ones again."""
    if options.codes:
        _print_again(desk, options)
        return
    by = by_name(desk, options.by)

    def make() -> list[str]:
        made = unit_sheets.make_sheets(desk.store, by=by, now=desk.now)
        if not made:
            raise InputError(
                "Hôm nay không có hồ sơ nào cần bàn giao hay hỏi hạn. Chưa in tờ nào.",
                field="kind",
            )
        return made

    codes = into(options.output, make, desk)
    sheets = [office_papers.find(desk.store, code) for code in codes]
    lines = [f"{sheet.code}  {sheet.unit}" for sheet in sheets]
    lines.append(f"Đã ghi {len(codes)} tờ bàn giao vào {options.output}.")
    data = {
        "output": options.output,
        "sheets": [{"code": sheet.code, "unit": sheet.unit} for sheet in sheets],
    }
    show(options, data, lines)


def _sheet_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    acts = ("list", "show", "answer")
    add("act", choices=acts, metavar="|".join(acts), help="việc cần làm")
    add("codes", nargs="*", metavar="CODE", help="mã trên tờ bàn giao")
    add("--row", type=whole, metavar="N", help="dòng ở mục II của tờ")
    answer = parser.add_mutually_exclusive_group()
    answer.add_argument("--kept", action="store_true", help="đơn vị đánh dấu kịp")
    answer.add_argument("--late", action="store_true", help="đơn vị đánh dấu không kịp")
    add("--reason", default="", metavar="TEXT", help="lý do của đơn vị")
    add("--new-due", type=moment, metavar="MOMENT", help="ngày đơn vị đề nghị")
    add("--by", default="", metavar="NAME", help="công chức làm việc này")


def _sheet(desk: Desk, options: argparse.Namespace) -> None:
    _check(options)
    if options.act == "list":
        papers = office_papers.listed(desk.store, office_papers.SHEET)
        data = [{"code": p.code, "unit": p.unit, "made_at": to_json(p.made_at)} for p in papers]
        lines = [f"{p.code}  {p.made_at:%H:%M %d/%m/%Y}  {p.unit}" for p in papers]
        show(options, data, lines or ["Chưa in tờ bàn giao nào."])
    elif options.act == "show":
        _show_sheet(desk, options)
    else:
        if not (options.kept or options.late):
            raise InputError("Cần --kept hoặc --late. Chưa ghi gì.", field="answer")
        done = unit_sheets.answer_row(
            desk.store,
            options.codes[0],
            options.row,
            answer=(SheetAnswer.LATE if options.late else SheetAnswer.KEPT).value,
            reason=options.reason,
            proposed=options.new_due,
            by=by_name(desk, options.by),
            now=desk.now,
        )
        words = {
            "kept": "kịp hạn",
            "rescheduled": "đã ghi hẹn lại, chờ phát hành văn bản",
            "explained": "đã ghi lý do; không kịp hẹn lại, hồ sơ vẫn tính quá hạn",
        }
        show(options, done._asdict(), [f"{done.code}  {words[done.outcome]}"])


def _show_sheet(desk: Desk, options: argparse.Namespace) -> None:
    paper, rows = unit_sheets.rows_of(desk.store, options.codes[0])
    data = {
        "code": paper.code,
        "unit": paper.unit,
        "made_at": to_json(paper.made_at),
        "rows": [
            {
                "part": r.part,
                "row": r.position,
                "code": r.code,
                "due_at": to_json(r.due_at),
                "answer": r.answer,
                "reason": r.reason,
                "proposed_at": to_json(r.proposed_at),
            }
            for r in rows
        ],
    }
    told = {"": "chưa trả lời", "kept": "kịp", "late": "không kịp"}
    lines = [f"{paper.code}  {paper.unit}"]
    lines += [
        f"{r.position}. {r.code}  {r.name}"
        + (f"  hạn {format_date(r.due_at.date())}" if r.due_at else "")
        + (f"  {told[r.answer]}" if r.part == "due" else "  bàn giao")
        for r in rows
    ]
    show(options, data, lines)


VERBS = (
    Verb(
        "paper-kit",
        "Bộ giấy mất điện: giữ số, in, xem và đóng các số",
        _kit_arguments,
        _kit,
        saves=lambda options: options.act != "list",
    ),
    Verb(
        "unit-sheet",
        "Tờ bàn giao 15 giờ đã in và trả lời của đơn vị",
        _sheet_arguments,
        _sheet,
        saves=lambda options: options.act == "answer",
    ),
)
