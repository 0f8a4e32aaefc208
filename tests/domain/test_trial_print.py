"""What an answer to the test print changes, and how it is written down."""

from __future__ import annotations

import pytest

from counter_app.domain.print_profiles import PrintProfile
from counter_app.domain.trial_print import (
    CameOut,
    PrinterMend,
    mend_of,
    mended,
    put_mend,
    read_mends,
    write_mends,
)

PLAIN = PrinterMend()
LETTERS = PrintProfile("HP", "Lower", is_two_sided=True, copies=2)


@pytest.mark.parametrize("came_out", [CameOut.RIGHT, CameOut.NOTHING])
def test_what_is_right_or_not_there_yet_changes_nothing(came_out):
    mend = PrinterMend(is_turned=True, is_true_size=True)
    assert mended(came_out, mend, LETTERS) == (mend, LETTERS)


def test_each_fault_changes_what_mends_it_and_nothing_else():
    assert mended(CameOut.TURNED, PLAIN, LETTERS) == (PrinterMend(is_turned=True), LETTERS)
    assert mended(CameOut.SHRUNK, PLAIN, LETTERS) == (PrinterMend(is_true_size=True), LETTERS)
    assert mended(CameOut.TWO_SIDED, PLAIN, LETTERS) == (PLAIN, PrintProfile("HP", "Lower"))


def test_turning_in_vain_is_taken_back():
    first = mended(CameOut.TURNED, PLAIN, LETTERS)
    assert mended(CameOut.TURNED, *first) == (PLAIN, LETTERS)


def test_mends_come_back_as_they_were_written_whatever_the_printer_is_called():
    mends = put_mend({}, "HP | tầng 2; cũ", PrinterMend(is_turned=True))
    mends = put_mend(mends, "Canon", PrinterMend(is_true_size=True))
    mends = put_mend(mends, "Epson", PLAIN)
    known = read_mends(write_mends(mends))
    assert mend_of(known, "HP | tầng 2; cũ") == PrinterMend(is_turned=True)
    assert mend_of(known, "Canon") == PrinterMend(is_true_size=True)
    assert mend_of(known, "Epson") == PLAIN
    assert len(known) == 2


@pytest.mark.parametrize(
    "line", ["HP", " | không quay | đúng cỡ", "HP | quay 45 độ | đúng cỡ", "HP | không quay | nhỏ"]
)
def test_a_line_that_is_none_is_refused(line):
    with pytest.raises(ValueError, match="không phải"):
        read_mends([line])
