"""The command that watches: for WPS, and for offices that block macros."""

from pathlib import Path

import click

from crmbook import telling
from crmbook.cli.options import PLACE, command, lang_option, option, password, password_option
from crmbook.text import Lang, Text


@command("watch", Text("监视并自动更新", "refresh what is saved and closed"), Text("监视 BOOK 或文件夹：工作簿在 Excel、WPS 或 LibreOffice 中保存并关闭后，自动更新。按 Ctrl-C 结束。", "Watch each BOOK, or the books of a folder: refresh them once they are saved and closed in Excel, WPS or LibreOffice. Ctrl-C ends it."))  # fmt: skip
@click.argument("places", type=PLACE, nargs=-1, required=True, metavar="BOOK…")
@option("--once", help=Text("只更新一遍就结束", "Make one pass over what is out of date, then end."), is_flag=True)
@password_option
@lang_option
@click.pass_context
def watch(ctx: click.Context, places: tuple[Path, ...], once: bool, password_file: Path | None, lang: Lang) -> None:
    from crmbook import watching  # late: --help needs none of it
    from crmbook.many import Ended, books

    failed = []

    def tell(event: Ended | watching.Noticed) -> None:
        if isinstance(event, Ended) and event.state == "failed":
            failed.append(event.book)
        telling.watched(event)

    with telling.telling(lang, places[0]):
        try:
            key = password(password_file, [wanted.book for wanted in books(places)], lang)
            (watching.once if once else watching.watch)(places, tell, lang=lang, password=key)
        except KeyboardInterrupt:
            click.echo(telling.UNWATCHED[lang])
            return
    ctx.exit(1 if failed else 0)
