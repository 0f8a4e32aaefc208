"""What other desks say of a dossier and doesn't count yet: behind a gap, or undecided."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from counter_app.storage.database import Store


def doubts_of(store: Store, dossier_uuid: str) -> tuple[str, ...]:
    """Return a sentence for each: events whose bundle is missing, disagreements of desks."""
    told = []
    rows = store.rows(
        "SELECT coalesce(k.counter_name, ''), count(*) FROM heldevent h LEFT JOIN knownchain k "
        "ON k.origin = h.origin AND k.epoch = h.epoch WHERE h.dossier_uuid = ? "
        "GROUP BY h.origin, h.epoch ORDER BY 1",
        (dossier_uuid,),
    )
    for counter, count in rows:
        told.append(
            f"{count} sự kiện của {counter or 'quầy khác'} chờ gói đồng bộ còn thiếu, chưa tính."
        )
    open_ones = store.row(
        "SELECT count(*) FROM openconflict WHERE dossier_uuid = ?", (dossier_uuid,)
    )
    if open_ones and open_ones[0]:
        told.append(f"{open_ones[0]} chỗ ghi khác nhau, chờ người quyết định (F8).")
    return tuple(told)
