"""Tables, counts and search agree with what a plain loop over all dossiers would find."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from typing import Any

import pytest
from counter_desk import NOW, Desk
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from test_lives import attempt, steps

from counter_app.domain.dossier import AWAITING, OPEN
from counter_app.domain.facts import DossierFacts, DossierRow
from counter_app.domain.search_text import may_be_forgiven, slips
from counter_app.domain.vietnamese import fold, search_forms
from counter_app.errors import NotFoundError
from counter_app.services import browse, calendars, lookup, office, search_index, settings
from counter_app.services.day_lists import due_on
from counter_app.services.searching import ids_of_words
from counter_app.storage import dossiers

LATE = {"late", "pending_late"}


def everything(desk: Desk, now: datetime) -> list[DossierFacts]:
    found = [
        lookup.show(desk.store, uuid, now=now) for _, uuid, _ in dossiers.all_states(desk.store)
    ]
    return [facts for facts in found if not facts.state["is_void"]]


def all_pages(desk: Desk, name: str, count: int, now: datetime) -> list[DossierRow]:
    rows: list[DossierRow] = []
    while True:
        after = rows[-1] if rows else None
        page = browse.page(desk.store, name=name, after=after, count=count, now=now)
        rows += page
        if len(page) < count:
            return rows


def oracle(facts: DossierFacts, now: datetime, soon: Any) -> set[str]:
    """Return the filters a dossier belongs to, told by its facts alone."""
    state, due = facts.state, facts.moment("due_at")
    names = {"all"}
    is_open = facts.status in OPEN
    if facts.moment("received_at").date() == now.date():
        names.add("arrived_today")
    if is_open:
        names.add("open")
        if facts.timeliness in LATE:
            names.add("late")
        if due is not None and due.date() == now.date():
            names.add("due_today")
        if due is not None and now.date() < due.date() <= soon:
            names.add("due_soon")
    if facts.status in AWAITING:
        names.add("awaiting")
    if facts.status == "completed":
        names.add("waiting")
    ended = state["closed_at"] is not None or state["returned_at"] is not None
    if facts.official_code is None and not ended:
        names.add("without_official_code")
    return names


@pytest.mark.parametrize("boundary", ["day", "minute"])
@hypothesis_settings(max_examples=20)
@given(
    lives=st.lists(st.lists(steps(), max_size=5), max_size=8),
    wait=st.integers(0, 300),
    count=st.integers(1, 4),
)
def test_filters_counts_and_pages_agree_with_a_plain_loop(copies, boundary, lives, wait, count):
    desk = copies()
    settings.set_setting(desk.store, key="boundary", value=boundary)
    for number, life in enumerate(lives):
        code = desk.receive(limit=("1wd", "3wd", "4h")[number % 3], limit_reason="quyết định")
        for step in life:
            desk.wait(hours=step[1])
            attempt(desk, code, step)
    now = desk.now + timedelta(hours=wait)
    soon = calendars.calendar(desk.store).add_working_days(now.date(), 2)
    wanted: dict[str, set[int]] = {name: set() for name in browse.FILTERS}
    for facts in everything(desk, now):
        for name in oracle(facts, now, soon):
            wanted[name].add(facts.id)
    for name, ids in wanted.items():
        rows = all_pages(desk, name, count, now)
        assert len({row.id for row in rows}) == len(rows), f"{name}: a row came twice"
        assert {row.id for row in rows} == ids, name
    counts = browse.counts(desk.store, now=now)
    assert counts.everything == len(wanted["all"])
    assert counts.due_today == len(wanted["due_today"])
    assert counts.due_soon == len(wanted["due_soon"])
    assert counts.late == len(wanted["late"])
    assert counts.waiting_collection == len(wanted["waiting"])
    figures = browse.day_figures(desk.store, now=now)
    assert figures.late == counts.late
    assert figures.arrived_today == len(wanted["arrived_today"])
    assert figures.without_official_code == len(wanted["without_official_code"])
    listed = browse.list_dossiers(desk.store, late_only=True, as_of=now)
    late = {f.id for f in everything(desk, now) if f.timeliness in LATE}
    assert {facts.id for facts in listed} == late


def test_pages_of_equal_moments_miss_nothing_and_double_nothing(desk):
    codes = [desk.receive() for _ in range(7)]
    for name in ("all", "open", "due_soon"):
        now = datetime(2026, 11, 26, 8)
        rows = all_pages(desk, name, 2, now)
        assert sorted(row.code for row in rows) == codes


def test_an_unknown_filter_is_said_so(desk):
    with pytest.raises(NotFoundError):
        browse.page(desk.store, name="nothing", now=NOW)


def test_the_next_working_days_show_what_is_promised(desk):
    desk.receive()
    desk.receive(limit="1wd", limit_reason="quyết định")
    waiting = desk.receive()
    desk.act("supplement", waiting, reason="thiếu")
    ahead = dict(browse.promises_ahead(desk.store, now=NOW))
    assert len(ahead) == 10
    assert datetime(2026, 11, 24).date() not in ahead  # a day off
    assert ahead[datetime(2026, 11, 25).date()] == 1
    assert ahead[datetime(2026, 11, 27).date()] == 1
    rows = due_on(desk.store, day=datetime(2026, 11, 27), count=1)
    assert len(rows) == 1
    assert due_on(desk.store, day=datetime(2026, 11, 27), after=rows[0]) == []


def test_the_list_verb_s_conditions_hold_together(desk):
    first = desk.receive(official_code="H50.19.57-261123-0001")
    second = desk.receive(limit="1wd", limit_reason="quyết định")
    desk.act("forward", second, to="Phòng A")

    def codes(**values: Any) -> list[str]:
        return [f.code for f in browse.list_dossiers(desk.store, as_of=desk.now, **values)]

    assert codes() == [second, first]
    assert codes(status="processing") == [second]
    assert codes(due_before=datetime(2026, 11, 25, 17)) == []
    assert codes(due_before=datetime(2026, 11, 25, 17, 1)) == [second]
    assert codes(without_official_code=True) == [second]
    assert codes(limit=1) == [second]
    assert codes(late_only=True) == []
    desk.set_clock(26)
    assert codes(late_only=True) == [second]


def test_a_void_dossier_is_found_by_its_code_alone_and_says_what_it_is(desk):
    code = desk.receive()
    desk.act("undo", code, reason="nhầm")
    assert browse.page(desk.store, now=desk.now) == []
    (row,) = browse.search(desk.store, code)
    assert (row.status_label, row.is_open) == ("Đã hoàn tác tiếp nhận", False)


def test_a_citizen_s_dossiers_are_listed_newest_first(desk):
    first = desk.receive(citizen_id="045192007777")
    second = desk.receive(citizen_id="045192007777")
    desk.receive()
    rows = browse.dossiers_of(desk.store, number="045192007777")
    assert [row.code for row in rows] == [second, first]


def test_many_rows_are_read_in_their_order(desk):
    for _ in range(3):
        desk.receive()
    ids = [row.id for row in browse.page(desk.store, now=NOW)]
    assert [row.id for row in browse.rows_of(desk.store, [*ids, 0] * 400)] == ids * 400
    assert [f.id for f in lookup.facts_of(desk.store, ids * 400, now=NOW)] == ids * 400
    assert browse.rows_of(desk.store, []) == []


# Search

PEOPLE = (
    "Nguyễn Thị Ngọc Ánh",
    "Đặng Đình Đức",
    "Trần Đại Nghĩa",
    "Lê Hoàng Anh",
    "Hồ Ướt Mi",
    "Võ Thị Sáu",
    "Nguyen Van An",
)


def found(desk: Desk, text: str) -> set[str]:
    return {row.applicant_name for row in browse.search(desk.store, text, limit=100)}


@pytest.fixture
def crowd(desk: Desk) -> Desk:
    for number, name in enumerate(PEOPLE):
        desk.receive(applicant_name=name, phone=f"090512345{number}")
    return desk


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("nguyeenx thi", "Nguyễn Thị Ngọc Ánh"),
        ("anh ngoc", "Nguyễn Thị Ngọc Ánh"),
        ("ANH NGUYEN", "Nguyễn Thị Ngọc Ánh"),
        ("nguye6n4 a1nh", "Nguyễn Thị Ngọc Ánh"),
        ("dang duc", "Đặng Đình Đức"),
        ("ddawngj ddinhf", "Đặng Đình Đức"),
        ("Đặng", "Đặng Đình Đức"),
        ("dai ngh", "Trần Đại Nghĩa"),
        ("uot", "Hồ Ướt Mi"),
        ("0905123455", "Võ Thị Sáu"),
        ("vo 09051", "Võ Thị Sáu"),
        ("sáu 1.004873", "Võ Thị Sáu"),
        ("sau 3455", "Võ Thị Sáu"),
        ("455 vo thi", "Võ Thị Sáu"),
        ("nguyxen thi", "Nguyễn Thị Ngọc Ánh"),
        ("ngoc ahn", "Nguyễn Thị Ngọc Ánh"),
        ("Đăgn Đình", "Đặng Đình Đức"),
        ("traan daji ngia", "Trần Đại Nghĩa"),
    ],
)
def test_people_are_found_as_they_are_typed(crowd, text, name):
    assert name in found(crowd, text)
    assert name in found(crowd, unicodedata.normalize("NFD", text))


@pytest.mark.parametrize("text", ["", "  ", "-", '"', "()", "* ' ;", "OR", "NEAR(", "zzzz"])
def test_what_names_nobody_finds_nobody(crowd, text):
    assert found(crowd, text) == set()


@given(data=st.data())
def test_search_finds_all_and_only_those_whose_words_begin_so(searched, data):
    texts, desk = searched
    name = data.draw(st.sampled_from(PEOPLE))
    words = data.draw(st.permutations(name.split()))[: data.draw(st.integers(1, 3))]
    typed = [word[: data.draw(st.integers(1, len(word)))] for word in words]
    text = " ".join(typed)
    if data.draw(st.booleans()):
        text = fold(text)
    wanted = {
        person
        for person, indexed in texts.items()
        if all(
            any(
                all(any(w.startswith(part) for w in indexed) for part in form.split())
                for form in (search_forms(word) if word.isascii() else (fold(word),))
            )
            for word in text.split()
        )
    }
    assert name in wanted
    assert found(desk, text) == wanted


def forgiven(text: str, names: dict[str, list[str]], known: set[str]) -> set[str]:
    """Return who a plain loop finds when one typed word may be a slip of a word of names."""
    words = text.split()
    wanted = set()
    for person, indexed in names.items():
        own = set(fold(person).split())
        for place, word in enumerate(words):
            rest = [one for at, one in enumerate(words) if at != place]
            meant = own & known & slips(word) if may_be_forgiven(word) else set()
            if meant and all(any(w.startswith(one) for w in indexed) for one in rest):
                wanted.add(person)
    return wanted


@given(data=st.data())
def test_one_slip_in_a_name_finds_all_and_only_those_it_may_mean(searched, data):
    texts, desk = searched
    words = fold(data.draw(st.sampled_from(PEOPLE))).split()
    place = data.draw(st.integers(0, len(words) - 1))
    slipped = data.draw(st.sampled_from(sorted(slips(words[place])) or [words[place]]))
    text = " ".join([*words[:place], slipped, *words[place + 1 :]])
    if any(len(search_forms(word)) != 1 for word in text.split()):
        return  # a word with a second reading is another search
    plain = browse.rows_of(desk.store, list(ids_of_words(desk.store, text)))
    known = {word for person in PEOPLE for word in fold(person).split()}
    wanted = {row.applicant_name for row in plain} or forgiven(text, texts, known)
    assert found(desk, text) == wanted


def test_an_exact_match_leaves_no_room_for_slips(desk):
    desk.receive(applicant_name="Lê Thị Hoa")
    desk.receive(applicant_name="Lê Thị Hòa Bình")
    desk.receive(applicant_name="Lê Thị Hóa Toa")
    assert found(desk, "thi toa") == {"Lê Thị Hóa Toa"}


def test_a_slip_is_not_forgiven_to_an_address(desk):
    desk.receive(applicant_name="Lê Trung", address="Thôn Đông")
    desk.receive(applicant_name="Lê Hoa", address="Thôn Trung Chỉ")
    assert found(desk, "le trugn") == {"Lê Trung"}


def test_a_slipped_name_is_found_behind_many_addresses_that_hold_the_word(desk):
    older = [desk.receive(applicant_name="Lê Hoa Trung") for _ in range(3)]
    for _ in range(70):
        desk.receive(applicant_name="Lê Hoa", address="Thôn Trung Chỉ")
    newer = desk.receive(applicant_name="Lê Hoa", submitter_name="Trần Hoa Trung")
    wanted = [newer, *reversed(older)]
    assert [row.code for row in browse.search(desk.store, "hoa trugn")] == wanted
    assert [row.code for row in browse.search(desk.store, "hoa trugn", limit=2)] == wanted[:2]


def test_an_older_file_is_indexed_anew_without_losing_what_was_found(crowd):
    store = crowd.store
    with store.transaction():
        store.execute("DELETE FROM setting WHERE key = '_search'")
        store.execute("DELETE FROM nameword")
        for (number,) in store.rows("SELECT id FROM dossier"):
            store.execute(dossiers.DELETE_SEARCH, (number,))
            store.execute(dossiers.INSERT_SEARCH, (number, "nguyen cu"))
    assert crowd.problems() == []  # an older form is no fault
    assert len(found(crowd, "nguyen cu")) == len(PEOPLE)
    told = []
    search_index.ensure(store, progress=lambda done, total: told.append((done, total)))
    assert told == [(len(PEOPLE), len(PEOPLE))]
    assert found(crowd, "3455") == {"Võ Thị Sáu"}
    assert found(crowd, "nguyen cu") == set()
    assert crowd.problems() == []
    search_index.ensure(store, progress=lambda *_: pytest.fail("it is current"))


def test_a_broken_index_is_made_anew(crowd):
    store = crowd.store
    before = {text: found(crowd, text) for text in ("duc", "0905", "trugn", "3455")}
    store.execute("DELETE FROM dossier_search WHERE rowid IN (SELECT id FROM dossier LIMIT 2)")
    store.execute("INSERT INTO dossier_search (rowid, folded) VALUES (7, 'duc')")
    assert crowd.problems() != []
    assert search_index.rebuild(store) == len(PEOPLE)
    assert not search_index.tidy_some(store), "it is in order at once"
    assert crowd.problems() == []
    assert {text: found(crowd, text) for text in before} == before


def test_no_save_merges_the_index_and_a_quiet_moment_does(crowd):
    assert dict(crowd.store.rows("SELECT k, v FROM dossier_search_config"))["automerge"] == 0
    for number in range(6):  # each leaves a piece of its own; four are merged
        crowd.receive(applicant_name=f"Trần Đức {'Anh Bảo Chi Dung Em Giang'.split()[number]}")
    before = {text: found(crowd, text) for text in ("duc", "0905", "tran", "giang")}
    assert search_index.tidy_some(crowd.store)
    while search_index.tidy_some(crowd.store):
        pass
    assert {text: found(crowd, text) for text in before} == before
    assert crowd.problems() == []


@given(text=st.text(max_size=30))
def test_the_index_is_checked_as_it_takes_texts_apart_itself(searched, text):
    _, desk = searched
    store = desk.store
    with store.transaction():
        store.execute("DELETE FROM dossier_search WHERE rowid = 1")
        store.execute(dossiers.INSERT_SEARCH, (1, fold(text)))
        words = {word for word, number in search_index._instances(store) if number == 1}
        again = set(search_index._taken_apart(store, fold(text)))
        store.execute("DELETE FROM dossier_search WHERE rowid = 1")
    assert words == again


@pytest.fixture(scope="module")
def searched(copies):
    desk = copies()
    for name in PEOPLE:
        desk.receive(applicant_name=name)
    texts = {
        state["applicant_name"]: fold(dossiers.search_text(state)).split()
        for _, _, state in dossiers.all_states(desk.store)
    }
    return texts, desk


def test_units_are_the_office_s_own_first_and_each_once(desk):
    usual = office.units(desk.store)
    settings.set_setting(desk.store, key="units", value=f"Tổ lưu động; {usual[1]}")
    assert office.units(desk.store)[:2] == ["Tổ lưu động", usual[1]]
    assert sorted(office.units(desk.store)) == sorted({"Tổ lưu động", *usual})
