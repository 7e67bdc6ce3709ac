"""Backpropagation and automatic differentiation: films."""
