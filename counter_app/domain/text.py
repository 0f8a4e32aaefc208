"""Text at the door: one normal form, tidy lines, folding for search, what paper can show."""

from __future__ import annotations

import re
import unicodedata

MARKS = "\u0300\u0309\u0303\u0301\u0323"
"""The five written tones in dictionary order: huyền, hỏi, ngã, sắc, nặng."""

VOWELS = "aăâeêioôơuưy"
_MAX_CACHED = 4096


class TextError(ValueError):
    """A text can't be kept or printed; the message is a Vietnamese sentence."""


def nfc(text: str) -> str:
    """Return the text with each letter and its marks as one character where there is one."""
    return unicodedata.normalize("NFC", text)


def _toned(vowel: str) -> str:
    return vowel + "".join(nfc(vowel + mark) for mark in MARKS)


TONE_ROWS: dict[str, str] = {vowel: _toned(vowel) for vowel in VOWELS}
"""Each vowel with its six tones: ``a`` → ``aàảãáạ``."""

TONELESS: dict[str, tuple[str, int]] = {
    toned: (vowel, tone) for vowel, row in TONE_ROWS.items() for tone, toned in enumerate(row)
}
"""Each lower-case vowel as (vowel without tone, tone 0 to 5)."""

_LOWER = "".join(c for row in TONE_ROWS.values() for c in row if not c.isascii()) + "đ"
VIETNAMESE_LETTERS = _LOWER + _LOWER.upper()
"""The 134 letters beyond ASCII that Vietnamese needs."""


class _CharacterTable(dict[int, "str | None"]):
    """A table for ``str.translate`` that works out a character once, when it is first met."""

    def __missing__(self, code: int) -> str | None:
        """Work the character out and remember it, as long as the table stays small."""
        answer = self.work_out(chr(code))
        if len(self) < _MAX_CACHED:
            self[code] = answer
        return answer

    def work_out(self, char: str) -> str | None:
        """Return what stands for this character; ``None`` drops it."""
        raise NotImplementedError


# ------------------------------------------------------------------ tidy lines

# Letters and signs that look the same as the wanted one and come from other keyboards and Word.
_LOOKALIKES = {"\u00d0": "Đ", "\u0189": "Đ", "\u2010": "-", "\u2011": "-"}


class _CleanTable(_CharacterTable):
    """Spaces of any kind become a space, other invisible characters go."""

    def work_out(self, char: str) -> str | None:
        """Keep what can be seen."""
        if char in _LOOKALIKES:
            return _LOOKALIKES[char]
        category = unicodedata.category(char)
        if char.isspace() or category == "Cs":
            return " "
        return None if category in {"Cc", "Cf"} else char


_CLEAN = _CleanTable()


def clean_line(text: str, *, max_length: int | None = None) -> str:
    """Tidy one line: NFC, no invisible characters, single spaces, none at the ends.

    Raises:
        TextError: more than ``max_length`` characters are left; nothing is ever cut silently.

    >>> clean_line("  Nguyễn Văn  Đức ")
    'Nguyễn Văn Đức'
    """
    if not _is_ordinary(text):
        text = nfc(text.translate(_CLEAN))
    line = " ".join(text.split())
    _refuse_longer(line, max_length)
    return line


def clean_text(text: str, *, max_length: int | None = None) -> str:
    """Tidy a text of several lines: each as ``clean_line`` does, no empty ones at the ends.

    Raises:
        TextError: more than ``max_length`` characters are left.
    """
    tidy = "\n".join(clean_line(line) for line in text.splitlines()).strip()
    _refuse_longer(tidy, max_length)
    return tidy


def _refuse_longer(text: str, max_length: int | None) -> None:
    if max_length is not None and len(text) > max_length:
        msg = f"Dài {len(text)} ký tự, nhiều nhất {max_length}. Hãy rút gọn lại."
        raise TextError(msg)


# --------------------------------------------------------------------- folding


