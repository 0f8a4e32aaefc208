"""The published period: each dossier lives through the services, counting finds the figures."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from random import Random

import pytest
from counter_desk import Desk

from counter_app import paths
from counter_app.bootstrap import open_app
from counter_app.domain.figures import By, Period
from counter_app.domain.period_scenario import parse_period
from counter_app.errors import InputError
from counter_app.services import demo, reports

PUBLISHED = json.loads(
    (Path(__file__).parent.parent / "data" / "cam-lo-2023.json").read_text("utf-8")
)
NOW = datetime(2026, 11, 27, 9)
PERIOD = Period(date(2023, 1, 1), date(2023, 9, 30))


def _story():
    return json.loads((paths.resources() / "demo" / "cam-lo-2023.json").read_text("utf-8"))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_report_finds_each_published_figure_by_counting(tmp_path):
    app = open_app(data=str(tmp_path / "data"), environment={})
    app.store.execute("PRAGMA synchronous=off")
    told = []
    count = demo.fill(
        app.store, "cam-lo-2023", now=NOW, progress=lambda done, total: told.append((done, total))
    )
    report = reports.make(app.store, PERIOD, by=By.OFFICE, now=NOW)
    figures, found = report.figures, report.to_json()
    assert count == figures.received == PUBLISHED["received"]
    assert figures.resolved == PUBLISHED["resolved"]
    assert figures.early == PUBLISHED["before_due"]
    assert figures.on_time == PUBLISHED["on_due"]
    assert figures.late == figures.apologised == PUBLISHED["late_and_apologised"]
    assert found["on_time_rate"] == PUBLISHED["on_time_rate"]
    assert figures.online == PUBLISHED["online"]
    assert found["digitised_input_rate"] == PUBLISHED["digitised_input_rate"]
    assert round(found["digitised_output_rate"], 1) == PUBLISHED["digitised_output_rate"]
    assert figures.surveys_returned == PUBLISHED["slips"]
    assert int(found["surveys"]["returned_rate"]) == PUBLISHED["slips_rate"]
    assert report.breaches == ()
    online = {group.name: group.figures.online for group in report.groups}
    district = online.pop("BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ HUYỆN CAM LỘ")
    assert (district, sum(online.values())) == (
        PUBLISHED["online_district"],
        PUBLISHED["online_communes"],
    )
    assert told
    assert told == sorted(told)
    assert Desk(app.store, NOW).problems() == []
    app.store.close()


def test_the_story_draws_the_same_lives_each_time_and_says_what_is_invented():
    story = parse_period(_story())
    assert story.lives(Random(story.seed)) == story.lives(Random(story.seed))
    assert story.invented
    assert story.source


@pytest.mark.parametrize(
    ("key", "value"), [("pending", 20_000), ("digitised_input", 10), ("surveys", 14_700)]
)
def test_numbers_that_can_not_be_are_refused(key, value):
    story = _story()
    story["outcomes"][key] = value
    with pytest.raises(InputError, match="không khớp"):
        parse_period(story)
