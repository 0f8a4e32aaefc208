"""Where a database may lie: a local folder that can be written, no share, no stick, no cloud."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from counter_app.errors import DataFileError

_NETWORK_TYPES = frozenset(
    "nfs nfs4 cifs smb3 smbfs 9p afs ncpfs fuse.sshfs fuse.rclone davfs fuse.davfs2".split()
)
_SYNCED_NAMES = ("onedrive", "dropbox", "google drive", "googledrive", "icloud", "nextcloud")
_DRIVE_REMOVABLE, _DRIVE_REMOTE = 2, 4


def prepare(folder: Path) -> None:
    """Make the data folder if it isn't there and refuse a place where data would be lost.

    Raises:
        DataFileError: the folder is on a network share, a stick, in a synced folder, or can't
            be made or written; the sentence says which.
    """
    reason = unsafe_reason(folder)
    if reason:
        raise DataFileError(
            f"Không đặt dữ liệu ở {folder}: {reason} "
            "Chọn một thư mục trên ổ cứng của máy này. Chưa có gì thay đổi."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataFileError(
            f"Không tạo được thư mục dữ liệu {folder}: {_why(error)} "
            "Chọn thư mục khác hoặc nhờ người quản trị máy cấp quyền."
        ) from error
    if not folder.is_dir():
        raise DataFileError(f"{folder} không phải là thư mục. Chọn một thư mục khác.")


def _why(error: OSError) -> str:
    import errno

    words = {
        errno.EACCES: "không có quyền ghi.",
        errno.EPERM: "không có quyền ghi.",
        errno.EROFS: "ổ đĩa chỉ cho đọc.",
        errno.ENOSPC: "ổ đĩa đã đầy.",
        errno.ENOTDIR: "một phần của đường dẫn là tệp, không phải thư mục.",
        errno.EEXIST: "đã có một tệp trùng tên.",
        errno.ENAMETOOLONG: "đường dẫn quá dài.",
    }
    return words.get(error.errno or 0, "máy không cho phép.")


def unsafe_reason(folder: Path) -> str:
    """Say why data must not lie here, or nothing."""
    text = str(folder)
    if text.startswith(("\\\\", "//")):
        return "đây là thư mục mạng, hai máy cùng ghi sẽ làm hỏng dữ liệu."
    parts = [part.lower() for part in folder.parts]
    if any(part.startswith(name) for part in parts for name in _SYNCED_NAMES):
        return "đây là thư mục đồng bộ đám mây, chương trình đồng bộ có thể chép đè dữ liệu."
    if sys.platform == "win32":
        return _windows_reason(folder)
    return _mount_reason(folder)


def _windows_reason(folder: Path) -> str:
    import ctypes

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - absent elsewhere
    kind = kernel.GetDriveTypeW(f"{folder.drive}\\")
    return _kind_reason(is_network=kind == _DRIVE_REMOTE, is_stick=kind == _DRIVE_REMOVABLE)


def _mount_reason(folder: Path) -> str:
    try:
        lines = Path("/proc/self/mounts").read_text("utf-8").splitlines()
    except OSError:
        return ""
    here = os.path.realpath(folder)
    best, device, kind = "", "", ""
    for line in lines:
        dev, point, fstype, *_ = line.split(" ")
        point = point.replace("\\040", " ")
        inside = here == point or here.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, device, kind = point, dev, fstype
    return _kind_reason(is_network=kind in _NETWORK_TYPES, is_stick=_is_removable(device))


def _kind_reason(*, is_network: bool, is_stick: bool) -> str:
    if is_network:
        return "đây là ổ đĩa mạng, hai máy cùng ghi sẽ làm hỏng dữ liệu."
    if is_stick:
        return "đây là thẻ nhớ hoặc USB, rút ra giữa chừng sẽ mất dữ liệu."
    return ""


def _is_removable(device: str) -> bool:
    name = Path(device).name.rstrip("0123456789")
    try:
        flag = Path("/sys/block", name, "removable").read_text("ascii").strip()
    except OSError:
        return False
    return bool(name) and flag == "1"
