import OCI

/// Turns a stored layer into its archive, whatever it is stored as.
///
/// What it is stored as is read off its first bytes: Docker's media types say gzip of layers that are not.
/// Source: the magic numbers of RFC 1952, and of RFC 8878, sections 3.1.1 and 3.1.2.
struct LayerInflater: ~Copyable {
    /// Large enough that the libraries' copying of their history does not count, small enough to stay in the cache.
    static let outputBytes = 256 << 10
    /// The longest magic number.
    private static let magicBytes = 4

    private enum Stream {
        case undecided
        case plain
        case gzip(GzipInflater)
        case zstd(ZstdInflater)
    }

    private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: LayerInflater.outputBytes, alignment: 64)
    private let held = UnsafeMutableRawBufferPointer.allocate(byteCount: LayerInflater.magicBytes, alignment: 1)
    private var heldCount = 0
    private var heldTaken = 0
    private let zstdWindowLog: Int
    private var stream = Stream.undecided
    /// Why it cannot go on, after what came before the damage was handed out.
    private var failure: LayerIncompleteness?

    init(zstdWindowLog: Int) { self.zstdWindowLog = zstdWindowLog }

    deinit {
        output.deallocate()
        held.deallocate()
    }

    /// What the layer turned out to be stored as; nil until its first four bytes came.
    var compression: LayerCompression? {
        switch stream {
        case .undecided: nil
        case .plain: LayerCompression.none
        case .gzip: .gzip
        case .zstd: .zstd
        }
    }

    /// Where the stream would be cut if nothing more came; nil when it may end here.
    var openPlace: String? {
        switch stream {
        case .undecided, .plain: nil
        case .gzip(let inflater): inflater.isAtEnd ? nil : "a gzip member"
        case .zstd(let inflater): inflater.isAtEnd ? nil : "a zstd frame"
        }
    }

    /// What ``next(_:)`` gives.
    enum Step {
        /// The next bytes of the archive, valid until the next call: 256 KiB at most, or the input when it is not compressed.
        case output(UnsafeRawBufferPointer)
        /// Nothing more before more input comes.
        case needsInput
        /// The stream cannot be read further.
        case failed(LayerIncompleteness)
    }

    /// Reads on in `input`, which moves on. To be called until it needs input.
    mutating func next(_ input: inout UnsafeRawBufferPointer) -> Step {
        if case .undecided = stream {
            while heldCount < Self.magicBytes, let byte = input.first {
                held[heldCount] = byte
                heldCount += 1
                input = UnsafeRawBufferPointer(rebasing: input.dropFirst())
            }
            guard heldCount == Self.magicBytes else { return .needsInput }
            decide()
        }
        guard heldTaken < heldCount else { return step(&input) }
        var rest = UnsafeRawBufferPointer(rebasing: held[heldTaken..<heldCount])
        let step = step(&rest)
        heldTaken = heldCount - rest.count
        if case .needsInput = step, heldTaken == heldCount { return next(&input) }
        return step
    }

    /// Nothing more comes: a layer of less than four bytes is handed on as it is.
    mutating func finish() -> UnsafeRawBufferPointer? {
        guard case .undecided = stream, heldCount > 0 else { return nil }
        decide()
        guard case .plain = stream else { return nil }
        return UnsafeRawBufferPointer(rebasing: held[..<heldCount])
    }

    private mutating func step(_ input: inout UnsafeRawBufferPointer) -> Step {
        while true {
            if let failure { return .failed(failure) }
            let step: InflateStep
            switch stream {
            case .gzip(let inflater): step = inflater.inflate(&input, into: output)
            case .zstd(let inflater): step = inflater.inflate(&input, into: output)
            case .plain, .undecided:
                guard !input.isEmpty else { return .needsInput }
                defer { input = UnsafeRawBufferPointer(start: nil, count: 0) }
                return .output(input)
            }
            failure = step.failure
            if step.produced > 0 { return .output(UnsafeRawBufferPointer(rebasing: output[..<step.produced])) }
            if step.isStarved, failure == nil { return .needsInput }
        }
    }

    private mutating func decide() {
        switch Self.sniff(UnsafeRawBufferPointer(rebasing: held[..<heldCount])) {
        case .gzip: stream = .gzip(GzipInflater())
        case .zstd: stream = .zstd(ZstdInflater(windowLog: zstdWindowLog))
        case .none: stream = .plain
        }
    }

    /// What the first bytes say.
    static func sniff(_ first: UnsafeRawBufferPointer) -> LayerCompression {
        guard first.count >= 2 else { return .none }
        if first[0] == 0x1f, first[1] == 0x8b { return .gzip }
        guard first.count >= 4 else { return .none }
        if first[0] == 0x28, first[1] == 0xb5, first[2] == 0x2f, first[3] == 0xfd { return .zstd }
        if first[0] & 0xf0 == 0x50, first[1] == 0x2a, first[2] == 0x4d, first[3] == 0x18 { return .zstd }
        return .none
    }
}
