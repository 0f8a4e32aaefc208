"""Words: Qt's own texts in Vietnamese, and ours in English for those who ask for it.

The source texts of the window are Vietnamese. ``qtbase_vi`` is not shipped with PySide6, so a small
table stands for it; a second table holds English beside the Vietnamese.
"""

from __future__ import annotations

import json
import re
from datetime import date

from PySide6.QtCore import QCoreApplication, QLocale, QObject, QTranslator

from counter_app import paths
from counter_app.domain.limits import Limit
from counter_app.domain.words import date_in_words, format_date, weekday_name, weekday_short

_FOLDER = "translations"
_QT_FILE = "qt_vi.json"
_OWN_FILE = "counter_app_en.json"
_JOINTS = re.compile("(: |; |, )")


class TableTranslator(QTranslator):
    """Translates by a table from source text to translation, whatever the context."""

    def __init__(self, table: dict[str, str], parent: QObject | None = None) -> None:
        """An empty translation counts as none."""
        super().__init__(parent)
        self._table = {source: text for source, text in table.items() if text}

    def isEmpty(self) -> bool:
        """Say whether there is anything to look up."""
        return not self._table

    def translate(
        self, context: str, source: str, disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        """Return the translation, or None to let others answer."""
        # Qt's mnemonics come and go between versions; Alt belongs to the keyboard anyway.
        return self._table.get(source) or self._table.get(source.replace("&", ""))


def load_table(name: str) -> dict[str, str]:
    """Read one table of resources/translations."""
    path = paths.resources() / _FOLDER / name
    return json.loads(path.read_text("utf-8"))


def install_translators(app: QCoreApplication, *, language: str = "vi") -> QTranslator:
    """Make Qt speak Vietnamese, or everything English with ``language="en"``."""
    QLocale.setDefault(QLocale(QLocale.Language.Vietnamese, QLocale.Country.Vietnam))
    name = _OWN_FILE if language == "en" else _QT_FILE
    translator = TableTranslator(load_table(name), app)
    app.installTranslator(translator)
    return translator


def in_window(word: str) -> str:
    """Say a word of the domain in the window's language; papers keep the Vietnamese of the law."""
    return QCoreApplication.translate("domain", word)


def reason_in_window(why_not: str) -> str:
    """Say why an act can't be done: each of its parts is words of the domain."""
    return "".join(in_window(part) for part in _JOINTS.split(why_not))


def weekday(day: date) -> str:
    """Return the name of a day of the week as the window says it."""
    return in_window(weekday_name(day))


def short_weekday(day: date) -> str:
    """Return it as short as a list needs."""
    return in_window(weekday_short(day))


def whole_day(day: date) -> str:
    """Return a day in words, as papers write it where the window is Vietnamese."""
    shown = weekday(day)
    return date_in_words(day) if shown == weekday_name(day) else f"{shown}, {format_date(day)}"


def limit_in_window(limit: Limit) -> str:
    """Return a limit in words: the number, and its unit as the window says it."""
    amount, space, unit = limit.in_words().partition(" ")
    return f"{amount} {in_window(unit)}" if amount.isdigit() else in_window(amount + space + unit)
