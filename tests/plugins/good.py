"""An external backend that answers with a text file, a binary file, a loss and findings."""
import json
import sys

request = json.load(sys.stdin)
assert request["protocol"] == 1, request["protocol"]
collection = request["collection"]
fronts = [note["fields"][0]["text"] for note in collection["notes"]]
json.dump(
    {
        "protocol": 1,
        "files": [
            {"name": request["stem"] + ".list", "text": "\n".join(fronts) + "\n"},
            {"name": "bin/zero.dat", "base64": "AP8="},
            {"name": "seen.txt", "text": f'{request["format"]} {request["options"]} {request["root"]}'},
        ],
        "losses": [{"feature": "styling", "note": 1, "detail": "bold written as plain text"}],
        "diagnostics": [
            {"severity": "warning", "message": "front is long", "note": 1},
            {"severity": "note", "message": "2 fronts"},
        ],
        "advice": ["open it with care"],
    },
    sys.stdout,
)
