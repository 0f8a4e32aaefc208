"""The real window on a data folder, gone at its first paint."""

from __future__ import annotations

import sys

from counter_app import __main__ as program


def main() -> int:
    """Start the program as its command does; only the watcher is new."""
    from counter_app import bootstrap  # noqa: F401 - in the program's own order
    from counter_app.ui import app as window

    made = window.make_application
    watchers = []

    def make_application(arguments: list[str], **options: str) -> object:
        from tests.bench.first_paint import FirstPaint

        app = made(arguments, **options)
        watchers.append(FirstPaint(app))
        return app

    window.make_application = make_application  # type: ignore[assignment]
    status = program.main(["--data", sys.argv[1]])
    for watcher in watchers:
        watcher.tell()
    return status


if __name__ == "__main__":
    sys.exit(main())
