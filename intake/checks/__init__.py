"""What `tiepnhan check` looks at: everything that an admin can set up wrong, tried for real and told in one line each.

Every module is one topic; each check yields findings and never raises for what it is there to find. Nothing is
changed: no mail is read as seen, sent, flagged or moved, no table is made, no folder left behind.
"""
