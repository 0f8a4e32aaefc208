"""The papers a procedure asks for, a line each, as a clerk types them in the catalogue's editor."""

from __future__ import annotations

import re
from collections.abc import Iterable

from counter_app.domain.catalogue import DOCUMENT_KINDS, RequiredDocument
from counter_app.domain.text import clean_line, fold

_KIND_WORDS = {"form": "mẫu", "submit": "nộp", "present": "xuất trình"}
_KINDS = {fold(word): kind for kind, word in _KIND_WORDS.items()} | {
    fold(label): kind for kind, label in DOCUMENT_KINDS.items()
}
_OPTIONAL = "nếu có"
_COUNTS = re.compile(r"(\d{1,3})\s*/\s*(\d{1,3})", re.ASCII)


def write_documents(documents: Iterable[RequiredDocument]) -> str:
    """Write papers a line each: name, originals and copies, kind, whether only where there is one.

    >>> write_documents([RequiredDocument("Tờ khai", "form", 1, 0, required=False)])
    'Tờ khai | 1/0 | mẫu | nếu có'
    """
    lines = []
    for one in documents:
        parts = [one.name.replace("|", "/"), f"{one.originals}/{one.copies}"]
        if one.kind != "submit":
            parts.append(_KIND_WORDS.get(one.kind, one.kind))
        if not one.required:
            parts.append(_OPTIONAL)
        lines.append(" | ".join(parts))
    return "\n".join(lines)


def read_documents(text: str) -> tuple[RequiredDocument, ...]:
    """Read papers a line each; what follows the name may stand in any order.

    Raises:
        ValueError: a part isn't known; the message is a sentence that names its line.
    """
    return tuple(
        _read(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()
    )


def _read(number: int, line: str) -> RequiredDocument:
    name, *parts = (clean_line(part) for part in line.split("|"))
    if not name:
        msg = f"Dòng {number}: thiếu tên giấy tờ. Viết: Tên | số bản chính/số bản sao."
        raise ValueError(msg)
    kind, originals, copies, required = "submit", 0, 0, True
    for part in parts:
        if counts := _COUNTS.fullmatch(part):
            originals, copies = int(counts[1]), int(counts[2])
        elif fold(part) == fold(_OPTIONAL):
            required = False
        elif fold(part) in _KINDS:
            kind = _KINDS[fold(part)]
        elif part:
            msg = (
                f"Dòng {number}: không hiểu “{part}”. Sau tên chỉ ghi số bản như 1/0, rồi mẫu, "
                "nộp, xuất trình hoặc nếu có."
            )
            raise ValueError(msg)
    return RequiredDocument(name, kind, originals, copies, required)
