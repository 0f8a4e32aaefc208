"""What signing in may ask of the house; its dialog is loaded when somebody has to sign in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from counter_app.services.store import Store


@dataclass(frozen=True, slots=True)
class SignInCalls:
    """The use cases of signing in."""

    names: Callable[[], Sequence[str]]  # empty where the office works without sign-in
    current: Callable[[], str]
    last: Callable[[], str]  # who sat here when the window was closed
    sign_in: Callable[[str, str], None]
    note_lock: Callable[[], None]
    lock_minutes: Callable[[], int]
    why_not: Callable[[str], str]  # an act of the table of rights


def sign_in_calls(store: Store, *, clock: Callable[[], datetime]) -> SignInCalls:
    """Bind the services to one store; what hashes is loaded when somebody signs in."""
    from counter_app.services import rights
    from counter_app.services.settings import get_setting

    def sign_in(name: str, secret: str) -> None:
        from counter_app.services import office, users

        users.sign_in(store, name=name, secret=secret, now=clock())
        if not store.read_only and str(get_setting(store, "current_clerk")) != name:
            office.choose_clerk(store, name=name)

    def note_lock() -> None:
        from counter_app.domain.rights import LOCK
        from counter_app.services import audit

        if not store.read_only:
            audit.note(store, LOCK)

    return SignInCalls(
        names=lambda: list(rights.roles(store)),
        current=lambda: store.user,
        last=lambda: str(get_setting(store, "current_clerk")),
        sign_in=sign_in,
        note_lock=note_lock,
        lock_minutes=lambda: int(get_setting(store, "lock_minutes")),
        why_not=lambda act: rights.why_not(store, act),
    )


def own_secret_call(store: Store, *, clock: Callable[[], datetime]) -> Callable[[str, str], None]:
    """Bind the change of one's own password: the one in use, the new one."""
    from counter_app.services import users

    return lambda was, secret: users.change_own_secret(store, was=was, secret=secret, now=clock())
