"""Verbs for the office: set-up, settings, catalogue, calendar, deadlines, checks, demo."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counter_app import paths
from counter_app.atomic import write_atomically
from counter_app.cli.parser import Verb, moment, show, warn
from counter_app.domain.catalogue import to_dict
from counter_app.domain.deadlines import Counting, parse_cutoff, parse_limit, promise
from counter_app.domain.due_cases import ANSWER_COLUMNS, answer_cases, missing_columns
from counter_app.domain.moments import to_json
from counter_app.errors import InputError
from counter_app.services import (
    backups,
    calendars,
    catalogue,
    checks,
    data_files,
    demo,
    office,
    settings,
)

if TYPE_CHECKING:
    import argparse

    from counter_app.cli.parser import Desk


def _setup_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--office", required=True, metavar="NAME", help="tên bộ phận một cửa")
    parser.add_argument("--parent", required=True, metavar="NAME", help="cơ quan chủ quản")
    parser.add_argument("--agency-code", default="", metavar="CODE", help="mã định danh cơ quan")
    parser.add_argument("--counter", default="", metavar="NAME", help="tên quầy")
    parser.add_argument("--counter-number", type=int, default=1, metavar="N", help="số quầy 1..99")
    parser.add_argument("--province-code", default="", metavar="NN", help="mã tỉnh")
    parser.add_argument("--rehearsal", action="store_true", help="thư mục để thực hành")


def _setup(desk: Desk, options: argparse.Namespace) -> None:
    facts = office.set_up(
        desk.store,
        office_name=options.office,
        parent=options.parent,
        agency_code=options.agency_code,
        counter=options.counter or f"Quầy {options.counter_number}",
        counter_number=options.counter_number,
        province_code=options.province_code,
        is_rehearsal=options.rehearsal,
    )
    data = {key: getattr(facts, key) for key in facts.__slots__}
    show(options, data, [f"Đã thiết lập: {facts.name}, {facts.counter_name}."])


def _settings_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("list", "get", "set"))
    parser.add_argument("key", nargs="?", default="")
    parser.add_argument("value", nargs="?")


def _settings(desk: Desk, options: argparse.Namespace) -> None:
    if options.action == "list":
        known = settings.get_settings(desk.store)
        show(options, known, (f"{key} = {_written(value)}" for key, value in known.items()))
        return
    if options.action == "get":
        value = settings.get_setting(desk.store, options.key)
    elif options.value is None:
        raise InputError("Thiếu giá trị: settings set KEY VALUE.", field="value")
    else:
        value = settings.set_setting(desk.store, key=options.key, value=options.value)
    show(options, {"key": options.key, "value": _spoken(value)}, [_written(value)])


def _spoken(value: Any) -> Any:  # noqa: ANN401 - a setting holds any JSON value
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def _written(value: Any) -> str:  # noqa: ANN401 - a setting holds any JSON value
    return "; ".join(value) if isinstance(value, list) else str(_spoken(value))


def _procedures_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("list", "show", "import"))
    parser.add_argument("what", nargs="?", default="", metavar="CODE|FILE")


def _procedures(desk: Desk, options: argparse.Namespace) -> None:
    today = desk.now.date()
    if options.action == "import":
        entries = data_files.read_entries(Path(options.what))
        count = catalogue.import_procedures(desk.store, entries, on=today)
        show(options, {"imported": count}, [f"Đã nhập {count} thủ tục."])
    elif options.action == "show":
        found = catalogue.procedure(desk.store, options.what, on=today)
        data = to_dict(found)
        show(options, data, (f"{key}: {value}" for key, value in data.items()))
    else:
        known = catalogue.procedures(desk.store, on=today)
        lines = (f"{p.code}  {p.limit or '—':>6}  {p.name}" for p in known)
        show(options, [to_dict(p) for p in known], lines)


def _calendar_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("show", "import"))
    parser.add_argument("what", metavar="YEAR|FILE")


def _calendar(desk: Desk, options: argparse.Namespace) -> None:
    if options.action == "import":
        count = calendars.import_days(desk.store, data_files.read_entries(Path(options.what)))
        show(options, {"imported": count}, [f"Đã nhập {count} ngày."])
        return
    if not options.what.isdigit() or not 1 <= int(options.what) <= 9998:  # noqa: PLR2004
        raise InputError(f"“{options.what}” không phải một năm.", field="year")
    data = calendars.year(desk.store, int(options.what))
    lines = [f"Năm {data['year']}: {data['working_days']} ngày làm việc"]
    if not data["confirmed"]:
        lines[0] += " (chưa có lịch chính thức)"
    lines += [f"{day['date']}  {day['kind']:<8} {day['name']}" for day in data["days"]]
    show(options, data, lines)


def _due_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--received", type=moment, metavar="MOMENT")
    parser.add_argument("--limit", metavar="LIMIT")
    parser.add_argument("--counting", choices=("day", "hour"))
    parser.add_argument("--cutoff", default="none", metavar="RULE")
    parser.add_argument("--cases", metavar="IN.csv")
    parser.add_argument("-o", "--output", metavar="OUT.csv")


def _due(desk: Desk, options: argparse.Namespace) -> None:
    if options.cases:
        _due_cases(options)
        return
    if options.received is None or not options.limit:
        raise InputError("Cần --received và --limit, hoặc --cases.", field="received")
    try:
        limit, cutoff = parse_limit(options.limit), parse_cutoff(options.cutoff)
        counting = Counting(options.counting or settings.get_setting(desk.store, "counting"))
        answer = promise(
            calendars.calendar(desk.store),
            received=options.received,
            limit=limit,
            counting=counting,
            cutoff=cutoff,
        )
    except ValueError as error:
        raise InputError(str(error), field="limit") from error
    data = {
        "due_at": to_json(answer.due_at),
        "counting": answer.counting.value,
        "provisional": answer.provisional,
        "steps": [
            {
                "date": step.date.isoformat(),
                "kind": step.kind.value,
                "reason": step.reason,
                "minutes": step.minutes,
                "text": step.text,
            }
            for step in answer.steps
        ],
    }
    show(options, data, [step.text for step in answer.steps])
    if answer.provisional:
        warn(["Kết quả dựa trên lịch chưa được xác nhận chính thức."])


def _due_cases(options: argparse.Namespace) -> None:
    """Answer a conformance file; nothing is read from the database."""
    try:
        text = Path(options.cases).read_text("utf-8-sig")
    except (OSError, UnicodeError) as error:
        raise InputError(
            f"Không đọc được tệp {options.cases}. Kiểm tra đường dẫn và bảng mã UTF-8."
        ) from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    header = list(reader.fieldnames or ())
    missing = missing_columns(header)
    if missing:
        raise InputError(f"Tệp {options.cases} thiếu cột: {', '.join(missing)}.")
    rows = [{k: v for k, v in row.items() if k is not None} for row in reader]
    answered = answer_cases(rows)
    out = io.StringIO(newline="")
    columns = [*header, *(name for name in ANSWER_COLUMNS if name not in header)]
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    writer.writerows(answered)
    if options.output:
        write_atomically(options.output, b"\xef\xbb\xbf" + out.getvalue().encode())
        errors = sum(1 for row in answered if row["error"])
        show(
            options,
            {"rows": len(answered), "errors": errors},
            [f"Đã tính {len(answered)} dòng, {errors} dòng có lỗi."],
        )
        return
    show(options, answered, out.getvalue().splitlines())


def _no_arguments(_parser: argparse.ArgumentParser) -> None:
    """Take no options of one's own."""


