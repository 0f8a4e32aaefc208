"""A report's figures equal what a slow reading of every event says, however lives went."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_oracle import slow_figures
from test_lives import attempt, steps

from counter_app.domain.chart_plans import report_plans
from counter_app.domain.figures import WEEKDAY, Against, By, Period
from counter_app.domain.report_words import breach_sentence
from counter_app.services import report_files, reports, standings
from counter_app.services import settings as office_settings

CHANNELS = ("counter", "online", "post")


def _some_lives(desk, data):
    for _ in range(data.draw(st.integers(1, 4))):
        desk.wait(hours=data.draw(st.sampled_from((0, 5, 48, 400))))
        code = desk.receive(
            channel=data.draw(st.sampled_from(CHANNELS)),
            competent_unit=data.draw(st.sampled_from(("", "", "", "Sở Tư pháp"))),
            limit=data.draw(st.sampled_from(("3wd", "0wd", "10cd"))),
            limit_reason="theo quyết định",
        )
        for step in data.draw(st.lists(steps(), max_size=7)):
            desk.wait(hours=step[1])
            attempt(desk, code, step)


def _periods(desk, data):
    begun = date(2026, 11, 20)
    first = begun + timedelta(days=data.draw(st.integers(0, 70)))
    yield Period(first, first + timedelta(days=data.draw(st.integers(0, 90))))
    month = date(2026, data.draw(st.sampled_from((11, 12))), 1)
    end = (month + timedelta(days=70)).replace(day=1) - timedelta(days=1)
    yield Period(month, end)


@pytest.mark.parametrize("boundary", ["day", "minute"])
@settings(max_examples=25)
@given(data=st.data())
def test_figures_are_what_the_events_say_at_the_end_of_the_period(copies, boundary, data):
    desk = copies()
    office_settings.set_setting(desk.store, key="boundary", value=boundary)
    standings.ensure(desk.store)
    _some_lives(desk, data)
    desk.wait(days=data.draw(st.sampled_from((0, 3, 100))))
    for period in _periods(desk, data):
        for against in Against:
            for by in (None, By.SECTOR, By.PROCEDURE, By.OFFICER, By.CHANNEL, By.OFFICE):
                made = reports.make(desk.store, period, against=against, by=by, now=desk.now)
                assert made.breaches == ()
                told = slow_figures(
                    desk.store, period, against=against, by=by, boundary=boundary, now=desk.now
                )
                if by is None:
                    assert made.figures._asdict() == told.get("", made.figures._asdict())
                else:
                    assert {g.key: g.figures._asdict() for g in made.groups} == told
    assert desk.problems() == []


@settings(max_examples=25)
@given(data=st.data())
def test_monthly_sums_say_what_the_pieces_say(copies, data):
    desk = copies()
    _some_lives(desk, data)
    desk.wait(days=150)
    period = Period(date(2026, 12, 1), date(2027, 1, 31))
    moments = reports.moments_of(desk.store, period, now=desk.now)
    for against in Against:
        for key in (None, "sector", "procedure", "officer", "channel", "office"):
            quick = reports.table.count_months(
                desk.store, 2026 * 12 + 11, 2027 * 12, against=against, key=key
            )
            slow = reports.table.count(desk.store, moments, against=against, key=key)
            assert {g: Counter(c) for g, c in quick.items() if any(c.values())} == {
                g: Counter(c) for g, c in slow.items() if any(c.values())
            }


@settings(max_examples=25)
@given(data=st.data())
def test_what_is_behind_a_figure_is_as_many_as_it_says(copies, data):
    desk = copies()
    _some_lives(desk, data)
    period = Period(date(2026, 11, 25), date(2026, 12, 20))
    for by in (None, By.OFFICER, By.CHANNEL, By.MONTH):
        made = reports.make(desk.store, period, by=by, now=desk.now)
        parts = [(g.key, g.figures) for g in made.groups] or [("", made.figures)]
        for key, figures in parts:
            for name, value in figures._asdict().items():
                if name in {"not_accepted", "guidance", "apologised"}:
                    continue
                ids = reports.ids_behind(desk.store, period, name, by=by, key=key, now=desk.now)
                assert len(ids) == value, name


@settings(max_examples=25)
@given(data=st.data())
def test_a_bar_of_a_chart_opens_as_many_dossiers_as_it_shows(copies, data):
    desk = copies()
    _some_lives(desk, data)
    period = Period(date(2026, 11, 25), date(2026, 12, 20))
    for against in Against:
        made = reports.make(desk.store, period, against=against, by=By.OFFICER, now=desk.now)
        plans = report_plans(report_files.chart_facts(desk.store, made, now=desk.now))
        for mark in (mark for plan in plans for series in plan.series for mark in series.marks):
            ids = reports.ids_behind(
                desk.store,
                period,
                mark.figure,
                against=against,
                by=mark.by,
                key=mark.key,
                now=desk.now,
            )
            assert len(ids) == mark.number, mark
        came = made.figures.received_in_period
        assert sum(mark.number for mark in plans[0].series[0].marks) == came
        assert sum(mark.number for mark in plans[2].series[0].marks) == came


def test_a_weekday_is_the_one_of_vietnam_and_its_list_has_no_other(desk):
    codes = {}
    for day, hour in ((23, 0), (23, 23), (24, 7), (25, 6)):
        desk.set_clock(day, hour, 30)
        codes.setdefault(day - 23, []).append(desk.receive())
    desk.set_clock(30)
    period = Period(date(2026, 11, 1), date(2026, 11, 30))
    for weekday in range(7):
        ids = reports.ids_behind(
            desk.store,
            period,
            "received_in_period",
            by=WEEKDAY,
            key=str(weekday),
            now=desk.now,
        )
        assert reports.codes_of(desk.store, ids) == tuple(codes.get(weekday, ()))


def test_a_dossier_completed_after_the_end_is_pending_in_the_period(desk):
    code = desk.receive()
    desk.set_clock(26)
    desk.act("complete", code)
    desk.set_clock(30)
    period = Period(date(2026, 11, 1), date(2026, 11, 25))
    figures = reports.make(desk.store, period, now=desk.now).figures
    assert (figures.pending, figures.pending_in_time, figures.resolved) == (1, 1, 0)
    period = Period(date(2026, 11, 1), date(2026, 11, 26))
    assert reports.make(desk.store, period, now=desk.now).figures.early == 1


def test_an_undone_result_never_was_whenever_it_is_undone(desk):
    code = desk.receive()
    desk.set_clock(24)
    desk.act("complete", code)
    desk.set_clock(30)
    period = Period(date(2026, 11, 1), date(2026, 11, 25))
    assert reports.make(desk.store, period, now=desk.now).figures.resolved == 1
    desk.act("undo", code, reason="nhầm hồ sơ")
    figures = reports.make(desk.store, period, now=desk.now).figures
    assert (figures.resolved, figures.pending) == (0, 1)


def test_a_late_dossier_with_a_reschedule_is_late_against_the_legal_date_only(desk):
    code = desk.receive()
    desk.act("reschedule", code, reason="chờ xác minh", new_due=datetime(2026, 12, 4, 17))
    desk.set_clock(2, month=12)
    desk.act("complete", code)
    period = Period(date(2026, 11, 1), date(2026, 12, 31))
    by_due = reports.make(desk.store, period, now=desk.now).figures
    by_legal = reports.make(desk.store, period, against=Against.LEGAL, now=desk.now).figures
    assert (by_due.early, by_due.late, by_due.rescheduled) == (1, 0, 1)
    assert (by_legal.early, by_legal.late) == (0, 1)


def test_a_missing_piece_is_a_breach_that_names_its_dossier(desk):
    code = desk.receive()
    desk.set_clock(2, month=12)
    desk.act("complete", code)
    period = Period(date(2026, 12, 1), date(2026, 12, 31))
    assert reports.make(desk.store, period, now=desk.now).breaches == ()
    desk.store.execute("DELETE FROM standing WHERE ended_at IS NULL")
    (breach,) = reports.make(desk.store, period, now=desk.now).breaches
    assert (breach.left, breach.right, breach.codes) == (1, 0, (code,))
    assert any("báo cáo" in problem for problem in desk.problems())


def _three(desk):
    """Three November dossiers, two of them done."""
    codes = [desk.receive() for _ in range(3)]
    desk.set_clock(24)
    for code in codes[:2]:
        desk.act("complete", code)
    desk.set_clock(2, month=12)
    return codes


def _standing(desk, code, change):
    desk.store.execute(
        f"UPDATE standing SET {change} WHERE ended_at IS NOT NULL "
        "AND dossier_id = (SELECT id FROM dossier WHERE code = ?)",
        (code,),
    )


@pytest.mark.parametrize("change", ["verdict = NULL", "verdict = 'late', marked = 1"])
def test_a_row_broken_by_hand_is_a_breach_whose_sentence_names_its_dossier(desk, change):
    codes = _three(desk)
    months = Period(date(2026, 11, 1), date(2026, 11, 30))
    assert reports.make(desk.store, months, now=desk.now, is_recounted=True).breaches == ()
    _standing(desk, codes[1], change)
    found = reports.make(desk.store, months, now=desk.now, is_recounted=True).breaches
    assert {one.codes for one in found} == {(codes[1],)}
    assert all(codes[1] in breach_sentence(one) for one in found)
    assert "Trước hạn" in {one.identity.partition(":")[0] for one in found}


def test_days_within_a_month_name_the_dossier_that_has_no_verdict(desk):
    codes = _three(desk)
    _standing(desk, codes[0], "verdict = NULL")
    some_days = Period(date(2026, 11, 20), date(2026, 11, 28))
    (breach,) = reports.make(desk.store, some_days, now=desk.now).breaches
    assert breach_sentence(breach) == (
        f"Đã giải quyết = trước hạn + đúng hạn + quá hạn: 2 khác 1. Hồ sơ {codes[0]}."
    )


def test_a_life_with_two_pieces_at_once_is_named(desk):
    codes = _three(desk)
    desk.store.execute(
        "UPDATE standing SET until_at = 1099511627776 WHERE ended_at IS NULL "
        "AND dossier_id = (SELECT id FROM dossier WHERE code = ?)",
        (codes[0],),
    )
    months = Period(date(2026, 11, 1), date(2026, 11, 30))
    found = reports.make(desk.store, months, now=desk.now, is_recounted=True).breaches
    assert {one.codes for one in found} == {(codes[0],)}


def test_a_sum_changed_by_hand_is_a_breach_though_it_adds_up(desk):
    _three(desk)
    desk.store.execute("UPDATE tally SET early = early + 1, other = other + 1 WHERE early > 0")
    months = Period(date(2026, 11, 1), date(2026, 11, 30))
    assert reports.make(desk.store, months, now=desk.now).breaches == ()
    found = reports.make(desk.store, months, now=desk.now, is_recounted=True).breaches
    assert {"Trước hạn", "Đã giải quyết"} <= {one.identity.partition(":")[0] for one in found}
    assert {one.codes for one in found} == {()}


def test_an_older_file_is_counted_when_a_report_is_first_asked_for(desk):
    code = desk.receive()
    period = Period(date(2026, 11, 1), date(2026, 11, 30))
    before = reports.make(desk.store, period, now=desk.now).figures
    desk.store.execute("DELETE FROM setting WHERE key = '_figures'")
    desk.store.execute("DELETE FROM standing")
    desk.store.execute("DELETE FROM tally")
    desk.wait(hours=2)
    desk.act("forward", code, to="Phòng Tư pháp")
    assert desk.problems() == []
    assert reports.make(desk.store, period, now=desk.now).figures == before
    assert desk.problems() == []


def test_a_result_dated_back_over_its_due_day_is_listed_with_its_reason_and_group(desk):
    code = desk.receive()
    desk.receive(channel="online")
    desk.set_clock(2, month=12)
    at = datetime(2026, 11, 26, 9)
    desk.act("complete", code, at=at, reason="cán bộ quên ghi")
    period = Period(date(2026, 11, 1), date(2026, 11, 30))
    made = reports.make(desk.store, period, by=By.CHANNEL, now=desk.now)
    (one,) = made.backdated
    assert (one.code, one.kind, one.at, one.reason) == (code, "complete", at, "cán bộ quên ghi")
    assert {g.key: len(g.backdated) for g in made.groups} == {"counter": 1, "online": 0}
    assert made.to_json()["groups"][0]["backdated"] == [one.to_json()]
