"""The shell around the pure core: config, mailboxes, pipeline, scheduler and command line."""
