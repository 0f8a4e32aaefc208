"""What the README promises is tested: each promise names tests that exist and that pytest runs."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
HEADING = "## What we promise and how it is tested"
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_NEVER_RUN = ("skip", "xfail")
# What has no sense on another system is left out there; what is never run keeps no promise.
_ON_SOME_SYSTEMS = "skipif"


class Promise(NamedTuple):
    """One row: what is promised, and the tests beside it as (file, function)."""

    words: str
    tests: tuple[tuple[str, str], ...]


def promises() -> list[Promise]:
    """Read the section's table."""
    section = README.split(f"{HEADING}\n")[1].split("\n## ", maxsplit=1)[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| ")]
    return [
        Promise(words.strip(), tuple((file, function(name)) for name, file in _LINK.findall(cell)))
        for words, cell in rows[1:]
    ]


def function(name: str) -> str:
    """Return the function whose name the README writes as a sentence."""
    return f"test_{name.replace(' ', '_')}"


def functions_of(file: str) -> dict[str, ast.FunctionDef]:
    """Return the test functions of a module by name."""
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_there_are_promises_and_each_names_a_test():
    found = promises()
    assert len(found) > 20
    assert len({one.words for one in found}) == len(found)
    assert [one.words for one in found if not one.tests] == []


@pytest.mark.parametrize("promise", promises(), ids=lambda one: one.words[:60])
def test_each_test_that_a_promise_names_exists_and_is_never_skipped(promise):
    for file, name in promise.tests:
        known = functions_of(file)
        assert name in known, f"{file} has no {name}"
        marks = " ".join(ast.unparse(mark) for mark in known[name].decorator_list)
        marks = marks.replace(_ON_SOME_SYSTEMS, "")
        assert not any(word in marks for word in _NEVER_RUN), f"{file}::{name} is not run"


def test_pytest_collects_every_test_that_a_promise_names():
    wanted = {f"{file}::{name}" for promise in promises() for file, name in promise.tests}
    files = sorted({one.partition("::")[0] for one in wanted})
    collected = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *files],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=100,
        check=False,
    )
    assert collected.returncode == 0, collected.stdout[-2000:] + collected.stderr[-2000:]
    found = {line.partition("[")[0] for line in collected.stdout.splitlines()}
    assert wanted - found == set()
