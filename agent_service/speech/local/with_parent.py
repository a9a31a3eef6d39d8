"""Executes a command so that Linux kills it when its parent ends, however that ends.

Run as a script: `with_parent.py <process id of the parent> <command> ...`. It imports nothing of the project.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(parent: int, command: list[str]) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            sys.exit("the parent is gone already")
    os.execv(command[0], command)  # noqa: S606, for no shell is wanted


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
