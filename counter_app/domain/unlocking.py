"""What opens encrypted data: a passphrase (mật khẩu mở dữ liệu), or the code of a printed sheet.

The code is made of digits only, because UniKey and foreign keyboards leave them alone: eight
groups of six. Each group is sixteen bits times eleven, so that a wrong digit, or two that were
swapped, is found in the group where it happened.
"""

from __future__ import annotations

import unicodedata

from counter_app.errors import InputError

CODE_BYTES = 16
GROUPS, GROUP_DIGITS = 8, 6
_FACTOR = 11
_MOST_IN_GROUP = (1 << 16) * _FACTOR
_SHORTEST, _LONGEST, _FEWEST_KINDS = 12, 200, 5
# So many digits and nothing else are meant as the code, not as a passphrase.
_SURELY_A_CODE = 40
_SEPARATORS = frozenset(" -–—.,;_\t\r\n")


def write_code(secret: bytes) -> str:
    """Write sixteen bytes as the code that is printed.

    >>> write_code(bytes(14) + bytes([1, 2]))
    '000000-000000-000000-000000-000000-000000-000000-002838'
    """
    numbers = (int.from_bytes(secret[at : at + 2], "big") for at in range(0, CODE_BYTES, 2))
    return "-".join(f"{number * _FACTOR:0{GROUP_DIGITS}d}" for number in numbers)


def read_code(text: str) -> bytes:
    """Read a code as somebody typed it from paper.

    Raises:
        InputError: digits are missing, or a group can't be right; the sentence says which.
    """
    digits = "".join(c for c in text if c not in _SEPARATORS)
    if len(digits) != GROUPS * GROUP_DIGITS or not (digits.isascii() and digits.isdecimal()):
        raise InputError(
            f"Mã khôi phục gồm {GROUPS} nhóm, mỗi nhóm {GROUP_DIGITS} chữ số; mã vừa nhập có "
            f"{len(digits)} ký tự. Nhập lại theo phiếu.",
            field="secret",
        )
    found = bytearray()
    for number in range(GROUPS):
        value = int(digits[number * GROUP_DIGITS : (number + 1) * GROUP_DIGITS])
        if value % _FACTOR or value >= _MOST_IN_GROUP:
            raise InputError(
                f"Nhóm thứ {number + 1} của mã khôi phục gõ sai. Xem lại nhóm đó trên phiếu.",
                field="secret",
            )
        found += (value // _FACTOR).to_bytes(2, "big")
    return bytes(found)


def is_meant_as_code(text: str) -> bool:
    """Tell whether a text is a code, be it one with mistakes, rather than a passphrase.

    >>> is_meant_as_code("123456-" * 8), is_meant_as_code("12345678 con trau")
    (True, False)
    """
    rest = [c for c in text if c not in _SEPARATORS]
    return len(rest) >= _SURELY_A_CODE and all(c.isascii() and c.isdecimal() for c in rest)


def groups_of(code: str, numbers: tuple[int, ...]) -> str:
    """Return some groups of a code, counted from one, as they are typed back to confirm it."""
    parts = code.split("-")
    return "".join(parts[number - 1] for number in numbers)


def is_typed_back(code: str, numbers: tuple[int, ...], text: str) -> bool:
    """Tell whether somebody has typed these groups as they stand on the sheet."""
    return "".join(c for c in text if c not in _SEPARATORS) == groups_of(code, numbers)


def as_one_writes(passphrase: str) -> str:
    """Take one letter for one letter, however the keyboard put its marks together."""
    return unicodedata.normalize("NFC", passphrase)


def why_passphrase_unusable(passphrase: str) -> str:
    """Say why a new passphrase can't be used, in a sentence; empty if it can.

    >>> why_passphrase_unusable("con trau di truoc"), bool(why_passphrase_unusable("matkhau1"))
    ('', True)
    """
    text = as_one_writes(passphrase)
    if len(text) > _LONGEST:
        return f"Mật khẩu mở dữ liệu dài quá {_LONGEST} ký tự."
    if len(text.strip()) < _SHORTEST:
        return f"Mật khẩu mở dữ liệu cần ít nhất {_SHORTEST} ký tự: bốn từ dễ nhớ viết liền là đủ."
    if len(set(text)) < _FEWEST_KINDS:
        return "Mật khẩu mở dữ liệu này quá dễ đoán."
    if is_meant_as_code(text):
        return "Mật khẩu mở dữ liệu không được là một dãy số dài như mã khôi phục."
    return ""


def has_marks(passphrase: str) -> bool:
    """Tell whether a passphrase needs the Vietnamese typing program (UniKey) to be typed."""
    return not as_one_writes(passphrase).isascii()
