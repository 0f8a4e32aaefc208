import errno
import mmap
import os
import sys
import time

import pytest

from counter_app import atomic
from counter_app.atomic import (
    FileNotWrittenError,
    atomically,
    flush_in_pieces,
    flush_times,
    remove_in_pieces,
    write_atomically,
)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_appears_with_all_its_pieces(tmp_path):
    write_atomically(tmp_path / "danh sách.csv", iter([b"a", b"bc"]))
    assert (tmp_path / "danh sách.csv").read_bytes() == b"abc"
    assert names(tmp_path) == ["danh sách.csv"]


def test_a_new_file_has_the_permissions_any_new_file_gets(tmp_path):
    (tmp_path / "plain").write_bytes(b"")
    write_atomically(tmp_path / "whole", b"")
    assert (tmp_path / "whole").stat().st_mode == (tmp_path / "plain").stat().st_mode


def broken_pieces(number):
    yield b"half of it"
    raise OSError(number, os.strerror(number))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "đĩa đã đầy"),
        (errno.EROFS, "không cho ghi"),
        (errno.ENOENT, "không còn thư mục"),
        (errno.EIO, "ổ đĩa báo lỗi"),
    ],
)
def test_a_failing_disk_leaves_the_old_file_and_no_other(tmp_path, number, words):
    target = tmp_path / "list.csv"
    target.write_bytes(b"old")
    with pytest.raises(FileNotWrittenError, match=words):
        write_atomically(target, broken_pieces(number))
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["list.csv"]


