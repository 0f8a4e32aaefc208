"""Verbs for papers and lists: print, apologies, import."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from counter_app.atomic import write_atomically
from counter_app.cli.parser import Verb, moment, show, warn
from counter_app.domain.moments import to_json
from counter_app.errors import InputError
from counter_app.services import apologies, lists, papers, settings

if TYPE_CHECKING:
    import argparse

    from counter_app.cli.parser import Desk
    from counter_app.domain.facts import ApologyRow


def _print_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", choices=("receipt", "apology"), metavar="receipt|apology")
    parser.add_argument("codes", nargs="+", metavar="CODE")
    parser.add_argument("-o", "--output", required=True, metavar="FILE.pdf")
    parser.add_argument("--paper", choices=("a4-2up", "a5", "a4"), default="")
    parser.add_argument("--signer", default="", metavar="NAME")
    parser.add_argument("--by", default="", metavar="NAME")


def _signer(desk: Desk, options: argparse.Namespace) -> str:
    known = settings.get_setting(desk.store, "signers")
    return options.signer or (known[0] if known else "")


def _print(desk: Desk, options: argparse.Namespace) -> None:
    by = options.by or settings.get_setting(desk.store, "current_clerk")
    with desk.store.transaction():
        if options.kind == "receipt":
            issued = [
                papers.print_receipt(desk.store, code, by=by, now=desk.now)
                for code in options.codes
            ]
        else:
            signer = _signer(desk, options)
            issued = [
                papers.print_apology(desk.store, code, signer=signer, by=by, now=desk.now)
                for code in options.codes
            ]
    _write_pdf(desk, issued, options.output, options.paper)
    show(
        options,
        {"output": options.output, "papers": issued},
        [f"Đã ghi {len(issued)} giấy tờ vào {options.output}."],
    )


def _write_pdf(desk: Desk, issued: list[str], output: str, size: str = "") -> None:
    write_atomically(output, papers.paper_pdf(desk.store, issued, size=size))


def _apologies_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as-of", type=moment, metavar="MOMENT")
    parser.add_argument("--issue", action="store_true", help="phát hành các văn bản đủ điều kiện")
    parser.add_argument("--signer", default="", metavar="NAME")
    parser.add_argument("--by", default="", metavar="NAME")
    parser.add_argument("-o", "--output", metavar="FILE.pdf")


def _apologies(desk: Desk, options: argparse.Namespace) -> None:
    rows = apologies.list_apologies(desk.store, as_of=options.as_of or desk.now)
    numbers: dict[str, str] = {}
    if options.issue:
        numbers = _issue(desk, options, rows)
    data = [_row_json(row, numbers.get(row.uuid)) for row in rows]
    lines = (
        f"{row.code}  {row.applicant_name}  {row.kind}  hạn {row.due_at:%d/%m/%Y %H:%M}"
        for row in rows
    )
    show(options, data, lines)


def _issue(desk: Desk, options: argparse.Namespace, rows: list[ApologyRow]) -> dict[str, str]:
    """Issue what can be issued, each letter in its own transaction; the rest is said."""
    signer = _signer(desk, options)
    if not signer:
        raise InputError("Cần --signer: người ký văn bản xin lỗi.", field="signer")
    ready = [row for row in rows if apologies.is_ready(row)]
    by = options.by or settings.get_setting(desk.store, "current_clerk")
    numbers, issued = {}, []
    for row in ready:
        paper = papers.issue_apology(desk.store, row.uuid, signer=signer, by=by, now=desk.now)
        issued.append(paper)
        numbers[row.uuid] = papers.frozen_facts(desk.store, paper)["number"] or ""
    waiting = [row.code for row in rows if row.kind == "late" and row.uuid not in numbers]
    if waiting:
        warn([f"Chưa phát hành vì thiếu lý do hoặc ngày dự kiến: {', '.join(waiting)}."])
    if issued and options.output:
        _write_pdf(desk, issued, options.output)
    return numbers


def _row_json(row: ApologyRow, number: str | None) -> dict[str, object]:
    return {
        "code": row.code,
        "applicant_name": row.applicant_name,
        "kind": row.kind,
        "due_at": to_json(row.due_at),
        "new_due_at": to_json(row.new_due_at),
        "reason": row.reason,
        "issued_number": number,
        "too_late": row.too_late,
    }


def _import_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE.csv|.xlsx|.xls|.ods")
    parser.add_argument("--dry-run", action="store_true", help="chỉ xem, không ghi")
    parser.add_argument("--strict", action="store_true", help="từ chối cả tệp nếu có dòng lỗi")
    parser.add_argument("--encoding", default="", metavar="NAME")
    parser.add_argument("--mapping", default="", metavar="NAME", help="cách đọc đã lưu")
    parser.add_argument("--save-mapping", default="", metavar="NAME", help="lưu cách đọc")
    parser.add_argument("--rejected", metavar="FILE.csv", help="ghi các dòng bị loại kèm lý do")
    parser.add_argument("--by", default="", metavar="NAME")


def _import(desk: Desk, options: argparse.Namespace) -> None:
    path = Path(options.file)
    report = lists.import_list(
        desk.store,
        path,
        name=path.name,
        mapping_name=options.mapping,
        save_mapping=options.save_mapping,
        encoding=options.encoding or None,
        dry_run=options.dry_run,
        strict=options.strict,
        by=options.by or settings.get_setting(desk.store, "current_clerk"),
        now=desk.now,
    )
    if options.rejected and report.rejected_rows:
        write_atomically(options.rejected, lists.rejected_csv(report))
    warn(report.notes)
    lines = [
        (
            f"{report.rows} dòng: {report.new} mới, {report.updated} cập nhật, "
            f"{report.unchanged} không đổi, {report.rejected} bị loại, "
            f"{report.conflicts} mâu thuẫn."
        )
    ]
    lines += [f"Dòng {e.line}, cột {e.column}: {e.message}" for e in report.errors]
    show(options, lists.report_json(report), lines)


VERBS = (
    Verb("print", "Phát hành hoặc in lại giấy tờ ra PDF", _print_arguments, _print),
    Verb("apologies", "Hồ sơ cần văn bản xin lỗi", _apologies_arguments, _apologies),
    Verb("import", "Nhập danh sách hồ sơ từ hệ thống khác", _import_arguments, _import),
)
