"""What doesn't add up in a report, with the dossiers that make it so; sums held against pieces."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from counter_app.domain.figures import COUNTED, IDENTITIES, Breach
from counter_app.domain.report_words import FIGURE_LABELS
from counter_app.services import standings
from counter_app.storage import figures as table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from counter_app.domain.figures import Against, Figures
    from counter_app.storage.database import Store

    Progress = Callable[[int, int], None]

MOST_CODES = 50
RECOUNTED = "số cộng dồn theo tháng = đếm từ từng hồ sơ"
# Rare figures and visits are counted one by one in any case.
_SUMMED = tuple(
    name
    for name in COUNTED
    if name
    not in {
        "apologised",
        "rescheduled",
        "backdated",
        "not_accepted",
        "guidance",
        "received_for_others",
    }
)


def named(
    store: Store, moments: tuple[int, int, int], breach: Breach, *, against: Against
) -> Breach:
    """Return a breach with the codes of the dossiers that one side counts and the other doesn't."""
    identity = next((one for one in IDENTITIES if one.text == breach.identity), None)
    if identity is None or breach.codes:
        return breach
    seen: Counter[int] = Counter()
    for names, sign in ((identity.left, 1), (identity.right, -1)):
        for name in names:
            for one in table.ids_behind(store, name, moments, against=against):
                seen[one] += sign
    # One whose life has two pieces at once is counted twice on one side or on both.
    differing = {one for one, times in seen.items() if times}
    differing |= set(table.counted_twice(store, moments))
    return breach._replace(codes=codes_of(store, sorted(differing)[:MOST_CODES]))


def unlike_pieces(
    store: Store,
    moments: tuple[int, int, int],
    figures: Figures,
    *,
    against: Against,
    progress: Progress | None = None,
) -> Iterator[Breach]:
    """Yield each figure of whole months whose sum isn't what the dossiers' pieces add up to.

    The dossiers named are those of the period whose pieces aren't what their events say. There is
    none where a sum itself was changed; ``check`` names its place.
    """
    counted = table.count(store, moments, against=against, key=None).get("", {})
    differing = [name for name in _SUMMED if getattr(figures, name) != counted.get(name, 0)]
    if not differing:
        return
    ids = table.ids_of_period(store, moments)
    found = standings.differing_of(store, ids, most=MOST_CODES, progress=progress)
    codes = codes_of(store, found)
    for name in differing:
        identity = f"{FIGURE_LABELS[name]}: {RECOUNTED}"
        yield Breach(identity, getattr(figures, name), counted.get(name, 0), codes)


def codes_of(store: Store, ids: Sequence[int]) -> tuple[str, ...]:
    """Return the codes of dossiers as they are shown."""
    codes = []
    for one in ids:
        row = store.row("SELECT coalesce(official_code, code) FROM dossier WHERE id = ?", (one,))
        codes.append(row[0] if row else str(one))
    return tuple(codes)
