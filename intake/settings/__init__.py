"""Settings: config and policy files, read whole and right, or with everything that is wrong in them."""
