"""Alerts: notices what needs somebody, and takes messages about it to where the team reads them."""
