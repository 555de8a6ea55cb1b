"""The user's file: read it, know who else has it open, replace it all or nothing, and bring the previous one back."""

from crmbook.keep.loading import load, lock, refusing
from crmbook.keep.owners import opened_by
from crmbook.keep.saving import create, replace, undo

__all__ = ["create", "load", "lock", "opened_by", "refusing", "replace", "undo"]
