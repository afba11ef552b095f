// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/question.h"

#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace procwall {
namespace {

Attribution By(const std::string& path, Pid pid = 100) {
  Process process;
  process.id = {pid, 1};
  process.path = path;
  Attribution attribution;
  attribution.confidence = Confidence::kCertain;
  attribution.processes = {std::make_shared<const Process>(std::move(process))};
  return attribution;
}

Connection To(const char* address, Port port, Port from = 40000) {
  Connection connection;
  connection.local = {IpAddress::V4({10, 0, 0, 2}), from};
  connection.remote = {*IpAddress::Parse(address), port};
  return connection;
}

const std::string kBase = QuestionKeyOf(To("192.0.2.1", 443), "", By("/usr/bin/curl"));

TEST(QuestionKeyOf, IsTheSameForSiblingsOfOneProgram) {
  EXPECT_EQ(QuestionKeyOf(To("192.0.2.1", 443, 40001), "", By("/usr/bin/curl", 101)), kBase);
}

TEST(QuestionKeyOf, TellsProgramsAndPlacesApart) {
  EXPECT_NE(QuestionKeyOf(To("192.0.2.1", 443), "", By("/usr/bin/wget")), kBase);
  EXPECT_NE(QuestionKeyOf(To("192.0.2.2", 443), "", By("/usr/bin/curl")), kBase);
  EXPECT_NE(QuestionKeyOf(To("192.0.2.1", 80), "", By("/usr/bin/curl")), kBase);
}

TEST(QuestionKeyOf, ANameStandsForAllItsAddresses) {
  EXPECT_EQ(QuestionKeyOf(To("192.0.2.1", 443), "example.org", By("/usr/bin/curl")),
            QuestionKeyOf(To("192.0.2.2", 443), "example.org", By("/usr/bin/curl")));
}

TEST(QuestionKeyOf, TellsProtocolsUsersAndDirectionsApart) {
  Connection udp = To("192.0.2.1", 443);
  udp.protocol = IpProtocol::kUdp;
  EXPECT_NE(QuestionKeyOf(udp, "", By("/usr/bin/curl")), kBase);
  Attribution other = By("/usr/bin/curl");
  Process process = *other.processes.front();
  process.uid = 1000;
  other.processes = {std::make_shared<const Process>(std::move(process))};
  EXPECT_NE(QuestionKeyOf(To("192.0.2.1", 443), "", other), kBase);
  Connection forwarded = To("192.0.2.1", 443);
  forwarded.direction = Direction::kForwarded;
  EXPECT_NE(QuestionKeyOf(forwarded, "", By("/usr/bin/curl")), kBase);
}

TEST(QuestionKeyOf, TellsTheScriptsOfOneInterpreterApart) {
  const auto running = [](const char* script) {
    Process process;
    process.path = "/usr/bin/python3";
    process.script = script;
    Attribution attribution;
    attribution.processes = {std::make_shared<const Process>(std::move(process))};
    return attribution;
  };
  EXPECT_NE(QuestionKeyOf(To("192.0.2.1", 443), "", running("/a.py")),
            QuestionKeyOf(To("192.0.2.1", 443), "", running("/b.py")));
}

TEST(ProgramKeyOf, DoesNotDependOnTheOrderOfTheSuspects) {
  Attribution one = By("/a");
  one.processes.push_back(By("/b").processes.front());
  Attribution other = By("/b");
  other.processes.push_back(By("/a").processes.front());
  EXPECT_EQ(ProgramKeyOf(one), ProgramKeyOf(other));
}

TEST(SettledHowName, NamesEach) {
  EXPECT_STREQ(SettledHowName(SettledHow::kAnswered), "answered");
  EXPECT_STREQ(SettledHowName(SettledHow::kTimedOut), "timed-out");
  EXPECT_STREQ(SettledHowName(SettledHow::kNobodyLeft), "nobody-left");
  EXPECT_STREQ(SettledHowName(SettledHow::kRules), "rules");
  EXPECT_STREQ(SettledHowName(SettledHow::kEnding), "ending");
}

}  // namespace
}  // namespace procwall
