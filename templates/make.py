"""Makes `xlsx/crmbook.xlsx`, the looks of a workbook: its theme and its named cell styles.

The result may be restyled in Excel (Home > Cell Styles, Page Layout > Themes): `draw` uses the styles by name and
asks for nothing else. Run `python templates/make.py` from a checkout to start again from these.
"""

import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from openpyxl import Workbook  # noqa: E402
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side  # noqa: E402
from openpyxl.styles.colors import Color  # noqa: E402
from openpyxl.utils.indexed_list import IndexedList  # noqa: E402
from openpyxl.writer.theme import theme_xml  # noqa: E402

from crmbook import palette  # noqa: E402

WHITE_THEME, INK_THEME, TINT_THEME, BRAND_THEME = (
    0,
    1,
    2,
    3,
)  # the theme's places, so that a new theme recolours the book
FORMATS = {  # `_ ` leaves a space's width between a number and the next column
    "id": "@",
    "text": "General",
    "long": "General",
    "choice": "General",
    "time": "General",
    "date": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
    "number": "#,##0_ ;[Red]-#,##0_ ",
    "money": "#,##0.00_ ;[Red]-#,##0.00_ ",
    "percent": "0.0%_ ;[Red]-0.0%_ ",
    "score": "0.0_ ",
}
AS_TYPED = "General_ ;[Red]-General_ "  # a quantity of 2.5 and a score of 4, as the user typed them
FIGURES = {"number", "money", "percent", "score"}
HAIR = Side("thin", palette.HAIRLINE)
GRID = Border(left=HAIR, right=HAIR, top=HAIR, bottom=HAIR)
CARD = Border(left=Side("thick", palette.BRAND), right=Side("thick", "FFFFFF"))


def theme() -> bytes:
    """Office's theme with our colours and fonts."""
    colours = dict(
        zip(("accent1", "accent2", "accent3", "accent4", "accent5", "accent6"), palette.ACCENTS, strict=True)
    )
    colours |= {
        "dk1": palette.INK,
        "lt1": "FFFFFF",
        "dk2": palette.BRAND,
        "lt2": palette.BRAND_TINT,
        "hlink": palette.ACCENTS[0],
        "folHlink": palette.GREY,
    }
    xml = theme_xml.replace('name="Office Theme"', 'name="crmbook"').replace('name="Office"', 'name="crmbook"')
    for place, colour in colours.items():
        xml = re.sub(rf"(<a:{place}>).*?(</a:{place}>)", rf'\1<a:srgbClr val="{colour}"/>\2', xml, flags=re.DOTALL)
    for family in ("majorFont", "minorFont"):
        faces = f'<a:latin typeface="{palette.FONTS["zh"]}"/><a:ea typeface=""/><a:cs typeface=""/><a:font script="Hans" typeface="{palette.FONTS["zh"]}"/>'
        xml = re.sub(rf"(<a:{family}>).*?(</a:{family}>)", rf"\1{faces}\2", xml, flags=re.DOTALL)
    return xml.encode()


def font(size: float = 10, colour: int | str = INK_THEME, **more: Any) -> Font:
    """The workbook's font; `colour` is a place in the theme or a fixed RGB."""
    shade = Color(theme=colour) if isinstance(colour, int) else Color(rgb="FF" + colour)
    return Font(name=palette.FONTS["zh"], family=2, scheme="minor", sz=size, color=shade, **more)


def fill(colour: int | str) -> PatternFill:
    """A solid ground; `colour` is a place in the theme or a fixed RGB."""
    return PatternFill("solid", fgColor=Color(theme=colour) if isinstance(colour, int) else Color(rgb="FF" + colour))


def at(across: str | None = None, **more: Any) -> Alignment:
    """Aligned across as told, in the middle of the row."""
    return Alignment(horizontal=across, vertical="center", **more)


