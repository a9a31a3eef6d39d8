"""Which tests run in one process where several share them (`pytest -n`), and in what order."""

from pathlib import PurePosixPath

from xdist.scheduler import LoadScopeScheduling

FOLDERS = ("browser", "hosting", "deployed", "infra", "install", "clients", "faults", "contract")
"""Their tests share what is dear to start, so that one process runs all of a folder; what takes longest comes first."""


def place_of(nodeid: str) -> tuple[int, str]:
    """Where in the queue a test stands, and with which others: those of its folder, or of its file."""
    file = PurePosixPath(nodeid.partition("::")[0])
    folder = file.parent.name
    return (FOLDERS.index(folder), folder) if folder in FOLDERS else (len(FOLDERS), str(file))


class Together(LoadScopeScheduling):
    """Hands out what stays together as a whole; `--dist loadgroup` does nothing under a pytest as new as ours."""

    def _split_scope(self, nodeid: str) -> str:
        return place_of(nodeid)[1]
