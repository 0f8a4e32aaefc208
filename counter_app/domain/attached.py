"""Attached files (tệp đính kèm): what a file really is, and whether a dossier is digitised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from counter_app.domain.history import State


class FileType(NamedTuple):
    """A kind of file that may be attached: its name, its endings, how it begins."""

    name: str
    endings: tuple[str, ...]
    signature: bytes

    def is_start_of(self, head: bytes) -> bool:
        """Tell whether a file that begins so is of this kind."""
        return head.startswith(self.signature)


PDF = FileType("pdf", (".pdf",), b"%PDF-")
JPEG = FileType("jpeg", (".jpg", ".jpeg"), b"\xff\xd8\xff")
PNG = FileType("png", (".png",), b"\x89PNG\r\n\x1a\n")
FILE_TYPES: dict[str, FileType] = {one.name: one for one in (PDF, JPEG, PNG)}


def claimed_type(name: str) -> FileType | None:
    """Return the kind a file's name claims."""
    lowered = name.lower()
    return next((t for t in FILE_TYPES.values() if lowered.endswith(t.endings)), None)


def stored_name(sha256: str, kind: str) -> str:
    """Return the path of a file below the folder of attachments: ``ab/ab12….pdf``."""
    return f"{sha256[:2]}/{sha256}{FILE_TYPES[kind].endings[0]}"


def is_input_digitised(state: State) -> bool:
    """Tell whether all papers of a dossier are scanned, exempt, or came online.

    A file without a document's name holds the whole dossier.
    """
    if state["channel"] == "online":
        return True
    inputs = [one for one in state["attachments"] if one["kind"] == "input"]
    if not inputs:
        return False
    if any(not one["document"] for one in inputs):
        return True
    covered = {one["document"] for one in inputs}
    names = [one["name"] for one in state["documents"]]
    return bool(names) and all(name in covered for name in names)


def has_result_file(state: State) -> bool:
    """Tell whether the result of a dossier is kept as a file."""
    return any(one["kind"] == "output" and one.get("sha256") for one in files_of(state))


def files_of(state: State) -> list[dict[str, Any]]:
    """Return what is attached, files and papers that need no scan."""
    found: list[dict[str, Any]] = state["attachments"]
    return found
