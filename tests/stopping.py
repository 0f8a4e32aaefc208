"""Long work that is stopped: at each step it tells, with nothing left half done."""

from __future__ import annotations

from counter_app.errors import UserError

STOPPED = "Đã ngừng."


def stop_at_the_last_of(steps):
    """Return a progress that expects these steps, and stops the work at the last of them."""
    left = list(steps)

    def progress(done, total):
        assert (done, total) == left.pop(0)
        if not left:
            raise UserError(STOPPED)

    return progress


def stop_in_a_dialog(qtbot, dialog, leave_button, may_go_on):
    """Stop by the closing button what waits for ``may_go_on``; the dialog stays and says so."""
    assert leave_button.verb() == "Ngừng"
    dialog.reject()
    assert dialog.isVisible()
    may_go_on.set()
    qtbot.waitUntil(lambda: leave_button.verb() == "Đóng")
    assert dialog.message.text() == "Đã ngừng. Không có gì thay đổi."
