# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors

# procwall_grpc: gRPC and protobuf. With PROCWALL_STATIC_GRPC (releases) they and Abseil, some fifty
# libraries, are linked in as archives, of which the linker keeps what is used: the daemon has a
# fifth less memory resident and starts sooner. All of them or none, since a program must not have
# two protobufs. What parses strangers' bytes below them (OpenSSL, c-ares, zlib) stays shared, so
# that its updates arrive without a build of ours.
option(PROCWALL_STATIC_GRPC "Link gRPC, protobuf and Abseil as archives where they are installed" OFF)

find_package(Protobuf REQUIRED)
pkg_check_modules(GRPCPP REQUIRED IMPORTED_TARGET grpc++)
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

get_target_property(shared PkgConfig::GRPCPP INTERFACE_LINK_LIBRARIES)
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
  get_target_property(includes PkgConfig::GRPCPP INTERFACE_INCLUDE_DIRECTORIES)
  if(includes)
    target_include_directories(procwall_grpc SYSTEM INTERFACE ${includes})
  endif()
  target_link_libraries(procwall_grpc INTERFACE "$<LINK_GROUP:RESCAN,${archives}>" Threads::Threads z)
  target_link_options(procwall_grpc INTERFACE -Wl,--gc-sections)
else()
  target_link_libraries(procwall_grpc INTERFACE protobuf::libprotobuf ${GRPC_REFLECTION}
    PkgConfig::GRPCPP)
endif()
