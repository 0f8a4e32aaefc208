"""The verb due: what would be promised, and the answers to a file of conformance cases."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from counter_app.atomic import write_atomically
from counter_app.cli.output import show, warn
from counter_app.cli.parser import Verb, moment, path
from counter_app.domain.deadlines import Counting, parse_cutoff, parse_limit, promise
from counter_app.domain.due_cases import ANSWER_COLUMNS, answer_cases, missing_columns
from counter_app.domain.moments import to_json
from counter_app.errors import InputError
from counter_app.given import read_given
from counter_app.services import calendars, settings

if TYPE_CHECKING:
    import argparse

    from counter_app.cli.parser import Desk

_SAFE = "Chưa ghi gì."
_PROVISIONAL = "Kết quả dựa trên lịch chưa được xác nhận chính thức."
# A cell may hold a list of holidays of many years.
_LARGEST_FIELD = 10_000_000
_LARGEST = 50_000_000  # bytes


def _arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--received", type=moment, metavar="MOMENT", help="giờ nhận, dạng 2026-11-24T09:00")
    add("--limit", metavar="LIMIT", help="thời hạn: 3wd, 15cd, 2mo, 4h, 90m, 12ch hoặc 0wd")
    add("--counting", choices=("day", "hour"), help="cách tính; mặc định theo cài đặt")
    add(
        "--cutoff",
        default="none",
        metavar="RULE",
        help="giờ chốt: none, next-day-result hoặc next-day-start, có thể kèm @HH:MM",
    )
    add(
        "--cases",
        type=path,
        metavar="IN.csv",
        help="tính một tệp trường hợp, mỗi dòng có lịch riêng",
    )
    add("-o", "--output", type=path, metavar="OUT.csv", help="ghi kết quả của --cases vào tệp")


def _due(desk: Desk | None, options: argparse.Namespace) -> None:
    if desk is None:
        _due_cases(options)
        return
    if options.received is None or not options.limit:
        raise InputError(
            f"Cần cả --received và --limit, hoặc --cases. {_SAFE}",
            field="limit" if options.received else "received",
        )
    if options.output:
        raise InputError(f"Tùy chọn -o chỉ đi cùng --cases. {_SAFE}", field="output")
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
    except (ValueError, OverflowError) as error:
        sentence = str(error) if isinstance(error, ValueError) else "Thời hạn quá xa."
        raise InputError(sentence, field="limit") from error
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
        warn([_PROVISIONAL])


def _due_cases(options: argparse.Namespace) -> None:
    """Answer a conformance file; nothing is read from the database."""
    if options.received or options.limit:
        raise InputError(f"--cases không đi cùng --received hay --limit. {_SAFE}", field="cases")
    header, lines = _read(options.cases)
    answered = _answer(header, lines)
    columns = [*header, *(name for name in ANSWER_COLUMNS if name not in header)]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, lineterminator="\r\n" if options.output else "\n")
    writer.writeheader()
    writer.writerows(answered)
    if not options.output:
        show(options, answered, [out.getvalue().removesuffix("\n")])
        return
    write_atomically(options.output, b"\xef\xbb\xbf" + out.getvalue().encode())
    errors = sum(1 for row in answered if row["error"])
    show(
        options,
        {"rows": len(answered), "errors": errors, "output": options.output},
        [f"Đã tính {len(answered)} dòng, {errors} dòng có lỗi."],
    )


def _answer(header: list[str], lines: list[list[str]]) -> list[dict[str, str]]:
    """Answer each row; one with more cells than columns is told, because its cells have moved."""
    width = len(header)
    rows = [dict(zip(header, [*line, *[""] * (width - len(line))], strict=False)) for line in lines]
    answered = answer_cases(rows)
    for line, row in zip(lines, answered, strict=True):
        if len(line) > width:
            row["due"] = ""
            row["error"] = f"Dòng có {len(line)} ô trong khi tệp có {width} cột."
    return answered


def _read(name: str) -> tuple[list[str], list[list[str]]]:
    """Read the cases as they are: the columns, then the cells of each row.

    Raises:
        InputError: the file can't be read, or its columns aren't those of the contract.
    """
    try:
        text = read_given(name, most=_LARGEST).decode("utf-8-sig")
    except (OSError, UnicodeError) as error:
        raise InputError(
            f"Không đọc được tệp {name}. {_SAFE} Kiểm tra đường dẫn và bảng mã UTF-8.",
            field="cases",
        ) from error
    csv.field_size_limit(_LARGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        lines = [line for line in reader if line]
    except csv.Error as error:
        raise InputError(
            f"Dòng {reader.line_num} của tệp {name} không phải CSV đọc được (dấu ngoặc kép chưa "
            f"đóng?). {_SAFE} Sửa dòng đó rồi chạy lại.",
            field="cases",
        ) from error
    header = lines[0] if lines else []
    missing = missing_columns(header)
    if missing:
        raise InputError(f"Tệp {name} thiếu cột: {', '.join(missing)}. {_SAFE}", field="cases")
    doubled = sorted({column for column in header if header.count(column) > 1})
    if doubled:
        raise InputError(f"Tệp {name} có cột lặp lại: {', '.join(doubled)}. {_SAFE}", field="cases")
    return header, lines[1:]


VERB = Verb(
    "due",
    "Tính ngày hẹn trả, kèm diễn giải từng ngày",
    _arguments,
    _due,
    needs_data=lambda options: not options.cases,
)
