// A number that counts what is done with it: the useful operations of a model, without idle lanes.
#pragma once

#include <cmath>

#include "models/math/real.hpp"

namespace longwatch {

/// Sums, differences, products, quotients and roots count one, a multiply-add two; an exponential, a logarithm
/// or a function of an angle counts one, too, though it takes some twenty. Comparisons and choices count nothing.
class Counted {
public:
    Counted() = default;
    Counted(double x) : x_(x) {}  // NOLINT(google-explicit-constructor): as double itself
    explicit operator double() const { return x_; }
    explicit operator int() const { return static_cast<int>(x_); }

    static long operations() { return operations_; }
    static void start() { operations_ = 0; }
    static Counted done(double x, int operations = 1)
    {
        operations_ += operations;
        return {x};
    }

    friend Counted operator+(Counted a, Counted b) { return done(a.x_ + b.x_); }
    friend Counted operator-(Counted a, Counted b) { return done(a.x_ - b.x_); }
    friend Counted operator*(Counted a, Counted b) { return done(a.x_ * b.x_); }
    friend Counted operator/(Counted a, Counted b) { return done(a.x_ / b.x_); }
    friend Counted operator-(Counted a) { return {-a.x_}; }
    friend bool operator<(Counted a, Counted b) { return a.x_ < b.x_; }
    friend bool operator>(Counted a, Counted b) { return a.x_ > b.x_; }
    friend bool operator<=(Counted a, Counted b) { return a.x_ <= b.x_; }
    friend bool operator>=(Counted a, Counted b) { return a.x_ >= b.x_; }
    friend bool operator==(Counted a, Counted b) { return a.x_ == b.x_; }

private:
    double x_ = 0;
    inline static long operations_ = 0;
};

inline Counted multiply_add(Counted a, Counted b, Counted c)
{
    return Counted::done(std::fma(double(a), double(b), double(c)), 2);
}
inline Counted select(bool mask, Counted a, Counted b) { return mask ? a : b; }
inline Counted abs(Counted a) { return {std::fabs(double(a))}; }
inline Counted floor(Counted a) { return {std::floor(double(a))}; }
inline Counted sqrt(Counted a) { return Counted::done(std::sqrt(double(a))); }
inline Counted exp(Counted a) { return Counted::done(std::exp(double(a))); }
inline Counted log(Counted a) { return Counted::done(std::log(double(a))); }
inline Counted sin(Counted a) { return Counted::done(std::sin(double(a))); }
inline Counted cos(Counted a) { return Counted::done(std::cos(double(a))); }
inline Counted asin(Counted a) { return Counted::done(std::asin(double(a))); }
inline Counted atan2(Counted a, Counted b)
{
    return Counted::done(std::atan2(double(a), double(b)));
}

}  // namespace longwatch
