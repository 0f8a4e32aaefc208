"""Which letters make a Vietnamese syllable, and where its tone stands."""

from __future__ import annotations

from functools import lru_cache

from counter_app.domain.text import TONE_ROWS, TONELESS, nfc

_ONSETS = frozenset(
    "b c ch d đ g gh gi h k kh kr l m n ng ngh nh p ph qu r s t th tr v x".split()
) | {""}

# A nucleus and the endings it takes; "-" is none. The k is that of Đắk Lắk and its like.
_RIME_ROWS = """
a: - c ch i k m n ng nh o p t u y
ă: c k m n ng p t
â: c m n ng p t u y
e: - c m n ng o p t
ê: - ch m n nh p t u
i: - a ch m n nh p t u
iê: c m n ng p t u
o: - c i k m n ng p t
oa: - c ch i m n ng nh o p t y
oă: c m n ng p t
oe: - m n o t
oo: c ng
ô: - c i k m n ng p t
ơ: - i m n p t
u: - a c i k m n ng p t
uâ: n ng t y
uê: - ch n nh u
uô: c i m n ng t
uơ: -
uy: - a ch n nh p t u
uyê: n t
ư: - a c i m n ng t u
ươ: c i m n ng p t u
y: -
yê: m n ng t u
"""
_AFTER_QU = """
a: - c ch i n ng nh o p t u y
ă: c m n ng p t
â: n ng t y
e: - n o t
ê: - n nh t
i: - n t
ơ: - n
o: - n
ô: c
y: - ch n nh t u
yê: n t
"""
_STOPS = ("c", "ch", "k", "p", "t")
_SHARP_OR_HEAVY = (4, 5)
# Place names around Cam Lộ that are written as one word of two syllables.
_LOCAL_WORDS = frozenset({"đakrông"})


def _rimes(rows: str) -> frozenset[str]:
    found: set[str] = set()
    for row in rows.split("\n"):
        nucleus, _, endings = row.partition(":")
        found.update(nucleus + ending.replace("-", "") for ending in endings.split())
    return frozenset(found)


def _beginnings(words: frozenset[str]) -> frozenset[str]:
    return frozenset(word[:end] for word in words for end in range(len(word) + 1))


_RIMES = _rimes(_RIME_ROWS)
_QU_RIMES = _rimes(_AFTER_QU)
_RIME_BEGINNINGS = _beginnings(_RIMES)
_QU_BEGINNINGS = _beginnings(_QU_RIMES)
_ONSET_BEGINNINGS = _beginnings(_ONSETS)


def part_tone(word: str) -> tuple[str, int] | None:
    """Part a word from its tone, in lower case; ``None`` if it has two tones.

    >>> part_tone("Nguyễn")
    ('nguyên', 3)
    """
    letters = []
    tone = 0
    for char in nfc(word).lower():
        bare, own = TONELESS.get(char, (char, 0))
        if own and tone:
            return None
        tone = own or tone
        letters.append(bare)
    return "".join(letters), tone


def fits(bare: str, tone: int, *, partial: bool = False) -> bool:
    """Say whether a toneless lower-case word is a syllable, or with ``partial`` begins one."""
    if partial:
        return _begins(bare)
    if bare in _LOCAL_WORDS:
        return True
    return (tone in _SHARP_OR_HEAVY or not tone or not bare.endswith(_STOPS)) and _is_bare(bare)


@lru_cache(maxsize=4096)
def _is_bare(bare: str) -> bool:
    return any(
        bare[cut:] in (_QU_RIMES if bare[:cut] == "qu" else _RIMES)
        for cut in range(min(4, len(bare)))
        if bare[:cut] in _ONSETS
    )


def _begins(bare: str) -> bool:
    if bare in _ONSET_BEGINNINGS:
        return True
    return any(
        bare[cut:] in (_QU_BEGINNINGS if bare[:cut] == "qu" else _RIME_BEGINNINGS)
        for cut in range(min(4, len(bare)))
        if bare[:cut] in _ONSETS
    )


def is_syllable(word: str) -> bool:
    """Say whether a word, in any case, is a well-formed Vietnamese syllable."""
    parted = part_tone(word)
    return parted is not None and fits(*parted)


def place_tone(bare: str, tone: int) -> str:
    """Write a tone where Vietnamese orthography has it (hòa, thúy; hoàn, thủy).

    >>> place_tone("nguyên", 3)
    'nguyễn'
    """
    if not tone:
        return bare
    at = _tone_position(bare)
    return bare if at is None else bare[:at] + TONE_ROWS[bare[at]][tone] + bare[at + 1 :]


def _tone_position(bare: str) -> int | None:
    start = _nucleus_start(bare)
    end = start
    while end < len(bare) and bare[end] in TONE_ROWS:
        end += 1
    if start == end:
        return None
    shaped = [at for at in range(start, end) if bare[at] in "ăâêôơư"]
    if shaped:
        return shaped[-1]
    if end < len(bare):  # an ending follows: hoàn
        return end - 1
    return start + (end - start - 1) // 2  # hòa, khuỷu, ngoài


def _nucleus_start(bare: str) -> int:
    for onset in ("qu", "gi"):  # here u and i are no vowels, unless nothing follows: gì
        if bare.startswith(onset) and bare[2:3] in TONE_ROWS:
            return 2
    start = 0
    while start < len(bare) and bare[start] not in TONE_ROWS:
        start += 1
    return start
