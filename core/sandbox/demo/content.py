"""The configuration of the demo, as a file could hold it: sandbox, profiles, segments, exports."""

from pathlib import Path
from typing import Any

from core.configuration.configuration import Configuration

CONNECTION = "Klaviyo sandbox (demo)"
SOURCE = "Sample profiles (demo)"
OPTED_IN, SPENDERS = "Opted in, active 90 days", "Latvian spenders"
LAPSED, HIGH, ANY_CONSENT = "No order for 180 days", "High spenders", "Any consent"
RULES: dict[str, list[dict[str, Any]]] = {
    OPTED_IN: [
        {"field": "consent", "op": "equals", "value": "yes"},
        {"field": "last_order_at", "op": "in_last_days", "value": 90},
    ],
    SPENDERS: [
        {"field": "country", "op": "equals", "value": "LV"},
        {"field": "lifetime_value", "op": "more_than", "value": 300},
        {
            "any": [
                {"field": "last_order_at", "op": "in_last_days", "value": 90},
                {"field": "loyalty_tier", "op": "is_one_of", "value": ["silver", "gold"]},
            ]
        },
    ],
    LAPSED: [{"field": "last_order_at", "op": "not_in_last_days", "value": 180}],
    HIGH: [{"field": "lifetime_value", "op": "more_than", "value": 500}],
    ANY_CONSENT: [{"field": "consent", "op": "is_one_of", "value": ["yes", "unknown"]}],
}
# Name, segment, and the list in the sandbox's start state
EXPORTS = (
    ("Newsletter", OPTED_IN, "Y6nRLr"),
    ("Loyalty, Latvia", SPENDERS, "Lx6ySa"),
    ("All contactable people", ANY_CONSENT, "Su7rEy"),
)
MATCH = {
    "email": "email",
    "phone_number": "phone",
    "external_id": "customer_id",
    "first_name": "first_name",
    "last_name": "last_name",
    "location": {"city": "city", "country": "country", "zip": "postcode"},
    "properties": {
        "consent": "consent",
        "loyalty_tier": "loyalty_tier",
        "lifetime_value": "lifetime_value",
        "orders": "orders",
        "last_order_at": "last_order_at",
        "birthday": "birthday",
        "newsletter": "newsletter",
        "favourite_categories": "favourite_categories",
    },
}


def configuration(base_url: str, key: str, profiles: Path) -> Configuration:
    """The demo's configuration: the local Klaviyo at base_url, people from the file `profiles`."""
    connection = {
        "name": CONNECTION,
        "api_key": key,
        "base_url": base_url,
        "shared_with": "contributors",
        "consent": {"agreed_by": "demo"},
    }
    source = {"name": SOURCE, "path": str(profiles), "key": "customer_id"}
    segments = [
        {"name": name, "source": SOURCE, "rules": {"all": rules}} for name, rules in RULES.items()
    ]
    exports = [_export(*export) for export in EXPORTS]
    return Configuration.model_validate(
        {
            "connections": [connection],
            "sources": [source],
            "segments": segments,
            "exports": exports,
        }
    )


def _export(name: str, segment: str, list_id: str) -> dict[str, Any]:
    return {
        "name": name,
        "connection": CONNECTION,
        "list_id": list_id,
        "segments": [segment],
        "match": MATCH,
        "phone_region": {"column": "country"},
        "over_limit": "stop",
        "guards": {"flows": False},  # of its own: so the first click already runs
    }
