// What the CUDA backend holds on a device, given back by itself: memory, streams, events.
#pragma once

#include <cuda_runtime.h>

#include <string>
#include <type_traits>
#include <utility>

#include "kernels/backend/cuda_stages.hpp"

namespace longwatch {

/// Device memory for `count` values, zero in every byte at first. Throws a DeviceError where there is too little.
template <class T>
class DeviceArray {
    static_assert(std::is_trivially_copyable_v<T>);

public:
    explicit DeviceArray(std::size_t count) : count_(count)
    {
        cudaError_t const status = cudaMalloc(reinterpret_cast<void**>(&data_), bytes());
        if (status == cudaErrorMemoryAllocation) {
            throw DeviceError("the CUDA device has too little memory (" +
                              std::to_string(bytes() >> 20) +
                              " MiB more were asked for); use a smaller --chunk");
        }
        check(status, "taking device memory");
        cudaError_t const cleared = cudaMemset(data_, 0, bytes());
        // Streams do not wait for the memory to be cleared.
        cudaError_t const waited = cudaDeviceSynchronize();
        if (cleared == cudaSuccess && waited == cudaSuccess) { return; }
        cudaFree(data_);
        check(cleared, "clearing device memory");
        check(waited, "clearing device memory");
    }
    ~DeviceArray() { cudaFree(data_); }
    DeviceArray(DeviceArray&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)), count_(other.count_)
    {
    }
    DeviceArray& operator=(DeviceArray&&) = delete;

    T* data() const { return data_; }
    std::size_t size() const { return count_; }

    void write(T const* from) const
    {
        check(cudaMemcpy(data_, from, bytes(), cudaMemcpyHostToDevice), "writing device memory");
    }
    /// `count` values from `first` on, into host memory. Work in streams goes on meanwhile.
    void read(T* to, std::size_t first, std::size_t count) const
    {
        check(cudaMemcpy(to, data_ + first, count * sizeof(T), cudaMemcpyDeviceToHost),
              "reading device memory");
    }

private:
    std::size_t bytes() const { return count_ * sizeof(T); }

    T* data_ = nullptr;
    std::size_t count_ = 0;
};

/// Work in order; other streams' work goes on beside it, the default stream's too.
class Stream {
public:
    Stream() { check(cudaStreamCreateWithFlags(&id_, cudaStreamNonBlocking), "making a stream"); }
    ~Stream()
    {
        if (id_ != nullptr) { cudaStreamDestroy(id_); }
    }
    Stream(Stream&& other) noexcept : id_(std::exchange(other.id_, nullptr)) {}
    Stream& operator=(Stream&&) = delete;

    cudaStream_t id() const { return id_; }
    void wait() const { check(cudaStreamSynchronize(id_), "flying a chunk"); }

private:
    cudaStream_t id_ = nullptr;
};

/// An instant in a stream.
class StreamEvent {
public:
    explicit StreamEvent(Stream const& stream)
    {
        check(cudaEventCreate(&id_), "making an event");
        cudaError_t const status = cudaEventRecord(id_, stream.id());
        if (status != cudaSuccess) { cudaEventDestroy(id_); }
        check(status, "timing a stage");
    }
    ~StreamEvent()
    {
        if (id_ != nullptr) { cudaEventDestroy(id_); }
    }
    StreamEvent(StreamEvent&& other) noexcept : id_(std::exchange(other.id_, nullptr)) {}
    StreamEvent& operator=(StreamEvent&&) = delete;

    /// Both must have happened.
    double ms_since(StreamEvent const& earlier) const
    {
        float ms = 0;
        check(cudaEventElapsedTime(&ms, earlier.id_, id_), "timing a stage");
        return ms;
    }

private:
    cudaEvent_t id_ = nullptr;
};

}  // namespace longwatch
