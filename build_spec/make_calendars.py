# ruff: noqa: INP001 - a script for developers, no package
"""Write resources/calendars/vietnam.json: the official days off and make-up days, with sources.

Tết and Giỗ Tổ are computed by the ``holidays`` package (a development dependency), substitute days
by the rule of the labour code, swaps and announcements are kept here by hand. Run it from the root
of the repository after an announcement and read the difference before committing it:

    python build_spec/make_calendars.py
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from holidays.countries.vietnam import Vietnam

TARGET = Path(__file__).resolve().parent.parent / "resources" / "calendars" / "vietnam.json"
FIRST_YEAR, FIRST_COMPUTED, LAST_YEAR = 2023, 2028, 2035
TET_DAYS = 5

LAW = "BLLĐ 2019 Điều 112 khoản 1"
SUBSTITUTE_LAW = "BLLĐ 2019 Điều 111 khoản 3"
CULTURE_DAY_LAW = (
    "NQ 28/2026/QH16 (hiệu lực 01/7/2026); theo thanhnien.vn 13/01/2026, chưa đối chiếu bản gốc"
)
ANNOUNCED_BY_PRIME_MINISTER = "BLLĐ 2019 Điều 112 khoản 3 (Thủ tướng quyết định hằng năm)"
NOT_ANNOUNCED = "Chưa có thông báo"
COMPUTED = "Tính theo quy tắc, chưa có thông báo"


class Year(NamedTuple):
    """What is known of one year's announcement."""

    confirmed: bool
    source: str


YEARS = {
    2023: Year(confirmed=True, source="Lịch nghỉ năm 2023 đã thực hiện (BLLĐ 2019 Điều 111, 112)"),
    2024: Year(
        confirmed=True,
        source="Lịch nghỉ năm 2024 đã thực hiện (BLLĐ 2019 Điều 111, 112);"
        " hoán đổi theo CV 2450/VPCP-KGVX 12/4/2024",
    ),
    2025: Year(
        confirmed=True,
        source="Lịch nghỉ năm 2025 đã thực hiện (BLLĐ 2019 Điều 111, 112);"
        " số văn bản chưa đối chiếu",
    ),
    2026: Year(
        confirmed=True,
        source="CV 9859/VPCP-KGVX 13/10/2025; TB 9441/TB-BNV (Tết, Quốc khánh);"
        " hoán đổi 02/01 theo 24h.com.vn 26/12/2025; NQ 28/2026/QH16 (24/11)",
    ),
    2027: Year(
        confirmed=False,
        source="Chưa có thông báo lịch nghỉ năm 2027: Tết theo tính toán, ngày liền kề Quốc khánh"
        " do Thủ tướng quyết định, chưa biết ngày hoán đổi",
    ),
}


class Swap(NamedTuple):
    """A working day that was exchanged for a Saturday (hoán đổi ngày làm việc)."""

    off: date
    works: date
    source: str


SWAPS = (
    Swap(date(2024, 4, 29), date(2024, 5, 4), "CV 2450/VPCP-KGVX 12/4/2024"),
    Swap(
        date(2025, 5, 2),
        date(2025, 4, 26),
        "Hoán đổi trong lịch nghỉ năm 2025; số văn bản chưa đối chiếu",
    ),
    Swap(date(2026, 1, 2), date(2026, 1, 10), "Thông báo 25/12/2025, theo 24h.com.vn 26/12/2025"),
    Swap(date(2026, 8, 31), date(2026, 8, 22), "CV 9859/VPCP-KGVX 13/10/2025; TB 9441/TB-BNV"),
)

NAMES = {
    "Tết Dương lịch": "Tết Dương lịch",
    "Ngày Giỗ Tổ Hùng Vương": "Giỗ Tổ Hùng Vương",
    "Ngày Chiến thắng": "Ngày Chiến thắng 30/4",
    "Ngày Quốc tế Lao động": "Ngày Quốc tế lao động 01/5",
    "Quốc khánh": "Quốc khánh 02/9",
}
CULTURE_DAY = "Ngày Văn hóa Việt Nam"
TET = "Tết Nguyên đán"


def statutory_days(year: int) -> dict[date, tuple[str, str]]:
    """Return the days of Điều 112.1 with name and source, also those on a weekend."""
    computed = Vietnam(years=year, language="vi")
    new_year = "Tết Dương lịch"
    tet = sorted(d for d, name in computed.items() if "Tết" in name and new_year not in name)
    # The package adds the substitute days to Tết; the first five are the statutory ones.
    days = dict.fromkeys(tet[:TET_DAYS], (TET, ANNOUNCED_BY_PRIME_MINISTER))
    for day, written in sorted(computed.items()):
        for name in written.split("; "):
            if name == "Quốc khánh" and (day.month, day.day) != (9, 2):
                days[day] = ("Quốc khánh (ngày liền kề)", ANNOUNCED_BY_PRIME_MINISTER)
            elif name == CULTURE_DAY:
                days[day] = (CULTURE_DAY, CULTURE_DAY_LAW)
            elif name in NAMES:
                days[day] = (NAMES[name], LAW)
    return days


def substitute_days(statutory: Iterable[date]) -> dict[date, date]:
    """Return the day off for each weekly rest day that meets a holiday: the next working day."""
    taken = set(statutory)
    substitutes = {}
    for day in sorted(taken):
        if day.weekday() >= 5:  # noqa: PLR2004 - Saturday and Sunday
            off = day + timedelta(days=1)
            while off.weekday() >= 5 or off in taken:  # noqa: PLR2004
                off += timedelta(days=1)
            taken.add(off)
            substitutes[off] = day
    return substitutes


def year_entry(year: int) -> dict[str, Any]:
    """Return the calendar of one year."""
    known = YEARS.get(year, Year(confirmed=False, source=COMPUTED))
    statutory = statutory_days(year)
    rows = [(day, "holiday", name, source) for day, (name, source) in statutory.items()]
    for off, rest in substitute_days(statutory).items():
        name = statutory[rest][0]
        source = f"{SUBSTITUTE_LAW} (bù cho {rest:%d/%m/%Y})"
        rows.append((off, "holiday", f"Nghỉ bù {name}", source))
    for swap in SWAPS:
        if swap.off.year == year:
            name = f"Nghỉ hoán đổi, làm bù {swap.works:%d/%m}"
            rows.append((swap.off, "holiday", name, swap.source))
            rows.append((swap.works, "makeup", f"Làm bù cho ngày {swap.off:%d/%m}", swap.source))
    if not known.confirmed:
        mark = COMPUTED if year >= FIRST_COMPUTED else NOT_ANNOUNCED
        rows = [(day, kind, name, f"{source}. {mark}") for day, kind, name, source in rows]
    return {
        "year": year,
        "confirmed": known.confirmed,
        "source": known.source,
        "days": [
            {
                "date": day.isoformat(),
                "kind": kind,
                "name": name,
                "confirmed": known.confirmed,
                "source": source,
            }
            for day, kind, name, source in sorted(rows)
        ],
    }


def main() -> None:
    """Write the file, one day a line, so that a difference reads well."""
    years = []
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        entry = year_entry(year)
        days = ",\n".join(
            "      " + json.dumps(day, ensure_ascii=False) for day in entry.pop("days")
        )
        head = json.dumps(entry, ensure_ascii=False)[1:-1]
        years.append(f'  {{{head}, "days": [\n{days}\n  ]}}')
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text("[\n" + ",\n".join(years) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
