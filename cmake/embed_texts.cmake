# Writes OUTPUT, a C++ file that defines longwatch::starter_study() and longwatch::study_schema_text() with the
# texts of STARTER and SCHEMA.
file(READ ${STARTER} starter)
file(READ ${SCHEMA} schema)
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

}  // namespace longwatch
")
