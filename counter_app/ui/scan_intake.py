"""What becomes of a scan in the window: who takes it, and when it opens nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from counter_app.ui.header import TopLine
from counter_app.ui.lines import BottomLine
from counter_app.ui.page import Page


class ScanIntake(QObject):
    """Offers a scan to what has the focus, then to the page; announces what nobody took."""

    card_scanned = Signal(str)  # a card no page wanted
    code_scanned = Signal(str)  # a code no page wanted

    def __init__(
        self,
        window: QWidget,
        page: Callable[[], Page | None],
        *,
        top: TopLine,
        bottom: BottomLine,
    ) -> None:
        """``page`` says which page is shown."""
        super().__init__(window)
        self._window, self._page = window, page
        self._top, self._bottom = top, bottom
        self._code_taker: Callable[[str], bool] | None = None
        self._passing = ""

    def take_card(self, text: str) -> None:
        """Offer a scanned card to what has the focus, then to the page, else announce it."""
        self.let_go()
        if not self._is_taken("take_card", text) and self._may_leave(""):
            self.card_scanned.emit(text)

    def set_code_taker(self, taker: Callable[[str], bool]) -> None:
        """Let codes that are no dossier's be taken before the page sees them."""
        self._code_taker = taker

    def take_code(self, text: str) -> None:
        """Offer a scanned code to what has the focus, then to the page, else announce it."""
        self.let_go()
        if not self._is_taken("take_code", text) and self._may_leave(text):
            self.code_scanned.emit(text)

    def _is_taken(self, hook: str, text: str) -> bool:
        """Say whether a dialog or the page used a scan; what lies under a dialog never does."""
        for widget in _up_from(QApplication.focusWidget() or QApplication.activeModalWidget()):
            take = None if widget is self._page() else getattr(widget, hook, None)
            if take is not None and take(text):
                return True
        dialog = QApplication.activeModalWidget()
        if dialog is not None:
            self.say_in_passing(
                self.tr("Hộp thoại đang mở giữ nguyên. Đóng hộp thoại rồi quét lại.")
            )
            if isinstance(dialog, QDialog):  # not every system gives the window the focus back
                dialog.finished.connect(self.let_go)
            QApplication.beep()
            return True
        if hook == "take_code" and self._code_taker is not None and self._code_taker(text):
            return True
        page = self._page()
        return page is not None and bool(getattr(page, hook)(text))

    def _may_leave(self, code: str) -> bool:
        """Say whether a scan may open another page: never from work that isn't saved."""
        page = self._page()
        if page is None or not page.has_unsaved_work():
            return True
        if code:
            self._top.offer_search(code)
            words = self.tr(
                "Đang gõ dở, trang này giữ nguyên. Mã {code} nằm ở ô tìm: Ctrl+K, Enter để mở."
            )
        else:
            words = self.tr("Đang gõ dở, trang này giữ nguyên. Lưu rồi quét lại thẻ.")
        self._bottom.set_page_text(words.format(code=code))
        return False

    def attach(self, scanner: Any) -> None:
        """Listen to a ``WedgeDetector`` or anything else with its signals."""
        scanner.card_scanned.connect(self.take_card)
        scanner.code_scanned.connect(self.take_code)
        scanner.scan_refused.connect(self.say_in_passing)
        if hasattr(scanner, "watch"):
            scanner.watch(self._window)

    def say_in_passing(self, text: str) -> None:
        """Say why a scan was refused, until the focus moves or something else is done."""
        self._passing = text
        self._bottom.set_page_text(text)

    def let_go(self) -> None:
        """Take back what was said in passing, unless something else was said since."""
        if self._passing and self._bottom.page_text() == self._passing:
            self._bottom.set_page_text("")
        self._passing = ""


def _up_from(widget: QWidget | None) -> Iterator[QWidget]:
    """Walk from a widget up to its window, the window included."""
    while widget is not None:
        yield widget
        widget = None if widget.isWindow() else widget.parentWidget()
