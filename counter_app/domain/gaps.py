"""Gaps in the chains of events (khoảng trống): how far what came from each desk can be used."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Link(NamedTuple):
    """The place of an event in its origin's chain, with what its desk had seen."""

    chain: str
    sequence: int
    seen: Mapping[str, int]


def usable(links: Iterable[Link], known: Mapping[str, int] | None = None) -> dict[str, int]:
    """Return up to which sequence each chain can be used.

    An event behind a gap of its chain, or one whose desk had seen what isn't known here, takes
    part in no state until the gap is closed.

    Args:
        links: the events that have come.
        known: how far the chains were usable before.
    """
    chains: dict[str, dict[int, Mapping[str, int]]] = {}
    for link in links:
        chains.setdefault(link.chain, {})[link.sequence] = link.seen
    reach = {**dict.fromkeys(chains, 0), **(known or {})}
    is_moving = True
    while is_moving:
        is_moving = False
        for chain, held in chains.items():
            at = reach[chain]
            while at + 1 in held and _is_covered(held[at + 1], reach):
                at += 1
            is_moving = is_moving or at != reach[chain]
            reach[chain] = at
    return reach


def _is_covered(seen: Mapping[str, int], reach: Mapping[str, int]) -> bool:
    return all(reach.get(chain, 0) >= last for chain, last in seen.items())
