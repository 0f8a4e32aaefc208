"""The JSON that events and rows hold is what the standard encoder writes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_app.storage import dossiers

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(VALUES)
def test_the_encoder_that_is_kept_writes_what_a_new_one_writes(value):
    assert dossiers.dump(value) == json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def test_what_has_no_json_is_refused():
    with pytest.raises(TypeError, match="set is not JSON serializable"):
        dossiers.dump({"a": {1}})


def test_an_interpreter_without_the_quick_encoder_writes_the_same(monkeypatch):
    told = {"họ tên": 'Lê "Đức"', "số": [1, None, True]}
    quick = dossiers.dump(told)
    monkeypatch.setattr(dossiers, "_chunks", None)
    assert dossiers.dump(told) == quick
