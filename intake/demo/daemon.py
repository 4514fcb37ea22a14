"""The daemon of `tiepnhan demo`: `tiepnhan run` in a process of its own, exactly as an admin starts it.

`python -m intake.demo.daemon` takes the arguments of `tiepnhan` and ends when its standard input closes, thus with the
process that started it, however that one ended.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from intake.commands import main

_READY_SECONDS = 60.0
_STOP_SECONDS = 15.0  # the daemon gives itself ten


class DemoDaemonError(RuntimeError):
    """The daemon ended or did not start; says so in one line."""


class DemoDaemon:
    """Runs the daemon while the context is open; its log goes to a file."""

    def __init__(self, config: Path, log: Path) -> None:
        self._config = config
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        # -P: a folder named like ours where the user stands must not be taken for it.
        command = [sys.executable, "-P", "-m", "intake.demo.daemon", "run", "--config", str(self._config)]
        with self._log.open("wb") as log:
            # A session of its own: Ctrl-C reaches the demonstration only, which then ends the daemon in good order.
            self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
                command, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True
            )
        try:
            self._wait_until_ready()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def check(self) -> None:
        """Raises DemoDaemonError where the daemon does not run any more."""
        ended = self._process.poll() if self._process else None
        if ended is not None:
            raise DemoDaemonError(f"the daemon ended with exit code {ended}")

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while b" INFO started " not in self._log.read_bytes():
            self.check()
            if time.monotonic() > deadline:
                raise DemoDaemonError(f"the daemon did not start within {_READY_SECONDS:.0f} s")
            time.sleep(0.05)

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None or process.stdin is None:
            return
        process.stdin.close()
        try:
            process.wait(timeout=_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _end_with_input() -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=_end_with_input, daemon=True).start()
    sys.exit(main())
