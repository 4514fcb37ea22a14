"""`run --once`: fetch everything, take it in, run the clocks that are due, send what can be sent, and end.

The three run side by side, as in the daemon: mails are taken in while others are still being fetched.
"""

import asyncio
from collections.abc import Callable

from intake.assembly import Assembly
from intake.mailboxes.fetching import fetch_mailbox
from intake.mailboxes.mailbox_errors import MailboxError
from intake.settings.config import Mailbox


class Once:
    """One pass over everything."""

    def __init__(self, parts: Assembly) -> None:
        self._parts = parts
        self._arrived = asyncio.Event()
        self._written = asyncio.Event()
        self._is_fetched = False
        self._is_worked_off = False

    async def run(self) -> list[str]:
        """What did not work, in words; empty where all is done. Raises StoreError, OSError."""
        async with asyncio.TaskGroup() as tasks:
            fetching = tasks.create_task(self._fetch_all())
            tasks.create_task(self._work())
            tasks.create_task(self._deliver())
        await self._parts.deliverer.close()
        outage = self._parts.deliverer.outage
        return fetching.result() + ([outage.words] if outage else [])

    async def _fetch_all(self) -> list[str]:
        loop = asyncio.get_running_loop()

        def arrived() -> None:
            loop.call_soon_threadsafe(self._arrived.set)

        try:
            fetches = (asyncio.to_thread(self._fetch, one, arrived) for one in self._parts.config.mailboxes)
            return [problem for problem in await asyncio.gather(*fetches) if problem]
        finally:
            self._is_fetched = True
            self._arrived.set()

    def _fetch(self, mailbox: Mailbox, arrived: Callable[[], None]) -> str | None:
        try:
            fetch_mailbox(
                mailbox,
                self._parts.spool,
                self._parts.ledger,
                arrived=arrived,
                now=self._parts.now,
                max_mail_bytes=self._parts.config.limits.mail_bytes,
            )
        except MailboxError as error:
            return f"mailbox {mailbox.name}: {error}"
        return None

    async def _work(self) -> None:
        """Until everything is fetched and nothing is left to do."""
        try:
            while True:
                is_last = self._is_fetched
                self._arrived.clear()
                while await asyncio.to_thread(self._parts.work_once, with_clocks=is_last):
                    self._written.set()
                if is_last:
                    return
                await self._arrived.wait()
        finally:
            self._is_worked_off = True
            self._written.set()

    async def _deliver(self) -> None:
        """Until nothing more is written and nothing is due. A refused mail is told to staff, which writes more."""
        while True:
            is_last = self._is_worked_off
            self._written.clear()
            await self._parts.deliverer.deliver_due(self._parts.now)
            if is_last and not await asyncio.to_thread(self._parts.work_once, with_clocks=True):
                return
            if not is_last:
                await self._written.wait()


def run_once(parts: Assembly) -> list[str]:
    """One pass; what did not work. Raises StoreError, OSError."""

    async def run() -> list[str]:
        return await Once(parts).run()

    return asyncio.run(run())
