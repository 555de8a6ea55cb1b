"""The chart part Excel 2016 writes for a column chart, and the style and colours parts that go with it."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

A = "http://schemas.openxmlformats.org/drawingml/2006/main"
STYLES = "http://schemas.microsoft.com/office/drawing/2012/chartStyle"
ENTRIES = """
    axisTitle categoryAxis chartArea dataLabel dataLabelCallout dataPoint dataPoint3D dataPointLine dataPointMarker
    dataPointWireframe dataTable downBar dropLine errorBar floor gridlineMajor gridlineMinor hiLoLine leaderLine legend
    plotArea plotArea3D seriesAxis seriesLine title trendline trendlineLabel upBar valueAxis wall
"""
STYLE = f'<cs:chartStyle xmlns:cs="{STYLES}" xmlns:a="{A}" id="201">' + "".join(
    f'<cs:{e}><cs:lnRef idx="0"/><cs:fillRef idx="0"/><cs:effectRef idx="0"/><cs:fontRef idx="minor"><a:schemeClr val="tx1"/></cs:fontRef></cs:{e}>'
    + ('<cs:dataPointMarkerLayout symbol="circle" size="5"/>' if e == "dataPointMarker" else "")
    for e in ENTRIES.split()
) + "</cs:chartStyle>"  # fmt: skip
COLORS = (
    f'<cs:colorStyle xmlns:cs="{STYLES}" xmlns:a="{A}" meth="cycle" id="10">'
    + "".join(f'<a:schemeClr val="accent{n}"/>' for n in range(1, 7))
    + '<cs:variation/><cs:variation><a:lumMod val="60000"/></cs:variation></cs:colorStyle>'
)
Column = Sequence[str | float | None]


def _points(values: Column) -> str:
    said = (f'<c:pt idx="{n}"><c:v>{escape(_said(v))}</c:v></c:pt>' for n, v in enumerate(values) if v is not None)
    return f'<c:ptCount val="{len(values)}"/>' + "".join(said)


def _said(value: str | float) -> str:
    return value if isinstance(value, str) else repr(value).removesuffix(".0")


def chart_xml(title: tuple[str, str], categories: tuple[str, Column], values: tuple[str, Column]) -> str:
    """The chart part over (reference, cached values) of its title, categories and values."""
    series = (
        f'<c:ser><c:idx val="0"/><c:order val="0"/><c:tx><c:strRef><c:f>{escape(title[0])}</c:f><c:strCache>{_points([title[1]])}</c:strCache></c:strRef></c:tx>'
        '<c:spPr><a:solidFill><a:schemeClr val="accent1"/></a:solidFill><a:ln><a:noFill/></a:ln><a:effectLst/></c:spPr><c:invertIfNegative val="0"/>'
        f"<c:cat><c:strRef><c:f>{escape(categories[0])}</c:f><c:strCache>{_points(categories[1])}</c:strCache></c:strRef></c:cat>"
        f"<c:val><c:numRef><c:f>{escape(values[0])}</c:f><c:numCache><c:formatCode>#,##0.00</c:formatCode>{_points(values[1])}</c:numCache></c:numRef></c:val>"
        '<c:extLst><c:ext uri="{C3380CC4-5D6E-409C-BE32-E72D297353CC}" xmlns:c16="http://schemas.microsoft.com/office/drawing/2014/chart">'
        '<c16:uniqueId val="{00000000-5C1B-4F0E-8F4C-6E1E0E0B7A11}"/></c:ext></c:extLst></c:ser>'
    )
    axes = (
        '<c:catAx><c:axId val="480123000"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="b"/>'
        '<c:numFmt formatCode="General" sourceLinked="1"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
        '<c:crossAx val="480123392"/><c:crosses val="autoZero"/><c:auto val="1"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="0"/></c:catAx>'
        '<c:valAx><c:axId val="480123392"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="l"/><c:majorGridlines/>'
        '<c:numFmt formatCode="#,##0.00" sourceLinked="1"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
        '<c:crossAx val="480123000"/><c:crosses val="autoZero"/><c:crossBetween val="between"/></c:valAx>'
    )
    return (
        f'<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="{A}" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:c16r2="http://schemas.microsoft.com/office/drawing/2015/06/chart">'
        '<c:date1904 val="0"/><c:lang val="zh-CN"/><c:roundedCorners val="0"/><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        '<mc:Choice Requires="c14" xmlns:c14="http://schemas.microsoft.com/office/drawing/2007/8/2/chart"><c14:style val="102"/></mc:Choice>'
        '<mc:Fallback><c:style val="2"/></mc:Fallback></mc:AlternateContent><c:chart><c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>'
        '<c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:varyColors val="0"/>'
        f'{series}<c:gapWidth val="219"/><c:overlap val="-27"/><c:axId val="480123000"/><c:axId val="480123392"/></c:barChart>{axes}</c:plotArea>'
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart><c:printSettings><c:headerFooter/>'
        '<c:pageMargins b="0.75" l="0.7" r="0.7" t="0.75" header="0.3" footer="0.3"/><c:pageSetup/></c:printSettings></c:chartSpace>'
    )
