"""From the form's words to the request that is saved, and from its errors back to the form."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from counter_app.errors import InputError, InputErrors, UserError
from counter_app.ui.reception_person import id_kind

if TYPE_CHECKING:
    from counter_app.domain.facts import ReceiveRequest

_PLAIN = (
    "address",
    "phone",
    "email",
    "subject_name",
    "content",
    "result_to",
    "channel",
    "official_code",
    "note",
    "paper_number",
    "competent_unit",
    "received_unit",
    "helped_unit",
)
# An organisation owns the dossier; the person at the desk stands for it.
_ORGANISATION_FIELDS = {
    "applicant_name": "org_name",
    "submitter_name": "applicant_name",
    "submitter_id": "citizen_id",
}


def build_request(
    values: dict[str, Any],
    *,
    procedure_code: str,
    received_at: datetime | None,
    received_reason: str,
    limit: str,
    limit_reason: str,
    by: str,
    expected_due_at: datetime | None,
    promised_due: datetime | None = None,
) -> ReceiveRequest:
    """Return what is to be saved for the form's values."""
    from counter_app.domain.facts import DocumentFacts, ReceiveRequest  # not before a save

    return ReceiveRequest(
        procedure_code=procedure_code,
        **(_organisation(values) if _is_organisation(values) else _person(values)),
        **{name: values[name] for name in _PLAIN},
        copies=int(values["copies"] or 1),
        **_fee_count(values),
        documents=tuple(
            DocumentFacts(row["name"], row["originals"], row["copies"])
            for row in values["documents"]
            if row["is_checked"]
        ),
        received_at=received_at,
        received_reason=received_reason,
        limit=limit,
        limit_reason=limit_reason,
        by=by,
        expected_due_at=expected_due_at,
        promised_due=promised_due,
    )


def _fee_count(values: dict[str, Any]) -> dict[str, Any]:
    """Return how many pages and copies the fee goes by; a number of pages alone is of one copy."""
    pages, copies = (int(values.get(name) or 0) for name in ("fee_pages", "fee_copies"))
    return {"fee_pages": pages, "fee_copies": copies or int(bool(pages))}


def _is_organisation(values: dict[str, Any]) -> bool:
    return bool(values["org_name"] or values["tax_code"])


def _person(values: dict[str, Any]) -> dict[str, Any]:
    names = ("applicant_name", "citizen_id", "birth_date", "sex", "submitter_name", "submitter_id")
    return {name: values[name] for name in names} | {"id_kind": id_kind(values["citizen_id"])}


def _organisation(values: dict[str, Any]) -> dict[str, Any]:
    # The one who stands here signs; the form's second person, if any, was named for that.
    return {
        "owner_kind": "organisation",
        "applicant_name": values["org_name"],
        "tax_code": values["tax_code"],
        "submitter_name": values["submitter_name"] or values["applicant_name"],
        "submitter_id": values["submitter_id"] or values["citizen_id"],
    }


def at_form_fields(error: UserError, *, is_organisation: bool) -> UserError:
    """Return the error with the names that the form's fields have."""
    renamed = _ORGANISATION_FIELDS if is_organisation else {}
    errors = error.errors if isinstance(error, InputErrors) else [error]
    return InputErrors(
        [InputError(one.message, field=renamed.get(one.field or "", one.field)) for one in errors]
    )
