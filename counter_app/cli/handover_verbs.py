"""Verbs for handing over: acknowledge, who holds what, give to other hands, linked steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_app.cli.move_verbs import CODE_HELP, show_moved
from counter_app.cli.output import show
from counter_app.cli.parser import Verb, always, moment, whole
from counter_app.cli.values import by_name
from counter_app.domain.moments import to_json
from counter_app.errors import InputError
from counter_app.services import handover, linked, lookup

if TYPE_CHECKING:
    import argparse

    from counter_app.cli.parser import Desk
    from counter_app.domain.facts import DossierRow


def _accept_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", metavar="CODE", help=CODE_HELP)
    parser.add_argument("--officer", default="", metavar="NAME", help="công chức nhận bàn giao")
    parser.add_argument("--at", type=moment, metavar="MOMENT", help="lúc nhận; mặc định bây giờ")
    parser.add_argument("--by", default="", metavar="NAME", help="công chức làm việc này")


def _accept(desk: Desk, options: argparse.Namespace) -> None:
    facts = handover.accept(
        desk.store,
        options.code,
        officer=options.officer,
        at=options.at,
        by=by_name(desk, options.by),
        now=desk.now,
    )
    show_moved(options, facts)


def _workload_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--officer", default="", metavar="NAME", help="hồ sơ của một công chức")
    parser.add_argument("--unit", default="", metavar="UNIT", help="hồ sơ của một đơn vị")
    parser.add_argument(
        "--not-forwarded", action="store_true", help="hồ sơ còn ở quầy mà đã quá giờ phải chuyển"
    )


def _workload(desk: Desk, options: argparse.Namespace) -> None:
    if options.not_forwarded:
        rows = handover.waiting_to_leave(desk.store, now=desk.now, overdue_only=True)
    elif options.officer or options.unit:
        rows = handover.held_by(desk.store, officer=options.officer, unit=options.unit)
    else:
        found = handover.workloads(desk.store, now=desk.now)
        lines = (
            f"{w.officer or '(chưa giao)'}  {w.unit}: {w.open_count} hồ sơ, {w.due_count} đến hạn, "
            f"{w.late_count} quá hạn, {w.unaccepted_count} chưa nhận bàn giao"
            for w in found
        )
        show(options, [w._asdict() for w in found], lines)
        return
    facts = lookup.facts_of(desk.store, [row.id for row in rows], now=desk.now)
    lines = (f"{f.shown_code}  {f.state['applicant_name']}  {f.status_label}" for f in facts)
    show(options, [lookup.dossier_json(f) for f in facts], lines)


def _reassign_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("codes", nargs="*", metavar="CODE", help="mã từng hồ sơ; hoặc dùng --from")
    add("--from", dest="from_officer", default="", metavar="NAME", help="mọi hồ sơ của người này")
    add("--to", required=True, metavar="NAME", help="công chức nhận")
    add("--unit", default="", metavar="UNIT", help="đơn vị nhận, nếu khác")
    add("--reason", required=True, metavar="TEXT", help="lý do, ví dụ: nghỉ phép")
    add("--dry-run", action="store_true", help="chỉ xem hồ sơ nào sẽ được giao lại")
    add("--by", default="", metavar="NAME", help="công chức làm việc này")


def _reassign(desk: Desk, options: argparse.Namespace) -> None:
    if bool(options.codes) == bool(options.from_officer):
        raise InputError(
            "Ghi mã các hồ sơ, hoặc --from TÊN để giao lại mọi hồ sơ của một người; không cả hai. "
            "Chưa thay đổi gì.",
            field="codes",
        )
    codes: list[str] = options.codes
    waiting: list[DossierRow] = []
    if options.from_officer:
        held = handover.held_by(desk.store, officer=options.from_officer)
        can, waiting = handover.movable(held)
        codes = [row.uuid for row in can]
    if options.dry_run:
        moved = [lookup.show(desk.store, code, now=desk.now) for code in codes]
    else:
        moved = handover.reassign(
            desk.store,
            codes=codes,
            officer=options.to,
            unit=options.unit,
            reason=options.reason,
            by=by_name(desk, options.by),
            now=desk.now,
        )
    lines = [f"{f.shown_code}  {f.state['applicant_name']}" for f in moved]
    lines.append(f"{'Sẽ giao' if options.dry_run else 'Đã giao'} {len(moved)} hồ sơ.")
    if waiting:
        codes_left = ", ".join(row.shown_code for row in waiting)
        lines.append(f"Giữ nguyên {len(waiting)} hồ sơ đang chờ người dân: {codes_left}.")
    data = {
        "moved": [f.code for f in moved],
        "left": [row.code for row in waiting],
        "dry_run": options.dry_run,
    }
    show(options, data, lines)


def _step_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", metavar="CODE", help=CODE_HELP)
    parser.add_argument("step", type=whole, metavar="N", help="số thứ tự của bước đã xong")
    parser.add_argument("--at", type=moment, metavar="MOMENT", help="lúc xong; mặc định bây giờ")
    parser.add_argument("--by", default="", metavar="NAME", help="công chức làm việc này")


def _step(desk: Desk, options: argparse.Namespace) -> None:
    facts = linked.finish_step(
        desk.store,
        options.code,
        step=options.step,
        at=options.at,
        by=by_name(desk, options.by),
        now=desk.now,
    )
    show_moved(options, facts)


def _routing_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", metavar="CODE", help=CODE_HELP)


def _routing(desk: Desk, options: argparse.Namespace) -> None:
    rows = handover.routing_of(desk.store, options.code)
    data = [
        row._asdict()
        | {"handed_at": to_json(row.handed_at), "received_at": to_json(row.received_at)}
        for row in rows
    ]
    lines = [
        f"{row.handed_at:%d/%m/%Y %H:%M}  {row.handed_by or row.from_unit} giao {row.unit}; "
        + (
            "chưa nhận"
            if row.received_at is None
            else f"{row.received_by} nhận {row.received_at:%d/%m/%Y %H:%M}"
        )
        for row in rows
    ]
    show(options, data, lines)


VERBS = (
    Verb("accept", "Nhận bàn giao một hồ sơ", _accept_arguments, _accept, saves=always),
    Verb("workload", "Ai đang giữ hồ sơ nào", _workload_arguments, _workload),
    Verb(
        "reassign",
        "Giao lại hồ sơ hàng loạt khi một người vắng",
        _reassign_arguments,
        _reassign,
        saves=lambda options: not options.dry_run,
    ),
    Verb("routing", "Các lần giao, nhận của một hồ sơ", _routing_arguments, _routing),
    Verb("step", "Ghi xong một bước liên thông", _step_arguments, _step, saves=always),
)
