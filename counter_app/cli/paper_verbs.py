"""Verbs for papers and lists: print, apologies, import."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from counter_app.atomic import atomically, write_atomically
from counter_app.cli.book_verbs import BOOKS, book_arguments, print_book
from counter_app.cli.into_file import act_into
from counter_app.cli.outage_verbs import print_handover
from counter_app.cli.output import show, warn
from counter_app.cli.parser import Verb, always, moment, path
from counter_app.cli.sync_verbs import import_bundle
from counter_app.cli.values import by_name
from counter_app.cli.visit_options import is_visit_code
from counter_app.domain.moments import to_json
from counter_app.errors import InputError, MoveRefusedError, PaperError, UserError
from counter_app.services import apologies, lists, papers, settings, slips, visits
from counter_app.services.sync_import import is_bundle

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from counter_app.cli.parser import Desk
    from counter_app.domain.facts import ApologyRow

_KINDS = (
    "receipt",
    "supplement",
    "refusal",
    "apology",
    "stop",
    "routing-slip",
    "handover",
    *BOOKS,
)
_SIZES = ("a4-2up", "a5", "a4")


def _print_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("kind", metavar="|".join(_KINDS), help="loại giấy tờ, hoặc mẫu khác của bộ biểu mẫu")
    add("codes", nargs="*", metavar="CODE", help="mã hồ sơ, một hay nhiều; tờ bàn giao không cần")
    add("-o", "--output", required=True, type=path, metavar="FILE.pdf", help="tệp PDF được ghi")
    book_arguments(parser)
    add("--paper", choices=_SIZES, default="", help="khổ giấy của giấy tiếp nhận")
    add("--signer", default="", metavar="NAME", help="người ký: “Chức vụ|Họ tên”")
    add("--by", default="", metavar="NAME", help="công chức làm việc này")


def _signer(desk: Desk, options: argparse.Namespace) -> str:
    known = settings.get_setting(desk.store, "signers")
    return options.signer or (known[0] if known else "")


def _print(desk: Desk, options: argparse.Namespace) -> None:
    if options.kind in BOOKS:
        print_book(desk, options)
        return
    if options.kind == "handover":
        print_handover(desk, options)
        return
    if not options.codes:
        raise InputError(f"print {options.kind} cần mã hồ sơ. Chưa làm gì.", field="codes")
    by = by_name(desk, options.by)
    codes = list(dict.fromkeys(options.codes))

    if any(is_visit_code(code) for code in codes):
        _print_visits(desk, options, codes, by)
        return

    def issue() -> list[str]:
        with desk.store.transaction():
            if options.kind == "receipt":
                return [papers.print_receipt(desk.store, c, by=by, now=desk.now) for c in codes]
            if options.kind != "apology":
                return [
                    papers.print_slip(
                        desk.store, c, kind=options.kind, signer=options.signer, by=by, now=desk.now
                    )
                    for c in codes
                ]
            signer = _signer(desk, options)
            return [
                papers.print_apology(desk.store, code, signer=signer, by=by, now=desk.now)
                for code in codes
            ]

    issued = _issue_into(desk, options.output, issue, size=options.paper)
    if options.kind not in {"receipt", "apology"}:
        warn([text for text in [slips.not_a_form(desk.store, options.kind, now=desk.now)] if text])
    show(
        options,
        {"output": options.output, "papers": issued},
        [f"Đã ghi {len(issued)} giấy tờ vào {options.output}."],
    )


def _print_visits(desk: Desk, options: argparse.Namespace, codes: list[str], by: str) -> None:
    """Print the slips of visits again, all of one kind and none beside a dossier's."""
    if not all(is_visit_code(code) for code in codes):
        raise InputError(
            "In phiếu của lượt tiếp riêng, không chung với giấy của hồ sơ. Chưa in gì.",
            field="codes",
        )
    with atomically(options.output) as temporary, desk.store.transaction():
        printed = [
            visits.print_visit(desk.store, code, kind=options.kind, by=by, now=desk.now)
            for code in codes
        ]
        temporary.write_bytes(visits.visit_pdf(desk.store, printed, size=options.paper))
    show(
        options,
        {"output": options.output, "papers": [one.code for one in printed]},
        [f"Đã ghi {len(printed)} giấy tờ vào {options.output}."],
    )


