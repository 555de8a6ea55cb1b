"""What a check found, and the collection of it; and numbers read from files that may hold anything."""

import re
from collections import Counter
from dataclasses import dataclass, field

MOST_DETAILS = 200  # of one rule in one part
MANY = 1 << 31  # more than there can be of anything in a workbook
WHOLE = re.compile(r"\s*[+-]?[0-9]{1,9}\s*")


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that Excel would repair or refuse: the rule's id, the part, what exactly."""

    rule: str
    part: str
    detail: str


@dataclass(slots=True)
class Report:
    """Collects findings, not too many of one kind."""

    found: set[Finding] = field(default_factory=set)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def say(self, rule: str, part: str, detail: object = "") -> None:
        """Takes down one finding."""
        if self.counts[rule, part] < MOST_DETAILS:
            self.counts[rule, part] += 1
            self.found.add(Finding(rule, part, str(detail)))

    def take(self, other: "Report") -> None:
        """Takes over what another found."""
        self.found |= other.found
        self.counts += other.counts


def whole(text: str | None, bad: int, missing: int = 0) -> int:
    """The whole number that an attribute holds; `bad` where it holds something else."""
    if not text:
        return missing
    return int(text) if WHOLE.fullmatch(text) else bad
