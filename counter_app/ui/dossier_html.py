"""What the dossier beside the table says, as text: facts, documents, promises, its story."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Any

from PySide6.QtCore import QCoreApplication

from counter_app.domain.books import BookEntry
from counter_app.domain.contacts import last_call
from counter_app.domain.dossier import PromiseKind
from counter_app.domain.facts import DossierFacts
from counter_app.domain.fees import FeeStanding
from counter_app.domain.words import format_moment
from counter_app.ui.theme import colours, metrics
from counter_app.ui.translation import in_window
from counter_app.ui.words import (
    big_day,
    birth_words,
    group_digits,
    id_text,
    number_text,
    story_moment,
)


def _tr(text: str) -> str:
    return QCoreApplication.translate("dossier_panel", text)


def _table(rows: Sequence[tuple[str, str]], width: int) -> str:
    """Return a two-column table: label muted, value; rows without a value are left out."""
    cells = "".join(
        f'<tr><td width="{width}" style="color:{colours().muted};padding:0 8px 3px 0">'
        f'{escape(label)}</td><td style="padding:0 0 3px 0">{value}</td></tr>'
        for label, value in rows
        if value
    )
    return f'<table width="100%" cellspacing="0" cellpadding="0">{cells}</table>'


def facts_html(facts: DossierFacts, *, is_masked: bool = False) -> str:
    """Return who brought what, how and when; a masked number has a link that shows it."""
    state = facts.state
    sex = {"male": _tr("Nam"), "female": _tr("Nữ")}.get(state["sex"] or "", "")
    born = " · ".join(part for part in (birth_words(state["birth_date"]), sex) if part)
    is_firm = state["owner_kind"] == "organisation"
    submitter = state["submitter_name"]
    other = submitter if submitter and submitter != state["applicant_name"] else ""
    if other and state["submitter_id"]:
        other = f"{other}, {number_text(state['submitter_id'], is_masked=is_masked)}"
    received = facts.moment("received_at")
    came = " · ".join(
        part
        for part in (
            "" if received is None else format_moment(received),
            in_window(facts.channel_label),
            state["counter_name"],
            state["reception_officer"],
        )
        if part
    )
    handled = " · ".join(p for p in (state["resolving_unit"], state["handling_officer"]) if p)
    procedure = f"{escape(state['procedure_name'])}"
    code = f'<span style="color:{colours().muted}"> {escape(state["procedure_code"])}</span>'
    ways = {"post": _tr("Qua bưu chính"), "online": _tr("Trực tuyến")}
    collected = " · ".join(
        part for part in (state["collected_by"], ways.get(state["returned_via"], "")) if part
    )
    number = _shown_number(state, is_masked=is_masked)
    rows = [
        (_tr("Thủ tục"), procedure + code),
        (_tr("Mã số thuế") if is_firm else _tr("Số định danh"), number),
        (_tr("Ngày sinh") if state["birth_date"] else _tr("Giới tính"), escape(born)),
        (_tr("Người nộp thay"), escape(other)),
        (_tr("Người được khai"), escape(state["subject_name"])),
        (_tr("Điện thoại"), escape(group_digits(state["phone"]))),
        (_tr("Địa chỉ"), escape(state["address"])),
        (_tr("Nội dung"), escape(state["content"])),
        (_tr("Tiếp nhận"), escape(came)),
        (_tr("Nơi giải quyết"), escape(handled)),
        (_tr("Thẩm quyền"), escape(state["competent_unit"])),
        (_tr("Nơi tiếp nhận"), escape(state["received_unit"])),
        (_tr("Nơi hỗ trợ nộp"), escape(state["helped_unit"])),
        (_tr("Bàn giao"), _handed_over(facts)),
        (_tr("Các bước"), _steps(facts)),
        (_tr("Số trong sổ"), escape(_book(state))),
        (_tr("Phí, lệ phí"), escape(FeeStanding.of(state).told(in_window))),
        (_tr("Người đã nhận"), escape(collected)),
        (_tr("Cuộc gọi gần nhất"), escape(last_call(state))),
        (_tr("Lý do trễ"), escape(state["late_reason"])),
        (_tr("Ghi chú"), escape(state["note"])),
        (_tr("Giữa các quầy"), _doubts(facts)),
    ]
    return _table(rows, metrics().px(124))


def _shown_number(state: dict[str, Any], *, is_masked: bool) -> str:
    text = escape(id_text(state, is_masked=is_masked))
    if not (is_masked and has_person_number(state)):
        return text
    link = f'<a href="number" style="color:{colours().accent}">{escape(_tr("Hiện số"))}</a>'
    return f'{text} &nbsp; {link} <span style="color:{colours().muted}">F10</span>'


def has_person_number(state: dict[str, Any]) -> bool:
    """Tell whether a dossier holds a number of a person, the owner's or the submitter's."""
    owners = state["citizen_id"] and not state["tax_code"]
    return bool(owners or state["submitter_id"])


def _book(state: dict[str, Any]) -> str:
    return str(BookEntry.of(state["book"])) if state["book"] else ""


def _handed_over(facts: DossierFacts) -> str:
    """Say by when it must leave the desk, or that it left and who has it in hand."""
    given, taken = facts.moment("forwarded_at"), facts.moment("accepted_at")
    if facts.leave_by is not None:
        at = format_moment(facts.leave_by)
        if facts.should_have_left:
            late = escape(_tr("quá giờ chuyển, phải chuyển trước {at}").format(at=at))
            return f'<span style="color:{colours().danger}">{late}</span>'
        return escape(_tr("chuyển trước {at}").format(at=at))
    if given is None:
        return ""
    told = _tr("chuyển lúc {at}").format(at=format_moment(given))
    if taken is None:
        return escape(told + ", " + _tr("chưa nhận"))
    took = _tr("{who} nhận lúc {at}")
    return escape(
        told + ", " + took.format(who=facts.state["accepted_by"], at=format_moment(taken))
    )


def _steps(facts: DossierFacts) -> str:
    """Return the steps of linked procedures, a slow one in the colour of what is late."""
    lines = [
        f'<span style="color:{colours().danger}">{escape(words)}</span>'
        if is_late
        else escape(words)
        for words, is_late in facts.steps
    ]
    return "<br>".join(lines)


def _doubts(facts: DossierFacts) -> str:
    """Return what other desks say and doesn't count here yet."""
    return "<br>".join(
        f'<span style="color:{colours().warning_text}">{escape(words)}</span>'
        for words in facts.doubts
    )


