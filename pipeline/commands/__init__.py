"""One module, one command: each defines ``command``, and :mod:`cli` imports the one it needs."""
