// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "record/journal_query.h"
#include "record/journal_row.h"

// What a client asks of the journal: the first line is a destination, the second a program, the
// third a page token. A question makes sense or is refused with a reason; nothing of it gets into
// the statement itself.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(static_cast<const char*>(static_cast<const void*>(data)), size);
  procwall::v1::ReadJournalRequest request;
  const auto line = [&] {
    const std::string_view first = text.substr(0, text.find('\n'));
    text.remove_prefix(first.size() < text.size() ? first.size() + 1 : text.size());
    return std::string(first);
  };
  request.set_destination(line());
  request.set_program(line());
  request.set_page_token(line());
  const auto query = procwall::QueryOf(request);
  if (!query && query.error().empty()) std::abort();
  if (query && query->sql.find_first_of("'\";") != std::string::npos &&
      query->sql.find("<> ''") == std::string::npos) {
    std::abort();
  }
  const std::string key = procwall::HostKey(request.destination());
  if (!key.empty() && key.back() != '.') std::abort();
  return 0;
}
