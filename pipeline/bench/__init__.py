"""What ``make bench`` measures: ours against what a user would otherwise run, in the same run."""
