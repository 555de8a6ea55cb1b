"""Formulas as text: their references followed when rows move, shared ones written out, two of them compared."""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from types import ModuleType

from crmbook.ooxml.cells import FORMULA, escape, unescape
from crmbook.ooxml.refs import (
    MOST_COLUMNS,
    MOST_ROWS,
    SHEET_PREFIX,
    Area,
    CannotMoveError,
    RowMap,
    column_number,
    parse_area,
    sheet_name,
)

REFERENCE = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([0-9]{1,7})(?::(\$?)([A-Za-z]{1,3})(\$?)([0-9]{1,7}))?")
ROWS = re.compile(r"(\$?)([0-9]{1,7}):(\$?)([0-9]{1,7})")
SINGLE = re.compile(rf"(?:(?:'(?:[^']|'')+'|[\w.]+)!)?(?:{REFERENCE.pattern}|{ROWS.pattern})")
MAY_REFER = re.compile(r"\$?[A-Za-z]{1,3}\$?[0-9]|[0-9]:\$?[0-9]")
CELL_WITH_FORMULA = re.compile(
    rb'<c(?=\s)[^>]*?\sr="([A-Z]+)([0-9]+)"[^>]*(?<!/)>(?:(?!</c>).)*?<f(?=[\s/>]).*?</c>', re.DOTALL
)
SHARED = re.compile(rb'\st="shared"')
ARRAY = re.compile(rb'\st="(?:array|dataTable)"')
SHARING = re.compile(rb'\s(?:t|ref|si)="[^"]*"')
SHARED_INDEX = re.compile(rb'\ssi="([0-9]+)"')
AREA_ATTRIBUTE = re.compile(rb'(\s(?:ref|r1|r2))="([^"]*)"')
SPECIAL = re.compile(r"[\x00-\x1f!-/:-@\[-^`{-~]")  # ASCII that makes Excel want a second pair of brackets
QUOTED_TEXT = re.compile(r'("(?:[^"]|"")*"|\'(?:[^\']|\'\')*\')')
PREFIX = re.compile(r"_xl(?:fn|ws|udf)\.(?:_xlws\.)?", re.IGNORECASE)
# Dotted function names came with Excel 2010, and those are stored with a prefix; these older ones are not.
OLD_DOTTED = {"WORKDAY.INTL", "NETWORKDAYS.INTL", "ERROR.TYPE", "ISO.CEILING", "ECMA.CEILING"}
NEW_PLAIN = {
    "AGGREGATE",
    "CONCAT",
    "IFNA",
    "IFS",
    "MAXIFS",
    "MINIFS",
    "SWITCH",
    "TEXTJOIN",
    "XOR",
    "DAYS",
    "ISOWEEKNUM",
}
FUNCTION = re.compile(r"(?<![\w.\]])([A-Z][A-Z0-9]*(?:\.[A-Z0-9]+)*)(?=\()")


