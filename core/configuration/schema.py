"""The JSON Schema of the configuration file; `python -m core.configuration.schema` prints it."""

import json
import sys
from typing import Any

from core.configuration.configuration import Configuration


def schema() -> dict[str, Any]:
    """For editors: completes and checks a configuration file while it is written."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Configuration.model_json_schema(),
        "title": "Segferry configuration",
    }


if __name__ == "__main__":
    json.dump(schema(), sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")
