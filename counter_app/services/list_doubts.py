"""What a list says otherwise than we do becomes a doubt on the dossier, until a person decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counter_app.domain.doubts import DOUBT, MATCH, OURS, THEIRS, doubt_id
from counter_app.domain.history import live_events
from counter_app.domain.lists import DoubtError, ListRow
from counter_app.domain.merge import RESOLVE
from counter_app.storage import dossiers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counter_app.services.journal_batch import Batch, Held
    from counter_app.storage.database import Store

_IS_DOUBTED = "SELECT 1 FROM event WHERE dossier_uuid = ? AND kind = ? LIMIT 1"


class Doubts:
    """Raises doubts in an import, each once; what was decided is never asked again."""

    def __init__(self, store: Store, batch: Batch, *, source: str, now: int) -> None:
        """Keep what is the same for all rows; ``source`` is the list's name."""
        self._store = store
        self._batch = batch
        self._source = source
        self._now = now
        self._raised: set[str] = set()

    def ask(
        self,
        held: Held,
        field: str,
        told: str | int,
        *,
        column: str,
        message: str,
        moments: dict[str, int] | None = None,
    ) -> None:
        """Go on if a person decided this before; else leave it to a person.

        ``moments`` are what the list dates the state it tells by.

        Raises:
            DoubtError: the row waits for a decision.
        """
        if self._decision(held, doubt_id(held.uuid, field, told)):
            return
        self._raise(held, field, told, more={"moments": moments} if moments else {})
        raise DoubtError(column, message)

    def choose(
        self, among: Sequence[Held], row: ListRow, official: str, *, message: str
    ) -> Held | None:
        """Return which of several dossiers a person said a row is about; None if it is no one.

        Raises:
            DoubtError: nobody has said so yet.
        """
        field, key, told = "official_code", official, official
        if not official:
            field, key, told = MATCH, _key(row), _words(row)
        left = []
        for held in among:
            decided = self._decision(held, doubt_id(held.uuid, field, key))
            if decided == THEIRS:
                return held
            if decided != OURS:
                left.append(held)
        if not left:
            return None
        for held in left:
            self._raise(held, field, told, key=key, more={"is_choice": True, "key": key})
        raise DoubtError("Mã hồ sơ", message)

    def _raise(
        self,
        held: Held,
        field: str,
        told: str | int,
        *,
        key: str | int = "",
        more: dict[str, Any],
    ) -> None:
        name = doubt_id(held.uuid, field, key or told)
        if name in self._raised or self._is_known(held, name):
            return
        self._raised.add(name)
        said = {"id": name, "field": field, "told": told, "list": self._source, **more}
        body = {"set": {}, "source": "list", "doubt": said}
        self._batch.add(held, kind=DOUBT, at=self._now, body=body)

    def _is_known(self, held: Held, name: str) -> bool:
        return any(
            event.kind == DOUBT and event.body["doubt"]["id"] == name for event in self._live(held)
        )

    def _decision(self, held: Held, name: str) -> str:
        """Return what a person kept, empty if nobody decided."""
        for event in reversed(self._live(held)):
            if event.kind == RESOLVE and event.body["conflict"] == name:
                return str(event.body["keep"])
        return ""

    def _live(self, held: Held) -> list[Any]:
        if self._store.row(_IS_DOUBTED, (held.uuid, DOUBT)) is None:
            return []
        return live_events(dossiers.events_of(self._store, held.uuid))


def _key(row: ListRow) -> str:
    """Return what tells a row without a code from others, whatever moves it brings."""
    moment = row.received_at.isoformat() if row.received_at else ""
    number = row.citizen_id or row.tax_code
    return f"{number}|{row.applicant_name}|{row.procedure_code}|{moment}|{row.content}"


def _words(row: ListRow) -> str:
    moment = f"{row.received_at:%H:%M %d/%m/%Y}" if row.received_at else ""
    return ", ".join(filter(None, (row.applicant_name, moment, row.content)))
