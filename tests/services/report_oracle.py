"""A second, slow classifier: reads every event of every dossier and decides one by one.

It shares the rules of states and verdicts with the program (``history``), and nothing of how
figures are stored or counted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta

from counter_app.domain import history
from counter_app.domain.dossier import OPEN
from counter_app.domain.figures import COUNTED
from counter_app.domain.moments import from_epoch, to_epoch
from counter_app.storage import dossiers

ENDS = {"refused": "refused", "withdrawn": "withdrawn", "stopped": "stopped"}


def _counts(promise):
    return promise and promise["kind"] == "reschedule" and promise["counts"]


def _state(events, moment, against):
    state = history.new_state()
    for event in history.live_events(events):
        if from_epoch(event.at) > moment:
            continue
        if against == "legal" and _counts(event.body.get("promise")):
            body = {k: v for k, v in event.body.items() if k != "promise"}
            history.apply(state, event._replace(body=body))
        else:
            history.apply(state, event)
    return state


def _entered(events):
    """Return the first moment at which a due date was known."""
    for moment in sorted({from_epoch(e.at) for e in history.live_events(events)}):
        if _state(events, moment, "due")["legal_due_at"] is not None:
            return moment
    return None


def _is_past(due, moment, boundary):
    return due is not None and history.is_past(due, to_epoch(moment), boundary)


def _is_scanned(state):
    """No life here names its papers: one entry stands for all of them."""
    return any(not one["document"] for one in state["attachments"])


def _add_coming_in(count, state, *, is_new):
    is_online = state["channel"] == "online"
    count["carried_over"] += not is_new
    count["online"] += is_new and is_online
    count["counter_and_post"] += is_new and not is_online
    count["digitised_input"] += is_new and (is_online or _is_scanned(state))


def _add_slip(count, slip):
    count["surveys_returned"] += slip is not None
    count["surveys_satisfied"] += slip is not None and min(slip["scores"].values()) > 0


def slow_figures(store, period, *, against, by, boundary, now):
    start = datetime.combine(period.first, datetime.min.time())
    end = datetime.combine(period.last, datetime.min.time()) + timedelta(hours=23, minutes=59)
    seen = min(end, now.replace(second=0))
    found = defaultdict(Counter)
    rows = store.rows("SELECT id, uuid, office_id FROM dossier")
    for dossier_id, uuid, office_id in rows:
        events = history.in_order(dossiers.events_of(store, uuid))
        live = history.live_events(events)
        letters = store.rows(
            "SELECT issued_at FROM paper WHERE kind = 'apology' AND dossier_id = ?", (dossier_id,)
        )
        letters = [m for (m,) in letters if start <= from_epoch(m) <= end + timedelta(seconds=59)]
        state = _state(events, end, against)
        if state["status"] is None:
            continue
        key = {
            None: "",
            "sector": state["sector"],
            "procedure": state["procedure_code"],
            "officer": state["handling_officer"] or state["reception_officer"],
            "channel": state["channel"],
            "office": str(office_id),
        }[by]
        count = found[key]
        count["apologised"] += len(letters)
        entered = _entered([e for e in events if e.kind == "undo" or from_epoch(e.at) <= end])
        if entered is None:
            received = from_epoch(state["received_at"])
            count["received_for_others"] += start <= received
            continue
        ended = state["completed_at"] or state["closed_at"]
        ended = None if ended is None else max(from_epoch(ended), entered)
        counted = [e for e in live if from_epoch(e.at) <= end and _counts(e.body.get("promise"))]
        count["rescheduled"] += any(start <= from_epoch(e.recorded_at) <= end for e in counted)
        if ended is not None and ended < start:
            continue
        _add_coming_in(count, state, is_new=entered >= start)
        marked_before = state["late_due_at"] is not None and state["late_run"] != state["run"]
        undone = [
            from_epoch(e.at)
            for n, e in enumerate(events)
            if e.kind == "undo" and history.undid_lateness(events, n)
        ]
        due_state = _state(events, end, "due")
        count["backdated"] += bool(due_state["backdated"]) or any(at <= end for at in undone)
        if state["status"] in OPEN:
            own = _is_past(state["due_at"], seen, boundary)
            late = own or state["late_due_at"] is not None
            count["pending"] += 1
            count["pending_late" if late else "pending_in_time"] += 1
            count["late_before_supplement"] += marked_before and not own
        elif state["status"] in ENDS:
            count[state["status"]] += 1
            count["late_closed_otherwise"] += bool(state["closed_late"])
        else:
            count["resolved"] += 1
            _add_slip(count, state["survey"])
            count[state["timeliness"]] += 1
            own = _is_past(state["due_at"], from_epoch(state["completed_at"]), boundary)
            late = state["timeliness"] == "late"
            count["late_before_supplement"] += late and marked_before and not own
    return {
        key: {name: int(count[name]) for name in COUNTED}
        for key, count in found.items()
        if any(count.values())
    }
