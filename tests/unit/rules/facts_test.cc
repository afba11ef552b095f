// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/facts.h"

#include <gtest/gtest.h>

#include "tests/unit/rules/world.h"

namespace procwall {
namespace {

std::string TextOf(const Facts& facts, TextFact fact) {
  const Text* const text = facts.Find(fact);
  return text == nullptr ? "not known" : std::string(text->View());
}

TEST(Facts, ReadASubjectAsOpenSnitchWritesIt) {
  const Process process = Curl();
  const Connection connection = ToExample();
  const Subject subject{&connection, &process, "example.net"};
  const Facts facts(subject);
  EXPECT_EQ(TextOf(facts, TextFact::kProcessPath), "/usr/bin/curl");
  EXPECT_EQ(TextOf(facts, TextFact::kProcessName), "curl");
  EXPECT_EQ(TextOf(facts, TextFact::kProcessCommand), "curl -s https://example.net/");
  EXPECT_EQ(TextOf(facts, TextFact::kProcessId), "4711");
  EXPECT_EQ(TextOf(facts, TextFact::kUserId), "1000");
  EXPECT_EQ(TextOf(facts, TextFact::kHost), "example.net");
  EXPECT_EQ(TextOf(facts, TextFact::kProtocol), "tcp");
  EXPECT_EQ(TextOf(facts, TextFact::kSourcePort), "40000");
  EXPECT_EQ(TextOf(facts, TextFact::kDestinationPort), "443");
  EXPECT_EQ(TextOf(facts, TextFact::kSourceAddress), "192.0.2.7");
  EXPECT_EQ(TextOf(facts, TextFact::kDestinationAddress), "203.0.113.9");
  EXPECT_EQ(TextOf(facts, TextFact::kDirection), "outgoing");
  EXPECT_EQ(facts.Number(NumberFact::kProcessId), 4711);
  EXPECT_EQ(facts.Number(NumberFact::kDestinationPort), 443);
  EXPECT_EQ(facts.Address(AddressFact::kDestination), Ip("203.0.113.9"));
}

TEST(Facts, OfAnUnknownProgramAreEmpty) {
  Connection connection = ToExample();
  connection.uid.reset();
  const Subject subject{&connection, nullptr, ""};
  const Facts facts(subject);
  EXPECT_EQ(TextOf(facts, TextFact::kProcessPath), "");
  EXPECT_EQ(TextOf(facts, TextFact::kProcessCommand), "");
  EXPECT_EQ(facts.Number(NumberFact::kProcessId), 0);
  EXPECT_EQ(facts.Number(NumberFact::kUserId), -1);
}

TEST(Facts, TakeTheUserOfThePacketBeforeThatOfTheProcess) {
  const Process process = Curl();
  Connection connection = ToExample();
  const Subject subject{&connection, &process, ""};
  connection.uid = 33;
  EXPECT_EQ(Facts(subject).Number(NumberFact::kUserId), 33);
  connection.uid.reset();
  EXPECT_EQ(Facts(subject).Number(NumberFact::kUserId), 1000);
}

TEST(Facts, TurnAroundForAnIncomingPacket) {
  Connection connection = ToExample();
  connection.direction = Direction::kIncoming;
  const Subject subject{&connection, nullptr, ""};
  const Facts facts(subject);
  EXPECT_EQ(facts.Number(NumberFact::kSourcePort), 443);
  EXPECT_EQ(facts.Address(AddressFact::kDestination), Ip("192.0.2.7"));
}

TEST(Facts, OfOursAreMissingWhileTheyAreNotKnown) {
  const Connection connection = ToExample();
  const Subject subject{&connection, nullptr, ""};
  const Facts facts(subject);
  for (const TextFact fact :
       {TextFact::kProcessName, TextFact::kScript, TextFact::kContainer, TextFact::kUnit,
        TextFact::kPackage, TextFact::kCreatorPath, TextFact::kMd5, TextFact::kSha1,
        TextFact::kSha256, TextFact::kInInterface, TextFact::kOutInterface,
        TextFact::kServerName}) {
    EXPECT_EQ(facts.Find(fact), nullptr) << static_cast<int>(fact);
  }
  EXPECT_TRUE(facts.AncestorPaths().empty());
  EXPECT_EQ(facts.Variable("HOME"), nullptr);
  EXPECT_EQ(facts.LocalTime(), std::nullopt);
}

TEST(Facts, NameAProgramThatOnlyBearsThePathOfAnother) {
  Process process = Curl();
  process.executable_state = ExecutableState::kNamesake;
  process.container = "c1";
  const Connection connection = ToExample();
  Subject subject{&connection, &process, ""};
  subject.creator = &process;
  const Facts facts(subject);
  EXPECT_EQ(TextOf(facts, TextFact::kProcessPath), RulePath(process));
  EXPECT_EQ(TextOf(facts, TextFact::kCreatorPath), RulePath(process));
  EXPECT_NE(TextOf(facts, TextFact::kProcessPath), "/usr/bin/curl");
}

TEST(Facts, OfOursAreThereOnceTheyAreKnown) {
  Process process = Curl();
  process.script = "/opt/x.py";
  process.unit = "x.service";
  process.ancestors = {{1, "/bin/bash"}, {2, "/sbin/init"}};
  Process creator;
  creator.path = "/bin/inetd";
  const Hashes hashes{"m", "s", "t"};
  const std::string_view package = "curl";
  const Environment environment{.variables = {"HOMER=x", "HOME=/root"}};
  const Connection connection = ToExample();
  Subject subject{&connection, &process, ""};
  subject.creator = &creator;
  subject.environment = &environment;
  subject.hashes = &hashes;
  subject.confidence = Confidence::kCertain;
  subject.out_interface = "eth0";
  subject.profile = "home";
  subject.package = &package;
  const Facts facts(subject);
  EXPECT_EQ(TextOf(facts, TextFact::kScript), "/opt/x.py");
  EXPECT_EQ(TextOf(facts, TextFact::kContainer), "");  // known to be none
  EXPECT_EQ(TextOf(facts, TextFact::kUnit), "x.service");
  EXPECT_EQ(TextOf(facts, TextFact::kPackage), "curl");
  EXPECT_EQ(TextOf(facts, TextFact::kCreatorPath), "/bin/inetd");
  EXPECT_EQ(TextOf(facts, TextFact::kMd5), "m");
  EXPECT_EQ(TextOf(facts, TextFact::kSha1), "s");
  EXPECT_EQ(TextOf(facts, TextFact::kSha256), "t");
  EXPECT_EQ(TextOf(facts, TextFact::kOutInterface), "eth0");
  EXPECT_EQ(TextOf(facts, TextFact::kConfidence), "certain");
  EXPECT_EQ(TextOf(facts, TextFact::kProfile), "home");
  EXPECT_EQ(facts.AncestorPaths().at(1).View(), "/sbin/init");
  EXPECT_EQ(facts.Variable("HOME")->View(), "/root");
  EXPECT_EQ(facts.Variable("PATH")->View(), "");
}

}  // namespace
}  // namespace procwall
