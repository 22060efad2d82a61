"""All kinds of bad input. A further one is a module in `kinds`, and a line here."""

from tests.fuzz.kinds import (
    Kind,
    api,
    configuration,
    csv,
    excel,
    klaviyo,
    ndjson,
    parquet,
    rules,
    sign_in,
    uploads,
)

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        *(csv.KIND, ndjson.KIND, excel.KIND, parquet.PARQUET, parquet.ARROW),
        *(configuration.KIND, rules.TREE, rules.SQL),
        *(klaviyo.KIND, sign_in.KIND, api.KIND, uploads.KIND),
    )
}
