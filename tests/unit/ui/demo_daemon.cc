// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Serves made-up answers on the socket named by its argument, to look at the client's output:
//   build/dev/bin/ui_demo_daemon /tmp/demo.sock &  procwall --address unix:/tmp/demo.sock watch
#include <chrono>
#include <iostream>
#include <thread>

#include "tests/unit/ui/fake_daemon.h"
#include "tests/unit/ui/sample_event.h"

namespace procwall {
namespace {

std::vector<v1::WatchResponse> DemoScript() {
  std::vector<v1::WatchResponse> script;
  v1::Event event = SampleEvent();
  script.push_back(Watched(event));

  event.mutable_time()->set_nanos(201000000);
  event.set_dst_host("");
  event.set_protocol("udp");
  event.set_dst_ip("9.9.9.9");
  event.set_dst_port(53);
  event.set_rule("000-allow-the-resolver-to-ask-quad9");
  event.mutable_process()->set_path("/usr/lib/systemd/systemd-resolved");
  event.mutable_process()->set_pid(612);
  event.set_confidence(v1::CONFIDENCE_LIKELY);
  event.mutable_latency()->set_nanos(48200);
  script.push_back(Watched(event));

  event.mutable_time()->set_nanos(402000000);
  event.set_action(v1::ACTION_DENY);
  event.set_judged_action(v1::ACTION_DENY);
  event.set_reason(v1::REASON_DEFAULT_ACTION);
  event.set_rule("");
  event.set_protocol("tcp6");
  event.set_dst_ip("2001:db8:85a3::8a2e:370:7334");
  event.set_dst_port(8443);
  event.mutable_process()->set_path(
      "/home/ada/.local/share/Steam/ubuntu12_32/steam-runtime/launcher");
  event.mutable_process()->set_pid(1904211);
  event.set_confidence(v1::CONFIDENCE_CERTAIN);
  script.push_back(Watched(event));

  event.set_action(v1::ACTION_REJECT);
  event.set_judged_action(v1::ACTION_REJECT);
  event.set_reason(v1::REASON_RULE);
  event.set_rule("block-telemetry");
  event.set_protocol("tcp");
  event.set_dst_host("eu-west-1.telemetry.collector.internal.example.com");
  event.mutable_process()->set_path(
      "/opt/\xe6\xbc\xa2\xe5\xad\x97\xe3\x81\x8b\xe3\x81\xaa/\\x1b[31mevil");
  *event.add_alternatives() = SampleEvent().process();
  event.set_confidence(v1::CONFIDENCE_AMBIGUOUS);
  event.mutable_latency()->set_seconds(3);
  script.push_back(Watched(event));

  script.push_back(Missed(3));
  event = SampleEvent();
  event.clear_process();
  event.set_dst_host("");
  event.set_unknown_reason("process-gone");
  event.set_confidence(v1::CONFIDENCE_UNKNOWN);
  event.set_evidence("exact socket 99 same-flow, its holder exited before it could be described");
  event.set_judged_action(v1::ACTION_DENY);
  event.set_rule("block-telemetry");
  script.push_back(Watched(event));

  event = SampleEvent();
  event.set_direction("incoming");
  event.set_src_ip("2001:db8::17");
  event.set_dst_port(22);
  event.mutable_process()->set_path("/usr/sbin/sshd");
  script.push_back(Watched(event));
  return script;
}

v1::StatusResponse DemoStatus() {
  auto status = FromText<v1::StatusResponse>(R"(
    version: "0.1.0" pid: 812 mode: "enforce" default_action: "allow"
    rules_directory: "/etc/procwall/rules" config_file: "/etc/procwall/config.json"
    rules: 42 refused_rule_files: 1 firewall: "nft" queue_bypass: true
    receive_buffer_bytes: 4194304 watchers: 1 resident_bytes: 14890000
    counters { packets: 1204518 allowed: 1190077 denied: 9311 rejected: 120 parked: 2
               dns_answers: 5008 unknown: 412 lost_queue_full: 12 })");
  status.mutable_started()->set_seconds(std::time(nullptr) - 100000);
  return status;
}

v1::ListRulesResponse DemoRules() {
  return FromText<v1::ListRulesResponse>(R"(
    directory: "/etc/procwall/rules"
    rules { name: "000-allow-loopback" enabled: true precedence: true nolog: true action: "allow"
            duration: "always" file: "000-allow-loopback.json"
            operator { type: "network" operand: "dest.network" data: "127.0.0.0/8" } }
    rules { name: "allow-curl" enabled: true action: "allow" duration: "always" file: "allow-curl.json"
            operator { type: "list" operand: "list"
                       list { type: "simple" operand: "process.path" data: "/usr/bin/curl" sensitive: true }
                       list { type: "simple" operand: "dest.port" data: "443" }
                       list { type: "regexp" operand: "dest.host" data: "^(|.*\\.)example\\.org$" } } }
    rules { name: "block-telemetry" enabled: true action: "reject" duration: "until restart"
            operator { type: "lists" operand: "lists.domains" data: "/etc/procwall/lists/telemetry" } }
    rules { name: "old-rule" action: "deny" duration: "15m"
            operator { type: "simple" operand: "true" data: "" } }
    refused { file: "games.json" line: 14 column: 7
              reason: "operator.data: missing closing ): ^(steam|lutris" previous_version_in_force: true }
    refused { file: "new.json" line: 1 column: 1 reason: "unexpected end of input" })");
}

}  // namespace
}  // namespace procwall

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: ui_demo_daemon SOCKET\n";
    return 2;
  }
  procwall::FakeDaemon daemon(argv[1]);
  daemon.status = procwall::DemoStatus();
  daemon.rules = procwall::DemoRules();
  daemon.script = procwall::DemoScript();
  std::this_thread::sleep_for(std::chrono::hours(1));
  return 0;
}
