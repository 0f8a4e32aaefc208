"""Where data may lie: mounts, sticks and clouds told apart without having them."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from counter_app.errors import DataFileError
from counter_app.storage import places

MOUNTS = r"""
/dev/sda1 / ext4 rw 0 0
proc /proc proc rw 0 0
/dev/sda2 /home ext4 rw 0 0
//may-chu/chung /home/chung cifs rw 0 0
may-chu:/du-lieu /srv/du\040lieu nfs4 rw 0 0
ban@may:/x /home/a/x fuse.sshfs rw 0 0
/dev/sdb1 /media/a/USB\040cua\040toi vfat rw 0 0
/dev/nvme0n1p3 /data ext4 rw 0 0
tmpfs /tmp tmpfs rw 0 0
broken line
"""


@pytest.mark.parametrize(
    ("folder", "point", "kind"),
    [
        ("/home/a/data", "/home", "ext4"),
        ("/home/chung/data", "/home/chung", "cifs"),
        ("/home/chungta", "/home", "ext4"),
        ("/srv/du lieu/x", "/srv/du lieu", "nfs4"),
        ("/srv/du", "/", "ext4"),
        ("/home/a/x", "/home/a/x", "fuse.sshfs"),
        ("/media/a/USB cua toi", "/media/a/USB cua toi", "vfat"),
        ("/", "/", "ext4"),
        ("/tmp/a", "/tmp", "tmpfs"),
    ],
)
def test_a_folder_lies_on_the_deepest_mount_above_it(folder, point, kind):
    found = places.mount_of(Path(folder), MOUNTS)
    assert (found.point, found.kind) == (point, kind)


@pytest.fixture
def devices(tmp_path):
    """A /sys/class/block with a built-in disk, a card reader's card and a USB stick."""
    block = tmp_path / "class" / "block"
    block.mkdir(parents=True)
    for disk, part, removable, where in (
        ("sda", "sda2", "0", "pci0000:00/ata1"),
        ("nvme0n1", "nvme0n1p3", "0", "pci0000:00/nvme"),
        ("sdb", "sdb1", "1", "pci0000:00/ata2"),
        ("sdc", "sdc1", "0", "pci0000:00/usb2/2-1"),
    ):
        home = tmp_path / "devices" / where / disk
        (home / part).mkdir(parents=True)
        (home / "removable").write_text(f"{removable}\n")
        (home / part / "partition").write_text("1\n")
        (block / disk).symlink_to(home)
        (block / part).symlink_to(home / part)
    return block


@pytest.mark.parametrize(
    ("device", "kind", "point", "reason"),
    [
        ("/dev/sda2", "ext4", "/home", ""),
        ("/dev/nvme0n1p3", "ext4", "/data", ""),
        ("/dev/sdb1", "vfat", "/media/a", places.STICK),
        ("/dev/sdc1", "ext4", "/media/b", places.STICK),
        ("/dev/sdc", "ext4", "/media/b", places.STICK),
        ("/dev/sdc1", "ext4", "/", ""),
        ("/dev/gone", "ext4", "/x", ""),
        ("tmpfs", "tmpfs", "/tmp", ""),
        ("//may-chu/x", "cifs", "/x", places.NETWORK),
        ("may-chu:/x", "nfs", "/x", places.NETWORK),
        ("none", "9p", "/mnt/c", places.NETWORK),
        ("none", "9p", "/", ""),
        ("overlay", "overlay", "/", ""),
    ],
)
def test_shares_and_sticks_are_told_from_the_pc_s_own_disks(devices, device, kind, point, reason):
    assert places.mount_reason(places.Mount(device, point, kind), devices) == reason


@pytest.mark.parametrize(
    "folder",
    [
        "/home/a/OneDrive/data",
        "/home/a/OneDrive - UBND xã/data",
        "/home/a/Dropbox",
        "/home/a/Google Drive/x",
        "/home/a/Nextcloud/x",
    ],
)
def test_a_folder_that_a_cloud_watches_is_known_by_its_name(folder):
    assert places.is_synced(Path(folder))


def test_a_folder_that_a_cloud_watches_is_known_by_its_marks(tmp_path):
    data = tmp_path / "work" / "data"
    assert not places.is_synced(data)
    (tmp_path / "work" / ".stfolder").mkdir(parents=True)
    assert places.is_synced(data)


def test_a_link_into_a_cloud_is_followed(tmp_path):
    (tmp_path / "Dropbox").mkdir()
    link = tmp_path / "data"
    link.symlink_to(tmp_path / "Dropbox")
    assert places.unsafe_reason(link) == places.SYNCED


@pytest.mark.parametrize("folder", ["//may-chu/chung/x", r"\\may-chu\chung\x"])
def test_a_windows_share_is_known_by_its_path(folder):
    class Shown:
        def __str__(self):
            return folder

    assert places.unsafe_reason(Shown()) == places.NETWORK


def test_an_unsafe_place_is_refused_before_anything_is_made(tmp_path, monkeypatch):
    folder = tmp_path / "share" / "data"
    mounts = tmp_path / "mounts"
    mounts.write_bytes(
        f"/dev/sda1 / ext4 rw 0 0\nsrv:/x {tmp_path / 'share'} nfs4 rw 0 0\n".encode()
    )
    monkeypatch.setattr(places, "_MOUNTS", mounts)
    with pytest.raises(DataFileError, match="mạng"):
        places.prepare(folder)
    assert not folder.parent.exists()


def test_mounts_that_cannot_be_read_are_no_reason(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "_MOUNTS", tmp_path / "gone")
    assert places.unsafe_reason(tmp_path) == ""
    odd = tmp_path / "odd"
    odd.write_bytes(b"\xff\xfe /x\xff ext4 rw 0 0\n")
    monkeypatch.setattr(places, "_MOUNTS", odd)
    assert places.unsafe_reason(tmp_path) == ""


@pytest.mark.skipif(os.name == "nt", reason="Windows gives rights by lists of its own")
def test_a_new_folder_is_for_this_user_alone_and_an_old_one_keeps_its_rights(tmp_path):
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o770)
    places.prepare(shared)
    places.prepare(tmp_path / "data")
    assert stat.S_IMODE(shared.stat().st_mode) == 0o770
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
