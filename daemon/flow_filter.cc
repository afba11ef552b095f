// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/flow_filter.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <strings.h>

#include "base/printable.h"

namespace procwall {
namespace {

bool IsProgram(const std::string& path, const std::string& wanted) {
  if (wanted.find('/') != std::string::npos) return path == wanted;
  return std::string_view(path).substr(path.rfind('/') + 1) == wanted;
}

bool SameLetters(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

// `host` is `wanted` or lies below it.
bool IsWithin(std::string_view host, std::string_view wanted) {
  if (host.ends_with('.')) host.remove_suffix(1);
  if (wanted.ends_with('.')) wanted.remove_suffix(1);
  if (host.size() <= wanted.size()) return SameLetters(host, wanted);
  const std::size_t start = host.size() - wanted.size();
  return host[start - 1] == '.' && SameLetters(host.substr(start), wanted);
}

}  // namespace

tl::expected<FlowFilter, std::string> FlowFilter::Create(const v1::FlowFilter& filter) {
  FlowFilter created;
  created.filter_ = filter;
  created.is_empty_ = filter.program().empty() && filter.pid() == 0 && filter.protocol().empty() &&
                      filter.address().empty() && filter.port() == 0 && filter.host().empty() &&
                      filter.rule().empty() && filter.id() == 0;
  if (filter.port() > 0xffff) {
    return tl::unexpected(fmt::format("{} is no port: 1 to 65535", filter.port()));
  }
  if (filter.address().empty()) return created;
  created.network_ = Prefix::Parse(filter.address());
  if (created.network_) return created;
  return tl::unexpected(fmt::format("\"{}\" is neither an address nor a network (10.0.0.0/8)",
                                    Printable(filter.address())));
}

bool FlowFilter::Fits(const Flow& flow) const {
  if (is_empty_) return true;
  const TrackedFlow& tracked = flow.tracked;
  if (filter_.id() != 0 && filter_.id() != tracked.id) return false;
  if (!filter_.protocol().empty()) {
    // "tcp" is both families', "tcp6" one's.
    const auto name = [&](IpFamily family) { return ProtocolName(tracked.protocol, family); };
    if (filter_.protocol() != name(IpFamily::kV4) &&
        filter_.protocol() != name(tracked.original.source.address.Family())) {
      return false;
    }
  }
  return FitsOwner(flow) && FitsEnds(flow);
}

bool FlowFilter::FitsOwner(const Flow& flow) const {
  const bool asks = !filter_.program().empty() || filter_.pid() != 0 || !filter_.rule().empty();
  if (!asks && filter_.host().empty()) return true;
  if (!flow.owner) return false;
  const Event& owner = *flow.owner;
  const auto& processes = owner.attribution.processes;
  if (!filter_.program().empty() && std::ranges::none_of(processes, [&](const ProcessPtr& process) {
        return IsProgram(RulePath(*process), filter_.program());
      })) {
    return false;
  }
  if (filter_.pid() != 0 && std::ranges::none_of(processes, [&](const ProcessPtr& process) {
        return process->id.pid == filter_.pid();
      })) {
    return false;
  }
  if (!filter_.rule().empty() && (!owner.rule || owner.rule->name != filter_.rule())) return false;
  return filter_.host().empty() || IsWithin(owner.host, filter_.host());
}

bool FlowFilter::FitsOther(const Endpoint& other) const {
  if (network_ && !network_->Contains(other.address)) return false;
  return filter_.port() == 0 || other.port == filter_.port();
}

bool FlowFilter::FitsEnds(const Flow& flow) const {
  if (!network_ && filter_.port() == 0) return true;
  if (flow.owner && flow.owner->connection) return FitsOther(flow.owner->connection->remote);
  return FitsOther(flow.tracked.original.destination) || FitsOther(flow.tracked.original.source);
}

}  // namespace procwall
