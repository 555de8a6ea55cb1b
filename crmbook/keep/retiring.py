"""A workbook's file taken away because another has taken its place; `undo` brings it back."""

from pathlib import Path

from crmbook.keep.backups import Backups, keeping
from crmbook.keep.disk import explaining, settle_folder
from crmbook.keep.encryption import inside
from crmbook.keep.loading import lock
from crmbook.keep.owners import opened_by
from crmbook.keep.saving import AGAIN, MOVED_ON
from crmbook.problems import stop


def retire(path: Path, content: bytes, password: str | None = None) -> None:
    """Takes the file away, which must still hold `content` and be open nowhere, and keeps it as its previous file; of one
    that is encrypted with `password` the content is what is inside.

    Raises CannotProceedError only while the file is there.
    """
    with lock(path), explaining(path):
        stored = path.read_bytes()
        if inside(path, stored, password) != content:
            raise stop(path, MOVED_ON, AGAIN)
        backups = Backups(path)
        with keeping(backups.folder):
            backups.add(stored)
        backups.prune()  # before the file goes: once it has gone, nothing may fail any more
        opened_by(path)
        path.unlink()
        settle_folder(path.parent)
