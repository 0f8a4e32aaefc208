"""Typing only once (gõ một lần): a dossier's fields for a web form, and its code back."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from counter_app.domain.numbering import check_official_code
from counter_app.domain.web_profile import WebStep, parse_profile, web_steps
from counter_app.errors import InputError, MoveRefusedError
from counter_app.services import lookup, moves, papers
from counter_app.services.settings import get_setting

if TYPE_CHECKING:
    from datetime import datetime

    from counter_app.storage.database import Store


class WebEntry(NamedTuple):
    """One dossier ready to be carried over to the official system."""

    uuid: str
    code: str
    name: str
    is_verified: bool
    steps: tuple[WebStep, ...]


def entry(store: Store, code: str) -> WebEntry:
    """Return a dossier's fields in the order of the office's profile.

    Raises:
        MoveRefusedError: it has its official code already, or its reception was taken back.
        InputError: the profile can't be read.
    """
    _, uuid, state = lookup.load(store, code)
    if state["official_code"]:
        raise MoveRefusedError(
            f"Hồ sơ {state['code']} đã có mã chính thức {state['official_code']}."
        )
    if state["is_void"]:
        raise MoveRefusedError(f"Hồ sơ {state['code']} đã được hoàn tác tiếp nhận.")
    try:
        profile = parse_profile(get_setting(store, "web_profile"))
    except ValueError as error:
        raise InputError(f"{error} Sửa ở Cài đặt, mục Gõ một lần.", field="web_profile") from error
    return WebEntry(
        uuid=uuid,
        code=state["code"],
        name=state["applicant_name"],
        is_verified=bool(get_setting(store, "web_profile_verified")),
        steps=web_steps(state, profile),
    )


def read_code(store: Store, text: str) -> str:
    """Return an official code as it is attached.

    Raises:
        InputError: it doesn't have the office's pattern.
    """
    try:
        return check_official_code(text, get_setting(store, "official_code_pattern"))
    except ValueError as error:
        raise InputError(str(error), field="official_code") from error


def attach(store: Store, code: str, *, official: str, by: str, now: datetime) -> str:
    """Attach the official code and issue the receipt with it, all or nothing; returns the paper.

    Raises:
        InputError: the code can't be used.
        MoveRefusedError: the dossier has another one.
    """
    with store.transaction():
        facts = moves.set_official_code(store, code, official=official, by=by, now=now)
        return papers.print_receipt(store, facts.uuid, by=by, now=now)
