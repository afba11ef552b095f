// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/status.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"
#include "tests/unit/ui/fake_daemon.h"
#include "tests/unit/ui/sample_event.h"

namespace procwall {
namespace {

constexpr std::chrono::sys_seconds kStatusTime{std::chrono::seconds(1709301802)};

v1::StatusResponse Healthy() {
  return FromText<v1::StatusResponse>(R"(
    version: "0.1.0" pid: 812 started { seconds: 1709290800 } mode: "enforce"
    default_action: "allow" rules_directory: "/etc/procwall/rules"
    config_file: "/etc/procwall/config.json" rules: 42 firewall: "nft" queue_bypass: true
    receive_buffer_bytes: 4194304 watchers: 1 resident_bytes: 15728640
    journal { path: "/var/lib/procwall/journal.db" entries: 1234 bytes: 2097152
              oldest { seconds: 1706745600 } }
    sinks: "journald" sinks: "file:/x" metrics_address: "127.0.0.1:9477"
    counters { packets: 1204518 allowed: 1190077 denied: 9311 rejected: 120 parked: 2
               dns_answers: 5008 unknown: 412 }
    witness { runs: true parts { name: "exec" runs: true } parts { name: "packets" runs: true }
              sockets { most: 65536 held: 1200 } flows { most: 32768 held: 32768 displaced: 7 } }
    process_news: "witness")");
}

TEST(StatusText, SaysThatNobodyTellsOfNewPrograms) {
  v1::StatusResponse status = Healthy();
  status.set_process_news("none");
  EXPECT_NE(StatusText(status, Terminal{}, kStatusTime).find("from /proc alone: nobody tells"),
            std::string::npos);
}

TEST(StatusText, SaysHowItStandsWithOpenSnitchsGui) {
  v1::StatusResponse status = Healthy();
  v1::OpensnitchGui& gui = *status.mutable_opensnitch_gui();
  gui.set_address("unix:/x");
  gui.set_why_not("no GUI is running");
  EXPECT_THAT(StatusText(status, Terminal{}, kStatusTime),
              testing::HasSubstr("OpenSnitch GUI     not connected: no GUI is running\n"));
  gui.set_connected(true);
  gui.set_dialect("1.5");
  gui.set_questions(3);
  gui.set_answers(2);
  EXPECT_THAT(StatusText(status, Terminal{}, kStatusTime),
              testing::HasSubstr("connected at unix:/x, speaks 1.5; 2 of 3 questions answered\n"));
}

TEST(StatusText, ReadsAtAGlance) {
  EXPECT_EQ(StatusText(Healthy(), Terminal{}, kStatusTime),
            "procwalld 0.1.0 guards this host, pid 812, for 3 h 3 min, 15.0 MiB of memory\n"
            "\n"
            "without a rule     allow\n"
            "rules              42 from /etc/procwall/rules\n"
            "configuration      /etc/procwall/config.json\n"
            "firewall           nft, queue 0; open while no daemon runs\n"
            "kernel witness     sees everything it can\n"
            "it remembers       1,200 of 65,536 sockets, 32,768 of 32,768 flows\n"
            "OpenSnitch GUI     not looked for\n"
            "process news       from the witness\n"
            "journal            /var/lib/procwall/journal.db, 1,234 entries in 2.0 MiB\n"
            "events also to     journald, file:/x\n"
            "metrics            http://127.0.0.1:9477/metrics\n"
            "receive buffer     4.0 MiB\n"
            "watchers           1\n"
            "\n"
            "packets            1,204,518\n"
            "  allowed          1,190,077   98.8 %\n"
            "  denied               9,311    0.8 %\n"
            "  rejected               120  < 0.1 %\n"
            "  waiting                  2  < 0.1 %\n"
            "  dns answers          5,008    0.4 %\n"
            "program unknown          412  < 0.1 %\n"
            "unreadable                 0\n"
            "lost                       0\n"
            "\n"
            "No packet lost, nothing to complain about.\n");
}

TEST(StatusText, SaysWhichPartOfTheWitnessRuns) {
  v1::StatusResponse status = Healthy();
  status.mutable_witness()->mutable_parts(1)->set_runs(false);
  EXPECT_NE(StatusText(status, Terminal{}, kStatusTime).find("1 of its 2 parts run"),
            std::string::npos);
  status.mutable_witness()->set_runs(false);
  status.mutable_witness()->set_why_not("no permission");
  EXPECT_NE(StatusText(status, Terminal{}, kStatusTime).find("does not run: no permission"),
            std::string::npos);
}

TEST(StatusText, SaysWhatIsWrong) {
  v1::StatusResponse status = Healthy();
  status.set_refused_rule_files(1);
  status.mutable_counters()->set_lost_queue_full(12);
  const std::string text = StatusText(status, Terminal{}, kStatusTime);
  EXPECT_EQ(text.substr(text.find("lost ")),
            "lost                      12\n"
            "\n"
            "! 12 packets dropped: the kernel's queue was full (too many at once)\n"
            "! 1 rule file is refused: `procwall rules list` says why\n");
}

TEST(StatusText, SaysWhyThereIsNoJournal) {
  v1::StatusResponse status = Healthy();
  status.mutable_journal()->Clear();
  status.mutable_journal()->set_why_not("switched off");
  EXPECT_THAT(StatusText(status, Terminal{}, kStatusTime),
              testing::HasSubstr("journal            none: switched off\n"));
}

TEST(StatusJson, SaysEverythingOnOneLine) {
  EXPECT_EQ(
      StatusJson(Healthy()),
      R"({"version":"0.1.0","pid":812,"started":"2024-03-01T11:00:00.000000000Z",)"
      R"("mode":"enforce","default_action":"allow","rules_directory":"/etc/procwall/rules",)"
      R"("config_file":"/etc/procwall/config.json","rules":42,"refused_rule_files":0,)"
      R"("firewall":"nft","queue_number":0,"queue_bypass":true,"queues":[],"firewall_repairs":0,)"
      R"("firewall_notes":[],"receive_buffer_bytes":4194304,)"
      R"("watchers":1,"resident_bytes":15728640,"packets":1204518,"allowed":1190077,)"
      R"("denied":9311,"rejected":120,"parked":2,"dns_answers":5008,"unparsable":0,)"
      R"("unknown":412,"lost_queue_full":0,"lost_buffer_full":0,"undecodable":0,)"
      R"("asked":0,"questions":0,"askers":0,)"
      R"("process_news":"witness",)"
      R"("witness":{"runs":true,"why_not":"","parts":[{"name":"exec","runs":true,"why_not":""},)"
      R"({"name":"packets","runs":true,"why_not":""}],"lost_events":0,"lost_sockets":0,)"
      R"("sockets":{"most":65536,"held":1200,"displaced":0},)"
      R"("flows":{"most":32768,"held":32768,"displaced":7}},)"
      R"("opensnitch_gui":{"address":"","connected":false,"dialect":"","why_not":"",)"
      R"("questions":0,"answers":0},)"
      R"("journal":{"path":"/var/lib/procwall/journal.db","why_not":"","entries":1234,)"
      R"("bytes":2097152,"lost":0,"oldest":"2024-02-01T00:00:00.000000000Z"},)"
      R"("sinks":["journald","file:/x"],"metrics_address":"127.0.0.1:9477",)"
      R"("troubles":[]})");
}

TEST(RunStatus, PrintsWhatTheDaemonSays) {
  const TemporaryDirectory directory;
  FakeDaemon daemon(directory / "s");
  daemon.status = Healthy();
  DaemonClient client(daemon.Address());
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ(RunStatus(OutputForm::kJson, client, {out, err, {}}, kStatusTime), kSuccess);
  EXPECT_EQ(out.str(), StatusJson(Healthy()) + "\n");
  EXPECT_EQ(err.str(), "");
}

TEST(RunStatus, FailsWithoutADaemon) {
  const TemporaryDirectory directory;
  DaemonClient client("unix:" + directory / "none");
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ(RunStatus(OutputForm::kText, client, {out, err, {}}, kStatusTime), kFailed);
  EXPECT_EQ(out.str(), "");
  EXPECT_TRUE(err.str().starts_with("procwall: no daemon answers at ")) << err.str();
}

}  // namespace
}  // namespace procwall
