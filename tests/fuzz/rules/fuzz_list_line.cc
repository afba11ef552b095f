// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Lines of list files from strangers: read as every kind of list, filed, and looked up again.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "rules/address_set.h"
#include "rules/digest_set.h"
#include "rules/domain_set.h"
#include "rules/list_line.h"
#include "rules/text.h"

namespace {

using procwall::ReadDigestLine;
using procwall::ReadDomainLine;
using procwall::ReadNetworkLine;

// What a line names must be found in the set made of it; what is below a star is found, the star's
// own name is not.
void CheckDomains(std::string_view line) {
  std::vector<std::string_view> names;
  if (!ReadDomainLine(line, names)) {
    if (!names.empty()) std::abort();
    return;
  }
  procwall::DomainSet set;
  for (const auto name : names) set.Add(name);
  if (set.Size() > names.size() || set.Has("")) std::abort();
  for (const auto name : names) {
    const bool below = name.starts_with("*.") || name.starts_with('.');
    const std::string folded = procwall::Folded(name.substr(below ? name.find('.') : 0));
    const std::string asked = below && folded.size() < 254 ? "x" + folded : folded;
    if (asked.front() != '.' && !set.Has(asked)) std::abort();
  }
}

void CheckLine(std::string_view line) {
  CheckDomains(line);
  if (const auto network = ReadNetworkLine(line); network && *network) {
    if (!procwall::AddressSet({**network}).Has((*network)->Address())) std::abort();
  }
  if (const auto digest = ReadDigestLine(line); digest && *digest) {
    if (!procwall::DigestSet({**digest}).Has(line)) std::abort();
  }
  procwall::ReadPatternLine(line);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    CheckLine(std::string_view(text).substr(begin, end - begin));
    begin = end + 1;
  }
  return 0;
}
