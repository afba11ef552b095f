// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/resident_code.h"

#include <sys/mman.h>
#include <unistd.h>

#include <bit>
#include <cstdint>

#include <elf.h>
#include <link.h>

namespace procwall {
namespace {

// The pages of segments that may be written, also those that are only relocated (PT_GNU_RELRO is a
// part of one), are copies whose contents are nowhere else.
bool IsReadOnly(const ElfW(Phdr) & segment) {
  return segment.p_type == PT_LOAD && (segment.p_flags & PF_W) == 0;
}

// Where the linker has written to read-only segments, too: not position independent.
bool HasTextRelocations(const dl_phdr_info& object) {
  for (std::size_t i = 0; i < object.dlpi_phnum; ++i) {
    if (object.dlpi_phdr[i].p_type != PT_DYNAMIC) continue;
    const std::uintptr_t address = object.dlpi_addr + object.dlpi_phdr[i].p_vaddr;
    for (const auto* entry = std::bit_cast<const ElfW(Dyn)*>(address); entry->d_tag != DT_NULL;
         ++entry) {
      const bool in_flags = entry->d_tag == DT_FLAGS && (entry->d_un.d_val & DF_TEXTREL) != 0;
      if (entry->d_tag == DT_TEXTREL || in_flags) return true;
    }
  }
  return false;
}

int GiveBack(dl_phdr_info* object, std::size_t, void* count) {
  if (HasTextRelocations(*object)) return 0;
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  for (std::size_t i = 0; i < object->dlpi_phnum; ++i) {
    const auto& segment = object->dlpi_phdr[i];
    if (!IsReadOnly(segment)) continue;
    const std::uintptr_t begin = (object->dlpi_addr + segment.p_vaddr) & ~(page - 1);
    const std::uintptr_t end = object->dlpi_addr + segment.p_vaddr + segment.p_memsz;
    auto* const address = std::bit_cast<void*>(begin);  // the linker tells addresses as numbers
    if (::madvise(address, end - begin, MADV_DONTNEED) == 0) ++*static_cast<std::size_t*>(count);
  }
  return 0;
}

}  // namespace

std::size_t GiveBackCodeAndConstants() {
  std::size_t count = 0;
  ::dl_iterate_phdr(&GiveBack, &count);
  return count;
}

}  // namespace procwall
