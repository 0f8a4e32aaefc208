"""The verb for the data of one person: handed out to him, or removed where its time is over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from counter_app.atomic import write_atomically
from counter_app.cli.output import show, warn
from counter_app.cli.parser import Verb, path
from counter_app.cli.values import by_name
from counter_app.errors import InputError
from counter_app.services import erasing, privacy

if TYPE_CHECKING:
    import argparse

    from counter_app.cli.parser import Desk

_ACTIONS = ("export", "remove")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=_ACTIONS, metavar="|".join(_ACTIONS), help="việc cần làm")
    parser.add_argument("number", metavar="NUMBER", help="số định danh của người đó")
    parser.add_argument("--reason", default="", metavar="TEXT", help="lý do xóa, số văn bản")
    parser.add_argument("-o", "--output", type=path, metavar="FILE.json", help="tệp xuất ra")


def _run(desk: Desk, options: argparse.Namespace) -> None:
    if options.action == "remove":
        _remove(desk, options)
        return
    if not options.output or Path(options.output).suffix.lower() != ".json":
        raise InputError(
            "Cần tên tệp kết thúc bằng .json. Chưa ghi gì. Viết: privacy export SỐ -o FILE.json.",
            field="output",
        )
    data = privacy.person_data(desk.store, options.number, now=desk.now)
    text = json.dumps(data, ensure_ascii=False, indent=1)
    write_atomically(Path(options.output), text.encode())
    counts = {"dossiers": len(data["dossiers"]), "visits": len(data["visits"])}
    told = (
        f"Đã xuất {counts['dossiers']} hồ sơ, {counts['visits']} lượt tiếp ra {options.output}. "
        "Tệp có dữ liệu cá nhân: chỉ giao cho người đó."
    )
    show(
        options,
        {"file": options.output, **counts},
        [told],
    )


def _remove(desk: Desk, options: argparse.Namespace) -> None:
    removed = erasing.remove_person(
        desk.store, options.number, reason=options.reason, by=by_name(desk, ""), now=desk.now
    )
    lines = [
        f"Đã xóa dữ liệu cá nhân ở {len(removed.codes)} hồ sơ, {removed.visits} lượt tiếp.",
        f"Đã xóa {removed.files} tệp đính kèm.",
        "Bản sao lưu cũ vẫn còn dữ liệu đó cho đến khi bỏ.",
    ]
    if removed.kept:
        codes = ", ".join(removed.kept)
        lines.append(f"Tệp đính kèm của hồ sơ {codes} được giữ: đó là tệp của chủ hồ sơ.")
    show(
        options,
        {
            "dossiers": list(removed.codes),
            "visits": removed.visits,
            "files": removed.files,
            "kept": list(removed.kept),
        },
        lines,
    )
    if removed.left:
        told = "đang mở ở chương trình khác nên chưa xóa được. Đóng chương trình đó rồi làm tiếp."
        warn([f"{removed.left} tệp {told}"])


VERBS = (
    Verb(
        "privacy",
        "Dữ liệu của một người",
        _arguments,
        _run,
        saves=lambda options: options.action == "remove",
    ),
)
