// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Packets and sockets as the field has them, and who is taken for the sender. A .case file tells
//   packet udp 192.0.2.1:123 -> 192.0.2.9:123 via 2        ("<-": an incoming one)
//   socket udp 0.0.0.0:123 -> 0.0.0.0:0 UNCONN inode 11    (then: device N, v6, v6only)
// and the .txt file beside it the ranking that is expected.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "attribution/socket_rank.h"

namespace procwall {
namespace {

struct GoldenCase {
  Connection packet;
  std::vector<SocketEntry> sockets;
};

IpProtocol ReadProtocol(std::istream& words) {
  std::string name;
  words >> name;
  return name == "tcp" ? IpProtocol::kTcp : IpProtocol::kUdp;
}

Endpoint ReadEndpoint(std::istream& words) {
  std::string text;
  words >> text;
  const std::size_t colon = text.rfind(':');
  std::string address = text.substr(0, colon);
  if (!address.empty() && address.front() == '[') address = address.substr(1, address.size() - 2);
  const std::optional<IpAddress> parsed = IpAddress::Parse(address);
  EXPECT_TRUE(parsed) << text;
  return {parsed.value_or(IpAddress{}), static_cast<Port>(std::stoi(text.substr(colon + 1)))};
}

SocketState ReadState(std::istream& words) {
  std::string name;
  words >> name;
  for (std::uint8_t number = 0; number <= 12; ++number) {
    const auto state = static_cast<SocketState>(number);
    if (name == SocketStateName(state)) return state;
  }
  ADD_FAILURE() << "no state " << name;
  return SocketState::kUnknown;
}

Connection ReadPacket(std::istream& words) {
  Connection packet;
  std::string arrow;
  std::string via;
  std::uint32_t ifindex = 0;
  packet.protocol = ReadProtocol(words);
  packet.local = ReadEndpoint(words);
  words >> arrow;
  packet.remote = ReadEndpoint(words);
  words >> via >> ifindex;
  packet.direction = arrow == "->" ? Direction::kOutgoing : Direction::kIncoming;
  (arrow == "->" ? packet.out_ifindex : packet.in_ifindex) = ifindex;
  return packet;
}

SocketEntry ReadSocket(std::istream& words) {
  SocketEntry socket;
  std::string word;
  socket.protocol = ReadProtocol(words);
  socket.local = ReadEndpoint(words);
  words >> word;
  socket.remote = ReadEndpoint(words);
  socket.state = ReadState(words);
  socket.family = socket.local.address.Family();
  while (words >> word) {
    if (word == "inode") words >> socket.inode;
    if (word == "device") words >> socket.ifindex;
    if (word == "v6") socket.family = IpFamily::kV6;
    if (word == "v6only") socket.v6_only = true;
  }
  return socket;
}

GoldenCase ReadCase(const std::filesystem::path& file) {
  GoldenCase read;
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) {
    std::istringstream words(line);
    std::string kind;
    words >> kind;
    if (kind == "packet") read.packet = ReadPacket(words);
    if (kind == "socket") read.sockets.push_back(ReadSocket(words));
  }
  EXPECT_FALSE(read.sockets.empty()) << file;
  return read;
}

std::string Ranking(const GoldenCase& read) {
  std::string text;
  for (const RankedSocket& ranked : RankCandidates(read.packet, read.sockets)) {
    text += std::string(SocketRankName(ranked.rank)) + " inode " +
            std::to_string(ranked.socket.inode) + "\n";
  }
  return text;
}

std::string ReadText(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(GoldenSocketRank, IsAsExpected) {
  int cases = 0;
  for (const auto& entry : std::filesystem::directory_iterator(PROCWALL_GOLDEN_SOCKET_RANK)) {
    if (entry.path().extension() != ".case") continue;
    ++cases;
    const std::string ranking = Ranking(ReadCase(entry.path()));
    auto expected = entry.path();
    expected.replace_extension(".txt");
    if (std::getenv("UPDATE_GOLDEN") != nullptr) {  // NOLINT(concurrency-mt-unsafe): one thread
      std::ofstream(expected) << ranking;
    }
    EXPECT_EQ(ranking, ReadText(expected)) << entry.path();
  }
  EXPECT_GE(cases, 6);
}

}  // namespace
}  // namespace procwall
