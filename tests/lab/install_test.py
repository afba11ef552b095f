# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""What `cmake --install` puts where, into a folder of the test's own."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

BIN = pathlib.Path(os.environ["PROCWALL_BIN"]).resolve()
FILES = (
    "usr/sbin/procwalld",
    "usr/bin/procwall",
    "usr/share/man/man1/procwall.1",
    "usr/share/man/man8/procwalld.8",
    "usr/lib/systemd/system/procwalld.service",
    "usr/share/bash-completion/completions/procwall",
    "usr/share/bash-completion/completions/procwalld",
    "usr/share/zsh/vendor-completions/_procwall",
    "usr/share/zsh/vendor-completions/_procwalld",
    "usr/share/fish/vendor_completions.d/procwall.fish",
    "usr/share/fish/vendor_completions.d/procwalld.fish",
)


class InstallTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = pathlib.Path(tempfile.mkdtemp(prefix="procwall."))
        cls.addClassCleanup(shutil.rmtree, cls.root)
        subprocess.run(["cmake", "--install", BIN.parent, "--prefix", "/usr"], check=True,
                       stdout=subprocess.DEVNULL, env={**os.environ, "DESTDIR": str(cls.root)})

    def test_everything_is_where_it_belongs(self):
        installed = {str(path.relative_to(self.root)) for path in self.root.rglob("*")
                     if path.is_file()}
        self.assertEqual(installed, set(FILES))
        for name in FILES:
            self.assertGreater((self.root / name).stat().st_size, 100, name)

    def test_the_installed_programs_run(self):
        for name in ("usr/sbin/procwalld", "usr/bin/procwall"):
            said = subprocess.run([self.root / name, "--version"], check=True,
                                  capture_output=True, text=True)
            self.assertRegex(said.stdout, r"^procwalld? \d+\.")

    def test_the_rule_directory_is_there_and_nobody_else_may_write_it(self):
        rules = self.root / "etc/procwall/rules"
        self.assertTrue(rules.is_dir())
        self.assertEqual(rules.stat().st_mode & 0o777, 0o755)

    @unittest.skipUnless(shutil.which("systemd-analyze"), "systemd-analyze is not installed")
    def test_systemd_understands_the_unit(self):
        unit = self.root / "usr/lib/systemd/system/procwalld.service"
        self.assertIn("ExecStart=/usr/sbin/procwalld\n", unit.read_text())
        here = self.root / "procwalld.service"
        here.write_text(unit.read_text().replace("/usr/sbin/", f"{self.root}/usr/sbin/"))
        self.addCleanup(here.unlink)
        verified = subprocess.run(["systemd-analyze", "verify", "--man=no", here],
                                  capture_output=True, text=True)
        self.assertEqual((verified.returncode, verified.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
