"""A process that takes a bundle in and tells each step, until it ends or is killed."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path

from counter_app.bootstrap import open_app
from counter_app.services import projection, sync_import
from counter_app.storage.staging import Staging

NOW = datetime(2026, 11, 23, 12)


class ToldStaging(Staging):
    """Tells each row before it is sorted aside."""

    def add(self, rows) -> None:
        """Keep rows, telling each."""
        super().add(_told(rows))


def _told(rows):
    for row in rows:
        os.write(1, b"staged\n")
        yield row


def main(folder: str, bundle: str) -> None:
    """Import once."""
    app = open_app(data=folder, environment={})
    app.store.clock_confirmed = True
    sync_import.Staging = ToldStaging
    projection.TOLD_EVERY = 1

    def progress(_done: int, _total: int) -> None:
        os.write(1, b"applied\n")

    sync_import.import_bundle(app.store, Path(bundle), by="Hoa", now=NOW, progress=progress)
    os.write(1, b"done\n")
    app.store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
