# cmake --install: the program, its catalogue where the program looks for it, the schema of studies, and what the
# program says of itself: manual page and completions.
include(GNUInstallDirs)

install(TARGETS longwatch RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
# Seen from the program: ../lib/longwatch (host/ranks/ranks.cpp).
if(TARGET longwatch_mpi)
    install(TARGETS longwatch_mpi LIBRARY DESTINATION lib/longwatch)
endif()
# Seen from the program: ../share/longwatch (host/command/catalog_folder.cpp).
install(DIRECTORY models/catalog DESTINATION share/longwatch FILES_MATCHING PATTERN "*.toml" PATTERN "*.md")
install(FILES docs/study.schema.json DESTINATION share/longwatch)

set(generated_texts
    "man|share/man/man1/longwatch.1"
    "complete-bash|share/bash-completion/completions/longwatch"
    "complete-zsh|share/zsh/site-functions/_longwatch")
foreach(entry ${generated_texts})
    string(REPLACE "|" ";" entry ${entry})
    list(GET entry 0 what)
    list(GET entry 1 path)
    install(CODE "
        set(file \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${path}\")
        cmake_path(GET file PARENT_PATH folder)
        file(MAKE_DIRECTORY \"\${folder}\")
        message(STATUS \"Installing: \${file}\")
        execute_process(COMMAND \"$<TARGET_FILE:longwatch>\" generate ${what}
            OUTPUT_FILE \"\${file}\" COMMAND_ERROR_IS_FATAL ANY)")
endforeach()
