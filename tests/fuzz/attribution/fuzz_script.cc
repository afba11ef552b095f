// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "attribution/proc_text.h"
#include "attribution/script.h"

// The input is a command line as /proc shows it; its first argument names the executable too.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes as characters
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const procwall::SharedList<std::string> args = procwall::ParseCmdline(text);
  if (args.empty()) return 0;
  for (const std::string& executable :
       {args[0], std::string("/bin/busybox"), std::string("/usr/bin/bash"),
        std::string("/usr/bin/python3.11"), std::string("/usr/bin/perl")}) {
    const std::string script = procwall::ScriptOf(executable, args, "/x");
    if (!script.empty() && script.front() != '/') std::abort();
    if (script.size() > size + 3) std::abort();
  }
  return 0;
}
