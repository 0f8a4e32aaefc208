"""Every value of every verb, hostile: an answer or a refusal in Vietnamese, and nothing beside it.

The verbs and their options are those the parser declares, so a new one is tried by itself.
Each place gets one value, in turn; ``COUNTER_APP_FUZZ=80`` gives each place so many.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import os
import shutil
import sys
import unicodedata
import zlib
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as driver

from counter_app import bootstrap
from counter_app.__main__ import main
from tests.cli.conftest import MARK, NOW, OFFICE, Said
from tests.cli.verb_walk import lines, parsers, slots

_EACH = int(os.environ.get("COUNTER_APP_FUZZ", "1"))
_LONGEST_ANSWER = 5_000
# Where a found problem is told by the status (contract of the command line).
_CHECKING = {"check", "report", "frozen", "drill", "salvage", "restore"}

HOSTILE = (
    "",
    " ",
    "-",
    "0",
    "-1",
    "1.5",
    "NaN",
    "inf",
    "1e309",
    "9" * 30,
    "9" * 5000,
    "٢٠٢٦",
    "0x10",
    "1_000",
    "2147483648",
    "9223372036854775808",
    "31/02/2026",
    "2026-02-30",
    "2026-02-30T09:00",
    "0001-01-01",
    "9999-12-31",
    "0001-01-01T00:00",
    "9999-12-31T23:59",
    "2199-12-31T23:59",
    "1900-01-01T00:00",
    "2026-11-23T09:00+99:00",
    "2026-W48-1",
    "99999",
    "9999mo",
    "9999wd",
    "9999cd",
    "1wd",
    "x" * 300,
    "đ" * 20_000,
    "a\nb",
    "a\r\nb",
    "a\tb",
    "\x1b[31mđỏ\x1b[0m",
    "\x07",
    "\u202egnp.exe",
    "\u200b",
    "\ufeff",
    "\ufffe",
    "\U0010ffff",
    "Nguye\u0302\u0303n",
    "中文 😀",
    "../../x",
    "..",
    ".",
    "/dev/null",
    "/dev/full",
    "/proc/self/mem",
    "/no/such/folder/x.pdf",
    "C:\\x\\y.pdf",
    "CON",
    "NUL.pdf",
    "x.pdf.",
    "=cmd|'/c calc'!A0",
    "@SUM(1)",
    "'; DROP TABLE dossier; --",
    "%s%s%n",
    "{0.__class__}",
    "${HOME}",
    "<b>&amp;<img src=/etc/passwd>",
    "a=b=c",
    "a=",
    "=",
    "phone=",
    "received_at=9999-12-31T23:59",
    "1=99",
    "a;b;;c",
    "|",
    "a|b|c|d",
    "[" * 2000,
    '{"a": 1}',
    "(((((((((((((((((((((((((((((a*)*)*)*)*)*)*)*)*)*)*)*)",
    "folder",
    "secret.json",
    "empty.csv",
    "nul.csv",
    "utf16.csv",
    "counter.db",
    "copy.db",
    "RECEIVED",
    "COMPLETED",
)
_LIST = (
    "Mã hồ sơ,Mã TTHC,Chủ hồ sơ,Ngày giờ tiếp nhận,Ngày giờ hẹn trả\n"
    "H50.1-261120-0007,1.004873,A,20/11/2026 08:00,26/11/2026 17:00\n"
)
BROKEN = ("\udce1\udcba", "a\0b", "\ud800")


class House:
    """A folder with dossiers in several states, put back after each line that changed it."""

    def __init__(self, base):
        self.base, self.folder = base, base / "own" / "data"
        self.here = base / "a" / "b" / "here"  # deep enough that ../../x is still ours
        self.codes = {}
        self._rows = self._bytes = None

    def __call__(self, *words):
        """Run a verb in this process; returns its status and what it said."""
        out, err = io.StringIO(), io.StringIO()
        with (
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            pytest.MonkeyPatch.context() as patch,
        ):
            patch.setattr(sys, "stdin", io.StringIO("một câu dài để thử 2026\n" * 2))
            status = main(["--data", str(self.folder), *map(str, words)])
        return Said(status, out.getvalue(), err.getvalue())

    def done(self, *words):
        said = self(*words, "--json")
        assert said.status == 0, (words, said)
        return said.json

    def fill(self):
        """Make what the lines speak of."""
        self.here.mkdir(parents=True)
        self.done("setup", *OFFICE, "--rehearsal")
        one = ("--procedure=1.004873", "--citizen-id=045085001234", "--document=Tờ=1/0")
        for state, moves in (
            ("RECEIVED", []),
            ("PROCESSING", [("forward", "--to=Tư pháp", "--officer=A")]),
            ("AWAITING", [("supplement", "--reason=Thiếu")]),
            ("PAYING", [("await-payment",)]),
            ("ASKED", [("ask-opinion", "--unit=Công an", "--what=Nơi ở", "--limit=3wd")]),
            ("COMPLETED", [("complete",)]),
            ("BACK", [("complete",), ("return", "--collected-by=A", "-o", self.here / "o.pdf")]),
        ):
            made = self.done("receive", f"--applicant=Người {state}", *one)
            for move, *rest in moves:
                self.done(move, made["code"], *rest)
            self.codes[state] = made["code"]
        self.done("paper-kit", "make", "--count=3", "-o", self.here / "o.pdf")
        self.done("quick", "add", "--procedure=2.000815", "--applicant=A", "--pages=2")
        self.done("backup", self.here)
        next(self.here.glob("*.db")).rename(self.here / "copy.db")
        self.done("invite", "--counter-number=2", "-o", self.here / "invite.json")
        self.done("export", "-o", self.here / "bundle.zip")
        self.done("procedures", "export", "-o", self.here / "procedures.json")
        (self.here / "o.pdf").unlink()
        for name, content in {
            "scan.pdf": b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n",
            "calendar.json": b'[{"date": "2027-01-01", "kind": "holiday", "name": "T"}]',
            "forms.json": b"{}",
            "cases.csv": (Path(__file__).parent.parent / "data" / "due.csv").read_bytes()[:2000],
            "list.csv": _LIST.encode(),
            "empty.csv": b"",
            "nul.csv": b"a,b\0\0\n" * 50,
            "utf16.csv": "code,name\nđ,ê\n".encode("utf-16"),
            "secret.json": b"[]",
        }.items():
            (self.here / name).write_bytes(content)
        (self.here / "secret.json").chmod(0)
        (self.here / "folder").mkdir()
        shutil.copy(self.folder / "counter.db", self.here / "counter.db")
        shutil.copytree(self.base / "own", self.base / "kept")
        self.beside = self.outside()
        self.rows = self.look()

    def outside(self):
        """Return what lies outside the data folder, but our own copy."""
        found = {}
        for folder, folders, names in os.walk(self.base):
            if folder == str(self.base):
                folders[:] = set(folders) - {"own", "kept"}
            paths = (Path(folder, name) for name in names)
            found.update((path, path.read_bytes()) for path in paths if path.is_file())
        return found

    def look(self):
        """Return a sum over every row of every table, read beside the program."""
        path = self.folder / "counter.db"
        # The same bytes hold the same rows: most lines are refused before they write any.
        bytes_now = [
            zlib.crc32(file.read_bytes()) if file.exists() else None
            for file in (path, path.with_name("counter.db-wal"))
        ]
        if bytes_now != self._bytes:
            self._rows, self._bytes = self._sum(path), bytes_now
        return self._rows

    def _sum(self, path):
        connection = driver.connect(f"{path.as_uri()}?mode=ro", uri=True)
        try:
            total = 0
            names = connection.execute(
                "SELECT name FROM sqlite_master "
                "WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
            ).fetchall()
            for (name,) in names:
                for row in connection.execute(f'SELECT * FROM "{name}"'):
                    total = zlib.crc32(repr(row).encode("utf-8", "replace"), total)
        finally:
            connection.close()
        return total

    def put_back(self):
        """Make the folder and its surroundings again as they were."""
        shutil.rmtree(self.base / "own")
        shutil.copytree(self.base / "kept", self.base / "own")
        now = self.outside()
        for path in now.keys() - self.beside.keys():
            path.unlink()
        for path, content in self.beside.items():
            if now.get(path) != content:
                path.unlink(missing_ok=True)
                path.write_bytes(content)

    def words(self, line):
        return [self.codes.get(word, word) for word in line]

    def try_line(self, line, *, json_too=False):
        """Run one line and hold it to the contract; returns what it said."""
        line = self.words(line) + (["--json"] if json_too else [])
        told = f"{[word[:80] for word in line]!r}"
        said = self(*line)
        verb = line[0]
        allowed = {0, 1, 2} if verb in _CHECKING else {0, 2}
        assert said.status in allowed, (told, said)
        assert "Traceback" not in said.err + said.out, (told, said)
        assert not any(unicodedata.category(c) == "Cc" and c != "\n" for c in said.err), told
        made = self.outside()
        if said.status == 2:
            assert said.out == "", (told, said)
            assert said.err.strip(), told
            assert is_vietnamese(said.err), (told, said.err)
            assert len(said.err) < _LONGEST_ANSWER, told
            assert self.look() == self.rows, (told, "was refused and changed the data")
            assert made == self.beside, (told, "was refused and left a file")
            return said
        if json_too and said.out:
            json.loads(said.out)
        named = {self.here / word.partition("=")[2] for word in line if "=" in word}
        named |= {self.here / word for word in line}
        named = {Path(os.path.normpath(path)) for path in named}
        changed = {path for path, content in made.items() if self.beside.get(path) != content}
        for path in changed | self.beside.keys() - made.keys():
            assert {path, path.parent} & named, (told, path)
        return said

    def check_and_put_back(self):
        """After a line that did something: the data are whole, then they are as before."""
        if self.look() != self.rows:
            checked = self("check")
            assert checked.status == 0, checked
        self.put_back()


def is_vietnamese(text):
    """Say whether a text has a letter that only Vietnamese has among our languages."""
    return any(
        c in "đĐ" or unicodedata.combining(m) for c in text for m in unicodedata.normalize("NFD", c)
    )


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        for name in ("COUNTER_APP_DATA", "COUNTER_APP_DATABASE"):
            patch.delenv(name, raising=False)
        patch.setenv("COUNTER_APP_NOW", NOW)
        patch.setattr(bootstrap, "machine_mark", lambda _path: MARK)
        made = House(tmp_path_factory.mktemp("fuzz"))
        patch.setenv("COUNTER_APP_ANCHOR", str(made.base / "own" / "anchor"))
        made.fill()
        patch.chdir(made.here)
        yield made


def _turn(slot):
    """Return the values in an order that differs from place to place, the same in every run."""
    start = zlib.crc32(str(slot).encode()) % len(HOSTILE)
    return itertools.islice(itertools.cycle(HOSTILE), start, start + min(_EACH, len(HOSTILE)))


def test_the_sound_lines_are_sound(house):
    """Most of them do their work, so the hostile value is all that can be wrong in a line."""
    done = set()
    for verb, parser in parsers().items():
        for line in lines(verb, parser):
            said = house.try_line([verb, *line])
            if said.status != 2:
                done.add(verb)
                house.put_back()
    assert len(parsers().keys() - done) < 12, parsers().keys() - done


@pytest.mark.parametrize("value", BROKEN)
def test_bytes_that_are_no_text_are_refused_in_every_place(house, value):
    for slot in slots():
        assert house.try_line(slot.line(value)).status == 2, slot


@pytest.mark.slow
@pytest.mark.parametrize("verb", sorted(parsers()))
def test_a_hostile_value_in_any_place_of_a_verb_is_used_whole_or_refused(house, verb):
    failed = []
    for number, slot in enumerate(one for one in slots() if one.verb == verb):
        for value in _turn(slot):
            try:
                said = house.try_line(slot.line(value), json_too=number % 2 == 0)
                if said.status != 2:
                    house.check_and_put_back()
            except Exception as error:  # noqa: BLE001 - all are told together
                failed.append(f"{slot} <- {value[:60]!r}: {type(error).__name__} {error}"[:700])
                house.put_back()
    if failed:
        pytest.fail("\n".join(failed), pytrace=False)
