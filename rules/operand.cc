// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/operand.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/printable.h"

namespace procwall {
namespace {

using Txt = TextFact;
using Num = NumberFact;
using Addr = AddressFact;

constexpr std::array kTable{
    Operand{"true", OperandKind::kTrue},
    // OpenSnitch's.
    Operand{"process.path", OperandKind::kPath, Txt::kProcessPath},
    Operand{"process.parent.path", OperandKind::kPath, Txt::kAncestorPath},
    Operand{"process.command", OperandKind::kText, Txt::kProcessCommand},
    Operand{"process.id", OperandKind::kNumber, Txt::kProcessId, Num::kProcessId},
    Operand{"process.env.", OperandKind::kVariable, Txt::kEnvironment},
    Operand{"process.hash.md5", OperandKind::kHash, Txt::kMd5},
    Operand{"process.hash.sha1", OperandKind::kHash, Txt::kSha1},
    Operand{"user.id", OperandKind::kNumber, Txt::kUserId, Num::kUserId},
    Operand{"user.name", OperandKind::kUser, Txt::kUserId, Num::kUserId},
    Operand{"source.ip", OperandKind::kAddress, Txt::kSourceAddress, {}, Addr::kSource},
    Operand{"source.port", OperandKind::kNumber, Txt::kSourcePort, Num::kSourcePort},
    Operand{"source.network", OperandKind::kNetwork, Txt::kSourceAddress, {}, Addr::kSource},
    Operand{"dest.ip", OperandKind::kAddress, Txt::kDestinationAddress, {}, Addr::kDestination},
    Operand{"dest.host", OperandKind::kText, Txt::kHost},
    Operand{"dest.port", OperandKind::kNumber, Txt::kDestinationPort, Num::kDestinationPort},
    Operand{
        "dest.network", OperandKind::kNetwork, Txt::kDestinationAddress, {}, Addr::kDestination},
    Operand{"protocol", OperandKind::kText, Txt::kProtocol},
    Operand{"iface.in", OperandKind::kText, Txt::kInInterface},
    Operand{"iface.out", OperandKind::kText, Txt::kOutInterface},
    Operand{"lists.domains", OperandKind::kListDomains, Txt::kHost},
    Operand{"lists.domains_regexp", OperandKind::kListPatterns, Txt::kHost},
    Operand{"lists.ips", OperandKind::kListAddresses, {}, {}, Addr::kDestination},
    Operand{"lists.nets", OperandKind::kListAddresses, {}, {}, Addr::kDestination},
    Operand{"lists.hash.md5", OperandKind::kListHashes, Txt::kMd5},
    // Ours.
    Operand{"process.name", OperandKind::kText, Txt::kProcessName},
    Operand{"process.script", OperandKind::kPath, Txt::kScript},
    Operand{"process.hash.sha256", OperandKind::kHash, Txt::kSha256},
    Operand{"process.container", OperandKind::kText, Txt::kContainer},
    Operand{"process.unit", OperandKind::kText, Txt::kUnit},
    Operand{"process.package", OperandKind::kText, Txt::kPackage},
    Operand{"process.creator.path", OperandKind::kPath, Txt::kCreatorPath},
    Operand{"attribution.confidence", OperandKind::kText, Txt::kConfidence},
    Operand{"user.group", OperandKind::kGroup, Txt::kUserId, Num::kUserId},
    Operand{"dest.domain", OperandKind::kDomain, Txt::kHost},
    Operand{"dest.sni", OperandKind::kText, Txt::kServerName},
    Operand{"direction", OperandKind::kText, Txt::kDirection},
    Operand{"time", OperandKind::kTime},
    Operand{"network.profile", OperandKind::kText, Txt::kProfile},
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
