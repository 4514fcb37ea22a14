"""An order of a member of staff, and what a command asks of it before it runs."""

from collections.abc import Callable
from dataclasses import dataclass

from tickets.commands.refusals import Refused
from tickets.course import Course
from tickets.policy import Words
from tickets.ticket import Party, State, Ticket

RUNNING: frozenset[State] = frozenset(
    ("awaiting_evidence", "open", "awaiting_customer", "awaiting_seller", "awaiting_approval")
)
# In which the case can be made to wait for somebody: what a manager is to approve is approved or rejected first.
FREE: frozenset[State] = RUNNING - {"awaiting_approval"}
ANY: frozenset[State] = RUNNING | {"resolved", "closed"}
MANY = 99  # arguments: as many as are given


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """One command as it was given."""

    name: str
    arguments: tuple[str, ...] = ()
    text: str = ""  # what is to be said or noted, several lines perhaps
    by: Party  # a member of staff; the role says whether he manages

    @property
    def words(self) -> str:
        """The text; where there is none, the arguments as words."""
        return self.text.strip() or " ".join(self.arguments).strip()


@dataclass(frozen=True, kw_only=True)
class Command:
    """What staff can do, and what it takes."""

    name: str
    usage: str  # its arguments as help shows them
    tells: Words  # what it does
    run: Callable[[Course, Order], None]  # raises Refused
    arguments: tuple[int, int] = (0, 0)  # at least, at most
    needs_text: bool = False  # words, in the text or as arguments
    states: frozenset[State] = RUNNING
    for_managers: bool = False

    def check(self, ticket: Ticket, order: Order) -> None:
        """Raises Refused where the role, the state or the form of the order does not allow it."""
        if self.for_managers and order.by.role != "manager":
            raise Refused("managers-only", command=self.name)
        if ticket.state not in self.states:
            raise Refused("wrong-state", command=self.name, state=ticket.state)
        least, most = self.arguments
        if not least <= len(order.arguments) <= most:
            raise Refused("wrong-arguments", usage=f"{self.name} {self.usage}".strip())
        if self.needs_text and not order.words:
            raise Refused("no-text", command=self.name)
