"""The verb for reports: figures of a period, split and checked, on the screen or in a file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from counter_app.cli.into_file import act_into
from counter_app.cli.output import show, warn
from counter_app.cli.parser import Verb, day, path, whole
from counter_app.cli.values import by_name
from counter_app.domain.figures import Against, By, read_period
from counter_app.domain.moments import to_json
from counter_app.domain.report_words import FIGURE_LABELS, breach_sentence
from counter_app.services import frozen_reports, report_files, reports

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from counter_app.cli.parser import Desk
    from counter_app.domain.figures import Figures, Report
    from counter_app.services.frozen_reports import Difference

_PROBLEMS = 1


def _arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--from", dest="first", required=True, type=day, metavar="D", help="ngày đầu kỳ")
    add("--to", dest="last", required=True, type=day, metavar="D", help="ngày cuối kỳ")
    add(
        "--against",
        choices=[one.value for one in Against],
        default=Against.DUE.value,
        help="so với hạn đang có hiệu lực hay hạn theo luật (không tính hẹn lại)",
    )
    add("--by", choices=[one.value for one in By], default=None, help="chia số liệu theo")
    add("--freeze", action="store_true", help="chốt kỳ: giữ số liệu và danh sách như đã nộp")
    add("--officer", default="", metavar="NAME", help="người chốt báo cáo")
    add("--register", action="store_true", help="kèm phụ lục sổ theo dõi trong tệp PDF và Excel")
    add("-o", "--output", type=path, metavar="FILE", help="tệp .pdf, .xlsx hoặc .csv được ghi")


def _run(desk: Desk, options: argparse.Namespace) -> int:
    period, against = read_period(options.first, options.last), Against(options.against)
    kind = report_files.check_kind(Path(options.output)) if options.output else ""
    by = None if options.by is None else By(options.by)
    report = reports.make(
        desk.store, period, against=against, by=by, now=desk.now, is_recounted=True
    )
    lines = list(_lines(report))

    def freeze() -> str:
        if not options.freeze:
            return ""
        name = by_name(desk, options.officer)
        kept = frozen_reports.freeze(desk.store, period, against=against, by=name, now=desk.now)
        return f"Đã chốt báo cáo số {kept.id}, {kept.name}."

    def render(_frozen: str) -> bytes:
        material = report_files.gather(desk.store, period, against=against, now=desk.now)
        split = report if by is not None else None
        return report_files.render(
            desk.store, kind, material, groups=split, with_register=options.register
        )

    if kind and not report.breaches:
        lines.append(act_into(options.output, freeze, render, str))
        lines.append(f"Đã ghi báo cáo vào {options.output}.")
    else:
        lines.append(freeze())
    show(options, report.to_json(), [line for line in lines if line])
    if kind and report.breaches:
        warn(["Số liệu chưa khớp nên chưa lập biểu. Chạy check rồi làm lại."])
    warn(f"Số liệu không khớp: {breach_sentence(one)}" for one in report.breaches)
    return _PROBLEMS if report.breaches else 0


def _lines(report: Report) -> Iterator[str]:
    first, last = report.period
    yield f"Từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}"
    yield from _figure_lines(report.figures)
    for group in report.groups:
        yield f"{group.name}:"
        yield from (f"  {line}" for line in _figure_lines(group.figures))


def _figure_lines(f: Figures) -> Iterator[str]:
    yield (
        f"Tiếp nhận {f.received}: trực tuyến {f.online}, trực tiếp và bưu chính "
        f"{f.counter_and_post}, kỳ trước chuyển sang {f.carried_over}"
    )
    yield f"Đã giải quyết {f.resolved}: trước hạn {f.early}, đúng hạn {f.on_time}, quá hạn {f.late}"
    yield (f"Đang giải quyết {f.pending}: trong hạn {f.pending_in_time}, quá hạn {f.pending_late}")
    yield f"Từ chối {f.refused}, rút {f.withdrawn}, dừng {f.stopped}"


def _frozen_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "number", nargs="?", type=whole, metavar="N", help="đếm lại báo cáo số này và so sánh"
    )


def _frozen(desk: Desk, options: argparse.Namespace) -> int:
    if options.number is None:
        kept = frozen_reports.all_frozen(desk.store)
        data: list[dict[str, object]] = [
            {
                "id": one.id,
                "name": one.name,
                "from": one.period.first.isoformat(),
                "to": one.period.last.isoformat(),
                "against": one.against.value,
                "frozen_at": to_json(one.frozen_at),
                "by": one.by,
                **one.figures.to_json(),
            }
            for one in kept
        ]
        show(options, data, [f"{k.id}  {k.name}  {k.frozen_at:%d/%m/%Y}  {k.by}" for k in kept])
        return 0
    found = frozen_reports.compare(desk.store, options.number, now=desk.now)
    data = [
        {
            "figure": one.figure,
            "before": one.before,
            "now": one.now,
            "changes": [
                {**c._asdict(), "recorded_at": to_json(c.recorded_at)} for c in one.changes
            ],
        }
        for one in found
    ]
    lines = list(_difference_lines(found))
    show(options, data, lines or ["Đếm lại khớp với báo cáo đã chốt."])
    return _PROBLEMS if found else 0


def _difference_lines(found: Sequence[Difference]) -> Iterator[str]:
    for one in found:
        yield f"{FIGURE_LABELS[one.figure]}: đã nộp {one.before}, đếm lại {one.now}"
        for change in one.changes:
            what = "thêm" if change.is_added else "bớt"
            told = ""
            if change.recorded_at is not None:
                by = f", {change.by}" if change.by else ""
                told = f" (ghi lúc {change.recorded_at:%H:%M %d/%m/%Y}{by})"
            yield f"  {what} {change.code}: {change.cause}{told}"


VERBS = (
    Verb(
        "report",
        "Số liệu của một kỳ báo cáo",
        _arguments,
        _run,
        saves=lambda options: options.freeze,
    ),
    Verb("frozen", "Báo cáo đã chốt; đếm lại và so sánh", _frozen_arguments, _frozen),
)
