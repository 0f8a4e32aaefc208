"""The office's own wording: checked at its place, dated, only added; issued papers keep theirs."""

from __future__ import annotations

from datetime import date

import pypdfium2
import pytest
from counter_desk import CLERK

from counter_app.errors import InputError, PaperError
from counter_app.services import form_versions, papers, settings

TITLE = "slips/refusal/title"
THANKS = "apology/paragraphs/closing/1"


def words(content):
    document = pypdfium2.PdfDocument(content)
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return " ".join(text.split())


def save(desk, texts, **options):
    return form_versions.save_texts(
        desk.store,
        texts,
        **{"valid_from": desk.now.date(), "source": "CV 12/UBND", "by": CLERK, **options},
        now=desk.now,
    )


def refuse(desk):
    code = desk.receive()
    desk.act("refuse", code, reason="không thuộc thẩm quyền")
    return code


def print_refusal(desk, code):
    uuid = papers.print_slip(desk.store, code, kind="refusal", by=CLERK, now=desk.now)
    return papers.paper_pdf(desk.store, [uuid])


def test_a_changed_text_holds_for_new_papers_and_issued_ones_keep_theirs(desk):
    before = refuse(desk)
    old = print_refusal(desk, before)
    version = save(desk, {TITLE: "PHIẾU KHÔNG NHẬN\nHỒ SƠ"})
    new = print_refusal(desk, refuse(desk))
    assert "PHIẾU KHÔNG NHẬN HỒ SƠ" in words(new)
    assert print_refusal(desk.wait(minutes=1), before) == old
    assert version == "tt03-2025/2+01.1"
    assert desk.problems() == []


def test_each_kind_of_paper_reprints_byte_for_byte_after_the_wording_changed(desk):
    code = desk.receive(issue_receipt=True)
    desk.act("forward", code, to="Phòng Văn hóa – Xã hội")
    papers.print_slip(desk.store, code, kind="routing-slip", by=CLERK, now=desk.now)
    desk.act("supplement", code, reason="thiếu tờ khai")
    papers.print_slip(desk.store, code, kind="supplement", by=CLERK, now=desk.now)
    desk.act("stop", code, reason="theo đề nghị")
    papers.print_slip(desk.store, code, kind="stop", by=CLERK, now=desk.now)
    issued = [paper.uuid for paper in desk.show(code).papers]
    assert len(issued) == 4
    before = [papers.paper_pdf(desk.store, [uuid]) for uuid in issued]
    forms = form_versions.edited_forms(desk.store, now=desk.now)
    changes = {t.place: f"{t.text} (mới)" for form in forms for t in form.texts if t.text}
    save(desk, changes)
    settings.set_setting(desk.store, key="form_set", value="tt01-2018")
    assert [papers.paper_pdf(desk.store, [uuid]) for uuid in issued] == before


def test_a_later_day_waits_and_the_texts_saved_last_are_edited_further(desk):
    save(desk, {TITLE: "TÊN MỚI"}, valid_from=date(2026, 12, 1))
    save(desk, {THANKS: "Trân trọng./."}, valid_from=date(2026, 12, 1))
    assert "TÊN MỚI" not in words(print_refusal(desk, refuse(desk)))
    desk.set_clock(1, month=12)
    assert "TÊN MỚI" in words(print_refusal(desk, refuse(desk)))
    texts = {
        t.place: t for f in form_versions.edited_forms(desk.store, now=desk.now) for t in f.texts
    }
    assert (texts[TITLE].text, texts[THANKS].text) == ("TÊN MỚI", "Trân trọng./.")


def test_texts_given_as_shipped_reset_the_form(desk):
    save(desk, {TITLE: "TÊN MỚI", THANKS: "Trân trọng./."})
    (form,) = [
        f
        for f in form_versions.edited_forms(desk.store, now=desk.now)
        if f.place == "slips/refusal"
    ]
    save(desk, form.shipped)
    assert "PHIẾU TỪ CHỐI" in words(print_refusal(desk, refuse(desk)))
    apology = form_versions.newest(desk.store, now=desk.now).apology
    assert apology.paragraphs["closing"][1].plain({}) == "Trân trọng./."


