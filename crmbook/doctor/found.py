"""One thing that the doctor looked for, and what this Python has."""

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from crmbook.text import Text

State = Literal["ok", "absent", "wrong"]  # `absent` may be as the user wants it, `wrong` is to be mended


@dataclass(frozen=True, slots=True)
class Found:
    """One thing looked for: its name, how it stands, `what` was found out, and the `fix` where one is called for."""

    id: str
    name: Text
    state: State
    what: Text
    fix: Text | None = None


def version_of(package: str) -> str | None:
    """The version of a package that this Python has; None where it has none."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None
