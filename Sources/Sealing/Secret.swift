#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Bytes that must not be seen: a password, a token, a key.
///
/// The bytes live in one heap buffer that is zeroed when the last copy of the value goes. They are lent by closure, never
/// returned, and every way of printing a value (`print`, interpolation, `dump`, the debugger's mirror) shows `<secret>`.
/// The type is deliberately not `Encodable`.
public struct Secret: Sendable {
    private let storage: Storage

    /// Copies `bytes`. The caller stays answerable for the original.
    public init(_ bytes: some Collection<UInt8>) {
        storage = Storage(count: bytes.count) { buffer in _ = buffer.initialize(from: bytes) }
    }

    /// Copies the UTF-8 form of `string`.
    public init(_ string: String) {
        self.init(string.utf8)
    }

    /// Fills a new secret of `count` bytes in place, so that no other copy of it exists.
    public init(count: Int, fill: (UnsafeMutableRawBufferPointer) throws -> Void) rethrows {
        storage = try Storage(count: count) { try fill(UnsafeMutableRawBufferPointer($0)) }
    }

    /// `count` bytes from the system's random generator.
    public static func random(count: Int) -> Secret {
        Secret(count: count) { buffer in
            // All at once, which works up to 256 bytes: the standard library's generator asks the kernel for every number.
            guard getentropy(buffer.baseAddress, buffer.count) != 0 else { return }
            var generator = SystemRandomNumberGenerator()
            for index in buffer.indices { buffer[index] = generator.next() }
        }
    }

    /// Length in bytes.
    public var count: Int { storage.count }

    /// Lends the bytes for the duration of `body`; the pointer must not outlive it.
    public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(storage) {} }
        return try body(UnsafeRawBufferPointer(storage.bytes))
    }
}

extension Secret: Equatable {
    /// Compares in time that depends on the lengths only.
    public static func == (left: Secret, right: Secret) -> Bool {
        left.withBytes { a in right.withBytes { b in constantTimeEqual(a, b) } }
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always `<secret>`.
    public var description: String { "<secret>" }
    /// Always `<secret>`.
    public var debugDescription: String { "<secret>" }
    /// An empty mirror: a description alone would leak through `dump`.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Whether two byte sequences are equal, in time that depends on their lengths only.
public func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.withUnsafeBytes { a in right.withUnsafeBytes { b in constantTimeEqual(a, b) } }
}

private func constantTimeEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for index in 0..<left.count { difference |= left[index] ^ right[index] }
    return difference == 0
}

// Sendable because nothing writes to the buffer between init and deinit.
private final class Storage: @unchecked Sendable {
    let bytes: UnsafeMutableBufferPointer<UInt8>

    var count: Int { bytes.count }

    init(count: Int, fill: (UnsafeMutableBufferPointer<UInt8>) throws -> Void) rethrows {
        bytes = .allocate(capacity: count)
        bytes.initialize(repeating: 0)
        try fill(bytes)
    }

    deinit {
        // explicit_bzero is the one form of memset that the optimizer may not remove.
        if let base = bytes.baseAddress { explicit_bzero(base, bytes.count) }
        bytes.deallocate()
    }
}
