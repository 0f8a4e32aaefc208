"""The strip beside the official system's window: one dossier at a time, a group one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from counter_app.errors import UserError

if TYPE_CHECKING:
    from counter_app.ui.desk_means import Means
    from counter_app.ui.desk_papers import DeskPapers
    from counter_app.ui.frame import MainWindow
    from counter_app.ui.web_strip import WebStrip


class WebStrips(QObject):
    """Opens the strip that carries a dossier to the official system and takes its code back."""

    def __init__(
        self, means: Means, papers: DeskPapers, window: MainWindow, parent: QObject
    ) -> None:
        """No strip is open."""
        super().__init__(parent)
        self._means, self._papers, self._window = means, papers, window
        self.current: WebStrip | None = None
        self._last: WebStrip | None = None
        self.left: tuple[str, ...] = ()  # of a group, after the one whose strip is open

    @Slot(str)
    def open(self, uuid: str) -> None:
        """Open the strip of a dossier in the place of the one that is open."""
        from counter_app.services import privacy, web_entry
        from counter_app.ui.web_strip import WebStrip, web_calls

        means = self._means
        self.close()
        self._last = None
        try:
            entry = web_entry.entry(means.store, uuid)
            privacy.note_number_shown(means.store, entry.uuid, what="thanh gõ một lần")
        except UserError as error:
            means.interaction.inform(error.message)
            return
        calls = web_calls(
            means.store, clock=means.clock, clerk=means.clerk, print_paper=self._papers.print_paper
        )
        self.current = WebStrip(entry, calls)
        self.current.attached.connect(self._on_attached)
        self.current.left.connect(self._on_left)
        self.current.show_in_place()

    @Slot(list)
    def open_all(self, uuids: list[str]) -> None:
        """Open the strip for each dossier of a group, one after another."""
        self.left = tuple(uuids)
        self._open_next()

    def take_code(self, text: str) -> bool:
        """Give a scanned code to the strip that is open, if one waits for it."""
        return self.current is not None and self.current.take_code(text)

    def close(self) -> None:
        """Close the strip that is open."""
        if self.current is not None:
            self.current.close()

    def _open_next(self) -> None:
        if self.left:
            uuid, *left = self.left
            self.left = ()
            self.open(uuid)
            self.left = tuple(left)

    @Slot(str, str)
    def _on_attached(self, _uuid: str, code: str) -> None:
        self._let_go()
        # Not before the strip that is closing has ended its own event.
        QTimer.singleShot(0, self, self._open_next)
        self._window.say(self.tr("Đã gắn mã {code}, giấy tiếp nhận đang in.").format(code=code))
        page = self._window.current_page()
        if page is not None:
            page.activated(refresh=True)

    @Slot(str)
    def _on_left(self, _uuid: str) -> None:
        self._let_go()
        self.left = ()  # leaving one leaves the rest of its group to the list as well
        self._window.say(
            self.tr(
                "Chưa có mã chính thức: hồ sơ ở danh sách “Chưa có mã” (F3), F5 mở lại thanh, "
                "Ctrl+R in giấy với số tạm."
            )
        )

    def _let_go(self) -> None:
        """Forget a strip that is closing; it lives until its own event has ended."""
        self._last, self.current = self.current, None
