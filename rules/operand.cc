// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/operand.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/printable.h"

namespace procwall {
namespace {

using Kind = OperandKind;
using Txt = TextFact;
using Num = NumberFact;
using Addr = AddressFact;

constexpr std::array kTable{
    Operand{"true", Kind::kTrue},
    // OpenSnitch's.
    Operand{"process.path", Kind::kPath, Txt::kProcessPath},
    Operand{"process.parent.path", Kind::kPath, Txt::kAncestorPath},
    Operand{"process.command", Kind::kText, Txt::kProcessCommand},
    Operand{"process.id", Kind::kNumber, Txt::kProcessId, Num::kProcessId},
    Operand{"process.env.", Kind::kVariable, Txt::kEnvironment},
    Operand{"process.hash.md5", Kind::kHash, Txt::kMd5},
    Operand{"process.hash.sha1", Kind::kHash, Txt::kSha1},
    Operand{"user.id", Kind::kNumber, Txt::kUserId, Num::kUserId},
    Operand{"user.name", Kind::kUser, Txt::kUserId, Num::kUserId},
    Operand{"source.ip", Kind::kAddress, Txt::kSourceAddress, {}, Addr::kSource},
    Operand{"source.port", Kind::kNumber, Txt::kSourcePort, Num::kSourcePort},
    Operand{"source.network", Kind::kNetwork, Txt::kSourceAddress, {}, Addr::kSource},
    Operand{"dest.ip", Kind::kAddress, Txt::kDestinationAddress, {}, Addr::kDestination},
    Operand{"dest.host", Kind::kText, Txt::kHost},
    Operand{"dest.port", Kind::kNumber, Txt::kDestinationPort, Num::kDestinationPort},
    Operand{"dest.network", Kind::kNetwork, Txt::kDestinationAddress, {}, Addr::kDestination},
    Operand{"protocol", Kind::kText, Txt::kProtocol},
    Operand{"iface.in", Kind::kText, Txt::kInInterface},
    Operand{"iface.out", Kind::kText, Txt::kOutInterface},
    Operand{"lists.domains", Kind::kListDomains, Txt::kHost},
    Operand{"lists.domains_regexp", Kind::kListPatterns, Txt::kHost},
    Operand{"lists.ips", Kind::kListAddresses, {}, {}, Addr::kDestination},
    Operand{"lists.nets", Kind::kListAddresses, {}, {}, Addr::kDestination},
    Operand{"lists.hash.md5", Kind::kListHashes, Txt::kMd5},
    // Ours.
    Operand{"process.name", Kind::kText, Txt::kProcessName},
    Operand{"process.script", Kind::kPath, Txt::kScript},
    Operand{"process.hash.sha256", Kind::kHash, Txt::kSha256},
    Operand{"process.container", Kind::kText, Txt::kContainer},
    Operand{"process.unit", Kind::kText, Txt::kUnit},
    Operand{"process.package", Kind::kText, Txt::kPackage},
    Operand{"process.creator.path", Kind::kPath, Txt::kCreatorPath},
    Operand{"attribution.confidence", Kind::kText, Txt::kConfidence},
    Operand{"user.group", Kind::kGroup, Txt::kUserId, Num::kUserId},
    Operand{"dest.domain", Kind::kDomain, Txt::kHost},
    Operand{"dest.sni", Kind::kText, Txt::kServerName},
    Operand{"direction", Kind::kText, Txt::kDirection},
    Operand{"time", Kind::kTime},
    Operand{"network.profile", Kind::kText, Txt::kProfile},
};

bool IsNamed(const Operand& operand, std::string_view name) {
  if (!operand.name.ends_with('.')) return name == operand.name;
  return name.starts_with(operand.name) && name.size() > operand.name.size();
}

}  // namespace

tl::expected<const Operand*, std::string> FindOperand(std::string_view name) {
  const auto* const found = std::find_if(
      kTable.begin(), kTable.end(), [&](const Operand& operand) { return IsNamed(operand, name); });
  if (found != kTable.end()) return found;
  if (name.empty()) return tl::unexpected(std::string("the operand is missing"));
  return tl::unexpected(fmt::format("operand {} is not known", Printable(name)));
}

std::span<const Operand> AllOperands() { return kTable; }

}  // namespace procwall
