"""What each kept transaction changed, who changed it, and the lines it left of itself."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import counter_app
from counter_app.services import decisions
from counter_app.storage.database import Store

if TYPE_CHECKING:
    import pytest

_PACKAGE = Path(counter_app.__file__).parent
_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' "
    "AND name NOT LIKE 'sqlite%'"
)
_CLERK = "SELECT 1 FROM setting WHERE key = 'current_clerk' AND value <> '\"\"'"
_LINES = "SELECT id, at, act, by, counter, target, detail FROM auditentry WHERE id > ? ORDER BY id"


class Kept(NamedTuple):
    """One transaction that was kept and changed something."""

    by: frozenset[str]  # the functions of the program that took part in it
    opener: str
    changed: dict[str, tuple[set[str], set[str]]]  # table -> rows that went, rows that came
    lines: list[tuple[Any, ...]]
    has_clerk: bool  # somebody is signed in or was named at the desk
    unsealed: list[tuple[str, str]]  # what a check would take for an edit from outside

    @property
    def events(self) -> int:
        """How many events it added."""
        return len(self.changed.get("event", ((), ()))[1])


def writing_functions() -> set[str]:
    """Return every function of the services that opens a transaction."""
    return {
        f"{path.stem}.{node.name}"
        for path in sorted((_PACKAGE / "services").glob("*.py"))
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and _opens(node)
    }


def _opens(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "transaction"
        for node in ast.walk(function)
    )


class Watch:
    """Looks at every transaction of this process, of whatever store."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.kept: list[Kept] = []
        self._before: dict[Store, tuple[dict[str, set[str]], int, bool]] = {}
        self._by: dict[Store, set[str]] = {}
        transaction, begin, commit = Store.transaction, Store.begin, Store.commit

        def watched(store: Store) -> Any:
            if not store.in_transaction:
                self._by[store] = set()
            self._by[store] |= set(_callers())
            return transaction(store)

        def begun(store: Store) -> None:
            begin(store)
            clerk = bool(store.user or store.row(_CLERK))
            self._before[store] = _look(store), _last_line(store), clerk

        def committed(store: Store) -> None:
            before, last, clerk = self._before.pop(store)
            now = _look(store)
            changed = {
                table: (before.get(table, set()) - rows, rows - before.get(table, set()))
                for table, rows in now.items()
                if rows != before.get(table, set())
            }
            lines = store.rows(_LINES, (last,))
            names = _callers()
            commit(store)
            if changed:
                opener = names[0] if names else ""
                unsealed = list(decisions.differing(store))
                by = frozenset(self._by[store])
                self.kept.append(Kept(by, opener, changed, lines, clerk, unsealed))

        patch.setattr(Store, "transaction", watched)
        patch.setattr(Store, "begin", begun)
        patch.setattr(Store, "commit", committed)

    def writers(self) -> set[str]:
        """Return the functions that took part in a transaction that changed something."""
        return set().union(*(one.by for one in self.kept))


def _callers() -> list[str]:
    """Return the functions of the services on the stack, the one that opened it all last."""
    frame, names = sys._getframe(2), []
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module.startswith(("counter_app.services.", "counter_app.bootstrap")):
            names.append(f"{module.rpartition('.')[2]}.{frame.f_code.co_qualname}")
        frame = frame.f_back
    return names


def _last_line(store: Store) -> int:
    row = store.row("SELECT coalesce(max(id), 0) FROM auditentry")
    return row[0] if row else 0


def _look(store: Store) -> dict[str, set[str]]:
    """Return the rows of every table as text; what the search index is made of is no fact."""
    return {
        name: {repr(row) for row in store.rows(f'SELECT * FROM "{name}"')}
        for (name,) in store.rows(_TABLES)
        if "search" not in name and name != "nameword"
    }
