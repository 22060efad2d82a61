"""What several screens show of an export: its route, its schedule, its runs and how they went."""
