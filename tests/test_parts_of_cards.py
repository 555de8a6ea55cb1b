"""What cards need of a page: a chart over figures that are not printed, lines of several rows, boxes for a pen."""

from io import BytesIO

from openpyxl import load_workbook

from crmbook.drawing.draw import draw
from crmbook.features import Chart, Field, Fields, Item, Listing
from crmbook.form import Form
from crmbook.text import Text

WORD = Text("甲", "Alpha")
DEEP = Listing("deep", WORD, (Item("a", WORD, "long", "1"), Item("pen", WORD, "text", None, blank=True)), 2, deep=3)
BEHIND = Listing(
    "behind", WORD, (Item("name", WORD, "text", '"n{n}"'), Item("value", WORD, "money", "{n}")), 4, printed=False
)
BOXES = Fields("boxes", WORD, (Field("a", WORD, "text", "1", alert='_crm.probe.boxes.a=""'), Field("pen", WORD, "text", None, blank=True)))  # fmt: skip
PAGE = Form(
    "probe",
    Text("页", "Probe"),
    WORD,
    page=(
        ((Chart("c", "column", WORD, "name", ("value",), of="behind"), 24),),
        ((DEEP, 12), (BOXES, 12)),
        ((BEHIND, 12),),
    ),
)


def sheet():
    book = load_workbook(BytesIO(draw([PAGE], "en")))
    names = {
        n.removeprefix("_crm.probe."): d.attr_text.partition("!")[2].replace("$", "")
        for n, d in book.defined_names.items()
    }
    return book["Probe"], names


def test_a_chart_speaks_of_figures_below_it_that_are_not_printed():
    page, names = sheet()
    (chart,) = page._charts
    assert (
        chart.series[0].val.numRef.f.replace("$", "").endswith(f"!{names['behind.0.value']}:{names['behind.3.value']}")
    )
    last = int(page.print_area.rpartition("$")[2])
    assert page[names["deep.1.a"]].row + 2 == last < page[names["behind.0.name"]].row


def test_each_line_takes_so_many_rows_and_breaks_its_words():
    page, names = sheet()
    first, second = (page[names[f"deep.{line}.a"]] for line in range(2))
    assert second.row - first.row == 3
    assert any(first.coordinate in merged and merged.size["rows"] == 3 for merged in page.merged_cells.ranges)
    assert first.alignment.wrap_text
    assert not first.alignment.shrink_to_fit


def test_a_box_for_a_pen_is_no_cell_of_ours():
    _, names = sheet()
    assert {name for name in names if "pen" in name} == set()
    assert {"deep.0.a", "boxes.a"} <= set(names)


def test_a_value_is_a_warning_where_its_condition_holds():
    page, names = sheet()
    (rules,) = [r for area, r in page.conditional_formatting._cf_rules.items() if names["boxes.a"] in area]
    assert rules[0].formula == ['_crm.probe.boxes.a=""']
