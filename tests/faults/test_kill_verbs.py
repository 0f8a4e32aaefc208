"""A verb is killed in the midst of its work, as a real process: it did the whole of it, or nothing.

The bench does the same two hundred times (``python -m tests.bench --only kills``).
"""

from __future__ import annotations

import random

import pytest

from tests.faults.killing import kills, works

ROUNDS = 7


def _killed(name, tmp_path, *, seed):
    """Kill a verb until enough kills fell into its work; returns the states that were left."""
    states = []
    for left in kills(works(tmp_path)[name], tmp_path, random.Random(seed)):
        assert left.wrong == [], left
        states += [left.state] if left.is_inside else []
        if len(states) == ROUNDS:
            return set(states)
    raise AssertionError


@pytest.mark.slow
def test_an_import_that_is_killed_came_whole_or_not_at_all(tmp_path):
    assert _killed("import", tmp_path, seed=1) <= {"old", "new"}


@pytest.mark.slow
def test_a_backup_that_is_killed_leaves_only_copies_that_open(tmp_path):
    assert _killed("backup", tmp_path, seed=2) <= {"old", "new"}


@pytest.mark.slow
def test_a_restore_that_is_killed_left_all_as_it_was_or_is_whole(tmp_path):
    assert _killed("restore", tmp_path, seed=3) <= {"old", "new"}


@pytest.mark.slow
def test_a_migration_that_is_killed_is_done_again_and_loses_nothing(tmp_path):
    states = _killed("migrate", tmp_path, seed=4)
    assert states - {"new"}, "no kill left an older version"