def cell(kind: str, *, yours: bool) -> NamedStyle:
    """The style of one data cell: white for ours, pale yellow for yours."""
    align = {
        "id": at(shrink_to_fit=True),
        "text": at(wrap_text=True),
        "long": at(wrap_text=True),
        "choice": at("center", wrap_text=True),
        "date": at("center", shrink_to_fit=True),
        "moment": at("center", shrink_to_fit=True),
        "time": at("center", shrink_to_fit=True),
    }
    typed = yours and kind in {"number", "score"}
    return NamedStyle(
        f"crm {kind} yours" if yours else f"crm {kind}",
        font=font(),
        fill=fill(palette.YOURS) if yours else PatternFill(),
        border=GRID,
        alignment=align.get(kind, at("right", shrink_to_fit=True) if kind in FIGURES else at("center")),
        number_format=AS_TYPED if typed else FORMATS[kind],
    )


def total(kind: str) -> NamedStyle:
    """The style of one cell of the totals line."""
    line = Border(top=Side("thin", palette.BRAND), bottom=Side("thin", palette.BRAND))
    align = at("right", shrink_to_fit=True) if kind in FIGURES else at()
    return NamedStyle(
        f"crm total {kind}",
        font=font(bold=True),
        fill=fill(TINT_THEME),
        border=line,
        alignment=align,
        number_format=FORMATS[kind],
    )


def listed(kind: str) -> NamedStyle:
    """The style of one cell of a short list on a page: lines apart by hairlines only."""
    style = cell(kind, yours=False)
    style.name, style.font, style.border = f"crm list {kind}", font(9), Border(bottom=HAIR)
    if kind in {"text", "long", "choice"}:
        style.alignment = at("center" if kind == "choice" else "left", shrink_to_fit=True)
    return style


def deep(kind: str) -> NamedStyle:
    """The same where each line takes several rows: long words are broken into lines."""
    style = listed(kind)
    style.name = f"crm deep {kind}"
    if kind in {"text", "long", "choice"}:
        style.alignment = at("center" if kind == "choice" else "left", wrap_text=True)
    return style


def field(kind: str) -> NamedStyle:
    """The style of one value on a card: all begin at the left, whatever their kind; what is too long for its line is made
    small, as a second line would not be seen."""
    style = cell(kind, yours=False)
    wraps = kind == "long"
    style.name, style.alignment = (
        f"crm field {kind}",
        at("left", wrap_text=wraps or None, shrink_to_fit=not wraps or None),
    )
    return style


def key_figure(kind: str, *, tall: bool) -> NamedStyle:
    """The style of one large figure."""
    return NamedStyle(
        f"crm kpi {'tall ' if tall else ''}{kind}",
        font=font(24 if tall else 18, BRAND_THEME, bold=True),
        fill=fill(TINT_THEME),
        border=CARD,
        alignment=at("left", indent=1, shrink_to_fit=True),
        number_format=FORMATS[kind].replace("_ ", ""),
    )


