"""A fuzzer for the parsers, guided by the lines it reaches: seeds, mutations, the laws that hold for any input."""
