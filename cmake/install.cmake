# cmake --install, in four components (docs/design/0017-packaging.md):
#   program  the program, what it reads, and what it says of itself
#   mpi      the object that ranks of an MPI launcher load
#   exercise the objects by which the nodes of an exercise speak to one another, and by which it is watched
#   dev      headers, libraries and CMake package of those who build on Longwatch
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS longwatch RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
# Seen from the program: ../lib/longwatch/mpi (host/command/loaded_object.hpp). Not in lib/longwatch itself, where cpack would take
# it for a library that programs are linked with.
if(TARGET longwatch_mpi)
    install(TARGETS longwatch_mpi LIBRARY DESTINATION lib/longwatch/mpi COMPONENT mpi)
endif()
if(TARGET longwatch_dds)
    install(TARGETS longwatch_dds LIBRARY DESTINATION lib/longwatch/exercise COMPONENT exercise)
endif()
if(TARGET longwatch_page)
    install(TARGETS longwatch_page LIBRARY DESTINATION lib/longwatch/exercise COMPONENT exercise)
endif()
# Seen from the program: ../share/longwatch (host/command/catalog_folder.cpp). Studies and catalogue lie to each other as in
# the source tree, so that the studies are the same files in both places.
install(DIRECTORY models/catalog DESTINATION share/longwatch/models COMPONENT program
    FILES_MATCHING PATTERN "*.toml")
install(DIRECTORY studies DESTINATION share/longwatch COMPONENT program FILES_MATCHING PATTERN "*.toml")
install(FILES docs/study.schema.json DESTINATION share/longwatch COMPONENT program)
install(FILES README.md CONTRIBUTING.md SECURITY.md LICENSE NOTICE DESTINATION share/doc/longwatch COMPONENT program)
install(FILES models/catalog/README.md DESTINATION share/doc/longwatch/models/catalog COMPONENT program)
install(DIRECTORY docs DESTINATION share/doc/longwatch COMPONENT program
    FILES_MATCHING PATTERN "*.md" PATTERN "*.png" PATTERN "*.svg" PATTERN "*.ipynb" PATTERN "*.json")

set(generated_texts
    "man|share/man/man1/longwatch.1"
    "complete-bash|share/bash-completion/completions/longwatch"
    "complete-zsh|share/zsh/site-functions/_longwatch")
foreach(entry ${generated_texts})
    string(REPLACE "|" ";" entry ${entry})
    list(GET entry 0 what)
    list(GET entry 1 path)
    install(CODE "
        set(path \"\${CMAKE_INSTALL_PREFIX}/${path}\")
        set(file \"\$ENV{DESTDIR}\${path}\")
        cmake_path(GET file PARENT_PATH folder)
        file(MAKE_DIRECTORY \"\${folder}\")
        message(STATUS \"Installing: \${file}\")
        execute_process(COMMAND \"$<TARGET_FILE:longwatch>\" generate ${what}
            OUTPUT_FILE \"\${file}\" COMMAND_ERROR_IS_FATAL ANY)
        list(APPEND CMAKE_INSTALL_MANIFEST_FILES \"\${path}\")" COMPONENT program)
endforeach()

# Sanitizers would have to be in the programs of others too.
if(LW_ASSERT MATCHES "SANITIZE|THREADS|FUZZ")
    return()
endif()

# The headers of the rooms that others may build on, and what these include. models/ is whole.
file(GLOB_RECURSE public_headers RELATIVE ${PROJECT_SOURCE_DIR} CONFIGURE_DEPENDS models/*.hpp)
list(APPEND public_headers
    host/study/study.hpp host/plan/prepare.hpp kernels/backend/backend.hpp kernels/tally/settle.hpp
    results/store/store.hpp results/statistics/estimates.hpp)
install(CODE "
    set(source \"${PROJECT_SOURCE_DIR}\")
    set(entries \"${public_headers}\")
    set(destination \"\${CMAKE_INSTALL_PREFIX}/include/longwatch\")
    include(\"${PROJECT_SOURCE_DIR}/cmake/install_headers.cmake\")" COMPONENT dev)

# The libraries hold code of one instruction set, and so must what is linked with them.
foreach(room kernels results)
    target_compile_options(longwatch_${room} INTERFACE
        $<INSTALL_INTERFACE:$<$<COMPILE_LANGUAGE:CXX>:-march=${lanes_${LW_LANES}}>>)
endforeach()
target_compile_features(longwatch_models INTERFACE $<INSTALL_INTERFACE:cxx_std_20>)
if(LW_WITH_CUDA)
    target_link_libraries(longwatch_cuda INTERFACE $<INSTALL_INTERFACE:CUDA::cudart_static>)
endif()

install(DIRECTORY examples/cpp DESTINATION share/doc/longwatch/examples COMPONENT dev)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/longwatch)
foreach(target numerics models kernels cuda results host)
    set_target_properties(longwatch_${target} PROPERTIES EXPORT_NAME ${target})
endforeach()
install(TARGETS longwatch_numerics longwatch_models EXPORT longwatchModels)
install(TARGETS longwatch_kernels longwatch_cuda longwatch_results longwatch_host EXPORT longwatchHost
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT dev)
foreach(set Models Host)
    install(EXPORT longwatch${set} NAMESPACE longwatch:: DESTINATION ${package_folder}
        FILE longwatch${set}.cmake COMPONENT dev)
endforeach()
configure_package_config_file(cmake/longwatchConfig.cmake.in ${PROJECT_BINARY_DIR}/longwatchConfig.cmake
    INSTALL_DESTINATION ${package_folder})
# Before 1.0 a minor version may change any interface.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/longwatchConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/longwatchConfig.cmake ${PROJECT_BINARY_DIR}/longwatchConfigVersion.cmake
    DESTINATION ${package_folder} COMPONENT dev)
