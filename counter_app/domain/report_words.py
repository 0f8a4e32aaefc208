"""What a report says in words: the period's name, the paragraph an office publishes, the notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from counter_app.domain.figures import Against, Figures, Period, percent
from counter_app.domain.timeliness import Boundary
from counter_app.domain.words import format_number

if TYPE_CHECKING:
    from counter_app.domain.figures import Breach, Report

_QUARTERS = ("I", "II", "III", "IV")
_YEAR, _QUARTER = 12, 3


FIGURE_LABELS = {
    "online": "Tiếp nhận trực tuyến",
    "counter_and_post": "Tiếp nhận trực tiếp, bưu chính",
    "carried_over": "Kỳ trước chuyển sang",
    "resolved": "Đã giải quyết",
    "early": "Trước hạn",
    "on_time": "Đúng hạn",
    "late": "Quá hạn",
    "pending": "Đang giải quyết",
    "pending_in_time": "Đang giải quyết, trong hạn",
    "pending_late": "Đang giải quyết, quá hạn",
    "refused": "Từ chối",
    "withdrawn": "Rút hồ sơ",
    "stopped": "Dừng giải quyết",
    "apologised": "Văn bản xin lỗi đã phát hành",
    "rescheduled": "Hẹn lại hợp lệ",
    "late_before_supplement": "Chỉ quá hạn trước lần bổ sung",
    "late_closed_otherwise": "Kết thúc khác sau khi quá hạn",
    "backdated": "Ghi lùi qua hạn",
    "not_accepted": "Lượt từ chối tiếp nhận",
    "guidance": "Lượt hướng dẫn bổ sung",
    "received_for_others": "Tiếp nhận thay cơ quan khác, chưa có hạn",
    "digitised_input": "Số hóa khi tiếp nhận",
    "digitised_output": "Kết quả được số hóa",
    "surveys_returned": "Phiếu đánh giá thu về",
    "surveys_satisfied": "Phiếu hài lòng",
}


_IDENTITIES = {
    "received.total = resolved.total + pending.total + refused + withdrawn + stopped": (
        "Tiếp nhận = đã giải quyết + đang giải quyết + từ chối + rút + dừng"
    ),
    "resolved.total = early + on_time + late": ("Đã giải quyết = trước hạn + đúng hạn + quá hạn"),
    "pending.total = in_time + late": "Đang giải quyết = trong hạn + quá hạn",
    "carried_over = pending.total của kỳ trước": (
        "Kỳ trước chuyển sang = đang giải quyết cuối kỳ trước"
    ),
}


def _identity(text: str) -> str:
    """Say an identity, of a group too, as the office says it."""
    own, bracket, group = text.partition(" [")
    name, equals, rest = own.partition(" = ")
    words = _IDENTITIES.get(own) or f"{FIGURE_LABELS.get(name, name)}{equals}{rest}"
    return words + bracket + group


def breach_sentence(breach: Breach) -> str:
    """Say what doesn't add up, and whose dossiers make it so.

    >>> from counter_app.domain.figures import Breach
    >>> breach_sentence(Breach("early = tổng các nhóm", 1, 2, ("TAM-01-261123-0001",)))
    'Trước hạn = tổng các nhóm: 1 khác 2. Hồ sơ TAM-01-261123-0001.'
    """
    codes = f" Hồ sơ {', '.join(breach.codes)}." if breach.codes else ""
    return f"{_identity(breach.identity)}: {breach.left} khác {breach.right}.{codes}"


def decimal(value: float | None) -> str:
    """Write a rate as in Vietnam, without needless zeros; a dash over nothing.

    >>> decimal(99.99), decimal(71.0), decimal(None)
    ('99,99 %', '71 %', '–')
    """
    if value is None:
        return "–"
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",") + " %"


def period_name(period: Period) -> str:
    """Name a period as people do: a month, a quarter, so many months of a year, or its days."""
    first, last = period
    if first == last:
        return f"ngày {first:%d/%m/%Y}"
    months = last.month - first.month + 1
    if period.is_of_whole_months and first.year == last.year:
        year = f"năm {first.year}"
        if months == _YEAR:
            return year
        if months == 1:
            return f"tháng {first.month} {year}"
        if months == _QUARTER and first.month % _QUARTER == 1:
            return f"quý {_QUARTERS[first.month // _QUARTER]} {year}"
        if first.month == 1:
            return f"{months} tháng đầu {year}"
    return f"kỳ từ ngày {first:%d/%m/%Y} đến ngày {last:%d/%m/%Y}"


def paragraph(office: str, report: Report, before: Figures) -> str:
    """Write the paragraph that an office publishes, with the period before it beside it."""
    f = report.figures
    n = format_number
    rates = f.rates()
    online = percent(f.online, f.received_in_period)
    if not f.received:
        return (
            f"Trong {period_name(report.period)}, {office} không tiếp nhận hồ sơ thủ tục hành "
            "chính nào, không có hồ sơ kỳ trước chuyển sang. "
            + _compared(report.period.before(), f, before)
        )
    sentences = [
        (
            f"Trong {period_name(report.period)}, {office} tiếp nhận {n(f.received)} hồ sơ thủ tục "
            f"hành chính, gồm {n(f.online)} hồ sơ trực tuyến{_rate(' ({} số hồ sơ mới)', online)}, "
            f"{n(f.counter_and_post)} hồ sơ trực tiếp và qua dịch vụ bưu chính, "
            f"{n(f.carried_over)} hồ sơ kỳ trước chuyển sang."
        ),
        (
            f"Đã giải quyết {n(f.resolved)} hồ sơ: trước hạn {n(f.early)}, "
            f"đúng hạn {n(f.on_time)}, quá hạn {n(f.late)}"
            f"{_rate('; tỷ lệ trước hạn và đúng hạn đạt {}', rates['on_time_rate'])}."
        ),
        (
            f"Đang giải quyết {n(f.pending)} hồ sơ, trong hạn {n(f.pending_in_time)}, "
            f"quá hạn {n(f.pending_late)}."
        ),
    ]
    ended = [
        f"{name} {n(count)}"
        for name, count in (
            ("từ chối", f.refused),
            ("rút", f.withdrawn),
            ("dừng giải quyết", f.stopped),
        )
        if count
    ]
    if ended:
        sentences.append(f"Kết thúc khác: {', '.join(ended)} hồ sơ.")
    digitised = [
        _rate("hồ sơ được số hóa khi tiếp nhận đạt {}", rates["digitised_input_rate"]),
        _rate("kết quả được số hóa đạt {}", rates["digitised_output_rate"]),
    ]
    told = ", ".join(filter(None, digitised))
    if told:
        sentences.append(f"{told[0].upper()}{told[1:]}.")
    if f.surveys_returned:
        returned = percent(f.surveys_returned, f.resolved)
        satisfied = percent(f.surveys_satisfied, f.surveys_returned)
        sentences.append(
            f"Thu về {n(f.surveys_returned)} phiếu đánh giá"
            f"{_rate(' ({} số hồ sơ đã giải quyết)', returned)}, hài lòng {decimal(satisfied)}."
        )
    if f.apologised:
        sentences.append(f"Đã phát hành {n(f.apologised)} văn bản xin lỗi.")
    sentences.append(_compared(report.period.before(), f, before))
    return " ".join(sentences)


def _compared(period: Period, now: Figures, before: Figures) -> str:
    name = period_name(period)
    if not before.received:
        return f"Kỳ trước ({name}) chưa có số liệu để so sánh."
    kept = _rate(", trước hạn và đúng hạn {}", before.rates()["on_time_rate"])
    return (
        f"Kỳ trước ({name}) tiếp nhận {format_number(before.received)} hồ sơ, giải quyết "
        f"{format_number(before.resolved)}{kept}; số hồ sơ đã giải quyết kỳ này "
        f"{_change(now.resolved, before.resolved)}."
    )


def _rate(words: str, rate: float | None) -> str:
    """Say a rate in words that are published; nothing where there is none."""
    return "" if rate is None else words.format(decimal(rate))


def _change(now: int, before: int) -> str:
    if now == before:
        return "bằng kỳ trước"
    word = "tăng" if now > before else "giảm"
    share = percent(abs(now - before), before)
    by = f" ({decimal(share)})" if share is not None else ""
    return f"{word} {format_number(abs(now - before))} hồ sơ{by}"


def counting_note(against: Against, boundary: str) -> str:
    """Say which due date the verdicts are given by and what ends the due day."""
    due = {
        Against.DUE: "hạn đang có hiệu lực (kể cả hẹn lại hợp lệ)",
        Against.LEGAL: "hạn theo quy định (không tính hẹn lại)",
    }[against]
    if boundary == Boundary.MINUTE:
        return f"Tính theo {due}, đến từng phút: sau giờ hẹn là quá hạn."
    return (
        f"Tính theo {due}, theo ngày: xong trong ngày hẹn là đúng hạn. Thủ tục trả kết quả trong "
        "ngày vì thế không thể trước hạn, chỉ có đúng hạn hoặc quá hạn."
    )


class FormLine(NamedTuple):
    """One line of the official table: columns 3 to 13."""

    received: int
    online: int
    counter_and_post: int
    carried_over: int
    resolved: int
    early: int
    on_time: int
    late: int
    pending: int
    pending_in_time: int
    pending_late: int


def form_line(figures: Figures, mapping: dict[str, str]) -> FormLine:
    """Return the official columns: what ended otherwise goes where the form's version says."""
    f = figures
    resolved = {"early": f.early, "on_time": f.on_time, "late": f.late}
    ended = f.refused + f.withdrawn + f.stopped
    resolved[mapping["in_time"]] += ended - f.late_closed_otherwise
    resolved[mapping["after_due"]] += f.late_closed_otherwise
    return FormLine(
        f.received,
        f.online,
        f.counter_and_post,
        f.carried_over,
        sum(resolved.values()),
        resolved["early"],
        resolved["on_time"],
        resolved["late"],
        f.pending,
        f.pending_in_time,
        f.pending_late,
    )


