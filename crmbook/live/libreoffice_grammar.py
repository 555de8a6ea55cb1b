"""Formulas as Excel writes them ⇄ as LibreOffice's programming interface has them: separators, references to other sheets."""

import re
from collections.abc import Callable

from crmbook.binding import sheet_ref

_STRING = r'"(?:[^"]|"")*"'
_QUOTED = r"'(?:[^']|'')*'"
_ERROR = r"#[A-Z/0]+[!?]|#N/A"
_CELL = r"\$?[A-Za-z]{1,3}\$?\d+(?![\w.(])|\$?[A-Za-z]{1,3}(?=:)|\$?\d+(?=:)|#REF!"
_BARE = r"[^\W\d]\w*"
EXCEL = re.compile(rf"{_STRING}|(?P<quoted>{_QUOTED})!|(?<![\w.])(?P<bare>{_BARE}(?:\.\w+)*)!|{_ERROR}|[\[\]{{}},;|']")
OFFICE = re.compile(rf"{_STRING}|\$?(?P<quoted>{_QUOTED})\.|(?<![\w.])\$?(?P<bare>{_BARE})\.(?={_CELL})|{_ERROR}|[\[\]{{}},;|']")  # fmt: skip

# Functions that LibreOffice has from an add-in of its own, and calls by the add-in's name.
ADD_IN = "COM.SUN.STAR.SHEET.ADDIN.ANALYSIS.GET"
ADDED = re.compile(r'("(?:[^"]|"")*")|\b(EDATE|EOMONTH|MROUND|QUOTIENT|RANDBETWEEN|YEARFRAC)(?=\()')


def to_office(formula: str) -> str:
    """`=SUM('我的 表'!A1,crm_grading[[#This Row],[销售额]])` → with semicolons and `$'我的 表'.A1`."""
    turned = _turned(formula, EXCEL, {",": ";"}, {",": ";", ";": "|"}, lambda name: f"${name}.")
    return ADDED.sub(lambda found: found[1] or ADD_IN + found[2], turned)


def to_excel(formula: str) -> str:
    """What `to_office` made of a formula, or LibreOffice printed, as Excel would have it."""
    return _turned(formula.replace(ADD_IN, ""), OFFICE, {";": ","}, {";": ",", "|": ";"}, _excel_sheet)


def _excel_sheet(name: str) -> str:
    plain = name[1:-1].replace("''", "'") if name[0] == "'" else name
    return sheet_ref(plain) + "!"


def _turned(text: str, pattern: re.Pattern[str], separators: dict[str, str], inside_array: dict[str, str], sheet: Callable[[str], str]) -> str:  # fmt: skip
    """Every sign that differs between the two grammars, exchanged; strings, errors and column names stay."""
    out: list[str] = []
    at = depth = array = 0
    while (found := pattern.search(text, at)) is not None:
        out.append(text[at : found.start()])
        sign, at = found[0], found.end()
        if depth:  # between the brackets of a table's column
            if sign == "'":  # the next character is meant as it stands
                out.append(text[at - 1 : at + 1])
                at += 1
                continue
            if sign not in "[],;":
                out.append(sign[0])
                at = found.start() + 1
                continue
        if sign in "[]":
            depth += 1 if sign == "[" else -1
        elif sign in "{}":
            array += 1 if sign == "{" else -1
        elif found["quoted"] or found["bare"]:
            sign = sheet(found["quoted"] or found["bare"])
        elif depth < 2:
            sign = (inside_array if array else separators).get(sign, sign)
        out.append(sign)
    return "".join((*out, text[at:]))


class Known(dict[str, str]):
    """What LibreOffice says of cells, as Excel would: each formula is turned once."""

    def __missing__(self, text: str) -> str:
        self[text] = said = to_excel(text) if text[:1] in ("=", "{") else text
        return said
