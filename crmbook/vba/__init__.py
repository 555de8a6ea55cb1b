"""VBA projects written from source text, and read: what a macro-enabled workbook carries in `vbaProject.bin`."""

from crmbook.vba.macros import LAUNCHER, OURS, NoLauncherError, launcher, ours, version_of
from crmbook.vba.module import Kind, Module, literal
from crmbook.vba.project import project
from crmbook.vba.reading import NotReadableError, Read, modules

__all__ = [
    "LAUNCHER",
    "OURS",
    "Kind",
    "Module",
    "NoLauncherError",
    "NotReadableError",
    "Read",
    "launcher",
    "literal",
    "modules",
    "ours",
    "project",
    "version_of",
]
