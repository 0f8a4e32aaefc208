"""Headings in levels: their cells fill the table's head, each place once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_app.domain.form_heading import heading_cells

_texts = st.text("abc", min_size=1, max_size=3)
_nodes = st.recursive(
    _texts,
    lambda inner: st.tuples(_texts, st.lists(inner, min_size=1, max_size=3)),
    max_leaves=12,
)


def _leaves(node):
    return [node] if isinstance(node, str) else [leaf for one in node[1] for leaf in _leaves(one)]


@given(st.lists(_nodes, min_size=1, max_size=5))
def test_every_place_of_the_head_belongs_to_one_cell(nodes):
    leaves = [leaf for node in nodes for leaf in _leaves(node)]
    numbers = [f"({n})" for n, _ in enumerate(leaves, 1)]
    cells = heading_cells(nodes, numbers)
    places = [
        (row, column)
        for cell in cells
        for row in range(cell.row, cell.row + cell.rows)
        for column in range(cell.column, cell.column + cell.columns)
    ]
    height = max(row for row, _ in places) + 1
    assert sorted(places) == [(r, c) for r in range(height) for c in range(len(leaves))]
    lowest = sorted((c.column, c.text) for c in cells if c.row + c.rows == height - 1)
    assert [text for _, text in lowest] == leaves
    assert [cell.text for cell in cells if cell.row == height - 1] == numbers


def test_a_number_too_few_is_a_mistake_of_the_forms_data():
    with pytest.raises(ValueError, match="1 numbers for 2 columns"):
        heading_cells(["TT", "Tên"], ["(1)"])
