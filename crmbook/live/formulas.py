"""Formulas compared as a program reads them back: a table's own columns may be said in several ways."""

import re

from crmbook.ooxml.formulas import same_formula

NAME = r"(?:[^\[\]']|'.)+"  # a header inside brackets; what is special in it stands behind an apostrophe
THIS_ROW = re.compile(rf"\w*\[\[#This Row\]\s*,\s*\[({NAME})\]\]|\w*\[@\[({NAME})\]\]|\w*\[@({NAME})\]", re.IGNORECASE)


def is_same(held: str | None, wanted: str | None, table: str) -> bool:
    """True if both mean the same in a cell of this table (its name), however a program spells it."""
    if held is None or wanted is None or held == wanted:
        return held == wanted
    return same_formula(_plain(held, table), _plain(wanted, table))


def _plain(formula: str, table: str) -> str:
    text = THIS_ROW.sub(lambda m: f"[@{m[1] or m[2] or m[3]}]", formula)
    text = re.sub(rf"(?<![\w.]){re.escape(table)}\[", "[", text, flags=re.IGNORECASE)
    return re.sub(rf"\[\[({NAME})\]\]", r"[\1]", text)
