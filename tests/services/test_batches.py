"""Many papers at once: all or none, stopped without a trace, the same as those printed singly."""

from __future__ import annotations

import pypdfium2
import pytest
from counter_desk import CLERK

from counter_app.errors import InputError, NotFoundError
from counter_app.services import batches, papers


def print_many(desk, codes, kind="receipt", **options):
    return batches.print_many(desk.store, codes, kind=kind, by=CLERK, now=desk.now, **options)


def pages(content):
    document = pypdfium2.PdfDocument(content)
    told = [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
    document.close()
    return told


def test_receipts_of_a_list_are_one_file_a_page_each(desk):
    codes = [desk.receive() for _ in range(3)]
    void = desk.receive()
    desk.act("undo", void, reason="nhầm")
    heard = []
    issued = print_many(desk, [*codes, codes[0], void], progress=lambda d, n: heard.append((d, n)))
    assert heard == [(1, 4), (2, 4), (3, 4), (4, 4)]
    drawn = []
    content = papers.paper_pdf(desk.store, issued, progress=lambda d, n: drawn.append(d))
    assert drawn == [1, 2, 3]
    assert pages(content) == [pages(papers.paper_pdf(desk.store, [uuid]))[0] for uuid in issued]
    assert desk.problems() == []


class Stopped(Exception):
    """What the window's cancel raises."""


def test_stopping_while_papers_are_issued_issues_none(desk):
    codes = [desk.receive() for _ in range(3)]

    def stop(done: int, total: int) -> None:
        if done == 2:
            raise Stopped

    with pytest.raises(Stopped):
        print_many(desk, codes, progress=stop)
    assert [desk.show(code).papers for code in codes] == [(), (), ()]
    assert desk.problems() == []


def test_stopping_while_pages_are_drawn_keeps_the_issue_and_the_file_can_be_had(desk):
    issued = print_many(desk, [desk.receive() for _ in range(3)])

    def stop(done: int, total: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        papers.paper_pdf(desk.store, issued, progress=stop)
    assert len(pages(papers.paper_pdf(desk.store, issued))) == 3


def test_a_dossier_the_form_does_not_concern_is_left_out(desk):
    asked, other = desk.receive(), desk.receive()
    desk.act("supplement", asked, reason="thiếu tờ khai")
    assert len(print_many(desk, [asked, other], kind="supplement")) == 1
    assert desk.show(other).papers == ()
    with pytest.raises(InputError, match="Không hồ sơ nào"):
        print_many(desk, [other], kind="refusal")
    assert len(print_many(desk, [asked, other], kind="routing-slip")) == 2


def test_one_unknown_code_or_form_prints_nothing(desk):
    code = desk.receive()
    with pytest.raises(NotFoundError):
        print_many(desk, [code, "TAM-01-261123-9999"])
    with pytest.raises(InputError, match="“register”"):
        print_many(desk, [code], kind="register")
    assert desk.show(code).papers == ()
    assert next(iter(batches.batch_kinds(desk.store, now=desk.now))) == "receipt"
