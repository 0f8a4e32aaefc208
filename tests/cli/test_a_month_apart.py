"""Three desks without a network for a month, by verbs alone: in the end they hold the same.

A random month of work, with a stick that is carried in any order: some files arrive twice, one is
lost and found again, one is cut in the middle, one desk is put back from its copy, the province's
Excel list brings the official codes, and whatever two desks said apart is shown to a person.
"""

from __future__ import annotations

import csv
import json
import random
from datetime import date, datetime, timedelta

import pytest

from counter_app.tabular.tables import table_workbook
from tests.cli.conftest import OFFICE, Terminal

CITIZENS = [(f"Người Dân Số {n}", f"045{n % 2}90{n:06d}") for n in range(1, 400)]
DAYS = [date(2026, 11, 2) + timedelta(days=n) for n in range(28)]
LIST_HEADINGS = (
    "Mã hồ sơ",
    "Mã TTHC",
    "Chủ hồ sơ",
    "Số định danh",
    "Ngày giờ tiếp nhận",
    "Trạng thái",
)
WORKDAYS = range(5)
# What differs from PC to PC, because it is a desk's own.
_OWN = {"id"}


class Month:
    """Three desks, a stick with what they wrote, and a clock that only goes forward."""

    def __init__(self, tmp_path, monkeypatch, capsys, seed):
        self.draw = random.Random(seed)
        self.folder = tmp_path
        self.stick = tmp_path / "stick"
        self.stick.mkdir()
        self.now = datetime(2026, 11, 2, 7, 30)
        self._monkeypatch = monkeypatch
        self.desks = [Terminal(tmp_path / f"quay-{n}", monkeypatch, capsys) for n in (1, 2, 3)]
        self.files = []
        self.people = iter(CITIZENS)
        self.refused = self.done = 0
        self.received, self.coded, self.planned = {}, set(), ()
        self.lost = self.copy = None
        first = self.desks[0]
        self.tick()
        first.done("setup", *OFFICE, "--agency-code", "H50.19.57", "--rehearsal")
        for number, desk in enumerate(self.desks[1:], 2):
            invitation = tmp_path / f"moi-{number}.json"
            first.done("invite", "--counter-number", number, "-o", invitation)
            desk.done("setup", "--join", invitation, "--counter", f"Quầy {number}")

    def tick(self, minutes=3):
        self.now += timedelta(minutes=minutes)
        self._monkeypatch.setenv("COUNTER_APP_NOW", f"{self.now:%Y-%m-%dT%H:%M}")

    # What a day holds

    def act(self, desk):
        """Let a clerk do something; what the rules refuse is no act."""
        self.tick()
        if self.draw.random() < 0.3:
            self.receive(desk)
            return
        known = [row for row in desk.done("list") if row["code"] not in self.planned]
        if not known:
            return
        one = self.draw.choice(known)
        words = self.draw.choice(self._acts(one["code"]))
        said = desk(*words, "--json")
        assert said.status in {0, 2}, said.err
        self.done += said.status == 0
        self.refused += said.status == 2

    def receive(self, desk):
        name, number = next(self.people)
        told = desk.receive(
            name, "--citizen-id", number, "--address", "Thôn Ba, xã Cam Lộ", "--phone", "0905123456"
        )
        self.received[told["code"]] = (name, number, self.now)
        return told["code"]

    def _acts(self, code):
        later = f"{self.now + timedelta(days=self.draw.randint(2, 9)):%Y-%m-%dT17:00}"
        pdf = self.folder / "giay.pdf"
        phone = f"09050000{self.draw.randint(10, 99)}"
        return (
            ("forward", code, "--to", self.draw.choice(["Tư pháp", "Địa chính"])),
            ("forward", code, "--to", "Tư pháp", "--officer", "Trần Văn B"),
            ("accept", code),
            ("complete", code),
            ("complete", code),
            ("return", code, "--collected-by", "người nhà"),
            ("correct", code, "--set", f"phone={phone}", "--reason", "gõ nhầm"),
            ("correct", code, "--set", "address=Thôn Tư, xã Cam Lộ", "--reason", "gõ nhầm"),
            ("extend", code, "--limit", "2wd", "--reason", "xác minh"),
            ("reschedule", code, "--new-due", later, "--reason", "chờ phối hợp"),
            ("explain", code, "--reason", "mất điện", "--expected", later),
            ("supplement", code, "--item", "Bản sao trích lục"),
            ("resubmit", code),
            ("await-payment", code),
            ("paid", code),
            ("refuse", code, "--reason", "không đủ điều kiện"),
            ("withdraw", code, "--reason", "đổi ý"),
            ("undo", code, "--reason", "nhầm"),
            ("contact", code, "--outcome", "called"),
            ("survey", code, "--score", "1=2"),
            ("ask-opinion", code, "--unit", "Công an xã", "--what", "cư trú", "--limit", "1wd"),
            ("opinion-received", code, "--answer", "đúng"),
            ("print", "receipt", code, "-o", pdf),
            ("print", "routing", code, "-o", pdf),
        )

    def evening(self, desk):
        """Issue the letters of the day, and hand results over now and then."""
        self.tick()
        pdf = self.folder / "thu.pdf"
        said = desk("apologies", "--issue", "--signer", "Phó Chủ tịch|Trần Văn C", "-o", pdf)
        assert said.status in {0, 2}, said.err
        self.tick()
        said = desk("reassign", "--from", "Trần Văn B", "--to", "Lê Thị D", "--reason", "nghỉ phép")
        assert said.status in {0, 2}, said.err

    # The stick

    def send(self, desk):
        self.tick()
        number = self.desks.index(desk) + 1
        path = self.stick / f"{len(self.files):03d}-quay-{number}.zip"
        desk.done("export", "-o", path)
        self.files.append(path)
        return path

    def take(self, desk, path):
        self.tick()
        return desk.done("import", path)

    def rounds(self, count=2):
        """Carry everything to everybody, as the office's PC does at the end of a month."""
        for _ in range(count):
            sent = [self.send(desk) for desk in self.desks]
            for desk in self.desks:
                for path in self.draw.sample(sent, len(sent)):
                    self.take(desk, path)

    def lose(self, path):
        """Let a file fall behind the cupboard."""
        self.lost = path

    def keep_copy(self):
        self.copy = self.desks[1].done("backup")["file"]

    # What a desk holds

    def holds(self, desk):
        """Return everything two desks can be compared by, through the verbs alone."""
        rows = sorted(desk.done("list"), key=lambda row: row["code"])
        target = self.folder / "ds.csv"
        desk.done("export", "--list", "-o", target)
        with target.open(encoding="utf-8-sig", newline="") as stream:
            listed = sorted(csv.reader(stream))
        report = desk.done("report", "--from", DAYS[0], "--to", DAYS[-1] + timedelta(days=9))
        assert report["breaches"] == []
        return {
            "fingerprint": desk.done("fingerprint"),
            "list": [{k: v for k, v in row.items() if k not in _OWN} for row in rows],
            "histories": {row["code"]: desk.done("history", row["code"]) for row in rows},
            "csv": listed,
            "report": report,
            "conflicts": sorted(
                (c["id"], c["code"], c["field"], c["in_force"])
                for c in desk.done("conflicts", "list")
            ),
        }

    def same(self):
        first, *others = (self.holds(desk) for desk in self.desks)
        for other in others:
            for name, value in first.items():
                assert other[name] == value, name
        for desk in self.desks:
            bad = [c for c in json.loads(desk("check", "--json").out) if not c["ok"]]
            assert bad == [], bad
        return first


