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

// Code only: the pages of other segments may be copies, written or relocated, whose contents are
// nowhere else. Code is not relocated: everything here is position independent.
bool IsCode(const ElfW(Phdr) & segment) {
  return segment.p_type == PT_LOAD && (segment.p_flags & PF_X) != 0 &&
         (segment.p_flags & PF_W) == 0;
}

int GiveBack(dl_phdr_info* object, std::size_t, void* count) {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  for (std::size_t i = 0; i < object->dlpi_phnum; ++i) {
    const auto& segment = object->dlpi_phdr[i];
    if (!IsCode(segment)) continue;
    const std::uintptr_t begin = (object->dlpi_addr + segment.p_vaddr) & ~(page - 1);
    const std::uintptr_t end = object->dlpi_addr + segment.p_vaddr + segment.p_memsz;
    auto* const address = std::bit_cast<void*>(begin);  // the linker tells addresses as numbers
    if (::madvise(address, end - begin, MADV_DONTNEED) == 0) ++*static_cast<std::size_t*>(count);
  }
  return 0;
}

}  // namespace

std::size_t GiveBackCode() {
  std::size_t count = 0;
  ::dl_iterate_phdr(&GiveBack, &count);
  return count;
}

}  // namespace procwall
