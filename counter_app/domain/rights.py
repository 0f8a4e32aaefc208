"""Who may do what (quyền): the roles of an office and the one table of their rights."""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise

from counter_app.domain.dossier import Move
from counter_app.domain.doubts import DOUBT
from counter_app.domain.unit_sheet import LISTED


class Role(StrEnum):
    """What somebody with an account is to the office (vai trò)."""

    CLERK = "clerk"
    OFFICER = "officer"
    HEAD = "head"
    ADMIN = "admin"


ROLE_LABELS: dict[Role, str] = {
    Role.CLERK: "Cán bộ tiếp nhận",
    Role.OFFICER: "Cán bộ thụ lý",
    Role.HEAD: "Phụ trách bộ phận",
    Role.ADMIN: "Quản trị",
}


class Act(StrEnum):
    """What is done beside the moves of a dossier; the value stands in the audit log."""

    READ = "read"
    SHOW_NUMBER = "show-number"
    VISIT = "visit"
    QUICK_BOOK = "book-start"
    PAPERS = "office-papers"
    LISTS = "print-lists"
    REPORT = "report"
    FREEZE = "report-freeze"
    LIST_IMPORT = "list-import"
    LIST_EXPORT = "list-export"
    SYNC = "sync"
    RESOLVE = "resolve"
    OWN_SECRET = "own-secret"  # noqa: S105 - the name of an act
    DESK = "desk"
    SETTINGS = "settings"
    SET_UP = "set-up"
    OFFICERS = "officers"
    CATALOGUE = "catalogue"
    CALENDAR = "calendar"
    FORMS = "forms"
    INVITE = "invite"
    BACKUP = "backup"
    RESTORE = "restore"
    ACCEPT_LOSS = "accept-loss"
    AUDIT = "audit"
    USERS = "users"
    PERSON_EXPORT = "person-export"
    PERSON_REMOVE = "erase"
    ENCRYPTION = "encrypt"


# What is only ever noted: nobody needs a right to sign in, or to be refused.
SIGN_IN, SIGN_IN_FAILED, LOCK = "sign-in", "sign-in-failed", "lock"
RECOVERY_ASKED, RECOVERED = "recovery-asked", "recovered"
UNLOCK_FAILED = "unlock-failed"

ACT_LABELS: dict[str, str] = {
    Act.READ: "Xem hồ sơ",
    Act.SHOW_NUMBER: "Xem số định danh đầy đủ",
    Act.VISIT: "Ghi lượt tiếp không nhận hồ sơ",
    Act.QUICK_BOOK: "Đặt số bắt đầu của sổ",
    Act.PAPERS: "In giấy tờ của đơn vị",
    LISTED: "Ghi hồ sơ vào tờ bàn giao",
    Act.LISTS: "In sổ, danh sách",
    Act.REPORT: "Xem và lưu báo cáo",
    Act.FREEZE: "Chốt báo cáo",
    Act.LIST_IMPORT: "Nhập danh sách",
    Act.LIST_EXPORT: "Xuất danh sách",
    Act.SYNC: "Đồng bộ giữa các quầy",
    Act.RESOLVE: "Giải quyết mâu thuẫn giữa các quầy",
    DOUBT: "Ghi chỗ danh sách nói khác",
    Act.OWN_SECRET: "Đổi mật khẩu của mình",
    Act.DESK: "Đổi cài đặt của máy này",
    Act.SETTINGS: "Đổi cài đặt",
    Act.SET_UP: "Đổi tên đơn vị, quầy",
    Act.OFFICERS: "Sửa danh sách cán bộ",
    Act.CATALOGUE: "Sửa danh mục thủ tục",
    Act.CALENDAR: "Sửa lịch làm việc",
    Act.FORMS: "Sửa lời văn biểu mẫu",
    Act.INVITE: "Mời thêm quầy",
    Act.BACKUP: "Sao lưu",
    Act.RESTORE: "Khôi phục",
    Act.ACCEPT_LOSS: "Chấp nhận phần dữ liệu đã mất",
    Act.AUDIT: "Xem nhật ký",
    Act.USERS: "Quản lý tài khoản",
    Act.PERSON_EXPORT: "Xuất dữ liệu của một người",
    Act.PERSON_REMOVE: "Xóa dữ liệu cá nhân",
    Act.ENCRYPTION: "Mã hóa dữ liệu",
    SIGN_IN: "Đăng nhập",
    SIGN_IN_FAILED: "Đăng nhập không đúng",
    UNLOCK_FAILED: "Mở khóa dữ liệu không đúng",
    LOCK: "Khóa màn hình",
    RECOVERY_ASKED: "Xin lấy lại quyền quản trị",
    RECOVERED: "Lấy lại quyền quản trị",
}

