#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Whether `haystack` holds `needle`. Jumps from one possible first byte to the next, at the speed of `memchr`.
func contains(_ needle: [UInt8], in haystack: UnsafeRawBufferPointer) -> Bool {
    guard let first = needle.first, var cursor = haystack.baseAddress, needle.count <= haystack.count else {
        return needle.isEmpty
    }
    let end = cursor + (haystack.count - needle.count + 1)
    while cursor < end {
        guard let candidate = memchr(cursor, Int32(first), end - cursor) else { return false }
        if memcmp(candidate, needle, needle.count) == 0 { return true }
        cursor = UnsafeRawPointer(candidate) + 1
    }
    return false
}
