"""What a list shows, as a file: CSV and Excel for other programs, PDF for paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_app.atomic import atomically
from counter_app.domain.rights import Act
from counter_app.domain.words import format_moment, format_number
from counter_app.errors import InputError
from counter_app.services import audit, browse, list_export, office

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from counter_app.domain.opening_facts import DossierRow
    from counter_app.storage.database import Store

KINDS = (".xlsx", ".pdf", ".csv")
MOST_ON_PAPER = 5_000  # 200 sheets; more is no paper that anybody reads


def write_list(
    store: Store,
    ids: Sequence[int],
    target: Path,
    *,
    words: str = "",
    now: datetime,
    progress: Callable[[int, int], object] | None = None,
) -> int:
    """Write dossiers in their order, by the file's ending; returns how many.

    Args:
        store: the open data.
        ids: the dossiers.
        target: the file, which appears whole or not at all.
        words: by which conditions it was found: above its rows on paper, on a workbook's second
            sheet. A CSV file is read by programs and holds rows only.
        now: when it is made.
        progress: called with rows done and all rows; may raise to cancel.

    Raises:
        InputError: another ending, or too many rows for paper.
        FileNotWrittenError: the disk is full, the folder can't be written.
    """
    kind = target.suffix.lower()
    if kind not in KINDS:
        raise InputError(
            f"Tên tệp “{target.name}” phải kết thúc bằng .csv, .xlsx hoặc .pdf. Chưa ghi gì.",
            field="output",
        )
    if kind != ".pdf":
        total = len(ids)
        told = None if progress is None else lambda done, _all: progress(done, total)
        about = _about(store, len(ids), words, now)
        return list_export.export_list(store, target, ids=ids, about=about, progress=told)
    with atomically(target) as temporary:  # the place is tried before the log tells of it
        temporary.write_bytes(list_pdf(store, ids, words=words, now=now, progress=progress))
    return len(ids)


def list_pdf(
    store: Store,
    ids: Sequence[int],
    *,
    words: str = "",
    now: datetime,
    progress: Callable[[int, int], object] | None = None,
) -> bytes:
    """Return a list of dossiers as a PDF file of A4 landscape.

    Raises:
        InputError: too many rows for paper; nothing was made.
    """
    from counter_app.documents.dossier_list import ListPaper, render_list

    if len(ids) > MOST_ON_PAPER:
        raise InputError(
            f"Danh sách có {format_number(len(ids))} hồ sơ, in ra giấy được nhiều nhất "
            f"{format_number(MOST_ON_PAPER)}. Chưa ghi gì. Lọc hẹp hơn hoặc lưu Excel.",
            field="output",
        )
    here = office.office(store)
    rows = browse.rows_of(store, list(ids))
    audit.note(store, Act.LISTS, what="danh sách hồ sơ", count=len(rows))
    return render_list(
        ListPaper(
            office=here.name,
            title="DANH SÁCH HỒ SƠ",
            words=f"Điều kiện: {words}." if words else "",
            made=f"{format_number(len(rows))} hồ sơ, lập lúc {format_moment(now)}.",
            rows=[_cells(number, row) for number, row in enumerate(rows, 1)],
            is_rehearsal=here.is_rehearsal,
        ),
        progress=progress,
    )


def _about(store: Store, count: int, words: str, now: datetime) -> list[tuple[str, str]]:
    """Return what a list is, for a workbook that goes from hand to hand."""
    told = [
        ("Đơn vị", office.office(store).name),
        ("Điều kiện", words),
        ("Số hồ sơ", format_number(count)),
        ("Lập lúc", format_moment(now)),
    ]
    return [(label, text) for label, text in told if text]


def _cells(number: int, row: DossierRow) -> tuple[str, ...]:
    return (
        format_number(number),
        row.shown_code,
        row.applicant_name,
        row.procedure_name,
        f"{row.received:%d/%m/%Y}",
        "" if row.due is None else f"{row.due:%H:%M %d/%m/%Y}",
        row.status_label,
        ", ".join(
            filter(None, (row.resolving_unit, row.handling_officer or row.reception_officer))
        ),
    )
