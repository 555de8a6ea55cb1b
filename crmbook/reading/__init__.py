"""From what staff typed to typed tables, and everything that can be said against it."""
