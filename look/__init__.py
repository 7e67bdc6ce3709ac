"""What every picture shares: theme, words, numbers, rows; no matplotlib, no Manim."""
