# Writes OUTPUT, a C++ file that defines the functions of host/command/embedded_texts.hpp with the texts of STARTER, SCHEMA,
# BENCH_STUDY and MACHINES, and of the files of the list PAGE.
file(READ ${STARTER} starter)
file(READ ${SCHEMA} schema)
file(READ ${BENCH_STUDY} bench_study)
file(READ ${MACHINES} machines)
set(page "")
foreach(file ${PAGE})
    cmake_path(GET file FILENAME name)
    file(READ ${file} text)
    string(APPEND page "            {\"${name}\", R\"~text~(${text})~text~\"},\n")
endforeach()
file(WRITE ${OUTPUT} "// Made by cmake/embed_texts.cmake.
#include \"host/command/embedded_texts.hpp\"

namespace longwatch {

std::string_view starter_study()
{
    return R\"~text~(${starter})~text~\";
}

std::string_view study_schema_text()
{
    return R\"~text~(${schema})~text~\";
}

std::string_view bench_study()
{
    return R\"~text~(${bench_study})~text~\";
}

std::string_view known_machines_text()
{
    return R\"~text~(${machines})~text~\";
}

std::vector<EmbeddedFile> page_texts()
{
    return {
${page}    };
}

}  // namespace longwatch
")
