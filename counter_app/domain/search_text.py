"""What a dossier is found by beside its words: last digits, and names with one slip of the hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Stands before digits written backwards; nobody can type it, so it never meets another word.
TAIL = "\ue000"
SHORTEST_TAIL = 3
SHORTEST_FORGIVEN = 3
_LONGEST_FORGIVEN = 40
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def tail_word(number: str) -> str:
    """Return the word that finds a number by its last digits: its digits written backwards.

    >>> tail_word("0905 123 456")[1:]
    '6543215090'
    """
    digits = number if number.isdecimal() else "".join(filter(str.isdecimal, number))
    return TAIL + digits[::-1] if digits else ""


def tail_words(numbers: Iterable[str | None], codes: Iterable[str | None]) -> Iterator[str]:
    """Yield the words of numbers and of the serials that end codes."""
    for number in numbers:
        if number:
            yield tail_word(number)
    for code in codes:
        serial = code.rpartition("-")[2] if code else ""
        if serial.isdecimal():
            yield TAIL + serial[::-1]


def typed_tail(word: str) -> str:
    """Return how a typed word is looked for as last digits; nothing for one that is no number."""
    is_tail = len(word) >= SHORTEST_TAIL and word.isascii() and word.isdecimal()
    return TAIL + word[::-1] if is_tail else ""


def slips(word: str) -> set[str]:
    """Return every word that is one slip away: a letter left out, too much, other, or two swapped.

    >>> "trung" in slips("trugn"), "trung" in slips("trunh"), "trung" in slips("tring")
    (True, True, True)
    """
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    found = {a + b[1:] for a, b in parts if b}
    found.update(a + b[1] + b[0] + b[2:] for a, b in parts if len(b) > 1)
    found.update(a + letter + b[1:] for a, b in parts if b for letter in _LETTERS)
    found.update(a + letter + b for a, b in parts for letter in _LETTERS)
    found.discard(word)
    return found


def may_be_forgiven(word: str) -> bool:
    """Tell whether a folded word can be a mistyped part of a name: letters, neither few nor many.

    Every letter has fifty slips as long as the word.
    """
    is_long_enough = SHORTEST_FORGIVEN <= len(word) <= _LONGEST_FORGIVEN
    return is_long_enough and word.isascii() and word.isalpha()
