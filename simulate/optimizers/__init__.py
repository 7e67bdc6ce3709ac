"""One file is one optimizer: how to build it, its defaults, its rule, its label and colour."""