@pytest.fixture(params=[1, 6])
def month(request, tmp_path, monkeypatch, capsys, terminal):
    return Month(tmp_path, monkeypatch, capsys, request.param)


def test_a_month_apart_ends_with_three_desks_that_hold_the_same(month):
    # What is known everywhere from the beginning, to be disagreed on.
    month.planned = tuple(month.receive(month.desks[0]) for _ in range(3))
    month.tick()
    month.desks[0].done("forward", month.planned[2], "--to", "Tư pháp")
    month.rounds(1)
    for day in DAYS:
        if day.weekday() in WORKDAYS:
            work(month, day)
    assert month.done > 20
    for desk in month.desks:  # the cupboard was moved
        assert month.take(desk, month.lost)["rejected"] == 0
    month.rounds()
    told = month.same()
    check_all_is_shown(month, told)
    assert month.take(month.desks[0], month.draw.choice(month.files))["new"] == 0
    decide_all(month)
    told = month.same()
    assert told["conflicts"] == []
    for row in told["list"]:
        if row["code"] in month.coded and not row["official_code"]:
            kinds = [event["kind"] for event in told["histories"][row["code"]]]
            # Somebody took the code off again, or ruled that the other dossier keeps it.
            assert {"undo", "resolve"} & set(kinds), row


