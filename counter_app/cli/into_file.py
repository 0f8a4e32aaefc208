"""Do something, then write a file of it: the place is tried first, and what was done is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from counter_app.atomic import atomically
from counter_app.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def act_into(
    output: str,
    act: Callable[[], T],
    render: Callable[[T], bytes | None],
    kept: Callable[[T], str],
) -> T:
    """Act and write a file of what came of it; a place that can't be written is told before.

    Args:
        output: the file.
        act: changes the data.
        render: makes the file's content of what came of it; None where there is nothing to write.
        kept: says what stays done although its file is missing, and how to get the file.

    Raises:
        UserError: nothing was done, or only the file is missing.
    """
    found: list[T] = []
    try:
        with atomically(output) as temporary:
            found.append(act())
            content = render(found[0])
            if content is None:
                raise _NothingError("")
            temporary.write_bytes(content)
    except _NothingError:
        pass
    except UserError as error:
        told = kept(found[0]) if found else ""
        if not told:
            raise
        raise UserError(f"{error.message} {told}", field=error.field) from error
    return found[0]


class _NothingError(UserError):
    """There is nothing to write, so that no file is left."""
