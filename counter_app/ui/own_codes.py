"""Matches for numbers of ours that are no dossier's code: of visits and of an outage's papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from counter_app.domain.outage import STATE_LABELS
from counter_app.services import outage, visits
from counter_app.ui.choices import Choice
from counter_app.ui.translation import in_window

if TYPE_CHECKING:
    from counter_app.domain.visits import VisitFacts
    from counter_app.services.store import Store


def _tr(text: str) -> str:
    return QCoreApplication.translate("own_codes", text)


def own_code_choices(store: Store, text: str, *, limit: int) -> list[Choice]:
    """Return the visits and the reserved numbers that begin like this; the value is the number."""
    seen = [
        Choice(one.code, f"{one.person['applicant_name']}  {one.code}", _visit_words(one))
        for one in visits.visits_like(store, text, limit=limit)
    ]
    words = _tr("số giấy mất điện, {state}")
    kept = [
        Choice(one.number, one.number, words.format(state=in_window(STATE_LABELS[one.state])))
        for one in outage.reserved_like(store, text, limit=limit - len(seen))
    ]
    return [*seen, *kept]


def _visit_words(visit: VisitFacts) -> str:
    if visit.void_reason:
        return _tr("lượt đã hủy")
    if visit.dossier_uuid:
        return _tr("lượt đã thành hồ sơ")
    return _tr("lượt ngày {day}, chưa nhận hồ sơ").format(day=f"{visit.at:%d/%m/%Y}")
