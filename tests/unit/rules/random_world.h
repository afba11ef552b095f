// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "rules/operand.h"
#include "rules/references.h"
#include "rules/rule.h"
#include "tests/unit/rules/temporary_directory.h"
#include "tests/unit/rules/world.h"

namespace procwall {

// The users of a random world, and who is in its groups.
class RandomAccounts final : public Accounts {
 public:
  std::optional<Uid> FindUser(const std::string& name) const override {
    return name == "ada" ? 1 : 2;
  }
  std::optional<std::vector<Uid>> FindGroup(const std::string& name) const override {
    return name == "staff" ? std::vector<Uid>{0, 2} : std::vector<Uid>{1};
  }
};

// Random rules on every operand, of every type, and random subjects, so close to each other that
// many match: the same few words in both, in either case, with letters and bytes that are easily
// got wrong. An operand that is new is asked for, too, by what its kind can be compared with.
class RandomWorld {
 public:
  explicit RandomWorld(std::uint32_t seed) : random_(seed) {
    references_.accounts = std::make_shared<const RandomAccounts>();
    references_.lists = std::make_shared<ListStore>(1000);
    lists_.Write("domains.txt", "curl\n*.example\nprogram.a\n0.0.0.0 wget-two sick.curl\n");
    std::filesystem::create_directory(lists_.Path("patterns"));
    lists_.Write("patterns/a.txt", "^Curl$\n(^|\\.)example$\nprogram\n");
    std::filesystem::create_directory(lists_.Path("networks"));
    lists_.Write("networks/a.txt", "10.1.0.0/16\n2001:db8::1\n");
    std::filesystem::create_directory(lists_.Path("hashes"));
    lists_.Write("hashes/a.txt", std::string(32, 'B') + "\n");
  }

  // What rules refer to: its users and lists.
  const References& Referred() const { return references_; }

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
    std::string sni;
    std::string in_interface;
    std::string out_interface;
    std::string profile;
    Connection connection;
    bool process_known = true;
  };
  Packet AnyPacket() {
    Packet packet;
    packet.process = Curl();
    packet.process.id.pid = static_cast<Pid>(1 + Below(69));
    packet.process.path = Path();
    packet.process.args = {Argument(), Argument()};
    packet.process.uid = static_cast<Uid>(Below(3));
    packet.process.ancestors = {{1, Path()}, {2, Path()}};
    packet.process.script = Path();
    packet.process.unit = Below(4) == 0 ? "" : Name();
    packet.process.container = Below(4) == 0 ? "" : Name();
    packet.creator.path = Path();
    packet.hashes = {.md5 = Hash(32), .sha1 = Hash(40), .sha256 = Hash(64)};
    packet.environment = {.variables = {"B=x", "A=" + Name()}, .is_whole = Below(2) == 0};
    packet.package = Name();
    packet.host = Host();
    packet.sni = Name();
    packet.in_interface = Name();
    packet.out_interface = Name();
    packet.profile = Name();
    packet.connection = ToExample();
    packet.connection.protocol = Any(std::array{IpProtocol::kTcp, IpProtocol::kUdp});
    packet.connection.uid.reset();
    if (Below(4) == 0) packet.connection.uid = static_cast<Uid>(Below(3));
    packet.connection.remote = {Ip(Address()), static_cast<Port>(Below(70))};
    packet.connection.local = {Ip(Address()), static_cast<Port>(Below(70))};
    while (packet.connection.local.address.Family() != packet.connection.remote.address.Family()) {
      packet.connection.local.address = Ip(Address());
    }
    packet.connection.direction =
        Any(std::array{Direction::kOutgoing, Direction::kIncoming, Direction::kForwarded});
    packet.process_known = Below(5) != 0;
    return packet;
  }
  // Any of it may not be known.
  Subject SubjectOf(const Packet& packet, const std::string_view* package) {
    Subject subject{&packet.connection, packet.process_known ? &packet.process : nullptr,
                    packet.host};
    subject.creator = Below(4) == 0 ? nullptr : &packet.creator;
    subject.environment = Below(4) == 0 ? nullptr : &packet.environment;
    subject.hashes = Below(4) == 0 ? nullptr : &packet.hashes;
    subject.package = Below(4) == 0 ? nullptr : package;
    subject.sni = Maybe(packet.sni);
    subject.in_interface = Maybe(packet.in_interface);
    subject.out_interface = Maybe(packet.out_interface);
    subject.profile = Maybe(packet.profile);
    subject.confidence = Any(std::array{Confidence::kCertain, Confidence::kLikely,
                                        Confidence::kAmbiguous, Confidence::kUnknown});
    if (Below(4) != 0) subject.now = WallTime(std::chrono::hours(500000 + Below(200)));
    subject.boot_now = BootTime(std::chrono::seconds(Below(20)));
    return subject;
  }

