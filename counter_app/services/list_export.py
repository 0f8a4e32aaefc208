"""Plain lists for other systems and spreadsheets: one row a dossier, as ``import`` reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counter_app.atomic import write_atomically
from counter_app.domain.dossier import Channel, Status
from counter_app.domain.lists import ListRow
from counter_app.domain.moments import from_epoch
from counter_app.errors import InputError
from counter_app.services import audit, rights
from counter_app.storage import dossiers
from counter_app.tabular.writing import list_pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from counter_app.domain.history import State
    from counter_app.storage.database import Store

_MOMENTS = {
    "received_at": "received_at",
    "due_at": "legal_due_at",
    "rescheduled_due_at": "rescheduled_due_at",
    "completed_at": "completed_at",
    "returned_at": "returned_at",
}
_TEXTS = (
    "procedure_code",
    "procedure_name",
    "sector",
    "applicant_name",
    "citizen_id",
    "tax_code",
    "address",
    "phone",
    "content",
    "resolving_unit",
    "reception_officer",
    "handling_officer",
    "note",
)
_TOLD_EVERY = 500
_KINDS = (".csv", ".xlsx")


def list_row(state: State) -> ListRow:
    """Return a dossier as a row of a list; under its official code where it has one."""
    told: dict[str, Any] = {name: state[name] or "" for name in _TEXTS}
    for name, key in _MOMENTS.items():
        told[name] = None if state[key] is None else from_epoch(state[key])
    if told["completed_at"] is None and state["closed_at"] is not None:
        told["completed_at"] = from_epoch(state["closed_at"])
    return ListRow(
        code=state["official_code"] or state["code"],
        channel=Channel(state["channel"]),
        status=Status(state["status"]),
        fee=state["fee"],
        fee_paid=state["fee_paid"] or None,
        **told,
    )


def list_rows(store: Store, ids: Iterable[int] | None = None) -> Iterator[ListRow]:
    """Yield the rows of all dossiers, or of some in their order; receptions taken back are none."""
    if ids is None:
        states: Iterable[State] = (state for _, _, state in dossiers.all_states(store))
    else:
        found = (store.row(dossiers.SELECT_STATE + "WHERE id = ?", (one,)) for one in ids)
        states = (dossiers.state_of(row)[2] for row in found if row is not None)
    for state in states:
        if not state["is_void"]:
            yield list_row(state)


def export_list(
    store: Store,
    target: Path,
    *,
    ids: Iterable[int] | None = None,
    delimiter: str = ",",
    about: Sequence[tuple[str, str]] = (),
    progress: Callable[[int, int], object] | None = None,
) -> int:
    """Write a list as CSV or Excel, by the name's ending; returns how many rows it has.

    Args:
        store: the open data.
        target: the file, which appears whole or not at all.
        ids: the dossiers, in their order; all if left out.
        delimiter: of a CSV file: comma, semicolon or tab.
        about: what a workbook says of itself on its second sheet.
        progress: called with rows done and 0; may raise to cancel.

    Raises:
        InputError: the name ends in something else.
        FileNotWrittenError: the disk is full, the stick was pulled, the folder can't be written.
    """
    kind = target.suffix.lower()
    if kind not in _KINDS:
        raise InputError(
            f"Tên tệp “{target.name}” phải kết thúc bằng .csv hoặc .xlsx. Chưa ghi gì.",
            field="output",
        )
    rights.demand(store, "list-export")
    count = 0

    def counted(rows: Iterable[ListRow]) -> Iterator[ListRow]:
        nonlocal count
        for count, row in enumerate(rows, start=1):
            if progress is not None and count % _TOLD_EVERY == 0:
                progress(count, 0)
            yield row

    with store.snapshot():
        rows = counted(list_rows(store, ids))
        if kind == ".csv":
            write_atomically(target, list_pieces(rows, delimiter=delimiter))
        else:
            from counter_app.tabular.workbook_writing import write_workbook

            write_atomically(target, write_workbook(rows, about=about))
    audit.note(store, "list-export", file=target.name, count=count)
    return count
