# Decides whether the CUDA backend is built: LW_WITH_CUDA, and a text that says why.

set(LW_WITH_CUDA OFF)
if(LW_CUDA STREQUAL "OFF")
    set(LW_CUDA_FOUND_TEXT "off (LW_CUDA is OFF)")
    return()
endif()

# CMake looks for nvcc on PATH only; toolkits install beside it.
if(NOT CMAKE_CUDA_COMPILER AND NOT DEFINED ENV{CUDACXX})
    find_program(LW_NVCC nvcc HINTS ENV CUDA_HOME PATHS /usr/local/cuda PATH_SUFFIXES bin)
    mark_as_advanced(LW_NVCC)
    if(LW_NVCC)
        set(CMAKE_CUDA_COMPILER ${LW_NVCC})
    endif()
endif()

# Machine code for the devices promised, and portable code for later ones.
if(NOT DEFINED CMAKE_CUDA_ARCHITECTURES)
    set(CMAKE_CUDA_ARCHITECTURES 80-real 90)
    set(LW_CUDA_ADD_120 ON)
endif()

include(CheckLanguage)
check_language(CUDA)
if(CMAKE_CUDA_COMPILER)
    enable_language(CUDA)
    # CMake 3.25 does not know that nvcc takes C++20; the language is asked for after it has been found.
    set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION -std=c++20)
    set(CMAKE_CUDA_STANDARD 20)
    set(CMAKE_CUDA_STANDARD_REQUIRED ON)
    set(CMAKE_CUDA_EXTENSIONS OFF)
    if(LW_CUDA_ADD_120 AND CMAKE_CUDA_COMPILER_VERSION VERSION_GREATER_EQUAL 12.8)
        list(APPEND CMAKE_CUDA_ARCHITECTURES 120-real)
    endif()
    set(LW_WITH_CUDA ON)
    set(LW_CUDA_FOUND_TEXT "${CMAKE_CUDA_COMPILER_VERSION} (${CMAKE_CUDA_ARCHITECTURES})")
elseif(LW_CUDA STREQUAL "ON")
    message(FATAL_ERROR "LW_CUDA is ON but nvcc was not found (looked on PATH, in CUDA_HOME and in "
        "/usr/local/cuda) install the CUDA toolkit, or configure with LW_CUDA=AUTO or OFF")
else()
    set(LW_CUDA_FOUND_TEXT "off (nvcc not found)")
endif()
