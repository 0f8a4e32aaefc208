"""A list that LibreOffice opened and saved again comes back without a change."""

from __future__ import annotations

import pytest
from office_suite import LISTS, NOW, fill, save_again, soffice

from counter_app.services.list_export import export_list, list_rows
from counter_app.services.lists import import_list
from counter_app.tabular.list_reading import read_list

KEPT = sorted(LISTS.glob("libreoffice-*"))


@pytest.fixture
def filled(store):
    fill(store)
    return store


def unchanged(store, path):
    before = list(list_rows(store))
    # Every cell means what it meant, also those that an import leaves alone.
    assert [one.row for one in read_list(path)] == before
    report = import_list(store, path, name=path.name, by="Hoa", now=NOW.replace(hour=15))
    assert [(e.line, e.column, e.message) for e in report.errors] == []
    assert (report.new, report.updated, report.conflicts, report.rejected) == (0, 0, 0, 0)
    assert report.unchanged == report.rows == len(before)
    assert list(list_rows(store)) == before


def test_files_are_kept_for_machines_without_it():
    assert len(KEPT) == 6


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.name)
def test_a_kept_file_that_it_saved_again_changes_nothing(filled, path):
    unchanged(filled, path)


@pytest.mark.slow
@pytest.mark.skipif(soffice() is None, reason="LibreOffice is not installed here")
@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_is_written_now_comes_back_from_it_without_a_change(filled, tmp_path, ending, kind):
    written = tmp_path / f"danh-sach.{ending}"
    export_list(filled, written)
    out = tmp_path / "out"
    out.mkdir()
    unchanged(filled, save_again(written, out, kind))
