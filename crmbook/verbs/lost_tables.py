"""Tables of forms that are gone while their sheet stands: LibreOffice drops some where a sheet is deleted, Excel makes one a plain range at a click, and a copy of a sheet that took its place has a table of another name."""

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from crmbook import binding
from crmbook import forms as shelf
from crmbook.form import Form
from crmbook.naming import BOUND, BROKEN
from crmbook.ooxml import Area, Package, Table, Workbook, children, parse_ref
from crmbook.ooxml.beside import LONGEST_HEADER, obstacles
from crmbook.ooxml.names import set_names
from crmbook.ooxml.refs import meet
from crmbook.ooxml.tables import add_table, names_taken

NUMBERED = re.compile(r"_?[0-9]+")  # what Excel and LibreOffice put behind the name of a table on a copied sheet


def lost(workbook: binding.Book) -> list[tuple[Form, str]]:
    """The forms whose table is gone, each with the sheet on which it still stands by its names."""
    there, tables = binding.sheets(workbook), {name.casefold() for name in workbook.tables}
    return [(f, there[f.id]) for f in shelf.ALL if not f.page and f.id in there and f.table.casefold() not in tables]


def copied(workbook: binding.Book) -> list[tuple[Form, Table]]:
    """The forms whose table is gone while copies of it stand, each with the first of these."""
    tables = {name.casefold(): table for name, table in workbook.tables.items()}
    found = []
    for form in (f for f in shelf.ALL if not f.page and f.table not in tables):
        copies = (t for name, t in tables.items() if name.startswith(form.table) and NUMBERED.fullmatch(name, len(form.table)))  # fmt: skip
        if (copy := next(copies, None)) is not None:
            found.append((form, copy))
    return found


def put_back(workbook: Workbook) -> Workbook:
    """The workbook with each of the lost tables made anew, over the header its names point at and the rows under it down to a
    blank one, and with the names of a form that stands on a copy of its sheet. One whose header does not stand as it did stays lost, and so does one that is in the file, cut off from its
    sheet: that is damage. If Excel would want to repair the outcome, all stay lost."""
    found, names = lost(workbook), _names_of_copies(workbook)
    if not found and not names:
        return workbook
    from crmbook.ooxml.lint import new_findings  # late, as it takes its time and tables are seldom lost

    package, taken = Package.open(workbook.package.source), names_taken(workbook.package)
    if names:
        package.write(package.workbook, set_names(package.read(package.workbook), names))
    for form, sheet in found:
        table = None if form.table.casefold() in taken else _as_it_was(workbook, form, sheet)
        if table is not None:
            add_table(package, table)
    return Workbook(package) if package.changed and not new_findings(package) else workbook


def _names_of_copies(workbook: Workbook) -> dict[str, str]:
    """The names of ours that point nowhere → what stands in their place: the name of the same word that the sheet of the form's
    table has for itself alone."""
    broken = {n: n.split(".")[1] for n, text in workbook.names.items() if n.startswith(BOUND) and n.count(".") > 1 and BROKEN in text}  # fmt: skip
    if not broken:
        return {}
    home = {name.casefold(): table.sheet.name for name, table in workbook.tables.items()}
    found = {}
    for group in children(workbook.root, "definedNames"):
        for element in children(group, "definedName"):
            name, text = str(element.get("name")), "".join(str(text) for text in element.itertext())
            target = parse_ref(text) if element.get("localSheetId") is not None and name in broken else None
            if target is not None and target[0] == home.get(f"crm_{broken[name]}"):
                found[name] = text
    return found


def _as_it_was(workbook: Workbook, form: Form, sheet: str) -> Table | None:
    """The form's table, without a part; None if something is in its way, or its header has gaps or is none."""
    names, held = {name.casefold(): text for name, text in workbook.names.items()}, workbook.values(sheet)
    cells = {c.column.id: parse_ref(names.get(binding.name_of(form.id, c.column.id).casefold(), "")) for c in form.columns}  # fmt: skip
    found = [cell[1] for cell in cells.values() if cell is not None and cell[0] == sheet]
    tops = {area.top for area in found}
    if len(tops) != 1 or max(tops) > len(held) or not all(cells[id] for id in form.key):
        return None
    (top,), left, right = tops, min(a.left for a in found), max(a.right for a in found)
    texts = held[top - 1]
    right += len([*takewhile(lambda text: text != "", texts[right:])])  # columns of the user's own stood there
    part, row = workbook.sheet_part(workbook.sheet(sheet)), range(left, right + 1)
    headers = [part.content(top, column).value for column in row]  # as Excel reads them, and as the table must say them
    if not all(isinstance(text, str) and text.strip() and len(text) <= LONGEST_HEADER for text in headers):
        return None
    keys = [cell[1].left for id in form.key if (cell := cells[id]) is not None]
    bottom = top + max(_rows(held[top:], left, right, keys), 1)
    table = Table(form.table, "", workbook.sheet(sheet), left, top, top + 1, bottom, right, headers, 0)
    is_free = not any(meet(Area(top, left, bottom, right), o) for o in obstacles(workbook, table, workbook.sheet_part(table.sheet)))  # fmt: skip
    return table if is_free and len({text.casefold() for text in headers}) == right - left + 1 else None


def _rows(held: Sequence[Sequence[Any]], left: int, right: int, keys: Sequence[int]) -> int:
    """How many of the rows are the table's: down to a blank one, the last of them with a key."""
    filled = [*takewhile(lambda row: any(cell != "" for cell in row[left - 1 : right]), held)]
    return max((at for at, row in enumerate(filled, 1) if any(row[key - 1] != "" for key in keys)), default=0)
