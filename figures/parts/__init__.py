"""What figures are drawn with: a module a kind of thing; import the ones you use."""
