"""Writes a page for each form, in both languages: what it is for, its columns, its rules, how to tune them.

    python docs/pages.py

All of it comes from the code; tests/test_docs.py holds that the pages say what the code does, and that none is left over.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOME))

from crmbook import classifications, forms, settings  # noqa: E402  (the checkout's own)
from crmbook.classification import Classification  # noqa: E402
from crmbook.form import Asks, Form, Shows  # noqa: E402
from crmbook.settings import Setting  # noqa: E402
from crmbook.text import LANGS, Lang, Text, said  # noqa: E402

FOLDER = HOME / "docs" / "forms"
SUFFIX: dict[Lang, str] = {"en": ".md", "zh": ".zh-CN.md"}
OTHER: dict[Lang, Lang] = {"en": "zh", "zh": "en"}
MADE = Text("本页由代码生成：`poe renew`。", "This page is made from the code: `poe renew`.")
ALL_FORMS, IN_OTHER = Text("全部表单", "All forms"), Text("English", "中文")
COLUMNS, RULES, TUNE, BY_HAND = (
    Text("栏目", "Columns"), Text("规则", "Rules"), Text("调整", "How to tune it"), Text("您填写", "you"),
)  # fmt: skip
HEAD = Text("| 栏目 | 谁填 | 内容 |", "| column | filled in by | what it holds |")
LIVE, OURS = Text("公式", "formula"), Text("计算", "crmbook")
ONE_OF, REQUIRED, FROM = Text("取值：{choices}", "one of: {choices}"), Text("必填", "required"), Text("从{form}中选择", "chosen from {form}")  # fmt: skip
SETTING_HEAD = Text("| 设置 | 默认 | 作用 |", "| setting | default | what it does |")
TUNING = Text("在[设置](settings{suffix})表中修改下列各项，本表随之变化：", "Change these in [Settings](settings{suffix}), and the form follows:")  # fmt: skip
KEY = Text("一行一个：{columns}。", "One row for each: {columns}.")
NO_TABLE = Text("一页，没有表格：内容由公式取自其他工作表。", "A page without a table: formulas bring its figures from the other sheets.")  # fmt: skip
SIGNED = Text("签字：{names}。", "Signed by: {names}.")
SEPARATOR, COMMA, BREAK = Text("；", "; "), Text("、", ", "), Text("。", ". ")
INDEX = Text("表单", "The forms")
INDEX_HEAD = Text("| 表单 | 用途 |", "| form | for |")
IDS = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*\b")
SETTINGS = {s.id: s for s in settings.ALL}


def pages() -> dict[Path, str]:
    """Every page of the folder, with what stands in it."""
    found = {FOLDER / f"{form.id}{SUFFIX[lang]}": page(form, lang) for form in forms.ALL for lang in LANGS}
    return found | {FOLDER / f"README{SUFFIX[lang]}": index(lang) for lang in LANGS}


def index(lang: Lang) -> str:
    """All forms, with what they are for."""
    rows = [f"| [{f.title[lang]}]({f.id}{SUFFIX[lang]}) | {f.purpose[lang]} |" for f in forms.ALL]
    other = f"[{IN_OTHER[lang]}](README{SUFFIX[OTHER[lang]]})"
    return (
        "\n\n".join([f"# {INDEX[lang]}", other, "\n".join([INDEX_HEAD[lang], "| --- | --- |", *rows]), MADE[lang]])
        + "\n"
    )


def page(form: Form, lang: Lang) -> str:
    """One form's page."""
    suffix = SUFFIX[lang]
    links = f"[{ALL_FORMS[lang]}](README{suffix}) · [{IN_OTHER[lang]}]({form.id}{SUFFIX[OTHER[lang]]})"
    parts = [f"# {form.title[lang]}", links, f"{form.purpose[lang]}{BREAK[lang].strip()}"]
    parts.append(f"![{form.title[lang]}](../pictures/{form.id}.{lang}.png)")
    labels = {c.column.id: c.column.label[lang] for c in form.columns}
    keyed = KEY.fill(columns=COMMA[lang].join(labels[id] for id in form.key)) if form.columns else NO_TABLE
    parts.append(keyed[lang])
    if form.columns:
        rows = [HEAD[lang], "| --- | --- | --- |", *(_row(c, lang) for c in form.columns)]
        parts += [f"## {COLUMNS[lang]}", "\n".join(rows)]
    rules = [
        *(_bare(r[lang]) for r in form.rules),
        *(f"**{c.label[lang]}**{SAYS[lang]}{_bare(c.rule[lang])}" for c in _classes(form)),
    ]
    if rules:
        parts += [f"## {RULES[lang]}", "\n".join(f"- {rule}" for rule in rules)]
    if tuned := list(_tuned(form)):
        table = [SETTING_HEAD[lang], "| --- | --- | --- |", *(_setting(s, lang) for s in tuned)]
        parts += [f"## {TUNE[lang]}", TUNING.fill(suffix=suffix)[lang], "\n".join(table)]
    if form.sign_off:
        parts.append(SIGNED.fill(names=COMMA[lang].join(n[lang] for n in form.sign_off))[lang])
    return "\n\n".join([*parts, MADE[lang]]) + "\n"


