"""A chart above the table, over whole columns of it or over a summary."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from crmbook import chart_parts as parts
from crmbook.feature import Feature, Place
from crmbook.text import Text

ROWS = 16  # of the area, the last one left blank
QUIET = 3  # the theme's accent for what something is compared with
FEW = 7  # points that have room for their value in writing
AXES = (10, 20, 30, 40)  # ids: categories and values, and the same of a second pair


@dataclass(frozen=True, slots=True)
class Chart(Feature):
    """`categories`, `series` and `line` are column ids; with `of`, a summary's `label` and figure ids, or a listing's item ids.

    A pareto has columns in falling order and `line`, their cumulative share, on a second axis up to 100 %. A radar is for
    scores from 0 to 100. `form`: the block stands on that form's sheet; `rows_high` of the area, the last left blank; `quiet`:
    series in a lesser colour, with which the others are compared, such as last year. Columns stand on zero, as long
    as no amount lies below it (`chart_parts.suited`); `signed` ones may always hang below it.
    """

    id: str
    kind: Literal["bar", "column", "line", "doughnut", "pareto", "radar"]
    title: Text
    categories: str
    series: tuple[str, ...]
    line: tuple[str, ...] = ()
    of: str = ""
    percent: bool = False
    form: str = ""
    rows_high: int = ROWS
    quiet: tuple[str, ...] = ()
    signed: bool = False

    @property
    def height(self) -> int:
        return self.rows_high

    def draw(self, sheet: Any, place: Place) -> None:
        if self.form and not self._cells(place, self.categories):  # a book without that form
            return
        made = {"doughnut": self._pie, "radar": self._radar}
        chart = made.get(self.kind, self._axes)(place)
        chart.title = parts.title(self.title[place.lang])
        chart.roundedCorners = False
        chart.graphical_properties = parts.box()
        chart.anchor = parts.anchor(place.edges, place.area_row, self.rows_high - 1)
        sheet.add_chart(chart)

    def _axes(self, place: Place) -> Any:
        """A chart with axes: bars, columns, lines, or columns with a line on a second axis."""
        from openpyxl.chart import BarChart, LineChart

        if self.kind == "line":
            chart: Any = LineChart()
        else:
            chart = BarChart()
            chart.type, chart.overlap = "bar" if self.kind == "bar" else "col", 0
            chart.gapWidth = 10 if self.kind == "pareto" else 60
        self._fill(chart, place, self.series, 1)
        alone = 0 < len(self._cells(place, self.categories)) <= FEW and len(self.series) == 1 and not self.line
        names, values = "lb" if self.kind == "bar" else "bl"
        number = "0%" if self.percent else parts.AMOUNT[place.lang]
        parts.axis(chart.x_axis, AXES[0], AXES[1], names, shown=self.kind != "pareto")
        parts.axis(chart.y_axis, AXES[1], AXES[0], values, number=number, lines=not alone, shown=not alone)
        if self.kind == "bar":
            # The first row on top, with every name, and the numbers at the bottom all the same.
            chart.x_axis.scaling.orientation, chart.x_axis.tickLblSkip, chart.y_axis.crosses = "maxMin", 1, "max"
        if alone:
            chart.dLbls = parts.labels(number)
            chart.dLbls.position = "t" if self.kind == "line" else None
        if not self.signed:  # or a program cuts off what all have in common, and small differences look large
            chart.y_axis.scaling.min = 0
        if self.line:
            chart += self._second(place)
        parts.legend(chart, "b" if len(self.series) + len(self.line) > 1 else None)
        return chart

    def _second(self, place: Place) -> Any:
        """The lines that run on their own axis at the right, from 0 to 100 %."""
        from openpyxl.chart import LineChart

        line = LineChart()
        self._fill(line, place, self.line, 1 + len(self.series))
        parts.axis(line.x_axis, AXES[2], AXES[3], "b", shown=False)
        parts.axis(line.y_axis, AXES[3], AXES[2], "r", number="0%")
        line.y_axis.crosses = "max"
        if self.kind == "pareto":
            line.y_axis.scaling.min, line.y_axis.scaling.max, line.y_axis.majorUnit = 0, 1, 0.2
        return line

    def _pie(self, place: Place) -> Any:
        """A ring whose parts carry their share."""
        from openpyxl.chart import DoughnutChart

        chart = DoughnutChart(holeSize=58)
        self._fill(chart, place, self.series[:1], 1)
        chart.series[0].dPt.extend(parts.slices())
        chart.dLbls = parts.labels("0%", colour="FFFFFF", percent=True)
        parts.legend(chart, "r")
        return chart

    def _radar(self, place: Place) -> Any:
        """A web of scores, each on its own ray, without numbers beside the rays."""
        from openpyxl.chart import RadarChart

        chart = RadarChart()
        chart.type = "marker"
        self._fill(chart, place, self.series, 1)
        parts.axis(chart.x_axis, AXES[0], AXES[1], "b")
        parts.rays(chart.y_axis, AXES[1], AXES[0])
        if len(self.series) == 1:
            chart.dLbls = parts.labels("0")
        parts.legend(chart, "b" if len(self.series) > 1 else None)
        return chart

    def _fill(self, chart: Any, place: Place, ids: Sequence[str], first_accent: int) -> None:
        """Series over the columns, with categories, each in its own colour of the theme."""
        labels = self._range(place, self.categories)[1]
        lines, loud = chart.tagname in {"lineChart", "radarChart"}, [id for id in ids if id not in self.quiet]
        for at, id in enumerate(ids, first_accent):
            name, values = self._range(place, id)
            accent = QUIET if id in self.quiet else first_accent + loud.index(id)
            chart.series.append(parts.series(at - 1, name, labels, values, accent, stroke=lines))

    def _range(self, place: Place, id: str) -> tuple[str, str]:
        """Where the name and the values of a column of the table, or of a figure of the summary, stand."""
        from openpyxl.utils import absolute_coordinate, get_column_letter, quote_sheetname
        from openpyxl.utils.cell import coordinate_from_string

        sheet = quote_sheetname(place.around.title(self.form)[place.lang] if self.form else place.sheet)
        if not self.of:
            at, first = f"{sheet}!${get_column_letter(place.columns[id])}$", place.first_row
            return f"{at}{place.header_row}", f"{at}{first}:{at.rpartition('!')[2]}{first}"
        cells = self._cells(place, id)
        column, row = coordinate_from_string(cells[0])
        values = f"{sheet}!{absolute_coordinate(cells[0])}:{absolute_coordinate(cells[-1])}"
        return f"{sheet}!${column}${row - 1}", values

    def _cells(self, place: Place, part: str) -> list[str]:
        """The addresses of a block's labels, or of one of its figures, from the top."""
        held = place.around.cells.get(self.form, {}) if self.form else place.cells
        pattern = re.compile(rf"{self.of}\.\d+\.{part}")
        return [at for name, at in held.items() if pattern.fullmatch(name)]
