"""What a verb answers with, and what it says while it works."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from crmbook.ooxml import Proof
from crmbook.problems import Problem
from crmbook.text import Lang, Text

Step = Callable[[Text], None]
READING, COMPUTING, WRITING = Text("读取数据…", "reading …"), Text("计算…", "computing …"), Text("写入…", "writing …")
DRAWING = Text("绘制表单…", "drawing the forms …")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a verb did: the problems found, whether the file was written and with what proof, what it holds, and the names of
    the sheets that a refresh wrote; `live`: into the workbook as it is open in a program, which has not saved it yet."""

    lang: Lang
    problems: list[Problem]
    proof: Proof | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    sheets: tuple[str, ...] = ()
    live: bool = False

    @property
    def wrote(self) -> bool:
        """Whether anything changed."""
        return self.proof is not None or (self.live and bool(self.sheets))


class Undone(NamedTuple):
    """Where an undo put the file as it was until then; and the .xlsm with the button that had taken the place of the one that
    came back, and stays beside it. None where there is none."""

    aside: Path | None
    beside: Path | None
