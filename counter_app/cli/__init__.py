"""The same services from a terminal: verbs for scripts, safe while the window is open."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from counter_app.cli import dossier_verbs, office_verbs, paper_verbs
from counter_app.cli.parser import Verb, make_parser
from counter_app.errors import InputErrors, UserError

if TYPE_CHECKING:
    from collections.abc import Callable

    from counter_app.cli.parser import Desk, Opener

__all__ = ["run"]

DONE, PROBLEMS, REFUSED, DEFECT = 0, 1, 2, 3
VERBS: tuple[Verb, ...] = (*office_verbs.VERBS, *dossier_verbs.VERBS, *paper_verbs.VERBS)


def run(arguments: list[str], opener: Opener, *, start_log: Callable[[Desk], None]) -> int:
    """Run one verb and return the exit status of the command line's contract.

    Args:
        arguments: without the program's name.
        opener: opens the data folder when a verb needs it, given the common options.
        start_log: called once the folder is open.
    """
    _speak_utf8()
    try:
        options = make_parser(VERBS).parse_args(arguments)
        verb: Verb = options.verb
        if not verb.needs_data:
            return verb.run(None, options) or DONE
        desk = opener(options)
        try:
            start_log(desk)
            for sentence in desk.doubts:
                print(sentence, file=sys.stderr)
            return verb.run(desk, options) or DONE
        finally:
            desk.store.close()
    except InputErrors as error:
        for one in error.errors:
            print(one.message, file=sys.stderr)
        return REFUSED
    except UserError as error:
        print(error.message, file=sys.stderr)
        return REFUSED
    except BrokenPipeError:
        # Whoever read our output has seen enough (head, less): nothing is wrong.
        sys.stderr.close()
        return DONE
    except Exception:
        logging.getLogger(__name__).exception("a verb failed")
        print(
            "Chương trình gặp lỗi bên trong; chi tiết đã ghi vào nhật ký. "
            "Dữ liệu đã lưu trước đó còn nguyên.",
            file=sys.stderr,
        )
        return DEFECT


def _speak_utf8() -> None:
    """Old Windows consoles and pipes would choke on Vietnamese otherwise."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
