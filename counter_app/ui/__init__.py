"""The window: Qt only here."""

import builtins

from PySide6 import QtCore as QtCore

# PySide's import reads the source text of every module that comes after it, to learn whether that
# could ask for ``__feature__``. None of ours does, and it would cost each start a tenth.
builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
