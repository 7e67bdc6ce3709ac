"""One file is one experiment: a table of runs, and how their results become one recording."""
