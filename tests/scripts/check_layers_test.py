# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""What scripts/check_layers.py refuses: a small tree, one fault, one claim."""

import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "scripts"))
import check_layers  # noqa: E402: the path comes first

HEAD = "// SPDX-License-Identifier: GPL-3.0-or-later\n"
HEADER = HEAD + "#pragma once\n"


class CheckLayersTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        for header in ("base/result.h", "net/packet.h", "attribution/process.h",
                       "attribution/attribution.h", "attribution/procfs.h", "rules/rule.h",
                       "daemon/pipeline.h", "ui/watch.h"):
            self.write(header, HEADER)

    def write(self, path, text):
        target = pathlib.Path(self.folder.name) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def refusals(self):
        tree = check_layers.Tree(self.folder.name)
        tree.check()
        return tree.refusals

    def assert_include(self, source, include, refused_because=None):
        self.write(source, (HEADER if source.endswith(".h") else HEAD) + f"#include {include}\n")
        if source.endswith(".cc") and not source.startswith("tests/"):
            layer, name = source.split("/")
            self.write(f"tests/unit/{layer}/{name[:-3]}_test.cc", HEAD)
        if refused_because is None:
            self.assertEqual(self.refusals(), [])
        else:
            line = 3 if source.endswith(".h") else 2
            self.assertEqual(self.refusals(), [f"{source}:{line}: {refused_because}"])

    def test_accepts_a_clean_tree(self):
        self.assertEqual(self.refusals(), [])

    def test_accepts_an_include_that_points_down(self):
        self.assert_include("daemon/a.h", '"base/result.h"')

    def test_refuses_an_include_that_points_up(self):
        self.assert_include("net/a.h", '"rules/rule.h"', "net/ may not include rules/rule.h")

    def test_refuses_the_daemon_in_the_client(self):
        self.assert_include("ui/a.h", '"daemon/pipeline.h"',
                            "ui/ may not include daemon/pipeline.h")

    def test_refuses_the_client_in_the_daemon(self):
        self.assert_include("daemon/a.h", '"ui/watch.h"', "daemon/ may not include ui/watch.h")

    def test_lets_rules_see_what_a_process_is(self):
        self.assert_include("rules/a.h", '"attribution/process.h"')

    def test_refuses_the_machinery_of_attribution_in_rules(self):
        self.assert_include("rules/a.h", '"attribution/procfs.h"',
                            "rules/ may not include attribution/procfs.h")

    def test_lets_the_client_list_sockets_without_a_daemon(self):
        self.assert_include("ui/a.h", '"attribution/procfs.h"')

    def test_accepts_generated_code_in_the_daemon(self):
        self.assert_include("daemon/a.h", '"procwall/v1/procwall.grpc.pb.h"')

    def test_refuses_generated_code_below_the_daemon(self):
        self.assert_include("rules/a.h", '"procwall/v1/procwall.pb.h"',
                            "rules/ may not see the proto layer (procwall/v1/procwall.pb.h)")

    def test_refuses_logging_outside_the_daemon(self):
        self.assert_include("ui/a.h", "<spdlog/spdlog.h>",
                            "<spdlog/spdlog.h> belongs in daemon only")

    def test_refuses_kernel_headers_in_a_header(self):
        self.assert_include("net/a.h", "<linux/inet_diag.h>",
                            "<linux/inet_diag.h>: kernel headers stay in .cc files")

    def test_accepts_kernel_headers_in_a_source(self):
        self.assert_include("net/a.cc", "<linux/inet_diag.h>")

    def test_refuses_an_include_of_nothing(self):
        self.assert_include("net/a.h", '"packet.h"',
                            '"packet.h" does not exist (write it from the root)')

    def test_accepts_a_header_that_the_build_makes(self):
        self.write("daemon/version.h.in", "#define VERSION @VERSION@\n")
        self.assert_include("daemon/a.cc", '"daemon/version.h"')

    def test_lets_tests_use_everything_that_exists(self):
        self.assert_include("tests/unit/ui/a_test.cc", '"daemon/pipeline.h"')

    def test_lets_a_test_use_its_neighbour(self):
        self.write("tests/unit/ui/sample_event.h", HEADER)
        self.assert_include("tests/unit/ui/a_test.cc", '"sample_event.h"')

    def test_refuses_a_source_without_its_test(self):
        self.write("net/a.cc", HEAD)
        self.assertEqual(self.refusals(),
                         ["net/a.cc: has no test: tests/unit/net/a_test.cc is missing"])

    def test_needs_no_test_of_main(self):
        self.write("daemon/main.cc", HEAD)
        self.assertEqual(self.refusals(), [])

    def test_refuses_a_file_without_its_licence(self):
        self.write("scripts/run", "#!/bin/sh\n")
        self.assertEqual(self.refusals(),
                         ["scripts/run:1: no SPDX-License-Identifier in its first lines"])

    def test_refuses_a_header_that_may_be_read_twice(self):
        self.write("net/a.h", HEAD)
        self.assertEqual(self.refusals(), ["net/a.h:1: a header without #pragma once"])

    def test_refuses_a_name_that_says_nothing(self):
        self.write("net/packet_utils.h", HEADER)
        self.assertEqual(self.refusals(),
                         ["net/packet_utils.h: named after nothing: say what it is"])

    def test_refuses_a_reinterpret_cast(self):
        self.write("net/a.h", HEADER + "auto x = reinterpret_cast<int*>(y);\n")
        self.assertEqual(self.refusals(),
                         ["net/a.h:3: reinterpret_cast outside net/netlink.cc"])

    def test_warns_of_a_long_header_without_refusing_it(self):
        self.write("net/a.h", HEADER + "\n" * 200)
        tree = check_layers.Tree(self.folder.name)
        tree.check()
        self.assertEqual((tree.refusals, tree.warnings), ([], ["net/a.h: 202 lines, soft cap 120"]))


if __name__ == "__main__":
    unittest.main()
