"""What the memory can refuse. Each error says whether trying again may help."""


class StoreError(Exception):
    """The database or the disk did not do what was asked."""

    is_temporary = False


class StoreBusy(StoreError):
    """Another process holds the database, the disk is full, or the connection to it broke."""

    is_temporary = True


class RefusedValue(StoreError):
    """The database does not take what was to be written; the same again would be refused again."""

    is_temporary = False


class StaleTicket(StoreError):
    """Somebody else changed the ticket since it was read; read it again and decide again."""

    is_temporary = True


class LostLease(StoreError):
    """What was claimed took so long that somebody else took it over; nothing was written."""

    is_temporary = True


class WrongDatabase(StoreError):
    """The database is not one of ours, or was written by a newer release."""
