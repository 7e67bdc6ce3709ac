"""The gallery: one page with every visual, how it was made, and what a post says of it."""
