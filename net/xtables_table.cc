// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/xtables_table.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "base/unique_fd.h"

namespace procwall {
namespace {

constexpr const char* kReading = "read xtables entries";
constexpr std::size_t kMaxTableBytes = std::size_t{64} << 20;
constexpr std::string_view kErrorTarget = "ERROR";  // begins a user's chain, and ends the table
constexpr std::array<const char*, 5> kHookChains = {"PREROUTING", "INPUT", "FORWARD", "OUTPUT",
                                                    "POSTROUTING"};

// Where the parts of an entry lie; both families' entries end in the same way.
struct Layout {
  std::size_t header;      // of the whole entry, without matches
  std::size_t conditions;  // struct ipt_ip, ip6t_ip6
  std::size_t target_offset;
  std::size_t next_offset;
};
constexpr Layout kV4{sizeof(ipt_entry), sizeof(ipt_ip), offsetof(ipt_entry, target_offset),
                     offsetof(ipt_entry, next_offset)};
constexpr Layout kV6{sizeof(ip6t_entry), sizeof(ip6t_ip6), offsetof(ip6t_entry, target_offset),
                     offsetof(ip6t_entry, next_offset)};
constexpr std::size_t kTargetHeader = sizeof(xt_entry_target);
constexpr std::size_t kNameAt = offsetof(xt_entry_target, u.user.name);
static_assert(sizeof(xt_entry_target) == 32 && sizeof(xt_standard_target) >= 36);

Result<std::uint16_t> ReadU16(Bytes entry, std::size_t offset) {
  ByteReader reader(entry);
  PROCWALL_TRY_STATUS(reader.Skip(offset, kReading));
  return reader.Read<std::uint16_t>(kReading);
}

std::string_view TextOf(Bytes bytes) {
  // NOLINTNEXTLINE(bugprone-not-null-terminated-result): the length is given
  std::string_view text(static_cast<const char*>(static_cast<const void*>(bytes.data())),
                        bytes.size());
  return text.substr(0, text.find('\0'));
}

std::string StringOf(Bytes bytes) {
  std::string text(bytes.size(), '\0');
  if (!bytes.empty()) std::memcpy(text.data(), bytes.data(), bytes.size());
  return text;
}

// An entry, taken apart.
struct Entry {
  std::size_t offset = 0;  // in the table
  Bytes conditions;        // addresses, interfaces, protocol
  Bytes matches;
  std::string_view target;  // "", "NFQUEUE", "ERROR", ...
  Bytes target_data;        // behind its header

  bool BeginsChain() const { return target == kErrorTarget; }
  // The verdict of a standard target: an offset in the table, or a negative number.
  std::optional<std::int32_t> Verdict() const {
    if (!target.empty()) return std::nullopt;
    ByteReader reader(target_data);
    const auto verdict = reader.Read<std::int32_t>(kReading);
    return verdict ? std::optional(*verdict) : std::nullopt;
  }
};

Result<Entry> ReadEntry(const Layout& layout, std::size_t offset, Bytes rest, std::size_t& size) {
  const std::size_t target_at = PROCWALL_TRY(ReadU16(rest, layout.target_offset));
  size = PROCWALL_TRY(ReadU16(rest, layout.next_offset));
  const bool fits =
      size <= rest.size() && target_at >= layout.header && target_at + kTargetHeader <= size;
  if (!fits) return Error{Errc::kMalformed, 0, kReading};
  const Bytes target = rest.subspan(target_at, size - target_at);
  return Entry{offset, rest.first(layout.conditions),
               rest.subspan(layout.header, target_at - layout.header),
               TextOf(target.subspan(kNameAt, sizeof(xt_entry_target::u.user.name))),
               target.subspan(kTargetHeader)};
}

Result<std::vector<Entry>> ReadEntries(const Layout& layout, Bytes bytes) {
  std::vector<Entry> entries;
  for (std::size_t offset = 0; offset < bytes.size();) {
    std::size_t size = 0;
    entries.push_back(PROCWALL_TRY(ReadEntry(layout, offset, bytes.subspan(offset), size)));
    offset += size;
  }
  return entries;
}

using ChainNames = std::map<std::size_t, std::string>;  // by the offset of the first rule

// A rule after an ERROR entry is the first of that user's chain.
ChainNames NamesOf(const std::vector<Entry>& entries, const XtablesHooks& hooks) {
  ChainNames names;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].BeginsChain() && i + 1 < entries.size()) {
      names[entries[i + 1].offset] = std::string(TextOf(entries[i].target_data));
    }
  }
  for (std::size_t hook = 0; hook < kHookChains.size(); ++hook) {
    if ((hooks.valid >> hook & 1U) != 0) names[hooks.entries[hook]] = kHookChains[hook];
  }
  return names;
}

