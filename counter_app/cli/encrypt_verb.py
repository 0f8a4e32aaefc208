"""The verb for encryption at rest; a passphrase never stands among the arguments."""

from __future__ import annotations

import os
import secrets as chance
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from counter_app.atomic import write_atomically
from counter_app.cli.output import show, warn
from counter_app.cli.parser import Verb, path
from counter_app.cli.secrets import read_secret
from counter_app.domain.unlocking import GROUPS, has_marks, is_typed_back
from counter_app.errors import InputError
from counter_app.paths import NEW_PASSPHRASE_VARIABLE
from counter_app.services import encryption, left_plain

if TYPE_CHECKING:
    import argparse

    from counter_app.cli.parser import Desk

_ACTIONS = ("status", "on", "off", "passphrase", "recovery-sheet")
_REMAINS = (
    "Ổ SSD và bản ghi của hệ tệp có thể còn vết của tệp cũ; giấy tờ, báo cáo, danh sách đã lưu ra "
    "nơi khác không được mã hóa."
)
_MARKS = (
    "Mật khẩu có chữ có dấu: máy không bật bộ gõ tiếng Việt sẽ không gõ được. "
    "Nên dùng chữ không dấu."
)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=_ACTIONS, metavar="|".join(_ACTIONS), help="việc cần làm")
    parser.add_argument(
        "-o", "--output", type=path, metavar="FILE.pdf", help="tệp phiếu khôi phục sẽ được tạo"
    )
    parser.add_argument(
        "--remove-plain", action="store_true", help="xóa các bản sao lưu không mã hóa còn lại"
    )


def _encrypt(desk: Desk, options: argparse.Namespace) -> int:
    return _ACTS[options.action](desk, options)


def _status(desk: Desk, options: argparse.Namespace) -> int:
    now = encryption.status(desk.store)
    if not now.is_on:
        lines = ["Dữ liệu không được mã hóa."]
    else:
        lines = [
            "Dữ liệu được mã hóa.",
            f"Mật khẩu mở dữ liệu đặt lúc {_moment(now.passphrase_at)}.",
            f"Phiếu khôi phục lập lúc {_moment(now.sheet_at)}.",
        ]
    lines += _left(now.plain_copies)
    if now.other_files:
        lines.append(f"Còn {now.other_files} tệp đính kèm chưa chuyển theo.")
    data = {
        "on": now.is_on,
        "passphrase_at": now.passphrase_at or None,
        "sheet_at": now.sheet_at or None,
        "plain_copies": [str(one) for one in now.plain_copies],
        "other_files": now.other_files,
    }
    show(options, data, lines)
    return 0


def _moment(text: str) -> str:
    day, _, rest = text.partition("T")
    return f"{rest[:5]} {'/'.join(reversed(day.split('-')))}"


def _left(copies: tuple[Path, ...]) -> list[str]:
    if not copies:
        return []
    told = f"Còn {len(copies)} bản sao lưu không mã hóa, ai cũng đọc được"
    return [
        f"{told} (xóa bằng encrypt on --remove-plain):",
        *(f"  {one}" for one in copies),
    ]


def _on(desk: Desk, options: argparse.Namespace) -> int:
    if options.remove_plain and desk.store.key is not None:
        copies = left_plain.copies(desk.store)
        removed = left_plain.remove_copies(desk.store, copies)
        show(options, {"removed": removed}, [f"Đã xóa {removed} bản sao lưu không mã hóa."])
        return 0
    if desk.store.key is not None and encryption.status(desk.store).other_files:
        turned = encryption.go_on(desk.store, progress=_quiet)
        show(options, {"turned": turned}, [f"Đã mã hóa nốt {turned} tệp đính kèm."])
        return 0
    target = _sheet_target(options)
    prepared = encryption.prepare(desk.store, _new_passphrase(), now=desk.now)
    _confirm_sheet(desk, prepared, target)
    with desk.alone():
        told = encryption.switch_on(desk.store, prepared, now=desk.now, progress=_quiet)
    left: tuple[Path, ...] = told.plain_copies
    if options.remove_plain and told.made is not None:
        left_plain.remove_copies(desk.store, left)
        left = ()
    lines = ["Đã mã hóa dữ liệu; tệp cũ đã ghi đè và xóa.", *_made(told), *_left(left), _REMAINS]
    warn(told.problems)
    data = {
        "on": True,
        "backup": str(told.made) if told.made else None,
        "plain_copies": [str(one) for one in left],
        "problems": list(told.problems),
    }
    show(options, data, lines)
    return 1 if told.problems else 0


