// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/file_text.h"

#include <fmt/format.h>

namespace procwall {

std::string FileText(const v1::Process& process) {
  std::string text;
  const std::string& state = process.file_state();
  if (state == "memory") {
    text = "never was a file: it runs from memory (memfd)";
  } else if (state == "replaced") {
    text = "an old version: another file took its place since it began";
  } else if (state == "deleted") {
    text = "its file was deleted";
  } else if (state == "foreign" || state == "namesake") {
    text = "a file of mounts of its own, not of this host";
  } else if (process.path_is_deleted()) {
    text = "its file was deleted or replaced";
  }
  if (!process.by_descriptor() || state == "memory") return text;
  constexpr const char* kByDescriptor = "executed through an open descriptor (fexecve)";
  return text.empty() ? kByDescriptor : fmt::format("{}; {}", text, kByDescriptor);
}

std::string FileWord(const v1::Process& process) {
  if (process.file_state() == "memory") return "memfd";
  if (process.file_state() == "replaced") return "replaced";
  if (process.path_is_deleted()) return "deleted";
  return process.by_descriptor() ? "fexecve" : "";
}

}  // namespace procwall