_COLUMNS = {"early": "cột 8", "on_time": "cột 9", "late": "cột 10"}


def form_notes(report: Report, mapping: dict[str, str]) -> list[str]:
    """Return the notes under the official table."""
    f = report.figures
    ended = f.refused + f.withdrawn + f.stopped
    notes = [counting_note(report.against, report.boundary)]
    notes.append(
        f"Hồ sơ từ chối ({f.refused}), rút ({f.withdrawn}) và dừng giải quyết ({f.stopped}) được "
        f"tính vào {_COLUMNS[mapping['in_time']]}"
        + (
            f", riêng {f.late_closed_otherwise} hồ sơ kết thúc sau khi đã quá hạn tính vào "
            f"{_COLUMNS[mapping['after_due']]}."
            if f.late_closed_otherwise
            else "."
        )
        if ended
        else "Trong kỳ không có hồ sơ từ chối, rút hoặc dừng giải quyết."
    )
    if f.received_for_others:
        notes.append(
            f"Ngoài bảng: {f.received_for_others} hồ sơ tiếp nhận thay cơ quan khác, chưa có hạn "
            "trả."
        )
    if f.late_before_supplement:
        notes.append(
            f"Trong số quá hạn có {f.late_before_supplement} hồ sơ chỉ quá hạn trước lần bổ sung."
        )
    return notes


