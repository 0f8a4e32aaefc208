"""When the program itself is wrong: one calm sentence, the traceback in the log."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from types import TracebackType

from PySide6.QtCore import QCoreApplication

from counter_app.errors import UserError
from counter_app.ui.interaction import Interaction

log = logging.getLogger(__name__)


class CrashReporter:
    """Takes the place of ``sys.excepthook``."""

    def __init__(self, interaction: Interaction) -> None:
        """Known errors are said, defects are logged and said once at a time."""
        self._interaction = interaction
        self._is_telling = False

    def install(self) -> None:
        """From now on errors that nobody caught come here."""
        sys.excepthook = self

    def __call__(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Tell the person at the desk what happened and what is safe."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        if isinstance(error, UserError):
            self._tell(error.message)
            return
        log.error("unexpected error", exc_info=(kind, error, trace))
        where = "".join(traceback.format_exception(kind, error, trace)[-3:]).strip()
        self._tell(
            _tr(
                "Chương trình gặp lỗi và đã dừng việc đang làm. Hồ sơ đã lưu vẫn nguyên. "
                "Xem lại việc vừa làm trước khi làm tiếp."
            ),
            detail=_tr("Ghi cho người hỗ trợ:") + f"\n{where}",
        )

    def _tell(self, text: str, detail: str = "") -> None:
        # A dialog runs its own loop, in which the same defect may come again.
        on_window_thread = threading.current_thread() is threading.main_thread()
        if self._is_telling or not on_window_thread or QCoreApplication.instance() is None:
            return
        self._is_telling = True
        try:
            self._interaction.inform(text, detail=detail)
        finally:
            self._is_telling = False


def install_excepthook(interaction: Interaction) -> CrashReporter:
    """Show defects calmly from now on; returns the reporter."""
    reporter = CrashReporter(interaction)
    reporter.install()
    return reporter


def _tr(text: str) -> str:
    return QCoreApplication.translate("crash", text)
