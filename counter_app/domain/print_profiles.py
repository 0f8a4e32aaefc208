"""Which printer, tray, side and how many copies each kind of paper goes out with."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

_PARTS = 5
MOST_COPIES = 9
ONE_SIDED, TWO_SIDED = "một mặt", "hai mặt"


class PaperGroup(StrEnum):
    """Papers that go the same way out."""

    RECEIPT = "receipt"
    LETTER = "letter"
    SLIP = "slip"
    LIST = "list"


GROUP_LABELS = {
    PaperGroup.RECEIPT: "Giấy tiếp nhận và hẹn trả",
    PaperGroup.LETTER: "Văn bản xin lỗi",
    PaperGroup.SLIP: "Phiếu bổ sung, từ chối, dừng",
    PaperGroup.LIST: "Danh sách, sổ, báo cáo",
}
_GROUPS = {
    "receipt": PaperGroup.RECEIPT,
    "apology": PaperGroup.LETTER,
    "supplement": PaperGroup.SLIP,
    "refusal": PaperGroup.SLIP,
    "stop": PaperGroup.SLIP,
    "routing-slip": PaperGroup.SLIP,
}


class PrintProfile(NamedTuple):
    """How a group of papers is printed; an empty printer or tray is the computer's own."""

    printer: str = ""
    tray: str = ""
    is_two_sided: bool = False
    copies: int = 1


def group_of(kinds: Iterable[str]) -> PaperGroup:
    """Return the group of papers printed together; papers of several groups go as lists do.

    >>> group_of(["refusal", "stop"])
    <PaperGroup.SLIP: 'slip'>
    """
    groups = {_GROUPS.get(kind, PaperGroup.LIST) for kind in kinds}
    return groups.pop() if len(groups) == 1 else PaperGroup.LIST


def write_profile(group: PaperGroup, profile: PrintProfile) -> str:
    """Write a profile as a setting's line."""
    side = TWO_SIDED if profile.is_two_sided else ONE_SIDED
    names = [name.replace("|", " ").replace(";", " ") for name in (profile.printer, profile.tray)]
    return f"{group} | {names[0]} | {names[1]} | {side} | {profile.copies}"


def read_profiles(lines: Iterable[str]) -> dict[PaperGroup, PrintProfile]:
    """Read a setting's lines; a group without one goes out as it always did.

    Raises:
        ValueError: a line is no profile.
    """
    found = dict.fromkeys(PaperGroup, PrintProfile())
    for line in lines:
        parts = [part.strip() for part in line.split("|")]
        if len(parts) != _PARTS or parts[3] not in {ONE_SIDED, TWO_SIDED}:
            msg = f"“{line}” không phải: loại | máy in | khay | một mặt hoặc hai mặt | số bản."
            raise ValueError(msg)
        copies = int(parts[4])
        if not 1 <= copies <= MOST_COPIES:
            msg = f"Số bản là một số từ 1 đến {MOST_COPIES}."
            raise ValueError(msg)
        found[PaperGroup(parts[0])] = PrintProfile(
            parts[1], parts[2], is_two_sided=parts[3] == TWO_SIDED, copies=copies
        )
    return found
