"""LibreOffice as a second reader: the modules it finds are the ones written, and the button runs its macro."""

import pytest

from crmbook import book, vba
from crmbook.vba.module import PREAMBLE
from tests.vba.office import macros
from tests.vba.reading import plain_book, with_button

pytestmark = pytest.mark.office

RUN = "vnd.sun.star.script:VBAProject.crmbook.RefreshBook?language=Basic&location=document"
# Stands in for the one module that starts Python on Windows and macOS: it writes down what it is asked to run.
STUB = """Option Explicit
Public Function RunPython(command As String)
    ThisWorkbook.Worksheets("xlwings.conf").Range("A1").Value = command
End Function
"""


def lines(source: str) -> list[str]:
    """The code of a module, without the attributes, which LibreOffice takes out, and what it puts in front."""
    head = ("Attribute ", "Rem Attribute ", "Option VBASupport", "Option ClassModule")
    code = PREAMBLE.sub("", "\n".join(source.splitlines()) + "\n").split("\n")
    return [line.rstrip() for line in code if not line.startswith(head) and line.strip()]


def test_every_module_is_read_and_the_button_is_bound(home, tmp_path):
    path = tmp_path / "book.xlsm"
    path.write_bytes(home(ending=".xlsm"))
    found = macros(path, tmp_path / "profile")
    assert found["vba"]
    written = {**vba.ours("refresh"), **vba.launcher("refresh")}
    assert {name: lines(found["modules"][name]) for name in written} == {n: lines(t) for n, t in written.items()}
    sheets = {name for name in found["modules"] if name.startswith("Sheet")}
    assert sheets | {"ThisWorkbook", *written} == set(found["modules"])
    assert found["buttons"] == [["首页", "刷新", False, RUN]]


def test_the_macro_runs(tmp_path):
    path = tmp_path / "book.xlsm"
    path.write_bytes(
        with_button(plain_book("客户", "订单"), lang="en", sources={**vba.ours("refresh"), "xlwings": STUB})
    )
    found = macros(path, tmp_path / "profile", RUN)
    assert found["buttons"] == [["客户", "Refresh", False, RUN]]
    assert found["last"] == "import crmbook.live; crmbook.live.refresh()"


@pytest.mark.soak
def test_a_printed_page_is_that_of_the_book_without_a_button(home, tmp_path):
    for ending in (".xlsx", ".xlsm"):
        (tmp_path / f"book{ending}").write_bytes(home(ending=ending))
        (made,) = book.to_paper(tmp_path / f"book{ending}", form="dashboard", to=tmp_path / f"{ending[1:]}.pdf")
        assert made.stat().st_size
    assert abs((tmp_path / "xlsx.pdf").stat().st_size - (tmp_path / "xlsm.pdf").stat().st_size) < 64
