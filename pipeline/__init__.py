"""Brings recordings and pictures up to date: what is stale, in what order, on which workers."""
