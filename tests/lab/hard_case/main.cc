// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// A program that uses the network in a way that is hard to attribute, and tells the truth about it
// on stdout: one line of JSON for each packet that it is about to send (see case_run.h). Copies of
// it under other names are other programs: tests/lab/hard_cases.py makes them.
//
//   hard_case CASE TRANSPORT ADDRESS PORT [OTHER_PROGRAM [LOCAL_PORT]]
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>

#include "tests/lab/hard_case/cases.h"

namespace procwall {
namespace {

const CasePart* FindCase(std::string_view name) {
  for (const auto family :
       {EndingCases(), HandoverCases(), BecomingCases(), SharedPortCases(), CallCases()}) {
    for (const CasePart& part : family) {
      if (part.name == name) return &part;
    }
  }
  return nullptr;
}

std::uint16_t PortNumber(const char* text) {
  return static_cast<std::uint16_t>(std::strtoul(text, nullptr, 10));
}

int Main(std::span<char*> args) {
  if (args.size() < 5) {
    std::fputs("usage: hard_case CASE TRANSPORT ADDRESS PORT [OTHER_PROGRAM [LOCAL_PORT]]\n",
               stderr);
    return 2;
  }
  const CasePart* part = FindCase(args[1]);
  const auto transport = ParseTransport(args[2]);
  const auto peer = ParsePeer(args[3], PortNumber(args[4]));
  if (part == nullptr || !transport || !peer) {
    std::fputs("hard_case: no such case, transport or address\n", stderr);
    return 2;
  }
  return part->run({
      .transport = *transport,
      .transport_word = args[2],
      .peer = *peer,
      .address = args[3],
      .other = args.size() > 5 ? args[5] : "",
      .local_port = args.size() > 6 ? PortNumber(args[6]) : std::uint16_t{0},
  });
}

}  // namespace
}  // namespace procwall

int main(int argc, char** argv) {
  return procwall::Main(std::span(argv, static_cast<std::size_t>(argc)));
}
