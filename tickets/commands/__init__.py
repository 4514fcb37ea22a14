"""What staff do: commands of the domain, from the command line or from a staff mail. Pure.

A command is checked whole before it does anything: it gives the effects of all of it, or is refused with a reason that
says what would be right. Who may do it, in which states, and what it needs stands in one table.
"""

from collections.abc import Sequence

from tickets.commands.details import DETAILS
from tickets.commands.ends import ENDS
from tickets.commands.evidence import EVIDENCE
from tickets.commands.orders import Command, Order
from tickets.commands.outcomes import OUTCOMES
from tickets.commands.refusals import Refused
from tickets.commands.talks import TALKS
from tickets.course import Course

COMMANDS: tuple[Command, ...] = (*DETAILS, *EVIDENCE, *TALKS, *OUTCOMES, *ENDS)
_BY_NAME = {command.name: command for command in COMMANDS}

__all__ = ["COMMANDS", "Command", "Order", "Refused", "carry_out", "find_command"]


def find_command(name: str) -> Command:
    """The command of that name. Raises Refused."""
    found = _BY_NAME.get(name.lower())
    if found is None:
        raise Refused("unknown-command", name=name, known=", ".join(sorted(_BY_NAME)))
    return found


def carry_out(course: Course, orders: Sequence[Order]) -> None:
    """Do all of it, in order. Raises Refused; the course is then to be thrown away."""
    for order in orders:
        command = find_command(order.name)
        command.check(course.ticket, order)
        command.run(course, order)
