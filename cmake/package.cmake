# cpack -G DEB: Debian packages, one for each component of cmake/install.cmake. scripts/package builds what goes into them.
# What is known only when packing (version with its commit, files that Debian asks for) is in cmake/debian/.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME longwatch)
set(CPACK_PACKAGE_VENDOR "The Longwatch developers")
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_COMPONENTS_ALL program dev)
if(TARGET longwatch_mpi)
    list(APPEND CPACK_COMPONENTS_ALL mpi)
endif()
if(TARGET longwatch_dds)
    list(APPEND CPACK_COMPONENTS_ALL exercise)
endif()
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEB_COMPONENT_INSTALL ON)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME longwatch)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SUGGESTS "longwatch-mpi, longwatch-exercise, longwatch-dev, python3-venv")
set(CPACK_DEBIAN_PROGRAM_DESCRIPTION
"Monte Carlo planner of missile warning and defence
How many minutes of warning does each partner get, and what chance of
intercept does that buy, under this sensor layout, this sharing
arrangement and this doctrine? Longwatch answers with many simulated
flights, paired across the alternatives, and says how sure it is.
.
Values are notional or openly published and rounded. It does not
optimise an attack.
.
This build is for processors of the kind ${lanes_${LW_LANES}}; on
others the program says so and ends.")
set(CPACK_DEBIAN_MPI_PACKAGE_NAME longwatch-mpi)
set(CPACK_DEBIAN_MPI_PACKAGE_SECTION science)
set(CPACK_DEBIAN_MPI_PACKAGE_RECOMMENDS openmpi-bin)
set(CPACK_DEBIAN_MPI_DESCRIPTION
"Monte Carlo planner of missile warning and defence - ranks by Open MPI
What the program longwatch loads where mpirun or srun started it, so that
one run is flown on many machines.")
set(CPACK_DEBIAN_EXERCISE_PACKAGE_NAME longwatch-exercise)
set(CPACK_DEBIAN_EXERCISE_PACKAGE_SECTION science)
set(CPACK_DEBIAN_EXERCISE_DESCRIPTION
"Monte Carlo planner of missile warning and defence - exercises by DDS
What longwatch exercise and longwatch node load: the nodes of a study
exchange messages by Cyclone DDS, encrypted and signed, and a browser
can watch them.")
set(CPACK_DEBIAN_DEV_PACKAGE_NAME longwatch-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_SUGGESTS "cmake (>= 3.25), g++")
set(CPACK_DEBIAN_DEV_DESCRIPTION
"Monte Carlo planner of missile warning and defence - development files
Headers, static libraries and CMake package: longwatch::models, the
physics in headers alone, and longwatch::host, which reads studies, flies
them and estimates.
.
An example project lies in /usr/share/doc/longwatch/examples.")
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS
    "libfmt-dev, libhdf5-dev, libssl-dev, libpugixml-dev, coinor-libcbc-dev, librandom123-dev")

# Handed on to cmake/debian/.
set(CPACK_LONGWATCH_SOURCE ${PROJECT_SOURCE_DIR})
set(CPACK_LONGWATCH_BUILD ${PROJECT_BINARY_DIR})
set(CPACK_LONGWATCH_LANES ${LW_LANES})
set(CPACK_LONGWATCH_CUDA ${LW_WITH_CUDA})
set(CPACK_PROJECT_CONFIG_FILE ${PROJECT_SOURCE_DIR}/cmake/debian/settings.cmake)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/debian/files.cmake)
include(CPack)
