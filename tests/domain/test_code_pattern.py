"""The shape of official codes, learnt from an example."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_app.domain.code_pattern import example_of, pattern_of, pieces_of
from counter_app.domain.numbering import (
    OFFICIAL_CODE_PATTERN,
    CodeError,
    check_code_pattern,
    check_official_code,
)

_part = st.from_regex(r"[0-9A-Z]{1,6}", fullmatch=True)
_code = st.builds(
    lambda parts, marks, number: (
        "".join(p + m for p, m in zip(parts, marks, strict=False)) + f"{number:03}"
    ),
    st.lists(_part, max_size=4),
    st.lists(st.sampled_from(".-/"), min_size=4, max_size=4),
    st.integers(0, 10**9),
)


@given(_code)
def test_an_example_has_its_own_pattern_and_comes_back_as_one_of_the_same_shape(code):
    pattern = pattern_of(code)
    assert re.fullmatch(pattern, code, re.ASCII)
    shown = example_of(pattern)
    assert re.fullmatch(pattern, shown, re.ASCII)
    assert pattern_of(shown) == pattern


def test_the_shipped_pattern_is_that_of_its_example():
    assert pattern_of("H15.50.05.13-261008-0975") == OFFICIAL_CODE_PATTERN
    assert example_of(f"^{OFFICIAL_CODE_PATTERN}$") == "H15.50.05.13-261008-0975"
    assert [p.kind for p in pieces_of(OFFICIAL_CODE_PATTERN)] == [
        "agency",
        "text",
        "digits",
        "text",
        "digits",
    ]


@pytest.mark.parametrize(
    ("example", "taken", "refused"),
    [
        ("H50.19.57-261123-0109", "G12-261123-1234567", "H50.19.57-2611-0109"),
        ("H50/2026/000123", "H50.19/2027/9000123", "H50-2026-000123"),
        ("H50.261123.0109", "H50.19.261124.0110", "H50"),
        ("0000012345", "0000012346", "123"),
        ("h50.19.57–261123–0109", "H50-261123-0109", "H50"),
    ],
)
def test_codes_like_an_example_are_taken_and_others_not(example, taken, refused):
    pattern = check_code_pattern(example)
    assert re.fullmatch(pattern, taken, re.ASCII)
    assert not re.fullmatch(pattern, refused, re.ASCII)


@pytest.mark.parametrize("text", ["H50", "H50.19.57", "H50-ABC"])
def test_an_agency_s_code_is_no_example_and_refused_in_a_sentence(text):
    with pytest.raises(CodeError, match="số thứ tự"):
        check_code_pattern(text)


def test_an_expression_of_an_office_s_own_is_left_as_it_is():
    assert check_code_pattern(r"[A-Z]{3}\d+") == r"[A-Z]{3}\d+"
    assert example_of(r"[A-Z]{3}\d+") is None


def test_a_code_of_another_shape_is_refused_with_an_example_of_the_office_s_own():
    pattern = check_code_pattern("H50/2026/000123")
    with pytest.raises(CodeError, match=r"ví dụ H15\.50\.05\.13/2026/000975"):
        check_official_code("H50.19.57-261123-0109", pattern)
    assert check_official_code("h50.19/2027/000124", pattern) == "H50.19/2027/000124"
