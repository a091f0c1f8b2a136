"""Writes pictures into a ledger until it is stopped, and says each entry's number once it is durable.

Usage: ledger_driver.py HOME [COUNT]
"""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from ledger_samples import open_ledger, painted, release  # noqa: E402

from provenance.errors import ProvenanceError  # noqa: E402
from provenance.storage.vault import Vault  # noqa: E402


def main() -> None:
    home, count = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    try:
        with open_ledger(home) as ledger:
            vault = Vault(home / "vault")
            for number in range(count):
                statement = painted(by=(f"layout: Painter {number % 3}",))
                asked = ledger.request(statement)
                print(asked.seq, flush=True)
                vault.put(f"signed {statement.picture}".encode())
                release(ledger, statement.picture)
                print(ledger.picture(statement.picture).released, flush=True)
                if number % 3 == 0:
                    print(f"checkpoint {ledger.checkpoint().checkpoint.size}", flush=True)
    except ProvenanceError as error:
        print(f"refused {type(error).__name__}: {error}", flush=True)
        sys.exit(3)


if __name__ == "__main__":
    main()
