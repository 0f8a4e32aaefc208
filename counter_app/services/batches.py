"""Printing many papers at once: all are issued or none, then their file is made page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_app.domain.history import live_events
from counter_app.errors import InputError
from counter_app.services import papers
from counter_app.services.lookup import load
from counter_app.services.paper_events import form_of
from counter_app.services.slips import slip_kinds
from counter_app.storage import dossiers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from counter_app.storage.database import Store


def batch_kinds(store: Store, *, now: datetime) -> dict[str, str]:
    """Return what can be printed for a whole list: kind and name, the receipt first."""
    form = form_of(store, now)
    receipt = " ".join(form.receipt.title).capitalize()
    return {"receipt": receipt, **slip_kinds(store, now=now)}


def print_many(
    store: Store,
    codes: Sequence[str],
    *,
    kind: str,
    by: str,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> list[str]:
    """Issue one paper for each dossier, or record that it is printed again; returns their uuids.

    It is one act: when ``progress`` raises (the clerk stopped it) or one dossier can't have this
    paper, none is issued. A dossier that the form doesn't concern yet (no supplement was asked
    for) is left out.

    Raises:
        InputError: there is nothing to print, or no such form.
    """
    wanted = list(dict.fromkeys(codes))
    if kind not in batch_kinds(store, now=now):
        raise InputError(f"Không in hàng loạt được mẫu “{kind}”. Chưa in gì.", field="kind")
    issued: list[str] = []
    with store.transaction():
        for done, code in enumerate(wanted, 1):
            concerns = _concerns(store, code, kind, now)
            if concerns and kind == "receipt":
                issued.append(papers.print_receipt(store, code, by=by, now=now))
            elif concerns:
                issued.append(papers.print_slip(store, code, kind=kind, by=by, now=now))
            if progress is not None:
                progress(done, len(wanted))
        if not issued:
            raise InputError(
                "Không hồ sơ nào trong danh sách cần giấy này. Chưa in gì. Chọn danh sách hoặc mẫu "
                "khác.",
                field="kind",
            )
    return issued


def _concerns(store: Store, code: str, kind: str, now: datetime) -> bool:
    _, uuid, state = load(store, code)
    if state["is_void"]:
        return False
    after = () if kind == "receipt" else form_of(store, now).slip(kind).after
    if not after:
        return True
    events = live_events(dossiers.events_of(store, uuid))
    return any(event.kind in after for event in events)