def _issue_into(
    desk: Desk, output: str, issue: Callable[[], list[str]], *, size: str = ""
) -> list[str]:
    """Issue papers, then write their PDF; a place that can't be written is told before the issue.

    Raises:
        UserError: nothing was issued, or only the file of what was issued is missing.
    """
    return act_into(
        output,
        issue,
        lambda issued: papers.paper_pdf(desk.store, issued, size=size) if issued else None,
        lambda _issued: (
            "Giấy tờ đã được ghi nhận phát hành và không mất; chạy lại lệnh print để lấy tệp."
        ),
    )


_STANDINGS = {"at_risk": "sắp trễ", "confirmed": "đã xác nhận hẹn lại", "late": "đã trễ"}


def _apologies_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--as-of", type=moment, metavar="MOMENT", help="xét vào lúc này; mặc định là bây giờ")
    add("--issue", action="store_true", help="phát hành các văn bản đủ điều kiện")
    add("--signer", default="", metavar="NAME", help="người ký: “Chức vụ|Họ tên”")
    add("--by", default="", metavar="NAME", help="công chức làm việc này")
    add(
        "-o",
        "--output",
        type=path,
        metavar="FILE.pdf",
        help="tệp PDF của các văn bản vừa phát hành",
    )


def _apologies(desk: Desk, options: argparse.Namespace) -> None:
    as_of = options.as_of or desk.now
    if options.output and not options.issue:
        raise InputError(
            "Tùy chọn -o ghi các văn bản vừa phát hành nên cần đi cùng --issue. Chưa làm gì.",
            field="output",
        )
    if options.issue and as_of > desk.now:
        raise InputError(
            "Không phát hành văn bản cho một lúc chưa tới. Chưa làm gì. Bỏ --as-of hoặc --issue.",
            field="as_of",
        )
    rows = apologies.list_apologies(desk.store, as_of=as_of)
    numbers: dict[str, str] = {}
    if options.issue:
        numbers = _issue(desk, options, rows)
    data = [_row_json(row, numbers.get(row.uuid)) for row in rows]
    lines = [
        f"{row.code}  {row.applicant_name}  {_STANDINGS[row.kind]}  hạn {row.due_at:%d/%m/%Y %H:%M}"
        + ("  vừa phát hành văn bản" if row.uuid in numbers else "")
        for row in rows
    ]
    if options.issue:
        where = f" vào {options.output}" if options.output and numbers else ""
        lines.append(f"Đã phát hành {len(numbers)} văn bản{where}.")
    show(options, data, lines)


def _issue(desk: Desk, options: argparse.Namespace, rows: list[ApologyRow]) -> dict[str, str]:
    """Issue what can be issued, each letter in its own transaction; the rest is said."""
    signer = _signer(desk, options)
    if not signer:
        raise InputError(
            "Cần --signer: người ký văn bản xin lỗi. Chưa phát hành gì.", field="signer"
        )
    by = by_name(desk, options.by)
    issued: dict[str, str] = {}
    refused: list[str] = []

    def issue() -> list[str]:
        for row in filter(apologies.is_ready, rows):
            try:
                issued[row.uuid] = papers.issue_apology(
                    desk.store, row.uuid, signer=signer, by=by, now=desk.now
                )
            except MoveRefusedError as error:
                refused.append(error.message)
            except UserError as error:
                raise _stopped(error, [r.code for r in rows if r.uuid in issued]) from error
        return list(issued.values())

    if options.output:
        _issue_into(desk, options.output, issue)
    else:
        issue()
    warn(refused)
    waiting = [row.code for row in rows if row.kind == "late" and row.uuid not in issued]
    if waiting:
        warn([f"Chưa phát hành vì thiếu lý do hoặc ngày dự kiến: {', '.join(waiting)}."])
    return {
        uuid: papers.frozen_facts(desk.store, paper)["number"] or ""
        for uuid, paper in issued.items()
    }