def test_a_defect_while_writing_leaves_nothing_and_is_not_hidden(tmp_path):
    with pytest.raises(ZeroDivisionError):
        write_atomically(tmp_path / "list.csv", (bytes([1 // n]) for n in (1, 0)))
    assert names(tmp_path) == []


def test_a_large_file_is_flushed_every_two_megabytes(tmp_path, monkeypatch):
    sizes, flush = [], os.fsync

    def watch(handle):
        flush(handle)
        sizes.append(os.fstat(handle).st_size)

    monkeypatch.setattr(os, "fsync", watch)
    write_atomically(tmp_path / "copy.db", iter([bytes(1 << 20)] * 5))
    assert sizes[:3] == [2 << 20, 4 << 20, 5 << 20]


@pytest.fixture
def flushed(monkeypatch):
    """Return the pieces of a file that were flushed by themselves, and their places."""
    found = []

    class Watched(mmap.mmap):
        def __new__(cls, handle, length, *, offset):
            found.append((offset, length))
            return super().__new__(cls, handle, length, offset=offset)

    monkeypatch.setattr(mmap, "mmap", Watched)
    monkeypatch.setattr(time, "sleep", found.append)
    return found


def test_a_file_that_is_there_is_flushed_piece_by_piece_with_room_between(tmp_path, flushed):
    path = tmp_path / "copy.db"
    path.write_bytes(bytes((4 << 20) + 1))
    flush_in_pieces(path)
    assert flushed == [(0, 2 << 20), 0.005, (2 << 20, 2 << 20), 0.005, (4 << 20, 1), 0.005]
    path.write_bytes(b"")
    flush_in_pieces(path)


def test_a_disk_that_fails_at_a_piece_is_told(tmp_path, monkeypatch):
    class Failing(mmap.mmap):
        def flush(self):
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(mmap, "mmap", Failing)
    (tmp_path / "copy.db").write_bytes(b"x")
    with pytest.raises(OSError, match="Input/output error"):
        flush_in_pieces(tmp_path / "copy.db")


def test_a_disk_without_windows_on_its_files_is_flushed_whole(tmp_path, monkeypatch):
    def refuse(*_given, **_named):
        raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))

    flushes, flush = [], os.fsync
    monkeypatch.setattr(mmap, "mmap", refuse)
    monkeypatch.setattr(os, "fsync", lambda handle: flushes.append(flush(handle)))
    (tmp_path / "copy.db").write_bytes(b"x")
    flush_in_pieces(tmp_path / "copy.db")
    assert flushes == [None]


@pytest.mark.skipif(sys.platform != "linux", reason="a disk of Linux frees blocks while one waits")
def test_a_large_file_loses_its_name_and_then_goes_bit_by_bit(tmp_path, monkeypatch):
    path = tmp_path / "copy.db"
    path.write_bytes(bytes((5 << 20) + 1))
    left, flush = [], os.fsync

    def watch(handle):
        flush(handle)
        left.append((names(tmp_path) == ["copy.db"], os.fstat(handle).st_size - 1))

    monkeypatch.setattr(os, "fsync", watch)
    remove_in_pieces(path)
    assert left == [(False, 3 << 20), (False, 1 << 20)]
    assert names(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows removes nothing that is open")
def test_who_reads_a_large_file_that_is_removed_reads_it_to_its_end(tmp_path):
    path = tmp_path / "copy.db"
    path.write_bytes(bytes(5 << 20))
    with path.open("rb") as reader:
        assert len(reader.read(1 << 20)) == 1 << 20
        remove_in_pieces(path)
        assert len(reader.read()) == 4 << 20
    assert names(tmp_path) == []


def test_a_small_file_is_simply_removed_and_one_that_is_gone_is_no_error(tmp_path, monkeypatch):
    monkeypatch.setattr(atomic, "_PIECE", 4)
    (tmp_path / "a").write_bytes(b"four")
    remove_in_pieces(tmp_path / "a")
    remove_in_pieces(tmp_path / "a")
    assert names(tmp_path) == []


def test_a_vanished_folder_is_told_by_its_name(tmp_path):
    with pytest.raises(FileNotWrittenError, match="USB"):
        write_atomically(tmp_path / "gone" / "list.csv", b"x")


def test_flushing_is_timed_on_the_disk_of_a_folder_and_leaves_nothing_there(tmp_path):
    times = flush_times(tmp_path, 5)
    assert len(times) == 5
    assert 0 < times[0] <= times[-1]
    assert times == sorted(times)
    assert names(tmp_path) == []
    with pytest.raises(FileNotWrittenError, match="USB"):
        flush_times(tmp_path / "gone")


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path):
    (tmp_path / "list.csv").mkdir()
    with pytest.raises(FileNotWrittenError, match="thư mục"):
        write_atomically(tmp_path / "list.csv", b"x")
    assert names(tmp_path) == ["list.csv"]


def test_a_name_that_is_too_long_is_told(tmp_path):
    with pytest.raises(FileNotWrittenError, match="quá dài"):
        write_atomically(tmp_path / ("x" * 300), b"x")


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_link_stays_a_link_to_the_new_content(tmp_path):
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    write_atomically(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_another_writer_may_fill_the_temporary_path(tmp_path):
    with atomically(tmp_path / "book.xlsx") as temporary:
        temporary.write_bytes(b"book")
        assert not (tmp_path / "book.xlsx").exists()
    assert (tmp_path / "book.xlsx").read_bytes() == b"book"


@pytest.mark.parametrize(
    "name", ["CON", "nul.pdf", "Lpt1.csv", "a.pdf.", "a.pdf ", "a:b.pdf", "a\nb"]
)
def test_a_name_that_no_windows_pc_could_hold_is_told_before_anything_is_done(tmp_path, name):
    with pytest.raises(FileNotWrittenError, match="Windows"), atomically(tmp_path / name):
        pytest.fail("the work was begun")
    assert names(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="no such files there")
def test_a_device_or_a_pipe_is_never_replaced_by_a_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    for name in ("pipe", "link"):
        with pytest.raises(FileNotWrittenError, match="thiết bị"), atomically(tmp_path / name):
            pytest.fail("the work was begun")
    assert (tmp_path / "pipe").is_fifo()


def test_a_folder_in_the_place_of_the_file_is_told_before_anything_is_done(tmp_path):
    with pytest.raises(FileNotWrittenError, match="thư mục"), atomically(tmp_path):
        pytest.fail("the work was begun")
