"""A damaged data file saved row by row into a new one, with a report of what is there again."""

from __future__ import annotations

import contextlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from counter_app.atomic import FULL, atomically
from counter_app.domain.history import BROKEN
from counter_app.domain.moments import to_epoch
from counter_app.errors import DataFileError, InputError
from counter_app.paths import ASIDE
from counter_app.services import checks, known_people, projection, search_index, standings
from counter_app.services.merged import merged_of
from counter_app.storage.database import open_store
from counter_app.storage.faults import errors
from counter_app.storage.first_look import key_for
from counter_app.storage.keys import carry_key_file, key_folder
from counter_app.storage.salvage import Salvaged, bring_over, copy_aside

if TYPE_CHECKING:
    from datetime import datetime

    from counter_app.storage.database import Store
    from counter_app.storage.keys import DataKey, KeyRing

# As after a restore in the place of a damaged file: what was given and is lost can't be known.
_GAP = 500


@dataclass(frozen=True, slots=True)
class SalvageReport:
    """What was brought over, what wasn't, and what the checks say of the new file."""

    path: Path
    dossiers: int
    events: int
    rebuilt: int  # dossiers whose row was added up again from their history
    tables: tuple[Salvaged, ...]
    problems: tuple[str, ...]

    @property
    def lost(self) -> int:
        """How many rows are known to be lost."""
        return sum(table.lost for table in self.tables)


def salvage(
    source: Path, target: Path, *, now: datetime, keys: KeyRing | None = None
) -> SalvageReport:
    """Read a damaged file row by row into a new one; the damaged file is only read.

    The new file goes on under a new epoch and its series after a gap, as after a restore; it is
    encrypted as the damaged one is.

    Raises:
        InputError: there is no such file, or the new one is there already.
        DataFileError: not even the list of its tables can be read.
        FileNotWrittenError: a full disk, a folder that may not be written.
    """
    if not source.is_file():
        raise InputError(f"Không có tệp {source}. Chưa làm gì.")
    if target.exists():
        raise InputError(f"Đã có tệp {target}. Chưa làm gì. Chọn tên khác.", field="output")
    key = key_for(source, keys)
    with contextlib.suppress(OSError):  # told when the file is begun
        target.parent.mkdir(parents=True, exist_ok=True)
    with (
        atomically(target) as part,
        tempfile.TemporaryDirectory(prefix=f"{ASIDE}cuu-", dir=target.parent) as aside,
    ):
        carry_key_file(key, key_folder(source), target.parent)
        work = Path(aside) / "moi.db"
        carry_key_file(key, target.parent, work.parent)
        store = open_store(work, backup_folder=Path(aside) / "none", stamp="", new_key=key)
        try:
            tables = _bring(store, _copied(source, Path(aside), key))
            rebuilt = _mend(store, now, has_all_events=_has_all(tables, "event"))
            found = checks.run_checks(store, leave_out=(checks.FILES,))
            problems = [
                f"{problem['where']}: {problem['what']}"
                for result in found
                for problem in result.problems
            ]
            dossiers, events = store.row(
                "SELECT (SELECT count(*) FROM dossier), (SELECT count(*) FROM event)"
            ) or (0, 0)
            store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            store.execute("PRAGMA journal_mode=delete")
        finally:
            store.close()
        work.replace(part)
    return SalvageReport(target, dossiers, events, rebuilt, tuple(tables), tuple(problems))


def _copied(source: Path, aside: Path, key: DataKey | None) -> Path:
    try:
        return copy_aside(source, aside, key)
    except OSError as error:
        if error.errno in FULL:
            raise  # of the place of the new file, and told so
        raise DataFileError(
            f"Không đọc hết được tệp {source.name}: ổ đĩa báo lỗi. Tệp hỏng còn nguyên. "
            "Chép tệp đó sang ổ đĩa khác rồi cứu bản chép."
        ) from error


def _bring(store: Store, source: Path) -> list[Salvaged]:
    connection = store.database.connection()
    connection.execute("PRAGMA foreign_keys=0")
    try:
        with store.transaction():
            return _rows_of(source, store)
    finally:
        connection.execute("PRAGMA foreign_keys=1")


def _rows_of(source: Path, store: Store) -> list[Salvaged]:
    try:
        return bring_over(source, store.database.connection(), store.key)
    except errors() as error:
        raise DataFileError(
            f"Tệp {source.name} hỏng cả phần mục lục nên không cứu được từng dòng. Tệp hỏng còn "
            "nguyên. Khôi phục từ bản sao lưu gần nhất."
        ) from error


def _has_all(tables: list[Salvaged], name: str) -> bool:
    return any(t.table == name and not t.lost and t.is_sure for t in tables)


def _mend(store: Store, now: datetime, *, has_all_events: bool) -> int:
    """Add up again what can be: rows from their histories, the search index, the sums.

    A row that says more than what is left of its history stays as it was found.
    """
    with store.transaction():
        store.cache.clear()
        # Or nothing could read the row; its history tells them again where that is whole.
        store.execute("UPDATE dossier SET details = '{}' WHERE NOT json_valid(details)")
        lost = [
            uuid
            for (uuid,) in store.rows(
                "SELECT DISTINCT dossier_uuid FROM event WHERE dossier_uuid NOT IN "
                "(SELECT uuid FROM dossier) AND dossier_uuid NOT IN (SELECT uuid FROM visit)"
            )
        ]
        changed = checks.differing_dossiers(store) if has_all_events else []
        rebuilt = sum(_rebuild(store, uuid, to_epoch(now)) for uuid in [*lost, *changed])
        known_people.restore_missing(store)
        store.execute("UPDATE installation SET machine_mark = '' WHERE is_self = 1")
        store.execute("UPDATE series SET last = last + ?", (_GAP,))
    search_index.rebuild(store)
    standings.recount(store)
    return rebuilt


def _rebuild(store: Store, uuid: str, now: int) -> int:
    """Add one dossier up from its history, if enough of that is there."""
    try:
        if merged_of(store, uuid).state["code"] is None:
            return 0  # its beginning is lost
        projection.project(store, [uuid], now=now)
    except BROKEN:
        return 0  # the checks name it
    return 1
