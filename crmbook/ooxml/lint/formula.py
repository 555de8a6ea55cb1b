"""What Excel refuses in a formula or a reference, seen from its text alone."""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from crmbook.ooxml.refs import MOST_COLUMNS, MOST_ROWS, Area, column_number

LONGEST_FORMULA = 8192  # characters

TEXT = re.compile(r'"(?:[^"]|"")*"')
QUOTED_SHEET = re.compile(r"'(?:[^']|'')*'")
ARRAY = re.compile(r"\{[^}]*\}")
ERROR = re.compile(r"#(?:NUM|REF|NULL|VALUE|NAME|DIV/0|N/A|SPILL|CALC)[!?]?")
OTHER_BOOK = re.compile(r"'[^'\[]*\[[^\]]*\](?:[^']|'')*'!|\[\d+\][\w.\u0080-\uffff]*!")
BRACKETS = re.compile(r"\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\]")  # a structured reference: any text may stand in it
SHEET = re.compile(r"(?:'((?:[^']|'')+)'|([A-Za-z_\u0080-\uffff][\w.\u0080-\uffff]*))!")
# Functions younger than Excel 2010 are unknown names unless they carry the prefix of the file format.
YOUNG = re.compile(
    r"(?<![\w.])(?:XLOOKUP|XMATCH|FILTER|SORT|SORTBY|UNIQUE|SEQUENCE|RANDARRAY|LET|LAMBDA|TEXTJOIN|CONCAT|IFS|SWITCH"
    r"|MAXIFS|MINIFS|VSTACK|HSTACK|TOCOL|TOROW|TAKE|DROP|CHOOSECOLS|CHOOSEROWS|TEXTSPLIT|TEXTBEFORE|TEXTAFTER|WRAPROWS"
    r"|WRAPCOLS|EXPAND|IFNA|DAYS|ISFORMULA|NUMBERVALUE|FORECAST\.LINEAR)\("
)
REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})")
WHOLE_COLUMNS = re.compile(r"\$?([A-Z]{1,3}):\$?([A-Z]{1,3})")
WHOLE_ROWS = re.compile(r"\$?([1-9]\d{0,6}):\$?([1-9]\d{0,6})")


@lru_cache(maxsize=4096)  # each merged area of a sheet is looked at from several sides
def area(text: str) -> Area | None:
    """The rectangle a reference means, whole rows and columns too; None if it means none that Excel has."""
    first, colon, last = text.partition(":")
    start, end = REFERENCE.fullmatch(first), REFERENCE.fullmatch(last if colon else first)
    if start and end:
        found = Area(int(start[2]), column_number(start[1]), int(end[2]), column_number(end[1]))
    elif columns := WHOLE_COLUMNS.fullmatch(text):
        found = Area(1, column_number(columns[1]), MOST_ROWS, column_number(columns[2]))
    elif rows := WHOLE_ROWS.fullmatch(text):
        found = Area(int(rows[1]), 1, int(rows[2]), MOST_COLUMNS)
    else:
        return None
    inside = found.top <= found.bottom <= MOST_ROWS and found.left <= found.right <= MOST_COLUMNS
    return found if inside else None


def formula_faults(formula: str, sheets: Collection[str]) -> Iterator[str]:
    """The rules a formula breaks, by id; `sheets` are the workbook's sheet names, case-folded."""
    if formula.startswith("="):
        yield "formula-equals-sign"
    if len(formula) > LONGEST_FORMULA:
        yield "formula-too-long"
    rest = OTHER_BOOK.sub("", TEXT.sub('""', formula))
    # In a structured reference an apostrophe escapes and quotes are plain text: it goes first.
    if "[" in rest:
        rest = BRACKETS.sub("", BRACKETS.sub("", rest))
    bare = QUOTED_SHEET.sub("", rest)
    if rest.count('"') % 2:
        yield "formula-quotes"
    elif bare.count("(") != bare.count(")"):
        yield "formula-brackets"
    if ";" in ARRAY.sub("", TEXT.sub("", bare)):
        yield "formula-semicolon"
    if YOUNG.search(bare.replace("_xlfn.", "_xlfn_").replace("_xlfn__xlws.", "_xlfn_")):
        yield "formula-unprefixed-function"
    for quoted, plain in SHEET.findall(ERROR.sub("0", rest)):
        name = quoted.replace("''", "'") or plain
        if any(part.casefold() not in sheets for part in name.split(":")):
            yield "formula-missing-sheet"
            return
