"""What the memory can refuse. Each error says whether trying again may help."""


class StoreError(Exception):
    """The database or the disk did not do what was asked."""

    is_temporary = True


class StoreBusy(StoreError):
    """Another process holds the database, or the connection to it broke."""


class StaleTicket(StoreError):
    """Somebody else changed the ticket since it was read; read it again and decide again."""


class LostLease(StoreError):
    """What was claimed took so long that somebody else took it over; nothing was written."""


class WrongDatabase(StoreError):
    """The database is not one of ours, or was written by a newer release."""

    is_temporary = False