def styles() -> list[NamedStyle]:
    """Every named style of a workbook."""
    white, brand = Side("thin", "FFFFFF"), Side("medium", palette.BRAND)
    between = Border(left=white, right=white, top=white, bottom=white)
    under = Border(bottom=Side("thin", palette.GREY))
    header, band = at("center", wrap_text=True), at("center", wrap_text=True)
    return [
        NamedStyle("crm title", font=font(18, WHITE_THEME, bold=True), fill=fill(BRAND_THEME), alignment=at("left", indent=1)),
        NamedStyle("crm subtitle", font=font(9, palette.ON_BRAND), fill=fill(BRAND_THEME), alignment=at("left", wrap_text=True)),
        NamedStyle("crm line", font=font(9, palette.GREY), alignment=at("left", wrap_text=True)),
        NamedStyle("crm legend", font=font(9, palette.GREY), border=GRID, alignment=at("center", shrink_to_fit=True)),
        NamedStyle("crm legend yours", font=font(9, palette.YOURS_INK), fill=fill(palette.YOURS), border=GRID, alignment=at("center", shrink_to_fit=True)),
        NamedStyle("crm label", font=font(9, palette.GREY), alignment=at("right", shrink_to_fit=True)),
        NamedStyle("crm blank", font=font(), border=under, alignment=at("center", shrink_to_fit=True)),
        NamedStyle("crm band", font=font(9, WHITE_THEME, bold=True), fill=fill(BRAND_THEME), border=between, alignment=band),
        NamedStyle("crm band yours", font=font(9, palette.YOURS_INK, bold=True), fill=fill(palette.YOURS_HEADER), border=between, alignment=band),
        NamedStyle("crm header", font=font(10, WHITE_THEME, bold=True), fill=fill(BRAND_THEME), border=between, alignment=header),
        NamedStyle("crm header yours", font=font(10, palette.YOURS_INK, bold=True), fill=fill(palette.YOURS_HEADER), border=between, alignment=header),
        NamedStyle("crm summary title", font=font(11, BRAND_THEME, bold=True), border=Border(bottom=brand), alignment=at("left")),
        NamedStyle("crm summary head", font=font(9, palette.GREY, bold=True), fill=fill(TINT_THEME), border=GRID, alignment=at("center", shrink_to_fit=True)),
        NamedStyle("crm title link", font=font(9, palette.ACCENTS[0], underline="single"), fill=fill(TINT_THEME), border=Border(left=brand, right=brand, top=brand, bottom=brand), alignment=at("center", shrink_to_fit=True)),  # LibreOffice writes links in blue
        NamedStyle("crm link", font=font(10, palette.ACCENTS[0], underline="single"), border=Border(bottom=HAIR), alignment=at("left", shrink_to_fit=True)),
        NamedStyle("crm link note", font=font(9, palette.GREY), border=Border(bottom=HAIR), alignment=at("left", shrink_to_fit=True)),
        NamedStyle("crm kpi label", font=font(9, palette.GREY, bold=True), fill=fill(TINT_THEME), border=CARD, alignment=at("left", indent=1, shrink_to_fit=True)),
        NamedStyle("crm kpi change", font=font(9, palette.GREY, bold=True), fill=fill(TINT_THEME), border=CARD, alignment=at("left", indent=1, shrink_to_fit=True)),
        NamedStyle("crm kpi note", font=font(9, palette.GREY), fill=fill(TINT_THEME), border=CARD, alignment=at("left", indent=1, shrink_to_fit=True)),
        NamedStyle("crm picker label", font=font(11, BRAND_THEME, bold=True), alignment=at("left", shrink_to_fit=True)),
        NamedStyle("crm picker", font=font(11, bold=True), fill=fill(palette.YOURS), border=GRID, alignment=at("left", shrink_to_fit=True)),
        NamedStyle("crm field label", font=font(9, palette.GREY, bold=True), fill=fill(TINT_THEME), border=GRID, alignment=at("left", wrap_text=True)),
        NamedStyle("crm reason", font=font(), border=GRID, alignment=at()),
        NamedStyle("crm no", font=font(9, palette.GREY), border=GRID, alignment=at("center", shrink_to_fit=True)),
        *(total(kind) for kind in ("text", *sorted(FIGURES))),
        *(cell(kind, yours=yours) for kind in FORMATS for yours in (False, True)),
        *(make(kind) for kind in FORMATS for make in (listed, deep, field)),
        *(key_figure(kind, tall=tall) for kind in ("text", "date", *sorted(FIGURES)) for tall in (False, True)),
    ]  # fmt: skip


def make(path: Path) -> None:
    """Write the template: theme, styles, and one empty sheet that `draw` takes away."""
    book = Workbook()
    book.loaded_theme = theme()
    book._fonts = IndexedList([font()])  # noqa: SLF001  (the first font measures the columns and is every plain cell's)
    book._named_styles["Normal"].font = font()  # noqa: SLF001
    for style in styles():
        book.add_named_style(style)
    book.properties.creator = "crmbook"
    book.save(path)


if __name__ == "__main__":
    make(HERE / "xlsx" / "crmbook.xlsx")
