"""The clock of the window: asked about once a day, watched for leaps, and told when a day begins.

The machine's clock may have fallen back to 2009, run in a foreign zone, or be set while the window
stands open. Nothing is saved on such a clock before a person has looked at it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from counter_app.services.store import Store
    from counter_app.ui.interaction import Interaction

_MINUTE_MS = 60_000
_LEAP = timedelta(minutes=1)


class Doubt(Protocol):
    """Something odd about the clock."""

    @property
    def kind(self) -> str:
        """Its kind, asked about once a day: ``behind``, ``early``, ``zone``, ``gap``."""

    @property
    def sentence(self) -> str:
        """What is odd, for the clerk."""

    @property
    def shift(self) -> timedelta:
        """How far the time that the PC shows is from office time, in a foreign zone."""


def steady_seconds() -> float:
    """Return seconds that go on through sleep and never leap when the clock is set."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


class DayKeeper(QObject):
    """Gives the window its time and keeps what depends on it right."""

    day_changed = Signal()  # a new day began while the window stood open
    clock_moved = Signal(object)  # timedelta: the clock was set; what it stamped moves along

    def __init__(
        self,
        store: Store,
        *,
        clock: Callable[[], datetime],
        doubts: Callable[[datetime], Sequence[Doubt]] | None,
        interaction: Interaction,
        steady: Callable[[], float] = steady_seconds,
        parent: QObject | None = None,
    ) -> None:
        """``clock`` is the machine's own; ``now`` is what the window goes by.

        Without ``doubts`` the clock is believed, as one that was set to practise is.
        """
        super().__init__(parent)
        self._store = store
        self._clock = clock
        self._doubts = doubts
        self._interaction = interaction
        self._steady = steady
        self._correction = timedelta(0)
        self._settled: set[str] = set()  # kinds that were answered today
        self._put_off: set[str] = set()  # kinds that someone is about to set right
        self._is_asking = False
        self._seen = (clock(), steady())
        self._day = self.now().date()
        self._minute = QTimer(self)
        self._minute.timeout.connect(self.check)
        self._minute.start(_MINUTE_MS)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.applicationStateChanged.connect(self._on_application_state_changed)

    def now(self) -> datetime:
        """Return the time of the office."""
        return self._clock() + self._correction

    def close(self) -> None:
        """Watch no longer."""
        self._minute.stop()

    @Slot()
    def check(self) -> None:
        """Look at the clock and the day; ask about what is odd and wasn't asked yet."""
        self._look(is_saving=False)

    def may_save(self) -> bool:
        """Say whether an act may go on; what was put off is asked about again."""
        return self._look(is_saving=True)

    def _look(self, *, is_saving: bool) -> bool:
        if self._is_asking:
            return not is_saving
        self._notice_leap()
        self._notice_day()
        self._is_asking = True
        try:
            return self._ask_all(is_saving=is_saving)
        finally:
            self._is_asking = False

    def _notice_leap(self) -> None:
        if self._doubts is None:
            return
        now, steady = self._clock(), self._steady()
        then, steady_then = self._seen
        self._seen = (now, steady)
        leap = (now - then) - timedelta(seconds=steady - steady_then)
        if abs(leap) > _LEAP:
            # The answers were about another clock.
            self._forget_answers()
            self.clock_moved.emit(leap)

    def _notice_day(self) -> None:
        day = self.now().date()
        if day != self._day:
            self._day = day
            self._forget_answers()
            self.day_changed.emit()

    def _forget_answers(self) -> None:
        self._settled.clear()
        self._put_off.clear()
        self._store.clock_confirmed = False

    def _ask_all(self, *, is_saving: bool) -> bool:
        asked: set[str] = set()
        while self._doubts is not None:
            # Each answer may settle others: a zone that is put right takes a lag along.
            open_ones = [
                doubt
                for doubt in self._doubts(self.now())
                if doubt.kind not in self._settled | asked
                and (is_saving or doubt.kind not in self._put_off)
            ]
            if not open_ones:
                break
            doubt = open_ones[0]
            asked.add(doubt.kind)
            if self._is_right(doubt):
                self._settled.add(doubt.kind)
                self._put_off.discard(doubt.kind)
            else:
                self._put_off.add(doubt.kind)
        return not asked & self._put_off

    def _is_right(self, doubt: Doubt) -> bool:
        if doubt.kind == "zone":
            return self._ask_for_the_time(doubt)
        is_right = self._interaction.confirm(
            doubt.sentence,
            yes=self.tr("Ngày giờ đúng, tiếp tục"),
            no=self.tr("Để tôi chỉnh lại"),
            detail=self.tr("Ngày giờ này in trên giấy tiếp nhận."),
        )
        if is_right and doubt.kind == "behind":
            self._store.clock_confirmed = True
        return is_right

    def _ask_for_the_time(self, doubt: Doubt) -> bool:
        """Ask what the clock on the wall says: a wrong zone may still show the right time."""
        own = self._clock()
        moments = (own + doubt.shift, own)
        words = (
            self.tr("{moment}, như máy đang hiện"),
            self.tr("{moment}, máy đổi ra giờ Việt Nam"),
        )
        chosen = self._interaction.ask_choice(
            self.tr(
                "Múi giờ của máy không phải giờ Việt Nam (+07:00). Đồng hồ treo tường đang chỉ mấy "
                "giờ?"
            ),
            [
                text.format(moment=f"{moment:%H:%M %d/%m/%Y}")
                for text, moment in zip(words, moments, strict=True)
            ],
            yes=self.tr("Đúng giờ này"),
            detail=self.tr(
                "Giờ này in trên giấy tiếp nhận. Nên chỉnh múi giờ của máy thành +07:00, rồi mở "
                "lại chương trình."
            ),
            suggests_first=False,
        )
        if chosen is None:
            return False
        correction = moments[chosen] - own
        moved, self._correction = correction - self._correction, correction
        if moved:
            self.clock_moved.emit(moved)
            self._notice_day()
        return True

    @Slot(Qt.ApplicationState)
    def _on_application_state_changed(self, state: Qt.ApplicationState) -> None:
        # Back from sleep or another program: the clock may have been set meanwhile.
        if state == Qt.ApplicationState.ApplicationActive and self._minute.isActive():
            QTimer.singleShot(0, self, self.check)