_ALL = frozenset(Role)
_DESK = frozenset({Role.CLERK, Role.HEAD, Role.ADMIN})
_WORK = frozenset({Role.CLERK, Role.OFFICER, Role.HEAD, Role.ADMIN})
_LEAD = frozenset({Role.HEAD, Role.ADMIN})
_ADMIN = frozenset({Role.ADMIN})

# The one table. The window, the verbs and the services ask it and nothing else.
RIGHTS: dict[str, frozenset[Role]] = {
    # the life of a dossier: the counter's part
    Move.RECEIVE: _DESK,
    Move.SET_OFFICIAL_CODE: _DESK,
    Move.RETURN: _DESK,
    Move.WITHDRAW: _DESK,
    Move.RESUBMIT: _DESK,
    Move.PAID: _DESK,
    Move.FEE: _DESK,
    Move.CONTACT: _DESK,
    Move.SURVEY: _DESK,
    # the counter's and the resolving unit's
    Move.FORWARD: _WORK,
    Move.ACCEPT: _WORK,
    Move.STEP: _WORK,
    Move.COMPLETE: _WORK,
    Move.SUPPLEMENT: _WORK,
    Move.CLOSE: _WORK,
    Move.AWAIT_PAYMENT: _WORK,
    Move.EXTEND: _WORK,
    Move.RESCHEDULE: _WORK,
    Move.REFUSE: _WORK,
    Move.STOP: _WORK,
    Move.UNDO: _WORK,
    Move.CORRECT: _WORK,
    Move.EXPLAIN: _WORK,
    Move.ATTACH: _WORK,
    Move.ASK_OPINION: _WORK,
    Move.OPINION_RECEIVED: _WORK,
    Move.PRINT: _WORK,
    Move.COMPETENT_RECEIVED: _WORK,
    # beside it
    Act.READ: _ALL,
    Act.SHOW_NUMBER: _ALL,
    Act.OWN_SECRET: _ALL,
    Act.BACKUP: _ALL,
    Act.VISIT: _DESK,
    Act.DESK: _ALL,
    Act.PAPERS: _WORK,
    LISTED: _WORK,
    Act.LISTS: _WORK,
    Act.REPORT: _ALL,
    Act.LIST_IMPORT: _DESK,
    Act.SYNC: _DESK,
    Act.CATALOGUE: _DESK,  # the first citizen of a procedure waits while its limit is confirmed
    Act.LIST_EXPORT: _LEAD,
    Act.QUICK_BOOK: _LEAD,
    Act.FREEZE: _LEAD,
    Act.RESOLVE: _LEAD,
    DOUBT: _DESK,
    Act.OFFICERS: _LEAD,
    Act.SETTINGS: _LEAD,
    Act.CALENDAR: _LEAD,
    Act.FORMS: _LEAD,
    Act.AUDIT: _LEAD,
    Act.PERSON_EXPORT: _LEAD,
    Act.SET_UP: _ADMIN,
    Act.INVITE: _ADMIN,
    Act.RESTORE: _ADMIN,
    Act.ACCEPT_LOSS: _ADMIN,
    Act.USERS: _ADMIN,
    Act.PERSON_REMOVE: _ADMIN,
    Act.ENCRYPTION: _ADMIN,
}

