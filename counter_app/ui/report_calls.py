"""What the page of reports may ask of the house; bound to the services once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from counter_app.domain.figures import Against, By, Period, Report
from counter_app.domain.periods import Preset
from counter_app.services.frozen_reports import Difference, Frozen
from counter_app.ui.task_runner import Job

if TYPE_CHECKING:
    from counter_app.services.store import Store

__all__ = ["Difference", "Frozen", "ReportCalls", "ReportView", "report_calls"]


class ReportView(NamedTuple):
    """A report as the page shows it: figures, the paragraph beside them, what to note."""

    report: Report
    paragraph: str
    note: str


@dataclass(frozen=True, slots=True)
class ReportCalls:
    """What the page asks of the house."""

    now: Callable[[], datetime]
    presets: Callable[[], list[Preset]]
    make: Callable[[Period, Against, By | None, Job], ReportView]
    ids: Callable[[Report, str, str], list[int]]  # report, figure, key of the group
    pdf: Callable[[Report, Job], bytes]
    charts: Callable[[Report, Job], bytes]
    save: Callable[[Report, Path, Job], None]
    freeze: Callable[[Report], Frozen]
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
    from counter_app.atomic import write_atomically
    from counter_app.domain.office_names import in_sentence
    from counter_app.domain.periods import presets
    from counter_app.domain.report_words import counting_note, paragraph
    from counter_app.services import frozen_reports, office, report_files, reports
    from counter_app.services.settings import get_setting

    def progress_of(job: Job) -> Callable[[int, int], None]:
        def told(done: int, total: int) -> None:
            job.check()
            job.progress(done, total)

        return told

    def make(period: Period, against: Against, by: By | None, job: Job) -> ReportView:
        told, now = progress_of(job), clock()
        report = reports.make(store, period, against=against, by=by, now=now, progress=told)
        before = reports.make(store, period.before(), against=against, now=now).figures
        name = in_sentence(office.office(store).name)
        words = paragraph(name, report, before)
        return ReportView(report, words, counting_note(against, report.boundary))

    def ids(report: Report, figure: str, key: str) -> list[int]:
        by = report.by if key else None
        return reports.ids_behind(
            store, report.period, figure, against=report.against, by=by, key=key, now=clock()
        )

    def made(report: Report, kind: str, job: Job) -> bytes:
        told = progress_of(job)
        material = report_files.gather(
            store, report.period, against=report.against, now=clock(), progress=told
        )
        groups = report if report.by is not None else None
        return report_files.render(store, kind, material, groups=groups, progress=told)

    def save(report: Report, path: Path, job: Job) -> None:
        write_atomically(path, made(report, report_files.check_kind(path), job))

    def compare(number: int, job: Job) -> list[Difference]:
        job.check()
        return frozen_reports.compare(store, number, now=clock())

    return ReportCalls(
        now=clock,
        presets=lambda: presets(
            clock().date(), statistics_day=int(get_setting(store, "statistics_day"))
        ),
        make=make,
        ids=ids,
        pdf=lambda report, job: made(report, ".pdf", job),
        charts=lambda report, job: made(report, report_files.CHARTS, job),
        save=save,
        freeze=lambda report: frozen_reports.freeze(
            store, report.period, against=report.against, by=clerk(), now=clock()
        ),
        frozen=lambda: frozen_reports.all_frozen(store),
        compare=compare,
        print_pdf=print_pdf,
    )
