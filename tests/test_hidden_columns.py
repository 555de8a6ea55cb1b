"""Columns drawn hidden: figures behind a sparkline or a page, which keep their width and take no room."""

import pytest
from openpyxl.utils import get_column_letter

from crmbook.drawing.page import across
from crmbook.form import NO, Form, Shows
from crmbook.layout import PIXELS, header_height, shown_widths, width
from crmbook.schema import Column
from crmbook.text import LANGS, Lang, Text
from tests.test_paper import TABLES, book

KEY, BEHIND = (
    Shows(Column("id", Text.same("Id"), "id")),
    Column("behind", Text.same("a header of many long words"), "long"),
)


@pytest.mark.parametrize("lang", LANGS)
def test_they_keep_their_width_and_take_no_room(lang: Lang) -> None:
    for form in TABLES:
        sheet = book(lang)[form.title[lang]]
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
    papers = across(probe, "en", few), across(more, "en", many)
    assert [paper.pages for paper in papers] == [1, 1]
    assert papers[0].pixels(few) == papers[1].pixels(many) == [(0, round(sum(few) * PIXELS))]
    headers = [c.column.label["en"] for c in more.columns]
    assert header_height(headers, many) == header_height(headers[:2], few)
