"""Names of offices as they stand within a sentence; headers print them in capitals anyway."""

from __future__ import annotations

# Written small within a name, by the practice of official documents (NĐ 30/2020 Phụ lục II):
# the first word of the kind of body is capitalised, the words of its task are not.
_KINDS = (
    "ủy ban nhân dân",
    "trung tâm phục vụ hành chính công",
    "bộ phận tiếp nhận và trả kết quả",
    "bộ phận một cửa",
    "hội đồng nhân dân",
)
_SHOWN = {"trung tâm phục vụ hành chính công": "Trung tâm Phục vụ hành chính công"}
_UNITS = frozenset({"xã", "phường", "tỉnh", "huyện", "quận", "thị", "trấn", "đặc", "khu"})


def in_sentence(name: str) -> str:
    """Return a name typed in capitals as it reads within a sentence; others stay as typed.

    >>> in_sentence("ỦY BAN NHÂN DÂN XÃ CAM LỘ")
    'Ủy ban nhân dân xã Cam Lộ'
    """
    if not name.isupper():
        return name
    small = name.lower()
    kind = next((kind for kind in _KINDS if small.startswith(kind)), "")
    rest = [w if w in _UNITS else w.capitalize() for w in small[len(kind) :].split()]
    head = _SHOWN.get(kind, kind.capitalize())
    return " ".join(part for part in (head, *rest) if part)
