"""What the page of reports may ask of the house; bound to the services once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from counter_app.domain.chart_plans import ChartPlan
from counter_app.domain.figures import Against, Breach, By, Period, Report
from counter_app.domain.periods import Preset
from counter_app.services.frozen_reports import Difference, Frozen, Prepared
from counter_app.ui.task_runner import Job

if TYPE_CHECKING:
    from counter_app.services.store import Store

__all__ = [
    "Difference",
    "Frozen",
    "Prepared",
    "ReportCalls",
    "ReportView",
    "report_calls",
]


class ReportView(NamedTuple):
    """A report as the page shows it: figures, the paragraph beside them, what to note."""

    report: Report
    paragraph: str
    note: str


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """What is made of a report: paper, files, charts; a flag says whether with the register."""

    pdf: Callable[[Report, bool, Job], bytes]
    charts: Callable[[Report, Job], bytes]
    save: Callable[[Report, bool, Path, Job], None]
    chart_plans: Callable[[Report, Job], Sequence[ChartPlan]]


@dataclass(frozen=True, slots=True)
class ReportCalls:
    """What the page asks of the house."""

    now: Callable[[], datetime]
    presets: Callable[[], list[Preset]]
    make: Callable[[Period, Against, By | None, Job], ReportView]
    prove: Callable[[Report, Job], tuple[Breach, ...]]  # sums against each dossier's pieces
    # report, figure, what it is split by (None: not), key of the group
    ids: Callable[[Report, str, str | None, str], list[int]]
    files: ReportFiles
    clerk: Callable[[], str]
    prepare: Callable[[Report, str, Job], Prepared]  # by whom; counts what is handed in, no more
    freeze: Callable[[Prepared], Frozen]  # writes it
    frozen: Callable[[], Sequence[Frozen]]
    compare: Callable[[int, Job], list[Difference]]
    print_pdf: Callable[[bytes], object]


def report_calls(
    store: Store,
    *,
    clock: Callable[[], datetime],
    clerk: Callable[[], str],
    print_pdf: Callable[[bytes], object],
) -> ReportCalls:
    """Bind the services to one store."""
    from counter_app.domain.office_names import in_sentence
    from counter_app.domain.periods import presets
    from counter_app.domain.report_words import counting_note, paragraph
    from counter_app.services import frozen_reports, office, reports
    from counter_app.services.settings import get_setting

    def make(period: Period, against: Against, by: By | None, job: Job) -> ReportView:
        told, now = _progress_of(job), clock()
        report = reports.make(store, period, against=against, by=by, now=now, progress=told)
        before = reports.make(store, period.before(), against=against, now=now).figures
        name = in_sentence(office.office(store).name)
        words = paragraph(name, report, before)
        return ReportView(report, words, counting_note(against, report.boundary))

    def prove(report: Report, job: Job) -> tuple[Breach, ...]:
        recounted = reports.make(
            store,
            report.period,
            against=report.against,
            now=clock(),
            is_recounted=True,
            progress=_progress_of(job),
        )
        return recounted.breaches

    def ids(report: Report, figure: str, by: str | None, key: str) -> list[int]:
        return reports.ids_behind(
            store, report.period, figure, against=report.against, by=by, key=key, now=clock()
        )

    def prepare(report: Report, by: str, job: Job) -> Prepared:
        return frozen_reports.prepare(
            store,
            report.period,
            against=report.against,
            by=by,
            now=clock(),
            progress=_progress_of(job),
        )

    def compare(number: int, job: Job) -> list[Difference]:
        return frozen_reports.compare(store, number, now=clock(), progress=_progress_of(job))

    return ReportCalls(
        now=clock,
        presets=lambda: presets(
            clock().date(), statistics_day=int(get_setting(store, "statistics_day"))
        ),
        make=make,
        prove=prove,
        ids=ids,
        files=_files(store, clock),
        clerk=clerk,
        prepare=prepare,
        freeze=lambda prepared: frozen_reports.keep(store, prepared),
        frozen=lambda: frozen_reports.all_frozen(store),
        compare=compare,
        print_pdf=print_pdf,
    )


def _progress_of(job: Job) -> Callable[[int, int], None]:
    def told(done: int, total: int) -> None:
        job.check()
        job.progress(done, total)

    return told


def _files(store: Store, clock: Callable[[], datetime]) -> ReportFiles:
    from counter_app.atomic import write_atomically
    from counter_app.domain.chart_plans import report_plans
    from counter_app.services import report_files

    def made(report: Report, kind: str, job: Job, *, with_register: bool = False) -> bytes:
        told = _progress_of(job)
        material = report_files.gather(
            store, report.period, against=report.against, now=clock(), progress=told
        )
        groups = report if report.by is not None else None
        return report_files.render(
            store, kind, material, groups=groups, with_register=with_register, progress=told
        )

    def chart_plans(report: Report, job: Job) -> Sequence[ChartPlan]:
        told = _progress_of(job)
        return report_plans(report_files.chart_facts(store, report, now=clock(), progress=told))

    def pdf(report: Report, with_register: bool, job: Job) -> bytes:
        return made(report, ".pdf", job, with_register=with_register)

    def save(report: Report, with_register: bool, path: Path, job: Job) -> None:
        kind = report_files.check_kind(path)
        write_atomically(path, made(report, kind, job, with_register=with_register))

    return ReportFiles(
        pdf=pdf,
        charts=lambda report, job: made(report, report_files.CHARTS, job),
        save=save,
        chart_plans=chart_plans,
    )