def documents_html(facts: DossierFacts) -> str:
    """Return the submitted documents with their numbers."""
    lines = []
    for paper in facts.documents:
        counted = []
        if paper.originals:
            counted.append(_tr("{count} bản chính").format(count=paper.originals))
        if paper.copies:
            counted.append(_tr("{count} bản sao").format(count=paper.copies))
        tail = f'<span style="color:{colours().muted}"> – {", ".join(counted)}</span>'
        lines.append(escape(paper.name) + (tail if counted else ""))
    return _lines(lines)


def _lines(lines: Sequence[str]) -> str:
    return "".join(f'<p style="margin:0 0 3px 0">{line}</p>' for line in lines)


def promises_html(facts: DossierFacts) -> str:
    """Return every promise in the order it was made, the ones that don't count muted."""
    names = {
        PromiseKind.FIRST: _tr("Hẹn lần đầu"),
        PromiseKind.RESTART: _tr("Tính lại sau bổ sung"),
        PromiseKind.PAUSE: _tr("Tính tiếp sau tạm dừng"),
        PromiseKind.EXTENSION: _tr("Gia hạn xác minh"),
        PromiseKind.CORRECTION: _tr("Sửa thông tin"),
        PromiseKind.CALENDAR: _tr("Đổi lịch làm việc"),
        PromiseKind.IMPORTED: _tr("Theo danh sách nhập"),
        PromiseKind.RESCHEDULE: _tr("Hẹn lại"),
    }
    rows = []
    for promise in facts.promises:
        value = escape(big_day(promise.due_at))
        extra = [escape(text) for text in (promise.reason, promise.source) if text]
        if not promise.counts:
            extra.append(_tr("không được tính"))
        if promise.provisional:
            extra.append(_tr("lịch năm đó chưa chính thức"))
        if extra:
            value += f'<span style="color:{colours().muted}"> – {", ".join(extra)}</span>'
        rows.append((names[PromiseKind(promise.kind)], value))
    return _table(rows, metrics().px(148))


def story_html(facts: DossierFacts, *, today: date) -> str:
    """Return the events as a story, oldest first; undone ones are struck through."""
    muted = colours().muted
    lines = []
    for event in facts.events:
        when = escape(story_moment(event.at, today))
        text = escape(event.text)
        if event.is_undone:
            text = f'<s style="color:{muted}">{text}</s> ({_tr("đã hoàn tác")})'
        lines.append(f'<span style="color:{muted}">{when} —</span> {text}')
    return "".join(f'<p style="margin:0 0 6px 0">{line}</p>' for line in lines)
