"""Accounts (tài khoản): who signs in, with what, and the way back for a lost administrator."""

from __future__ import annotations

import functools
import secrets
import unicodedata
from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.atomic import write_atomically
from counter_app.domain.moments import from_epoch, to_epoch
from counter_app.domain.rights import (
    RECOVERED,
    RECOVERY_ASKED,
    ROLE_LABELS,
    SIGN_IN,
    SIGN_IN_FAILED,
    Act,
    Role,
    seconds_left,
    wait_after,
    why_secret_unusable,
)
from counter_app.domain.vietnamese import clean_line
from counter_app.errors import InputError, NotFoundError, SignInError
from counter_app.services import audit, office, rights

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from counter_app.storage.database import Store

# RFC 9106, section 4: the second recommended option, for machines without 2 GiB to spare.
_COST: dict[str, Any] = {"time_cost": 3, "memory_cost": 65_536, "parallelism": 4}
RECOVERY_FILE = "lay-lai-quyen-quan-tri.txt"


class AccountFacts(NamedTuple):
    """An account as it is listed; the secret stays where it is."""

    name: str
    role: Role
    is_active: bool
    changed_at: datetime

    @property
    def role_label(self) -> str:
        """Return the role in words."""
        return ROLE_LABELS[self.role]


def accounts(store: Store) -> list[AccountFacts]:
    """Return every account, those that were closed too.

    Raises:
        RightsError: who is signed in doesn't look after accounts.
    """
    rights.demand(store, Act.USERS)
    rows = store.rows("SELECT name, role, is_active, changed_at FROM account ORDER BY id")
    return [AccountFacts(n, Role(r), bool(a), from_epoch(c)) for n, r, a, c in rows]


def names(store: Store) -> list[str]:
    """Return who may sign in, for the screen on which he does."""
    return list(rights.roles(store))


def add_user(store: Store, *, name: str, role: Role, secret: str, now: datetime) -> None:
    """Give somebody an account; the first one is the administrator's and turns sign-in on.

    Raises:
        InputError: the name, the role or the secret can't be used; nothing changed.
    """
    name = clean_line(name)
    with store.transaction():
        rights.demand(store, Act.USERS)
        if not rights.is_on(store) and role is not Role.ADMIN:
            raise InputError(
                "Tài khoản đầu tiên phải là quản trị. Chưa tạo gì. Chọn vai trò quản trị.",
                field="role",
            )
        if store.row("SELECT 1 FROM account WHERE name = ?", (name,)):
            raise InputError(
                f"Đã có tài khoản “{name}”. Chưa tạo gì. Đổi mật khẩu hoặc chọn tên khác.",
                field="name",
            )
        hashed = _hash(secret)
        known = {one.name for one in office.officers(store)}
        if name not in known:
            office.save_officer(store, name=name)
        store.execute(
            "INSERT INTO account (name, role, secret, is_active, failures, failed_at, changed_at) "
            "VALUES (?, ?, ?, 1, 0, 0, ?)",
            (name, role.value, hashed, to_epoch(now)),
        )
        audit.note(store, Act.USERS, target=name, what="thêm tài khoản", role=role.value)
        store.cache.clear()


def disable_user(store: Store, *, name: str) -> None:
    """Close an account; what was done under it stays.

    Raises:
        NotFoundError: there is no such account.
        InputError: it is the last administrator's while others still sign in.
    """
    with store.transaction():
        rights.demand(store, Act.USERS)
        known = rights.roles(store)
        role = _role_of(store, name)
        left = [one for one, has in known.items() if one != name and has is Role.ADMIN]
        if role is Role.ADMIN and not left and len(known) > 1:
            raise InputError(
                "Đây là quản trị cuối cùng, trong khi còn người khác đăng nhập. Chưa đóng gì. "
                "Giao quyền quản trị cho người khác trước.",
                field="name",
            )
        store.execute("UPDATE account SET is_active = 0 WHERE name = ?", (name,))
        audit.note(store, Act.USERS, target=name, what="đóng tài khoản")
        store.cache.clear()


