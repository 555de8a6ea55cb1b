"""The parts of a chart, plain and alike everywhere: axes, labels, legend, title, paint; openpyxl comes late, as in `features`."""

import re
from html import escape
from typing import Any

from crmbook.palette import GREY, GRID, HAIRLINE, INK
from crmbook.text import LANGS, Text

ACCENTS = 6  # of a theme
NO_NUMBER = ";;;"  # a format that shows nothing: openpyxl cannot say that an axis has no labels
# A sign of their own for what is below zero: beside a condition LibreOffice leaves it out.
AMOUNT = Text(r'[>=10000]0\.0,"万";[<0]-#,##0;#,##0', '[>=1000000]0.0,,"M";[<0]-#,##0;#,##0')
# … which leaves no room for a further condition, as a format takes two: these are for a chart with large amounts, and for one
# with amounts on either side of zero.
LARGE = Text(r'0\.00,,"亿";-0\.00,,"亿";0', '0.0,,,"B";-0.0,,,"B";0')
SIGNED = Text(r'0\.0,"万";-0\.0,"万";0', '0.0,,"M";-0.0,,"M";0')
LARGE_FROM, SIGNED_FROM = 1e9, {"zh": 1e5, "en": 1e7}  # the largest amount shown
CACHE = re.compile(rb"<((?:\w+:)?)numCache>.*?</\1numCache>", re.DOTALL)
NUMBER, VALUES = re.compile(rb"v>(-?[0-9][^<]*)<"), re.compile(rb"<(?:\w+:)?valAx>")
ON_ZERO = re.compile(rb'<(?:\w+:)?min val="0"\s*/>')


def suited(chart: bytes) -> bytes:
    """A chart's XML, to suit what it shows: amounts in a unit in which they are read, and none cut off as it lies below zero. A
    chart whose axis shows no amounts as `AMOUNT` has them is not ours to change."""
    for lang in LANGS:
        usual, signed, large = ways = [escape(way[lang]).encode() for way in (AMOUNT, SIGNED, LARGE)]
        if any(way in chart for way in ways):
            shown = [float(number) for cache in CACHE.finditer(chart) for number in NUMBER.findall(cache[0])]
            most, falls = max(map(abs, shown), default=0), min(shown, default=0) < 0
            fit = large if most >= LARGE_FROM else signed if falls and most >= SIGNED_FROM[lang] else usual
            for way in ways:
                chart = chart.replace(way, fit)
            if falls and len(VALUES.findall(chart)) == 1:
                chart = ON_ZERO.sub(b"", chart)
    return chart


def paint(accent: int, *, stroke: bool = False) -> Any:
    """The theme's accent as a fill, or as the colour of a line."""
    from openpyxl.chart.shapes import GraphicalProperties
    from openpyxl.drawing.colors import ColorChoice, SchemeColor
    from openpyxl.drawing.line import LineProperties

    lighter: dict[str, Any] = (
        {"lumMod": 60000, "lumOff": 40000} if accent > ACCENTS else {}
    )  # a second round is told from the first
    name: Any = f"accent{(accent - 1) % ACCENTS + 1}"
    shade: Any = SchemeColor(val=name, **lighter)
    colour = ColorChoice(schemeClr=shade)
    if stroke:
        return GraphicalProperties(ln=LineProperties(solidFill=colour, w=28575, cap="rnd"))
    return GraphicalProperties(solidFill=colour, ln=LineProperties(noFill=True))


def slices() -> list[Any]:
    """The parts of a ring, each in a colour of its own, parted by white."""
    from openpyxl.chart.marker import DataPoint
    from openpyxl.drawing.line import LineProperties

    points = []
    for at in range(2 * ACCENTS):
        look = paint(at + 1)
        look.line = LineProperties(solidFill="FFFFFF")
        points.append(DataPoint(idx=at, spPr=look))
    return points


def box() -> Any:
    """The chart's ground: white, with a hairline around."""
    from openpyxl.chart.shapes import GraphicalProperties
    from openpyxl.drawing.line import LineProperties

    return GraphicalProperties(solidFill="FFFFFF", ln=LineProperties(solidFill=GRID, w=9525))


def series(at: int, name: str, labels: str, values: str, accent: int, *, stroke: bool) -> Any:
    """The series at a place among them, each range given as a reference, in a colour of the theme."""
    from openpyxl.chart.data_source import AxDataSource, NumDataSource, NumRef, StrRef
    from openpyxl.chart.series import Series, SeriesLabel

    made = Series(
        idx=at,
        order=at,
        tx=SeriesLabel(strRef=StrRef(f=name)),
        cat=AxDataSource(strRef=StrRef(f=labels)),
        val=NumDataSource(numRef=NumRef(f=values)),
    )
    made.graphicalProperties = paint(accent, stroke=stroke)
    if stroke:
        made.smooth, made.marker = False, no_marker()
    else:
        made.invertIfNegative = False
    return made


