"""Bundles whose chain is right and whose content makes no sense: refused whole, nothing is kept."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from counter_app.errors import BundleError
from counter_app.services import journal, moves
from counter_app.services.sync_export import export_bundle, fingerprint
from counter_app.services.sync_taking import _told
from counter_app.sync.bundle import open_bundle, write_bundle
from tests.sync_house import CLERK, NOW, receive, take, two_desks


@pytest.fixture(scope="module")
def desks(tmp_path_factory):
    with two_desks(tmp_path_factory.mktemp("desks")) as pair:
        uuid = receive(pair[0], citizen_id="045192004321")
        moves.forward(pair[0], uuid, to="Tư pháp", by=CLERK, now=NOW)
        yield pair


def _lie(store, target, kind, change):
    """Write an open bundle in which one event says something else, its chain made anew."""
    export_bundle(store, target, by=CLERK, now=NOW, is_open=True)
    with target.open("rb") as stream:
        honest = open_bundle(stream)
        rows, desks, manifest = list(honest.events()), honest.desks(), honest.manifest
    before = desks[0].base_hash
    for number, row in enumerate(rows):
        if row.kind == kind:
            row = change(row)  # noqa: PLW2901 - the lie takes its place
        body = journal.body_hash(row.salt, row.body)
        made = row._replace(body_hash=body)
        before = journal.head_hash(before, _told(made), body)
        rows[number] = made._replace(head_hash=before)
    with target.open("wb") as stream:
        write_bundle(stream, replace(manifest, heads={}), events=rows, desks=desks)
    return target


def body(**parts):
    def change(row):
        told = {**json.loads(row.body), **parts}
        return row._replace(body=json.dumps(told))

    return change


def value(key, told):
    def change(row):
        known = json.loads(row.body)
        return row._replace(body=json.dumps({**known, "set": {**known["set"], key: told}}))

    return change


@pytest.mark.allow_log("make no sense")
@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("receive", body(set="x")),
        ("receive", body(set={})),
        ("receive", body(promise=[])),
        ("receive", body(promise={"kind": "first", "due_at": "mai"})),
        ("receive", body(promise={"kind": "soon", "due_at": 0})),
        ("receive", value("copies", "x")),
        ("receive", value("applicant_name", 7)),
        ("receive", value("applicant_name", "\ud800")),
        ("receive", value("received_at", 10**40)),
        ("receive", value("documents", {"a": 1})),
        ("receive", value("fee", float("nan"))),
        ("forward", value("status", "lost")),
        ("forward", value("forwarded_at", "hôm qua")),
        ("forward", lambda row: row._replace(kind="survey")),
        ("forward", lambda row: row._replace(kind="reschedule")),
        ("forward", lambda row: row._replace(kind="ask-opinion")),
    ],
    ids=range(16),
)
def test_an_event_that_makes_no_sense_refuses_its_bundle(desks, tmp_path, kind, change):
    one, two = desks
    before = fingerprint(two)
    with pytest.raises(BundleError, match="Cả gói không được nhận, dữ liệu không thay đổi"):
        take(two, _lie(one, tmp_path / "a.zip", kind, change))
    assert fingerprint(two) == before
    assert two.row("SELECT count(*) FROM event") == (0,)


def test_where_a_bundle_was_stumbled_over_stands_in_the_log(desks, tmp_path, caplog):
    one, two = desks
    with pytest.raises(BundleError):
        take(two, _lie(one, tmp_path / "a.zip", "forward", value("status", "lost")))
    assert "insert_dossier" in caplog.text


def test_what_a_later_program_says_is_kept_and_passed_on(desks, tmp_path):
    one, two = desks
    later = {"wholly": {"new": [1]}, "set": {"status": "processing", "mood": {"a": "calm"}}}
    path = _lie(one, tmp_path / "a.zip", "forward", body(**later))
    assert take(two, path).new == 3
