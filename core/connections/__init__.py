"""Opens connections to accounts, checks them, and lists what is there."""
