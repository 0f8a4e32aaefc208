"""The program's log: a rotating file in the data folder that tells of defects and of no person."""

from __future__ import annotations

import errno
import logging
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from counter_app import paths

if TYPE_CHECKING:
    from types import TracebackType

    _ExceptionInfo = (
        tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    )

_LOG_BYTES, _LOG_FILES = 1_000_000, 5


class _Formatter(logging.Formatter):
    """Writes where a defect happened and of what kind it is, never what it says.

    An error's own text may hold the name or the number of a citizen.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Write a record with our own words for its error, not those another log has kept."""
        kept, record.exc_text = record.exc_text, None
        try:
            return super().format(record)
        finally:
            record.exc_text = kept

    def formatException(self, ei: _ExceptionInfo) -> str:  # noqa: N802 - logging's name
        """Return the places of the traceback and the kinds of the errors."""
        told = []
        error = ei[1]
        while error is not None:
            kind = f"{type(error).__module__}.{type(error).__qualname__}"
            detail = getattr(error, "sqlite_errorname", "")
            if isinstance(error, OSError):
                detail = errno.errorcode.get(error.errno or 0, "")
            frames = "".join(traceback.format_tb(error.__traceback__))
            told.append(f"Traceback (most recent call last):\n{frames}{kind} {detail}".rstrip())
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\ncaused by:\n".join(told)


class _LateLog(logging.Handler):
    """A rotating file that is made when there is something to say, and never fails aloud.

    Its library is loaded then too: it would cost every start a tenth of its time.
    """

    def __init__(self, path: Path) -> None:
        """Nothing is made yet, not even the folder."""
        super().__init__()
        self._path = path
        self._file: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record; without a writable folder the program works on without a log."""
        try:
            if self._file is None:
                self._file = self._open()
            self._file.emit(record)
        except OSError:
            # What is wrong with the folder is told when the data are opened.
            return

    def _open(self) -> logging.Handler:
        from logging.handlers import RotatingFileHandler

        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = RotatingFileHandler(
            self._path, maxBytes=_LOG_BYTES, backupCount=_LOG_FILES, encoding="utf-8"
        )
        file.setFormatter(self.formatter)
        return file

    def close(self) -> None:
        """Close the file, if there is one."""
        if self._file is not None:
            self._file.close()
        super().close()


def start_log(folder: Path) -> logging.Handler:
    """Write warnings and defects to a rotating file in the data folder from now on."""
    handler = _LateLog(paths.logs(folder) / "counter-app.log")
    handler.setLevel(logging.WARNING)
    handler.setFormatter(_Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.getLogger().addHandler(handler)
    return handler


def stop_log(handler: logging.Handler) -> None:
    """Write no more to the file."""
    logging.getLogger().removeHandler(handler)
    handler.close()
