"""The printed code is read as it was drawn, and a slip of the hand is found in its group."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_app.domain.unlocking import (
    CODE_BYTES,
    as_one_writes,
    has_marks,
    is_meant_as_code,
    is_typed_back,
    read_code,
    why_passphrase_unusable,
    write_code,
)
from counter_app.errors import InputError

SECRETS = st.binary(min_size=CODE_BYTES, max_size=CODE_BYTES)


@given(SECRETS, st.sampled_from(["-", " ", "", "  ", ".", "\n"]))
def test_a_code_is_read_as_it_was_written(secret, separator):
    text = write_code(secret).replace("-", separator)
    assert is_meant_as_code(text)
    assert read_code(text) == secret


@given(SECRETS, st.integers(0, 47), st.integers(1, 9))
def test_one_wrong_digit_is_found_in_its_group(secret, place, change):
    digits = list(write_code(secret).replace("-", ""))
    digits[place] = str((int(digits[place]) + change) % 10)
    with pytest.raises(InputError, match=f"Nhóm thứ {place // 6 + 1} "):
        read_code("".join(digits))


@given(SECRETS, st.integers(0, 46))
def test_two_digits_swapped_within_a_group_are_found(secret, place):
    digits = list(write_code(secret).replace("-", ""))
    if place % 6 == 5 or digits[place] == digits[place + 1]:
        return
    digits[place], digits[place + 1] = digits[place + 1], digits[place]
    with pytest.raises(InputError, match=f"Nhóm thứ {place // 6 + 1} "):
        read_code("".join(digits))


@pytest.mark.parametrize("text", ["", "123456", "1" * 47, "a" * 48, "٣" * 48])
def test_what_is_no_code_is_refused_in_a_sentence(text):
    with pytest.raises(InputError, match="Mã khôi phục gồm 8 nhóm"):
        read_code(text)


def test_groups_are_typed_back_with_or_without_separators():
    code = write_code(bytes(range(16)))
    parts = code.split("-")
    assert is_typed_back(code, (2, 7), f"{parts[1]} {parts[6]}")
    assert is_typed_back(code, (2, 7), parts[1] + parts[6])
    assert not is_typed_back(code, (2, 7), parts[6] + parts[1])
    assert not is_typed_back(code, (2, 7), "")


@pytest.mark.parametrize(
    ("passphrase", "told"),
    [
        ("muoi mot ky", "ít nhất 12 ký tự"),
        (" " * 12, "ít nhất 12 ký tự"),
        ("aaaaaaaaaaaa", "quá dễ đoán"),
        ("x" * 201, "dài quá"),
        ("123456" * 8, "dãy số dài"),
    ],
)
def test_a_weak_passphrase_is_told_why(passphrase, told):
    assert told in why_passphrase_unusable(passphrase)


def test_a_passphrase_is_one_however_the_keyboard_puts_its_marks_together():
    text = "con trâu đi trước"
    assert why_passphrase_unusable(text) == ""
    assert as_one_writes(unicodedata.normalize("NFD", text)) == as_one_writes(text)
    assert has_marks(text)
    assert not has_marks("con trau di truoc")
