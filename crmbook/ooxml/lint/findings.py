"""What a check found, and the collection of it."""

from collections import Counter
from dataclasses import dataclass, field

MOST_DETAILS = 200  # of one rule in one part


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
