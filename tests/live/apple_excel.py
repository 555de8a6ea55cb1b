"""A workbook in memory that answers Apple events as Excel for macOS does, by the terms of its dictionary."""

from decimal import Decimal
from types import ModuleType
from typing import Any

import xlwings as xw

from tests.live import engine
from tests.live.apple_events import CommandError, Excel, K, Reference
from tests.live.moves import Memory

CALCULATION = {"automatic": K.calculation_automatic, "manual": K.calculation_manual}
STATES = ("screen_updating", "display_alerts", "enable_events", "status_bar")


class Program(Excel):
    """Excel with one workbook."""

    def __init__(self, memory: Memory) -> None:
        super().__init__([])
        self.memory, self.book, self.keys = memory, engine.opened(memory).impl, []
        self.app = self.book.app

    def answer(self, path: tuple[Any, ...], args: tuple[Any, ...], said: dict[str, Any]) -> Any:
        match path:
            case (str(state), "get") if state in STATES:
                return getattr(self.app, state)
            case (str(state), "set") if state in STATES:
                return setattr(self.app, state, args[0])
            case ("calculation", "get"):
                return CALCULATION[self.app.calculation]
            case ("calculation", "set"):
                return setattr(self.app, "calculation", next(w for w, k in CALCULATION.items() if k is args[0]))
            case ("calculate",):
                return self.app.calculate()
            case ("cut_copy_mode", "set"):
                self.memory.copied = args[0]
                return None
            case ("autocorrect_object", "Automatically_fill_formulas", "get"):
                return self.memory.fills
            case ("autocorrect_object", "Automatically_fill_formulas", "set"):
                self.memory.fills = args[0]
                return None
            case ("workbooks", _, "worksheets", str() | int() as key, *rest) if key != "name":
                pages = list(self.memory.pages)
                sheet = self.book.sheets(pages[key - 1] if isinstance(key, int) else key)
                return self._sheet(sheet, path[:4], tuple(rest), args, said)
            case ("workbooks", _, *rest):
                return self._book(tuple(rest), args, said)
        raise CommandError(path, args, said)

    def _book(self, path: tuple[Any, ...], args: tuple[Any, ...], said: dict[str, Any]) -> Any:
        names = list(self.memory.names)
        match path:
            case ("name", "get"):
                return self.book.name
            case ("properties",):
                return {K.full_name: self.memory.fullname}
            case ("count",) if said == {"each": K.worksheet}:
                return len(self.memory.pages)
            case ("worksheets", "name", "get"):
                return list(self.memory.pages)
            case ("active_sheet", "name", "get"):
                return next(iter(self.memory.pages))
            case ("date_1904", "get"):
                return self.memory.is_1904
            case ("read_only", "get"):
                return self.memory.is_read_only
            case ("named_items", "name", "get"):
                return names
            case ("make",) if said["new"] is K.named_item:
                held = said["with_properties"]
                self.book.names.add(held[K.name], held[K.references])
                return Reference(self, ("workbooks", self.memory.name, "named_items", held[K.name]))
            case ("named_items", str() | int() as key, *rest):
                name = names[key - 1] if isinstance(key, int) else key
                match rest:
                    case ["name", "get"]:
                        return name
                    case ["properties"]:
                        return {K.references: self.book.names(name).refers_to}
                    case ["references", "set"]:
                        self.book.names(name).refers_to = args[0]
                        return None
                    case ["visible", "set"]:
                        self.held[name] = args[0]
                        return None
        raise CommandError(path, args, said)

    def _sheet(self, sheet: Any, at: tuple[Any, ...], path: tuple[Any, ...], args: tuple[Any, ...], said: dict[str, Any]) -> Any:  # fmt: skip
        match path:
            case ("name", "get"):
                return sheet.name
            case ("exists",):
                return True
            case ("visible", "get"):
                return K.sheet_visible if sheet.visible else K.sheet_hidden
            case ("protect_contents", "get"):
                return sheet.page.is_protected
            case (("protection_mode" | "autofilter_mode" | "filter_mode"), "get"):
                return False
            case ("named_items", "name", "get"):
                return K.missing_value
            case ("used_range", "get_address"):
                return _absolute(sheet.used_range)
            case ("used_range", "special_cells") if sheet.page.notes:
                return Reference(self, (*at, "Excel_comments"))
            case ("Excel_comments", "get_address"):
                return ",".join(_absolute(sheet.range(place)) for place in sheet.page.notes)
            case ("hyperlinks", "get"):
                return [Reference(self, (*at, "hyperlinks", *place)) for place in sheet.page.links] or K.missing_value
            case ("hyperlinks", int(row), int(column), "range_object", "get_address"):
                return _absolute(sheet.range((row, column)))
            case ("hyperlinks", int(row), int(column), ("address" | "sub_address" | "screen_tip") as term, "get"):
                return sheet.page.links[row, column] if term == "address" else K.missing_value
            case ("count",) if said == {"each": K.list_object}:
                return len(sheet.page.tables)
            case ("list_objects", key, *rest):
                table = sheet.tables(key)
                return self._table(table, (*at, "list_objects", table.name), tuple(rest), args, said)
            case ("rows", int(row), "columns", int(column), "get_address"):
                return _absolute(sheet.range((row, column)))
            case ("cells", str(place), *rest):
                if ":" in place and place.replace("$", "").replace(":", "").isdigit():
                    cells = sheet.range(place)
                else:
                    cells = sheet.range(place.replace("$", ""))
                return self._cells(cells, tuple(rest), args, said)
        raise CommandError(path, args, said)

    def _cells(self, cells: Any, path: tuple[Any, ...], args: tuple[Any, ...], said: dict[str, Any]) -> Any:
        match path:
            case ("value" | "formula" | "formula2" as what, "set"):
                return setattr(cells, "raw_value" if what == "value" else what, args[0])
            case ("formula" | "formula2" as what, "get"):
                return _told(cells, getattr(cells, what), lambda value: value)
            case ("value", "get"):
                return _told(cells, cells.raw_value, _value)
            case ("value2", "get"):
                return _told(cells, engine.Program().exact(_shown(cells)), _value)
            case ("string_value", "get"):
                return _told(cells, cells.raw_value, lambda value: "" if value is None else str(value))
            case ("number_format" | "merge_cells" | "has_array" as what, "get"):
                found = getattr(cells, what)
                return K.missing_value if found is None else found
            case ("first_row_index", "get"):
                return cells.row
            case ("first_column_index", "get"):
                return cells.column
            case ("count",):
                return cells.shape[said["each"] is K.column]
            case ("get_address",):
                return _absolute(cells)
            case ("clear_contents",):
                return cells.clear_contents()
            case ("insert_into_range",) if said["shift"] is K.shift_down:
                return cells.insert("down", "format_from_left_or_above")
            case ("delete_range",) if said["shift"] is K.shift_up:
                return cells.delete("up")
            case ("clear_Excel_comments",):
                return engine.Program().clear_notes(_shown(cells))
            case ("Excel_comment", "Excel_comment_text"):
                return cells.page.notes.get((cells.row, cells.column))
            case ("clear_hyperlinks",):
                self.memory.call("link")
                return cells.page.links.pop((cells.row, cells.column), None)
            case ("make",) if said["new"] is K.hyperlink:
                self.memory.call("link")
                cells.page.links[cells.row, cells.column] = said["with_properties"][K.address]
                return setattr(cells, "raw_value", said["with_properties"][K.text_to_display])
            case ("entire_row", "rows", "hidden", "get"):
                return [row in cells.page.hidden for row in range(cells.area[1], cells.area[3] + 1)]
        raise CommandError(path, args, said)

    def _table(self, table: Any, at: tuple[Any, ...], path: tuple[Any, ...], args: tuple[Any, ...], said: dict[str, Any]) -> Any:  # fmt: skip
        tab = table.tab
        match path:
            case ("exists",):
                return True
            case ("name", "get"):
                return tab.name
            case ("range_object", "get_address"):
                return _absolute(table.range)
            case ("show_headers", "get"):
                return True
            case ("total", "get"):
                return tab.totals > 0
            case ("resize",):
                place = said["range"].path[-1]
                return self.memory.resize(tab, table.parent.range(place.replace("$", "")).area)
            case ("make",) if said["new"] is K.list_row:
                table.rows.add(None, None)
                return Reference(self, (*at, "list_rows", len(tab.rows)))
            case ("list_rows", int(number), "index", "get"):
                return number
            case ("sort_object", "sortfieldset", "clear_sortfieldset"):
                tab.sorted_by = None
                return self.keys.clear()
            case ("sort_object", "sortfieldset", "add_sortfield"):
                return self.keys.append(said["key"].path[-2])
            case ("sort_object", ("sort_orientation" | "match_case"), "set"):
                return None
            case ("sort_object", "apply_sort"):
                return table.sort(self.keys, [True])
            case ("autofilter_object", "filters", int(field), "filter_on", "get"):
                return field in tab.chosen
            case ("autofilter_object", "filters", int(), "operator", "get"):
                return K.filter_by_value
            case ("autofilter_object", "filters", int(field), "criteria1", "get"):
                return [f"={value}" for value in tab.chosen[field]]
            case ("range_object", "autofilter_range"):
                self.memory.call("filter")
                tab.chosen.pop(said["field"], None)
                if "criteria1" in said:
                    tab.chosen[said["field"]] = [value.removeprefix("=") for value in said["criteria1"] if value]
                return None
        raise CommandError(path, args, said)


def _absolute(cells: Any) -> str:
    """The address as Excel tells it: $A$1, or $A$1:$B$2."""
    corners = [cells(1, 1), cells(*cells.shape)]
    names = ["$" + "$".join((c.address.rstrip("0123456789"), str(c.row))) for c in corners]
    return names[0] if names[0] == names[1] else ":".join(names)


def _shown(cells: Any) -> Any:
    return type("Shown", (), {"impl": cells})


def _value(value: Any) -> Any:
    """An error is no value: xlwings/xlwings/issues/1482. Money is a number like others."""
    if isinstance(value, str) and value.startswith("#"):
        return K.missing_value
    return "" if value is None else float(value) if isinstance(value, Decimal) else value


def _told(cells: Any, found: Any, each: Any) -> Any:
    """Lists of lists; one cell alone."""
    if not isinstance(found, tuple | list):
        return each(found)
    rows = [[each(value) for value in row] for row in found]
    return rows[0][0] if len(cells) == 1 else rows


def opened(mac: ModuleType, memory: Memory) -> xw.Book:
    """The workbook as xlwings shows it on macOS."""
    mac.App.pid = 1
    app = mac.App(xl=Reference(Program(memory)))
    return xw.Book(impl=mac.Book(app, memory.name))
