"""A dbt project by what dbt left in `target/`: dbt is never run, profiles.yml never read."""
