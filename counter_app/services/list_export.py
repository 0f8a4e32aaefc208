"""Plain lists for other systems and spreadsheets: one row a dossier, as ``import`` reads them."""

from __future__ import annotations

from itertools import islice
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

    from counter_app.storage.database import Store

_DETAILS = ("content", "note", "fee", "fee_paid")
# Only what a list tells is read: most of a dossier's details are none of its columns.
_TOLD = (
    "SELECT d.code, d.official_code, d.procedure_code, d.procedure_name, d.sector, "
    "d.applicant_name, d.citizen_id, d.tax_code, d.address, d.phone, d.channel, d.received_at, "
    "d.legal_due_at, d.rescheduled_due_at, coalesce(d.completed_at, d.closed_at), "
    "d.returned_at, d.status, d.resolving_unit, d.reception_officer, d.handling_officer, "
    + ", ".join(f"d.details ->> '{name}'" for name in _DETAILS)
)
_ALL = _TOLD + " FROM dossier d WHERE d.is_void = 0 ORDER BY d.id"
_SOME = (
    _TOLD + " FROM json_each(?) k CROSS JOIN dossier d "
    "WHERE d.id = k.value AND d.is_void = 0 ORDER BY k.key"
)
_AT_ONCE = 500
_CHANNELS = {channel.value: channel for channel in Channel}
_STATUSES = {status.value: status for status in Status}
_TOLD_EVERY = 500
_KINDS = (".csv", ".xlsx")


def _list_row(values: Sequence[Any]) -> ListRow:
    """Return the row of a dossier read with ``_TOLD``; under its official code if it has one."""
    (
        code, official, procedure, name, sector, applicant, citizen, tax, address, phone, channel,
        received, due, again, completed, returned, status, unit, reception, handling,
        content, note, fee, paid,
    ) = values  # fmt: skip
    return ListRow(
        official or code,
        procedure or "",
        name or "",
        sector or "",
        applicant or "",
        citizen or "",
        tax or "",
        address or "",
        phone or "",
        content or "",
        _CHANNELS[channel],
        None if received is None else from_epoch(received),
        None if due is None else from_epoch(due),
        None if again is None else from_epoch(again),
        None if completed is None else from_epoch(completed),
        None if returned is None else from_epoch(returned),
        _STATUSES[status],
        unit or "",
        reception or "",
        handling or "",
        fee,
        paid or None,
        note or "",
    )


def list_rows(store: Store, ids: Iterable[int] | None = None) -> Iterator[ListRow]:
    """Yield the rows of all dossiers, or of some in their order; receptions taken back are none."""
    if ids is None:
        yield from map(_list_row, store.execute(_ALL))
        return
    left = iter(ids)
    while some := list(islice(left, _AT_ONCE)):
        yield from map(_list_row, store.rows(_SOME, (dossiers.dump(some),)))


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

            # Where the data are encrypted, nothing of them goes to the disk but what was asked for.
            aside = store.path.parent if store.key is None else None
            data = write_workbook(rows, about=about, aside=aside)
            write_atomically(target, data)
    audit.note(store, "list-export", file=target.name, count=count)
    return count
