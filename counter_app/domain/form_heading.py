"""Headings of an official table in several levels, as cells that span rows and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias, Union

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# A heading alone, or with those that stand under it.
Node: TypeAlias = Union[str, "tuple[str, Sequence[Node]]"]


class HeadingCell(NamedTuple):
    """One heading: its text, where it begins, how many rows and columns it spans."""

    text: str
    row: int
    column: int
    rows: int
    columns: int


def heading_cells(nodes: Sequence[Node], numbers: Sequence[str] = ()) -> tuple[HeadingCell, ...]:
    """Return the cells of headings; ``numbers`` is a last row, one for each column.

    What has nothing under it reaches down to the numbers.

    >>> [cell[1:] for cell in heading_cells(["TT", ("Tiếp nhận", ["Tổng số", "Kỳ trước"])])]
    [(0, 0, 2, 1), (0, 1, 1, 2), (1, 1, 1, 1), (1, 2, 1, 1)]

    Raises:
        ValueError: there are more or fewer numbers than columns.
    """
    levels = max((_levels(node) for node in nodes), default=0)
    cells = tuple(_cells(nodes, 0, 0, levels))
    width = sum(map(_width, nodes))
    if numbers and len(numbers) != width:
        msg = f"{len(numbers)} numbers for {width} columns"
        raise ValueError(msg)
    last = (HeadingCell(text, levels, place, 1, 1) for place, text in enumerate(numbers))
    return (*cells, *last)


def _cells(nodes: Sequence[Node], row: int, column: int, levels: int) -> Iterator[HeadingCell]:
    for node in nodes:
        width = _width(node)
        if isinstance(node, str):
            yield HeadingCell(node, row, column, levels - row, 1)
        else:
            yield HeadingCell(node[0], row, column, 1, width)
            yield from _cells(node[1], row + 1, column, levels)
        column += width


def _width(node: Node) -> int:
    return 1 if isinstance(node, str) else sum(map(_width, node[1]))


def _levels(node: Node) -> int:
    return 1 if isinstance(node, str) else 1 + max(map(_levels, node[1]))
