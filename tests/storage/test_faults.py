"""The driver's errors in sentences: by code, by the words that have none, defects let through."""

from __future__ import annotations

from pathlib import Path

import peewee as pw
import pytest
from sqlcipher3 import dbapi2 as driver

from counter_app.errors import DataFileError
from counter_app.storage import faults
from counter_app.storage.faults import translated

PATH = Path("counter.db")


def _fail(error):
    with translated(PATH):
        raise error


def _error(code, text=""):
    error = driver.OperationalError(text)
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (5, faults.BUSY),
        (5 | 2 << 8, faults.BUSY),  # SQLITE_BUSY_SNAPSHOT
        (6, faults.BUSY),
        (7, faults.MEMORY),
        (8, faults.READ_ONLY),
        (8 | 6 << 8, faults.READ_ONLY),  # SQLITE_READONLY_DIRECTORY
        (10, faults.DISK),
        (10 | 3 << 8, faults.DISK),  # SQLITE_IOERR_WRITE
        (11, faults.DAMAGED),
        (13, faults.FULL),
        (14, faults.CANT_OPEN.format(path=PATH)),
        (26, faults.DAMAGED),
    ],
)
def test_a_code_that_a_person_can_mend_becomes_its_sentence(code, sentence):
    with pytest.raises(DataFileError) as told:
        _fail(_error(code))
    assert told.value.message == sentence


@pytest.mark.parametrize("code", [1, 19, 20, 21])
def test_a_defect_of_ours_passes_through(code):
    with pytest.raises(driver.OperationalError):
        _fail(_error(code, "near syntax"))


def test_an_error_without_a_code_is_known_by_its_words():
    with pytest.raises(DataFileError, match="đầy"):
        _fail(driver.OperationalError("database or disk is full"))


def test_the_code_is_found_behind_peewee_s_own_error():
    wrapped = pw.OperationalError("locked")
    wrapped.__cause__ = _error(5)
    with pytest.raises(DataFileError, match="khác sử dụng"):
        _fail(wrapped)
