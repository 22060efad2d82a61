"""What would only grow is removed once it is old enough, and how much of it there is by now."""
