"""Lists and bundles: against csv and raw statements, and a limit for the day's file on a stick."""

from __future__ import annotations

import csv
import shutil
import time
import tracemalloc
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.services import list_export, lists, office, reception
from counter_app.services.sync_export import export_bundle
from counter_app.services.sync_office import invite
from counter_app.storage.database import Store
from tests.bench.report import Bench, Line, at_most, below, best_of, told

_AS_RAW, _AGAIN, _WRITTEN, _DAY = 3.0, 1.2, 1.5, 0.300
_MOST_MEMORY = 64
_FILLED, _DAY_DOSSIERS = 20_000, 100
_NOW = datetime(2026, 11, 23, 9)
_HEAD = (
    "Mã hồ sơ,Mã TTHC,Tên TTHC,Lĩnh vực,Chủ hồ sơ,Số định danh,Địa chỉ,Số điện thoại,"
    "Hình thức tiếp nhận,Ngày giờ tiếp nhận,Ngày giờ hẹn trả,Ngày giờ có kết quả,Trạng thái"
).split(",")
_STATES = ("Đã tiếp nhận", "Đang xử lý", "Chờ trả kết quả")


def measure(bench: Bench) -> list[Line]:
    """Measure a list's way in and out, and the bundle of a day."""
    folder = bench.folder / "lists"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    count = max(2_000, int(bench.small * bench.rounds))
    store = _office(folder / "data")
    filled = folder / "filled.csv"
    _write(filled, range(min(_FILLED, count)))
    bench.say(f"filling with {min(_FILLED, count)} dossiers")
    lists.import_list(store, filled, name="a", by="Lan", now=_NOW)
    lines = [*_in(bench, store, folder, count), _out(store, folder), _memory(bench, folder)]
    store.close()
    lines.append(_day(folder))
    shutil.rmtree(folder)
    return lines


def _office(folder: Path) -> Store:
    store = open_app(data=str(folder), environment={}).store
    office.set_up(store, office_name="A", parent="B", agency_code="H50.19.57")
    return store


def _rows(numbers: range) -> Iterator[list[str]]:
    begun = datetime(2026, 1, 5, 8)
    for number in numbers:
        at = begun + timedelta(minutes=number % 400_000)
        done = f"{at + timedelta(days=2):%d/%m/%Y %H:%M}" if number % 3 == 2 else ""
        yield [
            f"H50.19.57-{at:%y%m%d}-{number:07d}",
            "1.004873",
            "Cấp Giấy xác nhận tình trạng hôn nhân",
            "Hộ tịch",
            f"Nguyễn Văn {number}",
            f"0451{number % 10:d}2{number % 1_000_000:06d}",
            "Xã Cam Lộ",
            "0905123456",
            "Trực tiếp" if number % 2 else "Trực tuyến",
            f"{at:%d/%m/%Y %H:%M}",
            f"{at + timedelta(days=5):%d/%m/%Y %H:%M}",
            done,
            _STATES[number % 3],
        ]


def _write(path: Path, numbers: range) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(_HEAD)
        writer.writerows(_rows(numbers))


def _in(bench: Bench, store: Store, folder: Path, count: int) -> Iterator[Line]:
    path = folder / "in.csv"
    _write(path, range(1_000_000, 1_000_000 + count))
    bench.say(f"a list of {count} rows")
    raw = _raw(store, folder, path)
    begun = time.perf_counter()
    report = lists.import_list(store, path, name="b", by="Lan", now=_NOW)
    ours = time.perf_counter() - begun
    if report.new != count:
        msg = f"{report.new} of {count} rows went in"
        raise ValueError(msg)
    name = "csv.reader + upsert of the dossiers' rows, all indexes"
    yield at_most(f"list of {count} new rows", ours, raw, _AS_RAW, floor_name=name)
    again = best_of(
        lambda: lists.import_list(store, path, name="b", by="Lan", now=_NOW), bench.times(5)
    )
    plain = _plain(store, path)
    yield at_most(
        "the same list again", again, plain, _AGAIN, floor_name="csv.reader + executemany"
    )
    changed = folder / "changed.csv"
    changed.write_bytes(path.read_bytes() + b"\r\n")
    begun = time.perf_counter()
    lists.import_list(store, changed, name="c", by="Lan", now=_NOW)
    took = time.perf_counter() - begun
    yield at_most(
        "its rows again in another file", took, plain, _AGAIN, floor_name="csv.reader + executemany"
    )
    yield told("sqlite-utils' upsert", "not measured", "it is none of the locked dependencies")


