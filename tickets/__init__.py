"""The rules: policy, clocks, evidence, lifecycle and `decide()`, all pure functions over frozen records."""
