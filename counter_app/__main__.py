"""Entry: a verb goes to the command line, no verb opens the window."""

from __future__ import annotations

import gc
import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from datetime import datetime

    from counter_app.bootstrap import ClockDoubt
    from counter_app.cli.parser import Desk
    from counter_app.errors import UserError
    from counter_app.services.store import Store
    from counter_app.storage.keys import KeyRing

_WINDOW_OPTIONS = {"--data", "--database"}


def main(arguments: list[str] | None = None) -> int:
    """Run the program and return its exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    chosen = _window_options(given)
    if chosen is not None:
        return _open_window(chosen)
    from counter_app import cli
    from counter_app.cli import secrets
    from counter_app.domain.moments import utc_now
    from counter_app.storage.keys import KeyRing

    keys = KeyRing(partial(secrets.ask_key, now=utc_now()))
    return cli.run(given, _open_desk, keys=keys, start_log=_start_log)


def _window_options(given: list[str]) -> dict[str, str] | None:
    """Return the common options when no verb is given, else None."""
    chosen: dict[str, str] = {}
    rest = list(given)
    while rest:
        name, has_value, value = rest.pop(0).partition("=")
        if name not in _WINDOW_OPTIONS or not (has_value or rest):
            return None
        chosen[name] = value if has_value else rest.pop(0)
    return chosen


def _open_window(chosen: dict[str, str], keys: KeyRing | None = None) -> int:
    """Open the window, or say in one line why there is none."""
    if sys.platform == "linux" and not _has_display():
        sys.stderr.write(
            "Máy này không có màn hình nên không mở được cửa sổ. "
            "Dùng lệnh thay thế: xem counter-app --help.\n"
        )
        return 2
    # A start makes much and throws little away: the collector would only look on.
    gc.disable()
    from counter_app import app_log, bootstrap
    from counter_app.errors import UserError
    from counter_app.storage.keys import KeyRing as Ring
    from counter_app.ui import app as window
    from counter_app.ui.task_runner import collect_from_now_on

    keys = Ring() if keys is None else keys
    application = window.make_application(sys.argv[:1])
    try:
        opened, lock = bootstrap.open_for_window(
            data=chosen.get("--data"),
            database=chosen.get("--database"),
            environment=dict(os.environ),
            keys=keys,
        )
    except UserError as error:
        return _without_data(chosen, keys, error)
    app_log.start_log(opened.folder)
    try:
        desk = window.start_desk(
            application,
            opened.store,
            folder=opened.folder,
            clock=opened.clock,
            is_second=lock is None,
            doubts=None if os.environ.get("COUNTER_APP_NOW") else _doubts_about(opened.store),
        )
        desk.day.check()
        desk.window.after_paint.add(collect_from_now_on)
        # What stands now stays: looking through all of it again would hold the window up.
        desk.window.pages.all_made.connect(gc.freeze)
        desk.window.after_paint.add(window.load_the_rest)
        status = application.exec()
        desk.close()
        desk.closing.turn_data()
        desk.closing.back_up()
        return status
    finally:
        if opened.store.key is not None:
            bootstrap.clear_shown(opened.store.path.parent, lock)
        opened.store.close()
        if lock is not None:
            lock.release()


def _without_data(chosen: dict[str, str], keys: KeyRing, error: UserError) -> int:
    """Unlock what is encrypted, rescue what is damaged, else say why there is no window."""
    from counter_app import bootstrap
    from counter_app.domain.moments import utc_now
    from counter_app.errors import LockedError, UserError
    from counter_app.services import unlocks
    from counter_app.ui import app as window

    application = window.make_application(sys.argv[:1])
    locked = error if isinstance(error, LockedError) else None
    calls = None
    try:
        if locked is None:
            calls = bootstrap.rescue_calls(
                data=chosen.get("--data"),
                database=chosen.get("--database"),
                environment=dict(os.environ),
                keys=keys,
            )
    except LockedError as found:
        locked = found
    if locked is not None:
        file = Path(str(locked.key_file))
        try:
            asked = unlocks.locked(file, keys, clock=utc_now)
        except UserError as damaged:
            return window.tell_and_leave(application, damaged)
        if not window.unlock(application, asked):
            return 0
        return _open_window(chosen, keys)
    if calls is None or not window.offer_rescue(application, error, calls):
        return window.tell_and_leave(application, error)
    return _open_window(chosen, keys)


def _doubts_about(store: Store) -> Callable[[datetime], list[ClockDoubt]]:
    """Return what looks at the clock; the zone may be set right while the window is open."""
    from counter_app import bootstrap

    def doubts(now: datetime) -> list[ClockDoubt]:
        return bootstrap.clock_doubts(store, now=now, offset=bootstrap.zone_offset())

    return doubts


def _has_display() -> bool:
    chosen = os.environ.get("QT_QPA_PLATFORM", "")
    return bool(
        os.environ.get("DISPLAY")
        or os.environ.get("WAYLAND_DISPLAY")
        or chosen.startswith("offscreen")
    )


def _open_desk(options: argparse.Namespace) -> Desk:
    from counter_app import bootstrap
    from counter_app.cli.parser import Desk

    common: dict[str, Any] = {
        "data": options.data,
        "database": options.database,
        "environment": dict(os.environ),
        "practising": options.verb.practises(options),
        "keys": options.keys,
    }
    if options.verb_name == "restore" and not options.dry_run:
        app = bootstrap.open_to_restore(**common, source=Path(options.file).absolute())
    else:
        app = bootstrap.open_app(**common)
    now = app.clock()
    app.store.clock_confirmed = options.clock_confirmed or options.clock_confirmed_here
    is_set = bool(os.environ.get("COUNTER_APP_NOW"))
    doubt = bootstrap.doubt_clock(app, offset=None if is_set else bootstrap.zone_offset())
    doubts = (doubt.sentence,) if doubt is not None and not doubt.is_behind else ()
    return Desk(app.store, app.folder, now, doubts, lambda: bootstrap.alone(app.store.path.parent))


def _start_log(options: argparse.Namespace) -> Callable[[], None]:
    from counter_app import app_log, paths

    handler = app_log.start_log(paths.data_folder(options.data, dict(os.environ)))
    return lambda: app_log.stop_log(handler)


if __name__ == "__main__":
    sys.exit(main())
