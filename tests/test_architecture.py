"""The layers, kept by a test: who may import whom, and who may read a clock or touch a disk."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "counter_app"

_GROUND = {"domain", "errors", "paths", "atomic", "given"}
_ROOMS = {"storage", "documents", "tabular", "sync"}
_ALL = {*_GROUND, *_ROOMS, "services", "ui", "cli", "app_log", "bootstrap"}
MAY_IMPORT = {
    "__init__": set(),
    "errors": set(),
    "paths": set(),
    "atomic": {"errors"},
    "given": set(),
    "app_log": {"paths"},
    "domain": {"errors"},
    "storage": _GROUND,
    "documents": _GROUND,
    "tabular": _GROUND,
    "sync": _GROUND,
    "services": _GROUND | _ROOMS,
    "ui": _GROUND | {"services", "documents"},
    "cli": _GROUND | {"services"},
    "bootstrap": _ALL,
    "__main__": _ALL,
}
# Libraries that belong to some rooms only.
HOMES = {
    "PySide6": {"ui"},
    "shiboken6": {"ui"},
    "reportlab": {"documents"},
    "peewee": {"storage", "services"},
    "playhouse": {"storage", "services"},
    "sqlcipher3": {"storage", "services"},
    "sqlite3": {"storage", "services"},
}
# The composition root may start Qt, but a verb must not pay for it.
LAZY_HOMES = {"PySide6": {"bootstrap", "__main__"}}
# The rules are pure: no files, no system, no chance, no waiting.
# fmt: off
NOT_IN_DOMAIN = frozenset({
    "asyncio", "glob", "http", "importlib", "io", "locale", "logging", "multiprocessing", "os",
    "pathlib", "platform", "random", "secrets", "shutil", "signal", "socket", "sqlite3",
    "subprocess", "sys", "tempfile", "threading", "time", "urllib", "uuid", "zoneinfo",
})
# fmt: on
CLOCKS = {
    ("datetime", "now"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
    ("date", "today"),
    ("time", "time"),
    ("time", "localtime"),
    ("QDate", "currentDate"),
    ("QDateTime", "currentDateTime"),
    ("QDateTime", "currentDateTimeUtc"),
    ("QTime", "currentTime"),
}
CLOCK_KEEPERS = {"bootstrap", "__main__"}
THE_CLOCK = ("domain/moments.py", "utc_now")


class _Reader(ast.NodeVisitor):
    """Collects what one module imports and calls, wherever in it that stands."""

    def __init__(self, module: str, *, is_package: bool) -> None:
        self.package = module if is_package else module.rpartition(".")[0]
        self.functions: list[str] = []
        self.imports: list[tuple[int, str, bool]] = []  # line, name, inside a function
        self.calls: list[tuple[int, str, str, str]] = []  # line, function around, owner, name
        self.names: list[tuple[int, str]] = []

    def _add(self, node: ast.AST, name: str) -> None:
        self.imports.append((node.lineno, name, bool(self.functions)))

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._add(node, alias.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        base = node.module or ""
        if node.level:
            above = self.package.split(".")[: len(self.package.split(".")) - node.level + 1]
            base = ".".join([*above, *filter(None, [node.module])])
        for alias in node.names:
            # ``from counter_app import storage`` names a room, ``from json import dumps`` doesn't.
            self._add(node, f"{base}.{alias.name}" if base == PACKAGE else base)
            self.names.append((node.lineno, alias.name))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.functions.append(node.name)
        self.generic_visit(node)
        self.functions.pop()

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Name(self, node: ast.Name) -> None:
        self.names.append((node.lineno, node.id))

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self.names.append((node.lineno, node.attr))
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        owner, name = "", ""
        if isinstance(node.func, ast.Name):
            name = node.func.id
        elif isinstance(node.func, ast.Attribute):
            name = node.func.attr
            value = node.func.value
            owner = getattr(value, "id", "") or getattr(value, "attr", "")
        around = self.functions[-1] if self.functions else ""
        self.calls.append((node.lineno, around, owner, name))
        text = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
        if name in {"import_module", "__import__"} and isinstance(text, str):
            self._add(node, text)
        self.generic_visit(node)


def _import_problems(layer: str, reader: _Reader):
    for line, name, in_function in reader.imports:
        top, _, rest = name.partition(".")
        room = rest.partition(".")[0]
        if top == PACKAGE and room in MAY_IMPORT and room != layer:
            if room not in MAY_IMPORT.get(layer, set()):
                yield line, f"{layer} imports {room}"
        elif top in HOMES and layer not in HOMES[top]:
            if not (in_function and layer in LAZY_HOMES.get(top, set())):
                yield line, f"{layer} imports {top}"
        elif layer == "domain" and top != PACKAGE:
            if top not in sys.stdlib_module_names:
                yield line, f"domain imports {top}, which is not in the standard library"
            elif top in NOT_IN_DOMAIN:
                yield line, f"domain imports {top}: a rule is pure"


def _clock_problems(layer: str, place: str, reader: _Reader):
    for line, around, owner, name in reader.calls:
        is_the_clock = (place, around) == THE_CLOCK
        if (owner, name) in CLOCKS and layer not in CLOCK_KEEPERS and not is_the_clock:
            yield line, f"{layer} reads the clock by {owner}.{name}: pass `now` in"
        if layer == "domain" and not owner and name in {"open", "print", "input"}:
            yield line, f"domain calls {name}(): a rule is pure"
    if layer not in CLOCK_KEEPERS and place != THE_CLOCK[0]:
        for line, name in reader.names:
            if name == THE_CLOCK[1]:
                yield line, f"{layer} uses {name}: only the bootstrap may"


def violations(root: Path) -> list[str]:
    """Name each import and call under ``root/counter_app`` that breaks the picture of the house."""
    found = []
    package = root / PACKAGE
    for path in sorted(package.rglob("*.py")):
        place = path.relative_to(package)
        layer = place.parts[0].removesuffix(".py")
        if layer not in MAY_IMPORT:
            found.append(f"{place}: {layer} has no place in the layers; give it one in this test")
            continue
        is_package = path.name == "__init__.py"
        parts = place.with_suffix("").parts
        module = ".".join([PACKAGE, *(parts[:-1] if is_package else parts)])
        reader = _Reader(module, is_package=is_package)
        reader.visit(ast.parse(path.read_text("utf-8"), str(path)))
        problems = [
            *_import_problems(layer, reader),
            *_clock_problems(layer, place.as_posix(), reader),
        ]
        found += [f"{place}:{line}: {text}" for line, text in sorted(set(problems))]
    return found


def test_every_module_keeps_to_its_layer():
    assert violations(ROOT) == []


def test_the_checker_sees_the_real_modules():
    places = {path.name for path in (ROOT / PACKAGE).rglob("*.py")}
    assert {"moments.py", "errors.py"} <= places


@pytest.mark.parametrize(
    ("place", "source", "told"),
    [
        ("domain/a.py", "import counter_app.storage.models", "domain imports storage"),
        ("domain/a.py", "from counter_app.storage import models", "domain imports storage"),
        ("domain/a.py", "from counter_app import storage", "domain imports storage"),
        ("domain/a.py", "from ..storage.models import Row", "domain imports storage"),
        ("domain/a.py", "from .. import storage", "domain imports storage"),
        ("domain/__init__.py", "from ..storage import models", "domain imports storage"),
        ("domain/b/c.py", "from ...storage import models", "domain imports storage"),
        ("domain/a.py", "def f():\n    import counter_app.ui", "domain imports ui"),
        ("domain/a.py", "if TYPE_CHECKING:\n    from counter_app.ui import x", "domain imports ui"),
        ("domain/a.py", "importlib.import_module('counter_app.ui')", "domain imports ui"),
        ("domain/a.py", "from counter_app import paths", "domain imports paths"),
        ("errors.py", "from counter_app import domain", "errors imports domain"),
        ("paths.py", "from counter_app.errors import UserError", "paths imports errors"),
        ("atomic.py", "from counter_app import paths", "atomic imports paths"),
        ("domain/a.py", "from counter_app import atomic", "domain imports atomic"),
        ("storage/a.py", "import counter_app.services.b", "storage imports services"),
        ("documents/a.py", "from counter_app.storage import models", "documents imports storage"),
        ("services/a.py", "import counter_app.ui", "services imports ui"),
        ("services/a.py", "from counter_app import cli", "services imports cli"),
        ("ui/a.py", "from counter_app.storage import models", "ui imports storage"),
        ("cli.py", "from counter_app import ui", "cli imports ui"),
        ("cli/receive.py", "from counter_app.ui import window", "cli imports ui"),
        ("__init__.py", "from counter_app import bootstrap", "__init__ imports bootstrap"),
        ("services/a.py", "from PySide6.QtCore import QObject", "services imports PySide6"),
        ("bootstrap.py", "import PySide6.QtWidgets", "bootstrap imports PySide6"),
        ("__main__.py", "from PySide6 import QtCore", "__main__ imports PySide6"),
        ("ui/a.py", "import reportlab.lib", "ui imports reportlab"),
        ("ui/a.py", "import peewee", "ui imports peewee"),
        ("cli.py", "from playhouse import migrate", "cli imports playhouse"),
        ("documents/a.py", "from sqlcipher3 import dbapi2", "documents imports sqlcipher3"),
        ("sync/a.py", "import sqlite3", "sync imports sqlite3"),
        ("domain/a.py", "import platformdirs", "not in the standard library"),
        ("domain/a.py", "import os.path", "domain imports os"),
        ("domain/a.py", "from pathlib import Path", "domain imports pathlib"),
        ("domain/a.py", "import random", "domain imports random"),
        ("domain/a.py", "x = datetime.now()", "reads the clock"),
        ("services/a.py", "x = dt.datetime.now(UTC)", "reads the clock"),
        ("services/a.py", "def f():\n    return date.today()", "reads the clock"),
        ("ui/a.py", "x = QDate.currentDate()", "reads the clock"),
        ("ui/a.py", "from counter_app.domain.moments import utc_now", "only the bootstrap may"),
        ("services/a.py", "x = moments.utc_now()", "only the bootstrap may"),
        ("domain/a.py", "x = open('a')", "domain calls open()"),
        ("helpers/a.py", "", "has no place in the layers"),
    ],
)
def test_a_planted_violation_is_found(tmp_path, place, source, told):
    path = tmp_path / PACKAGE / place
    path.parent.mkdir(parents=True)
    path.write_text(source, "utf-8")
    found = violations(tmp_path)
    assert len(found) == 1
    assert told in found[0]


@pytest.mark.parametrize(
    ("place", "source"),
    [
        (
            "domain/a.py",
            "import datetime\nfrom .b import c\nfrom counter_app.errors import InputError",
        ),
        ("storage/a.py", "import peewee\nfrom ..domain import moments\nfrom .. import paths"),
        ("services/a.py", "import peewee\nfrom counter_app import documents, storage, tabular"),
        (
            "ui/a.py",
            "from PySide6.QtWidgets import QWidget\nfrom counter_app.documents import receipt",
        ),
        (
            "cli.py",
            "from counter_app.services import reception\nfrom counter_app import __version__",
        ),
        ("bootstrap.py", "def main():\n    from PySide6.QtWidgets import QApplication"),
        (
            "bootstrap.py",
            "from counter_app import cli\nfrom counter_app.domain.moments import utc_now",
        ),
        ("services/a.py", "import time\nx = time.perf_counter()"),
    ],
)
def test_what_the_picture_allows_is_let_through(tmp_path, place, source):
    path = tmp_path / PACKAGE / place
    path.parent.mkdir(parents=True)
    path.write_text(source, "utf-8")
    assert violations(tmp_path) == []


def test_no_file_names_a_place_outside_the_repository():
    # Put together here so that this file doesn't hold what it looks for.
    outside = re.compile(
        rf"(?<![\w./-])/{'work'}(?=[/\s\"'`:]|$)|\.\./{'shared'}\b|/tmp/{'team'}\b"
    )
    folders = [PACKAGE, "tests", "resources", "build_spec", ".ci"]
    files = [path for folder in folders for path in (ROOT / folder).rglob("*")]
    files += ROOT.glob("*.*")
    told = []
    for path in files:
        if path.is_file() and path.suffix not in {".pyc", ".png", ".db", ".xlsx", ".ods"}:
            text = path.read_text("utf-8", errors="replace")
            told += [f"{path.relative_to(ROOT)}: {m.group()}" for m in outside.finditer(text)]
    assert told == []


def test_no_two_test_modules_share_a_name():
    """The folders of tests are no packages: pytest would take one module for the other."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))
