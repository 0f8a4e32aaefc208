"""Vietnamese from before Unicode: TCVN3 (ABC) and VNI-Windows, read as Latin letters or bytes."""

from __future__ import annotations

import codecs
import re
from itertools import islice
from typing import TYPE_CHECKING, Literal

from counter_app.domain.syllables import is_syllable
from counter_app.domain.text import TONE_ROWS, nfc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LegacyEncoding = Literal["tcvn3", "vni"]

# TCVN 5712 VN3: the codes of each letter in the order of TONE_ROWS (ngang, huyền, hỏi, ngã, sắc,
# nặng). A capital with a tone shares the code of its small letter; a font made it look large.
_TCVN3_ROWS = {
    "a": "61 B5 B6 B7 B8 B9",
    "ă": "A8 BB BC BD BE C6",
    "â": "A9 C7 C8 C9 CA CB",
    "e": "65 CC CE CF D0 D1",
    "ê": "AA D2 D3 D4 D5 D6",
    "i": "69 D7 D8 DC DD DE",
    "o": "6F DF E1 E2 E3 E4",
    "ô": "AB E5 E6 E7 E8 E9",
    "ơ": "AC EA EB EC ED EE",
    "u": "75 EF F1 F2 F3 F4",
    "ư": "AD F5 F6 F7 F8 F9",
    "y": "79 FA FB FC FD FE",
}
_TCVN3_OTHERS = {"đ": 0xAE, "Đ": 0xA7, "Ă": 0xA1, "Â": 0xA2, "Ê": 0xA3, "Ô": 0xA4, "Ơ": 0xA5}
_TCVN3_OTHERS["Ư"] = 0xA6

# VNI-Windows: a plain letter, then a second one that stands for its shape and tone.
_VNI_TONES = "\u00f8\u00fb\u00f5\u00f9\u00ef"  # ø û õ ù ï: huyền, hỏi, ngã, sắc, nặng
_VNI_HAT = "\u00e2\u00e0\u00e5\u00e3\u00e1\u00e4"  # â à å ã á ä: none, huyền, hỏi, ngã, sắc, nặng
_VNI_BREVE = "\u00ea\u00e8\u00fa\u00fc\u00e9\u00eb"  # ê è ú ü é ë
_VNI_SINGLES = {
    "\u00f4": "ơ",
    "\u00f6": "ư",
    "\u00f1": "đ",
    "\u00ec": "ì",
    "\u00e6": "ỉ",
    "\u00f3": "ĩ",
    "\u00ed": "í",
    "\u00f2": "ị",
    "\u00ee": "ỵ",
}


def _tcvn3_table() -> dict[int, str]:
    table = {
        int(code, 16): letter
        for vowel, codes in _TCVN3_ROWS.items()
        for code, letter in zip(codes.split(), TONE_ROWS[vowel], strict=True)
    }
    return table | {code: letter for letter, code in _TCVN3_OTHERS.items()}


def _vni_table() -> dict[str, str]:
    table = dict(_VNI_SINGLES)
    for base, vowel in zip("aeiouy\u00f4\u00f6", "aeiouyơư", strict=True):
        for mark, letter in zip(_VNI_TONES, TONE_ROWS[vowel][1:], strict=True):
            table[base + mark] = letter
    for base, vowel in zip("aeo", "âêô", strict=True):
        table.update(zip((base + mark for mark in _VNI_HAT), TONE_ROWS[vowel], strict=True))
    table.update(zip(("a" + mark for mark in _VNI_BREVE), TONE_ROWS["ă"], strict=True))
    return table


_TCVN3 = _tcvn3_table()
_VNI = _vni_table()


def _vni_pattern() -> re.Pattern[str]:
    """Match one letter and its mark, or a letter with a code of its own, in either case."""
    marks: dict[str, str] = {}
    for code in _VNI:
        marks[code[:-1]] = marks.get(code[:-1], "") + code[-1] + code[-1].upper()
    singles = marks.pop("")
    pairs = [f"[{base}{base.upper()}][{ends}]" for base, ends in marks.items()]
    return re.compile("|".join([*pairs, f"[{singles}]"]))


_VNI_PATTERN = _vni_pattern()
# Bytes as Windows shows them; the five it leaves undefined stay control characters.
_WINDOWS = "".join(bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(256))
_WINDOWS_BYTES = {code: code for code in range(256)}
_WINDOWS_BYTES |= {ord(char): code for code, char in enumerate(_WINDOWS)}
# A Windows set to Vietnamese shows some bytes as letters of its own.
_VIETNAMESE_WINDOWS_BYTES = {code: code for code in range(256)} | {
    ord(bytes([code]).decode("cp1258")): code
    for code in range(128, 256)
    if bytes([code]).decode("cp1258", "ignore")
}

