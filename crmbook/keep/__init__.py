"""The user's file: read it, know who else has it open, replace it all or nothing, and bring the previous one back."""

from typing import TYPE_CHECKING, Any

from crmbook.keep.encryption import is_encrypted
from crmbook.keep.loading import load, lock, refusing
from crmbook.keep.owners import is_locked, opened_by, owners, wait_until_closed

if TYPE_CHECKING:
    from crmbook.keep.saving import create, replace, undo

__all__ = [
    "create",
    "is_encrypted",
    "is_locked",
    "load",
    "lock",
    "opened_by",
    "owners",
    "refusing",
    "replace",
    "undo",
    "wait_until_closed",
]


def __getattr__(name: str) -> Any:
    """What writes is imported when it is asked for: a run that has nothing to write does without."""
    if name in {"create", "replace", "undo"}:
        from crmbook.keep import saving

        return getattr(saving, name)
    raise AttributeError(name)