def set_secret(store: Store, *, name: str, secret: str, now: datetime) -> None:
    """Give an account a new password or PIN, and open it again if it was closed.

    One's own needs nothing more than to be signed in; another's needs the administrator.
    """
    with store.transaction():
        own = name == store.user and name in rights.roles(store)
        rights.demand(store, Act.OWN_SECRET if own else Act.USERS)
        _role_of(store, name)
        store.execute(
            "UPDATE account SET secret = ?, is_active = 1, failures = 0, changed_at = ? "
            "WHERE name = ?",
            (_hash(secret), to_epoch(now), name),
        )
        audit.note(store, Act.OWN_SECRET if own else Act.USERS, target=name, what="đổi mật khẩu")
        store.cache.clear()


def change_own_secret(store: Store, *, was: str, secret: str, now: datetime) -> None:
    """Give who is signed in a new password or PIN, by the one he has.

    A desk may stand open for a moment, and whoever passes must not lock its clerk out.

    Raises:
        SignInError: the one in use is wrong, or it is too soon after failures; it is noted.
        InputError: the new one can't be used; nothing changed.
    """
    sign_in(store, name=store.user, secret=was, now=now)
    set_secret(store, name=store.user, secret=secret, now=now)


def set_role(store: Store, *, name: str, role: Role) -> None:
    """Give an account another role.

    Raises:
        InputError: nobody would be left to look after accounts.
    """
    with store.transaction():
        rights.demand(store, Act.USERS)
        was = _role_of(store, name)
        admins = [one for one, has in rights.roles(store).items() if has is Role.ADMIN]
        if admins == [name] and role is not Role.ADMIN:
            raise InputError(
                "Cần ít nhất một quản trị. Chưa đổi gì. Giao quyền quản trị cho người khác trước.",
                field="role",
            )
        store.execute("UPDATE account SET role = ? WHERE name = ?", (role.value, name))
        audit.note(store, Act.USERS, target=name, was=was.value, now=role.value)
        store.cache.clear()


def sign_in(store: Store, *, name: str, secret: str, now: datetime) -> None:
    """Sign somebody in; from now on his role decides and his name stands in the log.

    Raises:
        SignInError: name or secret are wrong, or it is too soon after failures; it is noted.
    """
    moment = to_epoch(now)
    row = store.row(
        "SELECT secret, failures, failed_at FROM account WHERE name = ? AND is_active = 1", (name,)
    )
    hashed, failures, failed_at = row or (_DUMMY, 0, 0)
    left = seconds_left(failures, failed_at, moment)
    if left:
        raise SignInError(
            f"Đã nhập sai {failures} lần. Chờ {left} giây rồi thử lại. Dữ liệu giữ nguyên.",
            field="secret",
        )
    if not _is_right(hashed, secret) or row is None:
        _note_failure(store, name, moment)
        wait = wait_after(failures + 1)
        pause = f" Lần sau chờ {wait} giây." if wait else ""
        is_admin = rights.roles(store).get(name) is Role.ADMIN
        way = "chạy lệnh users recover trên máy này" if is_admin else "nhờ quản trị đặt lại"
        raise SignInError(
            f"Tên hoặc mật khẩu không đúng.{pause} Dữ liệu giữ nguyên; quên mật khẩu thì {way}.",
            field="secret",
        )
    store.user = name
    if store.read_only:  # a second window looks on and can write nothing down
        return
    with store.transaction():
        store.execute("UPDATE account SET failures = 0 WHERE name = ? AND failures", (name,))
        audit.note(store, SIGN_IN, by=name)


def _note_failure(store: Store, name: str, moment: int) -> None:
    if store.read_only:
        return
    with store.transaction():
        store.execute(
            "UPDATE account SET failures = failures + 1, failed_at = ? WHERE name = ?",
            (moment, name),
        )
        known = name in rights.roles(store)
        # A name that isn't here may be a password typed into the wrong field.
        audit.note(store, SIGN_IN_FAILED, target=name if known else "(tên không có)", by="")


