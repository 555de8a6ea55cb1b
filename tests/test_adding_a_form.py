"""Adding a form takes one file and one line: here one is added to a copy of the project, which then keeps every contract."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reading import Reading

ROOT = Path(__file__).parents[1]
PARTS = ("crmbook", "tests", "templates", "sample_data", "docs", "pyproject.toml", "CHANGELOG.md")
FORM = '''"""Dormant customers: who has not ordered for the longest time."""

import pandas as pd

from crmbook.features import Bars
from crmbook.form import NO, NOTE, Asks, Form, Given, Shows
from crmbook.schema import CUSTOMERS, Column
from crmbook.text import Text


def rows(given: Given) -> pd.DataFrame:
    """Every customer that has bought, the longest silent first."""
    facts = given.facts[given.facts["orders"] > 0].sort_values("recency_days", ascending=False, kind="stable")
    found = facts[["name", "recency_days"]].rename(columns={"recency_days": "days"}).rename_axis("customer_id").reset_index()
    return found.assign(weeks=found["days"] / 7, no=range(1, len(found) + 1))


DORMANT = Form(
    "dormant",
    Text("沉睡客户表", "Dormant customers"),
    Text("谁最久没有下单", "Who has not ordered for the longest time"),
    ("customer_id",),
    (
        NO,
        Shows(CUSTOMERS.column("customer_id")),
        Shows(CUSTOMERS.column("name")),
        Shows(Column("days", Text("未下单天数", "Days without order"), "number", help=Text("基准日期减末次下单日", "the day of the report less the last order's"))),
        Shows(Column("weeks", Text("周数", "Weeks"), "score", help=Text("天数÷7", "days / 7")), formula="[@days]/7"),
        Asks(Column("wake", Text("唤醒办法", "How to wake them"), "long")),
        NOTE,
    ),
    rows=rows,
    features=(Bars("days"),),
)
'''
CONTRACTS = (
    "tests/test_every_form.py",
    "tests/test_draw.py",
    "tests/test_every_form_keeps.py",
    "tests/test_house_rules.py",
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with one more form."""
    home = tmp_path_factory.mktemp("project")
    for part in PARTS:
        whole = (ROOT / part).is_dir()
        (shutil.copytree if whole else shutil.copy)(ROOT / part, home / part)
    (home / "crmbook" / "forms" / "dormant.py").write_text(FORM, "utf-8")
    shelf = home / "crmbook" / "forms" / "__init__.py"
    shelf.write_text(shelf.read_text("utf-8").replace('    "chain",\n', '    "chain",\n    "dormant",\n', 1), "utf-8")
    return home


def run(project: Path, *command: str) -> str:
    """What the command prints, run in the copy and nowhere else."""
    environment = {**os.environ, "PYTHONPATH": str(project), "CRMBOOK_STATE": str(project / "state")}
    done = subprocess.run(
        [sys.executable, "-P", "-m", *command],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_new_form_keeps_every_contract_and_nobody_wrote_it_a_test(project: Path):
    said = run(project, "pytest", "-q", "-p", "no:cacheprovider", *CONTRACTS, "-k", "dormant")
    passed = int(said.split(" passed")[0].split()[-1])
    assert passed > 30
    assert "skipped" not in said


def test_the_new_form_stands_in_the_workbook_at_its_place(project: Path):
    book = project / "book.xlsx"
    run(project, "crmbook", "build", str(book), "-q")
    reading = Reading(book)
    assert reading.order.index("沉睡客户表") == reading.order.index("客户链管理表") + 1
    table = reading.tables["crm_dormant"]
    days = [table.cell(row, "未下单天数").value for row in table.rows]
    assert days == sorted(days, reverse=True)
    assert len(days) > 100
    run(project, "crmbook", "refresh", str(book), "-q")
