"""Search as it is typed, letter by letter, and what it finds against a plain scan in Python."""

from __future__ import annotations

import random
import time
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from counter_app.services import browse
from counter_app.storage.database import Store
from tests.bench import data
from tests.bench.report import Bench, Line, at_least, below, ms, percentile, told

_SLOWEST = 0.010
_SHOWN = 50
_SHORTEST_TAIL = 3
_SLIP = "a name with one slip"
# What is scanned by LIKE: somebody's name, numbers and codes, as they stand.
_LIKE = (
    "SELECT id FROM dossier WHERE applicant_name LIKE ?1 OR submitter_name LIKE ?1 OR code LIKE ?1 "
    "OR official_code LIKE ?1 OR citizen_id LIKE ?1 OR phone LIKE ?1 ORDER BY id DESC LIMIT 50"
)
_LIKED = frozenset({"name with marks", "official code", "citizen number", "phone"})
_QUICKER = 20
# How a letter with a mark is typed in Telex; the tone comes last in its word.
_TELEX = {"ă": "aw", "â": "aa", "đ": "dd", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw"}
_TONES = {"\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0301": "s", "\u0323": "j"}


class Wanted(NamedTuple):
    """What somebody types, and the words that are meant, folded."""

    kind: str
    typed: str


def measure(bench: Bench) -> list[Line]:
    """Measure the time of each keystroke, then compare what is found with the oracle."""
    path = data.file_of(bench.folder, bench.large, with_events=False, say=bench.say)
    store = data.open_file(path)
    sessions = _sessions(store, bench.times(160, 24))
    for wanted in sessions[:20]:
        browse.search(store, wanted.typed)
    times: dict[str, list[float]] = {}
    for wanted in sessions:
        for typed in _keystrokes(wanted.typed):
            begun = time.perf_counter()
            browse.search(store, typed)
            times.setdefault(wanted.kind, []).append(time.perf_counter() - begun)
    together = [one for some in times.values() for one in some]
    what = f"search from the second letter, {bench.large:,}: p95"
    note = f"median {ms(percentile(together, 0.5))}, p99 {ms(percentile(together, 0.99))}, "
    note += f"slowest {ms(max(together))}, {len(together):,} keystrokes"
    lines = [below(what, percentile(together, 0.95), _SLOWEST, note)]
    for kind, some in times.items():
        lines.append(told(f"- {kind}: p95", ms(percentile(some, 0.95)), f"slowest {ms(max(some))}"))
    lines.append(_against_like(bench, store, sessions))
    lines.append(_recall(bench, store, [one for one in sessions if one.kind != _SLIP]))
    store.close()
    return lines


def _against_like(bench: Bench, store: Store, sessions: list[Wanted]) -> Line:
    """Compare with LIKE over the same columns, where the text is typed exactly as it is stored."""
    ours, theirs = [], []
    for wanted in [one for one in sessions if one.kind in _LIKED][: bench.times(24, 8)]:
        begun = time.perf_counter()
        browse.search(store, wanted.typed)
        middle = time.perf_counter()
        store.rows(_LIKE, (f"%{wanted.typed}%",))
        theirs.append(time.perf_counter() - middle)
        ours.append(middle - begun)
    return at_least(
        f"search of a whole text, {bench.large:,}: mean",
        sum(ours) / len(ours),
        sum(theirs) / len(theirs),
        _QUICKER,
        peer_name="LIKE over name, numbers and codes",
    )


# ---------------------------------------------------------------------------------- what is typed


def _sessions(store: Store, count: int) -> list[Wanted]:
    """Draw dossiers and type what somebody would look for them by."""
    draw = random.Random(11)
    low, high = store.row("SELECT min(id), max(id) FROM dossier") or (0, 0)
    kinds: list[tuple[str, Callable[[tuple[str, ...]], str]]] = [
        ("name with marks", lambda row: row[0]),
        ("name without marks", lambda row: _fold(row[0])),
        ("name in Telex", lambda row: " ".join(map(_telex, row[0].split()))),
        ("name in NFD", lambda row: unicodedata.normalize("NFD", row[0])),
        ("words cut short", lambda row: " ".join(word[:2] for word in row[0].split())),
        ("given name and village", lambda row: f"{row[0].split()[-1]} {_village(row[4])}"),
        ("family name and procedure", lambda row: f"{row[0].split()[0]} {row[5]}"[:24]),
        ("procedure", lambda row: row[5][:22].lower()),
        ("official code", lambda row: row[1] or row[2]),
        ("our code", lambda row: row[2]),
        ("citizen number", lambda row: row[3]),
        ("phone", lambda row: row[6]),
        ("last digits and family name", lambda row: f"{row[6][-4:]} {row[0].split()[0]}"),
        (_SLIP, lambda row: _slipped(row[0])),
    ]
    found = []
    for number in range(count):
        kind, write = kinds[number % len(kinds)]
        row = store.row(
            "SELECT applicant_name, official_code, code, citizen_id, address, procedure_name, "
            "phone FROM dossier WHERE id >= ? ORDER BY id LIMIT 1",
            (draw.randint(low, high),),
        )
        if row is not None:
            found.append(Wanted(kind, write(row)))
    return found


def _keystrokes(text: str) -> list[str]:
    """Return what stands in the field after each key from the second on."""
    return [text[:end] for end in range(2, len(text) + 1) if text[end - 1] != " "]


def _slipped(name: str) -> str:
    """Swap the last two letters of the last word that has two, as quick hands do."""
    words = _fold(name).split()
    place = max((at for at, word in enumerate(words) if len(word) > 1), default=None)
    if place is not None:
        word = words[place]
        words[place] = word[:-2] + word[-1] + word[-2]
    return " ".join(words)


def _village(address: str) -> str:
    return address.split(",", maxsplit=1)[0].split(" ", 1)[-1]


def _telex(word: str) -> str:
    """Write a word as it comes out when the keyboard's Vietnamese is off."""
    tone, keys = "", ""
    for letter in word.lower():
        parts = unicodedata.normalize("NFD", letter)
        tone = next((_TONES[mark] for mark in parts if mark in _TONES), tone)
        bare = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))
        keys += _TELEX.get(bare, bare)
    return keys + tone


