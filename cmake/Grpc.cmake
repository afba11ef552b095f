# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors

# procwall_grpc: gRPC and protobuf. With PROCWALL_STATIC_GRPC (releases) they and Abseil, some fifty
# libraries, are linked in as archives, of which the linker keeps what is used: the daemon has a
# fifth less memory resident and starts sooner. All of them or none, since a program must not have
# two protobufs. What parses strangers' bytes below them (OpenSSL, c-ares, zlib) stays shared, so
# that its updates arrive without a build of ours.
option(PROCWALL_STATIC_GRPC "Link gRPC, protobuf and Abseil as archives where they are installed" OFF)

find_package(Protobuf REQUIRED)
# One question: pkg_check_modules() asks twenty, and Abseil's many modules make each take seconds.
if(NOT DEFINED GRPC_FLAGS)
  execute_process(COMMAND ${PKG_CONFIG_EXECUTABLE} --cflags --libs grpc++
    OUTPUT_VARIABLE flags OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  set(GRPC_FLAGS "${flags}" CACHE INTERNAL "What pkg-config says of grpc++")
endif()
separate_arguments(flags UNIX_COMMAND "${GRPC_FLAGS}")
list(REMOVE_DUPLICATES flags)
set(shared "")
add_library(procwall_shared_grpc INTERFACE)
foreach(flag IN LISTS flags)
  if(flag MATCHES "^-I(.+)")
    target_include_directories(procwall_shared_grpc SYSTEM INTERFACE "${CMAKE_MATCH_1}")
  elseif(flag MATCHES "^-L(.+)")
    target_link_directories(procwall_shared_grpc INTERFACE "${CMAKE_MATCH_1}")
  elseif(flag MATCHES "^-l(.+)")
    set(name "${CMAKE_MATCH_1}")
    find_library(GRPC_LIBRARY_${name} ${name})
    mark_as_advanced(GRPC_LIBRARY_${name})
    if(GRPC_LIBRARY_${name})
      set(name "${GRPC_LIBRARY_${name}}")
    endif()
    list(APPEND shared "${name}")
  endif()
endforeach()
target_link_libraries(procwall_shared_grpc INTERFACE ${shared})
find_library(GRPC_REFLECTION grpc++_reflection REQUIRED)
add_library(procwall_grpc INTERFACE)

# The archive beside a shared library of these families; else the library as it is.
function(procwall_archive library out)
  set(${out} "${library}" PARENT_SCOPE)
  if(library MATCHES "lib(protobuf|grpc|grpc\\+\\+|grpc\\+\\+_reflection|gpr|upb|address_sorting|absl_[a-z0-9_]+)\\.so$")
    string(REGEX REPLACE "\\.so$" ".a" archive "${library}")
    set(${out} "${archive}" PARENT_SCOPE)
  endif()
endfunction()

get_target_property(protobuf protobuf::libprotobuf IMPORTED_LOCATION)
if(NOT protobuf)
  set(protobuf "${Protobuf_LIBRARY}")
endif()
set(archives "")
set(missing "")
foreach(library IN LISTS protobuf GRPC_REFLECTION shared)
  procwall_archive("${library}" archive)
  list(APPEND archives "${archive}")
  if(archive MATCHES "\\.a$" AND NOT EXISTS "${archive}")
    list(APPEND missing "${archive}")
  endif()
endforeach()

list(REMOVE_DUPLICATES archives)
if(PROCWALL_STATIC_GRPC AND missing)
  message(STATUS "gRPC is linked as shared libraries: there is no ${missing}")
endif()
if(PROCWALL_STATIC_GRPC AND NOT missing)
  target_include_directories(procwall_grpc SYSTEM INTERFACE
    $<TARGET_PROPERTY:procwall_shared_grpc,INTERFACE_INCLUDE_DIRECTORIES>)
  target_link_libraries(procwall_grpc INTERFACE "$<LINK_GROUP:RESCAN,${archives}>" Threads::Threads z)
  target_link_options(procwall_grpc INTERFACE -Wl,--gc-sections)
else()
  target_link_libraries(procwall_grpc INTERFACE protobuf::libprotobuf ${GRPC_REFLECTION}
    procwall_shared_grpc)
endif()
