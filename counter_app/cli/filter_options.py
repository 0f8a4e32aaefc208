"""The options of ``list`` that combine: state, due, who, what, when; saved by name, written out."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from counter_app.cli.output import show
from counter_app.cli.parser import day, path
from counter_app.domain.dossier import Channel
from counter_app.domain.list_filter import DUE_WORDS, ListFilter
from counter_app.services import filters, list_files

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from counter_app.cli.parser import Desk

_NAMES = tuple(field.name for field in fields(ListFilter) if field.name != "status")


def filter_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of a filter."""
    add = parser.add_argument
    add("--due", choices=tuple(DUE_WORDS), default="", help="hạn so với hôm nay")
    add("--due-from", type=day, metavar="D", help="hẹn trả từ ngày này")
    add("--due-until", type=day, metavar="D", help="hẹn trả đến hết ngày này")
    add("--received-from", type=day, metavar="D", help="nhận từ ngày này")
    add("--received-until", type=day, metavar="D", help="nhận đến hết ngày này")
    add("--unit", default="", metavar="UNIT", help="đơn vị giải quyết")
    add("--officer", default="", metavar="NAME", help="cán bộ thụ lý")
    add("--procedure", default="", metavar="CODE", help="mã hoặc tên thủ tục")
    add("--sector", default="", metavar="SECTOR", help="lĩnh vực")
    add("--channel", choices=tuple(map(str, Channel)), default="", help="hình thức nộp")
    add("--text", default="", metavar="TEXT", help="chữ có trong hồ sơ, như khi tìm")
    add("--open", action="store_true", help="đang giải quyết, ở mọi bước")
    add("--saved", default="", metavar="NAME", help="bắt đầu từ một bộ lọc đã lưu")
    add("--save", default="", metavar="NAME", help="lưu bộ lọc này với tên")
    add("--forget", default="", metavar="NAME", help="xóa một bộ lọc đã lưu")
    add("-o", "--output", type=path, metavar="FILE", help="ghi ra tệp .csv, .xlsx hoặc .pdf")


def chosen_filter(desk: Desk, options: argparse.Namespace) -> ListFilter:
    """Return the filter that the options make, on top of a saved one; save or forget as asked."""
    if options.forget:
        filters.forget_filter(desk.store, options.forget)
    chosen = filters.saved_filter(desk.store, options.saved) if options.saved else ListFilter()
    typed = {name: getattr(options, name) for name in _NAMES}
    chosen = replace(chosen, **{name: value for name, value in typed.items() if value})
    if options.status or options.open:
        chosen = replace(chosen, status=options.status or "open")
    if options.save:
        filters.save_filter(desk.store, options.save, chosen, now=desk.now)
    return chosen


def write_found(
    desk: Desk, options: argparse.Namespace, ids: Sequence[int], chosen: ListFilter
) -> None:
    """Write what was found to the file that was asked for."""
    target = Path(options.output)
    rows = list_files.write_list(desk.store, ids, target, words=chosen.words, now=desk.now)
    show(options, {"rows": rows}, [f"Đã ghi {rows} hồ sơ vào {target.name}."])
