# Run by cpack on what is staged, one folder per component, before it becomes packages: what Debian asks for in each of
# them, the bill of materials, and the Python reader.
set(here "${CPACK_LONGWATCH_SOURCE}/cmake/debian")
set(program "${CPACK_TEMPORARY_DIRECTORY}/program/usr")

function(compress file)
    execute_process(COMMAND gzip -9 -n -f "${file}" COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# The program: changelogs of the package and of Longwatch, licence, manual page compressed, zsh's completion where Debian's zsh
# looks, and no second copy of a licence that every Debian system has.
set(documents "${program}/share/doc/longwatch")
configure_file("${here}/copyright.in" "${documents}/copyright" @ONLY)
file(COPY_FILE "${CPACK_LONGWATCH_SOURCE}/CHANGELOG.md" "${documents}/changelog")
compress("${documents}/changelog")
# Of the commit, so that the same commit makes the same file.
set(moment "$ENV{SOURCE_DATE_EPOCH}")
if(moment STREQUAL "")
    string(TIMESTAMP moment "%s" UTC)
endif()
execute_process(COMMAND date -u -R -d "@${moment}" OUTPUT_VARIABLE now OUTPUT_STRIP_TRAILING_WHITESPACE
    COMMAND_ERROR_IS_FATAL ANY)
configure_file("${here}/changelog.in" "${documents}/changelog.Debian" @ONLY)
compress("${documents}/changelog.Debian")
compress("${program}/share/man/man1/longwatch.1")
file(RENAME "${program}/share/zsh/site-functions" "${program}/share/zsh/vendor-completions")
file(REMOVE "${documents}/LICENSE")
file(MAKE_DIRECTORY "${documents}/examples")
# Where users look for examples; a study finds its catalogue beside it by either path.
foreach(folder studies models)
    file(CREATE_LINK ../../../longwatch/${folder} "${documents}/examples/${folder}" SYMBOLIC)
endforeach()

# What no run needs, as Debian's own packages are stripped.
file(GLOB_RECURSE programs "${program}/bin/longwatch" "${CPACK_TEMPORARY_DIRECTORY}/mpi/*.so"
    "${CPACK_TEMPORARY_DIRECTORY}/exercise/*.so")
file(GLOB_RECURSE libraries "${CPACK_TEMPORARY_DIRECTORY}/dev/*.a")
execute_process(COMMAND strip --remove-section=.comment --remove-section=.note ${programs} COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND strip --strip-debug --remove-section=.comment --remove-section=.note --enable-deterministic-archives
    ${libraries} COMMAND_ERROR_IS_FATAL ANY)

# What it is made of, from what was built; python3 alone is needed.
execute_process(COMMAND python3 "${CPACK_LONGWATCH_SOURCE}/scripts/packaging/make_sbom.py"
    --build "${CPACK_LONGWATCH_BUILD}" -o "${documents}/sbom.spdx.json" COMMAND_ERROR_IS_FATAL ANY)

# Pure Python, for an environment of the user's: its libraries are newer than Debian's.
file(GLOB wheel "${CPACK_LONGWATCH_BUILD}/wheel/longwatch_reader-*.whl")
if(wheel)
    file(COPY ${wheel} DESTINATION "${program}/share/longwatch/python")
else()
    message(WARNING "longwatch: no wheel of the Python reader in ${CPACK_LONGWATCH_BUILD}/wheel (scripts/package makes it); "
        "the package goes without it")
endif()

# The others share the documents of the one that they depend on.
foreach(component mpi exercise dev)
    set(root "${CPACK_TEMPORARY_DIRECTORY}/${component}/usr")
    if(EXISTS "${root}")
        file(MAKE_DIRECTORY "${root}/share/doc")
        file(CREATE_LINK longwatch "${root}/share/doc/longwatch-${component}" SYMBOLIC)
    endif()
endforeach()
foreach(package longwatch longwatch-mpi longwatch-exercise longwatch-dev)
    string(REGEX REPLACE "^longwatch-?" "" component ${package})
    if(component STREQUAL "")
        set(component program)
    endif()
    set(root "${CPACK_TEMPORARY_DIRECTORY}/${component}/usr")
    if(EXISTS "${root}" AND EXISTS "${here}/${package}.lintian-overrides")
        file(MAKE_DIRECTORY "${root}/share/lintian/overrides")
        file(COPY_FILE "${here}/${package}.lintian-overrides" "${root}/share/lintian/overrides/${package}")
    endif()
endforeach()
