"""Make the stored old file: a week of dossiers by the schema of today, for the tests of tomorrow.

Run it once for each schema version, before the version is released, from the top of the repository:
``python -m tests.storage.make_old_file``. A released one is never made again.
"""

from __future__ import annotations

import json
import lzma
import tempfile
from datetime import datetime
from pathlib import Path

from counter_app.bootstrap import open_app
from counter_app.services import browse, demo, lookup
from counter_app.storage.database import SCHEMA_VERSION, Store

NOW = datetime(2026, 11, 27, 17)
OLD = Path(__file__).parent.parent / "data" / "old"
KEPT = (
    "uuid code official_code procedure_code applicant_name citizen_id status channel received_at "
    "recorded_at original_due_at legal_due_at rescheduled_due_at due_at completed_at returned_at "
    "timeliness events_count"
).split()


def told(store: Store) -> list[dict[str, object]]:
    """Return what the file says of each dossier, in words that outlive a version."""
    rows = []
    for facts in browse.list_dossiers(store, as_of=NOW):
        full = lookup.dossier_json(lookup.show(store, facts.uuid, now=NOW), full=True)
        row: dict[str, object] = {key: full[key] for key in KEPT}
        row["events"] = [[e["kind"], e["at"], e["by"]] for e in full["events"]]
        row["promises"] = [[p["kind"], p["due_at"]] for p in full["promises"]]
        row["papers"] = [[p["kind"], p["uuid"], p["number"]] for p in full["papers"]]
        rows.append(row)
    return rows


def main() -> None:
    """Write ``v<version>.db.xz`` and what it must still say when it is opened later."""
    with tempfile.TemporaryDirectory() as name:
        app = open_app(data=name, environment={})
        demo.fill(app.store, "week", now=NOW)
        # Small enough to be kept beside the code: the shipped catalogue is told elsewhere.
        with app.store.transaction():  # a decision, which the seal has to know
            app.store.execute(
                "DELETE FROM procedure WHERE code NOT IN (SELECT procedure_code FROM dossier)"
            )
            app.store.cache.clear()
        says = told(app.store)
        app.store.execute("VACUUM")
        app.store.close()
        content = (Path(name) / "counter.db").read_bytes()
    OLD.mkdir(exist_ok=True)
    target = OLD / f"v{SCHEMA_VERSION}.db.xz"
    target.write_bytes(lzma.compress(content, preset=9))
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in says)
    (OLD / f"v{SCHEMA_VERSION}.json").write_text(f"[{lines}]\n", "utf-8")


if __name__ == "__main__":
    main()
