"""Runs under LibreOffice's own Python: how every script of ours reaches an office, ends it, and leaves.

python3 SCRIPT PIPE ARGUMENTS: the first line it prints is REACHED, once the office at the pipe answers.
"""

import os
import sys
import time
import traceback
from contextlib import suppress

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.lang import DisposedException

REACHED = "the office answers"
PATIENCE = 90  # seconds until it does: it may still be starting, on a machine that has other work


def setting(name, value):
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def run(work):
    """Does `work(context, desktop, *arguments)`, then ends the office.

    The bridge to it is left standing: its threads find the office gone while Python takes itself down, and now and then
    die of it, without a word and after all was done (signal 11). Nothing is taken down here.
    """
    code = 1
    try:
        context, desktop = _reached(sys.argv[1])
        print(REACHED, flush=True)
        try:
            work(context, desktop, *sys.argv[2:])
            sys.stdout.flush()
        finally:
            with suppress(DisposedException):  # it may be gone before it could answer
                desktop.terminate()
        code = 0
    except Exception:  # noqa: BLE001  (whatever it was, it is told, and the code says so)
        traceback.print_exc()
    sys.stderr.flush()
    os._exit(code)


def _reached(pipe):
    """The context and the desktop of the office that listens at the pipe."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with suppress(NoConnectException):
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return context, context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        time.sleep(0.2)
    raise TimeoutError(pipe)
