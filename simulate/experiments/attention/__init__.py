"""Attention: experiments."""
