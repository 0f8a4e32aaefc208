"""Vietnamese text (tiếng Việt) in one place: tidy, fold, decode, put into words.

The parts live in ``text``, ``telex``, ``legacy`` and ``words``; the house imports them from here.
"""

from __future__ import annotations

from counter_app.domain.legacy import (
    LegacyEncoding,
    decode_legacy,
    decode_tcvn3,
    decode_vni_encoding,
    guess_legacy,
    recognise_legacy,
    repair_utf8,
)
from counter_app.domain.syllables import is_syllable
from counter_app.domain.telex import decode_partial, decode_telex, decode_vni
from counter_app.domain.text import (
    VIETNAMESE_LETTERS,
    TextError,
    clean_line,
    clean_text,
    describe_character,
    fold,
    has_unprintable,
    nfc,
    require_printable,
    unsupported_characters,
)
from counter_app.domain.words import (
    amount_in_words,
    date_in_words,
    format_amount,
    format_date,
    format_moment,
    format_number,
    moment_in_words,
    name_sort_key,
    number_in_words,
    paper_date,
    title_case_name,
    weekday_name,
    weekday_short,
)

__all__ = [
    "VIETNAMESE_LETTERS",
    "LegacyEncoding",
    "TextError",
    "amount_in_words",
    "clean_line",
    "clean_text",
    "date_in_words",
    "decode_legacy",
    "decode_tcvn3",
    "decode_telex",
    "decode_vni",
    "decode_vni_encoding",
    "describe_character",
    "fold",
    "format_amount",
    "format_date",
    "format_moment",
    "format_number",
    "guess_legacy",
    "has_unprintable",
    "is_syllable",
    "moment_in_words",
    "name_sort_key",
    "nfc",
    "number_in_words",
    "paper_date",
    "proposed_reading",
    "recognise_legacy",
    "repair_utf8",
    "require_printable",
    "search_forms",
    "title_case_name",
    "unsupported_characters",
    "weekday_name",
    "weekday_short",
]

_VNI_DIGITS = frozenset("0123456789")
_FEWEST_CHANGED = 2
_HATS_ALONE = frozenset("abcdeghiklmnopqrstuvxyâêô")  # what doubled letters alone can write


def search_forms(text: str) -> tuple[str, ...]:
    """Fold a search as typed, then as raw Telex, raw VNI and old encodings, each form once.

    Give it the text as it was typed: tidying would drop the soft hyphen that is ư in TCVN3.
    A text without letters and digits has no form.

    >>> search_forms("nguyeenx")
    ('nguyeenx', 'nguyen')
    """
    forms = [text]
    if text.isascii():
        forms.append(decode_partial(text, vni=False))
        if not _VNI_DIGITS.isdisjoint(text):
            forms.append(decode_partial(text, vni=True))
    else:
        forms += _old_readings(text)
    return tuple(filter(None, dict.fromkeys(map(fold, forms))))


def _old_readings(text: str) -> list[str]:
    """Decode a text that is no Vietnamese as it stands, but is one as TCVN3 or VNI."""
    words = [word for word in text.split() if not word.isascii()]
    if all(map(is_syllable, words)):
        return []
    return [
        decode(text)
        for decode in (decode_tcvn3, decode_vni_encoding)
        if all(is_syllable(decode(word)) for word in words)
    ]


def proposed_reading(text: str) -> str | None:
    """Propose what a damaged name was: UTF-8 misread, an old encoding, raw VNI or raw Telex."""
    if not text.isascii():
        repaired = repair_utf8(text)
        if repaired is not None:
            return clean_line(repaired)
        encoding = guess_legacy(text)
        if encoding is None:
            return None
        decode = decode_tcvn3 if encoding == "tcvn3" else decode_vni_encoding
        return clean_line(decode(text))
    if not _VNI_DIGITS.isdisjoint(text):
        decoded = decode_vni(text)
        return decoded if _VNI_DIGITS.isdisjoint(decoded) else None
    decoded = decode_telex(text)
    return decoded if _is_surely_telex(text, decoded) else None


def _is_surely_telex(raw: str, decoded: str) -> bool:
    """Tell Telex from a foreign name: Lee and Moon are names, Leef and DDuwcs are keystrokes."""
    pairs = list(zip(raw.split(), decoded.split(), strict=True))
    changed = [(before, after) for before, after in pairs if before != after]
    if not all(map(is_syllable, decoded.split())):
        return False
    return len(changed) >= _FEWEST_CHANGED or any(
        not _HATS_ALONE.issuperset(after.lower()) for _before, after in changed
    )