class Follower:
    """Rewrites the references in formulas that stand on one sheet (`home`), after the maps of the sheets that changed.

    A formula on a data row that moves (`at`: its old and new row there) takes its relative references along as Excel's
    sort does: those to its own row follow it, those to other data rows keep their distance. What Excel's sort would
    break and we need not, stays: references to cells outside the table's rows keep pointing at the same cells.
    """

    def __init__(self, home: str, maps: Mapping[str, RowMap]) -> None:
        self.home = home
        self._maps = {name.casefold(): m for name, m in maps.items() if not m.is_still}
        self._own = self._maps.get(home.casefold())
        self._spelt = {name: {name, name.replace("'", "''")} for name in self._maps}
        self._speaks = re.compile("|".join(map(re.escape, sorted(set().union(*self._spelt.values())))))
        self._known: dict[tuple[str, tuple[int, int] | None], str] = {}

    @property
    def is_idle(self) -> bool:
        """True if nothing moved anywhere."""
        return not self._maps

    def may_follow(self, text: str) -> bool:
        """False if no reference in the text can be to rows that moved: such a one names their sheet, or stands on it."""
        return not self.is_idle and (self._own is not None or self._speaks.search(text.casefold()) is not None)

    def follow(self, formula: str, at: tuple[int, int] | None = None) -> str:
        """The formula with its references followed; `at`: the old and the new row of a formula on a data row."""
        if not self.may_follow(formula) or not MAY_REFER.search(formula):
            return formula
        plain = formula if self._own is None else re.sub(r"\[[^\[\]]*\]", "", formula)
        key = (formula, at if MAY_REFER.search(plain) else None)
        if key not in self._known:
            self._known[key] = self._followed(formula, at)
        return self._known[key]

    def _followed(self, formula: str, at: tuple[int, int] | None) -> str:
        if not self._may_change(formula, at):
            return formula
        if SINGLE.fullmatch(formula):  # as nearly every defined name is
            return self.reference(formula, at)
        openpyxl = _tokenizer()
        try:
            tokens = openpyxl.Tokenizer("=" + formula).items
        except (openpyxl.TokenizerError, IndexError, ValueError):  # Excel wrote it, so it stays as it is
            return formula
        token = openpyxl.Token
        found = []
        for t in tokens:
            text, rest = t.value, ""
            if t.type == token.FUNC and ":" in text:  # `A5:INDEX(`, the rest of it comes later
                text, colon, rest = text.rpartition(":")
                rest = colon + rest
            elif t.type != token.OPERAND or t.subtype != token.RANGE:
                text, rest = "", text
            lead = text[: text.startswith(":")]  # `:C12` after such a function
            found += [lead, self.reference(text.removeprefix(lead), at), rest]
        return "".join(found)

    def _may_change(self, formula: str, at: tuple[int, int] | None) -> bool:
        """False if nothing in the formula that looks like a reference would be followed, to whatever sheet it is: then it need
        not be taken apart."""
        folded = formula.casefold()
        maps = [
            m for name, m in self._maps.items() if m is self._own or any(spelt in folded for spelt in self._spelt[name])
        ]
        found = ((_cells, REFERENCE), (_rows, ROWS))
        return any(
            follow(match, row_map, place, cell_grows=False) != match[0]
            for follow, shape in found
            for match in shape.finditer(formula)
            for row_map in maps
            for place in {at, None}
        )

    def reference(self, text: str, at: tuple[int, int] | None = None, *, cell_grows: bool = False) -> str:
        """One reference, followed; names, table columns and references to sheets that did not change stay."""
        prefix = SHEET_PREFIX.match(text)
        if prefix is None:
            row_map, rest, lead = self._own, text, ""
        else:
            row_map, rest, lead = self._maps.get(sheet_name(prefix).casefold()), text[prefix.end() :], prefix[0]
        if row_map is None:
            return text
        if (cells := REFERENCE.fullmatch(rest)) is not None:
            # With a sheet's name before it, Excel's sort leaves a reference alone.
            return lead + _cells(cells, row_map, None if prefix else at, cell_grows=cell_grows)
        if (rows := ROWS.fullmatch(rest)) is not None:
            return lead + _rows(rows, row_map, at, cell_grows=cell_grows)
        return text


@cache
def _tokenizer() -> ModuleType:
    """The module of openpyxl that tells the parts of a formula, without the rest, which takes as long to import as half a
    refresh of a small book."""
    package = find_spec("openpyxl")
    assert package is not None  # it is among what crmbook depends on
    assert package.submodule_search_locations is not None  # a package has some
    spec = PathFinder.find_spec("tokenizer", [str(Path(at, "formula")) for at in package.submodule_search_locations])
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _cells(found: re.Match[str], row_map: RowMap, at: tuple[int, int] | None, *, cell_grows: bool) -> str:
    """The cell or range with its rows followed, its dollars and letters kept."""
    ends = [(int(found[4]), bool(found[3]))] + ([(int(found[8]), bool(found[7]))] if found[8] else [])
    columns = sorted((column_number(found[2]), column_number(found[6] or found[2])))
    if columns[1] > MOST_COLUMNS:  # a name like QTR2026 that only looks like a cell
        return found[0]
    area = Area(ends[0][0], columns[0], ends[-1][0], columns[1])
    speaks_of_own_row = at is not None and any(row == at[0] and not fixed for row, fixed in ends)
    if (found[8] or cell_grows) and not speaks_of_own_row and row_map.is_whole(area):
        rows = [area.top, row_map.new_last]
    else:
        rows = [_row(row, fixed, row_map, at, columns) for row, fixed in ends]
        if not speaks_of_own_row and row_map.covers(area):
            rows[-1] = max(rows[-1], row_map.new_last)
    if not all(1 <= row <= MOST_ROWS for row in rows):
        return "#REF!"
    start = f"{found[1]}{found[2]}{found[3]}{rows[0]}"
    if found[8]:
        return f"{start}:{found[5]}{found[6]}{found[7]}{rows[1]}"
    return start if rows[-1] == rows[0] else f"{start}:{found[1]}{found[2]}{found[3]}{rows[1]}"


def _rows(found: re.Match[str], row_map: RowMap, at: tuple[int, int] | None, *, cell_grows: bool) -> str:
    """The whole rows followed; a sort moves none of them (`at`)."""
    area = row_map.span(Area(int(found[2]), row_map.left, int(found[4]), row_map.right), cell_grows=cell_grows)
    return f"{found[1]}{area.top}:{found[3]}{area.bottom}"


def _row(row: int, fixed: bool, row_map: RowMap, at: tuple[int, int] | None, columns: Sequence[int]) -> int:
    if at is not None and not fixed and (row == at[0] or row_map.first <= row <= row_map.last):
        return row + at[1] - at[0]
    return row_map.row(row, columns)


