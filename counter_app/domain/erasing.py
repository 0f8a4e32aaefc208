"""What stands in the place of personal data once they are removed: the trace without the person."""

from __future__ import annotations

from typing import Any

ERASE = "erase"  # the kind of the event that says what was removed
GONE = "(đã xóa)"

_NAMES = frozenset(
    {
        "applicant_name",
        "owner_name",
        "submitter_name",
        "subject_name",
        "addressee_name",
        "collected_by",
    }
)
_EMPTIED = frozenset(
    {
        "address",
        "phone",
        "email",
        "content",
        "note",
        "comment",
        "contact_note",
        "proxy_id",
        "authorisation",
    }
)
_NUMBERS = frozenset({"citizen_id", "submitter_id", "owner_id", "birth_date", "sex"})
_SUBMITTER = frozenset({"submitter_name", "submitter_id", "collected_by"})
# Frozen texts hold an empty text where a state holds nothing.
_FROZEN = frozenset({"facts", "slip", "person"})


def redacted(
    body: dict[str, Any], *, only_submitter: bool = False, with_files: bool = False
) -> dict[str, Any]:
    """Return an event's body without who it was about; all else, dates too, stays as it is.

    Doing it again changes nothing, and every desk gets the same. An attached file keeps its hash
    and size and loses its name, which a person's may stand in; removals of the first releases
    left it (``with_files``), and who only handed in has no part in the owner's files.

    >>> redacted({"set": {"applicant_name": "Nguyễn Văn A", "citizen_id": "045", "copies": 1}})
    {'set': {'applicant_name': '(đã xóa)', 'citizen_id': None, 'copies': 1}}
    """
    found = _dict(body, only_submitter=only_submitter, is_frozen=False)
    if with_files and "files" in body and not only_submitter:
        found["files"] = [
            {**one, "name": GONE} if one.get("sha256") else one for one in body["files"]
        ]
    return found


def is_gone(entry: dict[str, Any]) -> bool:
    """Tell whether an attached file went with the person it was about."""
    return entry.get("name") == GONE


def _dict(held: dict[str, Any], *, only_submitter: bool, is_frozen: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in held.items():
        if isinstance(value, dict):
            inner = is_frozen or key in _FROZEN
            found[key] = _dict(value, only_submitter=only_submitter, is_frozen=inner)
        elif isinstance(value, list):
            found[key] = [
                _dict(one, only_submitter=only_submitter, is_frozen=is_frozen)
                if isinstance(one, dict)
                else one
                for one in value
            ]
        elif only_submitter and key not in _SUBMITTER:
            found[key] = value
        else:
            found[key] = _value(key, value, is_frozen=is_frozen)
    return found


def _value(key: str, value: Any, *, is_frozen: bool) -> Any:  # noqa: ANN401 - of JSON
    if not value:
        return value
    if key in _NAMES:
        return GONE
    if key in _EMPTIED:
        return "" if isinstance(value, str) else value
    if key in _NUMBERS:
        return "" if is_frozen else None
    if key in {"id_kind", "owner_id_kind"}:
        return "none"
    return value
