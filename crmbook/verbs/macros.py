"""A workbook given what a button takes: the macro, the names it is bound by, and the button on the first page."""

from collections.abc import Mapping, Sequence

from crmbook import binding, vba
from crmbook.feature import HOME
from crmbook.ooxml import Package, Sheet, Workbook, form_button
from crmbook.ooxml.code_names import name_code
from crmbook.ooxml.macros import put_macros
from crmbook.ooxml.text_sheet import add_text_sheet
from crmbook.palette import FONTS
from crmbook.problems import stop
from crmbook.text import Lang, Text
from crmbook.verbs.place import free_place

CAPTION = Text("刷新", "Refresh")
MACRO = "RefreshBook"
PROJECT = "VBAProject"
EXPLICIT = "Option Explicit"  # the editor may write it into every new module
# Where xlwings reads its settings first. Without this one, Python would look for modules beside the workbook before
# anywhere else, and a workbook on OneDrive or SharePoint would stop it before our code runs.
SETTINGS, SETTING_LINES = "xlwings.conf", [["ADD_WORKBOOK_TO_PYTHONPATH", "False"]]
NO_LAUNCHER = Text(
    "按钮要用 xlwings 从 Excel 启动 Python，但还没有安装它",
    "the button needs xlwings to start Python from Excel, and it is not installed",
)
INSTALL = Text('运行 pip install "crmbook[excel]"，然后再试一次', 'run pip install "crmbook[excel]", then try again')


def macros(kind: str = "refresh", words: Mapping[str, str] | None = None) -> dict[str, str]:
    """The modules behind a button, name → source; CannotProceedError without xlwings, which brings most of them."""
    try:
        return {**vba.ours(kind, words), **vba.launcher(kind)}
    except vba.NoLauncherError as error:
        raise stop("xlwings", NO_LAUNCHER, INSTALL) from error


def carry(package: Package, lang: Lang, sources: Mapping[str, str]) -> None:
    """Gives a workbook without macros these modules (name → source) and the button; nothing else in it moves."""
    if all(s.name.casefold() != SETTINGS for s in Workbook(package).sheets):
        add_text_sheet(package, SETTINGS, SETTING_LINES, "hidden")
    put_macros(package, project_of(package, sources))
    put_button(package, lang)


def put_button(package: Package, lang: Lang) -> None:
    """Puts the button on the workbook's first page, unless it stands on some sheet already: users may have moved it."""
    workbook = Workbook(package)
    if any(form_button.has_button(package, sheet.part, MACRO) for sheet in workbook.sheets):
        return
    host, caption = _host(workbook), CAPTION[lang]
    top_left, bottom_right = free_place(workbook, host, caption)
    form_button.put_button(package, host.part, top_left, bottom_right, caption, MACRO, FONTS[lang])


def renew(package: Package, sources: Mapping[str, str]) -> bool:
    """Brings the button's macro up to these sources; False, and nothing touched, where the workbook has macros but not that
    one. Beside macros of the user's it stays as it is."""
    (part,) = package.related(package.workbook, "vbaProject")
    try:
        held = vba.modules(package.read(part))
    except vba.NotReadableError:
        return False
    if vba.OURS not in held or MACRO not in held[vba.OURS].source:
        return False
    versions = [vba.version_of(text) for text in (_source(held, vba.LAUNCHER), sources[vba.LAUNCHER])]
    if versions[0] != versions[1] and all(_is_ours(name, module, sources) for name, module in held.items()):
        package.write(part, project_of(package, sources))
    return True


def _source(held: Mapping[str, vba.Read], name: str) -> str:
    return held[name].source if name in held else ""


def _is_ours(name: str, module: vba.Read, sources: Mapping[str, str]) -> bool:
    """True for a module of the button's, and for one of a sheet in which nobody wrote."""
    lines = [line.strip() for line in module.source.splitlines() if not line.startswith("Attribute ")]
    return name in sources or not (module.is_standard or any(line and line != EXPLICIT for line in lines))


def project_of(package: Package, sources: Mapping[str, str], name: str = PROJECT) -> bytes:
    """The VBA project of a workbook with these modules and one for each sheet, by whose code name it is called."""
    documents = [vba.Module(n.name, n.kind) for n in name_code(package, [*sources, name])]
    return vba.project([*documents, *(vba.Module.read(name, text) for name, text in sources.items())], name)


def _host(workbook: Workbook) -> Sheet:
    """The sheet with the button: the first page, or, where there is none, the first visible sheet with a form."""
    forms: Mapping[str, str] = binding.sheets(workbook)
    if HOME in forms:
        return workbook.sheet(forms[HOME])
    seen: Sequence[Sheet] = [s for s in workbook.sheets if s.state == "visible"]
    return next((s for s in seen if s.name in forms.values()), seen[0])
