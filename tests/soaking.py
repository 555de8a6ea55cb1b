"""How many examples hypothesis tries: some in the normal run, always the same; thousands in the night, always others."""

import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, settings


def examples(count: int) -> Callable[[Any], Any]:
    """So many examples of a test, the same in each run. `HYPOTHESIS_PHASES=generate` looks on without shrinking."""
    return _settings(max_examples=count, derandomize=True)


def night_examples(count: int) -> Callable[[Any], Any]:
    """So many examples, new ones in each run; a failure is told with what repeats it."""
    return _settings(max_examples=count, print_blob=True)


def _settings(**more: Any) -> Callable[[Any], Any]:
    phases = [p for p in Phase if p.name in os.environ.get("HYPOTHESIS_PHASES", p.name)]
    return settings(
        phases=phases,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        **more,
    )
