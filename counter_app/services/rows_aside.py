"""Rows of a list put aside on the disk between reading and applying, whatever their number."""

from __future__ import annotations

import errno
import pickle
import tempfile
from typing import IO, TYPE_CHECKING, NamedTuple, Self

from counter_app.errors import DataFileError
from counter_app.storage.faults import DISK, FULL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    from counter_app.domain.lists import ListRow
    from counter_app.tabular.rows import ParsedRow

_IN_MEMORY = 16 * 1024**2
_AT_ONCE = 200


class AsideRow(NamedTuple):
    """A row that was understood: where it stood, what it says, its cells."""

    line: int
    row: ListRow
    cells: Sequence[str]


class RowsAside:
    """Rows in their order, in a file without a name that is gone when the block ends.

    It is read by the process that wrote it, and by nobody else.
    """

    def __init__(self, folder: Path, *, stays_in_memory: bool = False) -> None:
        """Begin with none; ``folder`` has room for what they will become.

        Where the data are encrypted nothing of them goes to the disk.
        """
        self._most = 0 if stays_in_memory else _IN_MEMORY  # 0: however many there are
        self._folder = folder
        self._file: IO[bytes] | None = None
        self._some: list[AsideRow] = []
        self.count = 0

    def __enter__(self) -> Self:
        """Open the file."""
        self._file = tempfile.SpooledTemporaryFile(max_size=self._most, dir=str(self._folder))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let the file go."""
        if self._file is not None:
            self._file.close()

    def add(self, parsed: ParsedRow) -> None:
        """Put a row aside."""
        if parsed.row is None:
            return
        self._some.append(AsideRow(parsed.line, parsed.row, tuple(parsed.cells)))
        self.count += 1
        if len(self._some) >= _AT_ONCE:
            self._write()

    def _write(self) -> None:
        data = pickle.dumps(self._some, pickle.HIGHEST_PROTOCOL)
        try:
            if self._file is not None:
                self._file.write(data)
        except OSError as error:
            raise DataFileError(FULL if error.errno == errno.ENOSPC else DISK) from error
        self._some = []

    def __iter__(self) -> Iterator[AsideRow]:
        """Yield the rows in the order in which they were put aside."""
        if self._some:
            self._write()
        file = self._file
        if file is None or not self.count:
            return
        file.seek(0)
        left = self.count
        while left:
            some: list[AsideRow] = pickle.load(file)  # noqa: S301 - we wrote it a moment ago
            yield from some
            left -= len(some)
