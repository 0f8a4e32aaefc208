"""Lists and bundles: against csv and raw statements, and a limit for the day's file on a stick."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.services import list_export, lists, office, reception
from counter_app.services.sync_export import export_bundle
from counter_app.services.sync_office import invite
from counter_app.storage.database import Store
from tests.bench.receiving import bare, recorder_of, run
from tests.bench.report import Bench, Line, at_least, at_most, below, best_of, ms, told

_AS_RAW, _AS_PEER, _AGAIN, _WRITTEN, _DAY = 3.0, 3.0, 1.2, 1.5, 0.300
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
    lines = [*_in(bench, store, folder, count), *_out(store, folder), _memory(bench, folder)]
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
    raw, peer = _raw(store, folder, path), _peer(store, folder, path)
    same = _same(store, folder, path)
    ours = _spent(lambda: _import(store, path, count))
    name = "csv.reader + upsert of the dossiers' rows, all indexes"
    yield at_most(f"list of {count} new rows", ours, raw, _AS_RAW, floor_name=name)
    yield told(
        "- against the statements that it runs", ms(ours), f"{ms(same)} the same statements, raw"
    )._replace(ratio=f"{ours / same:.2f}×")
    name = "sqlite-utils' upsert_all of the dossiers' rows, all indexes, no search"
    yield at_least("- against a library", ours, peer, _AS_PEER, peer_name=name)
    again = min(
        _spent(lambda: lists.import_list(store, path, name="b", by="Lan", now=_NOW))
        for _ in range(bench.times(5))
    )
    plain = _plain(store, path)
    yield at_most(
        "the same list again", again, plain, _AGAIN, floor_name="csv.reader + executemany"
    )
    changed = folder / "changed.csv"
    changed.write_bytes(path.read_bytes() + b"\r\n")
    took = _spent(lambda: lists.import_list(store, changed, name="c", by="Lan", now=_NOW))
    yield at_most(
        "its rows again in another file", took, plain, _AGAIN, floor_name="csv.reader + executemany"
    )


def _spent(work: Callable[[], object]) -> float:
    """Return the processor's time of a work: what else the machine does isn't counted."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _import(store: Store, path: Path, count: int) -> None:
    report = lists.import_list(store, path, name="b", by="Lan", now=_NOW)
    if report.new != count:
        msg = f"{report.new} of {count} rows went in"
        raise ValueError(msg)


def _copy(store: Store, target: Path) -> Path:
    target.mkdir()
    store.execute("VACUUM INTO ?", (str(target / "counter.db"),))
    return target


def _same(store: Store, folder: Path, path: Path) -> float:
    """Take the list in on one copy and run its statements with their values on another."""
    noting = open_app(data=str(_copy(store, folder / "noting")), environment={}).store
    recorder = recorder_of(noting)
    lists.import_list(noting, path, name="b", by="Lan", now=_NOW)
    statements, recorder.statements = recorder.statements, []
    recorder.close()
    raw = bare(_copy(store, folder / "replayed") / "counter.db")
    took = _spent(lambda: run(raw, statements))
    raw.close()
    for name in ("noting", "replayed"):
        shutil.rmtree(folder / name)
    return took


def _filled(connection: Any, path: Path) -> tuple[list[str], Callable[[int, list[str]], list[Any]]]:
    """Return the columns of a dossier's row, and what makes one of a list's row."""
    sample = connection.execute("SELECT * FROM dossier ORDER BY id DESC LIMIT 1")
    names = [column[0] for column in sample.description]
    values = list(sample.fetchone())
    at = {name: place for place, name in enumerate(names)}
    first = int(values[at["id"]]) + 1

    def filled(number: int, cells: list[str]) -> list[Any]:
        row = list(values)
        row[at["id"]] = first + number
        row[at["uuid"]] = f"{number:032x}"
        row[at["code"]] = f"TAM-09-000000-{number}"
        row[at["official_code"]] = cells[0]
        row[at["applicant_name"]] = cells[4]
        return row

    return names, filled


def _cells(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream)
        next(reader)
        yield from reader


