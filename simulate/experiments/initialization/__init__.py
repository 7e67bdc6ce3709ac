"""Initialization: experiments."""