def _made(told: encryption.Outcome) -> list[str]:
    return [f"Đã sao lưu vào {told.made}."] if told.made is not None else []


def _off(desk: Desk, options: argparse.Namespace) -> int:
    with desk.alone():
        told = encryption.switch_off(desk.store, now=desk.now, progress=_quiet)
    warn(told.problems)
    lines = [
        "Dữ liệu không còn mã hóa.",
        *_made(told),
        "Bản sao lưu mã hóa cũ vẫn cần mật khẩu hoặc phiếu khôi phục để mở.",
    ]
    show(options, {"on": False, "backup": str(told.made) if told.made else None}, lines)
    return 1 if told.problems else 0


def _passphrase(desk: Desk, options: argparse.Namespace) -> int:
    encryption.change_passphrase(desk.store, _new_passphrase(), now=desk.now)
    show(
        options,
        {"on": True},
        ["Đã đổi mật khẩu mở dữ liệu. Bản chép trên thẻ nhớ đang rút ra vẫn mở bằng mật khẩu cũ."],
    )
    return 0


def _recovery_sheet(desk: Desk, options: argparse.Namespace) -> int:
    target = _sheet_target(options)
    prepared = encryption.prepare_sheet(desk.store, now=desk.now)
    _confirm_sheet(desk, prepared, target)
    encryption.keep_sheet(desk.store, prepared)
    show(options, {"file": str(target)}, ["Phiếu khôi phục mới có hiệu lực. Hủy phiếu cũ."])
    return 0


def _new_passphrase() -> str:
    given = os.environ.get(NEW_PASSPHRASE_VARIABLE)
    if given is None:
        given = read_secret("Mật khẩu mở dữ liệu mới")
        if sys.stdin is not None and sys.stdin.isatty() and read_secret("Nhập lại") != given:
            raise InputError("Hai lần nhập không giống nhau. Chưa thay đổi gì.", field="secret")
    if has_marks(given):
        warn([_MARKS])
    return given


def _sheet_target(options: argparse.Namespace) -> Path:
    if not options.output or Path(options.output).suffix.lower() != ".pdf":
        raise InputError(
            "Cần -o TÊN.pdf cho phiếu khôi phục. Chưa thay đổi gì. Chọn tên tệp rồi làm lại.",
            field="output",
        )
    return Path(options.output).absolute()


def _confirm_sheet(desk: Desk, prepared: encryption.Prepared, target: Path) -> None:
    """Write the sheet, and go on only when somebody has read two groups of it back."""
    pdf = encryption.sheet_pdf(desk.store, prepared.code, mark=prepared.mark, now=desk.now)
    write_atomically(target, pdf)
    first, second = sorted(chance.SystemRandom().sample(range(1, GROUPS + 1), 2))
    told = f"Phiếu khôi phục đã ghi vào {target}. In ra giấy rồi xóa tệp đó"
    warn([f"{told}; sau đó gõ lại nhóm {first} và nhóm {second} của phiếu."])
    typed = read_secret(f"Nhóm {first} và nhóm {second} trên phiếu")
    if not is_typed_back(prepared.code, (first, second), typed):
        raise InputError(
            f"Hai nhóm vừa nhập không giống trên phiếu. Chưa thay đổi gì. Xóa {target.name} "
            "rồi làm lại.",
            field="secret",
        )


def _quiet(_done: int, _total: int) -> None:
    """Show nothing: a verb waits."""


_ACTS = {
    "status": _status,
    "on": _on,
    "off": _off,
    "passphrase": _passphrase,
    "recovery-sheet": _recovery_sheet,
}

VERB = Verb(
    "encrypt",
    "Mã hóa dữ liệu: mật khẩu mở dữ liệu và phiếu khôi phục",
    _arguments,
    _encrypt,
    saves=lambda options: options.action != "status",
)
