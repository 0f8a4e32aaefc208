"""Books of same-day work (sổ chứng thực, sổ cấp bản sao): which procedure is entered in which.

Symbols and names are data; an office that keeps its books otherwise sets its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from counter_app.errors import InputError

LAST_NUMBER = 999_999


class Book(NamedTuple):
    """One book (sổ): its numbers run through a year."""

    symbol: str
    name: str
    procedures: tuple[str, ...]
    confirmed: bool = False


class BookEntry(NamedTuple):
    """A number that was given in a book, for good."""

    symbol: str
    year: int
    volume: int
    number: int

    @classmethod
    def of(cls, held: Mapping[str, Any]) -> BookEntry:
        """Read what a dossier's state holds."""
        return cls(held["symbol"], held["year"], held["volume"], held["number"])

    def __str__(self) -> str:
        """Write it as the book does; the volume is the desk's, so that two desks never meet.

        >>> str(BookEntry("SCT/BS", 2026, 1, 123))
        '123, quyển 01/2026-SCT/BS'
        """
        return f"{self.number}, quyển {self.volume:02}/{self.year}-{self.symbol}"


def parse_books(entries: Iterable[Mapping[str, Any]]) -> list[Book]:
    """Read the shipped books."""
    return [
        Book(e["symbol"], e["name"], tuple(e["procedures"]), bool(e.get("confirmed")))
        for e in entries
    ]


def parse_book_line(line: str) -> Book:
    """Read an office's own book: ``Ký hiệu|Tên sổ|mã thủ tục, mã thủ tục``.

    Raises:
        InputError: a part is missing.
    """
    parts = [part.strip() for part in line.split("|")]
    if len(parts) != 3 or not all(parts):  # noqa: PLR2004 - symbol, name, codes
        raise InputError(
            f"Không đọc được sổ “{line}”. Viết: Ký hiệu|Tên sổ|mã thủ tục, mã thủ tục.",
            field="books",
        )
    codes = tuple(code.strip() for code in parts[2].split(",") if code.strip())
    return Book(parts[0], parts[1], codes, confirmed=True)


def book_for(books: Iterable[Book], procedure_code: str) -> Book | None:
    """Return the book a procedure is entered in, or None if it has none."""
    return next((book for book in books if procedure_code in book.procedures), None)


def following(number: str) -> str:
    """Return the number after one that ends in digits, for the next leaf of a receipt book.

    >>> following("0012"), following("AB/26 0999"), following("không")
    ('0013', 'AB/26 1000', '')
    """
    digits = len(number) - len(number.rstrip("0123456789"))
    if not digits:
        return ""
    head, tail = number[:-digits], number[-digits:]
    return f"{head}{int(tail) + 1:0{digits}}"
