"""A ledger whose hashes are in the form before, brought to that of today by who is a member now.

A hash alone can't be turned into another. But where somebody's body of today has the hash that the
ledger has, in the form before, it is that body, and so its hash of today is known.
"""

import polars as pl


def needed(ledger: pl.DataFrame, export_id: int) -> bool:
    """Whether hashes of the export are in the form before."""
    return bool(ledger.select((pl.col("by_polars") & (pl.col("export") == export_id)).any()).item())


def rehashed(ledger: pl.DataFrame, people: pl.DataFrame, export_id: int) -> pl.DataFrame:
    """The ledger with all rows of the export in the form of today.

    `people` are all members: email, hash, person, former_hash, former_person; each email once.
    Who was sent something else before has a hash of null, as has whoever is no member any more:
    they would be sent again, if they were members.
    """
    known = people.select("email", "former_hash", new="hash")
    persons = people.drop_nulls("former_person").select(person="former_person", who="person")
    both = ledger.join(known, on="email", how="left", maintain_order="left")
    both = both.join(persons.unique("person"), on="person", how="left", maintain_order="left")
    mine = pl.col("by_polars") & (pl.col("export") == export_id)
    today = {name: _today(name, mine) for name in ("hash", "refused")}
    person = pl.when(mine).then("who").otherwise("person")
    rows = both.with_columns(**today, person=person, by_polars=pl.col("by_polars") & ~mine)
    return rows.select(ledger.columns)


def _today(name: str, mine: pl.Expr) -> pl.Expr:
    same = pl.when(pl.col(name) == pl.col("former_hash")).then("new")
    return pl.when(mine).then(same).otherwise(name)
