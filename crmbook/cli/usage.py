"""Wrong usage, and the words around the help of a command, in both languages: those of click are English."""

from __future__ import annotations

from difflib import get_close_matches
from typing import IO, Any

import click
from click.core import ParameterSource

from crmbook.problems import Problem
from crmbook.text import LANGS, Lang, Text

USAGE = Text("用法", "Usage")
HEADINGS = {"Options": Text("选项", "Options"), "Commands": Text("命令", "Commands")}
SEE = Text("用法见 {command} --help", "see {command} --help")
THIS_HELP = Text("显示这些说明", "Show this message and exit.")
NO_COMMAND = Text("没有 {name} 这个命令", "there is no command {name}")
NO_OPTION = Text("没有 {name} 这个选项", "there is no option {name}")
DID_YOU_MEAN = Text("{what}（是否应为 {near}？）", "{what} (did you mean {near}?)")
OR = Text(" 或 ", " or ")
MISSING = Text("缺少 {name}", "{name} is missing")
NO_VALUE = Text("{name} 后面要有内容", "{name} needs something after it")
TAKES_NONE = Text("{name} 后面不带内容", "{name} takes nothing after it")
EXTRA = Text("多出了 {extra}；名称中有空格的，请加上双引号", "{extra} is too much; a name with blanks needs double quotes")  # fmt: skip
NOT_ONE_OF = Text("{name} 只能是 {choices}", "{name} can only be {choices}")
ONLY = Text("这里只能写 {choices}", "only {choices} can stand here")
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d"  # what chats and word processors make of --
NO_COUNT = Text("{name} 应为不小于 {min} 的整数", "{name} is a whole number, {min} or more")


class MisusedError(click.UsageError):
    """Wrong usage: what is wrong, told with the command whose help says how it is done."""

    def __init__(self, what: Text, ctx: click.Context | None = None) -> None:
        super().__init__(what.en, ctx)
        self.what = what

    def show(self, file: IO[Any] | None = None) -> None:
        """One line in the language that was asked for, or in both, as --help is."""
        assert self.ctx is not None
        click.echo(self.ctx.get_usage(), file, err=True)
        command = self.ctx.command_path
        problem = Problem(command, self.what, SEE.fill(command=command))
        for lang in _languages(self.ctx):
            click.echo(problem.line(lang), file, err=True)


class _Formatter(click.HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or f"{USAGE.en} {USAGE.zh}: ")

    def write_heading(self, heading: str) -> None:
        said = HEADINGS.get(heading)
        super().write_heading(heading if said is None else f"{said.en} {said.zh}")


class _Context(click.Context):
    formatter_class = _Formatter


class Command(click.Command):
    """A command that tells wrong usage in both languages."""

    context_class = _Context
    allow_extra_args = True  # `parse_args` tells of them

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """What is left of the words once the parameters have theirs: nothing, unless this is a group."""
        if not args and self.no_args_is_help:
            return super().parse_args(ctx, args)
        _must_have_plain_dashes(self, ctx, args)
        try:
            rest = super().parse_args(ctx, args)
        except click.UsageError as error:
            raise _said(error, self, ctx) from error
        if rest and not isinstance(self, click.Group):
            raise MisusedError(EXTRA.fill(extra=" ".join(rest)), ctx)
        return rest

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option --help, in both languages."""
        found = super().get_help_option(ctx)
        if found is not None:
            found.help = f"{THIS_HELP.en} {THIS_HELP.zh}"
        return found


class Group(Command, click.Group):
    """The same of the group of all commands."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:  # fmt: skip
        """The command that the first word names."""
        if self.get_command(ctx, args[0]) is None:
            what = _near(NO_COMMAND.fill(name=args[0]), get_close_matches(args[0], self.commands))
            raise MisusedError(what, ctx)
        return super().resolve_command(ctx, args)


def _languages(ctx: click.Context) -> tuple[Lang, ...]:
    """The language of `--lang`, if it was given and is one; otherwise both, as in --help."""
    if ctx.get_parameter_source("lang") is ParameterSource.COMMANDLINE and ctx.params.get("lang") in LANGS:
        return (ctx.params["lang"],)
    return LANGS[::-1]


def _must_have_plain_dashes(command: click.Command, ctx: click.Context, args: list[str]) -> None:
    """Stops at an option behind other dashes, which would be taken for a name."""
    options = {name for param in command.get_params(ctx) for name in param.opts}
    for word in args:
        bare = word.lstrip(DASHES)
        meant = "--" + bare.partition("=")[0]
        if bare != word and not word.startswith(meant) and meant in options:
            raise MisusedError(_near(NO_OPTION.fill(name=word), [meant]), ctx)


def _near(what: Text, names: list[str] | None) -> Text:
    return DID_YOU_MEAN.fill(what=what, near=Text.join([*map(Text.same, names)], OR.zh, OR.en)) if names else what


def _said(error: click.UsageError, command: click.Command, ctx: click.Context) -> MisusedError:
    """What click says of the words of a command, in both languages."""
    if isinstance(error, MisusedError):
        return error
    what = Text.same(error.format_message().rstrip("."))
    if isinstance(error, click.NoSuchOption):
        what = _near(NO_OPTION.fill(name=error.option_name), error.possibilities and list(error.possibilities))
    elif isinstance(error, click.BadOptionUsage):
        options = [p for p in command.get_params(ctx) if isinstance(p, click.Option) and error.option_name in p.opts]
        none = any(p.is_flag or p.count for p in options)
        what = (TAKES_NONE if none else NO_VALUE).fill(name=error.option_name)
    elif isinstance(error, click.BadParameter) and error.param is not None:
        name, type = named(error.param), error.param.type
        if isinstance(error, click.MissingParameter):
            what = MISSING.fill(name=name)
        elif isinstance(type, click.Choice):
            words = NOT_ONE_OF if isinstance(error.param, click.Option) else ONLY
            what = words.fill(name=name, choices=Text.join([*map(Text.same, type.choices)], OR.zh, OR.en))
        elif isinstance(type, click.IntRange):
            what = NO_COUNT.fill(name=name, min=type.min)
    return MisusedError(what, ctx)


def named(param: click.Parameter) -> str:
    """A parameter as it stands in the usage of its command: `--jobs`, `BOOK…`."""
    return max(param.opts, key=len) if isinstance(param, click.Option) else param.human_readable_name
