"""One slip of the hand, and numbers by their last digits: the pure rules."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from counter_app.domain.search_text import TAIL, slips, tail_words, typed_tail

WORDS = st.text("abcdeghiklmnopqrstuvxy", min_size=1, max_size=8)


def distance(one: str, other: str) -> int:
    """Return the restricted Damerau-Levenshtein distance, by the book."""
    rows = [
        [i + j if i * j == 0 else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)
    ]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            cost = one[i - 1] != other[j - 1]
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + cost)
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@given(WORDS, WORDS)
def test_a_slip_is_what_the_distance_calls_one(one, other):
    assert (other in slips(one)) == (distance(one, other) == 1)


@given(WORDS)
def test_all_slips_are_one_away_and_slipping_goes_both_ways(word):
    some = sorted(slips(word))[:: max(1, len(word))]
    assert all(distance(word, one) == 1 and word in slips(one) for one in some if one)


def test_a_number_is_found_by_its_last_digits_alone():
    (phone,) = tail_words(["0905 123 456"], [])
    assert phone == TAIL + "6543215090"
    assert phone.startswith(typed_tail("3456"))
    assert not phone.startswith(typed_tail("345"))
    assert typed_tail("56") == ""
    assert typed_tail("v56") == ""


def test_a_code_is_found_by_the_end_of_its_serial():
    found = list(tail_words([None, ""], ["TAM-01-261123-0123", None, "H50.19.57-261123-0456"]))
    assert found == [TAIL + "3210", TAIL + "6540"]
