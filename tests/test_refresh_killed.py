"""`crmbook refresh`, the whole command, killed with SIGKILL at many moments: the old file or the new one, never a broken one."""

import os
import signal
import subprocess
import sys
import time

import pytest

from crmbook import book
from tests import small_book

pytestmark = pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
MOMENTS = 14


def refresh(path, day):
    return subprocess.Popen([sys.executable, "-m", "crmbook", "refresh", str(path), "--as-of", day, "-q"])


def test_killed_at_any_moment_of_the_command(tmp_path):
    path = small_book.build(tmp_path)
    old = path.read_bytes()
    took = []
    for _ in range(3):
        path.write_bytes(old)
        start = time.monotonic()
        assert refresh(path, "2026-03-31").wait() == 0
        took.append(time.monotonic() - start)
    whole, new = min(took), path.read_bytes()
    assert new != old

    killed = 0
    for moment in range(MOMENTS):
        path.write_bytes(old)
        running = refresh(path, "2026-03-31")
        time.sleep(whole * (moment + 1) / MOMENTS)
        running.send_signal(signal.SIGKILL)
        killed += running.wait() == -signal.SIGKILL
        assert path.read_bytes() in (old, new)
    assert killed > MOMENTS // 3

    path.write_bytes(old)
    assert refresh(path, "2026-03-31").wait() == 0  # nothing that a killed run left stands in the way
    assert path.read_bytes() == new
    assert [p.name for p in tmp_path.glob(".*crmbook-*")] == []
    book.undo(path)
    assert path.read_bytes() == old