_WORD = re.compile(r"[A-Za-z\xa1-\xff]+")
_SMALL = re.compile(r"[a-z]")
_SURE_CAPITAL = re.compile(r"[A-Z\xa1-\xa7]")  # with the seven that have a code of their own
_NO_SMALL = re.compile(r"(?<![A-Za-z\xa1-\xff])[A-Z\xa1-\xff]+(?![A-Za-z\xa1-\xff])")
_BYTE_WORD = re.compile(rb"[A-Za-z]*[\xa1-\xff][A-Za-z\xa1-\xff]*")
_SAMPLE = 4000
_CERTAIN = 0.85
_MARGIN = 0.25
_FEWEST = 2


def decode_tcvn3(text: str) -> str:
    """Decode TCVN3 text that was read as Latin letters; capitals come back where words show them.

    >>> decode_tcvn3("NguyÔn V¨n §øc")
    'Nguyễn Văn Đức'
    """
    return "\n".join(_capitals_back(line) for line in text.split("\n"))


def _capitals_back(line: str) -> str:
    """Decode a line; toned letters have one code for both cases, so ask their neighbours."""
    decoded = line.translate(_TCVN3)
    if line.isascii():
        return decoded
    shouted = _SMALL.search(line) is None and len(_SURE_CAPITAL.findall(line)) > 1
    parts = []
    done = 0
    for match in _NO_SMALL.finditer(line):  # one letter for one: positions stay
        start, end = match.span()
        if len(_SURE_CAPITAL.findall(match[0])) > 1 or shouted:
            parts += [decoded[done:start], decoded[start:end].upper()]
            done = end
    return "".join((*parts, decoded[done:]))


def decode_vni_encoding(text: str) -> str:
    """Decode VNI-Windows text that was read as Latin letters.

    >>> decode_vni_encoding("Nguyeãn Vaên Ñöùc")
    'Nguyễn Văn Đức'
    """
    return _VNI_PATTERN.sub(_decode_vni_letter, text)


def _decode_vni_letter(match: re.Match[str]) -> str:
    letter = _VNI[match[0].lower()]
    return letter.upper() if match[0][0].isupper() else letter


_DECODERS: dict[LegacyEncoding, Callable[[str], str]] = {
    "tcvn3": decode_tcvn3,
    "vni": decode_vni_encoding,
}


def decode_legacy(data: bytes, encoding: LegacyEncoding) -> str:
    """Decode the bytes of an old file."""
    return nfc(_DECODERS[encoding](codecs.charmap_decode(data, "strict", _WINDOWS)[0]))


def guess_legacy(text: str) -> LegacyEncoding | None:
    """Name the old encoding of a text that was read as Latin letters, if it is beyond doubt."""
    if any(ord(char) not in _WINDOWS_BYTES for char in text):
        return None  # letters that no Latin code page has: real Unicode
    found = (match[0] for match in _WORD.finditer(text))
    words = list(islice((word for word in found if not word.isascii()), _SAMPLE))
    return _judge(words, rivals=[words])


def recognise_legacy(data: bytes) -> LegacyEncoding | None:
    """Name the old encoding of a file's bytes; ``None`` for Unicode, Windows-1258 and doubt."""
    if data.isascii() or data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        found = [match[0] for match in islice(_BYTE_WORD.finditer(data), _SAMPLE)]
        latin = [word.decode("latin-1") for word in found]
        windows = [nfc(word.decode("cp1258", "replace")) for word in found]
        return _judge(latin, rivals=[latin, windows])
    return None


def _judge(words: list[str], *, rivals: list[list[str]]) -> LegacyEncoding | None:
    """Choose the decoder that makes syllables of nearly all words, far more than its rivals."""
    if len(words) < _FEWEST:
        return None
    shares: list[tuple[float, LegacyEncoding | None]] = [
        (_share(map(decode, words), len(words)), name) for name, decode in _DECODERS.items()
    ]
    shares += [(_share(rival, len(words)), None) for rival in rivals]
    (best, name), (second, _), *_rest = sorted(shares, key=lambda pair: pair[0], reverse=True)
    return name if best >= _CERTAIN and best - second >= _MARGIN else None


def _share(words: Iterable[str], count: int) -> float:
    return sum(not word.isascii() and is_syllable(word) for word in words) / count


def repair_utf8(text: str) -> str | None:
    """Repair UTF-8 that was read as Windows letters (``Nguyá»…n``); ``None`` if it isn't that."""
    if text.isascii():
        return None
    for table in (_WINDOWS_BYTES, _VIETNAMESE_WINDOWS_BYTES):
        try:
            return nfc(codecs.charmap_encode(text, "strict", table)[0].decode("utf-8"))
        except UnicodeError:
            continue
    return None