class _FoldTable(_CharacterTable):
    """Letters and digits in lower case without marks; everything else parts words."""

    def work_out(self, char: str) -> str | None:
        """Fold one character; canonically equal ones fold alike."""
        bare = unicodedata.normalize("NFD", unicodedata.normalize("NFD", char).lower())
        folded = "".join(filter(None, map(_fold_bare, bare)))
        return folded or None


def _fold_bare(char: str) -> str | None:
    if char in "đðɖ":  # eth and the African d are typed for đ
        return "d"
    kind = unicodedata.category(char)
    if kind[0] == "M" or kind == "Cf":
        return None
    return char if kind[0] in "LN" else " "


_FOLD = _FoldTable()
for _char in map(chr, range(128)):
    _FOLD[ord(_char)] = _FOLD.work_out(_char)


def fold(text: str) -> str:
    """Fold a text for search: lower case, no marks, đ as d, words parted by single spaces.

    >>> fold("Nguyễn  Văn Đức, 12/3")
    'nguyen van duc 12 3'
    """
    return " ".join(text.translate(_FOLD).split())


# ------------------------------------------------------------------- on paper

# What the shipped fonts (Spectral, Be Vietnam Pro) both hold; a test compares it with them.
_PAPER_RANGES = (
    "20-7E A0-AC AE-107 10A-113 116-11B 11E-121 126-12B 12E-131 139-13A 13D-13E 141-144 147-148 "
    "14C-14D 150-155 158-15B 15E-16B 16E-17E 1A0-1A1 1AF-1B0 1E6-1E7 300-304 306-30C 31B 323 "
    "1EA0-1EF9 2013-2014 2018-201A 201C-201E 2020-2022 2026 2030 2039-203A 2044 2070 2074-2079 "
    "2080-2089 20AB-20AC 2122 2212 2260 2264-2265"
)


def _paper_characters() -> frozenset[str]:
    found = {"\n"}
    for part in _PAPER_RANGES.split():
        first, _, last = part.partition("-")
        found.update(map(chr, range(int(first, 16), int(last or first, 16) + 1)))
    return frozenset(found)


_ON_PAPER = _paper_characters()
_ordinary = "".join(
    char
    for char in _ON_PAPER
    if _CLEAN[ord(char)] == char
    and not unicodedata.combining(char)
    and unicodedata.is_normalized("NFC", char)
)
# What tidying leaves as it is and paper can show: whole letters and plain signs. Nearly all lines
# hold nothing else, and a pattern sees it in a fifth of the time that a set takes.
_is_ordinary = re.compile(f"[{re.escape(_ordinary)}]*").fullmatch


def unsupported_characters(text: str) -> tuple[str, ...]:
    """List, each once, the characters that no paper of ours can show (emoji, control, 中…)."""
    if _is_ordinary(text) or _ON_PAPER.issuperset(text):
        return ()
    return tuple(dict.fromkeys(char for char in nfc(text) if char not in _ON_PAPER))


def has_unprintable(text: str) -> bool:
    """Say whether a character of the text can't be printed."""
    return bool(unsupported_characters(text))


def describe_character(char: str) -> str:
    """Name a character to the clerk: what it is and how it looks.

    >>> describe_character("中")
    'ký tự “中” (U+4E2D)'
    """
    code = f"U+{ord(char):04X}"
    match unicodedata.category(char):
        case "Cc" | "Cf":
            return f"ký tự điều khiển {code}"
        case "Co" | "Cs" | "Cn":
            return f"ký tự không xác định {code}"
        case "So" | "Sk" if char != "\ufffd":
            return f"biểu tượng “{char}”"
        case _:
            return "ký tự hỏng “\ufffd”" if char == "\ufffd" else f"ký tự “{char}” ({code})"


def require_printable(text: str) -> str:
    """Return the text if each character of it can be printed.

    Raises:
        TextError: names the first one that can't.
    """
    for char in unsupported_characters(text):
        msg = f"Có {describe_character(char)} không in được trên giấy. Hãy xóa rồi gõ lại bằng chữ."
        raise TextError(msg)
    return text