 private:
  std::string Word() {
    return Any(std::array<std::string, 12>{"curl", "CURL", "wget-two", "program", "programs",
                                           "sick", "\u017fic\u212a", "gr\u00fcn", "GR\u00dcN", "a",
                                           "\xff", "example"});
  }
  // Of facts that few rules ask for.
  std::string Name() {
    return Any(std::array<std::string, 5>{"curl", "CURL", "gr\u00fcn", "GR\u00dcN", "a"});
  }
  std::string Argument() { return Any(std::array<std::string, 2>{"curl", "a"}); }
  std::string Address() {
    return Any(std::array<std::string, 6>{"10.1.2.3", "10.1.2.4", "10.128.0.1", "192.0.2.1",
                                          "2001:db8::1", "fe80::1"});
  }
  std::string Network() {
    return Any(std::array<std::string, 9>{"10.0.0.0/8", "10.1.0.0/16", "10.1.2.3/32", "0.0.0.0/0",
                                          "::/0", "2001:db8::/32", "2001:db8::1/128", "fe80::/10",
                                          "LAN"});
  }
  std::string_view Maybe(std::string_view text) { return Below(4) == 0 ? "" : text; }
  std::string Hash(std::size_t digits) {
    return std::string(Below(4) == 0 ? 0 : digits, Any(std::array{'a', 'b'}));
  }
  std::string Pattern() {
    std::string pattern = Below(2) == 0 ? "^" : "";
    for (auto n = 1 + Below(3); n > 0; --n) {
      pattern +=
          Any(std::array<std::string, 11>{"curl", "(curl|wget-two)", "/", ".*", "program", "[a-z]+",
                                          "sick", "\u00fcn", R"(\S)", "tcp|ing", "[0-9]?"});
    }
    return pattern + (Below(2) == 0 ? "$" : "");
  }
  std::string Glob() {
    return Any(
        std::array<std::string, 6>{"/*", "/**", "/curl/*", "/[a-p]*/??????*", "*[gl]", "a*"});
  }
  Operator List(int depth) {
    std::vector<Operator> list;
    for (auto n = 1 + Below(3); n > 0; --n) list.push_back(Any(depth));
    return AllOf(std::move(list));
  }

  // Any operand, but some more often than others: those that most rules ask for.
  const Operand& AnyOperand() {
    if (Below(3) == 0) {
      return **FindOperand(Any(std::array{"process.path", "process.path", "dest.host", "dest.host",
                                          "process.parent.path", "dest.port", "dest.network"}));
    }
    return AllOperands()[Below(AllOperands().size())];
  }
  // A text that the operand may have.
  std::string TextFor(const Operand& operand) {
    if (operand.kind == OperandKind::kPath) return Path();
    switch (operand.text) {
      case TextFact::kHost:
        return Host();
      case TextFact::kProtocol:
        return Any(std::array<std::string, 4>{"tcp", "TCP6", "udp", "udp6"});
      case TextFact::kDirection:
        return Any(std::array<std::string, 4>{"outgoing", "Incoming", "forwarded", "out"});
      case TextFact::kConfidence:
        return Any(std::array<std::string, 4>{"certain", "LIKELY", "ambiguous", "unknown"});
      case TextFact::kProcessCommand:
        return Argument() + " " + Argument();
      default:
        return Name();
    }
  }
  Operator Leaf() {
    const Operand& operand = AnyOperand();
    const std::string name = std::string(operand.name) + (operand.name.ends_with('.') ? "A" : "");
    const auto of = [&](std::string type, std::string data) -> Operator {
      return {.type = std::move(type), .operand = name, .data = std::move(data)};
    };
    switch (operand.kind) {
      case OperandKind::kTrue:
        return of("simple", "");
      case OperandKind::kPath:
        if (Below(4) == 0) return of("directory", "/" + Word());
        [[fallthrough]];
      case OperandKind::kText:
        if (Below(5) == 0) return of("glob", Glob());
        [[fallthrough]];
      case OperandKind::kVariable:
        return Below(2) == 0 ? of("simple", TextFor(operand)) : of("regexp", Pattern());
      case OperandKind::kHash:
        return HashLeaf(operand);
      case OperandKind::kNumber:
        return NumberLeaf(name);
      case OperandKind::kAddress:
        if (Below(3) == 0) return of("regexp", Any(std::array{"^10[.]1", "1$", "::1?"}));
        return Below(2) == 0 ? of("simple", Address()) : of("network", Network());
      case OperandKind::kNetwork:
        return of("network", Network());
      case OperandKind::kDomain:
        if (Below(4) == 0) return of("regexp", Pattern());
        return of("simple", (Below(3) == 0 ? "*." : "") + Word());
      case OperandKind::kUser:
        return of("simple", Any(std::array{"ada", "bob", "0"}));
      case OperandKind::kGroup:
        return of("simple", Any(std::array{"staff", "wheel"}));
      case OperandKind::kTime:
        return of("simple", Any(std::array{"Mon-Thu; 22:00-06:00", "Sat,Sun", "08:00-12:00"}));
      case OperandKind::kListDomains:
        return of("lists", lists_.Path());
      case OperandKind::kListPatterns:
        return of("lists", lists_.Path("patterns"));
      case OperandKind::kListAddresses:
        return of("lists", lists_.Path(Any(std::array{"networks", "networks", "hashes"})));
      case OperandKind::kListHashes:
        return of("lists", lists_.Path("hashes"));
    }
    return of("simple", "");
  }
  Operator HashLeaf(const Operand& operand) {
    const std::string name(operand.name);
    if (Below(3) == 0) return Like(name, Any(std::array{"^A", "b$", ""}));
    const std::size_t digits = name.ends_with("md5") ? 32 : name.ends_with("sha1") ? 40 : 64;
    return Is(name, std::string(digits, Any(std::array{'a', 'B'})));
  }
  Operator NumberLeaf(const std::string& name) {
    if (Below(4) == 0) return Like(name, Any(std::array{"^1", "0$", "^[0-2]?$", "-"}));
    if (Below(2) == 0) {
      const auto first = Below(70);
      return {
          .type = "range", .operand = name, .data = fmt::format("{}-{}", first, first + Below(70))};
    }
    return Is(name, Any(std::array<std::string, 4>{"", "", "0", " "}) +
                        std::to_string(static_cast<int>(Below(71)) - 1));
  }

  TemporaryDirectory lists_;
  References references_;
  std::minstd_rand random_;
};

}  // namespace procwall
