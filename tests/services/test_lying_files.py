"""Files that look like ours and lie: taken in whole, or refused in words with nothing done."""

from __future__ import annotations

import copy
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.errors import UserError
from counter_app.services import (
    browse,
    calendar_edits,
    catalogue,
    catalogue_files,
    checks,
    data_files,
    form_versions,
    lookup,
    papers,
    reception,
    sync_office,
)
from counter_app.services.settings import get_settings

NOW = datetime(2026, 11, 23, 9)

DATA = Path(__file__).parents[2] / "resources"

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(allow_nan=True, allow_infinity=True),
    st.text(max_size=12),
    st.sampled_from(
        (
            *("", "0", "-1", "1wd", "9999999wd", "5 kiếp", "31/02/2026", "0001-01-01"),
            *("9999-12-31", "25:99", "\0", "\ud800", "=1+1", "../../x", "²", "٣", "1e308"),
        )
    ),
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner)
)


def places(told, at=()):
    """Return the way to everything in a JSON value."""
    found = [at] if at else []
    if isinstance(told, dict):
        for key in told:
            found += places(told[key], (*at, key))
    elif isinstance(told, list):
        for number, one in enumerate(told[:3]):
            found += places(one, (*at, number))
    return found


@st.composite
def lies(draw, told):
    """Draw a file that differs from a true one in one to three places."""
    told = copy.deepcopy(told)
    for _ in range(draw(st.integers(1, 3))):
        ways = places(told)
        if not ways:
            break
        *above, last = draw(st.sampled_from(ways))
        inside = told
        for step in above:
            inside = inside[step]
        if draw(st.booleans()) or not isinstance(inside, dict):
            inside[last] = draw(values)
        elif draw(st.booleans()):
            del inside[last]
        else:
            inside[draw(st.text(max_size=6))] = draw(values)
    return told


def everything(store):
    """Return all rows of all tables, for comparing."""
    tables = [name for (name,) in store.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    return {
        name: store.rows(f"SELECT * FROM {name}")
        for name in tables
        if not name.startswith(("sqlite_", "dossier_search"))
    }


def use(store):
    """Do what a desk does with its data: show, promise, list, look everything over."""
    store.cache.clear()
    get_settings(store)
    for found in catalogue.procedures(store, on=NOW.date()):
        if found.limit:
            request = ReceiveRequest(procedure_code=found.code, applicant_name="Lê Thị Hoa")
            try:
                made = reception.receive_dossier(
                    store, request, now=NOW + timedelta(days=1), issue_receipt=True
                )
            except UserError:
                continue
            lookup.show(store, made.uuid, now=NOW)
            assert papers.paper_pdf(store, [made.paper_uuid]).startswith(b"%PDF")
            break
    browse.list_dossiers(store, as_of=NOW)
    broken = [p for one in checks.run_checks(store) for p in one.problems]
    assert broken == []


def take(store, act):
    """Take a lying file in: it is used afterwards, or refused and nothing is changed."""
    before = everything(store)
    told = ""
    try:
        act()
    except UserError as error:
        told = error.message
    if not told:
        use(store)
        return
    assert told.strip().endswith((".", ")", ","))
    assert everything(store) == before


fuzzed = settings(max_examples=60, suppress_health_check=list(HealthCheck))


def file_of(folder, told):
    path = folder / "tep.json"
    # As a liar would write it: NaN and lone surrogates included.
    path.write_bytes(json.dumps(told).encode())
    return path


@pytest.fixture
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("given")


CATALOGUE = json.loads((DATA / "catalogue" / "procedures.json").read_text("utf-8"))
CALENDAR = json.loads((DATA / "calendars" / "vietnam.json").read_text("utf-8"))
FORM = json.loads((DATA / "forms" / "tt03-2025.2.json").read_text("utf-8"))
_PROCEDURES = (CATALOGUE if isinstance(CATALOGUE, list) else CATALOGUE["procedures"])[:6]


@fuzzed
@given(told=lies(_PROCEDURES))
def test_a_catalogue_that_lies(copies, place, told):
    store = copies().store

    def act():
        entries = data_files.read_entries(file_of(place, told))
        catalogue_files.import_entries(store, entries, on=NOW.date())

    take(store, act)


@fuzzed
@given(told=lies(CALENDAR))
def test_a_calendar_that_lies(copies, place, told):
    store = copies().store

    def act():
        edit = calendar_edits.read_entries(data_files.read_entries(file_of(place, told)))
        calendar_edits.take_in(store, edit)

    take(store, act)


@fuzzed
@given(told=lies({**FORM, "version": "thu-1"}))
def test_forms_that_lie(copies, told):
    store = copies().store
    take(
        store,
        lambda: form_versions.import_forms(store, json.dumps(told), by="Lê Lan", now=NOW),
    )


@pytest.fixture(scope="module")
def invitation(prepared, tmp_path_factory):
    from tests.services.conftest import open_copy

    folder = tmp_path_factory.mktemp("inviting")
    store = open_copy(prepared, folder)
    target = folder / "moi.json"
    sync_office.invite(store, target, counter_number=2, by="Lê Lan", now=NOW)
    store.close()
    return json.loads(target.read_text("utf-8"))


def test_an_invitation_that_lies(invitation, tmp_path_factory):
    folder = tmp_path_factory.mktemp("invited")

    @fuzzed
    @given(told=lies(_short(invitation)))
    def join(told):
        here = folder / str(len(list(folder.iterdir())))
        app = open_app(data=str(here), environment={})
        try:
            take(app.store, lambda: sync_office.join(app.store, file_of(here, told), counter="Q2"))
        finally:
            app.store.close()

    join()


def _short(told):
    told = copy.deepcopy(told)
    told["tables"]["procedure"] = told["tables"]["procedure"][:3]
    told["tables"]["calendarday"] = told["tables"]["calendarday"][:6]
    return told
