"""The pages of the docs say what the code does, and every form has its own: neither can fall behind the other."""

import importlib.util
import re
from pathlib import Path

import pytest

from benchmarks.every import WORKLOADS
from benchmarks.pages import BEGIN, END
from benchmarks.pages import PAGES as PLACE
from benchmarks.targets import TARGETS
from crmbook import forms, schema, settings
from crmbook.cli import cli
from crmbook.form import NO
from crmbook.text import LANGS

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "forms"
LINK = re.compile(r"\]\(([^)#]+)\)")
PAGES = sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").rglob("*.md"))


@pytest.fixture(scope="module")
def maker():
    """docs/pages.py."""
    spec = importlib.util.spec_from_file_location("pages", ROOT / "docs" / "pages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_page_is_as_the_code_makes_it(maker, request: pytest.FixtureRequest):
    if request.config.getoption("--renew"):
        maker.main()
    wrong = [p.name for p, text in maker.pages().items() if not p.is_file() or p.read_text("utf-8") != text]
    assert wrong == [], "poe renew, then read git diff docs/forms"


def test_no_page_is_left_of_a_form_that_is_no_more(maker):
    assert set(FOLDER.glob("*.md")) == set(maker.pages())


@pytest.mark.parametrize("form", forms.ALL, ids=lambda f: f.id)
def test_a_page_names_every_column_in_its_language(form):
    for lang, suffix in (("en", ".md"), ("zh", ".zh-CN.md")):
        text = (FOLDER / f"{form.id}{suffix}").read_text("utf-8")
        assert all(c.column.label[lang] in text for c in form.columns)
        assert form.purpose[lang].rstrip("。.") in text


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_link_and_picture_leads_somewhere(page: Path):
    targets = [t for t in LINK.findall(page.read_text("utf-8")) if "://" not in t]
    assert [t for t in targets if not (page.parent / t).exists()] == []


@pytest.mark.parametrize("lang", LANGS)
def test_the_benchmarks_page_shows_the_workloads_that_exist_and_no_other(lang):
    measured = PLACE[lang].read_text("utf-8").split(BEGIN)[1].split(END)[0]
    assert re.findall(r"^<!-- (\w+) -->$", measured, re.MULTILINE) == list(WORKLOADS)
    assert all(f"| {target.name[lang]} |" in measured for target in TARGETS)


def test_every_setting_is_explained_on_the_page_of_some_form():
    text = "".join((FOLDER / f"{f.id}.md").read_text("utf-8") for f in forms.ALL if f.id != "settings")
    general = {"AS_OF", "PERIOD_START"}
    assert [s.id for s in settings.ALL if f"`{s.id}`" not in text and s.id not in general] == []


def test_every_shown_column_of_a_report_says_what_it_holds():
    """By a definition, by its choices, or as a column of the data is called; figures behind a card are hidden."""
    data = {column.label for table in schema.ALL for column in table.columns} | {NO.column.label}
    silent = [
        f"{form.id}.{c.column.id}"
        for form in forms.ALL
        for c in form.shows
        if form.rows and not (c.column.help or c.column.choices or c.column.label in data or c.hidden)
    ]
    assert silent == []


def test_there_is_a_picture_of_every_form_in_both_languages():
    wanted = {f"{form.id}.{lang}.png" for form in forms.ALL for lang in LANGS}
    assert wanted <= {p.name for p in (ROOT / "docs" / "pictures").glob("*.png")}


def test_the_page_of_the_button_and_its_twin_speak_of_the_same_commands_which_exist():
    twins = [ROOT / "docs" / f"the-button{suffix}.md" for suffix in ("", ".zh-CN")]
    commands = [re.findall(r"(?:`|^ *)crmbook ([a-z]+)", page.read_text("utf-8"), re.MULTILINE) for page in twins]
    assert sorted(commands[0]) == sorted(commands[1])
    assert set(commands[0]) <= set(cli.commands)
