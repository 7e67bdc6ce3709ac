"""What scenes are made of: a module a kind of thing; import the ones you use."""
