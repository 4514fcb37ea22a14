"""`tiepnhan run`: the daemon, or one pass over everything with `--once`."""

import gc
import threading
from argparse import Namespace

from intake.commands.problem import WrongUsage
from intake.logs import configure_logging
from intake.parsing_process import ParsingProcess


def run(given: Namespace) -> int:
    """The daemon runs until SIGTERM; with `--once`, exit code 1 where a server could not be used."""
    if given.now and not given.once:
        raise WrongUsage("--now goes with --once: the daemon lives in the present")
    configure_logging(given.log_format)
    gc.disable()  # what is loaded now stays; to look through it for garbage takes a tenth of the start
    # One pass has a whole mailbox before it. The daemon starts the process when there is enough to do.
    process = ParsingProcess(by_fork=threading.active_count() == 1) if given.once else None
    from intake.running import run_installation  # noqa: PLC0415  # what takes long to load

    gc.freeze()
    gc.enable()
    try:
        code = run_installation(given, process)
    finally:
        if process is not None:
            process.close()
    gc.freeze()  # everything is closed; what the interpreter is about to give back need not be looked through either
    return code