def indicators(figures: Figures) -> list[tuple[str, str, float | None]]:
    """Return what an office can know by itself of the groups of QĐ 766: group, what, percent."""
    rates = figures.rates()
    online = percent(figures.online, figures.received_in_period)
    satisfied = percent(figures.surveys_satisfied, figures.surveys_returned)
    return [
        (
            "Tiến độ, kết quả giải quyết",
            "Trước hạn và đúng hạn / (đã giải quyết + đang giải quyết quá hạn)",
            rates["on_time_rate_strict"],
        ),
        (
            "Số hóa hồ sơ",
            "Hồ sơ mới được số hóa khi tiếp nhận",
            rates["digitised_input_rate"],
        ),
        ("Số hóa hồ sơ", "Kết quả được số hóa", rates["digitised_output_rate"]),
        ("Cung cấp dịch vụ trực tuyến", "Hồ sơ mới nộp trực tuyến", online),
        ("Mức độ hài lòng", "Phiếu đánh giá hài lòng / phiếu thu về", satisfied),
    ]


INDICATORS_NOTE = (
    "Số đơn vị tự tính từ sổ của mình theo các nhóm của Quyết định 766/QĐ-TTg; không phải điểm "
    "chính thức, vốn do Cổng Dịch vụ công quốc gia tính."
)
