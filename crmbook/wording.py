"""Formulas in column ids → in the words of one workbook: its table names and the headers that stand there now."""

import re
from collections.abc import Mapping, Sequence

from crmbook.binding import Standing
from crmbook.ooxml import parse_ref
from crmbook.ooxml.formulas import table_column

REFERENCE = re.compile(r'"(?:[^"]|"")*"|(_crm(?:\.\w+)+)|([^\W\d]\w*)?\[(@?)([^\W\d]\w*)\]')


def worded(form: str, formula: str | None, standings: Mapping[str, Standing], headers: Mapping[str, Sequence[str | None]], names: Mapping[str, str]) -> str | None:  # fmt: skip
    """The formula of a form in the words of the workbook; None if a column or cell it needs is no longer there, or has no
    header to be called by.

    `headers`: by form, the texts in its table's header row, where they were read; `names`: the workbook's defined names,
    casefolded, and what they stand for.
    """
    if formula is None:
        return None
    is_whole = True

    def resolved(found: re.Match[str]) -> str:
        nonlocal is_whole
        if found[1] and parse_ref(names.get(found[1].casefold(), "")) is None:
            is_whole = False
        if found[4] is None:
            return found[0]
        standing = standings.get(found[2] or form)
        column = standing.columns.get(found[4]) if standing else None
        if standing is None or column is None:
            is_whole = False
            return ""
        at = column - standing.table.first_col
        known = headers.get(standing.form)
        header = (known[at] if known else None) or standing.table.columns[at]
        if not header:  # staff deleted it, which LibreOffice lets them; `[]` would be the whole table
            is_whole = False
            return ""
        return table_column(standing.table.name, header, this_row=bool(found[3]))

    text = REFERENCE.sub(resolved, formula)
    return text if is_whole else None
