"""A cell as staff typed it and as it was understood: width and blanks of letters, remarks, and why it cannot be read."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, NamedTuple

from crmbook.text import Text

# Full-width forms stand a fixed distance above ASCII; the rest are look-alikes that Chinese keyboards type.
_HALF = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3000: " ", 0xA0: " ", 0xFFE5: "¥", 0x2212: "-", 0x2013: "-"}
EDGES = " \t\r\n\f\v\x1c\x1d\x1e\x1f\x85\xa0\u2002\u2003\u2007\u2009\u200b\u202f\u2060\u3000\ufeff"

_CHANGED = re.compile(f"[{''.join(map(chr, _HALF))}{''.join(sign for sign in EDGES if not sign.isspace())}]")


class UnreadableError(ValueError):
    """The cell cannot be read as what its column holds; says what is wrong and how to mend it."""

    def __init__(self, what: Text, fix: Text) -> None:
        super().__init__(what.en)
        self.what = what
        self.fix = fix


@dataclass(frozen=True, slots=True)
class Remark:
    """The cell was read, but staff should see how: `{value}` as typed, `{read}` as understood."""

    what: Text
    fix: Text


READ_AS = Remark(
    Text("“{value}”按 {read} 计算", "“{value}” is counted as {read}"),
    Text("如不符请改写", "write it differently if this is not what you mean"),
)

FAULTS = frozenset(
    ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA")
)  # as cells show them
FAULTY = Text("公式出错，结果是 {value}", "the formula comes to {value}")
MEND_FORMULA = Text("请改正公式，或直接填写内容", "mend the formula, or type what belongs here")
PASSED_OVER = Remark(FAULTY, Text("请改正公式，或直接填写内容；改正前按空白处理", "mend the formula, or type what belongs here; until then it counts as blank"))  # fmt: skip


class Cell(NamedTuple):
    """A cell as understood, and what staff should know about it."""

    value: Any
    remark: Remark | None = None


BLANK = Cell(None)
Reader = Callable[[Any], Cell]


def half(text: str) -> str:
    """The text with full-width letters, digits and signs made half-width, and without blanks at its edges."""
    return (text if text.isascii() else text.translate(_HALF)).strip(EDGES)


def plain(texts: Sequence[str]) -> bool:
    """Whether each of these texts is one word that `half` leaves as it is: told by one look at all of them together."""
    together = "\n".join(texts)
    return together.split() == texts and (together.isascii() or _CHANGED.search(together) is None)


def fold(text: str) -> str:
    """The text as it is compared: width, case and blanks do not count."""
    return "".join(half(text).casefold().split())


def shown(value: object) -> str:
    """The value as typed, for a message: 10023.0 is 10023, long text is cut."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**21:
        value = int(value)
    if isinstance(value, datetime):
        value = value.date() if value.time() == time() else value.replace(microsecond=0)
    word = str(value).strip(EDGES).replace("\n", " ")
    return word if len(word) <= 30 else word[:29] + "…"
