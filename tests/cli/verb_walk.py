"""Every verb and option as the parser declares them, and sound lines around each of their places.

A new verb is walked because it is declared; the tables only help a line to come further than the
door, so that what lies behind is tried as well.
"""

from __future__ import annotations

import argparse
from functools import cache
from typing import NamedTuple

from counter_app.cli import VERBS
from counter_app.cli.parser import make_parser

# Lines that do something in the folder of the fuzz; words in capitals are dossiers in that state.
LINES = {
    "setup": ["--office=Trung_tâm --parent=UBND", "--join=invite.json --counter=Quầy"],
    "settings": ["list", "get paper", "set paper a5", "set hotline 0233", "set units Một;Hai"],
    "procedures": ["list", "show 1.004873", "import procedures.json", "export -o out.csv"],
    "demo": ["week"],
    "backup": ["", "copies"],
    "restore": ["copy.db --dry-run", "copy.db"],
    "drill": ["copy.db"],
    "salvage": ["counter.db -o saved.db"],
    "calendar": ["show 2026", "import calendar.json", "confirm --confirm-year=2027 --decision=1"],
    "due": ["--received=2026-11-20T09:00 --limit=3wd", "--cases=cases.csv -o out.csv"],
    "receive": [
        "--procedure=1.004873 --applicant=A",
        "--procedure=1.004873 --guidance --reason=Thiếu --applicant=A",
    ],
    "set-official-code": ["RECEIVED H50.1-261120-0001"],
    "reschedule": ["RECEIVED --reason=Vì --new-due=2026-12-01T09:00"],
    "supplement": ["RECEIVED --reason=Thiếu"],
    "close": ["AWAITING --reason=Quá_hạn"],
    "resubmit": ["AWAITING"],
    "paid": ["PAYING"],
    "extend": ["RECEIVED --limit=3wd --reason=Vì"],
    "undo": ["PROCESSING --reason=Nhầm"],
    "ask-opinion": ["RECEIVED --unit=Công_an --what=Nơi_ở --limit=3wd"],
    "opinion-received": ["ASKED --unit=Công_an"],
    "return": ["COMPLETED --collected-by=A", "COMPLETED --collected-by=A -o out.pdf"],
    "contact": ["COMPLETED --outcome=called"],
    "handover": ["BG-01-261123-0001 -o out.pdf"],
    "correct": ["RECEIVED --reason=Nhầm --set phone=0912345678"],
    "attach": [
        "RECEIVED scan.pdf --kind=input",
        "RECEIVED --kind=input --document=Tờ --exempt=online",
    ],
    "survey": ["COMPLETED --score 1=2"],
    "print": [
        "receipt RECEIVED -o out.pdf",
        "routing-slip PROCESSING -o out.pdf",
        "register -o out.pdf",
        "posting -o out.pdf",
        "handover -o out.pdf",
        "supplement AWAITING -o out.pdf",
    ],
    "apologies": ["", "--issue --signer=Chủ_tịch|A -o out.pdf"],
    "import": ["list.csv", "list.csv --dry-run", "bundle.zip"],
    "forms": ["list", "import forms.json"],
    "accept": ["PROCESSING --officer=A"],
    "reassign": ["PROCESSING --to=B --reason=Nghỉ"],
    "step": ["RECEIVED 1"],
    "fee": ["RECEIVED", "RECEIVED --amount=5000 --reason=Khác"],
    "paper-kit": [
        "make --count=5 -o out.pdf",
        "list",
        "print KIT -o out.pdf",
        "close GIU --reason=Hỏng",
    ],
    "unit-sheet": ["list", "show 1", "answer 1 --row=1 --kept"],
    "quick": ["add --procedure=2.000815 --applicant=A --pages=2", "list", "undo --reason=Nhầm"],
    "books": ["list", "start TLHT 5"],
    "report": [
        "--from=2026-11-01 --to=2026-11-30",
        "--from=2026-11-01 --to=2026-11-30 -o out.pdf",
        "--from=2026-10-01 --to=2026-10-31 --freeze --officer=A -o out.pdf",
    ],
    "frozen": ["", "1"],
    "invite": ["--counter-number=3 -o invite.json"],
    "export": ["-o out.zip", "--list -o out.csv", "--plain=folder"],
    "import-undo": ["1"],
    "conflicts": ["list", "resolve 1 --keep=1"],
    "users": ["list", "add A --role=clerk", "passwd A", "role A --role=head", "disable A"],
    "audit": ["", "list -o out.csv", "--dossiers -o out.csv"],
    "privacy": ["export 045085001234 -o out.json", "remove 079085001234 --reason=Theo_yêu_cầu"],
    "show": ["RECEIVED"],
}
_USUAL = {
    "MOMENT": "2026-11-23T08:30",
    "D": "2026-11-20",
    "N": "1",
    "NAME": "A",
    "TEXT": "A",
    "CODE": "RECEIVED",
    "UNIT": "Tư pháp",
    "LIMIT": "3wd",
}


