# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""Network profiles: rules that hold in one network only, decided by the default route."""

import json
import subprocess

import lab

OTHER_GATEWAY = "10.77.0.3"  # the server's, too


class ProfileTest(lab.LabTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.inside = ["nsenter", "--target", str(cls.world.server.pid), "--net", "--"]
        lab.must(*cls.inside, "ip", "addr", "add", f"{OTHER_GATEWAY}/24", "dev", "pw1")
        link = json.loads(lab.must(*cls.inside, "ip", "-j", "link", "show", "dev", "pw1"))
        cls.mac = link[0]["address"]

    def setUp(self):
        super().setUp()
        self.addCleanup(lab.run, "ip", "route", "del", "default")
        lab.run("ip", "route", "del", "default")

    def start(self, profiles, rules):
        config = self.world.folder / "profiles.json"
        config.write_text(json.dumps({"Procwall": {"NetworkProfiles": profiles}}), encoding="utf-8")
        return self.daemon(rules=rules, flags=("-config-file", str(config)))

    def passes(self):
        return lab.can_connect(lab.SERVER4, 7)

    def await_profile(self, guard, name):
        line = f'event=network_profile name="{name}"'
        self.assertIsNotNone(guard.log.wait(lambda text: line in text), guard.log_text())

    def test_a_rule_holds_in_its_network_only(self):
        guard = self.start(
            [{"Name": "home", "Gateway": lab.SERVER4}, {"Name": "cafe", "Gateway": OTHER_GATEWAY}],
            [lab.rule("not-in-the-cafe", "deny", "network.profile", "cafe")])
        self.await_profile(guard, "other")
        self.assertTrue(self.passes())
        for gateway, name, may_pass in ((lab.SERVER4, "home", True), (OTHER_GATEWAY, "cafe", False),
                                        (lab.SERVER4, "home", True)):
            with self.subTest(name):
                lab.must("ip", "route", "replace", "default", "via", gateway)
                lab.await_true(lambda want=may_pass: self.passes() == want, f"the profile {name}")
        self.await_profile(guard, "cafe")
        self.expect_event(guard, rule="not-in-the-cafe", action="deny")

    def test_the_gateways_hardware_address_and_the_interface(self):
        lab.must("ip", "route", "replace", "default", "via", lab.SERVER4)
        guard = self.start(
            [{"Name": "wrong", "Interface": "eth*", "GatewayMac": self.mac},
             {"Name": "right", "Interface": "pw*", "GatewayMac": self.mac.upper()}],
            [lab.rule("no-right", "deny", "network.profile", "right")])
        lab.await_true(lambda: not self.passes(), "the neighbour to be known")
        self.await_profile(guard, "right")

    def test_what_was_let_through_is_judged_again_in_another_network(self):
        lab.must("ip", "route", "replace", "default", "via", lab.SERVER4)
        guard = self.start(
            [{"Name": "home", "Gateway": lab.SERVER4}, {"Name": "cafe", "Gateway": OTHER_GATEWAY}],
            [lab.rule("not-in-the-cafe", "deny", "network.profile", "cafe")])
        self.await_profile(guard, "home")
        program = self.world.executable_copy(lab.PYTHON, "long-lived")
        process = subprocess.Popen(
            [program, "-I", "-c",
             "import socket, sys; one = socket.create_connection((sys.argv[1], 7)); "
             "print('connected', flush=True); print(len(one.recv(1)), flush=True)", lab.SERVER4],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(lab.end, process)
        self.assertEqual(process.stdout.readline(), "connected\n")
        lab.must("ip", "route", "replace", "default", "via", OTHER_GATEWAY)
        self.await_profile(guard, "cafe")
        self.assertNotEqual(process.wait(lab.DEADLINE), 0)  # its socket was closed under it

    def test_a_wrong_profile_is_refused_with_its_place(self):
        config = self.world.folder / "wrong.json"
        config.write_text('{"Procwall": {"NetworkProfiles": [{"Name": "x", "Gateway": "home"}]}}',
                          encoding="utf-8")
        daemon = self.world.daemon(flags=("-config-file", str(config)), expect_ready=False)
        self.assertEqual(daemon.wait(), 2)
        self.assertIn("Procwall.NetworkProfiles[0].Gateway must be an IP address",
                      daemon.log_text())


if __name__ == "__main__":
    lab.main()
