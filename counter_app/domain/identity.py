"""Who a person is (định danh): numbers, card texts, tax codes, phones and dates of birth.

The parts live in ``idnumbers``, ``cards``, ``days`` and ``provinces``; the house imports them
from here.
"""

from __future__ import annotations

from counter_app.domain.cards import CardError, CardFacts, looks_like_card, parse_card
from counter_app.domain.days import Birth, DayError, parse_birth, parse_day
from counter_app.domain.idnumbers import (
    WARNING_TEXTS,
    IdCheck,
    IdentityError,
    IdFacts,
    Sex,
    check_citizen_id,
    check_old_id,
    check_passport,
    check_phone,
    check_tax_code,
    format_phone,
    mask_citizen_id,
    mend_citizen_id,
    mend_phone,
    read_citizen_id,
)
from counter_app.domain.provinces import PROVINCES

__all__ = [
    "PROVINCES",
    "WARNING_TEXTS",
    "Birth",
    "CardError",
    "CardFacts",
    "DayError",
    "IdCheck",
    "IdFacts",
    "IdentityError",
    "Sex",
    "check_citizen_id",
    "check_old_id",
    "check_passport",
    "check_phone",
    "check_tax_code",
    "format_phone",
    "looks_like_card",
    "mask_citizen_id",
    "mend_citizen_id",
    "mend_phone",
    "parse_birth",
    "parse_card",
    "parse_day",
    "read_citizen_id",
]
