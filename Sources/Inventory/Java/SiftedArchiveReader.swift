import Layers

/// Reads a large archive of which only what tells something is held. The outcome is that of an archive which is held whole.
struct SiftedArchiveReader: FileReader {
    let bytes: ReservedBytes
    private let name: String
    private var sieve = JavaSieve()
    private var allowance = JavaAllowance()
    private var failure: UnreadableFile?

    /// A reader of an archive called `name` of `sizeInBytes`; nil when the system gives no room for it.
    init?(name: String, sizeInBytes: Int) {
        guard let bytes = ReservedBytes(capacity: sizeInBytes) else { return nil }
        self.bytes = bytes
        self.name = name
    }

    var heldInBytes: Int { bytes.heldInBytes + sieve.heldInBytes }

    var heldLimitInBytes: Int { JavaLimits.heldInBytes }

    mutating func read(_ chunk: UnsafeRawBufferPointer) {
        guard failure == nil else { return }
        guard bytes.append(chunk) else {
            failure = UnreadableFile("longer than its size says")
            return
        }
        sieve.advance(bytes, &allowance)
        if heldInBytes > JavaLimits.heldInBytes {
            failure = UnreadableFile("what it says of itself takes more than \(JavaLimits.heldInBytes) bytes")
        }
        if failure != nil {
            bytes.reset(keeping: 0)
            sieve = JavaSieve()
        }
    }

    mutating func finish() throws(UnreadableFile) -> (any Sendable)? {
        if let failure { throw failure }
        return try JavaArchiveReader.reading(
            bytes.view,
            name: name,
            inflated: sieve.archives,
            allowance: allowance
        )
    }
}