SAYS = Text("：", ": ")


def _row(column: Shows | Asks, lang: Lang) -> str:
    """A column: its label, who fills it, what it holds."""
    c, by = column.column, BY_HAND if isinstance(column, Asks) else LIVE if column.formula else OURS
    says = [REQUIRED[lang]] if c.required and isinstance(column, Asks) else []
    says += [_bare(c.help[lang])] if c.help else []
    if c.choices:
        says.append(ONE_OF.fill(choices=COMMA[lang].join(x.name[lang] for x in c.choices))[lang])
    source = c.offers.partition(".")[0] or c.refers
    if isinstance(column, Asks) and source and (offers := next((f for f in forms.ALL if f.id == source), None)):
        says.append(FROM.fill(form=offers.title)[lang])
    words = (column.band[lang] + " · " if column.band else "") + c.label[lang]
    return f"| {words} | {by[lang]} | {SEPARATOR[lang].join(says).replace('|', '/')} |"


def _classes(form: Form) -> Iterator[Classification]:
    """The classifications whose classes one of its columns shows."""
    shown = [c.column.choices for c in form.shows if c.column.choices]
    return (c for c in classifications.ALL if c.classes in shown)


def _tuned(form: Form) -> Iterator[Setting]:
    """The settings that its formulas, rules and classes speak of, in the order of the settings' sheet."""
    texts = [said(f, lang) for c in form.shows for f in (c.formula, c.total, c.live) if f for lang in LANGS]
    texts += [formula for feature in form.parts for formula in feature.formulas("en").values()]
    texts += [c.column.help.en for c in form.columns if c.column.help]
    texts += [rule.en for rule in (*form.rules, *(c.rule for c in _classes(form)))]
    if form.id == "settings":
        return iter(settings.ALL)
    named = {id for text in texts for id in IDS.findall(str(text))}
    return (s for s in settings.ALL if s.id in named)


def _setting(setting: Setting, lang: Lang) -> str:
    default = next((c.name for c in setting.choices if c.id == setting.default), setting.default)
    if setting.kind == "percent" and default is not None:
        default = f"{default:.0%}"
    shown = "" if default is None else f"{said(default, lang)}"
    unit = "" if setting.kind == "percent" or default is None else setting.unit[lang]
    return f"| {setting.label[lang]} `{setting.id}` | {f'{shown} {unit}'.strip()} | {_bare(setting.help[lang])} |"


def _bare(words: str) -> str:
    """Words for a table or a list: without their last stop."""
    return words.strip().rstrip("。.")


def main() -> None:
    """Write every page, and take away those of forms that are no more."""
    FOLDER.mkdir(exist_ok=True)
    for path, text in pages().items():
        path.write_text(text, "utf-8")
    for path in set(FOLDER.glob("*.md")) - set(pages()):
        path.unlink()


if __name__ == "__main__":
    main()
