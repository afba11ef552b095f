// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/command_line.h"

#include <gtest/gtest.h>

#include "tests/support/message_text.h"
#include "tests/unit/ui/parsed_line.h"

namespace procwall {
namespace {

TEST(CommandLine, KnowsEveryOptionOfWatch) {
  const auto options = As<WatchOptions>(
      Parse({"watch", "--json", "--recent", "5", "--count=7", "--program", "curl", "--action",
             "deny", "--action", "reject", "--destination", "example.org:443", "-e"}));
  EXPECT_EQ(options.form, OutputForm::kJson);
  EXPECT_EQ(options.recent, 5U);
  EXPECT_EQ(options.count, 7U);
  EXPECT_EQ(options.evidence, ShowEvidence::kAlways);
  EXPECT_EQ(options.filter.program, "curl");
  EXPECT_EQ(options.filter.actions, (std::vector{v1::ACTION_DENY, v1::ACTION_REJECT}));
  EXPECT_EQ(options.filter.destination, ParseWantedDestination("example.org:443"));
}

TEST(CommandLine, KnowsTheOtherCommands) {
  EXPECT_EQ(As<StatusCommand>(Parse({"status", "--json"})).form, OutputForm::kJson);
  EXPECT_EQ(As<DoctorCommand>(Parse({"doctor", "--json"})).form, OutputForm::kJson);
  EXPECT_EQ(As<RulesListCommand>(Parse({"rules", "list"})).form, OutputForm::kText);
  EXPECT_EQ(As<RulesCheckCommand>(Parse({"rules", "check", "a", "b"})).paths,
            (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(As<CompletionCommand>(Parse({"completion", "fish"})).shell, Shell::kFish);
  As<NotifyCommand>(Parse({"notify"}));
  As<VersionCommand>(Parse({"version"}));
  As<VersionCommand>(Parse({"--version"}));
}

TEST(CommandLine, KnowsTheOptionsOfConnections) {
  const auto options = As<ConnectionsOptions>(Parse({"connections", "--listening", "--udp"}));
  EXPECT_TRUE(options.listening_only);
  EXPECT_EQ(options.protocols, ConnectionsOptions::Protocols::kUdp);
  EXPECT_EQ(As<PrintCommand>(Parse({"connections", "--udp", "--tcp"})).exit_code, kUsage);
}

TEST(CommandLine, KnowsTheOptionsOfAWatchOfConnections) {
  const auto options =
      As<ConnectionsOptions>(Parse({"connections", "-w", "--alerts", "--learn", "--tcp"}));
  EXPECT_TRUE(options.watch);
  EXPECT_TRUE(options.alerts_only);
  EXPECT_TRUE(options.learn);
  EXPECT_EQ(As<PrintCommand>(Parse({"connections", "--learn"})).exit_code, kUsage);
}

TEST(CommandLine, CompletesBothPrograms) {
  EXPECT_FALSE(As<CompletionCommand>(Parse({"completion", "bash"})).of_daemon);
  EXPECT_TRUE(As<CompletionCommand>(Parse({"completion", "zsh", "procwalld"})).of_daemon);
  EXPECT_EQ(As<PrintCommand>(Parse({"completion", "zsh", "sshd"})).exit_code, kUsage);
}

TEST(ParseCommandLine, ShowsBeginningsAndEndsOfProgramsByDefault) {
  const auto options = As<ProcessesOptions>(Parse({"processes"}));
  EXPECT_EQ(options.filter.deeds,
            (std::vector<v1::ProcessDeed>{v1::PROCESS_DEED_EXEC, v1::PROCESS_DEED_EXIT}));
}

TEST(ParseCommandLine, ShowsOnlyTheProcessesThatAreAskedFor) {
  const auto options = As<ProcessesOptions>(
      Parse({"processes", "--json", "--event", "fork", "--event", "user", "--pid", "7", "--uid",
             "0", "--program", "curl", "--count", "3"}));
  EXPECT_EQ(options.form, OutputForm::kJson);
  EXPECT_EQ(options.count, 3U);
  EXPECT_EQ(options.filter.deeds,
            (std::vector<v1::ProcessDeed>{v1::PROCESS_DEED_FORK, v1::PROCESS_DEED_USER}));
  EXPECT_EQ(options.filter.pids, std::vector<std::int32_t>{7});
  EXPECT_EQ(options.filter.uids, std::vector<std::uint32_t>{0});
  EXPECT_EQ(options.filter.program, "curl");
  EXPECT_EQ(As<PrintCommand>(Parse({"processes", "--event", "dance"})).exit_code, kUsage);
  EXPECT_EQ(As<PrintCommand>(Parse({"processes", "--pid", "0"})).exit_code, kUsage);
}

TEST(CommandLine, TakesGlobalOptionsBeforeAndAfterTheCommand) {
  const CommandLine before = Parse({"--address", "unix:/run/x", "--color=never", "status"});
  const CommandLine after = Parse({"status", "--address", "unix:/run/x", "--color", "never"});
  for (const CommandLine& line : {before, after}) {
    EXPECT_EQ(line.address, "unix:/run/x");
    EXPECT_EQ(line.colour, ColourChoice::kNever);
    As<StatusCommand>(line);
  }
}

TEST(CommandLine, FindsTheAddress) {
  const EnvironmentLookup environment = [](const char* name) {
    return std::string_view(name) == "PROCWALL_ADDRESS" ? "unix:/from/environment" : nullptr;
  };
  EXPECT_EQ(Parse({"status"}).address, "unix:/run/procwall/procwall.sock");
  EXPECT_EQ(Parse({"status", "--address", "/run/x"}).address, "unix:/run/x");
  EXPECT_EQ(ParseCommandLine({"status"}, environment).address, "unix:/from/environment");
  EXPECT_EQ(ParseCommandLine({"status", "--address=unix:/a"}, environment).address, "unix:/a");
}

TEST(CommandLine, RefusesAnAddressThatIsNoSocket) {
  EXPECT_EQ(As<PrintCommand>(Parse({"--address", "localhost:50051", "status"})).text,
            "procwall: --address: 'localhost:50051' is TCP, which needs --tls-ca, --tls-cert and "
            "--tls-key\n"
            "See `procwall --help`.\n");
  const EnvironmentLookup environment = [](const char*) { return "tcp:x"; };
  EXPECT_EQ(As<PrintCommand>(ParseCommandLine({"status"}, environment)).text,
            "procwall: PROCWALL_ADDRESS: 'tcp:x' is not of the form unix:PATH or HOST:PORT\n"
            "See `procwall --help`.\n");
}

TEST(CommandLine, TakesATcpAddressWithCertificatesAlone) {
  const CommandLine line = Parse({"--address", "desk.test:50052", "--tls-ca", "ca.pem",
                                  "--tls-cert", "me.pem", "--tls-key", "me.key", "status"});
  EXPECT_EQ(line.address, "desk.test:50052");
  EXPECT_EQ(line.tls, (ClientTls{"ca.pem", "me.pem", "me.key"}));
  for (const auto& arguments :
       {std::vector<std::string>{"--address", "[::1]:5", "--tls-ca", "ca.pem", "status"},
        std::vector<std::string>{"--tls-ca", "ca.pem", "status"}}) {
    EXPECT_EQ(As<PrintCommand>(Parse(arguments)).exit_code, kUsage);
  }
}

TEST(CommandLine, PrintsHelp) {
  EXPECT_EQ(As<PrintCommand>(Parse({"--help"})).exit_code, kSuccess);
  EXPECT_TRUE(As<PrintCommand>(Parse({"help"})).text.starts_with("procwall - see and check"));
  const std::string watch = As<PrintCommand>(Parse({"watch", "--help"})).text;
  EXPECT_NE(watch.find("--destination"), std::string::npos);
  EXPECT_EQ(As<PrintCommand>(Parse({"help", "watch"})).text, watch);
  EXPECT_NE(As<PrintCommand>(Parse({"help", "rules", "check"})).text.find("Files and directories"),
            std::string::npos);
}

TEST(CommandLine, ExplainsAMissingCommand) {
  EXPECT_EQ(As<PrintCommand>(Parse({})).exit_code, kUsage);
  EXPECT_EQ(As<PrintCommand>(Parse({"rules"})).exit_code, kUsage);
}

struct Wrong {
  std::vector<std::string> arguments;
  const char* text;
};

TEST(CommandLine, SaysWhatIsWrongAndWhereHelpIs) {
  const Wrong wrongs[] = {
      {{"wacth"},
       "procwall: there is no command 'wacth'. Did you mean 'watch'?\nSee `procwall --help`.\n"},
      {{"frobnicate"}, "procwall: there is no command 'frobnicate'.\nSee `procwall --help`.\n"},
      {{"rules", "chekc"}, "procwall: there is no command 'chekc'.\nSee `procwall --help`.\n"},
      {{"watch", "--count", "0"},
       "procwall: --count: Value 0 not in range 1 to 18446744073709551615\nSee `procwall watch "
       "--help`.\n"},
      {{"watch", "--recent", "5000"},
       "procwall: --recent: Value 5000 not in range 0 to 4096\nSee `procwall watch --help`.\n"},
      {{"watch", "--destination", "a b"},
       "procwall: --destination: 'a b' is neither HOST, IP, HOST:PORT, [IP6]:PORT nor :PORT\n"
       "See `procwall watch --help`.\n"},
      {{"watch", "--frob"},
       "procwall: The following argument was not expected: --frob\nSee `procwall watch --help`.\n"},
      {{"rules", "check"}, "procwall: paths is required\nSee `procwall rules check --help`.\n"},
  };
  for (const Wrong& wrong : wrongs) {
    const auto printed = As<PrintCommand>(Parse(wrong.arguments));
    EXPECT_EQ(printed.exit_code, kUsage);
    EXPECT_EQ(printed.text, wrong.text);
  }
}

}  // namespace
}  // namespace procwall
