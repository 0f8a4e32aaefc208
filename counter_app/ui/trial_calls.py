"""What the test print asks of the house, and the dialog opened on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from counter_app.domain.print_profiles import PaperGroup, PrintProfile
from counter_app.domain.trial_print import CameOut, Mended, PrinterMend

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from counter_app.services.store import Store
    from counter_app.ui.print_desk import PrintDesk
    from counter_app.ui.trial_print_dialog import TrialPrintDialog


@dataclass(frozen=True, slots=True)
class TrialCalls:
    """The use cases of the test print."""

    printer: Callable[[PaperGroup], str]  # where a group's papers go; empty: no printer
    profile: Callable[[PaperGroup], PrintProfile]
    mend: Callable[[str], PrinterMend]
    print_page: Callable[[PaperGroup, str, Callable[[str], None]], None]  # hears why it waits
    answer: Callable[[CameOut, str, PaperGroup], tuple[Mended, Mended]]  # before, after
    forget: Callable[[str], None]


def trial_calls(store: Store, prints: PrintDesk) -> TrialCalls:
    """Bind the services to one store and its way to the printers."""
    from counter_app.services import print_queue, trial_prints

    def printer(group: PaperGroup) -> str:
        from counter_app.ui import printing

        return print_queue.profile(store, group).printer or printing.default_printer()

    return TrialCalls(
        printer=printer,
        profile=lambda group: print_queue.profile(store, group),
        mend=lambda name: trial_prints.mend(store, name),
        print_page=lambda group, name, on_sent: prints.print_trial(
            lambda: trial_prints.page(name), group, on_sent
        ),
        answer=lambda came_out, name, group: trial_prints.answer(
            store, came_out, printer=name, group=group
        ),
        forget=lambda name: trial_prints.forget(store, printer=name),
    )


def open_trial(store: Store, prints: PrintDesk, parent: QWidget) -> TrialPrintDialog:
    """Open the test print over a window."""
    from counter_app.ui.trial_print_dialog import TrialPrintDialog

    dialog = TrialPrintDialog(trial_calls(store, prints), parent)
    dialog.open()
    return dialog