def _raw(store: Store, folder: Path, path: Path) -> float:
    """Upsert the same rows into a copy's table of dossiers, with its indexes and search."""
    connection = bare(_copy(store, folder / "raw") / "counter.db")
    names, filled = _filled(connection, path)
    marks, quoted = ",".join("?" * len(names)), ",".join(f'"{name}"' for name in names)
    insert = f"INSERT INTO dossier ({quoted}) VALUES ({marks}) ON CONFLICT (id) DO NOTHING"
    id_at, name_at = names.index("id"), names.index("applicant_name")

    def work() -> None:
        connection.execute("BEGIN")
        rows = [filled(number, cells) for number, cells in enumerate(_cells(path))]
        connection.executemany(insert, rows)
        connection.executemany(
            "INSERT INTO dossier_search (rowid, folded) VALUES (?, ?)",
            ((row[id_at], row[name_at]) for row in rows),
        )
        connection.execute("COMMIT")

    took = _spent(work)
    connection.close()
    return took


def _peer(store: Store, folder: Path, path: Path) -> float:
    """Upsert the same rows with sqlite-utils into a copy's table of dossiers, with its indexes."""
    import sqlite_utils

    peer = sqlite_utils.Database(str(_copy(store, folder / "peer") / "counter.db"))
    names, filled = _filled(peer.conn, path)

    def work() -> None:
        rows = (filled(number, cells) for number, cells in enumerate(_cells(path)))
        peer["dossier"].upsert_all((dict(zip(names, row, strict=True)) for row in rows), pk="id")

    took = _spent(work)
    peer.conn.close()
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

    took = min(_spent(run) for _ in range(3))
    connection.execute("DROP TABLE plain")
    return took


def _out(store: Store, folder: Path) -> Iterator[Line]:
    rows = list_export.list_rows(store)
    texts = [[str(value) for value in row] for row in rows]

    def written() -> None:
        with (folder / "bare.csv").open("w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream).writerows(texts)

    def read_and_written() -> None:
        with (folder / "raw.csv").open("w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream).writerows(store.database.connection().execute(list_export._ALL))

    ours = min(_spent(lambda: list_export.export_list(store, folder / "out.csv")) for _ in "abc")
    floor = min(_spent(written) for _ in "abc")
    name = "csv.writer, of rows in memory"
    yield at_most(f"export of {len(texts)} rows", ours, floor, _WRITTEN, floor_name=name)
    raw = min(_spent(read_and_written) for _ in "abc")
    yield told(
        "- against reading them too", ms(ours), f"{ms(raw)} its statement, raw, and csv.writer"
    )._replace(ratio=f"{ours / raw:.2f}×")


def _memory(bench: Bench, folder: Path) -> Line:
    """Read a large list and put its rows aside, in a process of its own, whose memory is told."""
    count = int(400_000 * bench.rounds)
    path = folder / "large.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([*_HEAD, "Cột của hệ thống khác"])
        filler = "x" * 2_300
        writer.writerows([*row, filler] for row in _rows(range(count)))
    size = path.stat().st_size / 1e6
    bench.say(f"a list of {size:.0f} MB")
    words = [sys.executable, "-m", "tests.bench.list_memory", str(path)]
    told_by = subprocess.run(words, capture_output=True, text=True, check=True)
    rows, most = told_by.stdout.split()
    path.unlink()
    if int(rows) != count:
        msg = f"{rows} of {count} rows were read"
        raise ValueError(msg)
    what = f"memory that a list of {size:,.0f} MB adds"
    return Line(
        what, f"{float(most):.0f} MB", "", "", f"≤ {_MOST_MEMORY} MB", float(most) <= _MOST_MEMORY
    )


def _day(folder: Path) -> Line:
    store = _office(folder / "day")
    invite(store, folder / "invitation.json", counter_number=2, by="Lan", now=_NOW)
    for number in range(_DAY_DOSSIERS):
        request = ReceiveRequest(procedure_code="1.004873", applicant_name=f"Người {number}")
        reception.receive_dossier(store, request, now=_NOW, issue_receipt=True)
    took = best_of(lambda: export_bundle(store, folder / "day.zip", by="Lan", now=_NOW), 5)
    store.close()
    return below(f"sealed bundle of a day's {_DAY_DOSSIERS} dossiers", took, _DAY)
