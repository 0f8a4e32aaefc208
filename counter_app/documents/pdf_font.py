"""A TrueType font for reportlab that is cut once for all papers and never prints a blank.

reportlab cuts, packs and describes a new subset of each face for each document, which costs more
than the rest of a receipt. Here a fixed alphabet is assigned first, so the subset is nearly always
the same one and is kept packed. This overrides reportlab's own hooks (``splitString``,
``addObjects``, ``addSubsetObjects``); tests read pages back, so a changed reportlab is noticed.
"""

from __future__ import annotations

import codecs
import unicodedata
import zlib
from pathlib import Path
from typing import Any, NamedTuple

from reportlab.pdfbase import pdfdoc
from reportlab.pdfbase.ttfonts import SUBSETN, TTFont, TTFontFace, makeToUnicodeCMap

from counter_app.errors import PaperError

_SYMBOLIC, _NONSYMBOLIC = 1 << 2, 1 << 5  # PDF 32000-1, table 123; our codes follow no encoding
_PARTS_KEPT = 8  # the fixed subset and a few with rare characters
_UNUSED = "\ufffe"


class _Part(NamedTuple):
    """One subset of a face, ready for a PDF file."""

    length: int
    font_file: bytes
    unicode_map: bytes
    widths: bytes


class PaperFace(TTFontFace):
    """A face that keeps its subsets packed."""

    def __init__(self, path: Path) -> None:
        """Read the font file."""
        super().__init__(str(path))
        self._parts: dict[tuple[int, ...], _Part] = {}

    def part(self, subset: list[int], base_name: str) -> _Part:
        """Return this subset, cut on first use."""
        key = tuple(subset)
        if key not in self._parts:
            if len(self._parts) >= _PARTS_KEPT:
                del self._parts[next(iter(self._parts))]
            font = self.makeSubset(subset)
            widths = " ".join(
                f"{self.charWidths.get(code, self.defaultWidth):.6g}" for code in subset
            )
            self._parts[key] = _Part(
                len(font),
                zlib.compress(font, 9),
                zlib.compress(makeToUnicodeCMap(base_name, subset).encode("ascii"), 9),
                f"[{widths}]".encode("ascii"),
            )
        return self._parts[key]

    def descriptor(self, doc: Any, base_name: str, part: _Part) -> Any:  # noqa: ANN401
        """Add the font file and its descriptor to a document and return the reference."""
        font_file = _packed_stream(part.font_file)
        font_file.dictionary["Length1"] = part.length
        entries = {
            "Type": "/FontDescriptor",
            "Ascent": self.ascent,
            "CapHeight": self.capHeight,
            "Descent": self.descent,
            "Flags": self.flags & ~_NONSYMBOLIC | _SYMBOLIC,
            "FontBBox": pdfdoc.PDFArray(self.bbox),
            "FontName": pdfdoc.PDFName(base_name),
            "ItalicAngle": self.italicAngle,
            "StemV": self.stemV,
            "FontFile2": doc.Reference(font_file, f"fontFile:{base_name}"),
            "MissingWidth": self.defaultWidth,
        }
        return doc.Reference(pdfdoc.PDFDictionary(entries), f"fontDescriptor:{base_name}")


class PaperFont(TTFont):
    """A font whose first subset holds a fixed alphabet, and that refuses what it can't print."""

    def __init__(self, name: str, face: PaperFace, alphabet: str) -> None:
        """Assign codes to the alphabet; ``name`` is the one it is registered under."""
        super().__init__(name, face.filename, asciiReadable=True, shapable=False)
        self.face: PaperFace = face
        super().splitString(alphabet, self)  # the font itself stands for a document here
        state: Any = self.state.pop(self)
        self._assignments: dict[int, int] = state.assignments
        self._next_code: int = state.nextCode
        self._alphabet: list[int] = state.subsets[0]
        if len(state.subsets) != 1:
            msg = f"{name}: the fixed alphabet must fit one subset"
            raise ValueError(msg)
        table = [_UNUSED] * 256
        for char, code in state.assignments.items():
            table[code] = chr(char) if char else _UNUSED
        self._codec = codecs.charmap_build("".join(table))

    def splitString(self, text: str, doc: Any, encoding: str = "utf-8") -> list[tuple[int, bytes]]:  # noqa: ANN401, N802
        """Encode text into codes of this document's subsets.

        Raises:
            PaperError: the font lacks a character, which reportlab would print as a blank.
        """
        if doc is not self and doc not in self.state:
            self._start(doc)
        try:
            return [(0, codecs.charmap_encode(text, "strict", self._codec)[0])] if text else []
        except (UnicodeEncodeError, AttributeError):
            pass  # rare characters, or the alphabet itself while it is assigned
        for char in text:
            if ord(char) not in self.face.charToGlyph:
                raise PaperError(missing_letter_sentence(char))
        parts: list[tuple[int, bytes]] = super().splitString(text, doc, encoding)
        return parts

    def _start(self, doc: Any) -> None:  # noqa: ANN401
        state: Any = TTFont.State(asciiReadable=True, ttf=self)
        self.state[doc] = state
        state.assignments = dict(self._assignments)
        state.subsets = [list(self._alphabet)]
        state.nextCode = self._next_code

    def addObjects(self, doc: Any) -> None:  # noqa: ANN401, N802
        """Write this font's subsets into the document."""
        state = self.state[doc]
        state.frozen = True
        fonts = doc.idToObject["BasicFonts"].dict
        for number, subset in enumerate(state.subsets):
            base_name = (SUBSETN(number) + b"+" + self.face.name).decode("ascii")
            part = self.face.part(subset, base_name)
            font: Any = pdfdoc.PDFTrueTypeFont()
            font.Name = self.getSubsetInternalName(number, doc)[1:]
            font.BaseFont = base_name
            font.FirstChar = 0
            font.LastChar = len(subset) - 1
            font.Widths = part.widths
            font.ToUnicode = doc.Reference(_packed_stream(part.unicode_map), f"map:{base_name}")
            font.FontDescriptor = self.face.descriptor(doc, base_name, part)
            doc.Reference(font, font.Name)
            fonts[font.Name] = font
        del self.state[doc]


def missing_letter_sentence(char: str) -> str:
    """Say which character can't be printed, and what to do."""
    name = f"U+{ord(char):04X}"
    shown = f"“{char}” ({name})" if unicodedata.category(char)[0] not in "CZM" else f"ẩn {name}"
    return f"Ký tự {shown} không in được bằng phông chữ đang dùng. Hãy bỏ ký tự ấy rồi in lại."


def _packed_stream(content: bytes) -> Any:  # noqa: ANN401
    stream = pdfdoc.PDFStream(content=content)
    # reportlab leaves a stream alone that names its filter.
    stream.dictionary["Filter"] = pdfdoc.PDFName("FlateDecode")
    return stream
