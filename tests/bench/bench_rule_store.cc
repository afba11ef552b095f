// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Reading rule directories and list files, deciding by lists of a million names and half a million
// networks, and reloading a thousand times. Counters: p50_ns and p99_ns of single decisions, clock
// included; rss_mb of the whole process.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "rules/list_directory.h"
#include "rules/rule_json.h"
#include "rules/rule_set.h"
#include "rules/rule_store.h"
#include "tests/unit/rules/temporary_directory.h"
#include "tests/unit/rules/world.h"

namespace procwall {
namespace {

constexpr uid_t kReader = 1000;

double ResidentMegabytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t size = 0;
  std::uint64_t resident = 0;
  file >> size >> resident;
  return static_cast<double>(resident) * 4096 / 1e6;
}

Operator OperatorOf(int i) {
  switch (i % 4) {
    case 0:
      return Is("process.path", fmt::format("/usr/bin/program-{:06}", i));
    case 1:
      return Like("dest.host", fmt::format(R"(^(|.*\.)site{:06}\.example\.com$)", i));
    case 2:
      return Within("dest.network", fmt::format("10.{}.{}.0/24", i / 256 % 256, i % 256));
    default:
      return AllOf({Is("process.path", fmt::format("/usr/bin/program-{:06}", i)),
                    Is("dest.port", "443"), Is("user.id", "1000")});
  }
}

void WriteRules(const TemporaryDirectory& directory, std::int64_t count) {
  for (int i = 0; i < count; ++i) {
    const auto rule = MakeRule(fmt::format("rule-{:06}", i), RuleAction::kDeny, OperatorOf(i));
    directory.Write(rule->name + ".json", ToJson(*rule));
  }
}

void LoadRules(benchmark::State& state) {
  const TemporaryDirectory directory;
  WriteRules(directory, state.range(0));
  const SystemClock clock;
  while (state.KeepRunning()) {
    RuleStore store(directory.Path(), clock, {}, kReader);
    if (!store.Load()) return state.SkipWithError("cannot load");
    benchmark::DoNotOptimize(RuleSet::Create(store.CompiledRules()));
  }
}

// One file of many is written again and again: what a change costs.
void ReloadOneRule(benchmark::State& state) {
  const TemporaryDirectory directory;
  WriteRules(directory, state.range(0));
  const SystemClock clock;
  RuleStore store(directory.Path(), clock, {}, kReader);
  if (!store.Watch() || !store.Load()) return state.SkipWithError("cannot load");
  int i = 0;
  while (state.KeepRunning()) {
    directory.Write("rule-000000.json", AllowText("rule-000000", fmt::format("/{}", ++i)));
    if (!store.Reload()) return state.SkipWithError("no change seen");
    benchmark::DoNotOptimize(RuleSet::Create(store.CompiledRules()));
  }
  state.counters["rss_mb"] = ResidentMegabytes();
}

std::string DomainAt(std::uint32_t i) {
  return fmt::format("{:08x}.tracker{}.example{}.com", i * 2654435761U, i % 977, i % 13);
}

void WriteDomains(const TemporaryDirectory& directory, std::uint32_t count) {
  std::ofstream file(directory.Path("domains.txt"));
  for (std::uint32_t i = 0; i < count; ++i) {
    file << (i % 100 == 0 ? "*." : "0.0.0.0 ") << DomainAt(i) << "\n";
  }
}

void WriteNetworks(const TemporaryDirectory& directory, std::uint32_t count) {
  std::ofstream file(directory.Path("networks.txt"));
  std::mt19937 random(2);  // NOLINT(cert-msc51-cpp): the same networks every time
  for (std::uint32_t i = 0; i < count; ++i) {
    if (i % 5 == 0) {
      file << fmt::format("2001:{:x}:{:x}::/48\n", random() % 65536, random() % 65536);
    } else {
      file << fmt::format("{}.{}.{}.{}/{}\n", random() % 223 + 1, random() % 256, random() % 256,
                          random() % 256, 20 + random() % 13);
    }
  }
}

void ReadList(benchmark::State& state, ListKind kind) {
  const TemporaryDirectory directory;
  const auto count = static_cast<std::uint32_t>(state.range(0));
  (kind == ListKind::kDomains ? WriteDomains : WriteNetworks)(directory, count);
  while (state.KeepRunning()) {
    const auto read = ReadListDirectory(directory.Path(), kind, kReader);
    if (read.report.bad_lines != 0) return state.SkipWithError("bad lines");
    state.counters["entries"] = static_cast<double>(read.report.entries);
  }
}

// Two deny rules ask the lists; a twentieth of the packets is in one.
void DecideByLists(benchmark::State& state) {
  const TemporaryDirectory domains;
  const TemporaryDirectory networks;
  WriteDomains(domains, 1'000'000);
  WriteNetworks(networks, 500'000);
  References references;
  references.lists = std::make_shared<ListStore>(kReader);
  const auto in_list = [](std::string operand, std::string path) {
    return Operator{.type = "lists", .operand = std::move(operand), .data = std::move(path)};
  };
  const RuleSet set = RuleSet::Compile(
      {MakeRule("0-ads", RuleAction::kDeny, in_list("lists.domains", domains.Path())),
       MakeRule("1-bad", RuleAction::kDeny, in_list("lists.nets", networks.Path())),
       MakeRule("2-curl", RuleAction::kAllow, Is("process.path", "/usr/bin/curl"))},
      nullptr, references);
  state.counters["rss_mb"] = ResidentMegabytes();

  constexpr std::size_t kSubjects = 65536;
  std::mt19937 random(3);  // NOLINT(cert-msc51-cpp): the same packets every time
  std::vector<Connection> connections(kSubjects, ToExample());
  std::vector<std::string> hosts(kSubjects);
  for (std::size_t i = 0; i < kSubjects; ++i) {
    const auto bits = static_cast<std::uint32_t>(random());
    const auto byte = [&](int shift) { return static_cast<std::uint8_t>(bits >> shift); };
    connections[i].remote.address = IpAddress::V4({byte(24), byte(16), byte(8), byte(0)});
    hosts[i] = i % 20 == 0 ? DomainAt(static_cast<std::uint32_t>(random()) % 1'000'000)
                           : fmt::format("www.{:08x}.example{}.org", random(), i % 13);
  }
  const Process process = Curl();
  std::vector<double> times;
  std::size_t at = 0;
  while (state.KeepRunning()) {
    const Subject subject{&connections[at], &process, hosts[at]};
    const auto begin = std::chrono::steady_clock::now();
    benchmark::DoNotOptimize(set.Decide(subject));
    if (times.size() < kSubjects) {
      times.push_back(
          std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin)
              .count());
    }
    at = (at + 1) % kSubjects;
  }
  std::sort(times.begin(), times.end());
  state.counters["p50_ns"] = times[times.size() / 2];
  state.counters["p99_ns"] = times[times.size() * 99 / 100];
}

BENCHMARK(LoadRules)->Arg(10000)->Arg(100000)->Unit(benchmark::kMillisecond)->Iterations(2);
BENCHMARK(ReloadOneRule)->Arg(1000)->Arg(10000)->Unit(benchmark::kMillisecond)->Iterations(200);
BENCHMARK(ReloadOneRule)->Arg(100000)->Unit(benchmark::kMillisecond)->Iterations(10);
BENCHMARK(DecideByLists)->Unit(benchmark::kNanosecond);
BENCHMARK_CAPTURE(ReadList, domains, ListKind::kDomains)
    ->Arg(1000000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ReadList, networks, ListKind::kAddresses)
    ->Arg(500000)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace procwall

BENCHMARK_MAIN();
