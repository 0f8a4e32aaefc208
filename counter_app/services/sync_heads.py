"""The last links of chains travel with each bundle: every desk keeps what the others' came to.

Who changes the history or the log of one desk, and all hashes after it, would have to change the
other desks' data as well; the next bundle, or the next check, tells the difference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_app.services import audit, journal
from counter_app.storage import exchange
from counter_app.storage.seal_key import LOG

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from counter_app.storage.database import Store

    Heads = Mapping[str, Sequence[int | str]]


def told(store: Store) -> dict[str, list[int | str]]:
    """Return where each chain stands here, our log, and what others said of their logs."""
    here = journal.desk(store)
    found: dict[str, list[int | str]] = {}
    for chain, sequence in exchange.chains(store).items():
        origin, _, epoch = chain.rpartition("/")
        head = exchange.head_at(store, origin, int(epoch), sequence) if sequence else None
        if head is not None:
            found[chain] = [sequence, head.hex()]
    rows = store.rows(
        "SELECT chain, sequence, head_hash FROM heldhead "
        "WHERE chain GLOB ? || ':' || holder || '/*' ORDER BY chain",
        (LOG,),
    )
    found |= {chain: [sequence, bytes(head).hex()] for chain, sequence, head in rows}
    last, head_text = audit.head(store)
    if last:
        found[f"{LOG}:{here.uuid}/{here.epoch}"] = [last, head_text]
    return found


def contradicted(store: Store, heads: Heads) -> Iterator[str]:
    """Yield the chains of events that have another link here than a bundle's maker holds."""
    for chain, (sequence, head) in heads.items():
        if chain.startswith(f"{LOG}:"):
            continue
        origin, _, epoch = chain.rpartition("/")
        known = exchange.head_at(store, origin, int(epoch), int(sequence))
        if known is not None and known.hex() != head:
            yield chain


def keep(store: Store, holder: str, heads: Heads, *, now: int) -> None:
    """Keep a desk's word on its own log and on our chains; part of the running transaction.

    An older file that arrives last takes nothing back.
    """
    own = journal.desk(store).uuid
    for chain, (sequence, head) in heads.items():
        owner = chain.removeprefix(f"{LOG}:").rpartition("/")[0]
        if owner == own or chain.startswith(f"{LOG}:{holder}/"):
            store.execute(
                "INSERT INTO heldhead (holder, chain, sequence, head_hash, heard_at) "
                "VALUES (?, ?, ?, ?, ?) ON CONFLICT (holder, chain) DO UPDATE SET "
                "sequence = excluded.sequence, head_hash = excluded.head_hash, "
                "heard_at = excluded.heard_at WHERE excluded.sequence >= heldhead.sequence",
                (holder, chain, sequence, bytes.fromhex(str(head)), now),
            )
