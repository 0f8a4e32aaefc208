"""Stand-ins for the window's neighbours: no test meets a modal dialog."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from counter_app.ui.fields import Note


class FakeInteraction:
    """Answers from a list and remembers what was asked.

    ``answers`` are used in order for everything but ``inform``; a test that is asked more often
    than it expected fails.
    """

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []
        self.informed: list[str] = []

    def _answer(self, question: str) -> Any:
        self.asked.append(question)
        assert self.answers, f"unexpected question: {question}"
        return self.answers.pop(0)

    def inform(self, text: str, *, detail: str = "") -> None:
        self.informed.append(f"{text} {detail}".strip())

    def confirm(self, question: str, *, yes: str, no: str = "", detail: str = "") -> bool:
        return self._answer(question)

    def choose_file_save(self, title: str, *, suggested: Path, kinds: str) -> Path | None:
        return self._answer(title)

    def choose_file_open(
        self, title: str, *, folder: Path | None = None, kinds: str
    ) -> Path | None:
        return self._answer(title)

    def choose_folder(self, title: str, *, folder: Path | None = None) -> Path | None:
        return self._answer(title)

    def ask_text(
        self,
        question: str,
        *,
        yes: str,
        initial: str = "",
        detail: str = "",
        check: Callable[[str], Note | None] | None = None,
    ) -> str | None:
        return self._answer(question)

    def ask_choice(
        self,
        question: str,
        choices: Sequence[str],
        *,
        yes: str,
        detail: str = "",
        suggests_first: bool = True,
    ) -> int | None:
        return self._answer(question)
