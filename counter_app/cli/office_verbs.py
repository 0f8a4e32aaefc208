"""Verbs for the office: set-up, settings, catalogue, calendar, checks, safety, demo."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counter_app.atomic import flush_times
from counter_app.cli.output import show
from counter_app.cli.parser import Verb, always, path, whole
from counter_app.domain.catalogue import to_dict
from counter_app.domain.catalogue_changes import ChangeKind
from counter_app.errors import InputError, MoveRefusedError
from counter_app.services import (
    catalogue,
    catalogue_files,
    data_files,
    demo,
    journal,
    office,
    settings,
    sync_office,
)

if TYPE_CHECKING:
    import argparse

    from counter_app.cli.parser import Desk


def _setup_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--office", default="", metavar="NAME", help="tên bộ phận một cửa")
    parser.add_argument("--parent", default="", metavar="NAME", help="cơ quan chủ quản")
    parser.add_argument("--join", type=path, metavar="FILE", help="tệp mời của đơn vị")
    parser.add_argument("--agency-code", default="", metavar="CODE", help="mã định danh cơ quan")
    parser.add_argument("--counter", default="", metavar="NAME", help="tên quầy")
    parser.add_argument("--counter-number", type=whole, metavar="N", help="số quầy, từ 1 đến 99")
    parser.add_argument("--province-code", default="", metavar="NN", help="mã tỉnh")
    parser.add_argument("--rehearsal", action="store_true", help="thư mục để thực hành")


def _join(desk: Desk, options: argparse.Namespace) -> None:
    if options.office or options.parent or options.counter_number is not None:
        raise InputError(
            "Tên đơn vị và số quầy đã có trong tệp mời. Chưa thay đổi gì. "
            "Viết: setup --join FILE --counter TÊN.",
            field="join",
        )
    counter = options.counter or "Quầy mới"
    number = sync_office.join(desk.store, Path(options.join), counter=counter)
    facts = office.office(desk.store)
    data = {key: getattr(facts, key) for key in facts.__slots__}
    show(options, data, [f"Đã vào {facts.name}, {facts.counter_name}, số quầy {number:02d}."])


def _setup(desk: Desk, options: argparse.Namespace) -> None:
    if options.join:
        _join(desk, options)
        return
    if not (options.office and options.parent):
        raise InputError(
            "Thiếu tham số: --office, --parent. Chưa làm gì. "
            "Viết: setup --office TÊN --parent TÊN, hoặc setup --join FILE.",
            field="office",
        )
    here = office.office(desk.store)
    if options.rehearsal and not here.is_rehearsal and journal.is_used(desk.store):
        raise MoveRefusedError(
            "Thư mục này đang giữ hồ sơ thật nên không chuyển thành thư mục thực hành. "
            "Chưa thay đổi gì. Chọn một thư mục khác bằng --data."
        )
    number = options.counter_number
    if number is None:
        number = here.counter_number
    # Said again without a name, the desk keeps the one it has.
    name = here.counter_name if number == here.counter_number else f"Quầy {number}"
    facts = office.set_up(
        desk.store,
        office_name=options.office,
        parent=options.parent,
        agency_code=options.agency_code,
        counter=options.counter or name,
        counter_number=number,
        province_code=options.province_code,
        is_rehearsal=options.rehearsal,
    )
    data = {key: getattr(facts, key) for key in facts.__slots__}
    show(options, data, [f"Đã thiết lập: {facts.name}, {facts.counter_name}."])


def _practises(options: argparse.Namespace) -> bool:
    """An invited desk practises where the office does, so its clock may be set as well."""
    if options.join:
        return sync_office.invites_to_practise(Path(options.join))
    return bool(options.rehearsal)


def _settings_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "action", choices=("list", "get", "set"), metavar="list|get|set", help="việc cần làm"
    )
    parser.add_argument("key", nargs="?", default="", metavar="KEY", help="tên cài đặt")
    parser.add_argument("value", nargs="?", metavar="VALUE", help="giá trị mới")


def _settings(desk: Desk, options: argparse.Namespace) -> None:
    if options.action == "list":
        known = {key: _spoken(value) for key, value in settings.get_settings(desk.store).items()}
        show(options, known, (f"{key} = {_written(value)}" for key, value in known.items()))
        return
    if options.action == "get":
        value = settings.get_setting(desk.store, options.key)
    elif options.value is None:
        raise InputError(
            "Thiếu giá trị. Chưa thay đổi gì. Viết: settings set KEY VALUE.", field="value"
        )
    else:
        value = settings.set_setting(desk.store, key=options.key, value=options.value)
    show(options, {"key": options.key, "value": _spoken(value)}, [_written(value)])


def _spoken(value: Any) -> Any:  # noqa: ANN401 - a setting holds any JSON value
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def _written(value: Any) -> str:  # noqa: ANN401 - a setting holds any JSON value
    return "; ".join(value) if isinstance(value, list) else str(_spoken(value))


def _procedures_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "action",
        choices=("list", "show", "import", "export"),
        metavar="list|show|import|export",
        help="việc cần làm",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="chỉ xem lần nhập sẽ thay đổi gì, không lưu"
    )
    parser.add_argument(
        "--all-versions", action="store_true", help="xuất cả các phiên bản cũ của thủ tục"
    )
    parser.add_argument(
        "-o", "--output", type=path, metavar="FILE.csv|.xlsx|.json", help="tệp xuất ra"
    )
    parser.add_argument(
        "what", nargs="?", default="", metavar="CODE|FILE", help="mã thủ tục hoặc tệp để nhập"
    )


def _procedures(desk: Desk, options: argparse.Namespace) -> None:
    today = desk.now.date()
    if options.action == "export":
        _export_procedures(desk, options)
        return
    if options.action != "list" and not options.what:
        raise InputError(
            "Thiếu mã thủ tục hoặc tên tệp. Chưa thay đổi gì. "
            "Viết: procedures show CODE hoặc procedures import FILE.",
            field="what",
        )
    if options.action == "import":
        entries = data_files.read_entries(Path(options.what))
        _import_procedures(desk, options, entries)
    elif options.action == "show":
        found = catalogue.procedure(desk.store, options.what.strip(), on=today)
        data = to_dict(found)
        show(options, data, (f"{key}: {value}" for key, value in data.items()))
    else:
        known = catalogue.procedures(desk.store, on=today)
        lines = (f"{p.code}  {p.limit or '—':>6}  {p.name}" for p in known)
        show(options, [to_dict(p) for p in known], lines)


def _import_procedures(
    desk: Desk, options: argparse.Namespace, entries: list[dict[str, Any]]
) -> None:
    act = catalogue_files.preview_import if options.dry_run else catalogue_files.import_entries
    found = act(desk.store, entries, on=desk.now.date())
    count = 0 if options.dry_run else len(found)
    lines = []
    for change in found:
        if change.kind is not ChangeKind.SAME:
            lines.append(change.words)
            lines += [
                f"    {f.label}: {f.before or '(trống)'} → {f.after or '(trống)'}"
                for f in change.fields
            ]
    same = sum(1 for change in found if change.kind is ChangeKind.SAME)
    told = f"Xem trước {len(found)} mục, chưa lưu gì" if options.dry_run else f"Đã nhập {count} mục"
    lines.append(f"{told}; {same} mục không đổi.")
    data = {"imported": count, "dry_run": options.dry_run, **catalogue_files.changes_json(found)}
    show(options, data, lines)


def _export_procedures(desk: Desk, options: argparse.Namespace) -> None:
    if not options.output:
        raise InputError(
            "Thiếu tên tệp. Chưa ghi gì. Viết: procedures export -o FILE.csv (hoặc .xlsx, .json).",
            field="output",
        )
    count = catalogue_files.export(
        desk.store, Path(options.output), on=desk.now.date(), all_versions=options.all_versions
    )
    data = {"exported": count, "file": options.output}
    show(options, data, [f"Đã xuất {count} thủ tục ra {options.output}."])


def _demo_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "scenario",
        choices=demo.SCENARIOS,
        metavar="SCENARIO",
        help=f"kịch bản: {', '.join(demo.SCENARIOS)}",
    )


def _demo(desk: Desk, options: argparse.Namespace) -> None:
    flushes = flush_times(desk.store.path.parent)
    begun = time.perf_counter()
    count = demo.fill(desk.store, options.scenario, now=desk.now)
    took = time.perf_counter() - begun
    flush = f"{flushes[len(flushes) // 2] * 1e3:.2f}".replace(".", ",")
    show(
        options,
        {"scenario": options.scenario, "dossiers": count},
        [
            (
                f"Đã tạo {count} hồ sơ mẫu trong {took:.0f} giây, lưu chung một lần; "
                f"mỗi lần ghi chắc xuống ổ đĩa này mất {flush} mili giây. "
                "Giấy tờ in ra đều ghi là bản thực hành."
            )
        ],
    )


VERBS = (
    Verb(
        "setup",
        "Đặt tên đơn vị và quầy",
        _setup_arguments,
        _setup,
        saves=always,
        practises=_practises,
    ),
    Verb(
        "settings",
        "Xem và đổi cài đặt",
        _settings_arguments,
        _settings,
        saves=lambda options: options.action == "set",
    ),
    Verb(
        "procedures",
        "Danh mục thủ tục hành chính",
        _procedures_arguments,
        _procedures,
        saves=lambda options: options.action == "import" and not options.dry_run,
    ),
    Verb(
        "demo",
        "Tạo dữ liệu mẫu trong thư mục trống",
        _demo_arguments,
        _demo,
        saves=always,
        practises=always,
    ),
)
