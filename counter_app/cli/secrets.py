"""Passwords for verbs: from a prompt that shows nothing, or a line of standard input each."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from counter_app.domain.rights import OPEN_VERBS, VERB_ACTS
from counter_app.errors import InputError, SignInError
from counter_app.paths import PASSPHRASE_VARIABLE
from counter_app.services import rights, users

if TYPE_CHECKING:
    import argparse
    from datetime import datetime
    from pathlib import Path

    from counter_app.cli.parser import Desk
    from counter_app.services.encryption import DataKey

_LONGEST = 1000


def read_secret(question: str) -> str:
    """Ask at a terminal, else take the next line of standard input.

    Raises:
        InputError: there is no further line.
    """
    if sys.stdin is not None and sys.stdin.isatty():
        import getpass

        try:
            return getpass.getpass(f"{question}: ")
        except EOFError as error:
            raise InputError("Chưa nhập mật khẩu. Chưa làm gì.", field="secret") from error
    line = "" if sys.stdin is None else sys.stdin.readline(_LONGEST)
    if not line:
        raise InputError(
            f"Cần {question[0].lower()}{question[1:]} ở đầu vào chuẩn, mỗi mật khẩu một dòng. "
            "Chưa làm gì.",
            field="secret",
        )
    return line.rstrip("\r\n")


def ask_key(key_file: Path, *, now: datetime) -> DataKey:
    """Unlock encrypted data: by the variable, else at a terminal or from standard input.

    Raises:
        InputError: there is neither, or the code of a sheet was typed wrongly.
        WrongKeyError: it isn't the right passphrase or code, or it is too soon after failures.
    """
    from counter_app.services.unlocks import mark, unlock  # only encrypted data need them

    given = os.environ.get(PASSPHRASE_VARIABLE)
    # A copy may have another key than the data.
    question = f"Mật khẩu mở dữ liệu hoặc mã trên phiếu khôi phục (khóa số {mark(key_file)})"
    return unlock(key_file, given or read_secret(question), now=now)


def sign_in(desk: Desk, options: argparse.Namespace) -> None:
    """Sign in whom the options name, and ask whether he may run this verb at all.

    Raises:
        SignInError: people sign in here and nobody was named, or name and password don't fit.
        RightsError: his role doesn't allow the verb.
    """
    name, verb = options.user, options.verb.name
    if not rights.is_on(desk.store):
        if name:
            raise SignInError(
                "Chưa có tài khoản nào nên không cần --user. Chưa làm gì. "
                "Tạo tài khoản quản trị bằng lệnh users add."
            )
        return
    if verb in OPEN_VERBS or (verb == "users" and options.action == "recover"):
        return
    if not name:
        raise SignInError(
            "Ở đây phải đăng nhập. Chưa làm gì. Viết --user TÊN trước lệnh; mật khẩu hỏi ở màn "
            "hình lệnh hoặc đọc từ đầu vào chuẩn."
        )
    users.sign_in(desk.store, name=name, secret=read_secret("Mật khẩu"), now=desk.now)
    rights.demand(desk.store, VERB_ACTS[verb])
