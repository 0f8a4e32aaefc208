"""Fonts for paper: the first family that really holds every Vietnamese letter.

A font is never chosen by its name: Debian's two "Liberation Serif" share file names and one of them
lacks 92 of the 134 letters. So the character map of every face is read before a family is taken.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError

from counter_app.documents.pdf_font import PaperFace, PaperFont
from counter_app.errors import FontError

_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng
_LOWER = "đ" + "".join(
    letter
    for vowel in "aăâeêioôơuưy"
    for letter in (unicodedata.normalize("NFC", vowel + tone) for tone in ("", *_TONES))
    if not letter.isascii()
)
VIETNAMESE_LETTERS = _LOWER + _LOWER.upper()
"""The 134 letters of Vietnamese (chữ cái tiếng Việt) that ASCII doesn't have."""

_MARKS = "–—‘’“”…•°×§₫"  # taken into the fixed alphabet where the font has them
_STYLES = ("regular", "bold", "italic", "bold italic")
_serial = count(1)


@dataclass(frozen=True, slots=True, eq=False)
class FontFamily:
    """One family (phông chữ) whose four faces passed the check, registered with reportlab."""

    name: str
    folder: Path
    regular: PaperFont
    bold: PaperFont
    italic: PaperFont
    bold_italic: PaperFont

    def missing_letters(self, text: str) -> str:
        """Return the characters of this text that can't be printed, each once, in order.

        White space can: on paper it is a space.
        """
        maps = [
            font.face.charToGlyph
            for font in (self.regular, self.bold, self.italic, self.bold_italic)
        ]
        return "".join(
            char
            for char in dict.fromkeys(unicodedata.normalize("NFC", text))
            if not char.isspace() and any(ord(char) not in glyphs for glyphs in maps)
        )


Files = tuple[Path, Path, Path, Path]


def _in_folder(folder: Path, *names: str) -> Files:
    regular, bold, italic, bold_italic = (folder / name for name in names)
    return regular, bold, italic, bold_italic


def _times() -> Iterator[Files]:
    """Times New Roman, which NĐ 30/2020 asks for, where the system has it."""
    windows = Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts"
    yield _in_folder(windows, "times.ttf", "timesbd.ttf", "timesi.ttf", "timesbi.ttf")
    mac = [f"Times New Roman{end}.ttf" for end in ("", " Bold", " Italic", " Bold Italic")]
    yield _in_folder(Path("/System/Library/Fonts/Supplemental"), *mac)


def _system_folders() -> list[Path]:
    if sys.platform == "win32":
        return [Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts"]
    if sys.platform == "darwin":
        return [Path("/Library/Fonts"), Path.home() / "Library/Fonts"]
    home = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share")
    return [Path("/usr/local/share/fonts"), Path("/usr/share/fonts"), home / "fonts"]


def _same_widths() -> Iterator[Files]:
    """Liberation Serif and Tinos: drawn to the widths of Times New Roman."""
    for stem in ("LiberationSerif", "Tinos"):
        names = [f"{stem}-{style}.ttf" for style in ("Regular", "Bold", "Italic", "BoldItalic")]
        for folder in _system_folders():
            for regular in sorted(folder.rglob(names[0])):
                yield _in_folder(regular.parent, *names)


def _packaged(family: str) -> Iterator[Files]:
    """A family installed with the application."""
    import fontpkg

    try:
        upright = fontpkg.path(family), fontpkg.path(family, weight=700)
        slanted = (
            fontpkg.path(family, style="italic"),
            fontpkg.path(family, weight=700, style="italic"),
        )
    except fontpkg.FontpkgError:
        return
    yield (*upright, *slanted)


def _configured(path: Path) -> Iterator[Files]:
    """The four faces beside the file that the office named, or within the folder it named."""
    folder = path if path.is_dir() else path.parent
    faces: dict[str, dict[str, Path]] = {}
    for file in sorted(folder.glob("*.[to]tf")):
        try:
            face = PaperFace(file)
        except (TTFError, OSError):
            continue  # a broken or foreign file among them doesn't hide the good ones
        family, style = (
            bytes(name).decode("latin-1") for name in (face.familyName, face.styleName)
        )
        faces.setdefault(family, {})[style.lower().replace("oblique", "italic")] = file
    for styles in faces.values():
        if path.is_file() and path not in styles.values():
            continue
        if all(style in styles for style in _STYLES):
            yield styles["regular"], styles["bold"], styles["italic"], styles["bold italic"]


_CHAIN: dict[str, Callable[[], Iterator[Files]]] = {
    "times": _times,
    "liberation": _same_widths,
    "spectral": lambda: _packaged("Spectral"),
    "be-vietnam-pro": lambda: _packaged("Be Vietnam Pro"),
}


def _faces(files: Files) -> list[PaperFace] | None:
    """Load four faces if they are there and each holds every Vietnamese letter and ASCII."""
    if not all(file.is_file() for file in files):
        return None
    needed = {ord(char) for char in VIETNAMESE_LETTERS} | set(range(0x20, 0x7F))
    try:
        faces = [PaperFace(file) for file in files]
    except (TTFError, OSError):
        return None
    return faces if all(needed <= face.charToGlyph.keys() for face in faces) else None


def _register(files: Files, faces: list[PaperFace]) -> FontFamily:
    number = next(_serial)
    fonts = []
    for style, face in zip(_STYLES, faces, strict=True):
        marks = "".join(mark for mark in _MARKS if ord(mark) in face.charToGlyph)
        font = PaperFont(f"paper{number}-{style}", face, VIETNAMESE_LETTERS + marks)
        pdfmetrics.registerFont(font)
        fonts.append(font)
    name = bytes(faces[0].familyName).decode("latin-1")
    return FontFamily(name, files[0].parent, *fonts)


@lru_cache(maxsize=8)
def find_fonts(configured: Path | None = None, *, only: str | None = None) -> FontFamily:
    """Return the first family of the chain that passes the check, registered once.

    Args:
        configured: a font file or a folder of fonts that the office chose; it comes first.
        only: one link of the chain ("times", "liberation", "spectral", "be-vietnam-pro").

    Raises:
        FontError: no family holds every Vietnamese letter in all four styles.
    """
    chain = [_CHAIN[only]] if only else list(_CHAIN.values())
    if configured is not None and not only:
        chain.insert(0, lambda: _configured(configured))
    for link in chain:
        for files in link():
            faces = _faces(files)
            if faces is not None:
                return _register(files, faces)
    raise FontError(
        "Không tìm thấy phông chữ nào có đủ 134 chữ cái tiếng Việt nên chưa in được giấy tờ; dữ"
        " liệu vẫn nguyên. Hãy cài Times New Roman hoặc Liberation Serif 2, hoặc chọn phông trong"
        " Cài đặt."
    )


def missing_letters(text: str, fonts: FontFamily | None = None) -> str:
    """Return the characters of this text that can't be printed, each once, in order."""
    return (fonts or find_fonts()).missing_letters(text)