class Slot(NamedTuple):
    """One place where a value may stand, in a sound line."""

    verb: str
    before: tuple[str, ...]
    option: str  # empty where the value stands by its place
    after: tuple[str, ...]
    is_path: bool

    def line(self, value: str) -> list[str]:
        """Return the verb's line with ``value`` here."""
        here = f"{self.option}={value}" if self.option.startswith("--") else value
        return [self.verb, *self.before, here, *self.after]

    def __str__(self) -> str:
        return f"{self.verb} {' '.join((*self.before, self.option or '·', *self.after))}"


@cache
def parsers() -> dict[str, argparse.ArgumentParser]:
    """Return the parser of each verb."""
    whole = make_parser(VERBS)
    (commands,) = (a for a in whole._actions if isinstance(a, argparse._SubParsersAction))
    return dict(commands.choices)


def _usual(action: argparse.Action) -> str:
    if action.choices:
        return str(next(iter(action.choices)))
    return _USUAL.get(str(action.metavar), "1")


def lines(verb: str, parser: argparse.ArgumentParser) -> list[list[str]]:
    """Return sound lines of a verb: ours, or what it requires."""
    if verb in LINES:
        return [[word.replace("_", " ") for word in line.split()] for line in LINES[verb]]
    words = []
    for action in parser._actions:
        if not action.option_strings and action.nargs not in {"?", "*"}:
            words.append(_usual(action))
        elif action.required:
            words.append(f"{action.option_strings[-1]}={_usual(action)}")
    words += [
        f"{group._group_actions[0].option_strings[-1]}=1"
        for group in parser._mutually_exclusive_groups
        if group.required
    ]
    return [words]


def _is_path(action: argparse.Action) -> bool:
    return any(word in str(action.metavar) for word in ("FILE", "DIR", ".csv", ".db"))


@cache
def slots() -> tuple[Slot, ...]:
    """Return every place of every verb where a value may stand, with a sound line around it."""
    return tuple(
        slot
        for verb, parser in parsers().items()
        for line in lines(verb, parser)
        for slot in _slots_of(verb, parser, line)
    )


def _slots_of(verb: str, parser: argparse.ArgumentParser, line: list[str]) -> list[Slot]:
    found = []
    options = [a for a in parser._actions if a.option_strings and a.nargs != 0]
    for action in options:
        rest, skips = [], False
        for word in line:
            if skips:
                skips = False
            elif word.partition("=")[0] in action.option_strings:
                skips = "=" not in word
            else:
                rest.append(word)
        found.append(Slot(verb, tuple(rest), action.option_strings[-1], (), _is_path(action)))
    places = [a for a in parser._actions if not a.option_strings]
    number = 0
    for at, word in enumerate(line):
        if word.startswith("-") or (at and line[at - 1] in {"-o", "--set", "--score"}):
            continue
        place = places[min(number, len(places) - 1)]
        number += 1
        found.append(Slot(verb, tuple(line[:at]), "", tuple(line[at + 1 :]), _is_path(place)))
    if number < len(places):  # one word more than the line needs
        found.append(Slot(verb, tuple(line), "", (), _is_path(places[number])))
    return found
