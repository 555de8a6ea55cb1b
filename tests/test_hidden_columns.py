"""Columns drawn hidden: figures behind a sparkline or a page, which keep their width and take no room."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from crmbook import forms
from crmbook.drawing.draw import draw
from crmbook.drawing.page import first_page, pages_across
from crmbook.form import NO, Form, Shows
from crmbook.layout import PIXELS, header_height, shown_widths, width
from crmbook.schema import Column
from crmbook.text import LANGS, Lang, Text

TABLES = [f for f in forms.ALL if not f.page]
KEY, BEHIND = (
    Shows(Column("id", Text.same("Id"), "id")),
    Column("behind", Text.same("a header of many long words"), "long"),
)


@pytest.mark.parametrize("lang", LANGS)
def test_they_keep_their_width_and_take_no_room(lang: Lang) -> None:
    book = load_workbook(BytesIO(draw(TABLES, lang)))
    for form in TABLES:
        sheet = book[form.title[lang]]
        hidden = [isinstance(c, Shows) and c.hidden for c in form.columns]
        columns = [sheet.column_dimensions[get_column_letter(at)] for at in range(1, len(hidden) + 1)]
        assert [column.hidden for column in columns] == hidden, form.id
        assert [column.width for column in columns] == [width(c, lang) for c in form.columns], form.id
        shown = [c for c, is_hidden in zip(form.columns, hidden, strict=True) if not is_hidden]
        assert sum(shown_widths(form, lang)) == pytest.approx(sum(width(c, lang) for c in shown)), form.id


def test_neither_the_page_nor_the_header_has_room_for_them() -> None:
    probe = Form("probe", Text.same("Probe"), Text.same("a probe"), ("id",), (NO, KEY), rows=lambda given: given.facts)
    more = Form("probe", probe.title, probe.purpose, ("id",), (NO, KEY, *[Shows(BEHIND, hidden=True)] * 99), rows=probe.rows)  # fmt: skip
    few, many = shown_widths(probe, "en"), shown_widths(more, "en")
    assert pages_across(more, many) == pages_across(probe, few) == 1
    assert first_page(more, "en", many) == first_page(probe, "en", few) == round(sum(few) * PIXELS)
    headers = [c.column.label["en"] for c in more.columns]
    assert header_height(headers, many) == header_height(headers[:2], few)
