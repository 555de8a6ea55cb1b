"""The command line: a thin door to the verbs. It computes nothing, and `telling` says what it prints."""

import gc
import sys

import click

from crmbook.cli import books, button, machine, watching
from crmbook.cli.options import both
from crmbook.cli.usage import Group
from crmbook.text import Text

VERSION = Text("显示版本号", "Show the version and exit.")


@click.group(cls=Group, help=both(Text("客户管理工作簿：由数据生成，在原文件中更新，您填写的内容不会丢失。", "Customer-management workbooks: built from your data, refreshed in place; nothing you typed is lost.")))  # fmt: skip
@click.version_option(package_name="crmbook", help=f"{VERSION.en} {VERSION.zh}")
def cli() -> None:
    """The group of all commands."""


for command in (
    *(books.build, books.refresh, books.check, books.undo, books.print_, books.verify, watching.watch),
    *(button.button, button.addin, machine.doctor, machine.setup),
):
    cli.add_command(command)


def main() -> None:
    """The `crmbook` command."""
    gc.disable()  # all that a run reads and computes is used to its end: looking for garbage takes a tenth of it, in vain
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console of another code page shows ?, and does not stop
    try:
        cli(prog_name="crmbook")
    finally:
        gc.freeze()  # nor does the interpreter look for it once more as it ends: a tenth of a small book's time
