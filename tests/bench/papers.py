"""Documents against fpdf2 on the same page and against LibreOffice in one batch."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
import tracemalloc
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from counter_app.documents.apology import apology_sheets
from counter_app.documents.fields import receipt_fields
from counter_app.documents.fonts import FontFamily, find_fonts
from counter_app.documents.receipt import put_copy_mark, receipt_sheet
from counter_app.documents.receipt_pages import A5
from counter_app.documents.render import render_apologies, render_receipt, render_receipts
from counter_app.documents.typeset import Sheet, Style, type_of
from counter_app.documents.wording import shipped_wordings
from counter_app.domain.papers import ApologyFacts, ApologyKind, PaperDocument, ReceiptFacts
from tests.bench.people import People
from tests.bench.report import Bench, Line, Unmeasured, at_least, best_of, told

_RECEIPT_GOAL, _LETTER_GOAL, _BATCH_GOAL = 5, 20, 20
_RECEIPTS = 1000
_FLAT = 30_000  # bytes that a page may take, beyond the file itself, while many are made
_LETTERS, _BATCH = 1000, 100
_WAIT_SECONDS = 300
_STYLES = {Style.REGULAR: "", Style.BOLD: "B", Style.ITALIC: "I", Style.BOLD_ITALIC: "BI"}
_WORDING: dict[str, Any] = {"place": "Cam Lộ", "hotline": "0233 3871 234"}


def measure(bench: Bench) -> list[Line]:
    """Measure one receipt, then many letters."""
    fonts = find_fonts(only="spectral")
    return [_receipt(bench, fonts), *_batch(bench, fonts), *_letters(bench, fonts)]


def _receipt_facts() -> ReceiptFacts:
    form = shipped_wordings().pick(date(2026, 11, 23), "auto")
    return ReceiptFacts(
        form_set=form.form_set,
        wording_version=form.version,
        issued_on=date(2026, 11, 23),
        office_parent="Ủy ban nhân dân xã Cam Lộ",
        office_name="Trung tâm Phục vụ hành chính công",
        code="TAM-01-261123-0007",
        is_provisional_code=True,
        owner_name="Nguyễn Thị Ngọc Ánh",
        owner_id="045190001234",
        address="Thôn Hậu Viên, xã Cam Lộ, tỉnh Quảng Trị",
        phone="0905 123 456",
        procedure_code="1.004873",
        procedure_name="Cấp Giấy xác nhận tình trạng hôn nhân",
        content="Xác nhận tình trạng hôn nhân để đăng ký kết hôn",
        documents=(
            PaperDocument("Tờ khai cấp Giấy xác nhận tình trạng hôn nhân", 1),
            PaperDocument("Thẻ căn cước của người yêu cầu", kind="Xuất trình"),
            PaperDocument("Trích lục ghi chú ly hôn", 1, 2),
        ),
        limit_text="03 ngày làm việc",
        received_at=datetime(2026, 11, 23, 9, 12),
        due_at=datetime(2026, 11, 27, 17, 0),
        fee_text="15.000 đồng",
        officer_name="Lê Thị Hoài Thương",
        counter_name="Quầy số 1",
        **_WORDING,
    )


def _receipt(bench: Bench, fonts: FontFamily) -> Line:
    """Draw receipts of different codes, each a file, against fpdf2 on ready positions."""
    try:
        import fpdf
    except ImportError:
        raise Unmeasured("a warm receipt", "fpdf2 is not installed") from None
    facts = _receipt_facts()
    many = [replace(facts, code=f"TAM-01-261123-{n:04d}") for n in range(1, 1000)]
    wanted = iter(many)
    render_receipt(facts, fonts=fonts)
    ours = best_of(lambda: render_receipt(next(wanted), fonts=fonts), bench.times(60, 10))
    words = shipped_wordings().version(facts.wording_version).receipt
    type_ = type_of(fonts)
    sheets = []
    for number, mark in enumerate(words.copies):
        sheet, page = receipt_sheet(facts, words, type_, A5)
        put_copy_mark(sheet, mark, type_, page)
        sheets.append((number * page.width, sheet))
    files = {
        "": fonts.regular, "B": fonts.bold, "I": fonts.italic, "BI": fonts.bold_italic,
    }  # fmt: skip
    paths = {style: str(font.face.filename) for style, font in files.items()}
    peer = best_of(lambda: _with_fpdf(fpdf, sheets, paths), bench.times(15, 3))
    _says_the_same(render_receipt(facts, fonts=fonts), _with_fpdf(fpdf, sheets, paths))
    name = f"fpdf2 {fpdf.__version__}, the same page without laying it out"
    return at_least("a warm receipt, A4 with two copies", ours, peer, _RECEIPT_GOAL, peer_name=name)


def _with_fpdf(fpdf: Any, sheets: list[tuple[float, Sheet]], files: dict[str, str]) -> bytes:
    """Draw the same strings, lines and bars with fpdf2; what it needn't do is laying them out."""
    pdf = fpdf.FPDF(orientation="L", unit="pt", format="A4")
    pdf.set_auto_page_break(False)
    for style, path in files.items():
        pdf.add_font("paper", style, path)
    pdf.add_page()
    for left, sheet in sheets:
        for bar in sheet.bars:
            pdf.rect(left + bar.x, bar.y, bar.width, bar.height, style="F")
        for rule in (*sheet.rules, *sheet.leaders):
            pdf.line(left + rule.x1, rule.y1, left + rule.x2, rule.y2)
        face = None
        for text in sheet.texts:
            if face != (text.style, text.size):
                face = (text.style, text.size)
                pdf.set_font("paper", _STYLES[text.style], text.size)
            pdf.text(left + text.x, text.y, text.text)
    return bytes(pdf.output())


