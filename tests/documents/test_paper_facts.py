"""Facts are frozen as JSON when a paper is issued and must come back word for word."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import fields
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_app.domain.papers import (
    ApologyFacts,
    ApologyKind,
    IdKind,
    PaperDocument,
    ReceiptFacts,
    ResultTo,
)

texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12)
counts = st.integers(0, 999)
moments = st.datetimes(datetime(2018, 1, 1), datetime(2060, 12, 31))
papers = st.builds(PaperDocument, texts, counts, counts, texts)
BY_KIND: dict[str, st.SearchStrategy[Any]] = {
    "str": texts,
    "str | None": st.none() | texts,
    "int": counts,
    "bool": st.booleans(),
    "date | None": st.none() | st.dates(date(2018, 1, 1), date(2060, 12, 31)),
    "datetime": moments,
    "datetime | None": st.none() | moments,
    "tuple[str, ...]": st.lists(texts, max_size=3).map(tuple),
    "tuple[PaperDocument, ...]": st.lists(papers, max_size=3).map(tuple),
    "IdKind": st.sampled_from(IdKind),
    "ResultTo": st.sampled_from(ResultTo),
    "ApologyKind": st.sampled_from(ApologyKind),
}


def facts_of(cls: type[ReceiptFacts | ApologyFacts]) -> st.SearchStrategy[Any]:
    """Return any facts of this class: a field of a kind unknown here fails the test."""
    return st.builds(cls, **{field.name: BY_KIND[str(field.type)] for field in fields(cls)})


@given(facts_of(ReceiptFacts) | facts_of(ApologyFacts))
def test_facts_come_back_from_json_as_they_were(facts: ReceiptFacts | ApologyFacts) -> None:
    stored = json.dumps(facts.to_json(), ensure_ascii=False)
    assert type(facts).from_json(json.loads(stored)) == facts


def small_receipt(**changes: Any) -> ReceiptFacts:
    given_facts: dict[str, Any] = {
        "form_set": "tt03-2025",
        "wording_version": "tt03-2025/1",
        "place": "Cam Lộ",
        "issued_on": date(2026, 11, 23),
        "office_parent": "Ủy ban nhân dân xã Cam Lộ",
        "office_name": "Trung tâm Phục vụ hành chính công",
        "code": "TAM-01-261123-0007",
        "owner_name": "Nguyễn Thị Ngọc Ánh",
        "received_at": datetime(2026, 11, 23, 9, 12),
        "due_at": None,
    }
    return ReceiptFacts(**(given_facts | changes))


def test_facts_take_text_in_nfc_and_moments_to_the_minute() -> None:
    facts = small_receipt(
        owner_name=unicodedata.normalize("NFD", "Nguyễn Thị Ngọc Ánh"),
        documents=[PaperDocument(unicodedata.normalize("NFD", "Tờ khai"))],
        received_at=datetime(2026, 11, 23, 9, 12, 59, 5),
    )
    assert facts.owner_name == "Nguyễn Thị Ngọc Ánh"
    assert facts.documents[0].name == "Tờ khai"
    assert facts.received_at == datetime(2026, 11, 23, 9, 12)


def test_facts_stored_before_a_field_existed_take_its_default() -> None:
    stored = small_receipt().to_json()
    del stored["competent_unit"]
    assert ReceiptFacts.from_json(stored) == small_receipt()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"owner_nmae": "x"}, "owner_nmae"),
        ({"received_at": "hôm qua"}, "hôm qua"),
        ({"owner_id_kind": "library card"}, "library card"),
    ],
)
def test_facts_that_cannot_be_read_are_refused_by_name(change: dict[str, str], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        ReceiptFacts.from_json(small_receipt().to_json() | change)


def test_facts_without_a_needed_field_are_refused() -> None:
    stored = small_receipt().to_json()
    del stored["owner_name"]
    with pytest.raises(ValueError, match="owner_name"):
        ReceiptFacts.from_json(stored)


def test_an_official_code_is_the_only_one_printed() -> None:
    alone = small_receipt(is_provisional_code=True)
    both = small_receipt(is_provisional_code=True, official_code="000.00.15.H44-261123-0007")
    assert (alone.printed_code, alone.shows_provisional_code) == ("TAM-01-261123-0007", True)
    assert (both.printed_code, both.shows_provisional_code) == (both.official_code, False)