def _stopped(error: UserError, done: list[str]) -> UserError:
    """Return the error with the letters that went out before it: they stay issued."""
    if not done:
        return error
    return PaperError(
        f"{error.message} Trước đó đã phát hành cho: {', '.join(done)}; lấy tệp bằng print apology."
    )


def _row_json(row: ApologyRow, number: str | None) -> dict[str, object]:
    return {
        "code": row.code,
        "applicant_name": row.applicant_name,
        "kind": row.kind,
        "due_at": to_json(row.due_at),
        "new_due_at": to_json(row.new_due_at),
        "reason": row.reason,
        "issued_number": row.issued_number if number is None else number,
        "too_late": row.too_late,
    }


def _import_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "file",
        type=path,
        metavar="FILE.csv|.xlsx|.xls|.ods|.zip",
        help="danh sách xuất từ hệ thống khác, hoặc gói đồng bộ của quầy khác",
    )
    add("--dry-run", action="store_true", help="chỉ xem, không ghi")
    add("--strict", action="store_true", help="từ chối cả tệp nếu có dòng lỗi")
    add("--encoding", default="", metavar="NAME", help="bảng mã, nếu tệp không tự cho biết")
    add("--mapping", default="", metavar="NAME", help="cách đọc đã lưu")
    add("--save-mapping", default="", metavar="NAME", help="lưu cách đọc dưới tên này")
    add("--rejected", type=path, metavar="FILE.csv", help="ghi các dòng bị loại kèm lý do")
    add("--by", default="", metavar="NAME", help="công chức làm việc này")


def _import(desk: Desk, options: argparse.Namespace) -> None:
    source = Path(options.file)
    if is_bundle(source):
        import_bundle(desk, options)
        return
    report = lists.import_list(
        desk.store,
        source,
        name=source.name,
        mapping_name=options.mapping,
        save_mapping=options.save_mapping,
        encoding=options.encoding or None,
        dry_run=options.dry_run,
        strict=options.strict,
        by=by_name(desk, options.by),
        now=desk.now,
    )
    lines = [
        (
            f"{report.rows} dòng: {report.new} mới, {report.updated} cập nhật, "
            f"{report.unchanged} không đổi, {report.rejected} bị loại, "
            f"{report.conflicts} mâu thuẫn."
        )
    ]
    lines += [f"Dòng {e.line}, cột {e.column}: {e.message}" for e in report.errors]
    show(options, lists.report_json(report), lines)
    warn(report.notes)
    warn(f"Dòng {n.line}, cột {n.column}: {n.message}" for n in report.row_notes)
    if options.rejected and report.rejected_rows:
        _write_rejected(options.rejected, lists.rejected_csv(report))


def _write_rejected(name: str, data: bytes) -> None:
    try:
        write_atomically(name, data)
    except UserError as error:
        raise InputError(
            f"{error.message} Danh sách đã được xử lý xong; nhập lại cùng tệp không thêm hồ sơ nào "
            "và ghi lại được các dòng bị loại.",
            field="rejected",
        ) from error


VERBS = (
    Verb("print", "Phát hành hoặc in lại giấy tờ ra PDF", _print_arguments, _print, saves=always),
    Verb(
        "apologies",
        "Hồ sơ cần văn bản xin lỗi",
        _apologies_arguments,
        _apologies,
        saves=lambda options: options.issue,
    ),
    Verb(
        "import",
        "Nhập danh sách hồ sơ từ hệ thống khác",
        _import_arguments,
        _import,
        saves=lambda options: not options.dry_run,
    ),
)
