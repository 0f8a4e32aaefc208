"""Work on encrypted data leaves nothing readable, not even for as long as it lasts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_day_on_encrypted_data_writes_nothing_that_can_be_read_but_what_was_asked_for(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "tests.services.encrypted_work", str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["went"] == []
    assert told["left"] == []
    assert told["files"] >= 5
