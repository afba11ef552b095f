// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/explain_grammar.h"

#include <gtest/gtest.h>

#include "tests/support/message_text.h"
#include "tests/unit/ui/parsed_line.h"

namespace procwall {
namespace {

v1::ExplainRequest Explained(const std::vector<std::string>& arguments) {
  std::vector<std::string> all = {"explain"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return As<ExplainOptions>(Parse(all)).request;
}

TEST(ExplainGrammar, KnowsWhatToExplain) {
  EXPECT_TRUE(Says(Explained({}), ""));
  EXPECT_TRUE(Says(Explained({"last"}), ""));
  EXPECT_TRUE(Says(Explained({"123"}), "sequence: 123"));
  EXPECT_TRUE(Says(Explained({"--pid", "7"}), "pid: 7"));
  EXPECT_TRUE(Says(Explained({"--from", "192.0.2.1:5", "--to", "192.0.2.2:6"}), R"(connection {
    protocol: "tcp" local_ip: "192.0.2.1" local_port: 5 remote_ip: "192.0.2.2" remote_port: 6 })"));
  EXPECT_TRUE(Says(Explained({"--protocol", "udp", "--from", "[::1]:5", "--to", "[::2]:6"}),
                   R"(connection {
    protocol: "udp" local_ip: "::1" local_port: 5 remote_ip: "::2" remote_port: 6 })"));
}

TEST(ExplainGrammar, RefusesToExplainWhatIsNoDecisionAndNoConnection) {
  for (const std::vector<std::string>& wrong : std::vector<std::vector<std::string>>{
           {"explain", "first"},
           {"explain", "0"},
           {"explain", "-1"},
           {"explain", "99999999999999999999"},
           {"explain", "1", "2"},
           {"explain", "--pid", "0"},
           {"explain", "7", "--pid", "7"},
           {"explain", "--from", "192.0.2.1:5"},
           {"explain", "--to", "192.0.2.1:5"},
           {"explain", "--from", "192.0.2.1", "--to", "192.0.2.2:6"},
           {"explain", "--from", "host:5", "--to", "192.0.2.2:6"},
           {"explain", "7", "--from", "192.0.2.1:5", "--to", "192.0.2.2:6"},
           {"explain", "--protocol", "udp"},
           {"explain", "--protocol", "icmp", "--from", "192.0.2.1:5", "--to", "192.0.2.2:6"}}) {
    EXPECT_EQ(As<PrintCommand>(Parse(wrong)).exit_code, kUsage) << wrong.back();
  }
}

}  // namespace
}  // namespace procwall
