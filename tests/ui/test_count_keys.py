"""The three promises about keys are kept on the real window, and the README tells the counts."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def counter():
    path = ROOT / "build_spec" / "count_keys.py"
    spec = importlib.util.spec_from_file_location("count_keys", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["count_keys"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["count_keys"]


def told_in_the_readme():
    text = (ROOT / "README.md").read_text("utf-8")
    section = text.split("<!-- keys:start -->")[1].split("<!-- keys:end -->")[0]
    rows = [line.strip("|").split("|") for line in section.strip().splitlines()[2:]]
    return {row[0].strip(): [cell.strip() for cell in row[1:]] for row in rows}


@pytest.mark.parametrize(("name", "most"), [("known", 8), ("apology", 6), ("runner", 20)])
def test_a_promised_task_takes_no_more_keys_than_promised(name, most, counter):
    counted = counter.count_apart(name)
    assert 0 < counted.keys <= most
    assert counted.clicks == 0
    assert counted.task.most == most
    told = told_in_the_readme()[counted.task.words]
    assert told == [str(counted.keys), "0", str(counted.scans), f"≤ {most}"]


def test_the_readme_tells_of_all_ten_tasks(counter):
    assert len(counter.TASKS) == 10
    assert list(told_in_the_readme()) == [task.words for task in counter.TASKS.values()]


def test_a_task_that_does_not_come_to_its_end_is_no_short_count(counter, monkeypatch):
    monkeypatch.setitem(counter.TASKS, "nothing", counter.TASKS["jam"])
    with pytest.raises(counter.TaskFailedError, match="nothing"):
        counter.count_apart("nothing")
