"""What happens when things go wrong: ``make chaos``, and a short sample of it in ``make test``."""
