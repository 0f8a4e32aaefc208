"""What hangs on the notice board: each sector's procedures, and one procedure's full sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_app.domain.deadlines import parse_limit
from counter_app.domain.limits import CutOffKind, parse_cutoff
from counter_app.domain.office_names import in_sentence
from counter_app.domain.papers import PaperDocument
from counter_app.domain.register import Notice, Posting
from counter_app.domain.rights import Act
from counter_app.domain.vietnamese import fold
from counter_app.errors import NotFoundError
from counter_app.services import audit, catalogue, office
from counter_app.services.paper_events import form_of, wordings
from counter_app.services.settings import get_settings

if TYPE_CHECKING:
    from datetime import datetime

    from counter_app.domain.catalogue import Procedure, RequiredDocument
    from counter_app.storage.database import Store

_UNSURE = "Nội dung thời hạn, mốc giờ hoặc phí chưa được cơ quan xác nhận; hỏi trước khi nộp."


def posting_pdf(store: Store, *, sector: str = "", now: datetime) -> bytes:
    """Make the notice board's lists as a PDF: of one sector, or of all, each on its own pages.

    Raises:
        NotFoundError: no procedure of that sector is in force.
    """
    from counter_app.documents.render_tables import render_postings

    found = catalogue.procedures(store, on=now.date())
    by_sector: dict[str, list[Procedure]] = {}
    for one in found:
        by_sector.setdefault(one.sector or "Khác", []).append(one)
    wanted = {s: p for s, p in by_sector.items() if not sector or fold(s) == fold(sector)}
    if not wanted:
        names = ", ".join(sorted(by_sector))
        raise NotFoundError(
            f"Không có thủ tục nào thuộc lĩnh vực “{sector}”. Các lĩnh vực: {names}.",
            field="sector",
        )
    postings = [_posting(store, name, rows, now) for name, rows in sorted(wanted.items())]
    audit.note(store, Act.LISTS, what="niêm yết thủ tục", target=sector, count=len(postings))
    return render_postings(postings, wordings=wordings(store))


def _posting(store: Store, sector: str, found: list[Procedure], now: datetime) -> Posting:
    here, settings = office.office(store), get_settings(store)
    units = catalogue.sectors(store)
    return Posting(
        wording_version=form_of(store, now).version,
        office_parent=here.parent,
        office_name=here.name,
        office_title=in_sentence(here.name),
        place=settings["place"],
        is_rehearsal=here.is_rehearsal,
        issued_on=now.date(),
        sector=sector,
        hours=_hours(store),
        hotline=settings["hotline"],
        rows=tuple(
            Notice(
                code=one.code,
                name=one.name,
                documents=tuple(_in_words(document) for document in one.required_documents),
                limit=_limit(one.limit),
                fee=one.fee.describe(),
                unit=one.unit or units.get(one.sector, ""),
                unsure=bool(one.unconfirmed),
            )
            for one in sorted(found, key=lambda one: one.code)
        ),
    )


def procedure_pdf(store: Store, code: str, *, now: datetime) -> bytes:
    """Make one procedure's full sheet for the citizen as a PDF.

    Raises:
        NotFoundError: no procedure in force has this code.
    """
    from counter_app.documents.fields import day_in_words
    from counter_app.documents.render_tables import render_procedure

    one = catalogue.procedure(store, code, on=now.date())
    here, settings = office.office(store), get_settings(store)
    cutoff = parse_cutoff(one.cutoff)
    fields = {
        "office_parent": here.parent,
        "office_name": here.name,
        "office_title": in_sentence(here.name),
        "place": settings["place"],
        "issued": day_in_words(now.date()),
        "number": "",
        "procedure_code": one.code,
        "procedure": one.name,
        "sector": one.sector,
        "unit": one.unit or catalogue.sectors(store).get(one.sector, ""),
        "limit_text": _limit(one.limit),
        "cutoff_text": "" if cutoff.kind is CutOffKind.NONE else cutoff.in_words(),
        "extension_text": _limit(one.extension),
        "fee_text": one.fee.describe(),
        "exemptions": "; ".join(one.fee.exemptions),
        "steps": "; ".join(
            f"{step.name}{f' ({step.unit})' if step.unit else ''}"
            f"{f': {_limit(step.limit)}' if step.limit else ''}"
            for step in one.steps
        ),
        "source": one.source,
        "valid_from": f"{one.valid_from:%d/%m/%Y}",
        "hours": _hours(store),
        "hotline": settings["hotline"],
        "note": one.note,
        "unconfirmed": _UNSURE if one.unconfirmed else "",
    }
    documents = tuple(_document(document) for document in one.required_documents)
    audit.note(store, Act.LISTS, what="niêm yết thủ tục", target=one.code)
    return render_procedure(
        fields,
        documents,
        form_of(store, now).version,
        is_rehearsal=here.is_rehearsal,
        wordings=wordings(store),
    )


def _hours(store: Store) -> str:
    settings = get_settings(store)
    told = f"thứ Hai đến thứ Sáu {settings['weekday_hours'].replace(',', ', ')}"
    saturday = settings["saturday_hours"].replace(",", ", ")
    return f"{told}; thứ Bảy {saturday}" if saturday else told


def _limit(limit: str) -> str:
    return parse_limit(limit).in_words() if limit else ""


def _in_words(document: RequiredDocument) -> str:
    counted = ((document.originals, "bản chính"), (document.copies, "bản sao"))
    parts = [f"{number:02d} {word}" for number, word in counted if number]
    if document.kind == "present":
        parts = ["xuất trình"]
    if not document.required:
        parts.append("nếu có")
    return f"{document.name} ({', '.join(parts)})" if parts else document.name


def _document(document: RequiredDocument) -> PaperDocument:
    name = document.name if document.required else f"{document.name} (nếu có)"
    if document.kind == "present":
        return PaperDocument(name, document.originals, document.copies, "Xuất trình")
    return PaperDocument(name, document.originals, document.copies)
