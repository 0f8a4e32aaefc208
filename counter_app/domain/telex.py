"""Raw Telex and VNI: keystrokes that no input method has turned into Vietnamese letters."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from counter_app.domain.syllables import fits, place_tone
from counter_app.domain.text import TONE_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST_WORD = 16  # "nghieengfs" and its like; anything longer is no syllable
_TELEX_WORD = re.compile(r"[A-Za-z\[\]{}]+")
_VNI_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9]*")
_TELEX_TONES = {"z": 0, "f": 1, "r": 2, "x": 3, "s": 4, "j": 5}
_VNI_TONES = {"0": 0, "2": 1, "3": 2, "4": 3, "1": 4, "5": 5}
_HATS = {"a": "â", "e": "ê", "o": "ô"}
_HORNS = {"u": "ư", "o": "ơ"}
_BREVES = {"a": "ă"}
_TELEX_W = _HORNS | _BREVES
_BRACKETS = {"[": "ơ", "]": "ư", "{": "Ơ", "}": "Ư"}
_VNI_SHAPES = {"6": _HATS, "7": _HORNS, "8": _BREVES}


class _State(NamedTuple):
    """What the keys so far have written: lower-case letters, their cases and the tone."""

    letters: str = ""
    capitals: tuple[bool, ...] = ()
    tone: int | None = None

    def typed(self, char: str) -> _State:
        return self._replace(
            letters=self.letters + char.lower(), capitals=(*self.capitals, char.isupper())
        )

    def shaped(self, at: int, letter: str) -> _State:
        return self._replace(letters=self.letters[:at] + letter + self.letters[at + 1 :])

    def has_vowel(self) -> bool:
        return any(letter in TONE_ROWS for letter in self.letters)

    def written(self) -> str:
        word = place_tone(self.letters, self.tone or 0)
        return "".join(
            letter.upper() if capital else letter
            for letter, capital in zip(word, self.capitals, strict=True)
        )


def decode_telex(text: str) -> str:
    """Turn raw Telex into Vietnamese, word by word; what makes no syllable stays as it is.

    >>> decode_telex("Nguyeenx Vawn DDuwcs")
    'Nguyễn Văn Đức'
    """
    return _TELEX_WORD.sub(lambda match: _decode(match[0], vni=False, partial=False), text)


def decode_vni(text: str) -> str:
    """Turn raw VNI keystrokes into Vietnamese, word by word.

    >>> decode_vni("Nguye6n4 Va8n D9u7c1")
    'Nguyễn Văn Đức'
    """
    return _VNI_WORD.sub(lambda match: _decode(match[0], vni=True, partial=False), text)


def decode_partial(text: str, *, vni: bool) -> str:
    """Decode a text that is still being typed: a word need only begin a syllable."""
    pattern = _VNI_WORD if vni else _TELEX_WORD
    return pattern.sub(lambda match: _decode(match[0], vni=vni, partial=True), text)


@lru_cache(maxsize=2048)
def _decode(word: str, *, vni: bool, partial: bool) -> str:
    if len(word) > _LONGEST_WORD:
        return word
    states = [_State()]
    for key in word:
        step = _vni_key if vni else _telex_key
        states = list(dict.fromkeys(after for state in states for after in step(state, key)))[:24]
    settled = [last for state in states for last in _settle(state)]
    for loose in (False, True) if partial else (False,):
        for state in settled:
            if fits(state.letters, state.tone or 0, partial=loose):
                return state.written()
    return word


def _telex_key(state: _State, key: str) -> Iterator[_State]:
    """Yield what one key can mean, the likeliest first."""
    low = key.lower()
    if key in _BRACKETS:
        yield state.typed(_BRACKETS[key])
        return
    if low in _TELEX_TONES and state.has_vowel():
        yield from _tone(state, _TELEX_TONES[low])
        yield state.typed(key)
        return
    if low == "w":
        yield from _shape(state, _TELEX_W)
        yield state.typed("Ư" if key == "W" else "ư")
        return
    if low in _HATS:
        yield from _shape(state, {low: _HATS[low]})
    if low == "d" and state.letters.startswith("d"):
        yield state.shaped(0, "đ")
    yield state.typed(key)


def _vni_key(state: _State, key: str) -> Iterator[_State]:
    if key in _VNI_TONES:
        yield from _tone(state, _VNI_TONES[key])
    elif key in _VNI_SHAPES:
        yield from _shape(state, _VNI_SHAPES[key])
    elif key == "9":
        if state.letters.startswith("d"):
            yield state.shaped(0, "đ")
    else:
        yield state.typed(key)


def _tone(state: _State, tone: int) -> Iterator[_State]:
    """Set the tone; the same key twice takes it back and writes the letter, so no syllable."""
    if state.has_vowel() and state.tone != tone:
        yield state._replace(tone=tone)


def _shape(state: _State, shapes: dict[str, str]) -> Iterator[_State]:
    """Give a hat, horn or breve to each vowel that can take it, the latest first."""
    pair = state.letters.rfind("uo")
    if pair >= 0 and "u" in shapes:
        yield state.shaped(pair, "ư").shaped(pair + 1, "ơ")
    for at in range(len(state.letters) - 1, -1, -1):
        if state.letters[at] in shapes:
            yield state.shaped(at, shapes[state.letters[at]])


def _settle(state: _State) -> Iterator[_State]:
    """Let one horn serve for both letters of ươ, as input methods do: ``truwong``."""
    for half in ("ưo", "uơ"):
        at = state.letters.find(half)
        if at >= 0:
            yield state.shaped(at, "ư").shaped(at + 1, "ơ")
    yield state
