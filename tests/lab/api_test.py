# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""The API as other programs use it: what docs/API.md shows, rules, roles, TLS, health, reflection."""

import json
import os
import re
import socket
import ssl
import subprocess
import time

import grpc

import api_client
import lab
from stage import is_real_root

TLS_PORT = 50052
CERTIFICATES_AGE = 10  # seconds: kCertificatesAge of daemon/api_tls.h
NOBODY = 65534
CHANGES = ("PutRule", "RemoveRule", "SetRuleEnabled", "ReplayRules")  # need administer


class ApiTest(lab.LabTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.modules = cls.world.folder / "modules"
        cls.modules.mkdir(exist_ok=True)
        api_client.generate(cls.modules)
        cls.pb, cls.stubs = api_client.load(cls.modules)

    def connect(self, guard):
        channel = grpc.insecure_channel(guard.address)
        self.addCleanup(channel.close)
        return self.stubs.ProcwallStub(channel)

    def deny(self, name, program):
        return self.pb.Rule(name=name, enabled=True, action="deny", duration="always",
                            operator=self.pb.Operator(type="simple", operand="process.path",
                                                      data=program))

    def refused(self, code, call, request):
        with self.assertRaises(grpc.RpcError) as caught:
            call(request, timeout=10)
        self.assertEqual(caught.exception.code(), code, caught.exception.details())
        return caught.exception

    def test_the_example_of_the_documentation_runs(self):
        text = (lab.HERE.parents[1] / "docs/API.md").read_text(encoding="utf-8")
        example = re.search(r"```python\n(.*?)```", text, re.DOTALL).group(1)
        guard = self.daemon()
        example = example.replace("unix:/run/procwall/procwall.sock", guard.address)
        example += "    break\n"  # the first message: it listens
        ran = subprocess.run([lab.PYTHON, "-B", "-c", example], cwd=self.modules,
                             capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertEqual(ran.stdout.splitlines()[0], guard.status()["version"])
        self.assertTrue((guard.rules_path / "no-curl.json").exists())

    def test_a_rule_is_in_force_when_put_is_answered(self):
        guard = self.daemon()
        api = self.connect(guard)
        sender = self.world.executable_copy(lab.program("lab_sender"), "put-sender")

        def arrived(port):
            return len(self.world.arrived(syn=True, target_port=port))

        def connects():
            before, fence = arrived(7), arrived(80)
            lab.run(sender, "tcp", lab.SERVER4, "7", "close")
            socket.create_connection((lab.SERVER4, 80), timeout=5).close()
            lab.await_true(lambda: arrived(80) > fence, "what was sent after it")
            return arrived(7) > before
        self.assertTrue(connects())
        for _ in range(5):
            api.PutRule(self.pb.PutRuleRequest(rule=self.deny("no-sender", sender)), timeout=10)
            self.assertFalse(connects())
            api.SetRuleEnabled(self.pb.SetRuleEnabledRequest(name="no-sender"), timeout=10)
            self.assertTrue(connects())
            api.RemoveRule(self.pb.RemoveRuleRequest(name="no-sender"), timeout=10)

    def test_refusals_have_codes_and_reasons(self):
        guard = self.daemon(rules=[lab.rule("there", "allow", "true", "")])
        api, pb = self.connect(guard), self.pb
        code = grpc.StatusCode
        error = self.refused(code.NOT_FOUND, api.GetRule, pb.GetRuleRequest(name="none"))
        details = dict(error.trailing_metadata())["grpc-status-details-bin"]
        self.assertIn(b"RULE_NOT_FOUND", details)
        self.refused(code.NOT_FOUND, api.RemoveRule, pb.RemoveRuleRequest(name="none"))
        self.refused(code.ALREADY_EXISTS, api.PutRule,
                     pb.PutRuleRequest(rule=self.deny("there", "/x")))
        self.refused(code.INVALID_ARGUMENT, api.PutRule, pb.PutRuleRequest(rule=pb.Rule(name="x")))
        self.refused(code.INVALID_ARGUMENT, api.TestRules, pb.TestRulesRequest())
        self.refused(code.INVALID_ARGUMENT, api.ListConnections,
                     pb.ListConnectionsRequest(page_token="nonsense"))
        big = self.deny("big", "/" + "x" * (1 << 20))
        self.refused(code.RESOURCE_EXHAUSTED, api.PutRule, pb.PutRuleRequest(rule=big))

    def test_every_socket_is_listed_once_with_its_program(self):
        guard = self.daemon()
        api = self.connect(guard)
        with socket.socket() as mine:
            mine.bind((lab.HOST4, 0))
            mine.listen(1)
            port, found, token, pages = mine.getsockname()[1], [], "", 0
            while pages == 0 or token:
                page = api.ListConnections(
                    self.pb.ListConnectionsRequest(page_size=2, page_token=token), timeout=10)
                found += page.sockets
                token, pages = page.next_page_token, pages + 1
        inodes = [entry.socket.inode for entry in found if entry.socket.inode]
        self.assertEqual(len(inodes), len(set(inodes)))
        listener = next(entry for entry in found if entry.socket.local_port == port)
        self.assertEqual((listener.socket.state, [p.pid for p in listener.holders]),
                         ("LISTEN", [os.getpid()]))

    def test_what_the_rules_would_say_and_what_the_daemon_runs_with(self):
        guard = self.daemon(rules=[lab.rule("no-curl", "deny", "process.path", "/usr/bin/curl"),
                                   lab.rule("web", "allow", "dest.port", "443")])
        api, pb = self.connect(guard), self.pb
        event = pb.Event(dst_ip="192.0.2.1", dst_port=443,
                         process=pb.Process(path="/usr/bin/curl"))
        answer = api.TestRules(pb.TestRulesRequest(event=event), timeout=10)
        self.assertEqual((answer.judgement.rule, list(answer.would_also_match)),
                         ("no-curl", ["web"]))
        settings = {setting.key: (json.loads(setting.value), setting.__getattribute__("from"))
                    for setting in api.GetConfig(pb.GetConfigRequest(), timeout=10).settings}
        self.assertEqual(settings["Rules.Path"], (str(guard.rules_path), "flag"))
        self.assertEqual(settings["Procwall.Mode"], ("enforce", "default"))
        doctor = json.loads(guard.client("doctor", "--json").output)
        told = json.loads(api.Diagnose(pb.DiagnoseRequest(), timeout=30).json)
        self.assertEqual((told["daemon_pid"], told.keys()), (guard.process.pid, doctor.keys()))

    def test_health_and_reflection_are_served(self):
        guard = self.daemon()
        channel = grpc.insecure_channel(guard.address)
        self.addCleanup(channel.close)
        check = channel.unary_unary("/grpc.health.v1.Health/Check")
        self.assertEqual(check(b"", timeout=10), b"\x08\x01")  # SERVING
        reflect = channel.stream_stream(
            "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo")
        answer = next(reflect(iter([b"\x3a\x00"]), timeout=10))  # list_services
        self.assertIn(b"procwall.v1.Procwall", answer)

    def test_each_may_what_its_role_allows(self):
        if not is_real_root():
            self.skipTest("only the machine's root can be somebody else")
        config = self.world.folder / "roles.json"
        expected = {"view": {**dict.fromkeys(CHANGES, "PERMISSION_DENIED"),
                             "Questions": "PERMISSION_DENIED", "Status": "OK"},
                    "answer": {**dict.fromkeys(CHANGES, "PERMISSION_DENIED"), "Questions": "OK"},
                    "admin": {"PutRule": "INVALID_ARGUMENT", "RemoveRule": "INVALID_ARGUMENT",
                              "SetRuleEnabled": "INVALID_ARGUMENT", "ReplayRules": "OK",
                              "Questions": "OK"}}
        for role, wanted in expected.items():
            with self.subTest(role=role):
                key = {"view": "ViewGroup", "answer": "AnswerGroup", "admin": "AdminGroup"}[role]
                groups = {"ViewGroup": "", "AnswerGroup": "", "AdminGroup": "", key: "nogroup"}
                config.write_text(json.dumps({"Procwall": groups}))
                guard = self.daemon(flags=("-config-file", str(config)))
                found = self.as_user(NOBODY, NOBODY, guard)
                self.assertEqual({name: found[name] for name in wanted}, wanted)
                if role != "admin":
                    self.assertEqual(list(guard.rules_path.iterdir()), [])
                strangers = self.as_user(NOBODY, 12345, guard)
                self.assertEqual(set(strangers.values()), {"UNAVAILABLE"})
                self.assertEqual(guard.status()["askers"], 0)

    def as_user(self, uid, gid, guard):
        ran = lab.run("setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups", lab.PYTHON,
                      "-B", str(lab.HERE / "api_client.py"), str(self.modules), guard.address,
                      timeout=120)
        self.assertEqual(ran.code, 0, ran.errors)
        return json.loads(ran.output)

    # TLS.

    def certificates(self):
        folder = self.world.folder / "tls"
        if folder.exists():
            return folder
        folder.mkdir()

        def openssl(*words):
            lab.must("openssl", *words, cwd=folder)
        curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1")
        openssl("req", "-x509", *curve, "-subj", "/CN=lab authority", "-keyout", "ca.key", "-out",
                "ca.pem")
        for name, alternative in (("server", "IP:127.0.0.1"), ("renewed", "IP:127.0.0.1"),
                                  ("viewer", "DNS:viewer.test"), ("nobody", "DNS:nobody.test")):
            openssl("req", "-new", *curve[:5], "-subj", f"/CN={name}", "-addext",
                    f"subjectAltName={alternative}", "-keyout", f"{name}.key", "-out",
                    f"{name}.csr")
            openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                    "-CAcreateserial", "-copy_extensions", "copy", "-days", "1", "-out",
                    f"{name}.pem")
        return folder

    def tls_config(self, **changed):
        folder = self.certificates()
        config = self.world.folder / "tls.json"
        config.write_text(json.dumps({"Procwall": {"ApiTls": {
            "Address": f"127.0.0.1:{TLS_PORT}", "Certificate": str(folder / "server.pem"),
            "Key": str(folder / "server.key"), "ClientCa": str(folder / "ca.pem"),
            "Roles": {"viewer.test": "view"}, **changed}}}))
        return str(config)

    def over_tls(self, name, *command):
        folder = self.certificates()
        return lab.run(lab.program("procwall"), "--address", f"127.0.0.1:{TLS_PORT}", "--tls-ca",
                       str(folder / "ca.pem"), "--tls-cert", str(folder / f"{name}.pem"),
                       "--tls-key", str(folder / f"{name}.key"), *command)

    def test_over_tcp_a_certificate_has_a_role(self):
        self.daemon(flags=("-config-file", self.tls_config()))
        status = self.over_tls("viewer", "status", "--json")
        self.assertEqual(status.code, 0, status.errors)
        self.assertEqual(json.loads(status.output)["mode"], "enforce")
        nobody = self.over_tls("nobody", "status")
        self.assertEqual(nobody.code, 1)
        self.assertIn("has a role", nobody.errors)
        folder = self.certificates()
        own = [(folder / name).read_bytes() for name in ("ca.pem", "viewer.key", "viewer.pem")]
        channel = grpc.secure_channel(f"127.0.0.1:{TLS_PORT}", grpc.ssl_channel_credentials(*own))
        self.addCleanup(channel.close)
        self.refused(grpc.StatusCode.PERMISSION_DENIED,
                     self.stubs.ProcwallStub(channel).RemoveRule,
                     self.pb.RemoveRuleRequest(name="x"))
        bare = lab.run(lab.program("procwall"), "--address", f"127.0.0.1:{TLS_PORT}", "--tls-ca",
                       str(self.certificates() / "ca.pem"), "status")
        self.assertEqual(bare.code, 2)

    def test_a_new_certificate_counts_without_a_restart(self):
        guard = self.daemon(flags=("-config-file", self.tls_config()))
        folder = self.certificates()

        def shown():
            return ssl.get_server_certificate(("127.0.0.1", TLS_PORT))

        def bytes_of(name):
            return (folder / name).read_bytes()
        former, renewed = (bytes_of(name).decode() for name in ("server.pem", "renewed.pem"))
        self.assertEqual(shown(), former)
        (folder / "server.pem").write_text(renewed[:len(renewed) // 2])
        guard.log.wait(lambda line: "tls_files_refused" in line and "server.pem" in line)
        self.assertEqual(shown(), former)
        self.assertEqual(self.over_tls("viewer", "status").code, 0)
        (folder / "server.key").write_bytes(bytes_of("renewed.key"))
        (folder / "server.pem").write_text(renewed)
        lab.await_true(lambda: shown() == renewed, "the new certificate", 3 * CERTIFICATES_AGE)
        self.assertEqual(self.over_tls("viewer", "status").code, 0)

    def test_a_bad_key_or_address_keeps_the_daemon_from_starting(self):
        key = self.certificates() / "open.key"
        key.write_text("-----BEGIN PRIVATE KEY-----\n")
        key.chmod(0o644)
        for change, wanted in (({"Key": str(key)}, "others may read or change it"),
                               ({"Address": "localhost:1"}, "must be an IP address with a port"),
                               ({"ClientCa": ""}, "ClientCa is missing")):
            guard = self.daemon(flags=("-config-file", self.tls_config(**change)),
                                expect_ready=False)
            self.assertNotEqual(guard.wait(), 0)
            self.assertIn(wanted, guard.log_text())

    def test_without_tls_there_is_no_tcp(self):
        guard = self.daemon(flags=("-api-address", "127.0.0.1:50051"), expect_ready=False)
        self.assertNotEqual(guard.wait(), 0)
        self.assertIn("Procwall.ApiTls", guard.log_text())


if __name__ == "__main__":
    lab.main()
