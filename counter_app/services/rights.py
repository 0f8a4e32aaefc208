"""Who is signed in, and whether he may: asked inside every act, so that no way goes around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_app.domain.rights import ACT_LABELS, RIGHTS, ROLE_LABELS, Role, may
from counter_app.errors import RightsError

if TYPE_CHECKING:
    from counter_app.storage.database import Store


# Who acts when the program itself finishes something at a start; no account can have the name.
PROGRAM = "\0"


def roles(store: Store) -> dict[str, Role]:
    """Return who may sign in here, with his role; nobody where the office works without sign-in."""
    known: dict[str, Role] | None = store.cache.get("roles")
    if known is None:
        rows = store.rows("SELECT name, role FROM account WHERE is_active = 1 ORDER BY id")
        known = {name: Role(role) for name, role in rows}
        store.cache["roles"] = known
    return known


def is_on(store: Store) -> bool:
    """Tell whether people sign in here."""
    return bool(roles(store))


def why_not(store: Store, act: str) -> str:
    """Say why the person who is signed in may not do something; empty if he may."""
    known = roles(store)
    if not known:
        return ""
    role = known.get(store.user)
    if role is None:
        return "Chưa đăng nhập nên chưa làm được việc này. Chưa lưu gì. Đăng nhập rồi làm lại."
    if may(role, act):
        return ""
    from counter_app.domain.dossier import MOVE_LABELS, Move

    label = ACT_LABELS.get(act) or (MOVE_LABELS[Move(act)] if act in set(Move) else act)
    others = ", ".join(ROLE_LABELS[one].lower() for one in Role if may(one, act))
    whom = f" Nhờ người có vai trò: {others}." if others else ""
    return f"Vai trò {ROLE_LABELS[role].lower()} không được “{label.lower()}”. Chưa lưu gì.{whom}"


def beyond_role(store: Store, act: str) -> str:
    """Say in a few words that who is signed in may not do an act, and who may; empty if he may.

    For what is greyed beforehand; the service that does it asks ``demand`` all the same.
    """
    role = roles(store).get(store.user)
    if role is None or may(role, act):
        return ""
    others = ", ".join(ROLE_LABELS[one].lower() for one in Role if may(one, act))
    whom = f"; nhờ: {others}" if others else ""
    return f"ngoài việc của {ROLE_LABELS[role].lower()}{whom}"


def demand(store: Store, act: str) -> None:
    """Refuse an act that the person who is signed in has no right to.

    Raises:
        RightsError: nobody is signed in, or his role may not; nothing changed.
    """
    known: dict[str, Role] | None = store.cache.get("roles")
    if known is None:
        known = roles(store)
    if not known or known.get(store.user) in RIGHTS.get(act, ()) or store.user is PROGRAM:
        return
    raise RightsError(why_not(store, act))
