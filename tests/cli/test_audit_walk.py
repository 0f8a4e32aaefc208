"""Every function that writes leaves a line of itself: who, when, which counter, before and after.

The functions are found in the services' source, so that a new one is walked or fails here; what
they do is seen where every transaction is kept, whoever opened it.
"""

from __future__ import annotations

import json
import shutil
from datetime import datetime, timedelta

import pytest

from counter_app import bootstrap
from counter_app.domain.moments import to_epoch
from counter_app.domain.rights import ACT_LABELS, Act
from counter_app.services import settings, users
from counter_app.storage import key_files
from tests.cli import audit_acts
from tests.cli.audit_watch import Watch, writing_functions
from tests.cli.conftest import MARK, NOW
from tests.cli.test_verb_fuzz import House
from tests.cli.verb_walk import lines, parsers
from tests.services.counter_desk import CLERK, Desk
from tests.sync_house import first_desk

# Kept without a line, each for a reason that an inspector would accept.
_QUEUE = "the paper's issue is told; this is its way to the printer"
_DERIVED = "it repeats what the events say"
SILENT = {
    "at_hand.save_draft": "what is typed and not yet saved is no act",
    "at_hand.drop_draft": "what is typed and not yet saved is no act",
    "bootstrap._wake": "the program makes its own empty data at the first start; nobody acts",
    "office.begin": "the program makes its own empty data at the first start; nobody acts",
    "print_queue.add": _QUEUE,
    "print_queue.take": _QUEUE,
    "print_queue.hand_over": _QUEUE,
    "print_queue.done": _QUEUE,
    "print_queue.put_back": _QUEUE,
    "print_queue.settle": _QUEUE,
    "search_index.rebuild": _DERIVED,
    "search_index.index_some": _DERIVED,
    "search_index.tidy_some": _DERIVED,
    "standings.recount": _DERIVED,
    "backups._prepare": "of the copy aside; the restore that follows is told",
    "erased_files.remove": "the removal of the person is told, with how many files it takes",
    "salvage._mend": "of another file; the restore that brings it back is told, with its name",
    "handing.take_list_number": "a number alone; the acts under it are told",
    "seals._take": "it seals what stands there; the restore, or the new place, is told",
    "sync_office.shared": "a mark and a key, drawn once; the act that they are for is told",
}
# What the office decides: a row that changes there is told with the values of before and after.
DECIDED = {"office", "officer", "procedure", "calendarday", "listmapping", "setting"}
# Done while nobody is known: at the door, or before anybody was named at the desk.
NOBODY = {"sign-in-failed", "recovery-asked", "recovered", "set-up"}
PROGRAM = {"erasing.erase_again"}  # of a copy before it is restored; nobody acts
NUMBER = "045085001234"  # of the persons in the folder that is walked
MORE_LINES = {"show": [["VISIT"]], "search": [["A"], [NUMBER]]}
# Files that tell nothing of these data.
NOT_OURS = {
    "due": "days counted of a list of cases",
    "salvage": "another file; going back to it is told, with its name",
}


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """What was kept while every verb and every further act was done once."""
    base = tmp_path_factory.mktemp("audit")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("COUNTER_APP_DATA", "COUNTER_APP_DATABASE"):
            patch.delenv(name, raising=False)
        patch.setenv("COUNTER_APP_NOW", NOW)
        patch.setattr(bootstrap, "machine_mark", lambda _path: MARK)
        patch.setattr(bootstrap, "zone_offset", lambda: timedelta(hours=7))
        patch.setattr(users, "_COST", {"time_cost": 1, "memory_cost": 8, "parallelism": 1})
        patch.setattr(key_files, "_COST", {"time": 1, "memory": 64, "lanes": 1})
        users._hasher.cache_clear()
        watch = Watch(patch)
        written, read = _verbs(base / "verbs", patch)
        _acts(base)
    users._hasher.cache_clear()
    return watch, written, read


