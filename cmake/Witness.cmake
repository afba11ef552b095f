# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors

# The kernel witness is optional: without clang (for BPF) or libbpf the daemon is built without it,
# and says so. PROCWALL_WITNESS tells which.
option(PROCWALL_WITHOUT_WITNESS "Build without the kernel witness" OFF)
pkg_check_modules(BPF IMPORTED_TARGET libbpf>=1.0)
find_program(BPF_CLANG NAMES clang clang-19 clang-18 clang-17 clang-16 clang-15 clang-14)
find_program(BPF_STRIP NAMES llvm-strip llvm-strip-19 llvm-strip-18 llvm-strip-16 llvm-strip-14)

set(PROCWALL_WITNESS OFF)
if(PROCWALL_WITHOUT_WITNESS)
  message(STATUS "kernel witness: left out, as asked")
elseif(NOT BPF_FOUND)
  message(STATUS "kernel witness: left out, libbpf (>= 1.0) was not found")
elseif(NOT BPF_CLANG OR NOT BPF_STRIP)
  message(STATUS "kernel witness: left out, clang and llvm-strip were not found")
else()
  set(PROCWALL_WITNESS ON)
endif()

# procwall_bpf_object(witness_object.cc kWitnessObject witness/witness.bpf.c HEADERS...)
# Compiles a BPF program and turns the object into a C++ source that defines that array.
function(procwall_bpf_object output array source)
  set(object ${CMAKE_CURRENT_BINARY_DIR}/${array}.o)
  add_custom_command(OUTPUT ${output}
    COMMAND ${BPF_CLANG} -target bpf -mcpu=v3 -O2 -g -std=gnu11 -Wall -Wextra -Wno-unused-parameter -Werror
            -I${CMAKE_SOURCE_DIR} -fdebug-prefix-map=${CMAKE_SOURCE_DIR}=. -idirafter /usr/include/${CMAKE_LIBRARY_ARCHITECTURE}
            -c ${CMAKE_CURRENT_SOURCE_DIR}/${source} -o ${object}
    COMMAND ${BPF_STRIP} -g ${object}
    COMMAND ${CMAKE_COMMAND} -DOBJECT=${object} -DARRAY=${array} -DOUTPUT=${output}
            -P ${CMAKE_SOURCE_DIR}/cmake/EmbedObject.cmake
    DEPENDS ${source} ${ARGN} ${CMAKE_SOURCE_DIR}/cmake/EmbedObject.cmake
    COMMENT "Building BPF object ${source}" VERBATIM)
endfunction()
