# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors

# cmake --install: the programs, their man pages, the unit for systemd, an empty rule directory, and what teaches
# shells to complete their command lines.
include(GNUInstallDirs)
install(TARGETS procwalld RUNTIME DESTINATION ${CMAKE_INSTALL_SBINDIR})
install(TARGETS procwall RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES docs/man/procwall.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES docs/man/procwalld.8 DESTINATION ${CMAKE_INSTALL_MANDIR}/man8)

# It names the place of the program, which is known when it is installed (--prefix).
install(CODE "
  set(PROCWALLD \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_SBINDIR}/procwalld\")
  set(unit \"\${CMAKE_INSTALL_PREFIX}/lib/systemd/system/procwalld.service\")
  message(STATUS \"Installing: \$ENV{DESTDIR}\${unit}\")
  configure_file(\"${CMAKE_CURRENT_SOURCE_DIR}/packaging/procwalld.service.in\"
                 \"\$ENV{DESTDIR}\${unit}\" @ONLY)")
install(DIRECTORY DESTINATION /etc/procwall/rules
  DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
                        WORLD_READ WORLD_EXECUTE)

# procwall_install_completion(bash procwalld bash-completion/completions procwalld)
# The client prints the scripts of both programs.
function(procwall_install_completion shell program folder name)
  install(CODE "
    set(folder \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DATADIR}/${folder}\")
    message(STATUS \"Installing: \${folder}/${name}\")
    file(MAKE_DIRECTORY \"\${folder}\")
    execute_process(COMMAND \"$<TARGET_FILE:procwall>\" completion ${shell} ${program}
      OUTPUT_FILE \"\${folder}/${name}\" COMMAND_ERROR_IS_FATAL ANY)")
endfunction()
foreach(program procwall procwalld)
  procwall_install_completion(bash ${program} bash-completion/completions ${program})
  procwall_install_completion(zsh ${program} zsh/vendor-completions _${program})
  procwall_install_completion(fish ${program} fish/vendor_completions.d ${program}.fish)
endforeach()
