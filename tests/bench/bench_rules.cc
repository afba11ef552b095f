// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// What one decision costs when N rules do not match and one does: the four kinds of rules that the
// baseline of opensnitchd was measured with, and an anchored and an unanchored regexp.
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "rules/rule_set.h"
#include "tests/unit/rules/world.h"

namespace procwall {
namespace {

using MakeOperator = Operator (*)(int);

Operator PathIs(int i) { return Is("process.path", fmt::format("/usr/bin/program-{:06}", i)); }
Operator PathLike(int i) {
  return Like("process.path", fmt::format("^/usr/bin/program-{:06}$", i));
}
Operator PathHas(int i) { return Like("process.path", fmt::format("program-{:06}", i)); }
Operator HostLike(int i) {
  return Like("dest.host", fmt::format(R"(^(|.*\.)site{:06}\.example\.com$)", i));
}
Operator ListOfThree(int i) {
  return AllOf({Is("dest.port", "443"), Is("user.id", "1000"), PathIs(i)});
}
Operator Network(int i) {
  return Within("dest.network", fmt::format("10.{}.{}.0/24", i / 256 % 256, i % 256));
}

Operator Mixed(int i) {
  constexpr std::array kMakers{PathIs, ListOfThree, Network, PathLike, HostLike};
  return kMakers[static_cast<std::size_t>(i) % kMakers.size()](i);
}
Operator SharedPort(int i) {  // every condition is shared by many, no two rules are alike
  return AllOf({Is("process.path", fmt::format("/usr/bin/program-{}", i % 317)),
                Is("dest.port", fmt::format("{}", 1000 + i / 317)), Is("user.id", "1000")});
}

std::vector<std::shared_ptr<const Rule>> Denials(std::int64_t count, MakeOperator make) {
  std::vector<std::shared_ptr<const Rule>> rules;
  rules.reserve(static_cast<std::size_t>(count) + 1);
  for (int i = 0; i < count; ++i) {
    rules.push_back(MakeRule(fmt::format("{:06}", i), RuleAction::kDeny, make(i)));
  }
  return rules;
}

// The path is as long as those of the rules, so that lengths alone tell nothing.
void Decide(benchmark::State& state, MakeOperator make) {
  auto rules = Denials(state.range(0), make);
  rules.push_back(
      MakeRule("zz", RuleAction::kAllow, Is("process.path", "/usr/bin/program-xxxxxx")));
  const RuleSet set = RuleSet::Compile(rules, nullptr);
  Process process = Curl();
  process.path = "/usr/bin/program-xxxxxx";
  const Connection connection = ToExample();
  const Subject subject{&connection, &process, "www.example.net"};
  while (state.KeepRunning()) benchmark::DoNotOptimize(set.Decide(subject));
}

Operator RegexpHeavy(int i) {
  constexpr std::array kMakers{PathLike, HostLike, PathHas};
  return kMakers[static_cast<std::size_t>(i) % kMakers.size()](i);
}

// What thousands of different packets cost, one after the other: none is warm. Most match no rule,
// some a deny of a random place.
void DecideVarying(benchmark::State& state, MakeOperator make) {
  constexpr std::size_t kSubjects = 4096;
  const auto count = static_cast<std::uint32_t>(state.range(0));
  const RuleSet set = RuleSet::Compile(Denials(state.range(0), make), nullptr);
  std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same packets every time
  std::vector<Process> processes(kSubjects, Curl());
  std::vector<Connection> connections(kSubjects, ToExample());
  std::vector<std::string> hosts(kSubjects);
  for (std::size_t i = 0; i < kSubjects; ++i) {
    const bool known = i % 4 == 0;
    processes[i].path = known ? fmt::format("/usr/bin/program-{:06}", random() % count)
                              : fmt::format("/opt/vendor/{:x}/bin/tool", random());
    hosts[i] = i % 8 == 1 ? fmt::format("a.site{:06}.example.com", random() % count)
                          : fmt::format("cdn{:x}.example.net", random());
    const auto bits = static_cast<std::uint32_t>(random());
    const auto byte = [&](int shift) { return static_cast<std::uint8_t>(bits >> shift); };
    connections[i].remote = {IpAddress::V4({static_cast<std::uint8_t>(i % 8 == 2 ? 10 : 93),
                                            byte(16), byte(8), byte(0)}),
                             static_cast<std::uint16_t>(i % 2 == 0 ? 443 : 80)};
  }
  std::size_t at = 0;
  while (state.KeepRunning()) {
    const Subject subject{&connections[at], &processes[at], hosts[at]};
    benchmark::DoNotOptimize(set.Decide(subject));
    at = (at + 1) % kSubjects;
  }
}

void CompileSet(benchmark::State& state, MakeOperator make) {
  auto rules = Denials(state.range(0), make);
  while (state.KeepRunning()) benchmark::DoNotOptimize(RuleSet::Compile(rules, nullptr));
}

void Sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->Arg(10)->Arg(1000)->Arg(10000)->Arg(100000)->Unit(benchmark::kNanosecond);
}

BENCHMARK_CAPTURE(Decide, path_simple, PathIs)->Apply(Sizes);
BENCHMARK_CAPTURE(Decide, path_regexp_anchored, PathLike)->Apply(Sizes);
BENCHMARK_CAPTURE(Decide, path_regexp_unanchored, PathHas)->Apply(Sizes);
BENCHMARK_CAPTURE(Decide, host_regexp, HostLike)->Apply(Sizes);
BENCHMARK_CAPTURE(Decide, list_of_3, ListOfThree)->Apply(Sizes);
BENCHMARK_CAPTURE(Decide, dest_network, Network)->Apply(Sizes);
BENCHMARK_CAPTURE(Decide, mixed, Mixed)->Apply(Sizes);
BENCHMARK_CAPTURE(Decide, shared_port, SharedPort)->Apply(Sizes);
BENCHMARK_CAPTURE(DecideVarying, mixed, Mixed)->Apply(Sizes);
BENCHMARK_CAPTURE(DecideVarying, regexp_heavy, RegexpHeavy)->Apply(Sizes);
BENCHMARK_CAPTURE(CompileSet, path_simple, PathIs)->Arg(100000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(CompileSet, mixed, Mixed)->Arg(100000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(CompileSet, path_regexp, PathLike)->Arg(100000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace procwall

BENCHMARK_MAIN();