XtablesRule RuleOf(const Entry& entry, const ChainNames& names) {
  XtablesRule rule;
  rule.content =
      StringOf(entry.conditions) + StringOf(entry.matches) + std::string(entry.target) + '\0';
  const auto verdict = entry.Verdict();
  if (verdict && *verdict >= 0) {  // places move whenever somebody changes the table
    const auto chain = names.find(static_cast<std::size_t>(*verdict));
    if (chain != names.end()) rule.leads_to = chain->second;
    rule.content += rule.leads_to;
  } else {
    rule.content += StringOf(entry.target_data);
  }
  return rule;
}

Result<UniqueFd> OpenRaw(IpFamily family) {
  UniqueFd fd(
      ::socket(family == IpFamily::kV4 ? AF_INET : AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW));
  if (!fd.IsOpen()) return SystemError(errno, "open a raw socket");
  return fd;
}

template <typename Info>
XtablesHooks HooksOf(const Info& info) {
  XtablesHooks hooks;
  hooks.valid = info.valid_hooks;
  std::copy(std::begin(info.hook_entry), std::end(info.hook_entry), hooks.entries.begin());
  return hooks;
}

// `Info` and `Entries` are of the family, and so are the numbers.
template <typename Info, typename Entries>
Result<std::vector<XtablesChain>> ReadOnce(IpFamily family, int level, int info_option,
                                           int entries_option, const char* name) {
  const UniqueFd fd = PROCWALL_TRY(OpenRaw(family));
  Info info{};
  std::strncpy(&info.name[0], name, sizeof(info.name) - 1);
  socklen_t length = sizeof(info);
  if (::getsockopt(fd.UnsafeFd(), level, info_option, &info, &length) != 0) {
    return SystemError(errno, "ask for an xtables table");
  }
  if (info.size > kMaxTableBytes) return Error{Errc::kTooLarge, 0, "ask for an xtables table"};
  std::vector<std::byte> buffer(sizeof(Entries) + info.size);
  Entries head{};
  std::memcpy(&head.name[0], &info.name[0], sizeof(head.name));
  head.size = info.size;
  std::memcpy(buffer.data(), &head, sizeof(head));
  length = static_cast<socklen_t>(buffer.size());
  if (::getsockopt(fd.UnsafeFd(), level, entries_option, buffer.data(), &length) != 0) {
    // EAGAIN: it has another size by now.
    return errno == EAGAIN ? Error{Errc::kBusy, errno, kReading} : SystemError(errno, kReading);
  }
  return ParseXtables(family, HooksOf(info), Bytes(buffer).subspan(sizeof(Entries)));
}

}  // namespace

Result<std::vector<XtablesChain>> ParseXtables(IpFamily family, const XtablesHooks& hooks,
                                               Bytes entries) {
  const std::vector<Entry> read =
      PROCWALL_TRY(ReadEntries(family == IpFamily::kV4 ? kV4 : kV6, entries));
  const ChainNames names = NamesOf(read, hooks);
  std::vector<XtablesChain> chains;
  for (const Entry& entry : read) {
    if (const auto name = names.find(entry.offset); name != names.end()) {
      chains.push_back({name->second, {}});
    }
    if (!entry.BeginsChain() && !chains.empty()) {
      chains.back().rules.push_back(RuleOf(entry, names));
    }
  }
  return chains;
}

Result<std::vector<XtablesChain>> ReadXtables(IpFamily family, const char* name) {
  constexpr int kTries = 4;
  Result<std::vector<XtablesChain>> chains = Error{Errc::kBusy, 0, kReading};
  for (int i = 0; i < kTries; ++i) {
    chains = family == IpFamily::kV4
                 ? ReadOnce<ipt_getinfo, ipt_get_entries>(family, SOL_IP, IPT_SO_GET_INFO,
                                                          IPT_SO_GET_ENTRIES, name)
                 : ReadOnce<ip6t_getinfo, ip6t_get_entries>(family, SOL_IPV6, IP6T_SO_GET_INFO,
                                                            IP6T_SO_GET_ENTRIES, name);
    if (chains || chains.error().code != Errc::kBusy) break;
  }
  return chains;
}

}  // namespace procwall
