"""Papers of a procedure, a line each: read back as written, and refused with their line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_app.domain.catalogue import DOCUMENT_KINDS, RequiredDocument
from counter_app.domain.catalogue_lines import read_documents, write_documents

names = st.text("abcđĐêơ 0123456789(),", min_size=1, max_size=40).map(
    lambda text: " ".join(text.split())
)
papers = st.builds(
    RequiredDocument,
    names.filter(bool),
    st.sampled_from(sorted(DOCUMENT_KINDS)),
    st.integers(0, 99),
    st.integers(0, 99),
    st.booleans(),
)


@given(st.lists(papers, max_size=6).map(tuple))
def test_papers_are_read_back_as_they_are_written(documents):
    assert read_documents(write_documents(documents)) == documents


@pytest.mark.parametrize(
    ("line", "document"),
    [
        ("Tờ khai", RequiredDocument("Tờ khai")),
        ("Tờ khai|1/0|MAU", RequiredDocument("Tờ khai", "form", 1)),
        ("Thẻ căn cước | Xuất trình | 1/0", RequiredDocument("Thẻ căn cước", "present", 1)),
        ("Giấy tờ | neu co | 0 / 2", RequiredDocument("Giấy tờ", "submit", 0, 2, required=False)),
    ],
)
def test_what_follows_the_name_may_stand_in_any_order(line, document):
    assert read_documents(f"\n{line}\n") == (document,)


@pytest.mark.parametrize("line", ["| 1/0", "Tờ khai | một bản", "Tờ khai | 1/0/2"])
def test_what_isn_t_understood_is_said_with_its_line(line):
    with pytest.raises(ValueError, match=r"^Dòng 2: .+\.$"):
        read_documents(f"Đơn | 1/0\n{line}")
