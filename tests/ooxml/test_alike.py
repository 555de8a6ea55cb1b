"""Rows renewed together say what they would if they were renewed one by one."""

import re

from hypothesis import given
from hypothesis import strategies as st

from crmbook.ooxml.filling import Fill
from crmbook.ooxml.formulas import Follower
from crmbook.ooxml.refs import RowMap
from crmbook.ooxml.rows import Placing
from crmbook.ooxml.sheet import SheetPart

FIRST = 3
CELLS = ['s="2"><v>1</v></c>', 's="2"><v>1.0</v></c>', 's="2" t="s"><v>1</v></c>', 's="2"/>', 's="5"><v>1</v></c>', 's="2" t="n"><v>0.30000000000000004</v></c>', 's="2"><f>crm_x[a]</f><v>1</v></c>', 's="2"><f>crm_x[ a ]</f><v>1</v></c>', 's="2" t="inlineStr"><is><r><rPr><b/></rPr><t>a</t></r></is></c>', 't="s" s="2"><v>0</v></c>', ""]  # fmt: skip
VALUES = st.sampled_from([1, 1.0, 0.3, 2.5, None, "a", "a&b", "", True, float("nan")])


def sheet(rows: list[list[str]], beside: str) -> SheetPart:
    """A sheet with these cells from row 3 on, from column B on, and another beside each."""
    xml = "".join(
        f'<row r="{n}" ht="20">'
        + "".join(f'<c r="{c}{n}" {cell}' for c, cell in zip("BCD", cells, strict=True) if cell)
        + (f'<c r="Z{n}"><v>{n}</v></c>' if beside else "")
        + "</row>"
        for n, cells in enumerate(rows, FIRST)
    )
    texts = ["a", "a&b"]
    return SheetPart(f"<worksheet><sheetData>{xml}</sheetData></worksheet>".encode(), lambda n: texts[n])


def placed(
    part: SheetPart, sources: list[int], first: list[object], second: list[object], *, by_formula: bool
) -> bytes:
    last = FIRST + max(len(part.rows), 1) - 1
    places = {old: FIRST + i for i, old in enumerate(sources) if old}
    row_map = RowMap(FIRST, frozenset({last}), FIRST + len(sources) - 1, 2, 4, places)
    fills = {
        2: Fill(first, "crm_x[a]" if by_formula else None, (0,), is_1904=False),
        3: Fill(second, None, (), is_1904=False),
    }
    Placing(part, row_map, sources, fills, {}, Follower("Sheet", {"Sheet": row_map})).run()
    return re.sub(rb'<c r="Z[0-9]+"><v>[0-9]+</v></c>', b"", part.text())


@given(st.data(), st.booleans())
def test_rows_come_out_the_same_together_and_one_by_one(data: st.DataObject, by_formula: bool):
    rows = data.draw(st.lists(st.lists(st.sampled_from(CELLS), min_size=3, max_size=3), min_size=1, max_size=8))
    kept = data.draw(st.permutations(range(FIRST, FIRST + len(rows))))
    sources = [*kept, *[0] * data.draw(st.integers(0, 2))]
    first, second = (data.draw(st.lists(VALUES, min_size=len(sources), max_size=len(sources))) for _ in range(2))
    together = placed(sheet(rows, ""), sources, first, second, by_formula=by_formula)
    one_by_one = placed(sheet(rows, "beside"), sources, first, second, by_formula=by_formula)
    assert together == one_by_one