def _verbs(base, patch):
    """Run every verb's sound lines.

    Returns those that wrote a file, and those that showed a whole number, each with whether it was
    told.
    """
    base.mkdir()
    patch.setenv("COUNTER_APP_ANCHOR", str(base / "own" / "anchor"))
    house = House(base)
    house.fill()
    house.done("settings", "set", "current_clerk", CLERK)
    asked = ("--procedure=1.004873", f"--citizen-id={NUMBER}", "--applicant=A", "--reason=Thiếu")
    house.codes["VISIT"] = house.done("receive", "--guidance", *asked)["code"]
    shutil.rmtree(base / "kept")
    shutil.copytree(base / "own", base / "kept")
    house.rows = house.look()
    told, read = [], []
    with pytest.MonkeyPatch.context() as there:
        there.chdir(house.here)
        for verb, parser in parsers().items():
            for line in [*lines(verb, parser), *MORE_LINES.get(verb, [])]:
                said = house(verb, *house.words(line))
                made = house.outside().keys() - house.beside.keys()
                if said.status == 0 and made and verb not in NOT_OURS:
                    told.append((f"{verb} {' '.join(line)}", house.look() != house.rows))
                if NUMBER in said.out:
                    read.append((f"{verb} {' '.join(line)}", house.look() != house.rows))
                house.put_back()
                said = house(verb, *house.words(line), "--json")
                if NUMBER in said.out:
                    read.append((" ".join([verb, *line, "--json"]), house.look() != house.rows))
                house.put_back()
    patch.delenv("COUNTER_APP_ANCHOR")
    return told, read


def _acts(base):
    """Do what no verb's line reaches, each in a folder of its own that it finds in the module."""
    found = [act for name, act in vars(audit_acts).items() if name.startswith("of_")]
    for number, act in enumerate(found):
        folder = base / str(number)
        store = first_desk(folder)
        try:
            settings.set_setting(store, key="current_clerk", value=CLERK)
            act(Desk(store), folder)
        finally:
            store.close()


def test_every_function_that_writes_was_walked(walked):
    watch, *_ = walked
    assert writing_functions() - watch.writers() - SILENT.keys() == set()


def test_nothing_is_changed_without_an_event_or_a_line(walked):
    watch, *_ = walked
    silent = {
        f"{one.opener}: {sorted(one.changed)}"
        for one in watch.kept
        if not one.events and not one.lines and one.opener not in SILENT
    }
    assert silent == set()


def test_every_line_says_who_did_what_when_and_at_which_counter(walked):
    watch, *_ = walked
    told = [(one, line) for one in watch.kept for line in one.lines if one.has_clerk]
    assert len(told) > 80
    begun = to_epoch(datetime(2026, 11, 1))
    unsaid = {
        (one.opener, act)
        for one, (_, at, act, by, counter, *_) in told
        if act not in ACT_LABELS
        or not counter
        or at < begun
        or not (by or act in NOBODY or one.opener in PROGRAM)
    }
    assert unsaid == set()


def test_what_an_office_decides_is_told_with_its_value_before_and_after(walked):
    watch, *_ = walked
    seen = set()
    for one in watch.kept:
        for table in one.changed.keys() & DECIDED:
            rows = set().union(*one.changed[table])
            if one.opener in SILENT or all(row.startswith("('_") for row in rows):
                continue
            told = [json.loads(line[-1]) for line in one.lines]
            assert any("was" in detail and "now" in detail for detail in told), (one.opener, table)
            seen.add(table)
    assert seen == DECIDED


def test_no_function_that_writes_looks_like_an_edit_from_outside(walked):
    watch, *_ = walked
    assert {one.opener: one.unsealed for one in watch.kept if one.unsealed} == {}


def test_every_verb_that_shows_a_whole_number_is_told_also_where_nobody_signs_in(walked):
    *_, read = walked
    shown = {line for line, _ in read}
    assert {
        "show RECEIVED --json",
        "list --json",
        "search A --json",
        "show VISIT --json",
    } <= shown, shown
    assert [line for line, is_told in read if not is_told] == []


def test_every_file_that_a_verb_writes_is_told(walked):
    _, written, _ = walked
    assert len(written) > 15
    assert [line for line, is_told in written if not is_told] == []


def test_reading_printing_exporting_and_signing_in_are_lines_of_their_own(walked):
    watch, *_ = walked
    acts = {line[2] for one in watch.kept for line in one.lines}
    assert {
        Act.SHOW_NUMBER,
        Act.LISTS,
        Act.PAPERS,
        Act.REPORT,
        Act.LIST_EXPORT,
        Act.PERSON_EXPORT,
        Act.AUDIT,
        Act.BACKUP,
        Act.RESTORE,
        Act.SYNC,
        "sign-in",
        "sign-in-failed",
    } <= acts
