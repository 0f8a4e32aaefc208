"""The routing slip's rows (phiếu kiểm soát): who handed a dossier over to whom, and when.

``routing_rows`` is the one place where hand-overs are read off a dossier's events: the slip prints
its rows, and whoever records more of a hand-over (when and by whom it was taken over) adds it to
the event's body as ``received_at`` (UTC seconds) and ``received_by``; they are read here already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from counter_app.domain.dossier import MOVE_LABELS, Move
from counter_app.domain.history import in_order, live_events
from counter_app.domain.moments import from_epoch
from counter_app.domain.timeliness import Timeliness

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from counter_app.domain.history import Event

CITIZEN = "Người nộp hồ sơ"
RESULTS = {
    Timeliness.EARLY: "Trước hạn",
    Timeliness.ON_TIME: "Đúng hạn",
    Timeliness.LATE: "Quá hạn",
}
_ENDS = frozenset({Move.COMPLETE, Move.REFUSE, Move.WITHDRAW, Move.STOP, Move.CLOSE})


class RoutingRow(NamedTuple):
    """One hand-over: from whom to whom, when it was given, when and by whom it was taken."""

    unit: str  # that takes over
    officer: str
    from_unit: str
    handed_at: datetime
    handed_by: str
    received_at: datetime | None = None  # none: the taker writes it on the paper
    received_by: str = ""
    result: str = ""
    note: str = ""


def routing_rows(
    events: Iterable[Event], *, office: str, timeliness: str | None = None
) -> tuple[RoutingRow, ...]:
    """Return a dossier's hand-overs in order; what was taken back isn't among them.

    ``office`` is the one-stop office's name, ``timeliness`` the stored verdict of a dossier that
    ended: it stands in the row that ended it. A dossier that was solved at the desk has no row
    before the one that hands the result to the citizen.
    """
    rows: list[RoutingRow] = []
    holder = office
    for event in live_events(in_order(events)):
        body, at = event.body, from_epoch(event.at)
        taken = body.get("received_at")
        received_at = None if taken is None else from_epoch(taken)
        received_by = str(body.get("received_by") or "")
        if event.kind == Move.FORWARD:
            to = str(body.get("to") or "")
            rows.append(
                RoutingRow(
                    unit=to,
                    officer=str(
                        body.get("officer") or body.get("set", {}).get("handling_officer") or ""
                    ),
                    from_unit=holder,
                    handed_at=at,
                    # Given on for one who is away: it comes out of that officer's hands.
                    handed_by=str(body.get("from_officer") or event.by),
                    received_at=received_at,
                    received_by=received_by,
                    note=str(body.get("reason") or ""),
                )
            )
            holder = to
        elif event.kind == Move.ACCEPT and rows:
            rows[-1] = rows[-1]._replace(
                received_at=at, received_by=str(body.get("officer") or event.by)
            )
        elif event.kind in _ENDS:
            verdict = Timeliness(timeliness) if timeliness else None
            result = "" if verdict is None else RESULTS.get(verdict, "")
            if event.kind != Move.COMPLETE:
                result = MOVE_LABELS[Move(event.kind)] + (f" ({result.lower()})" if result else "")
            rows.append(
                RoutingRow(
                    unit=office,
                    officer="",
                    from_unit=holder,
                    handed_at=at,
                    handed_by="" if holder != office else event.by,
                    received_at=received_at,
                    received_by=received_by or event.by,
                    result=result,
                    note=str(body.get("reason") or ""),
                )
            )
            holder = office
        elif event.kind == Move.RETURN:
            name = str(body.get("set", {}).get("collected_by") or "")
            rows.append(
                RoutingRow(
                    unit=CITIZEN,
                    officer="",
                    from_unit=office,
                    handed_at=at,
                    handed_by=event.by,
                    received_at=at,
                    received_by=name,
                )
            )
    return tuple(rows)
