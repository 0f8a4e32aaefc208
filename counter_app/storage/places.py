"""Where a database may lie: a local folder that can be written, no share, no stick, no cloud."""

from __future__ import annotations

import errno
import os
import re
import sys
from pathlib import Path
from typing import NamedTuple

from counter_app.errors import DataFileError

_NETWORK_TYPES = frozenset(
    "nfs nfs4 cifs smb3 smbfs 9p afs ncpfs ceph glusterfs lustre beegfs gfs2 ocfs2 vboxsf davfs "
    "fuse.sshfs fuse.rclone fuse.davfs2 fuse.gvfsd-fuse fuse.glusterfs fuse.s3fs fuse.smbnetfs "
    "fuse.vmhgfs-fuse fuse.google-drive-ocamlfuse fuse.onedriver".split()
)
_SYNCED_NAMES = ("onedrive", "dropbox", "google drive", "googledrive", "icloud", "nextcloud")
# What the programs that keep folders in step leave in the folder they watch.
_SYNCED_MARKS = (".dropbox.cache", ".stfolder", ".nextcloudsync.log", ".owncloudsync.log")
_DRIVE_REMOVABLE, _DRIVE_REMOTE = 2, 4
_MOUNTS = Path("/proc/self/mounts")
_BLOCK_DEVICES = Path("/sys/class/block")

NETWORK = "đây là ổ đĩa hoặc thư mục mạng, hai máy cùng ghi sẽ làm hỏng dữ liệu."
STICK = "đây là thẻ nhớ hoặc ổ USB, rút ra giữa chừng sẽ mất dữ liệu."
SYNCED = "đây là thư mục đồng bộ đám mây, chương trình đồng bộ có thể chép đè dữ liệu."

_WHY = {
    errno.EACCES: "không có quyền ghi.",
    errno.EPERM: "không có quyền ghi.",
    errno.EROFS: "ổ đĩa chỉ cho đọc.",
    errno.ENOSPC: "ổ đĩa đã đầy.",
    errno.ENOTDIR: "một phần của đường dẫn là tệp, không phải thư mục.",
    errno.EEXIST: "đã có một tệp trùng tên.",
    errno.ENAMETOOLONG: "đường dẫn quá dài.",
}


class Mount(NamedTuple):
    """One mounted file system: the device, where it hangs, its type."""

    device: str
    point: str
    kind: str


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
        # For this user alone; who shares the data makes the folder with the rights he means.
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        why = _WHY.get(error.errno or 0, "máy không cho phép.")
        raise DataFileError(
            f"Không tạo được thư mục dữ liệu {folder}: {why} "
            "Chọn thư mục khác hoặc nhờ người quản trị máy cấp quyền."
        ) from error
    effective = os.access in os.supports_effective_ids
    if not os.access(folder, os.W_OK | os.X_OK, effective_ids=effective):
        raise DataFileError(
            f"Thư mục dữ liệu {folder} chỉ cho đọc. Dữ liệu trong đó còn nguyên. "
            "Nhờ người quản trị máy cấp quyền ghi rồi mở lại, hoặc chọn thư mục khác."
        )


def unsafe_reason(folder: Path) -> str:
    """Say why data must not lie here, or nothing."""
    if str(folder).startswith(("\\\\", "//")):
        return NETWORK
    real = Path(os.path.realpath(folder))
    if is_synced(folder) or is_synced(real):
        return SYNCED
    if sys.platform == "win32":
        return _windows_reason(real)
    try:
        mounts = _MOUNTS.read_text("utf-8", errors="surrogateescape")
    except OSError:
        return ""
    return mount_reason(mount_of(real, mounts), _BLOCK_DEVICES)


def is_synced(folder: Path) -> bool:
    """Tell whether a program that keeps folders in step over the network watches this one."""
    names = (part.lower() for part in folder.parts)
    if any(name.startswith(_SYNCED_NAMES) for name in names):
        return True
    try:
        return any((above / mark).exists() for above in folder.parents for mark in _SYNCED_MARKS)
    except OSError:
        return False


def _windows_reason(folder: Path) -> str:
    import ctypes

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - absent elsewhere
    kind = kernel.GetDriveTypeW(f"{folder.drive}\\")
    return {_DRIVE_REMOTE: NETWORK, _DRIVE_REMOVABLE: STICK}.get(kind, "")


def mount_of(folder: Path, mounts: str) -> Mount:
    r"""Return what is mounted at or above a folder.

    Args:
        folder: an absolute path without links.
        mounts: the text of Linux's ``/proc/self/mounts``.

    >>> mount_of(Path("/a b/c"), "x / ext4 rw 0 0\nsrv:/d /a\\040b nfs4 rw 0 0")
    Mount(device='srv:/d', point='/a b', kind='nfs4')
    """
    here = str(folder)
    best = Mount("", "", "")
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < len(Mount._fields):
            continue
        device, point, kind = fields[:3]
        point = re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), point)
        inside = here == point or here.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best.point):
            best = Mount(device, point, kind)
    return best


def mount_reason(mount: Mount, block_devices: Path) -> str:
    """Say why data must not lie on this mounted file system, or nothing.

    The system's own disk is always good enough, whatever it calls itself: a PC that starts from
    the network or from a USB disk has no better one, and sandboxes show 9p there.
    """
    if mount.point in {"", "/"}:
        return ""
    if mount.kind in _NETWORK_TYPES:
        return NETWORK
    return STICK if is_removable(mount.device, block_devices) else ""


def is_removable(device: str, block_devices: Path) -> bool:
    """Tell whether a device can be pulled out: marked so, or hanging on a USB port.

    Args:
        device: ``/dev/sdb1`` and the like.
        block_devices: Linux's ``/sys/class/block``.
    """
    if not device.startswith("/dev/"):
        return False
    place = block_devices / Path(device).name
    if not place.exists():
        return False
    real = place.resolve()
    if any(re.fullmatch(r"usb\d+", part) for part in real.parts):
        return True
    # A partition asks its disk.
    disk = real.parent if (real / "partition").exists() else real
    try:
        return (disk / "removable").read_text("ascii").strip() == "1"
    except OSError:
        return False
