"""Run a module as a process of its own, telling when one function of the program begins and ends.

Who kills it can so wait for the work itself, and see afterwards that the kill fell into it.
"""

from __future__ import annotations

import importlib
import os
import runpy
import sys
from typing import Any


def main(function: str, module: str, *words: str) -> None:
    """Run ``module`` with ``words``; ``function`` is written as ``package.module:name``."""
    place, _, name = function.partition(":")
    holder = importlib.import_module(place)
    work = getattr(holder, name)

    def told(*values: Any, **options: Any) -> Any:
        os.write(1, b"begun\n")
        result = work(*values, **options)
        os.write(1, b"ended\n")
        return result

    setattr(holder, name, told)
    sys.argv = [module, *words]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
