"""The office's own wording of forms: dated versions that are only added, checked before they are.

What was issued keeps the version it was issued with; a new one holds for papers from its day on.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from counter_app.domain.moments import from_epoch, to_epoch
from counter_app.domain.vietnamese import clean_line, clean_text
from counter_app.errors import InputError, PaperError
from counter_app.services import audit, journal
from counter_app.services.paper_events import wordings
from counter_app.services.settings import get_settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from counter_app.documents.form_texts import TextPlace
    from counter_app.documents.wording import FormWording
    from counter_app.storage.database import Store

_OWN_RANK = 1000  # later than any shipped version of the same day
_WORDED = ("receipt", "apology", "slips")
_INSERT = (
    "INSERT INTO formversion (office_id, version, valid_from, source, body, recorded_at, officer) "
    "VALUES (1, ?, ?, ?, ?, ?, ?)"
)


class VersionFacts(NamedTuple):
    """One version of a form set's wording, for a list of what held when."""

    version: str
    name: str
    valid_from: date
    source: str
    is_own: bool
    recorded_at: datetime | None
    officer: str


class EditedForm(NamedTuple):
    """One form as it is edited: its texts now, as shipped, and the fields they may name."""

    place: str
    name: str
    texts: tuple[TextPlace, ...]
    shipped: dict[str, str]
    fields: tuple[str, ...]


def edited_forms(store: Store, *, now: datetime) -> list[EditedForm]:
    """Return the forms of the set in use with the texts that were saved last."""
    from counter_app.documents.form_texts import forms_of, known_fields, texts_of, words_of

    form, shipped = newest(store, now=now), _shipped(store, now)
    return [
        EditedForm(
            place,
            name,
            tuple(texts_of(form, place)),
            words_of(shipped, place),
            known_fields(form, place),
        )
        for place, name in forms_of(form).items()
    ]


def newest(store: Store, *, now: datetime) -> FormWording:
    """Return the version that was saved last for the set in use, also if its day is to come."""
    shipped = _shipped(store, now)
    own = [
        form
        for form in wordings(store).forms.values()
        if form.form_set == shipped.form_set and form.rank >= _OWN_RANK
    ]
    same_root = [form for form in own if _root(form) == shipped.version]
    return max(same_root, key=lambda form: form.rank, default=shipped)


def preview_texts(store: Store, place: str, texts: Mapping[str, str], *, now: datetime) -> bytes:
    """Make the PDF of a form with changed texts and made-up facts; nothing is saved.

    Raises:
        PaperError: a text can't be used; ``field`` is its place.
    """
    from counter_app.documents.samples import sample_pdf

    form, _ = _made(store, texts, valid_from=now.date(), source="xem trước", now=now)
    return sample_pdf(form, place, paper="a4" if get_settings(store)["paper"] == "a4" else "a5")


def save_texts(
    store: Store,
    texts: Mapping[str, str],
    *,
    valid_from: date,
    source: str,
    by: str,
    now: datetime,
) -> str:
    """Add a version with changed texts, valid from a day on; returns its name.

    ``texts`` are the changed ones by place; a text as shipped is none of the office's own, so
    that giving all of them as shipped resets the forms. Papers already issued don't change.

    Raises:
        PaperError: a text can't be used; ``field`` is its place, nothing is saved.
        InputError: the day lies behind, no source is given, or nothing differs.
    """
    if valid_from < now.date():
        raise InputError(
            f"Lời văn mới chỉ áp dụng từ hôm nay ({now:%d/%m/%Y}) trở đi; giấy đã phát hành giữ "
            "lời văn cũ. Chưa lưu gì. Chọn lại ngày.",
            field="valid_from",
        )
    reason = clean_line(source)
    if not reason:
        raise InputError(
            "Ghi căn cứ sửa lời văn (số văn bản hoặc người quyết định). Chưa lưu gì.",
            field="source",
        )
    with store.transaction():
        journal.check_clock(store, now)
        before = newest(store, now=now)
        form, data = _made(store, texts, valid_from=valid_from, source=reason, now=now)
        if all(form.data.get(part) == before.data.get(part) for part in _WORDED):
            raise InputError("Lời văn chưa có gì thay đổi. Chưa lưu gì.", field="texts")
        store.execute(
            _INSERT,
            (
                form.version,
                valid_from.isoformat(),
                reason,
                json.dumps(data, ensure_ascii=False),
                to_epoch(now),
                clean_line(by),
            ),
        )
        audit.record(store, "forms", target=form.version, why=reason)
        store.cache.clear()
        return form.version


