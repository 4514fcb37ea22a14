"""Who works here: departments and their staff, as the rules need them."""

from dataclasses import dataclass

from tickets.policy import WILDCARD
from tickets.ticket import Party


@dataclass(frozen=True, kw_only=True)
class Department:
    """A group of staff that gets some kinds of complaint."""

    key: str
    name: str
    categories: tuple[str, ...]  # slugs; "*" for all
    staff: tuple[Party, ...]


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The company as seen from a ticket."""

    language: str  # of staff mails, and of customers whose language is not clear
    departments: tuple[Department, ...] = ()

    def department_for(self, category: str) -> Department | None:
        """The first department that names the kind itself, else the first that takes all; one where somebody works."""
        staffed = [one for one in self.departments if one.staff] or self.departments
        named = [one for one in staffed if category in one.categories]
        open_to_all = [one for one in staffed if WILDCARD in one.categories]
        return next(iter(named + open_to_all), None)

    def department(self, key: str | None) -> Department | None:
        return next((one for one in self.departments if one.key == key), None)

    def staff(self, email: str) -> Party | None:
        """The member of staff with this address (lower case)."""
        return next((one for department in self.departments for one in department.staff if one.email == email), None)

    def staff_of(self, key: str | None) -> tuple[Party, ...]:
        """Whom to tell about a ticket of this department."""
        department = self.department(key)
        return department.staff if department else ()

    def managers_of(self, key: str | None) -> tuple[Party, ...]:
        """The managers of a department; where it has none, those of the company."""
        own = tuple(one for one in self.staff_of(key) if one.role == "manager")
        return own or tuple(one for one in self.everybody() if one.role == "manager")

    def everybody(self) -> tuple[Party, ...]:
        """All staff, each once."""
        found = {one.email: one for department in self.departments for one in department.staff}
        return tuple(found.values())
