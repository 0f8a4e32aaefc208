"""Charts as they are drawn: where a number is said to stand, its bar stands in the picture."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from types import SimpleNamespace

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from counter_app.documents.chart_pages import render_for_window
from counter_app.documents.charts import Ink
from counter_app.domain.chart_plans import At, Form, promises_plan, report_plans
from counter_app.domain.figures import Figures, Group
from counter_app.domain.report_material import ChartFacts

SCALE = 2
# Letters of another colour than any bar, so that a bar's colour is a bar.
INK = Ink(text="#222222", muted="#444444", grid="#EEEEEE", ground="#FFFFFF", size=9, title=11)
_NUMBERS = st.integers(0, 40)


@pytest.fixture(scope="module")
def drawn(spectral):
    """Draw plans of one size; return each one's picture (rows of colours) and its places."""

    def draw(plans, size):
        data, places = render_for_window(plans, size, INK, fonts=spectral)
        document = pypdfium2.PdfDocument(data)
        found = []
        for number, one in enumerate(places):
            page = document[number]
            picture = page.render(scale=SCALE).to_pil().convert("RGB")
            page.close()
            found.append(SimpleNamespace(plan=plans[number], picture=picture, places=one))
        document.close()
        return found

    return draw


def _edges_in_picture(picture, box, colour, height):
    """Return the edges of the pixels of a colour in a box and two units around it."""
    left, right = (box.x - 2) * SCALE, (box.x + box.width + 2) * SCALE
    top, foot = (height - box.y - box.height - 2) * SCALE, (height - box.y + 2) * SCALE
    left, top = max(round(left), 0), max(round(top), 0)
    part = picture.crop((left, top, round(right), round(foot)))
    other = ImageChops.difference(part, Image.new("RGB", part.size, colour)).convert("L")
    found = other.point([255, *[0] * 255]).getbbox()
    if found is None:
        return None
    return found[0] + left, found[2] + left, found[1] + top, found[3] + top


def _check_places(one):
    """Hold every place against the picture: its bar is there, and no larger."""
    height = one.places.height
    for at in one.plan.all():
        box = one.places.boxes[at.series][at.place]
        series = one.plan.series[at.series]
        tone = "warning" if one.plan.today == at.place else series.tone
        found = _edges_in_picture(one.picture, box, getattr(INK, tone), height)
        number = one.plan.mark(at).number
        if not number:
            assert box.width * box.height == pytest.approx(0, abs=1e-6)
            continue
        if min(box.width, box.height) * SCALE < 3:
            continue  # such a bar is all blurred edge
        assert found is not None, (one.plan.title, at)
        told = (
            box.x * SCALE,
            (box.x + box.width) * SCALE,
            (height - box.y - box.height) * SCALE,
            (height - box.y) * SCALE,
        )
        # An edge may fall within a pixel, and half the axis lies over the foot of a bar.
        assert found == pytest.approx(told, abs=1 + SCALE / 2), (one.plan.title, at)


@st.composite
def facts(draw):
    months = []
    for number in range(draw(st.integers(1, 14))):
        early, on_time, late, online = (draw(_NUMBERS) for _ in range(4))
        key = f"{2026 + number // 12}-{number % 12 + 1:02d}"
        resolved = early + on_time + late
        figures = Figures(online=online, resolved=resolved, early=early, on_time=on_time, late=late)
        months.append(Group(key, key, figures))
    sectors = [
        (str(n), f"Lĩnh vực {n}" * draw(st.integers(1, 5)), draw(_NUMBERS))
        for n in range(draw(st.integers(0, 9)))
    ]
    weekdays = tuple(draw(_NUMBERS) for _ in range(7))
    return ChartFacts(tuple(months), weekdays, tuple(sectors))


@settings(max_examples=15)
@given(facts=facts(), width=st.integers(250, 500), height=st.integers(110, 220))
def test_every_bar_of_a_report_is_where_its_place_says(drawn, facts, width, height):
    for one in drawn(report_plans(facts), (width, height)):
        _check_places(one)
        assert all(len(row) == len(one.plan.names) for row in one.places.boxes)


@settings(max_examples=15)
@given(numbers=st.lists(st.integers(0, 60), min_size=1, max_size=10), today=st.integers(0, 10))
def test_every_bar_of_the_days_ahead_is_where_its_place_says(drawn, numbers, today):
    first = date(2026, 11, 23)
    days = [(first + timedelta(days=n), number) for n, number in enumerate(numbers)]
    plan = promises_plan(days, first + timedelta(days=today))
    for one in drawn([plan], (420, 180)):
        _check_places(one)


