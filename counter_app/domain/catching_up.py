"""What a list of another system adds to a dossier: which moves lead to the state it tells."""

from __future__ import annotations

from collections import deque

from counter_app.domain.dossier import OPEN, Move, Status

# The moves a list can stand for: what each needs beyond its moment reads "theo danh sách".
_STEPS: tuple[tuple[Status, Move, Status], ...] = (
    (Status.RECEIVED, Move.FORWARD, Status.PROCESSING),
    (Status.RECEIVED, Move.SUPPLEMENT, Status.AWAITING_SUPPLEMENT),
    (Status.RECEIVED, Move.AWAIT_PAYMENT, Status.AWAITING_PAYMENT),
    (Status.RECEIVED, Move.COMPLETE, Status.COMPLETED),
    (Status.PROCESSING, Move.SUPPLEMENT, Status.AWAITING_SUPPLEMENT),
    (Status.PROCESSING, Move.AWAIT_PAYMENT, Status.AWAITING_PAYMENT),
    (Status.PROCESSING, Move.COMPLETE, Status.COMPLETED),
    (Status.AWAITING_SUPPLEMENT, Move.RESUBMIT, Status.PROCESSING),
    (Status.AWAITING_PAYMENT, Move.PAID, Status.PROCESSING),
    (Status.COMPLETED, Move.RETURN, Status.RETURNED),
    *((status, Move.REFUSE, Status.REFUSED) for status in sorted(OPEN)),
    *((status, Move.WITHDRAW, Status.WITHDRAWN) for status in sorted(OPEN)),
    *((status, Move.STOP, Status.STOPPED) for status in sorted(OPEN)),
)
_ORDER = {
    Status.RECEIVED: 0,
    Status.PROCESSING: 1,
    Status.AWAITING_SUPPLEMENT: 1,
    Status.AWAITING_PAYMENT: 1,
    Status.COMPLETED: 2,
    Status.RETURNED: 3,
    Status.REFUSED: 3,
    Status.WITHDRAWN: 3,
    Status.STOPPED: 3,
}


def way(now: Status, told: Status) -> tuple[Move, ...] | None:
    """Return the shortest moves from one state to another, or None if there is no way."""
    queue: deque[tuple[Status, tuple[Move, ...]]] = deque([(now, ())])
    seen = {now}
    while queue:
        status, moves = queue.popleft()
        if status is told:
            return moves
        for source, move, target in _STEPS:
            if source is status and target not in seen:
                seen.add(target)
                queue.append((target, (*moves, move)))
    return None


def is_behind(now: Status, told: Status) -> bool:
    """Tell whether the list only knows less than we do: nothing to add and nothing to decide."""
    return _ORDER[told] < _ORDER[now]
