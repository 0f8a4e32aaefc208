"""Verbs for people and the audit log."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from counter_app.atomic import write_atomically
from counter_app.cli.output import show, warn
from counter_app.cli.parser import Verb, day, path, whole
from counter_app.cli.secrets import read_secret
from counter_app.domain.rights import ROLE_LABELS, Role
from counter_app.errors import InputError
from counter_app.services import audit, audit_acts, rights, users

if TYPE_CHECKING:
    import argparse

    from counter_app.cli.parser import Desk

_ACTIONS = ("add", "list", "disable", "passwd", "role", "recover")


def _users_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=_ACTIONS, metavar="|".join(_ACTIONS), help="việc cần làm")
    parser.add_argument("name", nargs="?", default="", metavar="NAME", help="tên người")
    words = ", ".join(f"{role.value} ({ROLE_LABELS[role].lower()})" for role in Role)
    parser.add_argument(
        "--role", choices=[role.value for role in Role], metavar="ROLE", help=f"vai trò: {words}"
    )
    parser.add_argument("--code", default="", metavar="N", help="mã trong tệp, cho recover")


def _users(desk: Desk, options: argparse.Namespace) -> None:
    if options.action == "list":
        known = users.accounts(desk.store)
        told = [{"name": a.name, "role": a.role.value, "active": a.is_active} for a in known]
        lines = (f"{a.name}  {a.role_label}{'' if a.is_active else '  (đã đóng)'}" for a in known)
        show(options, told, lines)
        return
    if not options.name:
        raise InputError("Thiếu tên người. Chưa làm gì. Viết: users add TÊN.", field="name")
    line = _ACTS[options.action](desk, options)
    show(options, {"name": options.name, "action": options.action}, [line])


def _add(desk: Desk, options: argparse.Namespace) -> str:
    first = not rights.is_on(desk.store)
    role = Role(options.role or (Role.ADMIN if first else Role.CLERK))
    secret = read_secret("Mật khẩu mới")
    users.add_user(desk.store, name=options.name, role=role, secret=secret, now=desk.now)
    if first:
        warn(["Từ nay phải đăng nhập: các lệnh đụng tới hồ sơ cần --user TÊN."])
    return f"Đã tạo tài khoản {options.name}, {ROLE_LABELS[role].lower()}."


def _disable(desk: Desk, options: argparse.Namespace) -> str:
    users.disable_user(desk.store, name=options.name)
    if not rights.is_on(desk.store):
        warn(["Không còn tài khoản nào: từ nay làm việc không cần đăng nhập."])
    return f"Đã đóng tài khoản {options.name}."


def _passwd(desk: Desk, options: argparse.Namespace) -> str:
    secret = read_secret("Mật khẩu mới")
    users.set_secret(desk.store, name=options.name, secret=secret, now=desk.now)
    return f"Đã đổi mật khẩu của {options.name}."


def _role(desk: Desk, options: argparse.Namespace) -> str:
    if not options.role:
        raise InputError("Thiếu vai trò. Chưa đổi gì. Viết: users role TÊN --role VAI.")
    users.set_role(desk.store, name=options.name, role=Role(options.role))
    return f"{options.name}: {ROLE_LABELS[Role(options.role)].lower()}."


def _recover(desk: Desk, options: argparse.Namespace) -> str:
    if not options.code:
        made = users.ask_recovery(desk.store, name=options.name, folder=desk.folder)
        return (
            f"Mã lấy lại đã ghi vào {made}. Đọc mã trong tệp rồi chạy: "
            f'users recover "{options.name}" --code MÃ'
        )
    secret = read_secret("Mật khẩu mới")
    users.recover(
        desk.store,
        name=options.name,
        code=options.code.strip(),
        secret=secret,
        folder=desk.folder,
        now=desk.now,
    )
    return f"Đã lấy lại quyền quản trị của {options.name}; việc này đã ghi vào nhật ký."


_ACTS = {
    "add": _add,
    "disable": _disable,
    "passwd": _passwd,
    "role": _role,
    "recover": _recover,
}


def _audit_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", nargs="?", default="", metavar="TEXT", help="chữ cần tìm")
    parser.add_argument("--from", dest="since", type=day, metavar="D", help="từ ngày")
    parser.add_argument("--to", dest="until", type=day, metavar="D", help="đến hết ngày")
    parser.add_argument("--limit", type=whole, default=200, metavar="N", help="nhiều nhất N dòng")
    parser.add_argument(
        "--dossiers", action="store_true", help="cả việc trên từng hồ sơ ở quầy này"
    )
    parser.add_argument("-o", "--output", type=path, metavar="FILE.csv", help="xuất cả nhật ký")


def _audit(desk: Desk, options: argparse.Namespace) -> None:
    if options.output:
        target = Path(options.output)
        if target.suffix.lower() != ".csv":
            raise InputError("Tên tệp phải kết thúc bằng .csv. Chưa ghi gì.", field="output")
        write = audit_acts.export_csv if options.dossiers else audit.export_csv
        write_atomically(target, write(desk.store))
        count, head = audit.head(desk.store)
        show(
            options,
            {"file": str(target), "lines": count, "head": head},
            [f"Đã xuất nhật ký ra {target}; mã băm cuối {head[:16]}."],
        )
        return
    search = audit_acts.search if options.dossiers else audit.entries
    found = search(
        desk.store,
        text=options.text,
        since=datetime.combine(options.since, time()) if options.since else None,
        until=datetime.combine(options.until, time(23, 59, 59)) if options.until else None,
        limit=options.limit,
    )
    lines = (
        f"{e.at:%d/%m/%Y %H:%M}  {e.by or '—'}  {e.counter}  {e.label}  {e.target}  {e.words}"
        for e in found
    )
    show(options, [audit.json_of(one) for one in found], lines)


VERBS = (
    Verb(
        "users",
        "Tài khoản đăng nhập và vai trò",
        _users_arguments,
        _users,
        saves=lambda options: options.action != "list",
    ),
    Verb("audit", "Nhật ký: ai đã làm gì, lúc nào", _audit_arguments, _audit),
)
