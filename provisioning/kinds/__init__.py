"""One module per kind of thing: what is live, what of it is ours, and how to change it."""
