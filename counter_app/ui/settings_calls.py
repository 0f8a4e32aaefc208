"""What the page of settings may ask of the house."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from counter_app.domain.facts import OfficeFacts, OfficerFacts

if TYPE_CHECKING:
    from counter_app.services.store import Store
    from counter_app.ui.serial_scanner import PortFacts


@dataclass(frozen=True, slots=True)
class SettingsCalls:
    """The use cases of the page of settings."""

    office: Callable[[], OfficeFacts]
    set_up: Callable[..., OfficeFacts]
    settings: Callable[[], Mapping[str, Any]]
    set_setting: Callable[[str, Any], Any]
    officers: Callable[[], Sequence[OfficerFacts]]
    save_officer: Callable[..., None]
    printers: Callable[[], Sequence[str]]
    trays: Callable[[str], Sequence[str]]
    form_versions: Callable[[], Sequence[Any]]
    scanner_ports: Callable[[], Sequence[PortFacts]]


def settings_calls(store: Store) -> SettingsCalls:
    """Bind the services to one store."""
    from counter_app.services import office
    from counter_app.services.settings import get_settings, set_setting

    def set_one(key: str, value: Any) -> Any:
        return set_setting(store, key=key, value=value)

    return SettingsCalls(
        office=partial(office.office, store),
        set_up=partial(office.set_up, store),
        settings=partial(get_settings, store),
        set_setting=set_one,
        officers=partial(office.officers, store),
        save_officer=partial(office.save_officer, store),
        printers=_printers,
        trays=_trays,
        form_versions=partial(_form_versions, store),
        scanner_ports=_scanner_ports,
    )


def _form_versions(store: Store) -> Sequence[Any]:
    from counter_app.services import form_versions  # reads every wording: when it is shown

    return form_versions.versions(store)


def _printers() -> list[str]:
    # The list of printers loads a library and may ask the network: only when it is shown.
    from PySide6.QtPrintSupport import QPrinterInfo

    return list(QPrinterInfo.availablePrinterNames())


def _trays(printer: str) -> Sequence[str]:
    from counter_app.ui.printing import tray_names

    return tray_names(printer)


def _scanner_ports() -> Sequence[PortFacts]:
    from counter_app.ui.serial_scanner import serial_ports

    return serial_ports()
