"""People as a team's own table holds them, what Klaviyo should hold of them, and what it holds."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import polars as pl

from benchmarks import stage

HEADERS = {"Authorization": "Klaviyo-API-Key pk_0123456789abcdef", "revision": "2026-07-15"}
DOMAIN = "@example.com"
"""Of everybody here, and of nobody whom a sandbox holds at its start."""
TEXTS = ("external_id", "first_name", "last_name", "phone_number")


def write(path: Path, rows: int) -> None:
    """A Parquet file with blank and malformed addresses, people twice, phones as people write them.

    The second row of a person differs in the case of the address only, so it is the same to all
    whether the first or the last one counts.
    """
    stage.write_people(path, rows, rows)
    row = pl.int_range(pl.len())
    n = row - (row % 100 == 50).cast(pl.Int64)
    digits = n.cast(pl.String).str.zfill(6)
    twice = pl.read_parquet(path).select(pl.all().gather(n))
    address = pl.format(f"anna.{{}}{DOMAIN}", n)
    twice.with_columns(
        email=pl.when(row % 200 == 5)
        .then(pl.lit(" "))
        .when(row % 5_000 == 777)
        .then(pl.format("anna.{}@example", n))
        .when(row % 100 == 50)
        .then(address.str.to_uppercase())
        .otherwise(address),
        phone=pl.when(n % 500 == 13)
        .then(pl.lit("n/a"))
        .when(n % 40 == 7)
        .then(pl.format("26 {} {}", digits.str.head(3), digits.str.tail(3)))
        .otherwise(pl.format("+37126{}", digits)),
    ).write_parquet(path)


def expected(people: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """What Klaviyo should hold of each address that can be one, by the address in lower case."""
    wanted = {}
    for row in people.rows(named=True):
        if row["email"].lower().endswith(DOMAIN):
            wanted[row["email"].lower()] = _flat(row)
    return wanted


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    phone = row["phone"].replace(" ", "")
    phone = f"+371{phone}" if phone.startswith("26") else phone
    return {
        "external_id": row["id"],
        "first_name": row["first"],
        "last_name": row["last"],
        "phone_number": None if phone == "n/a" else phone,
        "city": row["city"],
        "country": row["country"],
        "zip": row["zip"],
        "spent": row["spent"],
        "orders": row["orders"],
        "tier": row["tier"],
        "since": row["since"].isoformat(),
        "newsletter": row["news"],
    }


@dataclass(slots=True)
class Verdict:
    """How many are missing, not on the list, there too many, or have a wrong field, and which."""

    missing: int = 0
    off_list: int = 0
    extra: int = 0
    wrong: int = 0
    fields: Counter[str] = field(default_factory=Counter)


def judged(url: str, list_id: str, wanted: dict[str, dict[str, Any]]) -> Verdict:
    """Every profile and member at the sandbox beside what should be there; limits are put off."""
    with httpx.Client(base_url=url, headers=HEADERS, timeout=60) as client:
        client.post("/sandbox/settings", json={"limits": False}).raise_for_status()
        held = dict(_pages(client, "/api/profiles"))
        members = {email for email, _ in _pages(client, f"/api/lists/{list_id}/profiles")}
    verdict = Verdict(extra=len(members - wanted.keys()))
    for email, fields in wanted.items():
        if email not in held:
            verdict.missing += 1
            continue
        verdict.off_list += email not in members
        wrong = [name for name, value in fields.items() if held[email].get(name) != value]
        verdict.wrong += bool(wrong)
        verdict.fields.update(wrong)
    return verdict


def _pages(client: httpx.Client, link: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Address and fields of everybody."""
    link = f"{link}?page[size]=100"
    while link:
        page = client.get(link).raise_for_status().json()
        for profile in page["data"]:
            had = profile["attributes"]
            texts = {name: had[name] for name in TEXTS}
            yield had["email"] or profile["id"], had["location"] | had["properties"] | texts
        link = page["links"]["next"]
