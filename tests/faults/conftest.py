"""A small disk of its own, for tests that fill one."""

from __future__ import annotations

import subprocess

import pytest


@pytest.fixture
def small_disk(tmp_path):
    """A disk of three megabytes, where the machine lets us have one."""
    place = tmp_path / "disk"
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=3m", "counter-app-test", str(place)]
    try:
        mounted = subprocess.run(words, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("no mount here")
    if mounted.returncode:
        pytest.skip("a small disk can't be mounted here")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)
