"""A desk that works by another catalogue, calendar, wording or other people is told of."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_app.domain.calendar import CalendarDay, DayKind
from counter_app.domain.office_marks import differences, differing_groups
from counter_app.errors import BundleError
from counter_app.services import calendars, sync_marks
from counter_app.services.settings import set_setting
from counter_app.services.sync_export import export_bundle
from counter_app.services.sync_office import shared
from counter_app.services.sync_overview import overview, run_lines, run_pdf, runs
from counter_app.sync.bundle import open_bundle
from counter_app.sync.manifest import manifest_text
from counter_app.sync.sealing import unseal
from tests.sync_house import CLERK, NOW, receive, send, take

LATER = NOW + timedelta(minutes=5)
HOLIDAY = CalendarDay(
    date=date(2026, 12, 24), kind=DayKind.HOLIDAY, name="Nghỉ", source="Quyết định 1"
)


def test_a_desk_just_invited_works_by_the_same_as_the_one_that_invited_it(desks, tmp_path):
    one, two = desks
    receive(one)
    assert sync_marks.marks(one) == sync_marks.marks(two)
    assert take(two, send(one, tmp_path / "a.zip")).differs == []
    assert overview(two, now=NOW).differing == ()


def test_what_was_changed_at_one_desk_alone_is_named_before_and_after_taking_in(desks, tmp_path):
    from counter_app.services.sync_import import import_bundle

    one, two = desks
    receive(one)
    calendars.write_days(one, [HOLIDAY])
    one.execute("UPDATE procedure SET name = name || ' (mới)' WHERE code = '1.004873'")
    one.execute("INSERT INTO officer (name, position, unit, is_active) VALUES ('Mai', '', '', 1)")
    set_setting(two, key="saturday_hours", value="07:30-10:00")
    path = send(one, tmp_path / "a.zip")
    tried = import_bundle(two, path, by=CLERK, now=NOW, dry_run=True)
    assert overview(two, now=NOW).differing == ()  # a dry run keeps nothing
    told = take(two, path).differs
    assert tried.differs == told
    catalogue, calendar, people = told
    assert catalogue.startswith("Danh mục thủ tục ở đây khác Quầy 1: nội dung khác: 1.004873")
    assert calendar == (
        "Lịch làm việc ở đây khác Quầy 1: nội dung khác: giờ làm việc thứ Bảy; "
        "chỉ Quầy 1 có: 24/12/2026 (nghỉ lễ)."
    )
    assert people == "Cán bộ ở đây khác Quầy 1: chỉ Quầy 1 có: Mai."
    assert overview(two, now=NOW).differing == ("Quầy 1: danh mục thủ tục, lịch làm việc, cán bộ",)
    [run] = runs(two)
    assert set(told) <= set(run_lines(run))
    assert run_pdf(two, run.id).startswith(b"%PDF")


def test_the_word_ends_when_both_desks_are_alike_and_an_older_file_brings_it_not_back(
    desks, tmp_path
):
    one, two = desks
    receive(one)
    calendars.write_days(one, [HOLIDAY])
    early = send(one, tmp_path / "a.zip")
    take(two, early)
    assert overview(two, now=NOW).differing == ("Quầy 1: lịch làm việc",)
    calendars.write_days(two, [HOLIDAY])
    assert overview(two, now=NOW).differing == ()
    one.execute("UPDATE calendarday SET hours = '07:30-09:00' WHERE date = '2026-12-24'")
    two.execute("UPDATE calendarday SET hours = '07:30-09:00' WHERE date = '2026-12-24'")
    take(two, send(one, tmp_path / "b.zip", now=LATER))
    take(two, early)
    assert overview(two, now=LATER).differing == ()


def test_marks_hold_nothing_of_passwords_and_no_text_of_the_entries(desks, tmp_path):
    one, _ = desks
    export_bundle(one, tmp_path / "open.zip", by=CLERK, now=NOW, is_open=True)
    with zipfile.ZipFile(tmp_path / "open.zip") as archive:
        marks = json.loads(archive.read("manifest.json"))["marks"]
    assert sorted(marks) == ["calendar", "catalogue", "people", "wordings"]
    assert all(len(mark) == 16 for group in marks.values() for mark in group.values())


def test_a_bundle_without_marks_is_read_and_one_with_strange_marks_is_refused(desks, tmp_path):
    one, two = desks
    receive(one)
    plain = io.BytesIO()
    with send(one, tmp_path / "1.goi").open("rb") as stream:
        unseal(stream, plain, shared(one).key)
    told = json.loads(manifest_text(open_bundle(plain).manifest))

    def changed(name, **values):
        kept = {key: value for key, value in {**told, **values}.items() if value is not None}
        target = tmp_path / name
        with zipfile.ZipFile(plain) as source, zipfile.ZipFile(target, "w") as out:
            for entry in source.namelist():
                is_told = entry == "manifest.json"
                out.writestr(entry, json.dumps(kept) if is_told else source.read(entry))
        return target

    good = "0" * 16
    lies = (
        {"people": {"Hoa": "zz"}},
        {"people": {"Hoa\x00": good}},
        {"people": {"H" * 201: good}},
        {"people": {"": good}},
        {"people": {"Hoa": 1}},
        {"people": ["Hoa"]},
        ["people"],
    )
    for number, marks in enumerate(lies):
        with pytest.raises(BundleError, match="bảng kê"):
            take(two, changed(f"bad-{number}.zip", marks=marks))
    assert overview(two, now=NOW).differing == ()
    assert take(two, changed("before.zip", marks=None)).new > 0
    assert overview(two, now=NOW).differing == ()
    take(two, changed("strange-group.zip", marks={"unknown": {"x": good}}))
    assert overview(two, now=NOW).differing == ()


_GROUP = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(["0", "1"]))
_MARKS = st.dictionaries(
    st.sampled_from(["catalogue", "calendar", "wordings", "people", "other"]), _GROUP
)


@given(ours=_MARKS, theirs=_MARKS)
def test_a_group_is_told_of_exactly_when_it_differs(ours, theirs):
    known = {"catalogue", "calendar", "wordings", "people"}
    apart = {g for g in known & theirs.keys() if ours.get(g, {}) != theirs[g]}
    assert len(differing_groups(ours, theirs)) == len(apart)
    assert len(differences(ours, theirs, desk="Quầy 2")) == len(apart)