def ask_recovery(store: Store, *, name: str, folder: Path) -> Path:
    """Begin to take a lost administrator's account back: a code in a file of the data folder.

    Whoever can read that folder owns the data anyway; the two steps are there so that it can't
    be done by mistake and stands in the log whatever comes of it.

    Raises:
        NotFoundError: there is no administrator of that name.
    """
    if _role_of(store, name) is not Role.ADMIN:
        raise NotFoundError(f"“{name}” không phải quản trị. Chưa làm gì.", field="name")
    code = f"{secrets.randbelow(10**10):010d}"
    path = folder / RECOVERY_FILE
    with store.transaction():
        _keep_code(store, f"{name}\n{code}")
        audit.note(store, RECOVERY_ASKED, target=name, by="")
    write_atomically(path, (f"Mã lấy lại quyền quản trị của {name}: {code}\n").encode())
    return path


def recover(
    store: Store, *, name: str, code: str, secret: str, folder: Path, now: datetime
) -> None:
    """Give a lost administrator a new secret, by the code of the file; it can be used once.

    Raises:
        SignInError: it is another code, or none was asked for; nothing changed.
    """
    with store.transaction():
        row = store.row("SELECT value FROM setting WHERE key = ?", (_RECOVERY,))
        kept = str(row[0]) if row else ""
        if not kept or not secrets.compare_digest(kept.encode(), f"{name}\n{code}".encode()):
            # A code is good for one try: it can't be found by trying.
            _keep_code(store, "")
            audit.note(store, SIGN_IN_FAILED, target=name, by="", what="mã lấy lại không đúng")
            right = False
        else:
            right = True
            _keep_code(store, "")
            store.execute(
                "UPDATE account SET secret = ?, is_active = 1, failures = 0, changed_at = ? "
                "WHERE name = ?",
                (_hash(secret), to_epoch(now), name),
            )
            audit.note(store, RECOVERED, target=name, by="")
            store.cache.clear()
    (folder / RECOVERY_FILE).unlink(missing_ok=True)
    if not right:
        raise SignInError(
            "Mã lấy lại không đúng nên đã hủy. Tài khoản giữ nguyên. "
            "Chạy lại: users recover TÊN để có mã mới.",
            field="code",
        )


_RECOVERY = "_recovery"


def _keep_code(store: Store, text: str) -> None:
    store.execute(
        "INSERT INTO setting (key, value) VALUES (?, ?) "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (_RECOVERY, text),
    )


def _role_of(store: Store, name: str) -> Role:
    row = store.row("SELECT role FROM account WHERE name = ?", (name,))
    if row is None:
        raise NotFoundError(f"Không có tài khoản “{name}”. Chưa thay đổi gì.", field="name")
    return Role(row[0])


def _hash(secret: str) -> str:
    why = why_secret_unusable(secret)
    if why:
        raise InputError(f"{why} Chưa lưu gì.", field="secret")
    return str(_hasher().hash(_as_one_writes(secret)))


def _as_one_writes(secret: str) -> str:
    """Take one letter for one letter, however the keyboard put its marks together."""
    return unicodedata.normalize("NFC", secret)


def _is_right(hashed: str, secret: str) -> bool:
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return bool(_hasher().verify(hashed, _as_one_writes(secret)))
    except (VerificationError, InvalidHashError):
        return False


@functools.cache
def _hasher() -> Any:  # noqa: ANN401 - loaded when somebody signs in, not at a start
    from argon2 import PasswordHasher

    return PasswordHasher(**_COST)


# What is compared when there is no such account, so that the answer takes as long.
_DUMMY = (
    "$argon2id$v=19$m=65536,t=3,p=4$iUqcsCNTijECnh9bgWF9Rg$"
    "oa6CqcYyS+dSoxDZD1tGrF7PcoLfi7E9TfCY+nvcHBE"
)
