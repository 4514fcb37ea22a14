"""The tables, before there is a database."""

import subprocess
import sys


def test_the_tables_are_told_without_loading_what_is_for_another_database():
    program = "import sys, store.schema; print('sqlalchemy.dialects.postgresql' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
