"""Backpropagation and automatic differentiation: figures."""
