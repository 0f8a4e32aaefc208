"""Gaps: what stands behind one, or rests on what isn't known, can't be used until it is closed."""

from __future__ import annotations

from counter_app.domain.gaps import Link, usable


def link(chain, sequence, **seen):
    return Link(chain, sequence, seen)


def test_what_stands_behind_a_gap_of_its_chain_is_not_usable():
    assert usable([link("a", 1), link("a", 3), link("a", 4)]) == {"a": 1}
    assert usable([link("a", 1), link("a", 2), link("a", 3), link("a", 4)]) == {"a": 4}


def test_what_rests_on_something_unknown_is_not_usable_until_that_is_known():
    links = [link("a", 1), link("a", 2, b=3), link("a", 3, b=3), link("b", 1), link("b", 2)]
    assert usable(links) == {"a": 1, "b": 2}
    assert usable([*links, link("b", 3, a=1)]) == {"a": 3, "b": 3}
