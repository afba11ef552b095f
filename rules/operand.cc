// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/operand.h"

#include <array>

#include <fmt/format.h>

#include "base/printable.h"

namespace procwall {
namespace {

constexpr FactsNeeded kProcess{.process = true};
constexpr FactsNeeded kArgs{.process = true, .args = true};
constexpr FactsNeeded kHost{.host = true};

// A lambda of the table below as a function of its kind.
constexpr ReadText AsText(ReadText read) { return read; }
constexpr ReadNumber AsNumber(ReadNumber read) { return read; }
constexpr ReadAddress AsAddress(ReadAddress read) { return read; }
constexpr ReadNetwork AsNetwork(ReadAddress read) { return {read}; }

const auto& Table() {
  using F = Facts;
  static constexpr std::array kTable{
      Operand{"true", AlwaysTrue{}, {}},
      Operand{"process.path", AsText([](const F& f) -> auto& { return f.ProcessPath(); }),
              kProcess},
      Operand{"process.command", AsText([](const F& f) -> auto& { return f.ProcessCommand(); }),
              kArgs},
      Operand{"process.id", AsNumber([](const F& f) { return f.ProcessIdNumber(); }), kProcess},
      Operand{"user.id", AsNumber([](const F& f) { return f.UserId(); }), kProcess},
      Operand{"source.ip", AsAddress([](const F& f) -> auto& { return f.SourceAddress(); }), {}},
      Operand{"source.port", AsNumber([](const F& f) { return f.SourcePort(); }), {}},
      Operand{
          "source.network", AsNetwork([](const F& f) -> auto& { return f.SourceAddress(); }), {}},
      Operand{"dest.ip", AsAddress([](const F& f) -> auto& { return f.DestinationAddress(); }), {}},
      Operand{"dest.host", AsText([](const F& f) -> auto& { return f.DestinationHost(); }), kHost},
      Operand{"dest.port", AsNumber([](const F& f) { return f.DestinationPort(); }), {}},
      Operand{"dest.network",
              AsNetwork([](const F& f) -> auto& { return f.DestinationAddress(); }),
              {}},
      Operand{"protocol", AsText([](const F& f) -> auto& { return f.Protocol(); }), {}},
  };
  return kTable;
}

// Operands of other versions of OpenSnitch; a name that ends in a dot stands for all that begin so.
constexpr std::array<std::string_view, 8> kNotYet{
    "process.parent.path", "process.hash.md5", "process.hash.sha1", "process.env.",
    "user.name",           "iface.in",         "iface.out",         "lists.",
};

bool IsNotYet(std::string_view name) {
  for (const std::string_view known : kNotYet) {
    if (known.back() == '.' ? name.starts_with(known) : name == known) return true;
  }
  return false;
}

}  // namespace

tl::expected<const Operand*, std::string> FindOperand(std::string_view name) {
  for (const Operand& operand : Table()) {
    if (operand.name == name) return &operand;
  }
  if (name.empty()) return tl::unexpected(std::string("the operand is missing"));
  return tl::unexpected(fmt::format("operand {} is not {}", Printable(name),
                                    IsNotYet(name) ? "supported yet" : "known"));
}

}  // namespace procwall
