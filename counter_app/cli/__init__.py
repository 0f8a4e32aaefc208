"""The same services from a terminal: verbs for scripts, safe while the window is open."""

from __future__ import annotations

import errno
import logging
import os
import sys
from typing import TYPE_CHECKING

from counter_app.atomic import FULL
from counter_app.cli import (
    board_verb,
    book_verbs,
    calendar_verb,
    dossier_verbs,
    due_verb,
    encrypt_verb,
    handover_verbs,
    money_verbs,
    move_verbs,
    office_verbs,
    outage_verbs,
    paper_verbs,
    pile_verbs,
    privacy_verbs,
    quick_verbs,
    record_verbs,
    report_verbs,
    safety_verbs,
    sync_verbs,
    user_verbs,
)
from counter_app.cli.output import OutputError, drop, tell, warn
from counter_app.cli.parser import Verb, parse
from counter_app.cli.secrets import sign_in
from counter_app.errors import ClockError, InputError, InputErrors, UserError
from counter_app.services import journal, office

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from counter_app.cli.parser import Desk, Opener
    from counter_app.services.encryption import KeyRing

__all__ = ["run"]

DONE, PROBLEMS, REFUSED, DEFECT = 0, 1, 2, 3
VERBS: tuple[Verb, ...] = (
    *office_verbs.VERBS,
    *safety_verbs.VERBS,
    *calendar_verb.VERBS,
    due_verb.VERB,
    *dossier_verbs.VERBS,
    *move_verbs.VERBS,
    *pile_verbs.VERBS,
    *record_verbs.VERBS,
    *paper_verbs.VERBS,
    *book_verbs.VERBS,
    board_verb.VERB,
    *handover_verbs.VERBS,
    *money_verbs.VERBS,
    *outage_verbs.VERBS,
    *quick_verbs.VERBS,
    *report_verbs.VERBS,
    *sync_verbs.VERBS,
    *user_verbs.VERBS,
    *privacy_verbs.VERBS,
    encrypt_verb.VERB,
)
_UNNAMED = (
    "Chưa đặt tên đơn vị: dữ liệu và giấy tờ mang tên “{name}”. "
    "Đặt tên bằng lệnh setup --office TÊN --parent TÊN."
)


def run(
    arguments: Sequence[str],
    opener: Opener,
    *,
    keys: KeyRing,
    start_log: Callable[[argparse.Namespace], Callable[[], None]],
) -> int:
    """Run one verb and return the exit status of the command line's contract.

    Args:
        arguments: without the program's name.
        opener: opens the data folder when a verb needs it, given the options.
        keys: opens what is encrypted, by asking whoever started the verb.
        start_log: called before the folder is opened; returns what ends the log.
    """
    _speak_utf8()
    stop_log: Callable[[], None] | None = None
    try:
        _check_readable(arguments)
        options = parse(VERBS, arguments)
        options.keys = keys
        stop_log = start_log(options)
        return _run(options, opener)
    except SystemExit as end:
        # Only --help ends here; its text is printed.
        return int(end.code or DONE)
    except UserError as error:
        return _refuse(error)
    except KeyboardInterrupt:
        tell("Đã dừng theo yêu cầu. Bước đang làm dở không được ghi.")
        return REFUSED
    except BrokenPipeError:
        # Whoever read our output has seen enough (head, less): nothing is wrong.
        drop(sys.stdout)
        return DONE
    except (OSError, MemoryError) as error:
        # The machine's refusal that no room foresaw: to be mended there, and looked at here.
        logging.getLogger(__name__).exception("the machine refused")
        tell(_machine_words(error))
        return REFUSED
    except Exception:
        logging.getLogger(__name__).exception("a verb failed")
        tell(
            "Chương trình gặp lỗi bên trong; chi tiết đã ghi vào nhật ký. "
            "Dữ liệu đã lưu trước đó còn nguyên."
        )
        return DEFECT
    finally:
        if stop_log is not None:
            stop_log()


def _run(options: argparse.Namespace, opener: Opener) -> int:
    verb: Verb = options.verb
    if not verb.needs_data(options):
        return verb.run(None, options) or DONE
    desk = opener(options)
    try:
        saves = verb.saves(options)
        if saves:
            _check_clock(desk)
        sign_in(desk, options)
        status = verb.run(desk, options) or DONE
        if saves:
            warn(desk.doubts)
            here = office.office(desk.store)
            if not here.is_named:
                warn([_UNNAMED.format(name=here.name)])
        return status
    finally:
        desk.store.close()


def _check_clock(desk: Desk) -> None:
    try:
        journal.check_clock(desk.store, desk.now)
    except ClockError as error:
        raise ClockError(f"{error.message} Xác nhận bằng tùy chọn --clock-confirmed.") from error


def _check_readable(arguments: Sequence[str]) -> None:
    """Refuse bytes that are no text at the door: no file, paper or database could hold them."""
    for argument in arguments:
        try:
            argument.encode()
        except UnicodeEncodeError as error:
            raise InputError(
                "Tham số có ký tự không đọc được (không phải UTF-8). Chưa làm gì. "
                "Kiểm tra bảng mã của cửa sổ lệnh hoặc của tệp lệnh rồi chạy lại."
            ) from error
        if "\0" in argument:
            raise InputError("Tham số có ký tự NUL. Chưa làm gì. Xóa ký tự đó rồi chạy lại.")


def _refuse(error: UserError) -> int:
    sentences = error.errors if isinstance(error, InputErrors) else [error]
    text = " ".join(dict.fromkeys(one.message for one in sentences))
    if isinstance(error, OutputError):
        drop(sys.stdout)
    tell(text)
    return REFUSED


def _machine_words(error: OSError | MemoryError) -> str:
    safe = "Bước đang làm dở không được ghi; dữ liệu đã lưu trước đó còn nguyên."
    if isinstance(error, MemoryError):
        return f"Máy không đủ bộ nhớ. {safe} Đóng bớt chương trình khác rồi làm lại."
    if error.errno in FULL:
        return f"Ổ đĩa đã đầy. {safe} Giải phóng bớt ổ đĩa rồi làm lại."
    name = errno.errorcode.get(error.errno or 0, "không rõ")
    return (
        f"Máy báo lỗi tệp, thư mục hoặc ổ đĩa (mã {name}). {safe} Kiểm tra thư mục đang đứng và "
        "các thư mục liên quan còn đó và được phép đọc, ghi, rồi làm lại."
    )


def _speak_utf8() -> None:
    """Old Windows consoles and pipes would choke on Vietnamese otherwise.

    Who started us may have closed a stream, or have none to give: what is said there goes nowhere.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - as a stream of the process
        elif (reconfigure := getattr(stream, "reconfigure", None)) is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
