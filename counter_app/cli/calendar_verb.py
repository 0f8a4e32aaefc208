"""The verb ``calendar``: a year, a file of days, what an edit touches, a decision that confirms."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from counter_app.cli.into_file import act_into
from counter_app.cli.output import show
from counter_app.cli.parser import Verb, path, whole
from counter_app.domain.calendar_changes import Fate
from counter_app.domain.days import FIRST_YEAR, LAST_YEAR
from counter_app.errors import InputError
from counter_app.services import calendar_edits, calendars, data_files
from counter_app.services.calendar_edits import CalendarEdit, CalendarPreview

if TYPE_CHECKING:
    import argparse

    from counter_app.cli.parser import Desk

_MOST_LISTED = 50
_KEPT = "Thay đổi của lịch đã được lưu, không cần làm lại."


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "action",
        choices=("show", "import", "confirm"),
        metavar="show|import|confirm",
        help="việc cần làm",
    )
    parser.add_argument(
        "what", nargs="?", default="", metavar="YEAR|FILE", help="năm cần xem hoặc tệp để nhập"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="chỉ xem lịch mới chạm tới lời hẹn nào, không lưu"
    )
    parser.add_argument(
        "--decision",
        default="",
        metavar="NUMBER",
        help="số quyết định: ghi vào lời hẹn của các hồ sơ bị chạm",
    )
    parser.add_argument(
        "--confirm-year", type=whole, metavar="YEAR", help="năm đã có lịch chính thức"
    )
    parser.add_argument("--by", default="", metavar="NAME", help="người xác nhận")
    parser.add_argument(
        "-o", "--output", type=path, metavar="FILE.csv", help="danh sách người cần báo ngày mới"
    )


def _run(desk: Desk, options: argparse.Namespace) -> None:
    if options.action == "show":
        _show(desk, options)
        return
    year = options.confirm_year
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        raise InputError(
            f"“{year}” không phải một năm từ {FIRST_YEAR} đến {LAST_YEAR}. Chưa thay đổi gì.",
            field="year",
        )
    edit = CalendarEdit(years=() if year is None else (year,))
    if options.action == "import":
        if not options.what:
            raise InputError(
                "Thiếu tên tệp. Chưa thay đổi gì. Viết: calendar import FILE.", field="what"
            )
        read = calendar_edits.read_entries(data_files.read_entries(Path(options.what)))
        edit = read._replace(years=(*read.years, *edit.years))
    _change(desk, options, edit)


def _done(desk: Desk, options: argparse.Namespace, edit: CalendarEdit) -> CalendarPreview:
    if options.dry_run:
        return calendar_edits.preview(desk.store, edit)
    if options.decision or options.action == "confirm":
        return calendar_edits.confirm(
            desk.store, edit, decision=options.decision, by=options.by, now=desk.now
        )
    return calendar_edits.take_in(desk.store, edit)


def _change(desk: Desk, options: argparse.Namespace, edit: CalendarEdit) -> None:
    if options.output:
        found = act_into(
            options.output,
            lambda: _done(desk, options, edit),
            lambda found: calendar_edits.people_file(
                options.output, found.to_tell, decision=options.decision
            ),
            lambda _found: "" if options.dry_run else _KEPT,
        )
    else:
        found = _done(desk, options, edit)
    confirms = bool(options.decision) or options.action == "confirm"
    count = 0 if options.dry_run else len(edit.days)
    is_done = confirms and not options.dry_run
    data = {
        "imported": count,
        "dry_run": options.dry_run,
        "promises_added": len(found.touched) if is_done else 0,
        **calendar_edits.preview_json(found),
    }
    show(options, data, _told(found, count, is_dry=options.dry_run, is_done=is_done))


def _told(found: CalendarPreview, count: int, *, is_dry: bool, is_done: bool) -> list[str]:
    lines = [f"{d.date:%d/%m/%Y}: {d.before} → {d.after}" for d in found.days]
    lines += [
        f"Năm {year}: {before} → {after} ngày làm việc"
        for year, before, after in found.working_days
        if before != after
    ]
    lines += [one.words for one in found.touched[:_MOST_LISTED]]
    if len(found.touched) > _MOST_LISTED:
        lines.append(f"… và {len(found.touched) - _MOST_LISTED} lời hẹn khác (xem bằng --json).")
    moved = sum(1 for one in found.touched if one.fate is Fate.MOVED)
    touched = f"{len(found.touched)} lời hẹn, {moved} người cần báo ngày mới"
    if is_dry:
        lines.append(f"Xem trước, chưa lưu gì; chạm tới {touched}.")
    elif is_done:
        lines.append(f"Đã nhập {count} ngày; đã thêm lời hẹn mới: {touched}.")
    elif found.touched:
        lines.append(
            f"Đã nhập {count} ngày; lời hẹn đã in giữ nguyên. Chạm tới {touched}: xác nhận bằng "
            "calendar confirm --decision SỐ."
        )
    else:
        lines.append(f"Đã nhập {count} ngày; không chạm tới lời hẹn nào.")
    return lines


def _show(desk: Desk, options: argparse.Namespace) -> None:
    text = options.what.strip()
    is_year = text.isascii() and text.isdigit() and len(text) == len(str(FIRST_YEAR))
    if not is_year or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise InputError(
            f"“{options.what}” không phải một năm từ {FIRST_YEAR} đến {LAST_YEAR}.", field="year"
        )
    data = calendars.year(desk.store, int(text))
    lines = [f"Năm {data['year']}: {data['working_days']} ngày làm việc"]
    if not data["confirmed"]:
        lines[0] += " (chưa có lịch chính thức)"
    lines += [f"{day['date']}  {day['kind']:<8} {day['name']}" for day in data["days"]]
    show(options, data, lines)


VERBS = (
    Verb(
        "calendar",
        "Lịch làm việc",
        _arguments,
        _run,
        saves=lambda options: options.action != "show" and not options.dry_run,
    ),
)
