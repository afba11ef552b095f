# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors

# Flags that every one of our own targets gets. Warnings become errors through the presets.
add_library(procwall_flags INTERFACE)
target_compile_options(procwall_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast -Wnon-virtual-dtor)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # What g++ means by -Wconversion in C++; and the uapi headers end in arrays of no length.
  target_compile_options(procwall_flags INTERFACE -Wno-sign-conversion -Wno-zero-length-array)
  find_program(LLD ld.lld)
  if(LLD)  # links a test in a quarter of the time
    target_link_options(procwall_flags INTERFACE -fuse-ld=lld)
  endif()
endif()
target_compile_definitions(procwall_flags INTERFACE _GLIBCXX_ASSERTIONS)
target_include_directories(procwall_flags INTERFACE ${CMAKE_SOURCE_DIR})
if(PROCWALL_SANITIZE)
  target_compile_options(procwall_flags INTERFACE
    -fsanitize=${PROCWALL_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  # Not moved about in memory: two million places that the loader would mend at each start of a test.
  target_link_options(procwall_flags INTERFACE -fsanitize=${PROCWALL_SANITIZE} -no-pie)
endif()

# What a packet's walk runs is put together by the linker, function by function: see the script.
include(CheckLinkerFlag)
if(NOT PROCWALL_SANITIZE AND CMAKE_BUILD_TYPE STREQUAL "Release")
  set(script ${CMAKE_CURRENT_LIST_DIR}/packet_path.ld)
  check_linker_flag(CXX "-Wl,-T,${script}" PROCWALL_LINKS_BY_SCRIPT)
  if(PROCWALL_LINKS_BY_SCRIPT)
    set(PROCWALL_PACKET_PATH ${script})
    target_compile_options(procwall_flags INTERFACE -ffunction-sections)
  endif()
endif()

# Most of the time to build all went to reading the same few headers a thousand times. A source
# still includes what it uses: headers are proven alone, and these are nothing but a saving. But
# glibc's <netinet/in.h> must come before any <linux/...>, also where sources are compiled together.
set(PROCWALL_COMMON_HEADERS
  <algorithm> <array> <chrono> <cstdint> <functional> <map> <memory> <optional> <span> <string>
  <string_view> <unordered_map> <utility> <variant> <vector>
  <netinet/in.h>
  <fmt/format.h> <tl/expected.hpp>)

function(procwall_precompile target)
  target_precompile_headers(${target} PRIVATE ${PROCWALL_COMMON_HEADERS} ${ARGN})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")  # or no cache ever hits
    target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  endif()
endfunction()

# Several sources of a folder as one: their headers are read and their templates made once instead of
# each time. So what is local to a file must not have the name of what is local to another file of
# its folder. Off for those who edit single files; scripts/test turns it on.
option(PROCWALL_UNITY "Compile the sources of a target in batches" OFF)
function(procwall_unity target batch)
  set_target_properties(${target} PROPERTIES
    UNITY_BUILD ${PROCWALL_UNITY} UNITY_BUILD_BATCH_SIZE ${batch})
  # g++ takes the sources of a batch for headers, in which no class may have such members.
  if(PROCWALL_UNITY AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
  endif()
endfunction()

# procwall_library(net SOURCES a.cc HEADERS a.h USES procwall_base PkgConfig::MNL)
# One static library per folder, called procwall_<folder>; its headers are a file set, so that
# the target all_verify_interface_header_sets proves that each compiles alone. PRECOMPILE names
# the heavy headers that many of its sources read.
function(procwall_library layer)
  cmake_parse_arguments(ARG "" "" "SOURCES;HEADERS;USES;PRECOMPILE" ${ARGN})
  if(ARG_SOURCES)
    add_library(procwall_${layer} STATIC ${ARG_SOURCES})
    procwall_precompile(procwall_${layer} ${ARG_PRECOMPILE})
    procwall_unity(procwall_${layer} 24)
    set(scope PUBLIC)
  else()  # headers only
    add_library(procwall_${layer} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_sources(procwall_${layer} ${scope}
    FILE_SET HEADERS BASE_DIRS ${CMAKE_SOURCE_DIR} FILES ${ARG_HEADERS})
  target_link_libraries(procwall_${layer} ${scope} procwall_flags ${ARG_USES})
endfunction()

# procwall_unit_tests(net SOURCES a_test.cc USES procwall_net)
# One GoogleTest binary per layer, unit_<layer>, each test case of it a ctest test labelled "unit".
function(procwall_unit_tests layer)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES;PRECOMPILE" ${ARGN})
  add_executable(unit_${layer} ${ARG_SOURCES})
  target_link_libraries(unit_${layer} PRIVATE
    procwall_${layer} ${ARG_USES} procwall_test_support GTest::gmock GTest::gtest_main)
  procwall_precompile(unit_${layer} ${ARG_PRECOMPILE} <gmock/gmock.h> <gtest/gtest.h>)
  procwall_unity(unit_${layer} 8)  # many of them have a helper of the same name
  # gcc 12 takes the other members of a std::variant or std::optional for values that are used, and
  # what `std::string(a) + "b"` allocates for the characters that are kept in the string itself.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(unit_${layer} PRIVATE
      -Wno-maybe-uninitialized -Wno-array-bounds -Wno-stringop-overflow)
  endif()
  gtest_discover_tests(unit_${layer} TEST_PREFIX "${layer}/" DISCOVERY_MODE PRE_TEST
    PROPERTIES LABELS unit TIMEOUT 120)
endfunction()

# procwall_fuzzer(net fuzz_packet fuzz_packet.cc): libFuzzer under clang with PROCWALL_FUZZ; in every
# other build a runner that replays the saved corpus as an ordinary test.
function(procwall_fuzzer layer name source)
  add_executable(${name} ${source})
  target_link_libraries(${name} PRIVATE procwall_${layer} procwall_test_support)
  if(PROCWALL_FUZZ)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  else()
    target_link_libraries(${name} PRIVATE procwall_fuzz_replay)
    add_test(NAME fuzz/${name}
      COMMAND ${name} ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name})
    set_tests_properties(fuzz/${name} PROPERTIES LABELS fuzz TIMEOUT 120)
  endif()
endfunction()