def no_marker() -> Any:
    from openpyxl.chart.marker import Marker

    return Marker(symbol="none")


def font(size: int, colour: str = GREY, *, bold: bool = False) -> Any:
    """Character properties; `size` in points."""
    from openpyxl.drawing.text import CharacterProperties

    return CharacterProperties(sz=size * 100, b=bold, solidFill=colour)


def text(size: int = 9, colour: str = GREY) -> Any:
    """How the words of an axis, a legend or the labels look."""
    from openpyxl.chart.text import RichText
    from openpyxl.drawing.text import Paragraph, ParagraphProperties

    look = font(size, colour)
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=look), endParaRPr=look, r=[])])


def title(words: str) -> Any:
    """The chart's title: what it says, not what it is."""
    from openpyxl.chart.text import RichText
    from openpyxl.chart.text import Text as ChartText
    from openpyxl.chart.title import Title
    from openpyxl.drawing.text import Paragraph, ParagraphProperties, RegularTextRun

    look = font(12, INK, bold=True)
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=look), r=[RegularTextRun(rPr=look, t=words)])
    return Title(tx=ChartText(rich=RichText(p=[paragraph])), overlay=False)


def axis(
    axis: Any, id: int, other: int, side: str, *, number: str = "General", lines: bool = False, shown: bool = True
) -> None:
    """An axis without ornament at a side (l, r, b): its labels, and for values faint lines to read them by."""
    from openpyxl.chart.axis import ChartLines
    from openpyxl.chart.shapes import GraphicalProperties
    from openpyxl.drawing.line import LineProperties

    axis.axId, axis.crossAx, axis.axPos, axis.delete = id, other, side, not shown
    axis.title = None
    axis.majorTickMark = axis.minorTickMark = "none"
    axis.number_format, axis.numFmt.sourceLinked = number, False
    axis.txPr = text()
    values = axis.tagname == "valAx"
    axis.tickLblPos = "nextTo" if values else "low"  # the names stay at the edge where bars go below zero
    axis.graphicalProperties = GraphicalProperties(
        ln=LineProperties(noFill=True) if values else LineProperties(solidFill=GRID)
    )
    faint = GraphicalProperties(ln=LineProperties(solidFill=GRID, w=6350))
    axis.majorGridlines = ChartLines(spPr=faint) if values and lines else None


def rays(axis_: Any, id: int, other: int) -> None:
    """The value axis of a radar: from 0 to 100, without numbers, so that rays and rings carry all."""
    from openpyxl.chart.shapes import GraphicalProperties
    from openpyxl.drawing.line import LineProperties

    axis(axis_, id, other, "l", number=NO_NUMBER, lines=True)
    web = GraphicalProperties(ln=LineProperties(solidFill=HAIRLINE, w=6350))
    axis_.graphicalProperties = axis_.majorGridlines.graphicalProperties = web
    axis_.scaling.min, axis_.scaling.max, axis_.majorUnit = 0, 100, 25


def labels(number: str, *, colour: str = INK, percent: bool = False) -> Any:
    """The value, or the share, written at each point."""
    from openpyxl.chart.label import DataLabelList

    shown = DataLabelList(numFmt=number, showVal=not percent, showPercent=percent)
    shown.showSerName = shown.showCatName = shown.showLegendKey = shown.showLeaderLines = shown.showBubbleSize = False
    shown.txPr = text(9, colour)
    return shown


def legend(chart: Any, position: str | None) -> None:
    """The legend's place, or none for a single series."""
    if position is None:
        chart.legend = None
    else:
        chart.legend.position, chart.legend.txPr, chart.legend.overlay = position, text(), False


def anchor(edges: tuple[tuple[int, int], tuple[int, int]], top: int, rows: int) -> Any:
    """From cell to cell: it spans the same columns wherever fonts make them wider; it moves with them but keeps its size.

    `edges`: left and right as column (1 = A) and EMU into it; `top`: its first row.
    """
    from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor

    (left, left_off), (right, right_off) = edges
    start = AnchorMarker(col=left - 1, colOff=left_off, row=top - 1)
    end = AnchorMarker(col=right - 1, colOff=right_off, row=top - 1 + rows)
    return TwoCellAnchor(editAs="oneCell", _from=start, to=end)
