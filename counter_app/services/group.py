"""A group (nhóm hồ sơ): one person's several procedures, or one procedure for several persons.

All or nothing, in one transaction: nothing of a group is promised before all of it is on screen,
and its receipts come out of the printer as one pile; half a group on paper and half of it still to
be typed is what a clerk with a queue can't keep apart.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from counter_app.errors import ClockError, GroupError, InputError, UserError
from counter_app.services import journal, lookup
from counter_app.services.reception import receive_dossier

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Any

    from counter_app.domain.facts import Received, ReceiveRequest
    from counter_app.storage.database import Store

MOST = 30
# What an earlier dossier hands on to a new one; papers and moments are never taken over.
_COPIED = (
    "procedure_code",
    "owner_kind",
    "applicant_name",
    "citizen_id",
    "tax_code",
    "birth_date",
    "sex",
    "address",
    "phone",
    "email",
    "submitter_name",
    "submitter_id",
    "subject_name",
    "content",
    "copies",
    "result_to",
    "competent_unit",
)


def receive_group(
    store: Store,
    requests: Sequence[ReceiveRequest],
    *,
    now: datetime,
    issue_receipts: bool = False,
    clock_confirmed: bool = False,
) -> list[Received]:
    """Receive several dossiers at once, each with its own code and promise, all or none.

    Raises:
        GroupError: one of them can't be saved; it is named and none was saved.
        ClockError: the clock stands before the last saved moment.
    """
    if not requests:
        raise InputError("Nhóm chưa có hồ sơ nào. Thêm hồ sơ rồi lưu.")
    if len(requests) > MOST:
        raise InputError(
            f"Nhóm có {len(requests)} hồ sơ, nhiều nhất {MOST}. Chưa lưu gì. Lưu làm nhiều lần."
        )
    group = journal.new_uuid() if len(requests) > 1 else ""
    received: list[Received] = []
    with store.transaction():
        for place, request in enumerate(requests, 1):
            try:
                received.append(
                    receive_dossier(
                        store,
                        replace(request, group=group),
                        now=now,
                        issue_receipt=issue_receipts,
                        clock_confirmed=clock_confirmed,
                    )
                )
            except ClockError:
                raise
            except UserError as error:
                raise GroupError(place, request.applicant_name, error) from error
    return received


def like(store: Store, code: str) -> dict[str, Any]:
    """Return what a new dossier takes over from an earlier one: no papers, no moments, no code."""
    _, _, state = lookup.load(store, code)
    known = {key: state[key] for key in _COPIED}
    if known["submitter_name"] == known["applicant_name"]:
        known["submitter_name"], known["submitter_id"] = "", None
    return known
