"""Verbs that keep the data safe: copies, going back, rehearsing it, checks, saving what is left."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counter_app import paths
from counter_app.cli.output import show, warn
from counter_app.cli.parser import Verb, never, path
from counter_app.cli.values import by_name
from counter_app.domain.moments import from_epoch, to_json
from counter_app.errors import InputError
from counter_app.services import (
    attachment_copies,
    backup_places,
    backups,
    chain,
    checks,
    search_index,
)
from counter_app.services.backup_facts import Lies

if TYPE_CHECKING:
    import argparse

    from counter_app.cli.parser import Desk
    from counter_app.services.backup_facts import RestorePlan

_LOST_SHOWN = 20


def _backup_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder", type=path, nargs="?", metavar="DIR", help="thư mục nhận bản sao lưu"
    )


def _backup(desk: Desk, options: argparse.Namespace) -> int:
    if not options.folder:
        return _back_up_everywhere(desk, options)
    folder = Path(options.folder).absolute()
    made = backups.make_backup(desk.store, folder=folder, now=desk.now)
    show(options, {"file": str(made)}, [f"Đã sao lưu vào {made}.", *_files_told(desk, folder)])
    return 0


def _back_up_everywhere(desk: Desk, options: argparse.Namespace) -> int:
    folder = paths.backups(desk.folder)
    outcome = backup_places.back_up_everywhere(desk.store, folder=folder, now=desk.now)
    lines = [f"Đã sao lưu vào {outcome.made}.", *_files_told(desk, folder)]
    there = [place.path for place in backup_places.places(desk.store) if place.is_there]
    lines += [f"Đã chép sang {place}." for place in there if not outcome.problems]
    show(options, {"file": str(outcome.made), "missing": [str(p) for p in outcome.missing]}, lines)
    warn([f"Không thấy {place}: bản sao lưu chưa chép sang đó." for place in outcome.missing])
    warn(outcome.problems)
    return 1 if outcome.problems else 0


def _files_told(desk: Desk, folder: Path) -> list[str]:
    data = desk.store.path.parent
    if not paths.attachments(data).is_dir():
        return []
    if attachment_copies.is_within(folder, data):
        return ["Tệp đính kèm nằm nguyên trong thư mục dữ liệu, không chép thêm."]
    return [f"Tệp đính kèm được chép vào {paths.attachments(folder)}."]


def _restore_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=path, metavar="FILE", help="bản sao lưu cần khôi phục")
    parser.add_argument(
        "--dry-run", action="store_true", help="chỉ nói khôi phục sẽ làm mất những gì"
    )


def _restore(desk: Desk, options: argparse.Namespace) -> None:
    source = Path(options.file).absolute()
    if options.dry_run:
        from counter_app.services import restores

        told = restores.plan(desk.store, source)
        show(options, _plan_data(told), _plan_lines(told))
        return
    with desk.alone():
        before = backups.restore(
            desk.store, source, folder=paths.backups(desk.folder), now=desk.now
        )
    show(
        options,
        {"restored": options.file, "kept": str(before)},
        [f"Đã khôi phục từ {options.file}. Dữ liệu trước đó được giữ ở {before}."],
    )


def _plan_data(told: RestorePlan) -> dict[str, Any]:
    return {
        "made_at": to_json(told.made_at),
        "dossiers": told.copy_dossiers,
        "present_dossiers": told.present_dossiers,
        "lost_events": told.lost_events,
        "lost_dossiers": told.lost_count,
        "found_events": told.found_events,
        "is_ours": told.is_ours,
        "lost": [
            {
                "code": one.code,
                "applicant": one.applicant_name,
                "last_at": to_json(one.last_at),
                "events": one.events,
                "whole": one.is_whole,
            }
            for one in told.lost
        ],
    }


_KEY_AFTERWARDS = {
    Lies.OTHER_KEY: "Bản này có khóa khác; khôi phục xong dữ liệu vẫn mở bằng mật khẩu đang dùng.",
    Lies.PLAIN: "Bản này không mã hóa; khôi phục xong dữ liệu vẫn được mã hóa.",
    Lies.SEALED: "Bản này được mã hóa; khôi phục xong dữ liệu không được mã hóa.",
}


def _plan_lines(told: RestorePlan) -> list[str]:
    lines = [f"Bản sao lưu có {told.copy_dossiers} hồ sơ; hiện có {told.present_dossiers}."]
    if not told.is_ours:
        lines.append(f"Bản này của quầy khác ({told.office}).")
    key = _KEY_AFTERWARDS.get(told.lies)
    if key:
        lines.append(key)
    if told.loses_nothing:
        lines.append("Khôi phục không làm mất gì: bản này có mọi điều đã lưu.")
    else:
        lines.append(f"Khôi phục sẽ bỏ {told.lost_events} việc đã ghi của {told.lost_count} hồ sơ:")
    for one in told.lost[:_LOST_SHOWN]:
        what = "cả hồ sơ" if one.is_whole else f"{one.events} việc"
        lines.append(f"  {one.code}  {one.applicant_name}: {what}, {one.last_at:%H:%M %d/%m/%Y}")
    if told.lost_count > _LOST_SHOWN:
        lines.append(f"  … và {told.lost_count - _LOST_SHOWN} hồ sơ nữa (xem đủ bằng --json)")
    return [*lines, "Chưa thay đổi gì."]


def _drill_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", type=path, nargs="?", metavar="FILE", help="bản sao lưu, mặc định là bản mới nhất"
    )


def _drill(desk: Desk, options: argparse.Namespace) -> int:
    from counter_app.services import restores

    if options.file:
        source = Path(options.file).absolute()
    else:
        known = backup_places.all_copies(desk.store, paths.backups(desk.folder))
        if not known:
            raise InputError("Chưa có bản sao lưu nào. Sao lưu bằng lệnh backup rồi diễn tập.")
        source = known[0].path
    told = restores.drill(desk.store, source)
    lines = [
        f"Diễn tập với {source}: {told.dossiers} hồ sơ, {told.events} việc đã ghi.",
        *(f"  KHÔNG  {problem}" for problem in told.problems),
        "Bản này khôi phục được." if told.is_good else "Bản này KHÔNG khôi phục trọn vẹn được.",
        "Dữ liệu đang dùng không bị động đến.",
    ]
    data = {
        "file": str(source),
        "ok": told.is_good,
        "dossiers": told.dossiers,
        "events": told.events,
        "last_at": to_json(told.last_at),
        "problems": list(told.problems),
    }
    show(options, data, lines)
    return 0 if told.is_good else 1


def _salvage_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", type=path, nargs="?", metavar="FILE", help="tệp hỏng, mặc định là tệp dữ liệu"
    )
    parser.add_argument("-o", "--output", type=path, metavar="NEW.db", help="tệp mới sẽ được tạo")


def _salvage(_desk: None, options: argparse.Namespace) -> int:
    from counter_app.services.salvage import salvage

    folder = paths.data_folder(options.data, os.environ)
    source = Path(options.file).absolute() if options.file else folder / paths.DATABASE_NAME
    # The last moment at which the file was written: a verb has no clock of its own.
    now = from_epoch(int(source.stat().st_mtime)) if source.is_file() else from_epoch(0)
    target = (
        Path(options.output).absolute()
        if options.output
        else paths.backups(folder) / f"cuu-{now:%Y%m%d-%H%M%S}.db"
    )
    told = salvage(source, target, now=now, keys=options.keys)
    lines = [
        f"Đã cứu {told.dossiers} hồ sơ, {told.events} việc đã ghi vào {told.path}.",
        f"Lập lại từ lịch sử: {told.rebuilt} hồ sơ. Biết chắc đã mất: {told.lost} dòng.",
    ]
    for table in told.tables:
        if table.lost or not table.is_sure:
            more = "" if table.is_sure else ", có thể nhiều hơn"
            lines.append(f"  {table.table}: còn {table.rows} dòng, mất {table.lost}{more}")
    lines += [f"  KHÔNG  {problem}" for problem in told.problems]
    lines.append(f"Tệp hỏng còn nguyên. Dùng tệp mới: restore {told.path}")
    data = {
        "file": str(told.path),
        "dossiers": told.dossiers,
        "events": told.events,
        "rebuilt": told.rebuilt,
        "lost": told.lost,
        "tables": [table._asdict() for table in told.tables],
        "problems": list(told.problems),
    }
    show(options, data, lines)
    return 1 if told.lost or told.problems else 0


def _check_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--rebuild-search", action="store_true", help="lập lại chỉ mục tìm kiếm trước khi kiểm tra"
    )
    parser.add_argument(
        "--printed", metavar="MARK", help="dấu chuỗi in ở chân một tờ 15 giờ: còn đúng không"
    )
    parser.add_argument(
        "--full", action="store_true", help="theo chuỗi từ đầu, cộng lại mọi lịch sử (mặc định)"
    )
    parser.add_argument(
        "--quick", action="store_true", help="chỉ theo chuỗi từ lần kiểm tra trọn vẹn gần nhất"
    )


def _check_printed(desk: Desk, options: argparse.Namespace) -> int:
    stands = chain.holds(desk.store, options.printed)
    line = (
        f"Dấu chuỗi {options.printed} có trong dữ liệu: lịch sử đến lúc in tờ đó không bị đổi."
        if stands
        else f"Dấu chuỗi {options.printed} KHÔNG có trong dữ liệu: lịch sử trước khi in tờ đó đã "
        "bị đổi hoặc mất. Giữ tờ giấy và gọi người hỗ trợ."
    )
    show(options, {"printed": options.printed, "ok": stands}, [line])
    return 0 if stands else 1


def _check(desk: Desk, options: argparse.Namespace) -> int:
    if options.printed:
        return _check_printed(desk, options)
    if options.rebuild_search:
        search_index.rebuild(desk.store)
    results = checks.run_checks(desk.store, is_quick=options.quick)
    lines = []
    for result in results:
        lines.append(f"{'đạt  ' if result.ok else 'KHÔNG'}  {result.check}")
        lines += [f"       {p['where']}: {p['what']}. {p['mend']}" for p in result.problems]
    data = [
        {"check": r.check, "ok": r.ok, "problems": [dict(p) for p in r.problems]} for r in results
    ]
    show(options, data, lines)
    return 0 if all(result.ok for result in results) else 1


def _loss_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--reason", default="", metavar="TEXT", help="mất do đâu, ai biết")
    parser.add_argument("--dry-run", action="store_true", help="chỉ nói có gì bị mất")


def _accept_loss(desk: Desk, options: argparse.Namespace) -> int:
    from counter_app.services import losses

    if options.dry_run:
        found = losses.missing(desk.store)
        lines = [f"{where}: {what}" for what, where in found] or ["Không có gì bị mất."]
        listed = [{"what": what, "where": where} for what, where in found]
        show(options, {"missing": listed}, [*lines, "Chưa thay đổi gì."])
        return 1 if found else 0
    with desk.alone():
        told = losses.accept(desk.store, reason=options.reason, by=by_name(desk, ""), now=desk.now)
    data = {
        "epoch": told.epoch,
        "missing": [{"what": what, "where": where} for what, where in told.missing],
    }
    line = (
        f"Đã ghi nhận {len(told.missing)} chỗ mất với lý do trong nhật ký. "
        f"Quầy làm tiếp ở chuỗi {told.epoch}, số hồ sơ hôm nay đi tiếp sau một khoảng trống."
    )
    show(options, data, [*(f"{where}: {what}" for what, where in told.missing), line])
    return 0


VERBS = (
    Verb("backup", "Sao lưu dữ liệu", _backup_arguments, _backup),
    Verb("restore", "Khôi phục dữ liệu từ bản sao lưu", _restore_arguments, _restore),
    Verb("drill", "Diễn tập khôi phục, không động đến dữ liệu", _drill_arguments, _drill),
    Verb(
        "salvage",
        "Cứu từng dòng của tệp dữ liệu hỏng sang tệp mới",
        _salvage_arguments,
        _salvage,
        needs_data=never,
    ),
    Verb("check", "Kiểm tra dữ liệu", _check_arguments, _check),
    Verb(
        "accept-loss",
        "Ghi nhận phần dữ liệu đã biết là mất, kèm lý do",
        _loss_arguments,
        _accept_loss,
        saves=lambda options: not options.dry_run,
    ),
)
