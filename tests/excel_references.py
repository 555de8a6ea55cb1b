"""A1 references inside formulas, found and moved the way Excel moves them when cells are inserted or sheets renamed."""

import re
from collections.abc import Callable

Range = tuple[
    int, int, int, int
]  # first column, first row, last column, last row; 1-based, 0 = the whole column or row
Change = Callable[[str, Range], tuple[str, Range]]  # (sheet, range) → where it lies afterwards

_ATOM = r"\$?[A-Z]{1,3}\$?[1-9]\d*"
_TOKEN = re.compile(
    r'"(?:[^"]|"")*"'  # a text
    r"|\[(?:[^\[\]]|\[[^\[\]]*\])*\]"  # the inside of a structured reference
    r"|(?<![\w.$])(?P<sheet>(?:'(?:[^']|'')+'|[^\W\d][\w.]*)!)?"
    rf"(?P<ref>{_ATOM}(?::{_ATOM})?|\$?[A-Z]{{1,3}}:\$?[A-Z]{{1,3}}|\$?[1-9]\d*:\$?[1-9]\d*)(?![\w.(\[!])"
    r"|[^\W\d][\w.]*"  # any other word: a function, a name
)
_PART = re.compile(r"(\$?)([A-Z]{0,3})(\$?)(\d*)")


def column_number(letters: str) -> int:
    """A → 1, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def split(ref: str) -> tuple[int, int]:
    """`$C$7` → (3, 7): column, row."""
    _, letters, _, digits = _PART.fullmatch(ref).groups()
    return column_number(letters), int(digits or 0)


def box(ref: str) -> Range:
    """`B2:C9` → (2, 2, 3, 9); a single cell is its own first and last."""
    first, _, last = ref.partition(":")
    return (*split(first), *split(last or first))


def name_of(column: int, row: int) -> str:
    """(3, 7) → `C7`."""
    return f"{column_letters(column)}{row}"


def ref_of(area: Range) -> str:
    """(2, 2, 3, 9) → `B2:C9`; one cell → `B2`."""
    first, last = name_of(*area[:2]), name_of(*area[2:])
    return first if first == last else f"{first}:{last}"


def quoted(sheet: str) -> str:
    """A sheet's name as Excel writes it in a formula."""
    plain = re.fullmatch(r"[^\W\d][\w.]*", sheet) and not re.fullmatch(r"[A-Z]{1,3}\d+|R\d*C\d*", sheet)
    return sheet if plain else "'" + sheet.replace("'", "''") + "'"


def unquoted(sheet: str) -> str:
    """The bare name."""
    return sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet


def rewrite(formula: str, home: str, change: Change) -> str:
    """The formula after `change` was asked about each of its references; `home` is the sheet on which it stands."""

    def one(found: re.Match[str]) -> str:
        ref = found["ref"]
        if ref is None:
            return found[0]
        stated = found["sheet"]
        sheet = unquoted(stated[:-1]) if stated else home
        parts = [_PART.fullmatch(p).groups() for p in ref.split(":")]
        before = (*split(ref.split(":")[0]), *split(ref.split(":")[-1]))
        after_sheet, after = change(sheet, before)
        if (after_sheet, after) == (sheet, before):
            return found[0]
        corners = [(after[0], after[1]), (after[2], after[3])][: len(parts)]
        moved = ":".join(
            f"{a}{column_letters(c)}{b}{r or ''}" for (a, _, b, _), (c, r) in zip(parts, corners, strict=True)
        )
        return (quoted(after_sheet) + "!" if stated else "") + moved

    return _TOKEN.sub(one, formula)


def said(formula: str, home: str, say: Callable[[str, Range, bool], str]) -> str:
    """The formula with each of its references told by `say`, which gets the sheet and the range it means, and whether it
    is written as a range."""

    def one(found: re.Match[str]) -> str:
        if found["ref"] is None:
            return found[0]
        sheet = unquoted(found["sheet"][:-1]) if found["sheet"] else home
        ends = found["ref"].split(":")
        return say(sheet, (*split(ends[0]), *split(ends[-1])), len(ends) > 1)

    return _TOKEN.sub(one, formula)


def rename_column(formula: str, table: str, old: str, new: str) -> str:
    """Structured references to the table's column follow its new header."""
    inside = re.compile(rf"(?<![\w.]){re.escape(table)}\[((?:[^\[\]]|\[[^\[\]]*\])*)\]")

    def one(found: re.Match[str]) -> str:
        body = found[1]
        if body == old:
            return f"{table}[{new}]"
        return f"{table}[{body.replace(f'[{old}]', f'[{new}]')}]"

    return inside.sub(one, formula)
