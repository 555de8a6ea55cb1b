"""A workbook as PDFs: its reports and pages, one form, or one page for every customer."""

from collections.abc import Mapping
from pathlib import Path

from crmbook import binding, keep, planning
from crmbook import forms as shelf
from crmbook.features import Picker
from crmbook.form import Form
from crmbook.ooxml import Workbook
from crmbook.problems import stop
from crmbook.text import Text
from crmbook.verbs.building import CHOOSE, NO_FORM
from crmbook.verbs.lost_tables import put_back
from crmbook.verbs.opened import not_ours, open_workbook
from crmbook.verbs.outcome import COMPUTING, Step
from crmbook.verbs.printing import print_each, print_sheets

PRINTING = Text("打印为 PDF…", "printing …")
NOT_EACH = Text("逐个客户打印需要指明一张卡片", "a card is needed to print one page for each customer")
EACH_OF = Text("请写明表单，如 crmbook print BOOK card --each；可选：{ids}", "name it, as in crmbook print BOOK card --each; choose from {ids}")  # fmt: skip


def to_paper(path: Path, *, form: str | None = None, each: bool = False, to: Path | None = None, password: str | None = None, step: Step = lambda text: None) -> list[Path]:  # fmt: skip
    """PDFs of the workbook: one of its reports and pages, one of a form (by id or title), or, with `each`, one of a page
    for every customer it can show. `to`: the file, or the folder; by default beside the workbook. `password`
    opens an encrypted workbook; the PDFs have none."""
    with keep.refusing(path):
        workbook = put_back(Workbook(keep.load(path, password)))
        sheets = binding.sheets(workbook)
        if not sheets:
            raise not_ours(workbook, path, "crm_customers")
        chosen = _to_print(form, sheets)
        if not each:
            wanted = (
                [s.name for s in workbook.sheets if s.state == "visible"] if form is None else [sheets[chosen[0].id]]
            )
            data = (
                {sheets[f.id] for f in shelf.ALL if (f.is_entry or f.id == "profiles") and f.id in sheets}
                if form is None
                else set()
            )
            name = path.with_suffix(".pdf") if form is None else path.with_name(f"{path.stem} {wanted[0]}.pdf")
            step(PRINTING)
            out = name if to is None else to / name.name if to.is_dir() else to
            return print_sheets(path, workbook.package, [s for s in wanted if s not in data], out)
        pickers = {f.id: part for f in shelf.ALL for part in f.parts if isinstance(part, Picker)}
        if form is None or chosen[0].id not in pickers:
            raise stop("--each", NOT_EACH, EACH_OF.fill(ids=", ".join(pickers)))
        page, picker = chosen[0], pickers[chosen[0].id]
        step(COMPUTING)
        opened = open_workbook(workbook, path, None)
        _, given = opened.planned()
        pages = dict(planning.picked(page, picker, given, opened.lang))
        folder = to or path.with_name(f"{path.stem} {sheets[page.id]}")
        return print_each(path, workbook.package, sheets[page.id], pages, folder, step)


def _to_print(name: str | None, sheets: Mapping[str, str]) -> list[Form]:
    """The forms of the workbook that go by a name: their id, their title in either language, or the name of their sheet."""
    forms = [f for f in shelf.ALL if f.id in sheets]
    found = [f for f in forms if name is None or name.casefold() in {f.id, f.title.zh, f.title.en.casefold(), sheets[f.id].casefold()}]  # fmt: skip
    if not found:
        raise stop("FORM", NO_FORM.fill(id=name), CHOOSE.fill(ids=", ".join(f.id for f in forms)))
    return found
