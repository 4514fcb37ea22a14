"""`python -m intake.commands` is `tiepnhan`."""

import sys

from intake.commands import main

if __name__ == "__main__":
    sys.exit(main())