# What a verb needs at the door; the services ask again for what it then does.
VERB_ACTS: dict[str, str] = {
    **{move.value: move.value for move in Move},
    **dict.fromkeys(
        (
            *("show", "history", "list", "search", "uncollected", "workload", "routing", "board"),
            "fingerprint",
        ),
        Act.READ,
    ),
    **dict.fromkeys(("settings", "procedures", "calendar", "forms", "books", "frozen"), Act.READ),
    **dict.fromkeys(("paper-kit", "unit-sheet", "handover"), Act.PAPERS),
    "reassign": Move.FORWARD,
    "apologies": Move.PRINT,
    "quick": Move.RECEIVE,
    "till": Act.LISTS,
    "report": Act.REPORT,
    "import": Act.LIST_IMPORT,
    "export": Act.SYNC,
    "import-undo": Act.RESOLVE,
    "conflicts": Act.SYNC,
    "setup": Act.SET_UP,
    "invite": Act.INVITE,
    "restore": Act.RESTORE,
    "accept-loss": Act.ACCEPT_LOSS,
    "salvage": Act.RESTORE,
    "demo": Act.SET_UP,
    "audit": Act.AUDIT,
    "users": Act.OWN_SECRET,
    "encrypt": Act.READ,
    "privacy": Act.PERSON_EXPORT,
}
# They touch no dossier, or work for the whole folder without showing whose it is: a nightly
# backup must not need a password.
OPEN_VERBS = frozenset({"backup", "check", "drill", "due"})

# What a page of the window needs before it opens.
PAGE_ACTS: dict[str, str] = {
    "reception": Move.RECEIVE,
    "dossiers": Act.READ,
    "today": Act.READ,
    "apologies": Move.PRINT,
    "reports": Act.REPORT,
    "board": Act.READ,
    "quick": Move.RECEIVE,
    "sync": Act.LIST_IMPORT,
    "settings": Act.DESK,
}


def may(role: Role, act: str) -> bool:
    """Tell whether a role has the right to an act; what isn't in the table nobody may.

    >>> may(Role.OFFICER, Move.RECEIVE)
    False
    >>> may(Role.CLERK, Act.SHOW_NUMBER)
    True
    """
    return role in RIGHTS.get(act, frozenset())


_FREE_TRIES = 3
_FIRST_WAIT, _LONGEST_WAIT = 5, 300  # seconds


def wait_after(failures: int) -> int:
    """Return for how many seconds nobody may try again after so many failures in a row.

    >>> [wait_after(n) for n in (0, 2, 3, 4, 20)]
    [0, 0, 5, 10, 300]
    """
    if failures < _FREE_TRIES:
        return 0
    doublings = min(failures - _FREE_TRIES, 10)
    return min(_FIRST_WAIT << doublings, _LONGEST_WAIT)


def seconds_left(failures: int, failed_at: int, now: int) -> int:
    """Return how long to wait still; a clock that was set back never locks for longer than that.

    >>> seconds_left(3, failed_at=100, now=102), seconds_left(3, failed_at=100, now=40)
    (3, 0)
    """
    wait = wait_after(failures)
    passed = now - failed_at
    return max(0, wait - passed) if passed >= 0 else 0


_SHORTEST_PASSWORD, _SHORTEST_PIN, _LONGEST_SECRET = 8, 6, 200


def why_secret_unusable(secret: str) -> str:
    """Say why a new password or PIN can't be used, in a sentence; empty if it can.

    >>> why_secret_unusable("472916"), bool(why_secret_unusable("123456"))
    ('', True)
    """
    if len(secret) > _LONGEST_SECRET:
        return f"Mật khẩu dài quá {_LONGEST_SECRET} ký tự."
    if secret.isdecimal() and len(secret) < _SHORTEST_PASSWORD:
        if len(secret) < _SHORTEST_PIN:
            return f"Mã PIN cần ít nhất {_SHORTEST_PIN} chữ số."
        steps = {ord(b) - ord(a) for a, b in pairwise(secret)}
        if len(steps) == 1 and steps <= {-1, 0, 1}:
            return "Mã PIN này quá dễ đoán. Chọn các chữ số không theo thứ tự."
        return ""
    if len(secret) < _SHORTEST_PASSWORD:
        return (
            f"Mật khẩu cần ít nhất {_SHORTEST_PASSWORD} ký tự, "
            f"hoặc mã PIN từ {_SHORTEST_PIN} chữ số."
        )
    if len(set(secret)) == 1:
        return "Mật khẩu này quá dễ đoán."
    return ""
