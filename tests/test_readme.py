"""The README cannot fall behind the code, nor its twin behind it."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from crmbook import forms
from crmbook.cli import cli
from crmbook.features import Picker

ROOT = Path(__file__).parents[1]
TWINS = {"en": ROOT / "README.md", "zh": ROOT / "README.zh-CN.md"}
every_twin = pytest.mark.parametrize("lang", TWINS)


@pytest.fixture
def section(request: pytest.FixtureRequest):
    """Compare text with what stands in a README between `<!-- name -->` and `<!-- /name -->`."""

    def compare(lang: str, name: str, text: str) -> None:
        path = TWINS[lang]
        before, rest = path.read_text("utf-8").split(f"<!-- {name} -->\n")
        old, after = rest.split(f"<!-- /{name} -->")
        if request.config.getoption("--renew"):
            path.write_text(f"{before}<!-- {name} -->\n{text}<!-- /{name} -->{after}", "utf-8")
            old = text
        assert text == old, f"poe renew, then read git diff {path.name}"

    return compare


@every_twin
def test_lists_every_form(lang, section):
    head = {"en": "| form | for | you fill in |", "zh": "| 表单 | 用途 | 您填写 |"}[lang]
    everything = {"en": "the data", "zh": "全部数据"}[lang]
    comma = {"en": ", ", "zh": "、"}[lang]
    rows = [head, "| --- | --- | --- |"]
    for form in forms.ALL:
        asked = [a.column.label[lang] for a in form.asks] + [p.label[lang] for p in form.parts if isinstance(p, Picker)]
        asks = everything if form.is_entry else comma.join(asked)
        page = f"docs/forms/{form.id}{'.md' if lang == 'en' else '.zh-CN.md'}"
        rows.append(f"| [{form.title[lang]}]({page}) `{form.id}` | {form.purpose[lang]} | {asks} |")
    section(lang, "forms", "\n".join(rows) + "\n")


@every_twin
def test_lists_every_command(lang, section):
    rows = [{"en": "| command | options | |", "zh": "| 命令 | 选项 | |"}[lang], "| --- | --- | --- |"]
    for name, command in cli.commands.items():
        usage = " ".join(p.make_metavar(None) if not p.metavar else p.metavar for p in command.params if p.param_type_name == "argument")  # fmt: skip
        options = [p for p in command.params if p.param_type_name == "option"]
        given = " ".join(f"`{max(p.opts, key=len)}{f' {p.metavar}' if p.metavar else ''}`" for p in options)
        en, zh = (command.help or "").split("\n\n")
        rows.append(f"| `{f'crmbook {name} {usage}'.strip()}` | {given} | {en if lang == 'en' else zh} |")
    section(lang, "commands", "\n".join(rows) + "\n")


def test_twins_have_the_same_headings():
    shape = [re.findall(r"^#+", path.read_text("utf-8"), re.MULTILINE) for path in TWINS.values()]
    assert shape[0] == shape[1]


def test_every_command_answers_help():
    for name in ["", *cli.commands]:
        found = CliRunner().invoke(cli, [*([name] if name else []), "--help"])
        assert found.exit_code == 0
        assert "Usage" in found.output
