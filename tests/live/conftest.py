"""What the tests of an open workbook may ask for."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import excel_edits
from tests.conftest import REQUIRED, ROOT
from tests.live.libreoffice import Office, running
from tests.live.loading import before_and_after
from tests.live.moves import Memory


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A LibreOffice that listens. What its buttons start finds crmbook, and keeps its log in `office.state`."""
    from crmbook.live.libreoffice_uno import uno
    from crmbook.problems import CannotProceedError

    try:
        uno()
    except CannotProceedError as missing:
        if "office" in REQUIRED:
            pytest.fail(f"{missing}, and CRMBOOK_REQUIRE asks for it")
        pytest.skip(str(missing))
    folder: Path = tmp_path_factory.mktemp("office")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CRMBOOK_STATE", str(folder / "state"))
        environment.setenv("PYTHONPATH", str(ROOT))
        with running(folder / "profile", folder / "state") as program:
            yield program


@pytest.fixture
def path(small: Path, tmp_path: Path) -> Path:
    """A small book whose name has a blank, Chinese and an equals sign in it."""
    return Path(shutil.copy(small, tmp_path / "我的 客户=1.xlsx"))


@pytest.fixture
def opened(office: Office, path: Path) -> Iterator[Any]:
    """The document of that book, open in LibreOffice."""
    with office.document(path) as document:
        yield document


@pytest.fixture(scope="session")
def changed(small: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Memory, Memory]:
    """A small book after orders that change the rows' order and bring a customer, and the same after a refresh of its file."""
    path = tmp_path_factory.mktemp("changed") / "小.xlsx"
    path.write_bytes(small.read_bytes())
    order = {"订单号": "X1", "行号": 1, "日期": 46200, "客户编号": "K005", "金额": 90_000}
    where = {"table": "crm_grading", "where": {"客户代码": "K002"}}
    edits = [
        {"do": "append_row", "table": "crm_orders", "values": order},
        {"do": "append_row", "table": "crm_customers", "values": {"客户编号": "K900", "客户名称": "=新来的"}},
        {"do": "type", **where, "column": "备注", "value": "老客户"},
        {"do": "comment", **where, "column": "客户名称", "text": "注意", "author": "李敏"},
        {"do": "link", **where, "column": "客户名称", "url": "https://a.example"},
    ]
    excel_edits.edit(path, edits)
    return before_and_after(path)
