// Lets the models compute in float on the host: include before any of them. Without it their exp, log,
// ... of a float are the C library's, which are double.
#pragma once

#include <cmath>

namespace longwatch {

using std::acos;
using std::asin;
using std::atan2;
using std::cos;
using std::exp;
using std::floor;
using std::log;
using std::sin;
using std::sqrt;

}  // namespace longwatch
