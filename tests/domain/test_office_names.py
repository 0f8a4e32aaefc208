"""A header is in capitals, a sentence isn't."""

from __future__ import annotations

import pytest

from counter_app.domain.office_names import in_sentence


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("ỦY BAN NHÂN DÂN XÃ CAM LỘ", "Ủy ban nhân dân xã Cam Lộ"),
        ("TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG", "Trung tâm Phục vụ hành chính công"),
        (
            "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG XÃ HIẾU GIANG",
            "Trung tâm Phục vụ hành chính công xã Hiếu Giang",
        ),
        ("PHÒNG KINH TẾ", "Phòng Kinh Tế"),
        ("Phòng Kinh tế", "Phòng Kinh tế"),
    ],
)
def test_a_name_in_capitals_reads_quietly_within_a_sentence(typed, read):
    assert in_sentence(typed) == read
