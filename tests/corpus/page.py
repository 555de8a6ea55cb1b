"""The page about the corpus, in both languages: what became of each workbook, beside what other programs leave of it."""

import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

from crmbook.text import LANGS, Lang, Text
from tests.corpus.books import BOOKS, CORPUS, Result, listed, program
from tests.corpus.peers import PEERS, Saved, left_by

DOCS = Path(__file__).parents[2] / "docs"
MOST_AT_ONCE = 4
PAGES: dict[Lang, Path] = {"en": DOCS / "corpus.md", "zh": DOCS / "corpus.zh-CN.md"}
TITLE = Text("真实工作簿", "Real workbooks")
OTHER: dict[Lang, str] = {"en": "[中文](corpus.zh-CN.md)", "zh": "[English](corpus.md)"}
MADE = Text("本页由测试生成：`poe renew`（需要 excelize 和参考数据）。", "This page is made by a test: `poe renew` (with excelize and the reference data).")  # fmt: skip
WHAT = Text(
    "{books} 个由 Excel、WPS、LibreOffice、Google 表格和各种程序库保存的工作簿，取自公开项目的测试数据：图表、数据透视表、切片器、宏、控件、批注、SmartArt、strict 格式等。"
    "crmbook 在每一个里加入自己的表单（`crmbook build --into`），再由“员工”填写、更新；openpyxl 和 excelize 只是打开、保存，什么也不改。",
    "{books} workbooks that Excel, WPS, LibreOffice, Google Sheets and libraries saved, from the test data of public projects: charts, pivot tables, slicers, macros, controls, comments, SmartArt, strict files and more. "
    "crmbook adds its forms to each (`crmbook build --into`), “staff” type in it, and it is refreshed; openpyxl and excelize merely open and save it, and change nothing.",
)
COUNTED = Text(
    "*原样*：该部件的压缩字节完全相同。*增补*：工作簿的目录、样式表这类每张工作表都要登记的部件，原有内容全部按原来的顺序保留，只多了我们的。"
    "对 openpyxl 和 excelize 数得宽一些：*相同*指内容含义相同（属性次序、元素间空白、部件改名都不算），*改变*指部件还在而内容不同（其中有些并不影响使用），*丢失*指部件没有了。",
    "*Untouched*: the part's packed bytes are the same. *Extended*: the parts in which every sheet has a line, such as the list of sheets and the styles; all that was in them is there, in its order, and ours besides. "
    "openpyxl and excelize are counted more kindly: *same* means the content says the same (the order of attributes, blanks between elements and another name of the part count for nothing), *changed* that the part is there and says something else (which need not matter to anybody), *lost* that it is gone.",
)
TOTALS = Text(
    "| | 完成的工作簿 | 部件 | | |\n|---|---|---|---|---|", "| | workbooks done | parts | | |\n|---|---|---|---|---|"
)
OURS_IN_ALL = Text("| **crmbook** | {done} / {books} | {untouched} 原样 | {extended} 增补 | **0 丢失** |", "| **crmbook** | {done} of {books} | {untouched} untouched | {extended} extended | **0 lost** |")  # fmt: skip
THEIRS_IN_ALL = Text("| {peer} {version} | {done} / {books} | {same} 相同 | {changed} 改变 | {lost} 丢失 |", "| {peer} {version} | {done} of {books} | {same} same | {changed} changed | {lost} lost |")  # fmt: skip
HEAD = Text("| 工作簿 | 来自 | 保存它的程序 | 其中有 | crmbook | openpyxl | excelize |", "| workbook | from | saved by | what is in it | crmbook | openpyxl | excelize |")  # fmt: skip
CAME_IN = Text("{untouched} 原样，{extended} 增补", "{untouched} untouched, {extended} extended")
REFUSED = Text("不改动：{why}", "left alone: {why}")
LEFT = Text("{same} 相同，{changed} 改变，{lost} 丢失", "{same} same, {changed} changed, {lost} lost")
FAILED = Text("打不开或存不了", "cannot open or save it")
ROW = re.compile(r"^\| (\S+\.xls[xm]) \|(.*)\|$", re.MULTILINE)


def cell(result: Result) -> Text:
    """What crmbook did with a workbook."""
    if result.refused is not None:
        return REFUSED.fill(why=result.refused.what)
    untouched, extended = _parts(result)
    return CAME_IN.fill(untouched=untouched, extended=extended)


def _parts(result: Result) -> tuple[int, int]:
    """How many parts stayed as they were stored, and how many took ours in; folders in the zip are no parts."""
    assert result.proof is not None
    return sum(not name.endswith("/") for name in result.proof.untouched), len(result.proof.rewritten)


def peer_cell(left: Saved | None) -> Text:
    """What a peer left of it."""
    return FAILED if left is None else LEFT.fill(**dict(zip(("same", "changed", "lost"), left, strict=True)))


def write(came_in: Callable[[str], Result], folder: Path) -> None:
    """Both pages anew; takes some minutes."""
    with ThreadPoolExecutor(MOST_AT_ONCE) as pool:  # each run is a process of its own
        coming = {peer: {name: pool.submit(left_by, peer, CORPUS / name, folder) for name in BOOKS} for peer in PEERS}
        results = {name: came_in(name) for name in BOOKS}
    left = {peer: {name: done.result() for name, done in runs.items()} for peer, runs in coming.items()}
    for lang in LANGS:
        PAGES[lang].write_text(_page(results, left, lang), "utf-8", newline="\n")


def _page(results: Mapping[str, Result], left: Mapping[str, Mapping[str, Saved | None]], lang: Lang) -> str:
    done = [_parts(r) for r in results.values() if r.proof is not None]
    ours = OURS_IN_ALL.fill(
        done=len(done),
        books=len(results),
        untouched=sum(untouched for untouched, _ in done),
        extended=sum(extended for _, extended in done),
    )
    lines = [f"# {TITLE[lang]}", OTHER[lang], MADE[lang], WHAT.fill(books=len(results))[lang], COUNTED[lang]]
    totals = [TOTALS[lang], ours[lang]]
    for peer, found in left.items():
        opened = [saved for saved in found.values() if saved is not None]
        same, changed, lost = (sum(s[at] for s in opened) for at in range(3))
        said = THEIRS_IN_ALL.fill(peer=peer, version=version(peer), done=len(opened), books=len(results), same=same, changed=changed, lost=lost)  # fmt: skip
        totals.append(said[lang])
    table = [HEAD[lang], "|---" * 7 + "|"]
    about = listed()
    for name, result in results.items():
        where, features = about[name]
        said_by = program(result.source) if result.refused is None else "–"
        cells = [name, where, said_by, features, cell(result)[lang], *(peer_cell(left[p][name])[lang] for p in PEERS)]
        table.append(f"| {' | '.join(cells)} |")
    return "\n\n".join([*lines, "\n".join(totals), "\n".join(table)]) + "\n"


def committed(lang: Lang) -> dict[str, list[str]]:
    """The last three cells of each workbook's line on the page: what crmbook, openpyxl and excelize made of it."""
    rows = ROW.findall(PAGES[lang].read_text("utf-8"))
    return {name: [part.strip() for part in rest.split("|")][-3:] for name, rest in rows}