def _check(desk: Desk, options: argparse.Namespace) -> int:
    results = checks.run_checks(desk.store)
    lines = []
    for result in results:
        lines.append(f"{'đạt  ' if result.ok else 'KHÔNG'}  {result.check}")
        lines += [f"       {p['where']}: {p['what']} {p['mend']}" for p in result.problems]
    data = [
        {"check": r.check, "ok": r.ok, "problems": [dict(p) for p in r.problems]} for r in results
    ]
    show(options, data, lines)
    return 0 if all(result.ok for result in results) else 1


def _demo_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scenario", choices=demo.SCENARIOS)


def _demo(desk: Desk, options: argparse.Namespace) -> None:
    count = demo.fill(desk.store, options.scenario, now=desk.now)
    show(
        options,
        {"scenario": options.scenario, "dossiers": count},
        [f"Đã tạo {count} hồ sơ mẫu. Giấy tờ in ra đều ghi là bản thực hành."],
    )


def _backup_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", nargs="?", default="", metavar="DIR")


def _backup(desk: Desk, options: argparse.Namespace) -> None:
    folder = Path(options.folder).absolute() if options.folder else paths.backups(desk.folder)
    made = backups.make_backup(desk.store, folder=folder, now=desk.now)
    show(options, {"file": str(made)}, [f"Đã sao lưu vào {made}."])


def _restore_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE")


def _restore(desk: Desk, options: argparse.Namespace) -> None:
    with desk.alone():
        before = backups.restore(
            desk.store,
            Path(options.file).absolute(),
            folder=paths.backups(desk.folder),
            now=desk.now,
        )
    show(
        options,
        {"restored": options.file, "kept": str(before)},
        [f"Đã khôi phục từ {options.file}. Dữ liệu trước đó được giữ ở {before}."],
    )


VERBS = (
    Verb("backup", "Sao lưu dữ liệu", _backup_arguments, _backup),
    Verb("restore", "Khôi phục dữ liệu từ bản sao lưu", _restore_arguments, _restore),
    Verb("setup", "Đặt tên đơn vị và quầy", _setup_arguments, _setup),
    Verb("settings", "Xem và đổi cài đặt", _settings_arguments, _settings),
    Verb("procedures", "Danh mục thủ tục hành chính", _procedures_arguments, _procedures),
    Verb("calendar", "Lịch làm việc", _calendar_arguments, _calendar),
    Verb("due", "Tính ngày hẹn trả, kèm diễn giải từng ngày", _due_arguments, _due),
    Verb("check", "Kiểm tra dữ liệu", _no_arguments, _check),
    Verb("demo", "Tạo dữ liệu mẫu trong thư mục trống", _demo_arguments, _demo),
)
