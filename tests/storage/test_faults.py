"""The driver's errors in sentences: by code, by the words that have none, defects let through."""

from __future__ import annotations

from pathlib import Path

import peewee as pw
import pytest
from sqlcipher3 import dbapi2 as driver

from counter_app.errors import DataFileError
from counter_app.storage import faults
from counter_app.storage.backup import check_whole
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


@pytest.fixture
def made(tmp_path):
    """Return a closed file with one table, its index and a row."""
    path = tmp_path / "counter.db"
    connection = driver.connect(str(path))
    connection.execute("CREATE TABLE hoso (ten TEXT)")
    connection.execute("CREATE INDEX theo_ten ON hoso (ten)")
    connection.execute("INSERT INTO hoso VALUES ('Nguyễn Văn An')")
    connection.commit()
    connection.close()
    return path


def turn(path, old, new):
    """Put other bytes of the same length in the place of some."""
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new))


def read_whole(path):
    connection = driver.connect(str(path))
    try:
        with translated(path):
            return connection.execute("SELECT ten FROM hoso").fetchall()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"CREATE INDEX theo_ten", b"CREATE INDE\xa9 theo_ten"),  # SQLite's message is no text
        (b"CREATE TABLE hoso (ten", b"CREATE TABLE hoso ,ten"),
        ("Nguyễn Văn An".encode(), "Nguyễn Văn An".encode()[:-1] + b"\xc3"),
    ],
)
def test_text_that_was_turned_over_is_damage(made, old, new):
    assert read_whole(made) == [("Nguyễn Văn An",)]
    turn(made, old, new)
    with pytest.raises(DataFileError) as told:
        read_whole(made)
    assert told.value.message == faults.DAMAGED


def test_a_copy_whose_table_of_names_is_damaged_is_not_whole(made):
    assert check_whole(made) == []
    turn(made, b"CREATE INDEX theo_ten", b"CREATE INDE\xa9 theo_ten")
    assert check_whole(made) == ["không phải cơ sở dữ liệu hoặc không đọc được"]


def test_bytes_of_another_place_that_are_no_text_pass_through():
    with pytest.raises(UnicodeDecodeError):
        _fail(UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"))
