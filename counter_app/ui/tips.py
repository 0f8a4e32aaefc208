"""Tips that show a text as it is.

Qt guesses whether a tip is HTML. A citizen's name with ``<img src=…>`` in it would make it load
that file, from another machine too, with the clerk's credentials.
"""

from __future__ import annotations

from html import escape


def plain_tip(text: str) -> str:
    """Return what Qt shows as this text, whatever stands in it.

    >>> plain_tip("Lê An"), plain_tip("a < b")
    ('Lê An', '<qt>a &lt; b</qt>')
    """
    if "<" not in text and "&" not in text:
        return text
    lines = escape(text).replace("\n", "<br>")
    return f"<qt>{lines}</qt>"
