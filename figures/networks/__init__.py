"""Networks and what flows through them: figures."""