def _raw(store: Store, folder: Path, path: Path) -> float:
    """Upsert the same rows into a copy's table of dossiers, with its indexes and search."""
    copy = folder / "raw"
    copy.mkdir()
    store.execute("VACUUM INTO ?", (str(copy / "counter.db"),))
    other = open_app(data=str(copy), environment={}).store
    connection = other.database.connection()
    sample = connection.execute("SELECT * FROM dossier ORDER BY id DESC LIMIT 1")
    names = [column[0] for column in sample.description]
    values = list(sample.fetchone())
    places = {name: names.index(name) for name in ("id", "uuid", "code", "official_code")}
    name_at = names.index("applicant_name")
    marks = ",".join("?" * len(names))
    quoted = ",".join(f'"{name}"' for name in names)
    insert = f"INSERT INTO dossier ({quoted}) VALUES ({marks}) ON CONFLICT (id) DO NOTHING"
    first = int(values[places["id"]]) + 1

    def filled(number: int, cells: list[str]) -> tuple[Any, ...]:
        row = list(values)
        row[places["id"]] = first + number
        row[places["uuid"]] = f"{number:032x}"
        row[places["code"]] = f"TAM-09-000000-{number}"
        row[places["official_code"]] = cells[0]
        row[name_at] = cells[4]
        return tuple(row)

    begun = time.perf_counter()
    with path.open(encoding="utf-8-sig", newline="") as stream, other.transaction():
        reader = csv.reader(stream)
        next(reader)
        rows = [filled(number, cells) for number, cells in enumerate(reader)]
        connection.executemany(insert, rows)
        connection.executemany(
            "INSERT INTO dossier_search (rowid, folded) VALUES (?, ?)",
            ((row[places["id"]], row[name_at]) for row in rows),
        )
    took = time.perf_counter() - begun
    other.close()
    return took


def _plain(store: Store, path: Path) -> float:
    """Read a list with csv and put it into a bare table with one key."""
    connection = store.database.connection()
    names = ", ".join(f"c{number}" for number in range(len(_HEAD)))
    connection.execute(f"CREATE TEMP TABLE plain ({names}, PRIMARY KEY (c0))")
    insert = f"INSERT OR REPLACE INTO plain VALUES ({','.join('?' * len(_HEAD))})"

    def run() -> None:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream)
            next(reader)
            connection.execute("BEGIN")
            connection.executemany(insert, reader)
            connection.execute("COMMIT")

    took = best_of(run, 3)
    connection.execute("DROP TABLE plain")
    return took


def _out(store: Store, folder: Path) -> Line:
    rows = list_export.list_rows(store)
    texts = [[str(value) for value in row] for row in rows]

    def bare() -> None:
        with (folder / "bare.csv").open("w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream).writerows(texts)

    ours = best_of(lambda: list_export.export_list(store, folder / "out.csv"), 3)
    name = "csv.writer, of rows in memory"
    return at_most(
        f"export of {len(texts)} rows", ours, best_of(bare, 3), _WRITTEN, floor_name=name
    )


def _memory(bench: Bench, folder: Path) -> Line:
    """Read a large list and put its rows aside, as an import does before it applies them."""
    count = int(200_000 * bench.rounds)
    path = folder / "large.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(_HEAD)
        row = next(_rows(range(1, 2)))
        filler = "x" * 300
        writer.writerows([row[0], *row[1:6], filler, *row[7:]] for _ in range(count))
    size = path.stat().st_size / 1e6
    bench.say(f"a list of {size:.0f} MB")
    reading = lists.read_list(path)
    tracemalloc.start()
    with lists.RowsAside(folder) as aside:
        for parsed in reading:
            aside.add(parsed)
        for _ in aside:
            pass
    most = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    path.unlink()
    what = f"memory for reading a list of {size:.0f} MB"
    return Line(what, f"{most:.0f} MB", "", "", f"≤ {_MOST_MEMORY} MB", most <= _MOST_MEMORY)


def _day(folder: Path) -> Line:
    store = _office(folder / "day")
    invite(store, folder / "invitation.json", counter_number=2, by="Lan", now=_NOW)
    for number in range(_DAY_DOSSIERS):
        request = ReceiveRequest(procedure_code="1.004873", applicant_name=f"Người {number}")
        reception.receive_dossier(store, request, now=_NOW, issue_receipt=True)
    took = best_of(lambda: export_bundle(store, folder / "day.zip", by="Lan", now=_NOW), 5)
    store.close()
    return below(f"sealed bundle of a day's {_DAY_DOSSIERS} dossiers", took, _DAY)
