"""What a source is: it reads a place and answers with tables and the problems it met."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from crmbook.problems import Problem
from crmbook.reading.tidy import Locator
from crmbook.text import Lang


@dataclass(frozen=True, slots=True)
class Reading:
    """tables: typed, rows with an error left out (the index is the row's position as it stands there, 0 = first under
    the header). raw: the same tables as typed, all rows, for carrying into the workbook. problems: all of them."""

    tables: Mapping[str, pd.DataFrame]
    raw: Mapping[str, pd.DataFrame]
    problems: list[Problem]


@dataclass(frozen=True, slots=True)
class Source:
    """`reads` says whether a place is of this kind; `read` reads it or raises CannotProceedError.

    The language chooses between files made for one language (`playbook.en.csv`). The locator says where a cell will
    stand once the data are in a workbook; without one, problems name the line of the file.
    """

    id: str
    reads: Callable[[Path], bool]
    read: Callable[[Path, Lang, Locator | None], Reading]
