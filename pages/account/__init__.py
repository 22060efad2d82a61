"""Your account: your password, and where you are signed in."""
