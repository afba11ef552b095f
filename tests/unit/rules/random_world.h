// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "rules/rule.h"
#include "tests/unit/rules/world.h"

namespace procwall {

// Random rules of every kind and random subjects, so close to each other that many match: the same
// few words in both, in either case, with letters and bytes that are easily got wrong.
class RandomWorld {
 public:
  explicit RandomWorld(std::uint32_t seed) : random_(seed) {}

  std::size_t Below(std::size_t n) { return random_() % n; }
  template <typename T, std::size_t n>
  T Any(const std::array<T, n>& all) {
    return all[Below(n)];
  }

  std::string Path() {
    std::string path;
    for (auto n = Below(4); n > 0; --n) path += "/" + Word();
    return path;
  }
  std::string Host() {
    std::string host = Below(6) == 0 ? "" : Word();
    for (auto n = Below(3); n > 0; --n) host += "." + Word();
    return host;
  }

  // A condition; `depth` lists may be nested in it.
  Operator Any(int depth) {
    Operator op = depth > 0 && Below(3) == 0 ? List(depth - 1) : Leaf();
    op.sensitive = Below(2) == 0;
    return op;
  }

  std::shared_ptr<const Rule> AnyRule() {
    Rule rule;
    rule.name = fmt::format("{:03}", Below(300));
    rule.enabled = Below(10) != 0;
    rule.precedence = Below(6) == 0;
    rule.enforce = Below(6) != 0;
    rule.action = Any(
        std::array{RuleAction::kAllow, RuleAction::kAllow, RuleAction::kDeny, RuleAction::kReject});
    rule.duration = Below(8) == 0 ? "10s" : "always";
    rule.op = Any(2);
    return std::make_shared<const Rule>(std::move(rule));
  }

  // What a subject borrows from.
  struct Packet {
    Process process;
    Process creator;
    Hashes hashes;
    Environment environment;
    std::string package;
    std::string host;
    Connection connection;
    bool process_known = true;
  };
  Packet AnyPacket() {
    Packet packet;
    packet.process = Curl();
    packet.process.path = Path();
    packet.process.args = {Word(), Word()};
    packet.process.uid = static_cast<Uid>(Below(3));
    packet.process.ancestors = {{1, Path()}, {2, Path()}};
    packet.process.unit = Below(2) == 0 ? "" : Word();
    packet.creator.path = Path();
    packet.hashes.md5 = std::string(32, Any(std::array{'a', 'b'}));
    packet.environment = {.variables = {"B=x", "A=" + Word()}, .is_whole = Below(2) == 0};
    packet.package = Word();
    packet.host = Host();
    packet.connection = ToExample();
    packet.connection.uid.reset();
    packet.connection.local.port = static_cast<Port>(Below(70));
    packet.connection.remote = {Ip(Address()), static_cast<Port>(Below(70))};
    packet.connection.direction = Below(2) == 0 ? Direction::kOutgoing : Direction::kIncoming;
    packet.process_known = Below(5) != 0;
    return packet;
  }
  Subject SubjectOf(const Packet& packet, const std::string_view* package) {
    Subject subject{&packet.connection, packet.process_known ? &packet.process : nullptr,
                    packet.host};
    subject.creator = Below(2) == 0 ? nullptr : &packet.creator;
    subject.environment = Below(2) == 0 ? nullptr : &packet.environment;
    subject.hashes = Below(2) == 0 ? nullptr : &packet.hashes;
    subject.package = Below(2) == 0 ? nullptr : package;
    subject.out_interface = Below(2) == 0 ? "" : "curl";
    subject.now = WallTime(std::chrono::hours(500000 + Below(200)));
    subject.boot_now = BootTime(std::chrono::seconds(Below(20)));
    return subject;
  }

 private:
  std::string Word() {
    return Any(std::array<std::string, 12>{"curl", "CURL", "wget-two", "program", "programs",
                                           "sick", "\u017fic\u212a", "gr\u00fcn", "GR\u00dcN", "a",
                                           "\xff", "example"});
  }
  std::string Address() {
    return Any(std::array<std::string, 6>{"10.1.2.3", "10.1.2.4", "10.128.0.1", "192.0.2.1",
                                          "2001:db8::1", "fe80::1"});
  }
  std::string Network() {
    return Any(std::array<std::string, 9>{"10.0.0.0/8", "10.1.0.0/16", "10.1.2.3/32", "0.0.0.0/0",
                                          "::/0", "2001:db8::/32", "2001:db8::1/128", "fe80::/10",
                                          "LAN"});
  }
  std::string TextOperand() {
    return Any(std::array<std::string, 12>{
        "process.path", "process.path", "process.parent.path", "process.command", "dest.host",
        "process.name", "process.unit", "process.package", "process.creator.path", "iface.out",
        "process.env.A", "direction"});
  }
  std::string PathOperand() {
    return Any(
        std::array<std::string, 3>{"process.path", "process.parent.path", "process.creator.path"});
  }
  std::string NumberOperand() {
    return Any(std::array<std::string, 4>{"dest.port", "source.port", "user.id", "process.id"});
  }
  std::string Pattern() {
    std::string pattern = Below(2) == 0 ? "^" : "";
    for (auto n = 1 + Below(3); n > 0; --n) {
      pattern += Any(std::array<std::string, 9>{"curl", "(curl|wget-two)", "/", ".*", "program",
                                                "[a-z]+", "sick", "\u00fcn", R"(\S)"});
    }
    return pattern + (Below(2) == 0 ? "$" : "");
  }
  Operator List(int depth) {
    std::vector<Operator> list;
    for (auto n = 1 + Below(3); n > 0; --n) list.push_back(Any(depth));
    return AllOf(std::move(list));
  }
  Operator Leaf() {
    const auto of = [](std::string type, std::string operand, std::string data) -> Operator {
      return {.type = std::move(type), .operand = std::move(operand), .data = std::move(data)};
    };
    switch (Below(14)) {
      case 0:
        return Is("process.path", Path());
      case 1:
        return Is("dest.host", Host());
      case 2:
        return Is(TextOperand(), Word());
      case 3:
      case 4:
        return Like(TextOperand(), Pattern());
      case 5:
        return Is(NumberOperand(), Any(std::array<std::string, 4>{"", "", "0", " "}) +
                                       std::to_string(static_cast<int>(Below(71)) - 1));
      case 6: {
        const auto first = Below(70);
        return of("range", NumberOperand(), fmt::format("{}-{}", first, first + Below(70)));
      }
      case 7:
        return Is("dest.ip", Address());
      case 8:
        return Within(Below(4) == 0 ? "source.network" : "dest.network", Network());
      case 9:
        return of("directory", PathOperand(), "/" + Word());
      case 10:
        return of("glob", PathOperand(),
                  Any(std::array<std::string, 4>{"/*", "/**", "/curl/*", "/[a-p]*/??????*"}));
      case 11:
        return Is("dest.domain", (Below(3) == 0 ? "*." : "") + Word());
      case 12:
        return Is("process.hash.md5", std::string(32, Any(std::array{'a', 'B'})));
      default:
        return Below(2) == 0 ? Is("true", "") : Is("time", "Mon-Thu; 22:00-06:00");
    }
  }

  std::minstd_rand random_;
};

}  // namespace procwall
