"""Finding a procedure by what people call it: folded words, typed in any order, half finished."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from counter_app.domain.vietnamese import fold, search_forms

if TYPE_CHECKING:
    from counter_app.domain.catalogue import Procedure

_EXPECTED_LIMIT = 8
_RARITY = 1000  # weighs a word that only one procedure has
_UNFINISHED = 100  # a word that is only begun weighs more than words left over
# Words that open a request and say nothing of the procedure: "xin làm giấy …", "thủ tục …".
_FILLERS = frozenset("toi em minh muon xin can di lam thu tuc ve cho de ho so nop o dau gi".split())


class _Rank(IntEnum):
    """How well a procedure fits; lower is better."""

    CODE = 0
    EXACT_ALIAS = 1
    EXACT_NAME = 2
    ALIAS_PREFIX = 3
    NAME_PREFIX = 4
    ALIAS_WORDS = 5
    NAME_WORDS = 6
    ANY_WORDS = 7
    SOME_WORDS = 8


class _Phrase(NamedTuple):
    words: tuple[str, ...]
    is_alias: bool


class _Entry(NamedTuple):
    procedure: Procedure
    position: int
    code: str
    phrases: tuple[_Phrase, ...]
    words: frozenset[str]


class _Query(NamedTuple):
    """What was typed: each word's possible readings, and the known words that begin with one."""

    readings: tuple[frozenset[str], ...]
    completions: tuple[frozenset[str], ...]


class CatalogueIndex:
    """The catalogue prepared for searching while somebody types; build it once per change."""

    def __init__(self, procedures: Iterable[Procedure]) -> None:
        """Fold every name once."""
        self._entries = [_prepare(p, i) for i, p in enumerate(procedures)]
        self._words = sorted(frozenset[str]().union(*(e.words for e in self._entries)))

    def __len__(self) -> int:
        return len(self._entries)

    def match(
        self,
        text: str,
        limit: int = _EXPECTED_LIMIT,
        usage: Mapping[str, int] | None = None,
    ) -> list[Procedure]:
        """Return what ``text`` may mean, best first; nothing typed gives the most used.

        Args:
            text: code, name or what people call it, with or without marks, also raw Telex or VNI.
            limit: how many at most.
            usage: how often each code was used here; it decides among equally good answers.
        """
        counts = usage or {}
        typed = fold(text).split()
        if not typed:
            found = [(0, 0, e) for e in self._entries if counts.get(e.procedure.code)]
        else:
            found = self._find_code(typed) or self._find_words(text.split())
        found.sort(key=lambda f: (f[0], -counts.get(f[2].procedure.code, 0), f[1], f[2].position))
        return [entry.procedure for _, _, entry in found[:limit]]

    def _find_code(self, typed: list[str]) -> list[tuple[int, int, _Entry]]:
        digits = "".join(c for c in "".join(typed) if c.isalnum())
        if not digits[:1].isdigit():
            return []
        return [(_Rank.CODE, 0, e) for e in self._entries if e.code.startswith(digits)]

    def _find_words(self, raw: list[str]) -> list[tuple[int, int, _Entry]]:
        query = self._query(raw)
        found = self._all_words(query)
        if not found:
            telling = [w for w in raw if fold(w) not in _FILLERS]
            if telling and len(telling) < len(raw):
                query = self._query(telling)
                found = self._all_words(query)
        return found or self._some_words(query)

    def _query(self, raw: Sequence[str]) -> _Query:
        readings = tuple(
            frozenset(r for form in (fold(word), *search_forms(word)) for r in form.split())
            for word in raw
        )
        readings = tuple(r for r in readings if r)
        return _Query(readings, tuple(self._complete(r) for r in readings))

    def _complete(self, readings: frozenset[str]) -> frozenset[str]:
        known: set[str] = set()
        for reading in readings:
            start = bisect_left(self._words, reading)
            for word in self._words[start:]:
                if not word.startswith(reading):
                    break
                known.add(word)
        return frozenset(known)

    def _all_words(self, query: _Query) -> list[tuple[int, int, _Entry]]:
        if not all(query.completions):
            return []
        ranked = ((_rank(entry, query), entry) for entry in self._entries)
        return [(rank, extra, entry) for (rank, extra), entry in ranked if rank >= 0]

    def _some_words(self, query: _Query) -> list[tuple[int, int, _Entry]]:
        """Take what holds the most of the words, at least half; a rare word tells more."""
        needed = max((len(query.completions) + 1) // 2, 1)
        holders = [
            {e.position for e in self._entries if known & e.words} for known in query.completions
        ]
        held = {e.position: [h for h in holders if e.position in h] for e in self._entries}
        most = max((len(h) for h in held.values()), default=0)
        if most < needed:
            return []
        return [
            (int(_Rank.SOME_WORDS), -sum(_RARITY // len(h) for h in held[e.position]), e)
            for e in self._entries
            if len(held[e.position]) == most
        ]


def match_procedures(
    procedures: Iterable[Procedure] | CatalogueIndex,
    text: str,
    limit: int = _EXPECTED_LIMIT,
    usage: Mapping[str, int] | None = None,
) -> list[Procedure]:
    """Search without keeping an index: for scripts and single questions."""
    index = procedures if isinstance(procedures, CatalogueIndex) else CatalogueIndex(procedures)
    return index.match(text, limit, usage)


def _prepare(procedure: Procedure, position: int) -> _Entry:
    names = [
        _Phrase(_words(n), is_alias=False) for n in (procedure.name, procedure.short_name) if n
    ]
    aliases = [_Phrase(_words(a), is_alias=True) for a in procedure.aliases]
    phrases = tuple(p for p in (*aliases, *names) if p.words)
    words = {w for p in phrases for w in p.words} | set(_words(procedure.sector))
    return _Entry(
        procedure=procedure,
        position=position,
        code="".join(c for c in procedure.code.lower() if c.isalnum()),
        phrases=phrases,
        words=frozenset(words),
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple("".join(c if c.isalnum() else " " for c in fold(text)).split())


def _rank(entry: _Entry, query: _Query) -> tuple[int, int]:
    """Return the best rank and how many words are left over; (-1, 0) if a word is missing."""
    if not all(known & entry.words for known in query.completions):
        return -1, 0
    ranks = (_rank_phrase(phrase, query) for phrase in entry.phrases)
    best = min((r for r in ranks if r is not None), default=None)
    return best or (int(_Rank.ANY_WORDS), _left_over(entry.words, query))


def _rank_phrase(phrase: _Phrase, query: _Query) -> tuple[int, int] | None:
    count = len(query.readings)
    extra = len(phrase.words) - count
    if extra >= 0:
        begins = (
            all(phrase.words[i] in query.readings[i] for i in range(count - 1))
            and phrase.words[count - 1] in query.completions[count - 1]
        )
        if begins:
            whole = extra == 0 and phrase.words[-1] in query.readings[-1]
            if whole:
                return int(_Rank.EXACT_ALIAS if phrase.is_alias else _Rank.EXACT_NAME), 0
            return int(_Rank.ALIAS_PREFIX if phrase.is_alias else _Rank.NAME_PREFIX), extra
    words = frozenset(phrase.words)
    if all(known & words for known in query.completions):
        rank = _Rank.ALIAS_WORDS if phrase.is_alias else _Rank.NAME_WORDS
        return int(rank), _left_over(words, query)
    return None


def _left_over(words: frozenset[str], query: _Query) -> int:
    unfinished = sum(1 for readings in query.readings if not readings & words)
    return unfinished * _UNFINISHED + max(len(words) - len(query.readings), 0)
