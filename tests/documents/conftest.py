"""Papers to make, and the one font that lays them out the same everywhere."""

from __future__ import annotations

from typing import Any

import pypdfium2
import pytest
from paper_samples import DENSE, LIGHT, SORRY

from counter_app.documents.fonts import FontFamily, find_fonts
from counter_app.domain.papers import ApologyFacts, ReceiptFacts


@pytest.fixture(scope="session")
def spectral() -> FontFamily:
    """The font from PyPI: the same page on every machine, and wider than Times."""
    return find_fonts(only="spectral")


@pytest.fixture
def receipt():
    """A receipt as most are, changed where a test says so."""

    def make(**changes: Any) -> ReceiptFacts:
        return ReceiptFacts(**(LIGHT | changes))

    return make


@pytest.fixture
def dense_receipt():
    """A receipt at its extremes: sixty letters of name, ten papers, two hundred of address."""

    def make(**changes: Any) -> ReceiptFacts:
        return ReceiptFacts(**(DENSE | changes))

    return make


@pytest.fixture
def apology():
    """A letter as most are, changed where a test says so."""

    def make(**changes: Any) -> ApologyFacts:
        return ApologyFacts(**(SORRY | changes))

    return make


class Reading:
    """A PDF file read back: sizes in points, boxes as (left, bottom, right, top)."""

    def __init__(self, content: bytes) -> None:
        document = pypdfium2.PdfDocument(content)
        self.metadata = document.get_metadata_dict()
        self.sizes, self.texts, self.boxes, self.pictures = [], [], [], []
        for page in document:
            words = page.get_textpage()
            self.sizes.append(page.get_size())
            self.texts.append(" ".join(words.get_text_bounded().split()))
            self.boxes.append([words.get_rect(i) for i in range(words.count_rects())])
            words.close()
            page.close()
        self._document = document

    @property
    def text(self) -> str:
        return " ".join(self.texts)

    def picture(self, scale: float = 300 / 72):
        """Return the first page as an image."""
        return self._document[0].render(scale=scale).to_pil()

    def close(self) -> None:
        self._document.close()


@pytest.fixture
def read():
    """Read a PDF file back."""
    readings = []

    def reading(content: bytes) -> Reading:
        readings.append(Reading(content))
        return readings[-1]

    yield reading
    for one in readings:
        one.close()
