"""The real window on a data folder, gone at its first paint."""

from __future__ import annotations

import sys

from counter_app import __main__ as program


def main() -> int:
    """Start the program as its command does; only the watcher is new."""
    from counter_app import bootstrap  # noqa: F401 - in the program's own order
    from counter_app.ui.after_paint import AfterPaint
    from tests.bench.first_paint import FirstPaint

    watcher = FirstPaint()
    told = AfterPaint.painted

    def painted(after: AfterPaint) -> None:
        watcher.painted()
        told(after)

    AfterPaint.painted = painted  # type: ignore[method-assign]
    status = program.main(["--data", sys.argv[1]])
    watcher.tell()
    return status


if __name__ == "__main__":
    sys.exit(main())
