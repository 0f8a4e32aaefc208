"""Errors that a clerk is told: each message is a Vietnamese sentence she can act on.

Everything that is not a ``UserError`` is a defect of ours and reaches the log with its traceback.
"""

from __future__ import annotations


class UserError(Exception):
    """Something the user can mend; ``field`` names the input it belongs to, if any.

    The message says what happened, what is safe and what to do, in plain Vietnamese.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        """Keep the sentence and the name of the field (an identifier of the form or option)."""
        super().__init__(message)
        self.message = message
        self.field = field


class InputError(UserError):
    """A value that was typed, pasted, scanned or read can't be used."""


class InputErrors(UserError):
    """Several fields can't be used; ``errors`` holds one ``InputError`` each."""

    def __init__(self, errors: list[InputError]) -> None:
        """Join the sentences; the first one's field takes the focus."""
        super().__init__(" ".join(e.message for e in errors), field=errors[0].field)
        self.errors = errors


class GroupError(UserError):
    """One dossier of a group can't be saved, so none was; ``place`` counts from one."""

    def __init__(self, place: int, name: str, error: UserError) -> None:
        """Say which one it is before its own sentence."""
        super().__init__(
            f"Hồ sơ {place} ({name}): {error.message} Chưa lưu hồ sơ nào của nhóm.",
            field=error.field,
        )
        self.place = place
        self.error = error


class NotFoundError(UserError):
    """Nothing, or more than one thing, answers to the code that was given."""


class MoveRefusedError(UserError):
    """The table of moves, or a rule on it, doesn't allow this act now."""


class ConfirmationNeededError(UserError):
    """The act is possible once a person has confirmed something that is named in the message."""


class DataFileError(UserError):
    """The database or its folder can't be used: damaged, foreign, newer, full, locked."""


class LockedError(UserError):
    """The data are encrypted and nobody has unlocked them; ``key_file`` says what unlocks them."""

    def __init__(self, key_file: object) -> None:
        """Keep the path of the key file, for whoever can ask a person."""
        super().__init__(
            "Dữ liệu được mã hóa và chưa mở khóa. Chưa làm gì. "
            "Nhập mật khẩu mở dữ liệu hoặc mã trên phiếu khôi phục.",
            field="secret",
        )
        self.key_file = key_file


class WrongKeyError(UserError):
    """The passphrase or the printed code doesn't open the data."""


class RightsError(UserError):
    """Nobody is signed in, or the role of who is doesn't allow the act."""


class SignInError(RightsError):
    """Name and secret don't fit, or it is too soon to try again."""


class ClockError(UserError):
    """The PC's clock can't be right."""


class BundleError(UserError):
    """A sync bundle is refused whole: damaged, of another office, sealed with another key."""


class ListFileError(UserError):
    """A list from another system can't be read as a whole."""


class PaperError(UserError):
    """A paper can't be made or printed."""


class FontError(PaperError):
    """No font that holds every Vietnamese letter was found."""
