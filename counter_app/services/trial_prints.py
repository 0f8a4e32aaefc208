"""Test prints: the page, and what an answer sets so that the next print comes out right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_app.domain.print_profiles import (
    PaperGroup,
    PrintProfile,
    read_profiles,
    write_profile,
)
from counter_app.domain.trial_print import (
    CameOut,
    Mended,
    PrinterMend,
    mend_of,
    mended,
    put_mend,
    read_mends,
    write_mends,
)
from counter_app.services.settings import get_setting, set_setting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counter_app.storage.database import Store


def page(printer: str) -> bytes:
    """Return the test page as a PDF.

    Raises:
        PaperError: a font is missing.
    """
    from counter_app.documents.trial_page import render_trial

    return render_trial(printer)


def mends(store: Store) -> Mapping[str, PrinterMend]:
    """Return what printers of this PC must be sent differently."""
    return read_mends(get_setting(store, "printer_mends"))


def answer(
    store: Store, came_out: CameOut, *, printer: str, group: PaperGroup
) -> tuple[Mended, Mended]:
    """Set what mends a test print that came out so; returns what held before and what holds now.

    Raises:
        UserError: this person may not set it, or the data may only be read; nothing changed.
    """
    known = mends(store)
    profiles = read_profiles(get_setting(store, "print_profiles"))
    before = Mended(mend_of(known, printer), profiles[group])
    after = mended(came_out, before.mend, before.profile)
    with store.transaction():
        if after.mend != before.mend:
            lines = write_mends(put_mend(known, printer, after.mend))
            set_setting(store, key="printer_mends", value=lines)
        if after.profile != before.profile:
            lines = [
                write_profile(one, profile)
                for one, profile in (profiles | {group: after.profile}).items()
                if profile != PrintProfile()
            ]
            set_setting(store, key="print_profiles", value=lines)
    return before, after


def mend(store: Store, printer: str) -> PrinterMend:
    """Return what one printer must be sent differently."""
    return mend_of(mends(store), printer)


def forget(store: Store, *, printer: str) -> None:
    """Send a printer its pages as they are again.

    Raises:
        UserError: this person may not set it, or the data may only be read.
    """
    lines = write_mends(put_mend(mends(store), printer, PrinterMend()))
    set_setting(store, key="printer_mends", value=lines)