def import_forms(store: Store, text: str, *, by: str, now: datetime) -> str:
    """Take in a whole version from its JSON text, as a new circular brings it; returns its name.

    It may rest on a version that is here (``extends``) and say only what differs.

    Raises:
        PaperError: the text can't be read, or a sentence names a field that papers don't have.
        InputError: a version of that name is here already.
    """
    from counter_app.documents.wording import form_from_json

    known = wordings(store).forms
    with store.transaction():
        journal.check_clock(store, now)
        form = form_from_json(text, bases=known.get)
        if form.version in known:
            raise InputError(
                f"Lời văn biểu mẫu “{form.version}” đã có và không sửa được, vì giấy đã phát hành "
                "dựa vào đó. Chưa nhập gì. Đặt tên phiên bản khác trong tệp rồi nhập lại.",
                field="version",
            )
        row = (form.version, form.valid_from.isoformat(), form.source, text)
        store.execute(_INSERT, (*row, to_epoch(now), clean_line(by)))
        audit.record(store, "forms", target=form.version, what="nhập")
        store.cache.clear()
        return form.version


def versions(store: Store) -> list[VersionFacts]:
    """Return every version, the office's own with who saved it, the newest first."""
    told = {
        row[0]: (from_epoch(row[1]), row[2])
        for row in store.rows("SELECT version, recorded_at, officer FROM formversion")
    }
    found = sorted(
        wordings(store).forms.values(), key=lambda form: (form.valid_from, form.rank), reverse=True
    )
    return [
        VersionFacts(
            form.version,
            form.name,
            form.valid_from,
            form.source,
            form.version in told,
            *told.get(form.version, (None, "")),
        )
        for form in found
    ]


def _shipped(store: Store, now: datetime) -> FormWording:
    from counter_app.documents.wording import shipped_wordings

    return shipped_wordings().pick(now.date(), get_settings(store)["form_set"])


def _root(form: FormWording) -> str:
    return form.version.partition("+")[0]


def _made(
    store: Store, texts: Mapping[str, str], *, valid_from: date, source: str, now: datetime
) -> tuple[FormWording, dict[str, object]]:
    """Return the version that these changes make on top of what was saved last."""
    from counter_app.documents.form_texts import (
        changed,
        forms_of,
        place_in_words,
        text_at,
        texts_of,
    )

    base, before = _shipped(store, now), newest(store, now=now)
    own: dict[str, str] = {}
    if before.rank >= _OWN_RANK:
        for place in forms_of(base):
            shipped = {text.place: text.text for text in texts_of(base, place)}
            for text in texts_of(before, place):
                if shipped.get(text.place) != text.text:
                    own[text.place] = text.text
    for place, typed in texts.items():
        # A title keeps its line breaks; everything else is one line.
        is_broken = place.endswith(("/title", "/heading"))
        own[place] = clean_text(typed) if is_broken else clean_line(typed)
    row = store.row("SELECT count(*) FROM formversion")
    number = 1 + (int(row[0]) if row else 0)
    desk = journal.desk(store).counter_number
    try:
        kept = {place: text for place, text in own.items() if text_at(base, place) != text}
    except (KeyError, IndexError, ValueError, TypeError) as error:
        raise PaperError(
            f"Biểu mẫu không có chỗ {error}. Chưa lưu gì. Mở lại cửa sổ sửa lời văn rồi làm lại."
        ) from error
    try:
        return changed(
            base,
            kept,
            version=f"{base.version}+{desk:02d}.{number}",
            valid_from=valid_from,
            source=source,
            rank=_OWN_RANK + number,
        )
    except PaperError as error:
        if error.field is None:
            raise
        where = place_in_words(base, error.field)
        told = error.message.replace(f"“{error.field}”", f"“{where}”")
        raise PaperError(told, field=error.field) from error
