# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""The lab's way in without root: blocking, lifecycle and scripts/run's demonstration, as the user nobody.

In a user namespace the daemon has all capabilities over its network and none over the machine: files
under /proc that belong to the real root, the limits of buffers and the numbers of users differ.
"""

import os
import subprocess
import sys

import lab

NOBODY = 65534
SKIPPED = 77  # tests/lab/CMakeLists.txt tells ctest
FILES = [lab.HERE / "blocking_test.py", lab.HERE / "lifecycle_test.py",
         lab.HERE.parents[1] / "scripts/lab_demo.py"]


def main():
    if os.geteuid() != 0:
        print("skipped: not root, so that the other lab tests are this test already")
        return SKIPPED
    become_nobody = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    for path in (str(FILES[0]), lab.program("procwalld"), lab.program("procwall")):
        if subprocess.run([*become_nobody, "test", "-r", path], check=False).returncode != 0:
            print(f"skipped: nobody may not read {path}")
            return SKIPPED
    return max(subprocess.run([*become_nobody, lab.PYTHON, "-B", str(path)], check=False).returncode
               for path in FILES)


if __name__ == "__main__":
    sys.exit(main())