@pytest.mark.parametrize("number", range(4))
def test_each_group_of_bars_stands_over_its_name(spectral, number):
    months = tuple(
        Group(f"2026-{n:02d}", "", Figures(online=9, early=5, late=4)) for n in range(1, 13)
    )
    sectors = tuple((f"{n}", f"Lĩnh vực {n}", 3) for n in range(1, 9))
    plan = report_plans(ChartFacts(months, (2,) * 7, sectors))[number]
    data, [places] = render_for_window([plan], (600, 200), INK, fonts=spectral)
    document = pypdfium2.PdfDocument(data)
    text = document[0].get_textpage()
    for place, name in enumerate(plan.names):
        boxes = [row[place] for row in places.boxes]
        found = text.search(name, match_whole_word=True)
        middles = []
        while (at := found.get_next()) is not None:
            letters = [text.get_charbox(n) for n in range(at[0], at[0] + at[1])]
            across, along = (1, 3) if plan.form is Form.BARS else (0, 2)
            low, high = min(box[across] for box in letters), max(box[along] for box in letters)
            middles.append((low + high) / 2)
        if plan.form is Form.BARS:
            middle = boxes[0].y + boxes[0].height / 2
        else:
            left, right = boxes[0].x, boxes[-1].x + boxes[-1].width
            middle = (left + right) / 2
        assert min(abs(one - middle) for one in middles) < 2, name
    document.close()


def test_a_field_holds_all_its_bars(drawn):
    months = tuple(Group(f"2026-{n:02d}", "", Figures(online=n, early=n)) for n in range(1, 7))
    for one in drawn(
        report_plans(ChartFacts(months, (3, 2, 1, 0, 0, 0, 0), (("a", "A", 3),))), (300, 150)
    ):
        field = one.places.field
        for box in (box for row in one.places.boxes for box in row):
            assert field.x <= box.x
            assert box.x + box.width <= field.x + field.width + 0.01
            assert field.y <= box.y
            assert box.y + box.height <= field.y + field.height + 0.01


def test_days_are_drawn_to_one_scale_and_a_quiet_week_is_no_rush(drawn):
    day = date(2026, 11, 23)

    def heights(*numbers):
        days = [(day + timedelta(days=n), number) for n, number in enumerate(numbers)]
        [one] = drawn([promises_plan(days, day)], (400, 180))
        return [box.height for box in one.places.boxes[0]]

    nine, fourteen, none = heights(9, 14, 0)
    assert none == pytest.approx(0, abs=1e-6)
    assert nine / fourteen == pytest.approx(9 / 14)
    [quiet] = heights(2)
    assert quiet / fourteen == pytest.approx(2 / 10)


@pytest.mark.parametrize(
    ("width", "form", "letters"),
    [(700, "%d/%m", INK.title), (280, "%d/%m", INK.size), (200, "%d", INK.title)],
)
def test_days_stay_apart_where_there_is_little_room(spectral, width, form, letters):
    """They are written whole, then smaller, then without their month; all alike."""
    first = date(2026, 11, 10)
    days = [(first + timedelta(days=n), 1204 + n) for n in range(10)]
    plan = promises_plan(days, first)
    data, _ = render_for_window([plan], (width, 180), INK, fonts=spectral)
    document = pypdfium2.PdfDocument(data)
    text = document[0].get_textpage()
    found = text.get_text_range().split()
    boxes = [text.get_charbox(n) for n in range(text.count_chars())]
    lowest = min(box[1] for box in boxes) + letters / 2
    feet = [n for n, box in enumerate(boxes) if box[1] < lowest and box[2] > box[0]]
    sizes = [pypdfium2.raw.FPDFText_GetFontSize(text, n) for n in feet]
    document.close()
    written = [f"{day:{form}}" for day, _ in days]
    assert [word for word in found if word in written] == written
    line = sorted(boxes[n] for n in feet)
    assert len(line) == sum(len(word) for word in written)
    ends = [sum(len(word) for word in written[: n + 1]) for n in range(10)]
    for end in ends[:-1]:
        assert line[end][0] - line[end - 1][2] > 1
    assert line[0][0] >= 0
    assert line[-1][2] <= width
    assert sizes == [letters] * len(sizes)


def test_years_of_many_months_stay_apart(spectral):
    keys = [f"{2016 + n // 12}-{n % 12 + 1:02d}" for n in range(132)]
    months = tuple(Group(key, key, Figures(online=9)) for key in keys)
    plan = report_plans(ChartFacts(months, (0,) * 7, ()))[0]
    for width, every in ((400, 1), (260, 2)):
        data, _ = render_for_window([plan], (width, 150), INK, fonts=spectral)
        document = pypdfium2.PdfDocument(data)
        text = document[0].get_textpage()
        edges = []
        for year in range(2016, 2027, every):
            start, count = text.search(str(year)).get_next()
            boxes = [text.get_charbox(n) for n in range(start, start + count)]
            edges.append((boxes[0][0], boxes[-1][2]))
        document.close()
        assert all(two[0] - one[1] > 3 for one, two in pairwise(edges))


def test_a_chart_of_nothing_is_drawn_without_places(drawn):
    plans = report_plans(ChartFacts((), (0,) * 7, ()))
    found = drawn(plans, (300, 150))
    assert [one.plan.form for one in found] == [
        Form.COLUMNS,
        Form.STACKED,
        Form.BARS,
        Form.BARS,
    ]
    assert [len(one.places.boxes[0]) for one in found] == [0, 0, 7, 0]
    assert found[2].places.boxes[0][0].width == pytest.approx(0, abs=1e-6)
    assert not found[3].plan.has(At(0, 0))
