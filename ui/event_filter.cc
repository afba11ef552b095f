// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/event_filter.h"

#include <algorithm>
#include <charconv>

#include <strings.h>

namespace procwall {
namespace {

std::optional<std::uint16_t> ParsePort(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return {};
  return port;
}

bool SameLetters(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

// `host` is `wanted` or lies below it.
bool IsWithin(std::string_view host, std::string_view wanted) {
  if (!host.empty() && host.back() == '.') host.remove_suffix(1);
  if (host.size() <= wanted.size()) return SameLetters(host, wanted);
  const std::size_t start = host.size() - wanted.size();
  return host[start - 1] == '.' && SameLetters(host.substr(start), wanted);
}

bool IsHostName(std::string_view text) {
  return !text.empty() && text.find_first_of(":[]/ ") == std::string_view::npos;
}

bool MatchesProgram(const std::string& wanted, const v1::Event& event) {
  if (event.has_process() && IsProgram(wanted, event.process().path())) return true;
  return std::any_of(event.alternatives().begin(), event.alternatives().end(),
                     [&](const v1::Process& other) { return IsProgram(wanted, other.path()); });
}

bool MatchesDestination(const WantedDestination& wanted, const v1::Event& event) {
  if (wanted.port && *wanted.port != event.dst_port()) return false;
  if (wanted.address && IpAddress::Parse(event.dst_ip()) != wanted.address) return false;
  return wanted.host.empty() || IsWithin(event.dst_host(), wanted.host);
}

}  // namespace

bool IsProgram(const std::string& wanted, const std::string& path) {
  const bool whole = wanted.starts_with('/') && !wanted.ends_with('/');
  return whole ? path == wanted : path.find(wanted) != std::string::npos;
}

std::optional<WantedDestination> ParseWantedDestination(std::string_view text) {
  WantedDestination wanted;
  wanted.address = IpAddress::Parse(text);
  if (wanted.address) return wanted;

  const std::size_t colon = text.ends_with(']') ? std::string_view::npos : text.rfind(':');
  std::string_view host = text.substr(0, colon);
  if (colon != std::string_view::npos) {
    wanted.port = ParsePort(text.substr(colon + 1));
    if (!wanted.port) return {};
  }
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  wanted.address = IpAddress::Parse(host);
  if (wanted.address) {
    const bool needs_brackets = !wanted.address->IsV4();
    return bracketed == needs_brackets ? std::optional(wanted) : std::nullopt;
  }
  if (!host.empty() && host.back() == '.') host.remove_suffix(1);
  if (host.empty() && wanted.port) return wanted;
  if (bracketed || !IsHostName(host)) return {};
  wanted.host = host;
  return wanted;
}

bool EventFilter::Matches(const v1::Event& event) const {
  if (!program.empty() && !MatchesProgram(program, event)) return false;
  if (!actions.empty() &&
      std::find(actions.begin(), actions.end(), event.action()) == actions.end()) {
    return false;
  }
  return !destination || MatchesDestination(*destination, event);
}

}  // namespace procwall
