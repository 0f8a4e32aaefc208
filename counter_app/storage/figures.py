"""Statements that count a period's figures from pieces of lives, and list what is behind each.

``?1`` is the period's first moment, ``?2`` its last, ``?3`` the moment before which a due moment
has passed. A figure's condition stands here once: the same words count it and list it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counter_app.storage.database import Store

_HOLDS = "from_at <= ?2 AND until_at > ?2"
_ENDED = f"standing INDEXED BY standing_ended WHERE ended_at >= ?1 AND ended_at <= ?2 AND {_HOLDS}"
_OPEN = f"standing INDEXED BY standing_open WHERE kind = 'open' AND {_HOLDS}"
_COMING_IN = {
    "online": "entered_at >= ?1 AND channel = 'online'",
    "counter_and_post": "entered_at >= ?1 AND channel <> 'online'",
    "carried_over": "entered_at < ?1",
    "digitised_input": "entered_at >= ?1 AND digitised_input",
}
_LATE = "({side}marked OR coalesce({side}due_at < ?3, 0))"
_WHEN_ENDED = _COMING_IN | {
    "resolved": "kind = 'resolved'",
    "early": "kind = 'resolved' AND {side}verdict = 'early'",
    "on_time": "kind = 'resolved' AND {side}verdict = 'on_time'",
    "late": "kind = 'resolved' AND {side}verdict = 'late'",
    "refused": "kind = 'refused'",
    "withdrawn": "kind = 'withdrawn'",
    "stopped": "kind = 'stopped'",
    "late_before_supplement": "{side}earlier",
    "late_closed_otherwise": "{side}closed_late",
    "digitised_output": "kind = 'resolved' AND digitised_output",
    "surveys_returned": "kind = 'resolved' AND surveyed",
    "surveys_satisfied": "kind = 'resolved' AND satisfied",
}
_WHEN_OPEN = _COMING_IN | {
    "pending": "1",
    "pending_in_time": f"NOT {_LATE}",
    "pending_late": _LATE,
    "late_before_supplement": "{side}earlier AND coalesce({side}due_at >= ?3, 1)",
}
# Sums of two figures that a page shows as one.
TOGETHER = {
    "received": ("online", "counter_and_post", "carried_over"),
    "received_in_period": ("online", "counter_and_post"),
    "ended_otherwise": ("refused", "withdrawn", "stopped"),
    "kept": ("early", "on_time"),
}
KEYS = {
    "sector": "sector",
    "procedure": "procedure_code",
    "officer": "officer",
    "channel": "channel",
    "office": "CAST(office_id AS TEXT)",
    # By the clock of Vietnam, Monday 0.
    "weekday": "CAST(((entered_at + 25200) / 86400 + 3) % 7 AS TEXT)",
}
# What few dossiers have, each by an index of its own.
_RARE = {
    "rescheduled": (
        "standing s INDEXED BY standing_rescheduled WHERE rescheduled_at >= ?1 "
        f"AND rescheduled_at <= ?2 AND {_HOLDS} AND kind <> 'elsewhere'"
    ),
    "backdated": (
        f"standing s INDEXED BY standing_backdated WHERE backdated = 1 AND {_HOLDS} "
        "AND kind <> 'elsewhere' AND (ended_at IS NULL OR ended_at >= ?1)"
    ),
    "received_for_others": (
        "standing s INDEXED BY standing_elsewhere WHERE kind = 'elsewhere' "
        f"AND entered_at >= ?1 AND entered_at <= ?2 AND {_HOLDS}"
    ),
    "apologised": (
        "paper p INDEXED BY paper_apologies CROSS JOIN standing s "
        f"ON s.dossier_id = p.dossier_id AND {_HOLDS} "
        "WHERE p.kind = 'apology' AND p.issued_at >= ?1 AND p.issued_at <= ?2"
    ),
}


def _side(against: str) -> str:
    return "legal_" if against == "legal" else ""


def _sums(conditions: dict[str, str], against: str) -> str:
    side = _side(against)
    return ", ".join(f"total({text.format(side=side)})" for text in conditions.values())


def count(
    store: Store, moments: Sequence[int], *, against: str, key: str | None
) -> dict[str, dict[str, int]]:
    """Count the figures from the pieces, by group (one group ``""`` without a key)."""
    found: dict[str, dict[str, int]] = {}
    word = "''" if key is None else KEYS[key]
    end = "" if key is None else " GROUP BY 1"
    for source, conditions in ((_ENDED, _WHEN_ENDED), (_OPEN, _WHEN_OPEN)):
        sql = f"SELECT {word}, {_sums(conditions, against)} FROM {source}{end}"
        # A statement takes as many values as it names.
        values = moments if "?3" in sql else moments[:2]
        for group, *sums in store.rows(sql, values):
            counts = found.setdefault(group, {})
            for name, value in zip(conditions, sums, strict=True):
                counts[name] = counts.get(name, 0) + int(value)
    return found


def pending_at(store: Store, moment: int) -> int:
    """Count the dossiers that were open at a moment, of the pieces alone."""
    row = store.row(f"SELECT count(*) FROM {_OPEN} AND ?1 IS NOT NULL", (moment, moment))
    return int(row[0]) if row else 0


def count_rare(
    store: Store, moments: Sequence[int], *, key: str | None
) -> dict[str, dict[str, int]]:
    """Count what few dossiers have, by group."""
    found: dict[str, dict[str, int]] = {}
    word = "''" if key is None else "s." + KEYS[key].replace("CAST(office_id AS TEXT)", "office_id")
    for name, source in _RARE.items():
        end = "" if key is None else " GROUP BY 1"
        for group, number in store.rows(f"SELECT {word}, count(*) FROM {source}{end}", moments[:2]):
            if number:
                found.setdefault(str(group), {})[name] = number
    return found


def ids_behind(
    store: Store,
    figure: str,
    moments: Sequence[int],
    *,
    against: str,
    key: str | None = None,
    value: str = "",
) -> list[int]:
    """Return the ids of the dossiers that a figure counts, in the order they came in."""
    found: list[tuple[int, int]] = []
    for name in TOGETHER.get(figure, (figure,)):
        for source, condition in _sources(name, against):
            group = "" if key is None else f" AND s_key = ?{len(moments) + 1}"
            word = "''" if key is None else KEYS[key]
            inner = (
                f"SELECT dossier_id, entered_at, {word} AS s_key FROM {source} AND ({condition})"
            )
            if name in _RARE:
                inner = f"SELECT s.dossier_id, s.entered_at, {word} AS s_key FROM {source}"
            sql = f"SELECT dossier_id, entered_at FROM ({inner}) WHERE ?3 IS NOT NULL{group}"
            values = (*moments, value) if key is not None else tuple(moments)
            found += store.rows(sql, values)
    return [one for one, _ in sorted(set(found), key=lambda row: (row[1], row[0]))]


def ids_of_period(store: Store, moments: Sequence[int]) -> list[int]:
    """Return every dossier that may count in a period: by its row, whatever its pieces say."""
    rows = store.rows(
        "SELECT id FROM dossier WHERE received_at <= ?2 AND (completed_at IS NULL "
        "OR completed_at >= ?1) AND (closed_at IS NULL OR closed_at >= ?1) ORDER BY id",
        moments[:2],
    )
    return [row[0] for row in rows]


def counted_twice(store: Store, moments: Sequence[int]) -> list[int]:
    """Return the dossiers whose life has more than one piece at a period's end."""
    rows = store.rows(
        f"SELECT dossier_id FROM standing WHERE ?1 IS NOT NULL AND {_HOLDS} "
        "GROUP BY dossier_id HAVING count(*) > 1",
        moments[:2],
    )
    return [row[0] for row in rows]


