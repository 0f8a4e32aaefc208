"""Desks of one office: who joins it by an invitation, what he shares and what stays his own."""

from __future__ import annotations

import json

import pytest
from counter_desk import CLERK, NOW
from sync_counters import open_counter

from counter_app.errors import BundleError, InputError, MoveRefusedError, UserError
from counter_app.services import form_versions, office
from counter_app.services.settings import set_setting
from counter_app.services.sync_office import invite, join, shared


def test_an_invited_desk_shares_office_catalogue_and_key_and_has_its_own_number(counters):
    one, two, _ = counters
    assert shared(one.store) == shared(two.store)
    assert office.office(two.store).name == office.office(one.store).name
    assert office.office(two.store).counter_number == 2
    assert two.receive().startswith("TAM-02-")


def test_what_is_a_computer_s_own_stays_at_it_when_a_desk_is_invited(counters, tmp_path):
    one, _, _ = counters
    for key, value in (
        ("backup_folder", str(tmp_path)),
        ("backup_stick", str(tmp_path)),
        ("print_profiles", ["receipt | Canon cũ |  |  | 2"]),
        ("place", "Cam Lộ"),
    ):
        set_setting(one.store, key=key, value=value)
    target = tmp_path / "moi-9.json"
    invite(one.store, target, counter_number=9, by=CLERK, now=NOW)
    told = json.loads(target.read_text("utf-8"))["settings"]
    assert told["place"] == '"Cam Lộ"'
    assert not told.keys() & {"backup_folder", "backup_stick", "print_profiles"}


def test_an_invited_desk_has_the_office_s_own_wording_of_forms(counters, tmp_path):
    first, target = counters[0], tmp_path / "moi.json"
    version = form_versions.save_texts(
        first.store,
        {"receipt/title": "PHIẾU NHẬN"},
        valid_from=NOW.date(),
        source="QĐ 12",
        by=CLERK,
        now=NOW,
    )
    invite(first.store, target, counter_number=8, by=CLERK, now=NOW)
    joined = open_counter(tmp_path, "8")
    join(joined.store, target, counter="Quầy 8")
    try:
        assert form_versions.newest(joined.store, now=NOW).version == version
    finally:
        joined.store.close()


def test_a_number_is_given_once(counters, tmp_path):
    for number, told in ((1, "đã có quầy dùng"), (2, "đã mời"), (0, "từ 1 đến 99")):
        with pytest.raises(InputError, match=told):
            invite(counters[0].store, tmp_path / "x.json", counter_number=number, by=CLERK, now=NOW)


def test_an_invitation_that_could_not_be_written_leaves_its_number_free(counters, tmp_path):
    with pytest.raises(UserError, match="không còn thư mục"):
        invite(counters[0].store, tmp_path / "no/x.json", counter_number=7, by=CLERK, now=NOW)
    invite(counters[0].store, tmp_path / "x.json", counter_number=7, by=CLERK, now=NOW)


def test_a_desk_with_dossiers_can_not_join(counters, tmp_path):
    counters[1].receive()
    target = tmp_path / "x.json"
    invite(counters[0].store, target, counter_number=9, by=CLERK, now=NOW)
    with pytest.raises(MoveRefusedError, match="đã có hồ sơ"):
        join(counters[1].store, target, counter="Quầy 9")


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": "counter-app-invitation/1"}', "\xff"])
def test_a_file_that_is_no_invitation_is_refused(counters, tmp_path, text):
    path = tmp_path / "x.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(BundleError, match="không phải tệp mời"):
        join(counters[2].store, path, counter="Quầy 3")
