"""Fields of profiles that are made from another table, such as the number of a person's orders."""
