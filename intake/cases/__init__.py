"""What people do with cases from the command line: work on them, take them out, look ahead, let them go."""
