"""Before going back to a copy: what it would lose, and a rehearsal that touches nothing."""

from __future__ import annotations

import contextlib
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from counter_app.domain.copies import copy_moment
from counter_app.domain.moments import from_epoch
from counter_app.errors import InputError, LockedError, UserError
from counter_app.paths import ASIDE
from counter_app.services import checks, erased_files, journal
from counter_app.services.attachments import damaged_files
from counter_app.services.backup_facts import Drill, Lies, LostDossier, RestorePlan
from counter_app.services.backups import look_into
from counter_app.services.office import UNNAMED
from counter_app.storage.backup import check_whole
from counter_app.storage.convert import copy_under
from counter_app.storage.database import APPLICATION_ID, open_store
from counter_app.storage.first_look import key_for
from counter_app.storage.keys import carry_key_file, key_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from counter_app.storage.database import Store
    from counter_app.storage.keys import DataKey

    Reached = dict[tuple[str, int], int]

_MOST_SHOWN = 500
_REACHED = "SELECT origin, epoch, max(sequence) FROM event GROUP BY origin, epoch"
_NEWER = (
    "SELECT e.dossier_uuid, count(*), max(e.recorded_at) FROM event e "
    "LEFT JOIN temp.reached r ON r.origin = e.origin AND r.epoch = e.epoch "
    "WHERE e.sequence > coalesce(r.last, 0) GROUP BY e.dossier_uuid ORDER BY 3 DESC"
)
_NAMED = (
    "SELECT coalesce(official_code, code), applicant_name FROM dossier WHERE uuid = ?1 "
    "UNION ALL SELECT code, applicant_name FROM visit WHERE uuid = ?1"
)
_STEPS = 3


def plan(store: Store, path: Path) -> RestorePlan:
    """Say what going back to a copy would lose; nothing is changed.

    Raises:
        InputError: the file isn't a copy that can be opened.
        LockedError: it is encrypted with a key that nobody has unlocked.
    """
    _check(store, path)
    with look_into(path, store.keys) as copy:
        reached = {(o, e): last for o, e, last in copy.rows(_REACHED)}
        here = copy.row(
            "SELECT o.name, i.uuid FROM installation i JOIN office o ON o.id = i.office_id "
            "WHERE i.is_self = 1"
        )
        office, uuid = here or ("", "")
        newer = _newer(store, reached)
        lost = []
        for dossier_uuid, events, last in newer[:_MOST_SHOWN]:
            code, name = store.row(_NAMED, (dossier_uuid,)) or (dossier_uuid, "")
            known = copy.row("SELECT 1 FROM dossier WHERE uuid = ?", (dossier_uuid,))
            lost.append(LostDossier(code, name, from_epoch(last), events, known is None))
        ours = {(o, e): last for o, e, last in store.rows(_REACHED)}
        found = sum(max(0, last - ours.get(chain, 0)) for chain, last in reached.items())
        return RestorePlan(
            made_at=copy_moment(path.name),
            present_dossiers=_count(store),
            copy_dossiers=_count(copy),
            lost_events=sum(events for _, events, _ in newer),
            lost=tuple(lost),
            lost_count=len(newer),
            found_events=found,
            office=office or UNNAMED,
            is_ours=uuid == journal.desk(store).uuid or not journal.is_used(store),
            lies=_lies(copy.database.key, store.key),
        )


def _lies(copied: DataKey | None, key: DataKey | None) -> Lies:
    if copied == key:
        return Lies.ALIKE
    if copied is None:
        return Lies.PLAIN
    return Lies.SEALED if key is None else Lies.OTHER_KEY


def _newer(store: Store, reached: Reached) -> list[tuple[str, int, int]]:
    """Return the dossiers with events that the copy lacks, how many, and the last one's moment."""
    with store.snapshot():
        store.execute("DROP TABLE IF EXISTS temp.reached")
        store.execute(
            "CREATE TEMP TABLE reached (origin TEXT, epoch INTEGER, last INTEGER, "
            "PRIMARY KEY (origin, epoch))"
        )
        for (origin, epoch), last in reached.items():
            store.execute("INSERT INTO temp.reached VALUES (?, ?, ?)", (origin, epoch, last))
        return store.rows(_NEWER)


def _count(store: Store) -> int:
    row = store.row("SELECT count(*) FROM dossier")
    return int(row[0]) if row else 0


def _check(store: Store, path: Path) -> None:
    if not path.is_file():
        raise InputError(f"Không có tệp sao lưu {path}. Chưa thay đổi gì.")
    wrong = check_whole(path, store.keys) if path.stat().st_size else ["tệp rỗng"]
    if not wrong:
        with look_into(path, store.keys) as copy:
            if copy.row("PRAGMA application_id") != (APPLICATION_ID,):
                wrong = ["không phải bản sao lưu của chương trình này"]
    if wrong:
        raise InputError(f"Tệp sao lưu {path.name} không dùng được ({wrong[0]}). Chưa thay đổi gì.")


def drill(
    store: Store,
    path: Path,
    *,
    progress: Callable[[int, int], None] | None = None,
    timer: Callable[[], float] = time.perf_counter,
) -> Drill:
    """Rehearse going back: open a copy of the copy aside, run every check, throw it away.

    The data and the copy itself are only read.

    Raises:
        InputError: the file isn't there.
        LockedError: it is encrypted with a key that nobody has unlocked.
    """
    tell = progress or (lambda _done, _total: None)
    begun = timer()
    tell(0, _STEPS)
    if not path.is_file():
        raise InputError(f"Không có tệp sao lưu {path}. Chưa thay đổi gì.")
    room = f"{ASIDE}dien-tap-"
    with contextlib.ExitStack() as stack:
        try:
            aside = tempfile.TemporaryDirectory(prefix=room, dir=store.path.parent)
            work = Path(stack.enter_context(aside)) / "counter.db"
            # Unlocked where it lies, beside its key file; what is plain doesn't lie so elsewhere.
            key = key_for(path, store.keys)
            carry_key_file(key, key_folder(path), work.parent)
            if key is None:
                carry_key_file(store.key, store.path.parent, work.parent)
            copy_under(path, key, work, key or store.key)
            tell(1, _STEPS)
            ready = open_store(
                work, backup_folder=work.parent / "backups", stamp="dien-tap", keys=store.keys
            )
        except LockedError:
            raise
        except UserError as error:
            return Drill(path, 0, 0, None, timer() - begun, (error.message,))
        except OSError as error:
            message = f"Không đọc được bản sao lưu hoặc không đủ chỗ để diễn tập: {error.strerror}."
            return Drill(path, 0, 0, None, timer() - begun, (message,))
        try:
            found = checks.run_checks(ready, leave_out=(checks.FILES,))
            tell(2, _STEPS)
            problems = [
                f"{problem['where']}: {problem['what']}"
                for result in found
                for problem in result.problems
            ]
            folders = (path.parent, store.path.parent)
            states = (s for s in checks.readable_states(ready) if s["attachments"])
            problems += [
                f"{code}: {what}"
                for what, code in damaged_files(
                    ready, states, folders=folders, keys=(store.key,), gone=erased_files.gone(store)
                )
            ]
            if ready.row("SELECT 1 FROM installation WHERE is_self = 1") is None:
                problems.append("tệp không có dữ liệu của quầy nào")
            events, last = ready.row("SELECT count(*), max(recorded_at) FROM event") or (0, None)
            return Drill(
                path,
                _count(ready),
                events,
                None if last is None else from_epoch(last),
                timer() - begun,
                tuple(problems),
            )
        finally:
            ready.close()
            tell(_STEPS, _STEPS)
