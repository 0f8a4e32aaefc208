"""What the window of encryption asks of the house, and the work that needs the window gone."""

from __future__ import annotations

import random as chance
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication

from counter_app.domain.rights import Act

if TYPE_CHECKING:
    from counter_app.services.encryption import Outcome, Prepared, State
    from counter_app.services.store import Store
    from counter_app.services.unlocks import Locked

    Progress = Callable[[int, int], None]


def _tr(text: str) -> str:
    return QCoreApplication.translate("encryption", text)


class Conversion(NamedTuple):
    """A turning of all the data, done when nobody of this program works on them any more."""

    doing: str
    done: str
    work: Callable[[Progress], Outcome]


@dataclass(frozen=True, slots=True)
class EncryptionCalls:
    """The use cases of the window of encryption."""

    why_not: Callable[[], str]
    status: Callable[[], State]
    check: Callable[[str], str]  # why a new passphrase can't be used, empty if it can
    prepare: Callable[[str], Prepared]
    prepare_sheet: Callable[[], Prepared]
    sheet: Callable[[Prepared], bytes]
    groups: Callable[[], tuple[int, int]]  # which groups of the sheet are typed back
    keep_sheet: Callable[[Prepared], None]
    change_passphrase: Callable[[str], None]
    remove_plain: Callable[[Sequence[Path]], int]
    go_on: Callable[[Progress], int]
    on: Callable[[Prepared], Conversion]
    off: Callable[[], Conversion]
    locked: Callable[[], Locked]  # what is asked before it is switched off
    print_sheet: Callable[[bytes], object]
    leave_for: Callable[[Conversion], object]


def encryption_calls(
    store: Store,
    *,
    clock: Callable[[], datetime],
    print_sheet: Callable[[bytes], object],
    leave_for: Callable[[Conversion], object],
) -> EncryptionCalls:
    """Bind the services to one store.

    Args:
        store: the open data.
        clock: says when it is.
        print_sheet: prints without leaving the sheet in the queue on the disk.
        leave_for: closes the window and does the work then.
    """
    from counter_app.domain.unlocking import GROUPS, why_passphrase_unusable
    from counter_app.services import encryption, left_plain, rights

    def on(prepared: Prepared) -> Conversion:
        return Conversion(
            _tr("Đang mã hóa dữ liệu…"),
            _tr(
                "Đã mã hóa dữ liệu. Từ nay mở chương trình phải nhập mật khẩu mở dữ liệu. Mở lại "
                "chương trình để làm tiếp."
            ),
            lambda progress: encryption.switch_on(store, prepared, now=clock(), progress=progress),
        )

    def off() -> Conversion:
        return Conversion(
            _tr("Đang bỏ mã hóa…"),
            _tr(
                "Dữ liệu không còn mã hóa. Bản sao lưu cũ vẫn cần mật khẩu hoặc phiếu khôi phục để "
                "mở. Mở lại chương trình để làm tiếp."
            ),
            lambda progress: encryption.switch_off(store, now=clock(), progress=progress),
        )

    def groups() -> tuple[int, int]:
        first, second = sorted(chance.SystemRandom().sample(range(1, GROUPS + 1), 2))
        return first, second

    return EncryptionCalls(
        why_not=lambda: rights.why_not(store, Act.ENCRYPTION),
        status=lambda: encryption.status(store),
        check=why_passphrase_unusable,
        prepare=lambda passphrase: encryption.prepare(store, passphrase, now=clock()),
        prepare_sheet=lambda: encryption.prepare_sheet(store, now=clock()),
        sheet=lambda prepared: encryption.sheet_pdf(
            store, prepared.code, mark=prepared.mark, now=clock()
        ),
        groups=groups,
        keep_sheet=lambda prepared: encryption.keep_sheet(store, prepared),
        change_passphrase=lambda passphrase: encryption.change_passphrase(
            store, passphrase, now=clock()
        ),
        remove_plain=lambda copies: left_plain.remove_copies(store, copies),
        go_on=lambda progress: encryption.go_on(store, progress=progress),
        on=on,
        off=off,
        locked=lambda: encryption.locked(store, clock=clock),
        print_sheet=print_sheet,
        leave_for=leave_for,
    )
