"""What stands in a pile of scanned codes: its rows and their columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from counter_app.ui.tables import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counter_app.services.handing import Candidate, Outcomes

WAITING, DONE, REFUSED = "waiting", "done", "refused"


@dataclass(frozen=True, slots=True)
class PileRow:
    """One code of the pile and how it stands."""

    candidate: Candidate
    standing: str
    words: str

    @property
    def code(self) -> str:
        """The code as the clerk knows it."""
        return self.candidate.shown_code or self.candidate.code


def _tr(text: str) -> str:
    return QCoreApplication.translate("pile_dialog", text)


def pile_columns() -> list[Column]:
    """Return the columns of a pile."""
    tones = {REFUSED: "danger", DONE: "accent"}
    return [
        Column(_tr("Mã hồ sơ"), "code", width=200, figures=True),
        Column(_tr("Chủ hồ sơ"), lambda row: row.candidate.applicant_name, width=170),
        Column(_tr("Thủ tục"), lambda row: row.candidate.procedure_name, width=170),
        Column(
            _tr("Tình trạng"),
            "words",
            width=120,
            tone=lambda row: tones.get(row.standing, "warning" if row.candidate.owes else None),
            tooltip=lambda row: row.words,
        ),
    ]


def begun(row: PileRow) -> PileRow:
    """Return a row of a list that was begun and cut short."""
    return PileRow(row.candidate, WAITING, _tr("đã bắt đầu trả lượt trước"))


def rows_after(rows: Sequence[PileRow], found: Outcomes, *, is_return: bool) -> list[PileRow]:
    """Return the rows as they stand once the pile was done."""
    done = {facts.uuid for facts in found.done}
    refused = dict(found.refused)
    word = _tr("đã trả") if is_return else _tr("đã ghi có kết quả")
    after = []
    for row in rows:
        if row.candidate.uuid in done:
            after.append(PileRow(row.candidate, DONE, word))
        elif row.candidate.uuid in refused:
            after.append(PileRow(row.candidate, REFUSED, refused[row.candidate.uuid]))
        else:
            after.append(row)
    return after


def words_after(found: Outcomes, name: str, *, is_return: bool) -> str:
    """Say what was done with the pile, and what wasn't."""
    words = (
        _tr("Đã trả {done} hồ sơ cho {name}.")
        if is_return
        else _tr("Đã ghi có kết quả {done} hồ sơ.")
    ).format(done=len(found.done), name=name)
    if found.number:
        words += _tr(" Danh sách {number} đã lập, in lại bằng Ctrl+R.").format(number=found.number)
    if found.refused:
        count = len(found.refused)
        words += _tr(" {count} hồ sơ không làm được, lý do ở bảng.").format(count=count)
    return words