# -------------------------------------------------------------------------------------- the oracle


def _recall(bench: Bench, store: Store, sessions: list[Wanted]) -> Line:
    """Compare with a scan over all dossiers from the newest on, folded here, word by word."""
    texts = _texts(store)
    draw = random.Random(5)
    asked = [draw.choice(_keystrokes(wanted.typed)) for wanted in sessions]
    asked += [wanted.typed for wanted in sessions]
    found = missed = 0
    # Where a scan finds nothing a slip may be forgiven; that is compared in the tests.
    for typed, telex in _with_telex(asked, sessions):
        got = [row.id for row in browse.search(store, typed, limit=_SHOWN)]
        oldest = min(got) if len(got) == _SHOWN else 0
        expected = _scan(texts, typed, exact=not telex)
        if not telex and expected and got != expected:
            missed += len(set(expected) - set(got)) or 1
        missed += sum(one >= oldest and one not in got for one in expected) if telex else 0
        found += len(expected)
    what = f"recall over {len(asked)} searches, {bench.large:,}"
    share = 1 - missed / max(found, 1)
    return Line(what, f"{share:.2%}", f"{found:,} found by a scan", "", "100 %", missed == 0)


def _with_telex(asked: list[str], sessions: list[Wanted]) -> list[tuple[str, bool]]:
    kinds = [wanted.kind for wanted in sessions] * 2
    return [(typed, "Telex" in kind) for typed, kind in zip(asked, kinds, strict=True)]


def _texts(store: Store) -> list[tuple[int, str]]:
    """Fold what a dossier is found by, newest first; nothing of the program's folding is used."""
    rows = store.execute(
        "SELECT id, code, official_code, applicant_name, submitter_name, citizen_id, tax_code, "
        "phone, address, procedure_code, procedure_name FROM dossier ORDER BY id DESC"
    )
    known: dict[str, str] = {}
    texts = []
    for dossier_id, *parts in rows:
        folded = []
        for part in filter(None, parts):
            if part not in known:
                if len(known) > 200_000:
                    known.clear()
                known[part] = _fold(part)
            folded.append(known[part])
        texts.append((dossier_id, " " + " ".join([*folded, *_tails(parts)])))
    return texts


def _tails(parts: list[str | None]) -> list[str]:
    """Write numbers backwards, and what ends a code, so that their end is a beginning."""
    code, official, _, _, citizen, tax, phone = parts[:7]
    numbers = [*filter(None, (citizen, tax, phone))]
    numbers += [one.rsplit("-", 1)[-1] for one in (code, official) if one]
    return ["<" + "".join(c for c in reversed(one) if c.isdigit()) for one in numbers]


def _fold(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.lower()).replace("đ", "d")
    kept = "".join(c if c.isalnum() else " " for c in letters if not unicodedata.combining(c))
    return " ".join(kept.split())


def _scan(texts: list[tuple[int, str]], typed: str, *, exact: bool) -> list[int]:
    """Return the newest dossiers that hold a word beginning with each word that was typed."""
    wanted = [one for word in typed.split() for one in _readings(word if exact else _undo(word))]
    if not wanted:
        return []
    found = []
    for dossier_id, text in texts:
        if all(beginning in text or end in text for beginning, end in wanted):
            found.append(dossier_id)
            if len(found) == _SHOWN:
                break
    return found


def _readings(word: str) -> list[tuple[str, str]]:
    """Return how each part of a typed word may stand in a text: as a beginning, as last digits.

    Digits are the last ones of a number only where they are typed alone: who has typed
    H50.19.27-170 stands in the middle of a code, and means no number that ends in 170.
    """
    if word.isdigit() and len(word) >= _SHORTEST_TAIL:
        return [(" " + word, " <" + word[::-1])]
    return [(" " + part, " " + part) for part in _fold(word).split()]


def _undo(word: str) -> str:
    """Fold what ``_telex`` wrote: take the marks' keys away again."""
    if len(word) > 1 and word[-1] in "frxsj":
        word = word[:-1]
    for letter, keys in _TELEX.items():
        word = word.replace(keys, unicodedata.normalize("NFD", letter.replace("đ", "d"))[0])
    return word
