"""Search (tìm hồ sơ): any words in any order, cut short, without marks, last digits, one slip."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from counter_app.domain.opening_facts import DossierRow
from counter_app.domain.search_text import may_be_forgiven, slips, typed_tail
from counter_app.domain.vietnamese import fold, search_forms
from counter_app.storage import dossiers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from counter_app.storage.database import Store

_FOUND = (
    f"SELECT {dossiers.ROW_COLUMNS} FROM dossier WHERE office_id = 1 AND "  # noqa: S608 - own words
    "id IN (SELECT rowid FROM dossier_search WHERE dossier_search MATCH ? "
    "ORDER BY rowid DESC LIMIT ?) ORDER BY id DESC"
)
# Names alone, because an address may hold the word too and many are looked at; who submitted is
# mostly who applies.
_NAMED = (
    "SELECT id, applicant_name, nullif(submitter_name, applicant_name), "
    "json_extract(details, '$.subject_name') FROM dossier WHERE office_id = 1 AND "
    "id IN (SELECT rowid FROM dossier_search WHERE dossier_search MATCH ? "
    "AND rowid < ? ORDER BY rowid DESC LIMIT ?) ORDER BY id DESC"
)
_WHOLE = (
    f"SELECT {dossiers.ROW_COLUMNS} FROM dossier WHERE id IN (SELECT value FROM json_each(?)) "  # noqa: S608
    "ORDER BY id DESC"
)
_FIRST_LOOKED_AT = 60
_MOST_LOOKED_AT = 2_000  # for a slip's true word that stands in addresses everywhere
_LAST = 2**62


def search(store: Store, text: str, *, limit: int = 50) -> list[DossierRow]:
    """Find dossiers by any words: code, name, number, phone, address, procedure, content.

    Newest first. Marks don't matter, words may stand in any order and may be cut short, a number
    is found by its last digits, and raw Telex or VNI is understood; a text in an old encoding is,
    when it means nothing as it stands. When nothing else is found, one slip in a name is forgiven.
    """
    found = _matches(store, fts_query(text), limit)
    if not found and not text.isascii():
        found = _matches(store, fts_query(text, old=True), limit)
    return found or _forgiven(store, text, limit)


def _matches(store: Store, query: str, limit: int) -> list[DossierRow]:
    if not query:
        return []
    return [DossierRow._make(row) for row in store.rows(_FOUND, (query, limit))]


def fts_query(text: str, *, old: bool = False) -> str:
    """Write a search as FTS5 reads it: every word a prefix, its readings as alternatives.

    A word with marks is read in old encodings only if ``old``: while it is being typed it is no
    syllable yet, and "phâ" would also find "phó".
    """
    return " AND ".join(filter(None, (_group(word, old=old) for word in text.split())))


def _group(word: str, *, old: bool = False) -> str:
    readings = search_forms(word)
    if not (old or word.isascii()):
        readings = readings[:1]
    forms = [" AND ".join(f'"{part}"*' for part in form.split()) for form in readings]
    tail = typed_tail(word)
    if tail:
        forms.append(f'"{tail}"*')
    return "(" + " OR ".join(f"({form})" for form in forms) + ")" if forms else ""


def _forgiven(store: Store, text: str, limit: int) -> list[DossierRow]:
    """Find by the words of names that one of the typed words is a slip of."""
    words = text.split()
    groups = [_group(word) for word in words]
    # A word that stands nowhere is the one that slipped; two of them are more than one slip.
    nowhere = [at for at, group in enumerate(groups) if group and not _stands(store, group)]
    if len(nowhere) > 1:
        return []
    meant: set[str] = set()
    readings = []
    for place in nowhere or range(len(words)):
        known = _known_words(store, search_forms(words[place]))
        if known:
            meant |= known
            put = "(" + " OR ".join(f'"{one}"' for one in sorted(known)) + ")"
            others = [one for at, one in enumerate(groups) if one and at != place]
            readings.append("(" + " AND ".join([*others, put]) + ")")
    return _named(store, " OR ".join(readings), meant, limit) if readings else []


def _stands(store: Store, group: str) -> bool:
    sql = "SELECT 1 FROM dossier_search WHERE dossier_search MATCH ? LIMIT 1"
    return store.row(sql, (group,)) is not None


def _known_words(store: Store, forms: Iterable[str]) -> set[str]:
    """Return the words of names that are one slip away from a word."""
    near = {slip for form in forms if may_be_forgiven(form) for slip in slips(form)}
    if not near:
        return set()
    marks = ",".join("?" * len(near))
    rows = store.rows(f"SELECT word FROM nameword WHERE word IN ({marks})", tuple(near))  # noqa: S608
    return {word for (word,) in rows}


def _named(store: Store, query: str, meant: set[str], limit: int) -> list[DossierRow]:
    """Return those whose names hold a word that was meant: the index also knows addresses."""
    found: list[int] = []
    known: dict[str, bool] = {}
    before, looked_at, at_once = _LAST, 0, _FIRST_LOOKED_AT
    while len(found) < limit and looked_at < _MOST_LOOKED_AT:
        rows = store.rows(_NAMED, (query, before, at_once))
        found += [number for number, *names in rows if _holds(names, meant, known)]
        looked_at += len(rows)
        if len(rows) < at_once:
            break
        before = rows[-1][0]
        # As many as will hold what is missing, if they are like those before.
        share = looked_at // (len(found) or 1) + 1
        wanted = max((limit - len(found)) * share, _FIRST_LOOKED_AT)
        at_once = min(wanted, _MOST_LOOKED_AT - looked_at)
    if not found:
        return []
    return [DossierRow._make(row) for row in store.rows(_WHOLE, (json.dumps(found[:limit]),))]


def _holds(names: Iterable[str | None], meant: set[str], known: dict[str, bool]) -> bool:
    """Tell whether one of the names holds a word that was meant; few words make up all names."""
    for word in " ".join(filter(None, names)).split():
        is_meant = known.get(word)
        if is_meant is None:
            is_meant = known[word] = not meant.isdisjoint(fold(word).split())
        if is_meant:
            return True
    return False


def count_found(store: Store, text: str) -> int:
    """Return how many dossiers hold the words; it may take longer than to show the newest."""
    query = fts_query(text)
    if not query:
        return 0
    sql = "SELECT count(*) FROM dossier_search WHERE dossier_search MATCH ?"
    row = store.row(sql, (query,))
    return int(row[0]) if row else 0


def ids_of_words(store: Store, text: str) -> Sequence[int]:
    """Return the ids of all dossiers that hold the words, newest first; no slip is forgiven."""
    query = fts_query(text)
    if not query:
        return []
    rows = store.rows(
        "SELECT rowid FROM dossier_search WHERE dossier_search MATCH ? ORDER BY rowid DESC",
        (query,),
    )
    return [one for (one,) in rows]
