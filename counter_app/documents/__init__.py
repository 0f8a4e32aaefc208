"""Papers: facts in, PDF bytes out."""
