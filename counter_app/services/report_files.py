"""A report ready to hand in: gathered once, then written as PDF, workbook or CSV."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from counter_app.domain.dossier import CHANNEL_LABELS, STATUS_LABELS, Channel, Status
from counter_app.domain.figures import By, Period
from counter_app.domain.moments import epoch_day, from_epoch
from counter_app.domain.office_names import in_sentence
from counter_app.domain.report_material import (
    ChartFacts,
    DossierLine,
    LateLine,
    Material,
    received_by_group,
)
from counter_app.domain.report_words import (
    breach_sentence,
    form_line,
    form_notes,
    indicators,
    paragraph,
)
from counter_app.domain.rights import Act
from counter_app.errors import InputError
from counter_app.services import audit, lookup, office, register, reports
from counter_app.services.apologies import late_reason
from counter_app.services.dated_rules import report_form
from counter_app.services.paper_events import form_of, wordings
from counter_app.services.settings import get_setting
from counter_app.storage import figures as table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from counter_app.documents.report_register import Annex
    from counter_app.domain.figures import Against, Report
    from counter_app.storage.database import Store

    Progress = Callable[[int, int], None]

KINDS = (".pdf", ".xlsx", ".csv")
NO_REASON = "Chưa ghi nguyên nhân"
_CHUNK = 500
_TIMELINESS = {
    "early": "Trước hạn",
    "on_time": "Đúng hạn",
    "late": "Quá hạn",
    "pending_in_time": "Trong hạn",
    "pending_late": "Quá hạn, chưa xong",
}


def gather(
    store: Store,
    period: Period,
    *,
    against: Against,
    now: datetime,
    progress: Progress | None = None,
) -> Material:
    """Put everything together that a report shows.

    Raises:
        InputError: the figures don't add up, so that no official form may be made of them.
    """
    report = reports.make(
        store, period, against=against, by=By.SECTOR, now=now, is_recounted=True, progress=progress
    )
    if report.breaches:
        raise InputError(
            f"Số liệu chưa khớp: {breach_sentence(report.breaches[0])} Chưa lập biểu. Chạy kiểm "
            "tra dữ liệu (check) rồi làm lại."
        )
    before = reports.make(store, period.before(), against=against, now=now).figures
    months = reports.make(store, period, against=against, by=By.MONTH, now=now).groups
    here = office.office(store)
    form = report_form(period.last)
    mapping = dict(form.closed_otherwise)
    late = tuple(_late_lines(store, report, now=now))
    intake: tuple[DossierLine, ...] = ()
    if period.first == period.last:
        lines = dossier_lines(store, report, now=now)
        intake = tuple(line for line in lines if line.received_at.date() == period.first)
    name = here.name
    return Material(
        report=report,
        office=name,
        parent=here.parent,
        place=str(get_setting(store, "place")),
        is_rehearsal=here.is_rehearsal,
        form=form,
        lines=tuple((g.name, form_line(g.figures, mapping)) for g in report.groups),
        total=form_line(report.figures, mapping),
        notes=tuple(form_notes(report, mapping)),
        paragraph=paragraph(in_sentence(name), report, before),
        before=before,
        months=months,
        weekdays=table.weekdays(store, reports.moments_of(store, period, now=now)),
        causes=tuple(Counter(line.reason or NO_REASON for line in late).most_common()),
        late=late,
        indicators=tuple(indicators(report.figures)),
        made_at=now,
        intake=intake,
    )


def chart_facts(
    store: Store, report: Report, *, now: datetime, progress: Progress | None = None
) -> ChartFacts:
    """Return what the charts of a report show, without the lists that a paper needs."""
    period, against = report.period, report.against
    months = reports.make(
        store, period, against=against, by=By.MONTH, now=now, progress=progress
    ).groups
    by_sector = report
    if report.by is not By.SECTOR:
        by_sector = reports.make(store, period, against=against, by=By.SECTOR, now=now)
    weekdays = table.weekdays(store, reports.moments_of(store, period, now=now))
    return ChartFacts(months, weekdays, received_by_group(by_sector))


def _late_lines(store: Store, report: Report, *, now: datetime) -> Iterator[LateLine]:
    """Yield every dossier that is late in the report, the longest first."""
    found = []
    for figure in ("late", "pending_late", "late_closed_otherwise"):
        ids = reports.ids_behind(store, report.period, figure, against=report.against, now=now)
        for facts in lookup.facts_of(store, ids, now=now):
            state = facts.state
            due = state["late_due_at"] or state["due_at"] or state["legal_due_at"]
            ended = state["completed_at"] or state["closed_at"]
            if ended is not None and ended > report.period.last_at:
                ended = None
            until = epoch_day(ended) if ended is not None else min(report.period.last, now.date())
            letters = store.rows(
                "SELECT number, issued_at FROM paper WHERE dossier_id = ? AND kind = 'apology' "
                "AND issued_at <= ? ORDER BY id",
                (facts.id, report.period.last_at),
            )
            told = [
                f"{'số ' + number + ' ' if number else ''}ngày {from_epoch(at):%d/%m/%Y}"
                for number, at in letters
            ]
            found.append(
                LateLine(
                    code=facts.shown_code,
                    applicant=state["applicant_name"],
                    procedure=state["procedure_name"],
                    due_at=None if due is None else from_epoch(due),
                    finished_at=None if ended is None else from_epoch(ended),
                    delay_days=0 if due is None else max((until - epoch_day(due)).days, 0),
                    officer=state["handling_officer"] or state["reception_officer"],
                    reason=late_reason(state),
                    letter="; ".join(told) or "chưa phát hành",
                )
            )
    yield from sorted(found, key=lambda line: (-line.delay_days, line.code))


def dossier_lines(
    store: Store, report: Report, *, now: datetime, progress: Progress | None = None
) -> Iterator[DossierLine]:
    """Yield every dossier that the report counts, in the order they came in."""
    ids = reports.ids_behind(store, report.period, "received", against=report.against, now=now)
    verdicts = {}
    for name, words in _TIMELINESS.items():
        for one in reports.ids_behind(store, report.period, name, against=report.against, now=now):
            verdicts[one] = words
    for start in range(0, len(ids), _CHUNK):
        some = ids[start : start + _CHUNK]
        for facts in lookup.facts_of(store, some, now=now):
            state = facts.state
            ended = state["completed_at"] or state["closed_at"]
            is_open = ended is None or ended > report.period.last_at
            due = state["due_at"] or state["legal_due_at"]
            status = STATUS_LABELS[Status(state["status"])]
            yield DossierLine(
                code=facts.shown_code,
                procedure=state["procedure_name"],
                sector=state["sector"],
                applicant=state["applicant_name"],
                channel=CHANNEL_LABELS[Channel(state["channel"])],
                received_at=from_epoch(state["received_at"]),
                due_at=None if due is None else from_epoch(due),
                finished_at=None if is_open else from_epoch(ended),
                status="Đang giải quyết cuối kỳ" if is_open else status,
                timeliness=verdicts.get(facts.id, ""),
                officer=state["handling_officer"] or state["reception_officer"],
            )
        if progress is not None:
            progress(min(start + _CHUNK, len(ids)), len(ids))


CHARTS = "charts"


def check_kind(path: Path) -> str:
    """Return the kind of file a name asks for.

    Raises:
        InputError: reports aren't written as that.
    """
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise InputError(
            f"Không ghi báo cáo thành tệp “{path.name}” được: tên cần kết thúc bằng "
            f"{', '.join(KINDS)}. Chưa ghi gì.",
            field="output",
        )
    return kind


def render(
    store: Store,
    kind: str,
    material: Material,
    *,
    groups: Report | None = None,
    with_register: bool = False,
    progress: Progress | None = None,
) -> bytes:
    """Return a report as the bytes of a file of a kind; ``groups`` is a further split.

    ``CHARTS`` is the page of charts alone, as a PDF. ``with_register`` adds every dossier that
    came in, in the columns of the register, to PDF and workbook.
    """
    has_annex = with_register and kind in {".pdf", ".xlsx"}
    annex = _annex(store, material) if has_annex else None
    first, last = material.report.period
    period = f"{first:%d/%m/%Y}-{last:%d/%m/%Y}"
    audit.note(store, Act.REPORT, target=period, what=f"biểu {kind}")
    if kind in {".pdf", CHARTS}:
        from counter_app.documents import chart_pages
        from counter_app.documents import report as paper

        if kind == CHARTS:
            return chart_pages.render_charts(material.chart_facts())
        return paper.render_report(material, annex=annex, progress=progress)
    if kind == ".csv":
        from counter_app.tabular.report_table import report_csv

        return report_csv(groups or material.report)
    from counter_app.tabular.report_workbook import report_workbook

    lines = dossier_lines(store, material.report, now=material.made_at, progress=progress)
    extract = None
    if annex is not None:
        labels = annex.words.labels
        said = (row._replace(result_to=labels.get(row.result_to, "")) for row in annex.rows)
        extract = (annex.headings(), said)
    return report_workbook(material, lines, groups=groups, register=extract)


def _annex(store: Store, material: Material) -> Annex:
    """Return the register's lines of what came in in the period."""
    from counter_app.documents.report_register import Annex

    report, now = material.report, material.made_at
    figure = "received_in_period"
    ids = reports.ids_behind(store, report.period, figure, against=report.against, now=now)
    words = wordings(store).version(form_of(store, now).version).slip("register").as_table()
    return Annex(register.rows_of(store, ids), len(ids), words)
