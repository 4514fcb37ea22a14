"""A decision in the making: its effects in order, and the ticket as it is after each of them. Pure.

Everything that happens to a ticket goes through here, whoever caused it: a mail, a clock, a member of staff. So an
event starts and stops the same clocks, and a state makes the same clocks stand still, on every way.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from parsers.facts import Attachment
from tickets.checklist import use_spare
from tickets.deadlines import follow, pause, resume, wind_up
from tickets.desk import Desk
from tickets.effects import (
    ChangeClock,
    ChangeState,
    Effect,
    FillSlot,
    LearnDetails,
    MakeOffer,
    StartClock,
    StopClock,
    WriteMail,
)
from tickets.folding import apply
from tickets.policy import Event, Policy
from tickets.ticket import Outcome, Party, RunningClock, State, Ticket

ACKNOWLEDGE = "acknowledge"  # the clock of the answer by machine
EVIDENCE = "evidence"  # the clock of the customer's time to send what is missing
# An outcome is on its way, or was judged: nobody waits for evidence any more, unless staff ask for it again.
OUTCOME_IS_KNOWN: frozenset[Event] = frozenset(("proposed", "offered", "confirmed", "disagreed", "resolved"))


@dataclass
class Course:
    """What becomes of one ticket at one moment."""

    policy: Policy
    desk: Desk
    now: datetime
    before: Ticket | None = None  # None: the first effect opens it
    effects: list[Effect] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ticket = self.before

    @property
    def ticket(self) -> Ticket:
        """The ticket after the effects so far."""
        assert self._ticket is not None, "no ticket is open yet"
        return self._ticket

    def add(self, *effects: Effect) -> None:
        for effect in effects:
            self._ticket = apply(self._ticket, effect, self.now)
            self.effects.append(effect)

    def happen(self, event: Event, since: datetime | None = None) -> None:
        """Clocks stop and start by `event`; those that start count from `since`, or from now.

        In a closed case none starts, but by the closing itself: nobody would stop it.
        """
        for clock in self.ticket.clocks:
            if self._is_stopped(clock, event):
                self._stop(clock, event)
        if self.ticket.is_closed and event != "closed":
            return
        for rule in self.policy.clocks_for(self.ticket.category):
            if event in rule.starts:
                self._start(wind_up(rule, self.policy, since or self.now, self.ticket.state))

    def _start(self, clock: RunningClock) -> None:
        former = self.ticket.clock(clock.name)
        if former is None or former != replace(clock, kept=former.kept, broken=former.broken):
            self.add(StartClock(clock=follow(clock, former, self.now)))  # two events of one moment start it once

    def learn(self, details: LearnDetails) -> None:
        """Note what became known. Where the kind of complaint was found out later, files that came before fill its
        slots, and what the company promises to it counts from the receipt.
        """
        former = self.ticket.category
        self.add(details)
        if self.ticket.category != former:
            self.add(*(FillSlot(evidence=one) for one in use_spare(self.ticket, self.policy)))
        if self.ticket.category == former or self.ticket.state in {"resolved", "closed"}:
            return
        for rule in self.policy.clocks_for(self.ticket.category):
            if "opened" in rule.starts and self.ticket.clock(rule.name) is None:
                self.add(StartClock(clock=wind_up(rule, self.policy, self.ticket.received_at, self.ticket.state)))

    def is_expected(self, event: Event) -> bool:
        """Whether a clock waits for it, in whatever state the case is by now."""
        return any(self._is_stopped(clock, event) for clock in self.ticket.clocks)

    def stop_waiting_for_customer(self, why: str) -> None:
        """Clocks that remind him, or conclude from his silence: who cannot read or write to us is not silent."""
        for clock in self.ticket.clocks:
            rule = self.policy.clock(clock.name, self.ticket.category)
            if clock.is_going and rule and rule.waits_for_customer:
                self._stop(clock, why)

    def _stop(self, clock: RunningClock, why: str) -> None:
        """One that stands still goes on first: the time that did not count belongs to its deadline."""
        rule = self.policy.clock(clock.name, self.ticket.category)
        if clock.state == "paused" and rule is not None:
            self.add(ChangeClock(clock=resume(clock, rule, self.policy, self.now), what="resumed", why=why))
        self.add(StopClock(name=clock.name, why=why, at=self.now))

    def _is_stopped(self, clock: RunningClock, event: Event) -> bool:
        """Closing stops all that still goes on; other events those that the policy says, overdue ones too."""
        if event == "closed":
            return clock.is_going
        if event in OUTCOME_IS_KNOWN and clock.name == EVIDENCE:
            return clock.state != "stopped"
        rule = self.policy.clock(clock.name, self.ticket.category)
        return clock.state != "stopped" and rule is not None and event in rule.stops

    def move(self, state: State, why: str, outcome: Outcome | None = None) -> None:
        """Change the state; clocks that stand still in it do, the others go on."""
        self.add(ChangeState(state=state, outcome=outcome, why=why, at=self.now))
        for clock in self.ticket.clocks:
            rule = self.policy.clock(clock.name, self.ticket.category)
            if rule is None:
                continue
            if clock.state == "running" and state in rule.pauses:
                self.add(ChangeClock(clock=pause(clock, self.now), what="paused", why=state))
            elif clock.state == "paused" and state not in rule.pauses:
                self.add(ChangeClock(clock=resume(clock, rule, self.policy, self.now), what="resumed", why=state))

    def close(self, why: str, outcome: Outcome | None = None) -> None:
        if self.ticket.offer and self.ticket.offer.state == "proposed":
            self.add(MakeOffer(offer=None))
        self.move("closed", why, outcome)
        self.happen("closed")

    def write_customer(
        self,
        template: str,
        facts: Mapping[str, Any] | None = None,
        *,
        by_hand: bool = False,
        files: tuple[Attachment, ...] = (),
    ) -> None:
        """A mail to the customer; none where he has no address. `by_hand`: the words are those of a person."""
        customer = self.ticket.party(self.ticket.customer_email)
        if customer:
            self.add(
                WriteMail(
                    template=template,
                    to=customer,
                    audience="customer",
                    is_automatic=not by_hand,
                    facts=facts or {},
                    files=files,
                )
            )

    def write_seller(self, template: str, facts: Mapping[str, Any] | None = None, *, by_hand: bool = False) -> None:
        """A mail to each seller of the ticket."""
        for seller in [one for one in self.ticket.parties if one.role == "seller"]:
            self.add(
                WriteMail(template=template, to=seller, audience="seller", is_automatic=not by_hand, facts=facts or {})
            )

    def tell_staff(self, template: str, facts: Mapping[str, Any] | None = None, *, but: str = "") -> None:
        """One mail for each member of staff who looks after the ticket: each can be answered by that person only."""
        self._tell([one for one in self._lookers_after() if one.email != but], template, facts)

    def _lookers_after(self) -> list[Party]:
        """The department and the owner; where nobody works there, the managers, or everybody there is."""
        people = self.desk.staff_of(self.ticket.department) or self.desk.managers_of(None) or self.desk.everybody()
        owner = self.desk.staff(self.ticket.owner) if self.ticket.owner else None
        return [*people, *([owner] if owner and owner not in people else [])]

    def tell_managers(self, template: str, facts: Mapping[str, Any] | None = None, *, but: str = "") -> None:
        """One mail for each manager of the department; where it has none, for each of the company.

        A company without managers learns it all the same, by those who look after the ticket.
        """
        self._tell(self.managers(but) or self._lookers_after(), template, facts)

    def managers(self, but: str = "") -> list[Party]:
        """The managers to turn to, `but` one: of the department; where it has no other, of the company."""
        own = [one for one in self.desk.managers_of(self.ticket.department) if one.email != but]
        return own or [one for one in self.desk.managers_of(None) if one.email != but]

    def tell(self, person: Party, template: str, facts: Mapping[str, Any] | None = None) -> None:
        """A mail to one member of staff."""
        self._tell([person], template, facts)

    def _tell(self, people: "list[Party] | tuple[Party, ...]", template: str, facts: Mapping[str, Any] | None) -> None:
        for person in people:
            self.add(
                WriteMail(
                    template=template,
                    to=person,
                    audience="manager" if person.role == "manager" else "staff",
                    is_automatic=False,
                    facts=facts or {},
                )
            )
