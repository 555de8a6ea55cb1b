"""What a source is: it reads a place and answers with tables and the problems it met."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from crmbook.problems import Problem


@dataclass(frozen=True, slots=True)
class Reading:
    """tables: typed, rows with an error left out (the index is the row's position as it stands there, 0 = first under
    the header). raw: the same tables as typed, all rows, for carrying into the workbook. problems: all of them."""

    tables: Mapping[str, pd.DataFrame]
    raw: Mapping[str, pd.DataFrame]
    problems: list[Problem]


@dataclass(frozen=True, slots=True)
class Source:
    """`reads` says whether a place is of this kind; `read` reads it or raises CannotProceedError."""

    id: str
    reads: Callable[[Path], bool]
    read: Callable[[Path], Reading]
