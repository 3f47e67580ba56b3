# Read by cpack before it packs: version, maintainer, and what the packages want of each other.

# The version is what the built program says of itself, never what the tree may have become since. A build of a commit that is
# not yet released comes before the release: 0.1.0~git20240501.0123456789ab. LONGWATCH_RELEASE=ON in the environment: 0.1.0.
file(READ "${CPACK_LONGWATCH_BUILD}/generated/code_version.cpp" built)
foreach(what version commit date)
    string(REGEX MATCH "code_${what} = \"([^\"]*)\"" found "${built}")
    set(code_${what} "${CMAKE_MATCH_1}")
endforeach()
set(version ${code_version})
if(NOT "$ENV{LONGWATCH_RELEASE}" STREQUAL "ON")
    string(REPLACE "-" "" day "${code_date}")
    string(REPLACE "-changed-" "+changed." commit "${code_commit}")
    string(APPEND version "~git${day}.${commit}")
endif()
# What is not the package for everybody says so in its version.
if(CPACK_LONGWATCH_CUDA)
    string(APPEND version "+cuda")
endif()
if(NOT CPACK_LONGWATCH_LANES STREQUAL "avx2")
    string(APPEND version "+${CPACK_LONGWATCH_LANES}")
endif()
set(CPACK_PACKAGE_VERSION ${version})
set(CPACK_DEBIAN_PACKAGE_VERSION ${version})
set(CPACK_LONGWATCH_DATE "${code_date}")
set(CPACK_LONGWATCH_COMMIT "${code_commit}")

# Who packs is who is written to, by the variables that Debian's tools use.
set(name "The Longwatch developers")
set(address "longwatch@packages.invalid")
if(NOT "$ENV{DEBFULLNAME}" STREQUAL "")
    set(name "$ENV{DEBFULLNAME}")
endif()
if(NOT "$ENV{DEBEMAIL}" STREQUAL "")
    set(address "$ENV{DEBEMAIL}")
endif()
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "${name} <${address}>")

set(same "longwatch (= ${version}-${CPACK_DEBIAN_PACKAGE_RELEASE})")
set(CPACK_DEBIAN_MPI_PACKAGE_DEPENDS "${same}")
set(CPACK_DEBIAN_EXERCISE_PACKAGE_DEPENDS "${same}")
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "${same}, ${CPACK_DEBIAN_DEV_PACKAGE_DEPENDS}")

# Each package has a first line of its own.
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")