def work(month, day):
    """Let a day pass: work at every desk, a file or two, and what happens on some days only."""
    morning = datetime.combine(day, datetime.min.time()) + timedelta(hours=8)
    month.now = max(month.now, morning)
    for _ in range(month.draw.randint(3, 6)):
        month.act(month.draw.choice(month.desks))
    month.evening(month.draw.choice(month.desks))
    path = month.send(month.draw.choice(month.desks))
    happens = {
        2: lambda: cut_in_the_middle(month, path),
        3: lambda: disagree(month, *month.planned),
        5: month.keep_copy,
        9: lambda: month.lose(path),
        11: lambda: put_back_from_the_copy(month),
        17: lambda: take_back_and_again(month),
    }
    happens.get(day.day, list)()
    for _ in range(month.draw.randint(0, 3)):
        file = month.draw.choice(month.files)
        if file != month.lost:
            month.take(month.draw.choice(month.desks), file)
    if day.day in {13, 24}:
        provincial_list(month, month.draw.sample(month.desks, 2))


def check_all_is_shown(month, told):
    """Every disagreement stands before a person, at every desk."""
    phones, steps, dates = month.planned
    fields = {(code, field) for _, code, field, _ in told["conflicts"]}
    codes = {code for code, _ in fields}
    assert set(month.planned) <= {row["code"] for row in told["list"]}
    assert (phones, "phone") in fields
    assert {steps, dates} <= codes


def put_back_from_the_copy(month):
    """Restore one desk from its copy of six days before; the others know most of what went."""
    _, two, three = month.desks
    month.receive(two)
    month.take(three, month.send(two))
    month.receive(two)
    two.done("restore", month.copy)
    month.receive(two)


def disagree(month, phones, steps, dates):
    """Let two desks say different things of three dossiers, neither knowing of the other."""
    one, two, three = month.desks
    for desk, phone in ((one, "0905111111"), (two, "0905222222")):
        month.tick()
        desk.done("correct", phones, "--set", f"phone={phone}", "--reason", "gõ nhầm")
    month.tick()
    two.done("complete", steps)
    month.tick()
    three.done("withdraw", steps, "--reason", "đổi ý")
    for desk, day in ((one, "10"), (three, "12")):
        month.tick()
        desk.done(
            "reschedule", dates, "--new-due", f"2026-11-{day}T17:00", "--reason", "chờ phối hợp"
        )


def cut_in_the_middle(month, path):
    """Bring a file that was pulled with the stick: refused whole, nothing changes."""
    torn = month.stick / "cut.zip"
    data = path.read_bytes()
    torn.write_bytes(data[: len(data) * 2 // 3])
    desk = month.draw.choice(month.desks)
    before = desk.done("fingerprint")
    assert "không thay đổi" in desk.refused("import", torn)
    assert desk.done("fingerprint") == before


def provincial_list(month, desks):
    """Take the province's worksheet in at two desks: its codes for what has none yet."""
    month.tick()
    rows = []
    for row in desks[0].done("list"):
        code = row["code"]
        if row["official_code"] or code not in month.received or code in month.coded:
            continue
        name, number, at = month.received[code]
        month.coded.add(code)
        official = f"H50.19.57-{at:%y%m%d}-{1000 + len(month.coded):04d}"
        rows.append([official, "1.004873", name, number, f"{at:%d/%m/%Y %H:%M}", ""])
    target = month.folder / f"tinh-{month.now:%d%H%M}.xlsx"
    target.write_bytes(table_workbook("Hồ sơ", LIST_HEADINGS, rows))
    for place, desk in enumerate(desks):
        month.tick()
        told = desk.done("import", target)
        assert told["rows"] == len(rows)
        assert told["rejected"] == 0, told["errors"]
        # The other desk may not have heard of some yet: it takes them for the province's own.
        assert told["new"] == 0 or place, told
        again = desk.done("import", target)
        assert (again["new"], again["updated"]) == (0, 0)


def take_back_and_again(month):
    """Take an import back and bring its file once more."""
    desk = month.draw.choice(month.desks)
    sender = month.draw.choice([one for one in month.desks if one is not desk])
    month.receive(sender)
    path = month.send(sender)
    told = month.take(desk, path)
    before = desk.done("fingerprint")
    month.tick()
    if not told["gaps"] and told["new"]:
        desk.done("import-undo", told["import_id"])
        assert desk.done("fingerprint") != before
        again = month.take(desk, path)
        assert again["new"] == told["new"]


def decide_all(month):
    """Let a person rule at one desk, carry the rulings, until nothing is open anywhere."""
    for _ in range(6):
        desk = month.draw.choice(month.desks)
        found = desk.done("conflicts", "list")
        if not found:
            return
        ruled = 0
        while found:
            ruled += 1
            assert ruled < 200, found[:3]
            month.tick()
            kept = month.draw.choice([found[0]["ours_event"], found[0]["theirs_event"]])
            found = desk.done("conflicts", "resolve", found[0]["id"], "--keep", kept)
        month.rounds(1)
    month.rounds()
