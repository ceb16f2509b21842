"""Make .venv hold exactly what a lock file says; do nothing when it already does.

    python3 tools/install.py requirements.txt        (make setup, make run)
    python3 tools/install.py requirements-dev.txt    (make test, make check)

Standard library only: it runs before anything is installed. A stamp inside .venv records what was
installed. It is removed before an installation starts and written after it succeeded, under a file
lock, so neither an installation broken off nor two at once can leave a stamp that lies.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
RUNTIME, DEVELOPMENT = "requirements.txt", "requirements-dev.txt"
# The development lock contains the runtime lock (tests/test_repository.py holds that).
SATISFIES = {RUNTIME: [RUNTIME], DEVELOPMENT: [RUNTIME, DEVELOPMENT]}


def stamp(lock_file: str) -> Path:
    return VENV / f"installed-{lock_file}"


def fingerprint(lock_file: str) -> str:
    """A new lock, another Python or a moved folder each ask for a new installation."""
    facts = f"{sys.version_info[:2]} {sys.base_prefix} {VENV}\n".encode()
    return hashlib.sha256(facts + (ROOT / lock_file).read_bytes()).hexdigest()


def is_installed(lock_file: str) -> bool:
    try:
        return VENV_PYTHON.exists() and stamp(lock_file).read_text() == fingerprint(lock_file)
    except FileNotFoundError:
        return False


def make_venv() -> None:
    print("Making .venv, a Python environment for this project only", flush=True)
    # --clear: what stands there is unfinished or belongs to another Python.
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    if made.returncode:
        sys.exit("`python3 -m venv` failed. On Debian and Ubuntu: apt-get install python3-venv")


def venv_works() -> bool:
    """Whether .venv has a pip of this very Python."""
    if not VENV_PYTHON.exists():
        return False
    question = "import pip, sys; print(sys.version_info[:2], sys.prefix)"
    answer = subprocess.run([VENV_PYTHON, "-c", question], capture_output=True, text=True)
    return answer.stdout.strip() == f"{sys.version_info[:2]} {VENV}"


def install(lock_file: str) -> None:
    # Without any stamp an installation was broken off, and a package may be there by half.
    whole = any(stamp(name).exists() for name in SATISFIES) and venv_works()
    for name in SATISFIES:
        stamp(name).unlink(missing_ok=True)
    if not whole:
        make_venv()
    lines = (ROOT / lock_file).read_text().splitlines()
    count = sum("==" in line and line[0].isalnum() for line in lines)
    print(f"Installing up to {count} packages from {lock_file}, hashes checked", flush=True)
    started = time.monotonic()
    pip = [str(VENV_PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet"]
    result = subprocess.run(
        [*pip, "install", "--require-hashes", "-r", lock_file], cwd=ROOT, close_fds=False
    )
    if result.returncode:
        sys.exit(f"Installing {lock_file} failed (see above); nothing was marked as installed.")
    for name in SATISFIES[lock_file]:
        stamp(name).write_text(fingerprint(name))
    print(f"Installed in {time.monotonic() - started:.0f} s")


def main() -> None:
    if sys.version_info < (3, 11):
        sys.exit(
            f"Python 3.11 or later is needed, this is {sys.version.split()[0]}. "
            "Name another with: make PYTHON=python3.12 …"
        )
    if len(sys.argv) != 2 or sys.argv[1] not in SATISFIES:
        sys.exit(f"usage: python3 tools/install.py {{{'|'.join(SATISFIES)}}}")
    with (ROOT / ".venv.lock").open("w") as lock:
        # Released when the last process that holds it ends. pip inherits it (close_fds=False):
        # if only we are killed, the next one still waits for pip.
        os.set_inheritable(lock.fileno(), True)
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_installed(sys.argv[1]):
            install(sys.argv[1])


if __name__ == "__main__":
    main()
