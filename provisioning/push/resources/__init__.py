"""One module per kind of resource: what is live, what of it is ours, and how to change it."""
