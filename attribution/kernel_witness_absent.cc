// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Tested by tests/lab/kernel_witness_test.cc.
// The witness of a build without libbpf or clang: there is none, and it says so.
#include "attribution/kernel_witness.h"

namespace procwall {

struct KernelWitness::Loaded {
  std::vector<WitnessPart> parts;
};

tl::expected<std::unique_ptr<KernelWitness>, std::string> KernelWitness::Start(
    const Clock& /*clock*/, WitnessScope /*scope*/) {
  return tl::unexpected(std::string("this build has none: it needs clang, llvm and libbpf-dev"));
}

KernelWitness::KernelWitness(const Clock& clock, std::unique_ptr<Loaded> loaded)
    : clock_(clock), loaded_(std::move(loaded)) {}
KernelWitness::~KernelWitness() = default;

const std::vector<WitnessPart>& KernelWitness::Parts() const { return loaded_->parts; }
WitnessLosses KernelWitness::Losses() const { return {}; }
WitnessTable KernelWitness::Sockets() const { return {}; }
WitnessTable KernelWitness::Flows() const { return {}; }
Status KernelWitness::ScanSockets() {
  return Error{Errc::kUnsupported, 0, "scan the sockets of all processes"};
}
std::optional<FlowUse> KernelWitness::FlowOf(const Connection& /*connection*/) const {
  return std::nullopt;
}
std::optional<FlowUse> KernelWitness::GhostOf(const Connection& /*connection*/) const {
  return std::nullopt;
}
std::optional<SocketUse> KernelWitness::SocketOf(std::uint64_t /*cookie*/) const {
  return std::nullopt;
}
int KernelWitness::UnsafeEventFd() const { return -1; }
void KernelWitness::DrainEvents(const std::function<void(ProcessEvent event)>& /*take*/) {}

}  // namespace procwall
