// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// How long the headers of one packet take to parse: it happens to every queued packet.
#include <cstddef>
#include <vector>

#include <benchmark/benchmark.h>

#include "net/packet.h"
#include "tests/support/packet_builder.h"

namespace procwall {
namespace {

void Parse(benchmark::State& state, const std::vector<std::byte>& packet) {
  for ([[maybe_unused]] auto _ : state) {
    Bytes bytes(packet);
    benchmark::DoNotOptimize(bytes);  // or the compiler parses once, before the loop
    auto parsed = ParsePacket(bytes);
    benchmark::DoNotOptimize(parsed);
  }
}

void ParseTcpSyn(benchmark::State& state) {
  // Twenty bytes of options: what Linux sends.
  Parse(state, PacketBuilder().V4("10.0.0.1", "10.0.0.2").Tcp(40'000, 443, kSyn, 5).Build());
}
BENCHMARK(ParseTcpSyn);

void ParseUdp(benchmark::State& state) {
  Parse(state, PacketBuilder().V4("10.0.0.1", "10.0.0.2").Udp(40'000, 53).Payload("?").Build());
}
BENCHMARK(ParseUdp);

void ParseTcpSynV6(benchmark::State& state) {
  Parse(state, PacketBuilder().V6("fd00::1", "fd00::2").Tcp(40'000, 443, kSyn, 5).Build());
}
BENCHMARK(ParseTcpSynV6);

// A hostile packet: as many extension headers as one copy holds.
void ParseLongExtensionChain(benchmark::State& state) {
  PacketBuilder builder;
  builder.V6("fd00::1", "fd00::2");
  for (int i = 0; i < 24; ++i) builder.DestinationOptions();
  Parse(state, builder.Udp(40'000, 53).Build());
}
BENCHMARK(ParseLongExtensionChain);

void RefuseHalfAHeader(benchmark::State& state) {
  auto packet = PacketBuilder().V4("10.0.0.1", "10.0.0.2").Tcp(40'000, 443, kSyn).Build();
  packet.resize(30);
  Parse(state, packet);
}
BENCHMARK(RefuseHalfAHeader);

}  // namespace
}  // namespace procwall
