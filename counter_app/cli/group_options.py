"""Options of ``receive`` for a group: further procedures of one person, or further persons."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from counter_app.errors import InputError

if TYPE_CHECKING:
    import argparse

    from counter_app.domain.facts import ReceiveRequest

_OWN: dict[str, Any] = {"official_code": "", "paper_number": "", "promised_due": None}
_PERSONAL: dict[str, Any] = dict.fromkeys(
    ("birth_date", "sex", "tax_code", "submitter_id", "phone", "email"), ""
)


def group_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add = parser.add_argument
    add(
        "--also-procedure",
        action="append",
        default=[],
        metavar="CODE",
        help="thêm một hồ sơ nữa của cùng người, thủ tục này",
    )
    add(
        "--also-applicant",
        action="append",
        default=[],
        metavar="NAME[=N]",
        help="thêm một hồ sơ nữa của cùng thủ tục, người này và số định danh",
    )


def others_of(request: ReceiveRequest, options: argparse.Namespace) -> list[ReceiveRequest]:
    """Return the further dossiers of a group: same person, or same procedure.

    Raises:
        InputError: both were asked for at once.
    """
    if options.also_procedure and options.also_applicant:
        raise InputError(
            "--also-procedure (một người, nhiều thủ tục) không đi cùng --also-applicant (một thủ "
            "tục, nhiều người). Chưa lưu gì.",
            field="procedure_code",
        )
    found = [
        replace(request, procedure_code=code.strip(), limit="", limit_reason="", **_OWN)
        for code in options.also_procedure
    ]
    # Who brings the papers of several persons is the one who was named first.
    brought = request.submitter_name or request.applicant_name
    for text in options.also_applicant:
        name, _, number = text.partition("=")
        other = replace(
            request,
            applicant_name=name,
            citizen_id=number,
            id_kind="citizen",
            owner_kind="person",
            submitter_name=brought,
            **_PERSONAL,
        )
        found.append(replace(other, **_OWN))
    return found
