"""A list is read a row at a time: what that takes of the memory doesn't grow with the file."""

from __future__ import annotations

import tracemalloc

from counter_app.services.rows_aside import RowsAside
from counter_app.tabular.list_reading import read_list

HEAD = "Mã hồ sơ,Mã TTHC,Tên TTHC,Chủ hồ sơ,Nội dung,Ngày giờ tiếp nhận\n"


def most_of_reading(folder, count):
    source = folder / f"{count}.csv"
    with source.open("w", encoding="utf-8") as stream:
        stream.write(HEAD)
        for number in range(count):
            words = f"{number} " * 150
            stream.write(f"H50-{number},1.004873,Cấp,Lê Đức,{words},20/11/2026 08:00\n")
    tracemalloc.start()
    try:
        with RowsAside(folder) as aside:
            for parsed in read_list(source):
                aside.add(parsed)
            assert sum(1 for _ in aside) == count
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_list_four_times_as_long_takes_no_more_memory(tmp_path, monkeypatch):
    # As for a list beyond what is kept before the disk is used: both of these would be kept whole.
    monkeypatch.setattr("counter_app.services.rows_aside._IN_MEMORY", 1 << 18)
    few, many = most_of_reading(tmp_path, 1500), most_of_reading(tmp_path, 6000)
    assert many < few * 1.3
