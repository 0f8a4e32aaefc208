"""A file that somebody gives: read when it is one, refused when it is a device or has no end."""

from __future__ import annotations

import errno
import os
import tracemalloc

import pytest

from counter_app.given import open_given, read_given


def refusal(read, *words, **options):
    try:
        read(*words, **options)
    except OSError as error:
        return error.errno
    return None


def test_a_file_is_read_up_to_what_was_agreed(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"12345")
    assert read_given(path, most=5) == b"12345"
    assert refusal(read_given, path, most=4) == errno.EFBIG


def test_of_a_file_that_holds_more_only_one_byte_more_is_read(tmp_path):
    path = tmp_path / "a"
    with path.open("wb") as stream:
        stream.truncate(1 << 28)
    tracemalloc.start()
    try:
        assert refusal(read_given, path, most=4) == errno.EFBIG
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def test_a_folder_is_no_file(tmp_path):
    assert refusal(open_given, tmp_path) == errno.EISDIR


@pytest.mark.skipif(os.name == "nt", reason="no such files there")
def test_a_device_without_end_and_a_pipe_that_never_begins_are_not_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zeros").symlink_to("/dev/zero")
    for name in ("pipe", "zeros"):
        assert refusal(open_given, tmp_path / name) == errno.EINVAL
