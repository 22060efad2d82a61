"""Makes runs durable: they queue, survive a crash, can be stopped, and are followed."""
