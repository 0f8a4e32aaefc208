"""What ``receive``, ``show`` and ``print`` do with visits that became no dossier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counter_app.cli.output import show, wants_json, warn
from counter_app.cli.values import by_name
from counter_app.domain.numbering import parse_provisional
from counter_app.domain.visits import VISIT_LABELS, VisitKind
from counter_app.errors import InputError
from counter_app.services import privacy, visits

if TYPE_CHECKING:
    import argparse

    from counter_app.cli.parser import Desk
    from counter_app.domain.facts import ReceiveRequest
    from counter_app.domain.visits import VisitFacts


_DEFAULTS = {"copies": 1, "result_to": "counter", "channel": "counter"}


def is_visit_code(text: str) -> bool:
    """Tell whether a code is a visit's: ``LUOT-01-261123-0001``."""
    own = parse_provisional(text)
    return own is not None and own.kind == "LUOT"


def visit_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of a visit that ends with a slip, or comes back."""
    ending = parser.add_mutually_exclusive_group()
    ending.add_argument(
        "--guidance",
        action="store_true",
        help="chưa nhận: ghi lượt hướng dẫn bổ sung, cần --reason hoặc --item",
    )
    ending.add_argument(
        "--not-accepted", action="store_true", help="không nhận: ghi lượt từ chối, cần --reason"
    )
    ending.add_argument(
        "--from-visit", default="", metavar="LUOT-…", help="nhận hồ sơ của một lượt trước đó"
    )
    parser.add_argument("--reason", default="", metavar="TEXT", help="lý do chưa nhận, không nhận")
    parser.add_argument(
        "--item",
        action="append",
        default=[],
        metavar="TEXT",
        help="một mục cần bổ sung, mỗi mục một lần",
    )


def kind_of(options: argparse.Namespace) -> VisitKind | None:
    """Return how the visit ends, None when a dossier is received."""
    if options.guidance:
        return VisitKind.GUIDANCE
    return VisitKind.NOT_ACCEPTED if options.not_accepted else None


def check_options(options: argparse.Namespace) -> None:
    """Refuse a reason that belongs to no slip, and a receipt without its procedure.

    Raises:
        InputError: options that don't go together.
    """
    if kind_of(options) is None and (options.reason or options.item):
        raise InputError(
            "--reason và --item chỉ đi cùng --guidance hoặc --not-accepted. Chưa lưu gì.",
            field="reason",
        )
    if not options.procedure and not options.from_visit:
        raise InputError("Thiếu tham số: --procedure. Chưa làm gì.", field="procedure_code")


def record(
    desk: Desk, options: argparse.Namespace, request: ReceiveRequest, kind: VisitKind
) -> None:
    """Record the visit and print it."""
    done = visits.record_visit(
        desk.store,
        request,
        kind=kind,
        reason=options.reason,
        requirements=options.item,
        now=desk.now,
    )
    print_visit(desk, options, done.visit)
    warn(done.warnings)


def print_visit(desk: Desk, options: argparse.Namespace, visit: VisitFacts) -> None:
    """Print one visit."""
    asked = "; ".join(visit.requirements) or visit.reason
    data: dict[str, Any] = visits.visit_json(desk.store, visit)
    lines = [
        f"{visit.code}  {visit.person['applicant_name']}  {VISIT_LABELS[visit.kind].lower()}",
        f"{visit.person['procedure_code']}  {visit.person['procedure_name']}",
        f"{visit.at:%d/%m/%Y %H:%M}  {visit.by or 'Máy'}: {asked}",
    ]
    if visit.void_reason:
        lines.append(f"Đã hoàn tác: {visit.void_reason}.")
    if data["dossier_code"]:
        lines.append(f"Đã nhận thành hồ sơ {data['dossier_code']}.")
    if wants_json(options):
        privacy.note_number_shown(desk.store, visit.uuid)
    show(options, data, lines)


def undo_visit(desk: Desk, options: argparse.Namespace) -> None:
    """Take a visit back."""
    visit = visits.undo_visit(
        desk.store,
        options.code,
        reason=options.reason,
        by=by_name(desk, options.by),
        now=desk.now,
    )
    print_visit(desk, options, visit)


def from_visit(desk: Desk, options: argparse.Namespace, values: dict[str, Any]) -> ReceiveRequest:
    """Return the request of a visit with what was given now."""
    visit = visits.find_visit(desk.store, options.from_visit)
    # What stands at its default wasn't said: the visit's own holds.
    said = {k: v for k, v in values.items() if _DEFAULTS.get(k) != v}
    return visits.request_of(visit, **said)
