"""The measured tables as Markdown, in either language, and their place in the pages of the docs."""

from collections.abc import Mapping
from pathlib import Path

from benchmarks.measure import Row, Table
from benchmarks.targets import judged
from crmbook.text import LANGS, Lang, Text

DOCS = Path(__file__).parents[1] / "docs"
PAGES: dict[Lang, Path] = {"en": DOCS / "benchmarks.md", "zh": DOCS / "benchmarks.zh-CN.md"}
BEGIN, END = "<!-- measured -->\n", "<!-- /measured -->"
HEAD = Text("| | 秒 | 最小–最大 | 处理器秒 | 比第一行 | 比底线 | 内存 MB |", "| | seconds | min–max | processor seconds | to the first | to the floor | peak MB |")  # fmt: skip
RULE = "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
TARGETS = Text("目标", "Targets")
TARGET_HEAD = Text("| 目标 | 要求 | 实测 | 按处理器秒 | 达到 |", "| target | bound | measured | by processor seconds | holds |")  # fmt: skip
YES, NO = Text("是", "yes"), Text("**否**", "**no**")


def block(tables: Mapping[str, Table], machine: Text, versions: str, lang: Lang) -> str:
    """All that was measured."""
    parts = [f"{machine[lang]}\n\n{versions}", *(_table(t, lang) for t in tables.values()), _targets(tables, lang)]
    return "\n\n".join(parts) + "\n"


def _table(table: Table, lang: Lang) -> str:
    rows = list(table.rows.values())
    floor = next((r for r in rows if r.work.role == "floor"), None)
    lines = [
        f"<!-- {table.id} -->",
        f"### {table.title[lang]}",
        "",
        HEAD[lang],
        RULE,
        *(_row(r, rows[0], floor, lang) for r in rows),
    ]
    return "\n".join([*lines, *(f"\n{note[lang]}" for note in table.notes)])


def _row(row: Row, first: Row, floor: Row | None, lang: Lang) -> str:
    took = [m.seconds for m in row.runs]
    spread = f"{min(took):.2f}–{max(took):.2f}" if len(took) > 1 else ""
    over = f"{row.seconds / floor.seconds:.2f}" if floor else ""
    return f"| {row.work.name[lang]} | {row.seconds:.2f} | {spread} | {row.processor:.2f} | {row.seconds / first.seconds:.2f} | {over} | {row.megabytes:.0f} |"


def _targets(tables: Mapping[str, Table], lang: Lang) -> str:
    lines = [f"### {TARGETS[lang]}", "", TARGET_HEAD[lang], "| --- | ---: | ---: | ---: | --- |"]
    for target, clock, processor in judged(tables):
        second = f"{processor:.2f}" if target.timed else ""
        verdict = (YES if target.holds(clock) else NO)[lang]
        lines.append(f"| {target.name[lang]} | {target.sign} {target.bound:.2f} | {clock:.2f} | {second} | {verdict} |")
    return "\n".join(lines)


def write(tables: Mapping[str, Table], machine: Text, versions: str) -> None:
    """Put what was measured into the pages, in the place of what was measured before."""
    for lang in LANGS:
        before, rest = PAGES[lang].read_text("utf-8").split(BEGIN)
        after = rest.split(END)[1]
        PAGES[lang].write_text(f"{before}{BEGIN}{block(tables, machine, versions, lang)}{END}{after}", "utf-8")
