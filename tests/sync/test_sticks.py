"""Where sticks are mounted: told from the system's own list."""

from __future__ import annotations

from pathlib import Path

from counter_app.sync.places import removable_places

MOUNTS = r"""/dev/sda2 / ext4 rw 0 0
/dev/sda1 /boot/efi vfat rw 0 0
proc /proc proc rw 0 0
/dev/sdb1 /media/hoa/USB\040XANH vfat rw 0 0
/dev/sdc1 /run/media/hoa/KINGSTON ext4 rw 0 0
/dev/sdd1 /srv/anh exfat rw 0 0
tmpfs /mnt/held-in-memory tmpfs rw 0 0
broken
"""


def test_sticks_are_known_by_their_kind_or_by_where_they_stand():
    assert removable_places(MOUNTS) == [
        Path("/media/hoa/USB XANH"),
        Path("/run/media/hoa/KINGSTON"),
        Path("/srv/anh"),
    ]


def test_the_machines_own_list_can_be_read():
    assert Path("/") not in removable_places()
