"""Files of procedures and calendar days: JSON arrays, or CSV and Excel with the same headings."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from counter_app.errors import InputError
from counter_app.given import open_given, read_given

if TYPE_CHECKING:
    from pathlib import Path

_LARGEST = 20_000_000


def read_entries(path: Path) -> list[dict[str, Any]]:
    """Return the entries of a file, each a mapping of heading to value.

    Raises:
        InputError: the file can't be read or is no list of entries.
    """
    try:
        with open_given(path) as stream:
            size = os.fstat(stream.fileno()).st_size
        if size > _LARGEST:
            raise InputError(
                f"Tệp {path.name} lớn quá {_LARGEST // 1_000_000} MB nên không đọc. Chưa nhập gì."
            )
        if path.suffix.lower() == ".json":
            return _from_json(path)
    except OSError as error:
        raise InputError(f"Không đọc được tệp {path}. Chưa nhập gì. Kiểm tra đường dẫn.") from error
    return _from_table(path)


def _from_json(path: Path) -> list[dict[str, Any]]:
    try:
        data = json.loads(read_given(path, most=_LARGEST).decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise InputError(
            f"Tệp {path.name} không phải JSON đọc được: lỗi ở dòng {error.lineno}, cột "
            f"{error.colno}. Chưa nhập gì."
        ) from error
    except (ValueError, RecursionError) as error:
        # Bytes that are no UTF-8, numbers without end, brackets without bottom.
        raise InputError(
            f"Tệp {path.name} không phải JSON đọc được (cần bảng mã UTF-8). Chưa nhập gì."
        ) from error
    if isinstance(data, dict):
        data = data.get("days") or data.get("procedures") or [data]
    if not isinstance(data, list) or not all(isinstance(entry, dict) for entry in data):
        raise InputError(f"Tệp {path.name} cần là một mảng JSON các mục. Chưa nhập gì.")
    return data


def _from_table(path: Path) -> list[dict[str, Any]]:
    from counter_app.tabular.reading import read_csv
    from counter_app.tabular.workbooks import is_workbook, read_workbook

    rows = read_workbook(path) if is_workbook(path) else read_csv(path)
    headings: list[str] = []
    entries = []
    for _, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if not headings:
            headings = [cell.strip() for cell in cells]
            continue
        entries.append(
            {
                h: c.removeprefix("'")  # the guard that spreadsheets need; exactly one
                for h, c in zip(headings, cells, strict=False)
                if h and c.strip()
            }
        )
    return entries
