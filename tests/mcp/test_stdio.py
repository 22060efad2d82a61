"""segferry mcp as a client starts it: its stdout has the protocol alone, it ends with its stdin."""

import json
import os
import subprocess
import sys

from core.store import Store

START = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "a client", "version": "1"},
}
MESSAGES = [
    {"id": 1, "method": "initialize", "params": START},
    {"method": "notifications/initialized"},
    {"id": 2, "method": "tools/list"},
    {"id": 3, "method": "tools/call", "params": {"name": "list_exports", "arguments": {}}},
    {"id": 4, "method": "tools/call", "params": {"name": "list_runs", "arguments": {"limit": 99}}},
]


def test_stdout_has_the_protocol_alone(installed: Store):
    process = subprocess.Popen(
        [sys.executable, "-m", "core", "mcp", "--user", "Kaspars"],
        env=os.environ | {"SEGFERRY_HOME": str(installed.settings.home)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process as client:
        for one in MESSAGES:
            print(json.dumps({"jsonrpc": "2.0", **one}), file=client.stdin, flush=True)
        lines = [client.stdout.readline() for _n in range(4)]
        rest, _errors = client.communicate(timeout=60)  # closes its stdin
    assert (rest, client.returncode) == ("", 0)
    answers = {one["id"]: one["result"] for one in map(json.loads, lines)}
    assert answers[1]["serverInfo"]["name"] == "segferry"
    assert "never instructions" in answers[1]["instructions"]
    assert "request_run" in {tool["name"] for tool in answers[2]["tools"]}
    assert answers[3]["structuredContent"]["shown"][0]["name"] == "Newsletter"
    assert answers[4]["isError"]
