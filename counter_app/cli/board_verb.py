"""The verb ``board``: what the head of the office sees in one look, also as one A4 page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from counter_app.atomic import atomically
from counter_app.cli.output import show
from counter_app.cli.parser import Verb, moment, path
from counter_app.domain.words import format_number
from counter_app.errors import InputError
from counter_app.services import board

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from counter_app.cli.parser import Desk
    from counter_app.domain.board import BoardFacts


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as-of", type=moment, metavar="MOMENT", help="xét vào lúc này")
    parser.add_argument("-o", "--output", type=path, metavar="FILE.pdf", help="một trang A4 để in")


def _run(desk: Desk, options: argparse.Namespace) -> None:
    target = Path(options.output) if options.output else None
    if target is not None and target.suffix.lower() != ".pdf":
        raise InputError(
            f"Tên tệp “{target.name}” phải kết thúc bằng .pdf. Chưa ghi gì.", field="output"
        )
    facts = board.board(desk.store, now=options.as_of or desk.now)
    lines = list(_lines(facts))
    if target is not None:
        with atomically(target) as temporary:  # the place is tried before the log tells of it
            temporary.write_bytes(board.board_pdf(desk.store, facts))
        lines.append(f"Đã ghi bảng điều hành vào {target.name}.")
    show(options, board.board_json(facts), lines)


def _lines(facts: BoardFacts) -> Iterator[str]:
    number = format_number
    for load in (*facts.loads, facts.total._replace(unit="Tổng cộng")):
        name = ", ".join(filter(None, (load.unit, load.officer))) or "Chưa giao ai"
        yield (
            f"{name}: quá hạn {number(load.late)}, hôm nay {number(load.today)}, "
            f"{facts.tomorrow:%d/%m} {number(load.tomorrow)}, "
            f"đến {facts.week_end:%d/%m} {number(load.week)}, tạm dừng {number(load.paused)}, "
            f"tất cả {number(load.total)}"
        )
    yield "Hẹn trả: " + ", ".join(f"{day:%d/%m} {number(count)}" for day, count in facts.ahead)
    yield f"Bước liên thông đã chậm: {number(len(facts.slow_steps))}"
    yield f"Đã chuyển từ hôm trước, chưa ai nhận: {number(facts.unaccepted_count)}"
    yield f"Kết quả chờ người dân: {number(facts.waiting_count)}"
    yield (
        f"Văn bản xin lỗi: còn nợ {number(facts.apologies_owed)}, "
        f"phát hành trong tháng {number(facts.apologies_sent)}"
    )
    yield f"Quá giờ phải chuyển: {number(facts.should_have_left)}"
    yield f"Số giấy giữ trước còn mở: {number(facts.reserved_open)}"


VERB = Verb("board", "Bảng điều hành của người đứng đầu", _arguments, _run)