@pytest.mark.parametrize(
    ("place", "text", "said"),
    [
        ("receipt/lines/1/items/0/text", "{owner_nmae}", "Có phải “owner_name”"),
        ("slips/refusal/lines/0/items/0/text", "{reason", "chưa đủ cặp"),
        ("slips/refusal/lines/0/items/0/text", "**{office_title}", "dấu \\*\\* in đậm"),
        ("apology/paragraphs/reschedule/1", "Lý do: {due}", "không có trường “due”"),
        ("receipt/code_lines/0", "Mã hồ sơ", "thiếu trường “{dossier_code}”"),
        ("slips/register/table/texts/closing/0", "{owner_name}", "hãy|Hãy"),
    ],
)
def test_a_wrong_field_is_told_at_its_place_and_nothing_is_saved(desk, place, text, said):
    for act in (
        lambda: save(desk, {place: text}),
        lambda: form_versions.preview_texts(
            desk.store, place.split("/lines")[0], {place: text}, now=desk.now
        ),
    ):
        with pytest.raises(PaperError, match=said) as caught:
            act()
        assert caught.value.field == place
        assert place not in caught.value.message, "people read the place in words"
    assert desk.store.row("SELECT count(*) FROM formversion") == (0,)


def test_what_a_version_needs_is_asked_for(desk):
    for options, field in (
        ({"valid_from": date(2026, 11, 22)}, "valid_from"),
        ({"source": "  "}, "source"),
    ):
        with pytest.raises(InputError) as caught:
            save(desk, {TITLE: "TÊN MỚI"}, **options)
        assert caught.value.field == field
    with pytest.raises(InputError, match="chưa có gì thay đổi"):
        save(desk, {})
    with pytest.raises(PaperError, match="không có chỗ"):
        save(desk, {"slips/nothing/title": "X"})


def test_every_form_can_be_looked_at_while_it_is_edited(desk):
    for key in ("auto", "tt01-2018"):
        settings.set_setting(desk.store, key="form_set", value=key)
        for form in form_versions.edited_forms(desk.store, now=desk.now):
            data = form_versions.preview_texts(desk.store, form.place, {}, now=desk.now)
            assert data.startswith(b"%PDF"), form.place
            assert form.texts
            assert all(text.label for text in form.texts)


def test_versions_are_listed_with_day_source_and_who(desk):
    save(desk, {TITLE: "TÊN MỚI"})
    first, *rest = form_versions.versions(desk.store)
    assert (first.is_own, first.source, first.officer) == (True, "CV 12/UBND", CLERK)
    assert not any(one.is_own for one in rest)


def test_a_version_that_was_saved_is_never_changed(desk):
    save(desk, {TITLE: "TÊN MỚI"})
    for sql in ("UPDATE formversion SET body = ''", "DELETE FROM formversion"):
        with pytest.raises(Exception, match="only added"), desk.store.transaction():
            desk.store.execute(sql)


def test_a_form_set_that_is_not_here_is_refused(desk):
    with pytest.raises(InputError, match="Chọn: auto, tt01-2018, tt03-2025"):
        settings.set_setting(desk.store, key="form_set", value="tt99-2030")


def test_a_paper_whose_wording_has_gone_is_named_by_the_check(desk):
    save(desk, {TITLE: "TÊN MỚI"})
    print_refusal(desk, refuse(desk))
    assert desk.problems() == []
    with desk.store.transaction():
        desk.store.execute("DROP TRIGGER formversion_is_never_removed")
        desk.store.execute("DELETE FROM formversion")
        desk.store.cache.clear()
    (problem,) = desk.problems()
    assert "1 giấy tờ dùng lời văn không còn" in problem
    assert "tt03-2025/2+01.1" in problem
