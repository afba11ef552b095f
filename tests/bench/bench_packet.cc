// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// How long the headers of one packet take to parse: it happens to every queued packet.
#include <cstddef>
#include <vector>

#include <benchmark/benchmark.h>

#include "net/packet.h"
#include "net/quic_initial.h"
#include "tests/support/packet_builder.h"
#include "tests/support/quic_initial_builder.h"

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

// What the first packet of a QUIC connection costs where no name is known: keys, header protection,
// AES-GCM, TLS.
void ReadServerNameOfQuic(benchmark::State& state) {
  const auto hello = CryptoFrame(0, TlsHello("www.example.org"));
  std::vector<std::byte> frames = hello;
  frames.resize(1150);  // padding, as clients send it
  const auto packet = QuicInitial(frames);
  for ([[maybe_unused]] auto _ : state) {
    auto name = ParseQuicInitial(packet);
    if (!name) state.SkipWithError("no name");
    benchmark::DoNotOptimize(name);
  }
}
BENCHMARK(ReadServerNameOfQuic);

// And where somebody only sends what looks like one.
void RefuseForgedQuic(benchmark::State& state) {
  std::vector<std::byte> frames(1150);
  auto packet = QuicInitial(frames);
  packet.back() ^= std::byte{1};
  for ([[maybe_unused]] auto _ : state) {
    auto name = ParseQuicInitial(packet);
    benchmark::DoNotOptimize(name);
  }
}
BENCHMARK(RefuseForgedQuic);

}  // namespace
}  // namespace procwall