def _says_the_same(ours: bytes, theirs: bytes) -> None:
    """Both pages hold the same words."""
    import pypdfium2

    said = []
    for content in (ours, theirs):
        document = pypdfium2.PdfDocument(content)
        text = document[0].get_textpage().get_text_range()
        said.append(sorted(text.split()))
        document.close()
    if set(said[0]) != set(said[1]):
        raise AssertionError("fpdf2 drew other words")


# ------------------------------------------------------------------------------------------ letters


def _letter_facts(count: int) -> list[ApologyFacts]:
    form = shipped_wordings().pick(date(2026, 11, 26), "auto")
    return [
        ApologyFacts(
            form_set=form.form_set,
            wording_version=form.version,
            issued_on=date(2026, 11, 26),
            kind=ApologyKind.RESCHEDULE,
            agency_name="Ủy ban nhân dân xã Cam Lộ",
            office_title="Trung tâm Phục vụ hành chính công xã Cam Lộ",
            symbol="UBND-TTPVHCC",
            addressee_name=citizen.name,
            address=citizen.address,
            phone=citizen.phone,
            procedure_name="Cấp Giấy xác nhận tình trạng hôn nhân",
            procedure_code="1.004873",
            code=f"H50.19.27-261123-{number:04d}",
            received_at=datetime(2026, 11, 23, 9, 12),
            original_due_at=datetime(2026, 11, 27, 17, 0),
            new_due_at=datetime(2026, 12, 2, 17, 0),
            reason="Phải xác minh thời gian cư trú trước đây tại phường Đông Hà",
            resolving_unit="Phòng Văn hóa - Xã hội",
            signer_titles=("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
            signer_name="Trần Hoài Linh",
            **_WORDING,
        )
        for number, citizen in enumerate(People(3).draw(count), 1)
    ]


def _letters(bench: Bench, fonts: FontFamily) -> list[Line]:
    count = bench.times(_LETTERS, 100)
    facts = _letter_facts(count)
    render_apologies(facts[:1], fonts=fonts)
    ours = best_of(lambda: render_apologies(facts, fonts=fonts), 3) / count
    what = f"a letter of {count:,} in one file"
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None:
        return [told(what, f"{ours * 1e3:.2f} ms", "LibreOffice is not installed")]
    batch = bench.times(_BATCH, 20)
    peer = _with_libreoffice(
        soffice, [_as_writer(_letter_sheets(one, fonts)) for one in facts[:batch]]
    )
    name = f"LibreOffice, {batch} letters in one start"
    return [at_least(what, ours, peer, _LETTER_GOAL, peer_name=name)]


def _with_libreoffice(soffice: str, papers: list[str]) -> float:
    """Convert papers given as flat Writer files and return the time of each."""
    with tempfile.TemporaryDirectory() as folder:
        sources = [Path(folder) / f"{n}.fodt" for n in range(len(papers))]
        for source, text in zip(sources, papers, strict=True):
            source.write_text(text, "utf-8")
        out = Path(folder) / "out"
        profile = (Path(folder) / "profile").as_uri()
        command = [soffice, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf"]
        command += ["--outdir", str(out)]
        environment = {**os.environ, "SAL_USE_VCLPLUGIN": "svp"}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        # The first start makes the profile; what is measured is a start with one.
        run = lambda some: subprocess.run(
            command + some, check=True, timeout=_WAIT_SECONDS, env=environment, **quiet
        )
        run([str(sources[0])])
        begun = time.perf_counter()
        run(list(map(str, sources)))
        taken = time.perf_counter() - begun
        if len(list(out.glob("*.pdf"))) != len(sources):
            raise AssertionError("LibreOffice left papers out")
    return taken / len(papers)


def _letter_sheets(facts: ApologyFacts, fonts: FontFamily) -> list[Sheet]:
    form = shipped_wordings().version(facts.wording_version)
    return apology_sheets(facts, form, type_of(fonts))


def _batch(bench: Bench, fonts: FontFamily) -> list[Line]:
    """Make many receipts in one file, against LibreOffice, and see what a page takes of memory."""
    count = bench.times(_RECEIPTS, 100)
    facts = _receipt_facts()
    many = [replace(facts, code=f"TAM-01-261123-{n:04d}") for n in range(count)]
    render_receipts(many[:1], fonts=fonts)
    ours = best_of(lambda: render_receipts(many, fonts=fonts), 3) / count
    lines = [_memory(many, fonts)]
    what = f"a receipt of {count:,} in one file, A4 with two copies"
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None:
        return [*lines, told(what, f"{ours * 1e3:.2f} ms", "LibreOffice is not installed")]
    batch = bench.times(_BATCH, 20)
    peer = _with_libreoffice(soffice, [_receipt_as_writer(one) for one in many[:batch]])
    name = f"LibreOffice, {batch} receipts without their codes in one start"
    return [*lines, at_least(what, ours, peer, _BATCH_GOAL, peer_name=name)]


def _memory(many: list[ReceiptFacts], fonts: FontFamily) -> Line:
    """Say what each further page takes while the file is made, beyond the file."""
    peaks = []
    for some in (many[: len(many) // 2], many):
        tracemalloc.start()
        content = render_receipts(some, fonts=fonts)
        peaks.append(tracemalloc.get_traced_memory()[1] - len(content))
        tracemalloc.stop()
    page = (peaks[1] - peaks[0]) / (len(many) - len(many) // 2)
    return Line(
        f"memory that a further receipt of {len(many):,} takes",
        f"{page / 1e3:.0f} kB",
        "beyond the file itself, at the highest point",
        "",
        f"≤ {_FLAT / 1e3:.0f} kB",
        page <= _FLAT,
    )


def _receipt_as_writer(facts: ReceiptFacts) -> str:
    """Write a receipt as an office's template has it: two copies side by side, its tables."""
    words = shipped_wordings().version(facts.wording_version).receipt
    fields = receipt_fields(facts, words)

    def line(text: str) -> str:
        return f"<text:p>{escape(text)}</text:p>"

    def table(rows: list[list[str]]) -> str:
        columns = len(rows[0])
        cells = "".join(
            "<table:table-row>"
            + "".join(f"<table:table-cell>{cell}</table:table-cell>" for cell in row)
            + "</table:table-row>"
            for row in rows
        )
        repeated = f'<table:table-column table:number-columns-repeated="{columns}"/>'
        return f"<table:table>{repeated}{cells}</table:table>"

    def copy(mark: str) -> str:
        agency = line(fields["office_parent"].upper()) + line(fields["office_name"].upper())
        nation = line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM") + line("Độc lập - Tự do - Hạnh phúc")
        body = [
            f"{item.label} {item.text.plain(fields)}"
            for row in words.lines
            for item in row.items
            if item.leader or item.text.fill(fields)
        ]
        papers = [[line(text) for text in words.columns]] + [
            [line(str(n)), line(one.name), line("Bản chính"), line(str(one.originals))]
            for n, one in enumerate(facts.documents, 1)
        ]
        signed = [[line(s.title) + line(s.note) + line(s.name.plain(fields))
                   for s in words.signatures]]  # fmt: skip
        notes = [t.plain(fields) for note in words.notes for t in note]
        parts = [line(mark), table([[agency, nation]]), *map(line, words.title)]
        parts += [line(facts.printed_code), *map(line, body), table(papers), table(signed)]
        return "".join([*parts, *map(line, notes)])

    return _flat(table([[copy(mark) for mark in words.copies]]), is_landscape=True)


def _as_writer(sheets: list[Sheet]) -> str:
    lines: dict[tuple[int, float], list[str]] = {}
    for number, sheet in enumerate(sheets):
        for text in sheet.texts:
            lines.setdefault((number, round(text.y)), []).append(text.text)
    paragraphs = "".join(f"<text:p>{escape(' '.join(parts))}</text:p>" for parts in lines.values())
    return _flat(paragraphs)


def _flat(body: str, *, is_landscape: bool = False) -> str:
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}:1.0"'
        for name, urn in (
            ("office", "office"),
            ("text", "text"),
            ("table", "table"),
            ("style", "style"),
            ("fo", "xsl-fo-compatible"),
        )
    )
    width, height = ("29.7cm", "21cm") if is_landscape else ("21cm", "29.7cm")
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {spaces} office:version="1.2" '
        'office:mimetype="application/vnd.oasis.opendocument.text"><office:automatic-styles>'
        f'<style:page-layout style:name="P"><style:page-layout-properties fo:page-width="{width}" '
        f'fo:page-height="{height}" fo:margin="1cm"/></style:page-layout></office:automatic-styles>'
        '<office:master-styles><style:master-page style:name="Standard" '
        'style:page-layout-name="P"/></office:master-styles><office:body><office:text>'
        f"{body}</office:text></office:body></office:document>"
    )