def _sources(name: str, against: str) -> list[tuple[str, str]]:
    if name in _RARE:
        return [(_RARE[name], "1")]
    side = _side(against)
    pairs = ((_ENDED, _WHEN_ENDED), (_OPEN, _WHEN_OPEN))
    return [(source, words[name].format(side=side)) for source, words in pairs if name in words]


# ------------------------------------------------------------------------------- by monthly sums

_ENDINGS = {
    "early": "{side}early",
    "on_time": "{side}on_time",
    "late": "{side}late",
    "refused": "refused",
    "withdrawn": "withdrawn",
    "stopped": "stopped",
    "late_closed_otherwise": "{side}closed_late",
    "digitised_output": "digitised_output",
    "surveys_returned": "surveyed",
    "surveys_satisfied": "satisfied",
}
_KEY_DIMENSIONS = {
    "sector": ("procedure", "substr(key, 1, instr(key, char(31)) - 1)"),
    "procedure": ("procedure", "substr(key, instr(key, char(31)) + 1)"),
    "officer": ("officer", "key"),
    "channel": ("channel", "key"),
    "office": ("channel", "CAST(office_id AS TEXT)"),
}


def count_months(
    store: Store, first: int, last: int, *, against: str, key: str | None
) -> dict[str, dict[str, int]]:
    """Count the figures of whole months from the monthly sums, by group.

    What was carried over is what had come in and not ended before; what is pending, what came in
    and hasn't ended: by the attributes that hold at the end.
    """
    side = _side(against)
    dimension, word = ("channel", "''") if key is None else _KEY_DIMENSIONS[key]
    came = "online + other"
    ended = f"{side}early + {side}on_time + {side}late + refused + withdrawn + stopped"
    columns = {
        "online": "total(iif(about >= ?1, online, 0))",
        "counter_and_post": "total(iif(about >= ?1, other, 0))",
        "carried_over": f"total(iif(about < ?1, {came} - ({ended}), 0))",
        "digitised_input": "total(iif(about >= ?1, digitised_input, 0))",
        **{
            name: f"total(iif(about >= ?1, {text.format(side=side)}, 0))"
            for name, text in _ENDINGS.items()
        },
        "pending": f"total({came} - ({ended}))",
        "pending_late": f"total({side}late_open)",
        "late_before_supplement": (
            f"total(iif(about >= ?1, {side}earlier, 0)) + total({side}earlier_open)"
        ),
    }
    rows = store.rows(
        f"SELECT {word}, {', '.join(columns.values())} FROM tally "
        f"WHERE dimension = '{dimension}' AND about <= ?2 AND month <= ?2"
        + ("" if key is None else " GROUP BY 1"),
        (first, last),
    )
    found = {}
    for group, *sums in rows:
        counts = {name: int(value) for name, value in zip(columns, sums, strict=True)}
        counts["resolved"] = counts["early"] + counts["on_time"] + counts["late"]
        counts["pending_in_time"] = counts["pending"] - counts["pending_late"]
        found[group] = counts
    return found


def names_of(store: Store, sql: str) -> dict[str, Any]:
    """Return the pairs of a query as a dict."""
    return {str(key): value for key, value in store.rows(sql)}


def weekdays(store: Store, moments: Sequence[int]) -> tuple[int, ...]:
    """Return how many dossiers came in on each weekday of a period, Monday first."""
    found = [0] * 7
    for source in (_ENDED, _OPEN):
        rows = store.rows(
            f"SELECT {KEYS['weekday']}, count(*) FROM {source} AND entered_at >= ?1 GROUP BY 1",
            moments[:2],
        )
        for weekday, number in rows:
            found[int(weekday)] += number
    return tuple(found)
