"""The .xlsx goes for an .xlsm: whatever goes wrong, one of the two is there, and none that somebody has open is taken away."""

import errno
import os

import pytest

from crmbook.keep.retiring import retire
from crmbook.problems import CannotProceedError
from crmbook.verbs.button import add_button


def test_the_new_file_stays_where_the_old_one_has_gone(home, tmp_path, state, monkeypatch):
    path = tmp_path / "book.xlsx"
    path.write_bytes(home())
    scandir = os.scandir

    def lost(folder="."):
        """The disk with the backups goes off just when the old file has gone."""
        if not path.exists() and str(folder).startswith(str(state)):
            raise OSError(errno.EIO, "gone")
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", lost)
    added = add_button(path)
    assert (added.book.exists(), added.replaced.exists()) == (True, False)


@pytest.mark.parametrize("mark", ["~$book.xlsx", ".~lock.book.xlsx#"])
def test_a_file_that_somebody_opened_meanwhile_is_not_taken_away(mark, home, tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(home())
    (tmp_path / mark).write_bytes(b"\x02me")
    with pytest.raises(CannotProceedError, match="open"):
        retire(path, home())
    assert path.read_bytes() == home()
