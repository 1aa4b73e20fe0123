import Layers

/// Reads a large archive of which only what tells something is held. The outcome is that of an archive which is held whole.
struct SiftedArchiveReader: FileReader {
    typealias Parse = @Sendable (ByteView) throws(UnreadableFile) -> FileReading?

    let bytes: ReservedBytes
    private let parse: Parse
    private var sieve = JavaSieve()
    private var isTooLong = false

    /// A reader of an archive of `sizeInBytes`; nil when the system gives no room for it.
    init?(sizeInBytes: Int, parse: @escaping Parse) {
        guard let bytes = ReservedBytes(capacity: sizeInBytes) else { return nil }
        self.bytes = bytes
        self.parse = parse
    }

    var heldInBytes: Int { bytes.count - bytes.givenBackInBytes }

    mutating func read(_ chunk: UnsafeRawBufferPointer) {
        guard !isTooLong, bytes.append(chunk) else {
            isTooLong = true
            return
        }
        sieve.advance(bytes)
    }

    mutating func finish() throws(UnreadableFile) -> (any Sendable)? {
        guard !isTooLong else { throw UnreadableFile("longer than its size says") }
        return try parse(bytes.view)
    }
}
