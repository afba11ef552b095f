# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""What scripts/lab runs: a shell in the lab's world, with a daemon."""

import os
import pathlib
import signal
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests/lab"))
import lab  # noqa: E402: the path comes first

HELP = """This shell is a host of its own, guarded by procwalld; leave it with Ctrl-D.
  a server      {name} = {four} and {six}: HTTP on 80, echo on 7 (TCP, UDP), names on 53
  rules         {rules}/*.json, read as soon as you write them; {default} when none matches
  try           procwall watch &    curl {name}    dig {name}    procwall connections
  the log       {log}
"""


def main():
    lab.enter()
    with lab.World() as world:
        guard = world.daemon()
        folder = str(pathlib.Path(lab.program("procwall")).parent)
        environment = {**os.environ, "PROCWALL_ADDRESS": guard.address, "PS1": "lab# ",
                       "PATH": f"{folder}:{os.environ['PATH']}"}
        command = sys.argv[1:] or ["bash", "--norc"]
        if not sys.argv[1:]:
            print(HELP.format(name=lab.SERVER_NAME, four=lab.SERVER4, six=lab.SERVER6,
                              rules=guard.rules_path, default="allow", log=guard.log_path))
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C belongs to the shell
        return subprocess.run(["env", "--default-signal=INT", *command], env=environment,
                              check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main())
    except lab.Impossible as reason:
        sys.exit(f"lab: cannot run here: {reason}")
