"""The memory: schema, ledger, tickets, clocks, outbox, spool and blobs. Frozen records go in and out."""
