"""Keeping a network from learning its training set by heart: figures."""