def follow_cell(cell: bytes, follower: Follower, row_map: RowMap | None, at: tuple[int, int] | None = None) -> bytes:
    """The cell's bytes with its formula followed, and the area of an array formula with it."""
    found = FORMULA.search(cell)
    if found is None:
        return cell
    before = unescape(found[2] or b"")
    after = follower.follow(before, at) if before else before
    attributes = found[1]
    if row_map is not None and ARRAY.search(attributes):
        attributes = AREA_ATTRIBUTE.sub(lambda m: _attribute(m, row_map, at), attributes)
    if after == before and attributes == found[1]:
        return cell
    body = b"<f" + attributes + b">" + escape(after).encode() + b"</f>" if found[2] else b"<f" + attributes + b"/>"
    return cell[: found.start()] + body + cell[found.end() :]


def _attribute(found: re.Match[bytes], row_map: RowMap, at: tuple[int, int] | None) -> bytes:
    area = parse_area(found[2].decode())
    if area is None:
        return found[0]
    if at is not None and at[0] != at[1]:
        if area.top != area.bottom:  # Excel does not sort rows that share an array formula either
            raise CannotMoveError("", str(area))
        return found[1] + b'="%s"' % str(area._replace(top=at[1], bottom=at[1])).encode()
    if row_map.row(area.bottom) - row_map.row(area.top) != area.bottom - area.top:
        raise CannotMoveError("", str(area))
    followed = area._replace(top=row_map.row(area.top), bottom=row_map.row(area.bottom))
    return found[1] + b'="%s"' % str(followed).encode()


def without_shared(rows: Mapping[int, bytes]) -> dict[int, bytes]:
    """The rows of a sheet with every shared formula written out in its own cell."""
    masters: dict[bytes, tuple[str, str]] = {}

    def written_out(match: re.Match[bytes]) -> bytes:
        found = FORMULA.search(match[0])
        if found is None or not SHARED.search(found[1]):
            return match[0]
        index, origin = SHARED_INDEX.search(found[1]), f"{match[1].decode()}{match[2].decode()}"
        if index is None:
            return match[0]
        if found[2]:
            masters[index[1]] = (unescape(found[2]), origin)
            text = masters[index[1]][0]
        elif index[1] in masters:
            text = translated(*masters[index[1]], origin)
        else:
            return match[0]
        opening = b"<f" + SHARING.sub(b"", found[1]) + b">"
        return match[0][: found.start()] + opening + escape(text).encode() + b"</f>" + match[0][found.end() :]

    return {n: CELL_WITH_FORMULA.sub(written_out, row) if b'"shared"' in row else row for n, row in rows.items()}


def translated(formula: str, start: str, end: str) -> str:
    """The formula of one cell as it reads in another, its relative references moved along."""
    from openpyxl.formula.translate import Translator

    if not MAY_REFER.search(formula):
        return formula
    return str(Translator("=" + formula, origin=start).translate_formula(end))[1:]


def stored(formula: str) -> str:
    """A formula as people write it → as the file stores it: newer functions carry a prefix."""
    parts = QUOTED_TEXT.split(formula.removeprefix("="))
    return "".join(p if p[:1] in ('"', "'") else FUNCTION.sub(_prefixed, p) for p in parts)


def _prefixed(found: re.Match[str]) -> str:
    name = found[1]
    is_new = name in NEW_PLAIN or ("." in name and name not in OLD_DOTTED)
    return f"_xlfn.{name}" if is_new else name


def same_formula(a: str | None, b: str | None) -> bool:
    """True if two formulas differ at most in what programs change when they save: blanks, case, prefixes, brackets."""
    if a is None or b is None or a == b:
        return a == b
    return _normal(a) == _normal(b)


@lru_cache(maxsize=1024)  # most come in every row of a column
def _normal(formula: str) -> str:
    parts = QUOTED_TEXT.split(PREFIX.sub("", formula.removeprefix("=")))
    text = "".join(p if p[:1] == '"' else p.replace(" ", "").casefold() for p in parts)
    text = re.sub(r"\[\[([^\[\]#]+)\]\]", r"[\1]", text)
    text = re.sub(r"'([\w.]+)'!", r"\1!", text)
    return re.sub(r"\b(true|false)\(\)", r"\1", text)


@lru_cache(maxsize=4096)  # the formulas of a book speak of the same columns again and again
def table_column(table: str, header: str, *, this_row: bool = False) -> str:
    """The structured reference to a table's column, or to its cell in this row; LibreOffice needs the table's name."""
    name = re.sub(r"(['\[\]#@])", r"'\1", header)
    if this_row:
        return f"{table}[[#This Row],[{name}]]"
    return f"{table}[[{name}]]" if SPECIAL.search(name) else f"{table}[{name}]"
